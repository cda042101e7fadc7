"""Compiled programs serve later runs of the same shapes."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from rnnstudio.engine import programs
from tests.engine.training import prepared, run

X = np.random.default_rng(8).normal(size=(5, 7, 3)).astype(np.float32)


def small(seed: int, **settings: Any) -> Any:
    defaults = {"task": "classify", "cell": "gru", "units": 3, "batch_size": 5, "updates": 3, "sampling": "shuffle"}
    return prepared(X, [0, 1, 0, 1, 1], **{**defaults, "seed": seed, **settings})


def test_a_run_of_the_same_shapes_uses_the_same_program_and_has_its_own_bits(monkeypatch: pytest.MonkeyPatch) -> None:
    built = []
    build = programs.Chunk.__init__
    monkeypatch.setattr(programs.Chunk, "__init__", lambda self, *args: [built.append(self), build(self, *args)][1])
    first, other, again = (run(*small(seed, clip_norm=0.987))[0] for seed in (1, 2, 1))
    slower, _ = run(*small(1, clip_norm=0.987, learning_rate=1e-9))
    assert len(built) == 1
    for name, weight in first.weights.items():
        assert weight.tobytes() == again.weights[name].tobytes()
        assert not np.array_equal(weight, slower.weights[name]) or not weight.any()
    assert any(not np.array_equal(w, other.weights[name]) for name, w in first.weights.items())


@pytest.mark.usefixtures("uncompiled")
def test_other_settings_have_their_own_programs() -> None:
    run(*small(1, clip_norm=0.876))
    first = programs._pool[-1]
    run(*small(1, clip_norm=0.765))
    assert programs._pool[-1] is not first


@pytest.mark.usefixtures("uncompiled")
def test_the_pool_holds_the_latest_eight_programs() -> None:
    for units in range(1, 11):
        run(*small(1, units=units, updates=1))
    assert len(programs._pool) == 8
    assert programs._pool[-1][1].network.settings.units == 10
