"""Plans: which windows are in which batch, in every sampling."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from hypothesis import assume, given
from hypothesis import strategies as st

from rnnstudio.core.experiment import compose
from rnnstudio.core.sequence import SequenceData
from rnnstudio.core.windows import sliding_windows
from rnnstudio.engine.plan import make_plan
from tests.properties import quick


def series_of(count: int) -> SequenceData:
    """Return a series of `count` windows of 3 steps, all in the training set."""
    series = np.zeros((count + 2, 1), np.float32)
    return sliding_windows(series, series, task="regress", window=3, stride=1)


def refreshed(count: int) -> SequenceData:
    """Return a series that is generated anew each epoch."""
    data = series_of(count)
    return replace(data, refresh=lambda epoch: data)


def test_data_generated_anew_each_epoch_never_share_a_block_with_another_epoch() -> None:
    plan = make_plan(compose("arrays", {"task": "regress", "window": 3, "batch_size": 4}), refreshed(10))
    assert plan.updates_per_epoch == 3
    blocks = plan.blocks()
    counts: dict[int, int] = {}
    for _ in range(8):
        block = next(blocks)
        counts[block.epoch] = counts.get(block.epoch, 0) + block.count
    assert all(count == 3 for count in list(counts.values())[:-1])
    assert list(counts) == sorted(counts)


def test_the_setting_updates_replaces_epochs() -> None:
    data = refreshed(10)
    settings = {"task": "regress", "window": 3, "batch_size": 5, "epochs": 7}
    assert make_plan(compose("arrays", settings), data).updates == 14
    assert make_plan(compose("arrays", {**settings, "updates": 3}), data).updates == 3
    assert make_plan(compose("arrays", {**settings, "updates": 99}), data).updates == 99


def test_the_rows_of_a_stateful_series_end_before_the_test_set() -> None:
    series = np.zeros((103, 1), np.float32)
    data = sliding_windows(series, series, task="regress", window=4, stride=2, target_offset=1, test_fraction=0.3)
    settings = {"task": "regress", "window": 4, "stride": 2, "stateful": True, "batch_size": 3}
    block = next(make_plan(compose("arrays", settings), data).blocks())
    starts = block.starts[: block.count]
    assert starts.max() + 1 + 4 <= 103 - 30
    assert len(set(starts.ravel().tolist())) == starts.size
    assert (np.diff(starts, axis=0) == 2).all()
    assert block.resets[0]
    assert not block.resets[1:].any()


def test_random_sampling_draws_from_the_training_set_only() -> None:
    series = np.zeros((50, 1), np.float32)
    data = sliding_windows(series, series, task="regress", window=3, stride=1, test_fraction=0.5)
    settings = {"task": "regress", "window": 3, "sampling": "random", "batch_size": 5}
    block = next(make_plan(compose("arrays", settings), data).blocks())
    assert set(block.windows.ravel().tolist()) == set(data.train.tolist())


@given(st.integers(1, 60), st.integers(1, 20), st.sampled_from(["shuffle", "sequential"]), st.integers(0, 2**31 - 1))
@quick
def test_each_window_is_used_once_per_epoch(count: int, batch: int, sampling: str, seed: int) -> None:
    assume(batch <= count)
    data = series_of(count)
    settings = {"batch_size": batch, "sampling": sampling, "seed": seed, "task": "regress", "window": 3}
    plan = make_plan(compose("arrays", settings), data)
    assert plan.updates_per_epoch == -(-count // batch)
    block = next(plan.blocks())
    stream = block.windows[: block.count].ravel()
    passes = [stream[i : i + count] for i in range(0, len(stream) - count + 1, count)]
    assert passes
    for windows in passes[:20]:
        assert sorted(windows) == list(range(count))
        if sampling == "sequential":
            assert list(windows) == list(range(count))
    np.testing.assert_array_equal(block.starts, data.starts[block.windows])
    np.testing.assert_array_equal(next(plan.blocks()).windows, block.windows)


@given(st.integers(2, 300), st.integers(1, 40), st.integers(0, 5))
@quick
def test_shuffle_once_repeats_one_order_as_the_publication_does(windows: int, batch: int, seed: int) -> None:
    assume(batch <= windows)
    experiment = compose("airline", {"window": 1, "sampling": "shuffle_once", "batch_size": batch, "seed": seed})
    series = np.zeros((windows, 1), np.float32)
    data = sliding_windows(series, series, task="regress", window=1, stride=1)
    batches = []
    for block in make_plan(experiment, data).blocks():
        batches.extend(block.windows[: block.count])
        if len(batches) >= 2 * 300:  # each window occurs again
            break
    order = np.full(windows, -1)  # the shuffled order, as far as the batches reveal it
    for i, which in enumerate(batches):
        begin = i * batch % max(1, windows - batch)
        known = order[begin : begin + batch]
        np.testing.assert_array_equal(np.where(known < 0, which, known), which)
        order[begin : begin + batch] = which
    revealed = order[order >= 0]
    assert len(set(revealed.tolist())) == len(revealed)
    again = next(make_plan(experiment, data).blocks())
    np.testing.assert_array_equal(again.windows[0], batches[0])
