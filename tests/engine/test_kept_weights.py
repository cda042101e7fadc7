"""Moments of a training are evenly spaced, of a bounded number and size, and do not depend on chunks or stops."""

from __future__ import annotations

import numpy as np
import pytest

from rnnstudio.engine import kept_weights
from rnnstudio.engine.kept_weights import KeptWeights

WEIGHTS = {"head/kernel": np.zeros(3, np.float32)}


def train(kept: KeptWeights, begin: int, end: int, chunk: int) -> list[int]:
    """The moments after chunks of at most so many updates, each of which ends at the next moment."""
    step = begin
    while True:
        kept.keep(step, WEIGHTS)
        if step >= end:
            return list(kept.weights())
        step += min(chunk, kept.until_next(step), end - step)


@pytest.mark.parametrize("updates", [1, 2, 9, 10, 19, 20, 21, 57, 100, 999, 1000, 12_345])
@pytest.mark.parametrize("every", [1, 7, 100, 469])
def test_moments_are_evenly_spaced_from_the_initial_weights_on(every: int, updates: int) -> None:
    steps = train(KeptWeights(every, updates, size=12), 0, updates, chunk=1000)
    gaps = np.diff([*steps, updates])
    assert steps[0] == 0
    assert len(steps) <= kept_weights.MAX_MOMENTS
    assert len(steps) >= min(10, updates)
    assert max(gaps) <= max(1, updates / 9)
    if updates % every == 0:
        assert len(set(gaps[:-1])) <= 1


def test_moments_are_at_evaluations_where_these_are_many() -> None:
    steps = train(KeptWeights(50, 5000, size=12), 0, 5000, chunk=1000)
    assert all(step % 50 == 0 for step in steps)


@pytest.mark.parametrize("planned", [1000, 100_000, 10_000_000])
def test_a_training_that_is_stopped_at_any_time_has_moments(planned: int) -> None:
    for end in [*range(200, 3000, 37), 20_000, 99_999]:
        steps = train(KeptWeights(planned // 100, planned, size=12), 0, end, chunk=1000)
        assert len(steps) <= 20
        assert max(np.diff([*steps, end])) <= max(1024, end / 3)


@pytest.mark.parametrize("stop", [5, 40, 230, 999])
def test_moments_depend_on_the_number_of_updates_alone(stop: int) -> None:
    whole = train(KeptWeights(10, 1000, size=12), 0, 1000, chunk=1000)
    assert train(KeptWeights(10, 1000, size=12), 0, 1000, chunk=3) == whole
    before = train(KeptWeights(10, 1000, size=12), 0, stop, chunk=7)
    assert train(KeptWeights(10, 1000, size=12, stored=before), stop, 1000, chunk=11) == whole


def test_large_networks_have_fewer_moments(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kept_weights, "MAX_BYTES", 6 * 1000)
    for size, most in ((1000, 6), (2000, 3), (3001, 1), (9000, 0)):
        steps = train(KeptWeights(10, 1000, size), 0, 1000, chunk=1000)
        assert len(steps) * size <= 6000
        assert (len(steps) > 0) == (most > 1)


def test_what_is_stored_elsewhere_is_released() -> None:
    kept = KeptWeights(1, 10, size=12)
    train(kept, 0, 5, chunk=1)
    kept.stored([0, 1, 77])
    assert [step for step, weights in kept.weights().items() if weights is None] == [0, 1]
