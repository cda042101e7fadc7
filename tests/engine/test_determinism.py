"""The same seed gives the same bits, however updates are divided into chunks; a diverged run keeps finite weights."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from rnnstudio.core.events import Evaluated, Event, Finished, StepsDone
from rnnstudio.engine import train as engine
from rnnstudio.engine import training_loop
from rnnstudio.engine.chunk import Chunk
from rnnstudio.engine.network import Network
from rnnstudio.engine.pacing import Pacer
from rnnstudio.engine.runtime import tf
from tests.engine.training import initial_weights, losses, prepared, run

RNG = np.random.default_rng(4)
X = RNG.normal(size=(30, 8, 2)).astype(np.float32)
Y = (np.cumsum(X[..., 0], axis=1) > 0).astype(int)


class OneAtATime(Pacer):
    """Runs each update in a chunk of its own."""

    def done(self, updates: int, seconds: float) -> None:
        self.size = 1


class AllAtOnce(Pacer):
    """Runs as many updates in a chunk as a block holds."""

    def done(self, updates: int, seconds: float) -> None:
        self.size = self.max_size


SetPacer = Callable[[type[Pacer]], None]


@pytest.fixture
def set_pacer(monkeypatch: pytest.MonkeyPatch) -> SetPacer:
    return lambda pacer: monkeypatch.setattr(training_loop, "Pacer", pacer)


def bits(result: engine.TrainingResult) -> list[bytes]:
    return [w.tobytes() for w in result.weights.values()]


def noisy(seed: int = 5, **settings: Any) -> Any:
    defaults = {
        "task": "label",
        "cell": "rnn",
        "units": 4,
        "dropout": 0.3,
        "batch_size": 4,
        "sampling": "shuffle",
        "updates": 40,
        "seed": seed,
    }
    return prepared(X, Y, **{**defaults, **settings})


def test_the_same_seed_gives_the_same_bits_with_any_chunk_size(set_pacer: SetPacer) -> None:
    set_pacer(OneAtATime)
    small_chunks, small_events = run(*noisy())
    set_pacer(AllAtOnce)
    large_chunks, large_events = run(*noisy())
    assert sum(isinstance(e, StepsDone) for e in small_events) == 40
    assert sum(isinstance(e, StepsDone) for e in large_events) < 15
    assert losses(small_events).tobytes() == losses(large_events).tobytes()
    assert bits(small_chunks) == bits(large_chunks)


@pytest.mark.usefixtures("uncompiled")
def test_another_seed_gives_other_weights_and_another_order() -> None:
    first, first_events = run(*noisy(seed=2**31 - 1, updates=4))
    second, second_events = run(*noisy(seed=2**31 - 2, updates=4))
    assert bits(first) != bits(second)
    assert not np.array_equal(losses(first_events), losses(second_events))


@pytest.mark.usefixtures("uncompiled")
def test_dropout_uses_one_mask_per_sequence_for_all_steps(monkeypatch: pytest.MonkeyPatch) -> None:
    masks = []
    call = Network.__call__

    def spy(self: Network, x: Any, state: Any, **options: Any) -> Any:
        if dropout := options.get("dropout"):
            ones = tf.ones((x.shape[1], x.shape[0], x.shape[2]))  # time first
            masks.append([tf.transpose(dropout(layer, ones), (1, 0, 2)).numpy() for layer in (0, 1)])
        return call(self, x, state, **options)

    monkeypatch.setattr(Network, "__call__", spy)
    x = RNG.normal(size=(200, 5, 10))
    run(*prepared(x, np.arange(200) % 2, task="classify", cell="rnn", units=2, layers=2, dropout=0.25, updates=3))
    assert len(masks) == 3
    for first, second in masks:
        for mask in (first, second):
            np.testing.assert_array_equal(mask, np.broadcast_to(mask[:, :1], mask.shape))
            np.testing.assert_allclose(np.unique(mask), [0, 1 / 0.75], rtol=1e-6)
            assert np.mean(mask == 0) == pytest.approx(0.25, abs=0.04)
        assert not np.array_equal(first, second)
    assert not np.array_equal(masks[0][0], masks[1][0])


@pytest.mark.usefixtures("uncompiled")
def test_evaluations_use_no_dropout() -> None:
    composed, data = noisy(updates=1, learning_rate=1e-30, test_fraction=0.5, dropout=0.9)
    _, events = run(composed, data)
    test_losses = [e.metrics["test_loss"] for e in events if isinstance(e, Evaluated)]
    assert test_losses[0] == test_losses[-1]


def explosion(pacer: type[Pacer], set_pacer: SetPacer, **settings: Any) -> Any:
    """A training whose loss becomes infinite."""
    set_pacer(pacer)
    x = np.linspace(0, 40, 60, dtype=np.float32)
    defaults = {"cell": "rnn", "units": 4, "window": 4, "optimizer": "sgd", "learning_rate": 1.0}
    return prepared(x, x * 3, **{"task": "regress", "batch_size": 8, "epochs": 100, **defaults, **settings})


@pytest.mark.parametrize("pacer", [OneAtATime, AllAtOnce])
def test_a_diverged_run_keeps_the_last_weights_with_a_finite_loss(set_pacer: SetPacer, pacer: type[Pacer]) -> None:
    trained, events = run(*explosion(pacer, set_pacer))
    finished = events[-1]
    assert isinstance(finished, Finished)
    assert finished.outcome == "diverged"
    emitted = losses(events)
    assert np.isfinite(emitted[:-1]).all()
    assert not np.isfinite(emitted[-1])
    bad = len(emitted) - 1
    assert bad > 1
    assert f"at update {bad:,}; the weights after {bad - 1:,} updates" in finished.error
    assert "learning_rate 1 may be too high (try 0.1)" in finished.error
    again, _ = run(*explosion(AllAtOnce, set_pacer, updates=bad - 1))
    assert bits(trained) == bits(again)


@pytest.mark.usefixtures("uncompiled")
def test_a_loss_that_is_infinite_from_the_start_keeps_the_initial_weights() -> None:
    x = np.full((40, 3, 1), 1e30)
    composed, data = prepared(x, x, task="regress", cell="rnn", units=2, batch_size=4)
    trained, events = run(composed, data)
    assert re.search(r"at update 0; the initial weights were kept", events[-1].error)
    for name, weight in initial_weights(composed, data).items():
        np.testing.assert_array_equal(trained.weights[name], weight.astype(np.float32))


@pytest.mark.usefixtures("uncompiled")
def test_evaluations_of_a_diverged_run_are_in_the_order_of_updates(set_pacer: SetPacer) -> None:
    trained, _ = run(*explosion(OneAtATime, set_pacer, evaluate_every=1, test_fraction=0.2))
    steps = [e["step"] for e in trained.history.evaluations]
    assert steps == sorted(set(steps))
    assert trained.history.outcome == "diverged"
    assert np.isfinite(trained.metrics["train_loss"])


@pytest.mark.usefixtures("uncompiled")
def test_a_diverged_run_that_restores_the_best_weights_ends_with_the_best_evaluation(set_pacer: SetPacer) -> None:
    settings = {"evaluate_every": 1, "test_fraction": 0.2, "restore_best_weights": True}
    trained, events = run(*explosion(OneAtATime, set_pacer, **settings))
    assert "the best weights so far were kept" in events[-1].error
    assert trained.metrics["test_loss"] == pytest.approx(trained.metrics["best_test_loss"])


@pytest.mark.usefixtures("uncompiled")
def test_ctrl_c_leaves_weights_and_history_at_the_same_update() -> None:
    """The weights are those after the updates whose losses were emitted, however far the interrupted chunk was."""
    composed, data = noisy()
    compute = Chunk.run
    calls = []

    def interrupted(self: Any, *args: Any) -> Any:
        result = compute(self, *args)
        calls.append(None)
        if len(calls) == 3:
            raise KeyboardInterrupt
        return result

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Chunk, "run", interrupted)
        trained, events = run(composed, data)
    assert trained.interrupted
    assert events[-1].outcome == "stopped"
    again, _ = run(*noisy(updates=len(losses(events))))
    assert bits(trained) == bits(again)


@pytest.mark.usefixtures("uncompiled")
def test_an_error_of_the_listener_still_ends_with_one_finished() -> None:
    events: list[Event] = []

    def emit(event: Event) -> None:
        events.append(event)
        if isinstance(event, StepsDone):
            raise RuntimeError("the listener broke")

    composed, data = noisy()
    with pytest.raises(RuntimeError, match="the listener broke"):
        engine.train(composed, emit, data=data)
    assert [e.outcome for e in events if isinstance(e, Finished)] == ["failed"]
    assert isinstance(events[-1], Finished)
