"""The history is the events, reduced; metrics, pacing and plans are what they say."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from rnnstudio.core import baselines, metrics
from rnnstudio.core.catalog import PublishedSeries, Recipe
from rnnstudio.core.events import Evaluated, Event, Finished, Predicted, Started, StepsDone
from rnnstudio.core.experiment import compose
from rnnstudio.core.history import History
from rnnstudio.core.predictions import LabelPredictions
from rnnstudio.core.published import compare_with_publication
from rnnstudio.core.sequence import DataInfo, SequenceData
from rnnstudio.core.windows import sliding_windows
from rnnstudio.engine.pacing import TARGET_SECONDS, Pacer
from rnnstudio.engine.plan import make_plan

INFO = DataInfo("label", ("x",), ("y",), ("0", "1"), 2, 5, "", "step", False, True, {"train": 9, "val": 0, "test": 2})


def floats(*values: float) -> Any:
    return np.array(values, np.float32)


def events() -> list[Event]:
    return [
        Started(5, 2, 33, "CPU: because", INFO),
        Evaluated(0, {"test_loss": 2.0, "test_accuracy": 0.5}),
        StepsDone(0, floats(3, 2), floats(0.4, 0.5), 0.5),
        Predicted(2, LabelPredictions(floats(0, 1), np.array([[0, 1]]), np.array([[0, 1]]))),
        Evaluated(2, {"test_loss": 1.5, "test_accuracy": 0.6}),
        StepsDone(2, floats(1, float("nan")), floats(0.6, 0.7), 0.25),
        Evaluated(4, {"test_loss": 1.75}),
        Finished("diverged", "It did.", 1.5),
    ]


def history(told: list[Event]) -> History:
    found = History()
    for event in told:
        found.apply(event)
    return found


def same(one: History, other: History) -> None:
    assert one.to_dict() == other.to_dict()
    assert one.evaluations == other.evaluations
    assert one.info == other.info
    a, b = one.to_arrays(), other.to_arrays()
    assert a.keys() == b.keys()
    for name, values in a.items():
        np.testing.assert_array_equal(values, b[name])


def test_replaying_the_events_gives_the_same_history() -> None:
    same(history(events()), history(events()))


def test_what_goes_into_a_file_gives_the_history_back() -> None:
    live = history(events())
    same(History.from_parts(live.to_dict(), live.to_arrays(), INFO), live)


def test_the_history_counts() -> None:
    live = history(events())
    assert (live.step, live.epoch, live.updates_per_second) == (4, 2.0, 4 / 0.75)
    assert (live.outcome, live.error, live.wall_seconds, live.predictions_step) == ("diverged", "It did.", 1.5, 2)
    assert live.best("test_loss") == (2, 1.5)
    assert live.best("val_loss") is None
    empty = History()
    assert (empty.step, empty.epoch, empty.updates_per_second, empty.outcome) == (0, 0.0, 0.0, None)


def test_the_frame_has_a_row_per_update_and_looks_at_their_steps() -> None:
    frame = history(events()).frame()
    assert frame.columns.tolist() == [
        "update",
        "epoch",
        "train_loss",
        "train_accuracy",
        "test_loss",
        "test_accuracy",
    ]
    assert frame["update"].tolist() == [0, 1, 2, 3, 4]
    assert frame["epoch"].tolist() == [0, 0.5, 1, 1.5, 2]
    np.testing.assert_array_equal(frame["train_loss"], [3, 2, 1, np.nan, np.nan])
    np.testing.assert_array_equal(frame["test_loss"], [2, np.nan, 1.5, np.nan, 1.75])
    np.testing.assert_array_equal(frame["test_accuracy"], [0.5, np.nan, 0.6, np.nan, np.nan])


def test_columns_grow_and_cannot_be_written_to() -> None:
    live = history([StepsDone(i, floats(*range(i, i + 100))) for i in range(0, 5000, 100)])
    np.testing.assert_array_equal(live.loss.values, np.arange(5000))
    with pytest.raises(ValueError, match="read-only"):
        live.loss.values[0] = 1


def test_published_numbers_stand_beside_those_of_the_same_update() -> None:
    recipe = Recipe(
        "r",
        "R",
        "w",
        "S.",
        {},
        (PublishedSeries("train_loss", ((0, 0.7), (4, 0.1))), PublishedSeries("test_loss", ((2, 0.2), (3, 0.3)))),
    )
    found = [(c.metric, c.update, c.published, c.run) for c in compare_with_publication(recipe, history(events()))]
    assert found == [
        ("train_loss", 0, 0.7, 3.0),
        ("train_loss", 4, 0.1, None),
        ("test_loss", 2, 0.2, 1.5),
        ("test_loss", 3, 0.3, None),
    ]


def test_metrics_are_those_of_their_formulas() -> None:
    rng = np.random.default_rng(0)
    logits, classes = rng.normal(size=(6, 4, 3)).astype(np.float32) * 50, rng.integers(0, 3, (6, 4))
    exact = logits.astype(np.float64)
    p = np.exp(exact - exact.max(-1, keepdims=True))
    p /= p.sum(-1, keepdims=True)
    expected = -np.mean(np.log(np.take_along_axis(p, classes[..., None], -1)))
    tally = metrics.ClassificationMetrics(3)
    for some in (slice(0, 2), slice(2, None)):
        tally.add(logits[some], classes[some].astype(np.int32))
    told = np.argmax(p, -1)
    assert tally.result()["loss"] == pytest.approx(expected, rel=1e-5)
    assert tally.result()["accuracy"] == np.mean(told == classes)
    f1 = [2 * np.sum((told == c) & (classes == c)) / (np.sum(told == c) + np.sum(classes == c)) for c in range(3)]
    assert tally.result()["macro_f1"] == pytest.approx(np.mean(f1))
    a, b = rng.normal(size=(5, 2)), rng.normal(size=(5, 2))
    errors = metrics.RegressionMetrics()
    errors.add(a[:1], b[:1])
    errors.add(a[1:], b[1:])
    found = errors.result()
    assert found["rmse"] == pytest.approx(np.linalg.norm(a - b) / np.sqrt(10))
    assert found["mae"] == pytest.approx(np.abs(a - b).sum() / 10)
    assert baselines.skill(1.0, 4.0) == 0.75
    assert np.isnan(baselines.skill(1.0, 0.0))
    wild = metrics.ClassificationMetrics(2)
    wild.add(floats(1e4, -1e4)[None], np.array([1], np.int32))
    assert np.isfinite(wild.result()["loss"])


def test_chunks_grow_until_they_take_about_the_target_and_never_beyond_the_most() -> None:
    pacer = Pacer(1000)
    per_update = 0.001
    for _ in range(10):
        pacer.done(pacer.size, pacer.size * per_update)
    assert pacer.size == pytest.approx(TARGET_SECONDS / per_update, rel=0.1)
    for _ in range(10):
        pacer.done(pacer.size, 0.0)
    assert pacer.size == 1000
    for _ in range(10):
        pacer.done(pacer.size, pacer.size * 10.0)
    assert pacer.size == 1


def test_the_first_chunk_compiles_and_says_nothing_about_speed() -> None:
    pacer = Pacer(100)
    pacer.done(1, 60.0)
    assert pacer.size == 4


def with_refresh(count: int) -> SequenceData:
    series = np.zeros((count + 2, 1), np.float32)
    data = sliding_windows(series, series, task="regress", window=3, stride=1)
    return replace(data, refresh=lambda epoch: data)


def test_data_made_anew_each_epoch_never_share_a_block_with_another_epoch() -> None:
    plan = make_plan(compose("arrays", {"task": "regress", "window": 3, "batch_size": 4}), with_refresh(10))
    assert plan.updates_per_epoch == 3
    blocks = plan.blocks()
    counts: dict[int, int] = {}
    for _ in range(8):
        block = next(blocks)
        counts[block.epoch] = counts.get(block.epoch, 0) + block.count
    assert all(count == 3 for count in list(counts.values())[:-1])
    assert list(counts) == sorted(counts)


def test_updates_end_a_run_before_its_epochs_do() -> None:
    data = with_refresh(10)
    settings = {"task": "regress", "window": 3, "batch_size": 5, "epochs": 7}
    assert make_plan(compose("arrays", settings), data).updates == 14
    assert make_plan(compose("arrays", {**settings, "updates": 3}), data).updates == 3
    assert make_plan(compose("arrays", {**settings, "updates": 99}), data).updates == 99


def test_rows_of_a_carried_series_leave_the_test_part_alone() -> None:
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


def test_random_order_draws_from_the_training_part_only() -> None:
    series = np.zeros((50, 1), np.float32)
    data = sliding_windows(series, series, task="regress", window=3, stride=1, test_fraction=0.5)
    settings = {"task": "regress", "window": 3, "sampling": "random", "batch_size": 5}
    block = next(make_plan(compose("arrays", settings), data).blocks())
    assert set(block.which.ravel().tolist()) == set(data.train.tolist())
