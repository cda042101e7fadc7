"""Windows of validation and test set may read rows before their set, and predict the same rows whatever the window."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from rnnstudio.core.errors import DataError, SettingError
from rnnstudio.core.known_targets import with_targets
from rnnstudio.core.sequence import SequenceData
from rnnstudio.core.series_windows import OneSeries, Windowing, windows_of_series
from rnnstudio.core.several_series import each_series
from rnnstudio.core.windows import forecast_windows, share_of, sliding_windows
from tests.properties import quick

SPLITS = ("train", "val", "test")


def rows_of(data: SequenceData, split: str) -> list[list[int]]:
    """Return the rows that each window of a set predicts."""
    rows: list[list[int]] = data.target_positions(getattr(data, split)).tolist()
    return rows


def one(steps: int, task: str, window: int, **settings: Any) -> SequenceData:
    """Return a series that counts its steps, for a task; targets are NaN where `missing` says so."""
    series = np.arange(steps, dtype=np.float64)[:, None]
    targets, missing = series.copy(), settings.pop("missing", ())
    targets[list(missing)] = np.nan
    about = {"missing_targets": bool(missing), "window": window, "test_context": "reach_back"}
    if task == "forecast":
        horizon, frame = settings.pop("horizon"), settings.pop("frame")
        return forecast_windows(series, targets, horizon=horizon, frame=frame, **about, **settings)
    del settings["horizon"], settings["frame"]
    offset = settings.pop("target_offset")
    return sliding_windows(series, targets, task="regress", target_offset=offset, **about, **settings)


@st.composite
def settings_of(draw: st.DrawFn) -> dict[str, Any]:
    """Return settings of windows but the window."""
    return {
        "steps": draw(st.integers(10, 150)),
        "task": draw(st.sampled_from(["forecast", "regress"])),
        "horizon": draw(st.integers(1, 6)),
        "frame": draw(st.integers(1, 3)),
        "stride": draw(st.integers(0, 8)),
        "target_offset": draw(st.integers(0, 2)),
        "test_fraction": draw(st.floats(0, 0.6)),
        "val_fraction": draw(st.floats(0, 0.4)),
        "missing": tuple(draw(st.sets(st.integers(0, 9), max_size=5))),
    }


def made(window: int, settings: dict[str, Any]) -> SequenceData:
    settings = dict(settings)
    if settings["task"] == "forecast":
        settings.pop("target_offset")
    try:
        return one(settings.pop("steps"), settings.pop("task"), window, **settings)
    except SettingError:  # the series is too short
        assume(False)
        raise


@given(settings_of(), st.integers(1, 12), st.integers(1, 12))
@quick
def test_every_window_has_the_same_rows_to_predict(settings: dict[str, Any], window: int, other: int) -> None:
    settings["stride"] = max(1, settings["stride"])  # 0 moves by the window
    first, second = made(window, settings), made(other, settings)
    for split in ("val", "test"):
        assert rows_of(first, split) == rows_of(second, split)


@given(settings_of(), st.integers(1, 12))
@quick
def test_targets_lie_in_their_set_and_inputs_before_their_targets(settings: dict[str, Any], window: int) -> None:
    data, steps = made(window, settings), settings["steps"]
    test_begin = steps - share_of(steps, settings["test_fraction"])
    val_begin = test_begin - share_of(steps, settings["val_fraction"])
    sets = {"train": (0, val_begin), "val": (val_begin, test_begin), "test": (test_begin, steps)}
    for split, (begin, end) in sets.items():
        windows = getattr(data, split)
        if not len(windows):
            assert split != "train"
            assert begin == end
            continue
        rows = np.array(rows_of(data, split))
        assert rows.min() >= begin
        assert rows.max() < end
        inputs = data.window_inputs(windows).reshape(len(windows), -1)  # values are positions
        if split == "train":
            assert inputs.max() < val_begin
        elif data.task == "forecast":
            np.testing.assert_array_equal(inputs.max(axis=1) + 1, rows[:, 0])
            stride = settings["stride"] or data.window_samples
            np.testing.assert_array_equal(rows[:, 0], np.arange(begin, end - data.target_steps + 1, stride))
        else:
            np.testing.assert_array_equal(rows[:, 0], np.arange(begin, end))  # each row once
            np.testing.assert_array_equal(inputs.max(axis=1) + data.target_offset, rows[:, 0])


@given(settings_of(), st.integers(1, 6), st.data())
@quick
def test_windows_without_a_known_row_do_not_count(settings: dict[str, Any], window: int, draw: st.DataObject) -> None:
    steps = settings["steps"]
    settings["missing"] = tuple(draw.draw(st.sets(st.integers(0, steps - 1), max_size=steps // 2)))
    data = made(window, settings)
    for split in ("val", "test"):
        known = [rows for rows in rows_of(data, split) if set(rows) - set(settings["missing"])]
        assert rows_of_windows(data, with_targets(data, getattr(data, split))) == known


def rows_of_windows(data: SequenceData, windows: Any) -> list[list[int]]:
    return data.target_positions(windows).tolist() if len(windows) else []


@given(
    st.lists(st.integers(5, 60), min_size=1, max_size=4),
    st.tuples(st.integers(1, 8), st.integers(1, 8)),
    st.sampled_from(["forecast", "regress"]),
    st.integers(1, 4),
    st.integers(1, 4),
    st.floats(0, 0.5),
    st.floats(0, 0.3),
    st.booleans(),
)
@quick
def test_series_of_unequal_length_have_the_same_rows_to_predict_whatever_the_window(
    lengths: list[int],
    windows: tuple[int, int],
    task: str,
    horizon: int,
    stride: int,
    test_fraction: float,
    val_fraction: float,
    by_date: bool,
) -> None:
    day = np.datetime64("2024-01-01", "ns")
    series = [
        OneSeries(f"s{n}", np.arange(length, dtype=float)[:, None], times=day + np.arange(length).astype("m8[D]"))
        for n, length in enumerate(lengths)
    ]
    kept: list[dict[str, dict[str, list[list[int]]]]] = []
    for window in windows:
        offset, count = (window, horizon) if task == "forecast" else (1, window)
        windowing = Windowing(window, stride, 1, offset, count, test_fraction, val_fraction, by_date, "reach_back")
        try:
            data, _ = windows_of_series(series, windowing, "s", task=task, autoregressive=True)
        except SettingError:
            assume(False)
            raise
        rows = {}
        for name, (alone, _) in zip(data.series, each_series(data), strict=True):
            assert alone.set_begins is not None
            val_begin, test_begin = alone.set_begins[0].tolist()
            bounds = {"train": (0, val_begin), "val": (val_begin, test_begin), "test": (test_begin, int(name[1:]))}
            assert alone.window_inputs(alone.train).max() < val_begin
            rows[name] = {split: rows_of_windows(alone, getattr(alone, split)) for split in SPLITS}
            for split in SPLITS:
                flat = np.array(rows[name][split]).ravel()
                end = alone.inputs.shape[1] if split == "test" else bounds[split][1]
                assert ((flat >= bounds[split][0]) & (flat < end)).all()
        kept.append(rows)
    for name in kept[0].keys() & kept[1].keys():  # one that is too short for a training window is left out
        if not by_date or kept[0].keys() == kept[1].keys():  # the dates of the series that hold a window decide
            assert [kept[0][name][s] for s in ("val", "test")] == [kept[1][name][s] for s in ("val", "test")]


def test_a_test_set_shorter_than_the_window_is_predicted() -> None:
    data = forecast_windows(np.arange(40.0)[:, None], window=20, horizon=2, test_fraction=0.1)
    assert rows_of(data, "test") == [[36, 37], [37, 38], [38, 39]]
    with pytest.raises(SettingError, match="test_fraction: the test set has 4 of the 40 samples, and a window of 20"):
        forecast_windows(np.arange(40.0)[:, None], window=20, horizon=2, test_fraction=0.1, test_context="inside")


def test_a_test_set_shorter_than_the_horizon_is_refused() -> None:
    with pytest.raises(SettingError) as caught:
        forecast_windows(np.arange(40.0)[:, None], window=20, horizon=5, test_fraction=0.1)
    assert str(caught.value) == (
        "test_fraction: the test set has 4 of the 40 samples, and a horizon of 5 takes 5 samples. Choose a smaller "
        "horizon, or a larger test_fraction."
    )
    assert caught.value.field == "test_fraction"


def test_windows_are_left_out_only_inside_their_set() -> None:
    with pytest.raises(SettingError, match="skip_last leaves out windows where test_context is inside") as caught:
        forecast_windows(np.arange(40.0)[:, None], window=5, horizon=1, test_fraction=0.2, skip_last=1)
    assert caught.value.field == "test_context"


@pytest.mark.parametrize(
    ("starts", "splits"),
    [
        ([0, 5], {"train": [0, 1], "test": []}),  # a training target in the test set
        ([0, 3], {"train": [0], "test": [1]}),  # a test target in the training set
        ([0, 7], {"train": [0], "val": [1]}),  # a validation target in the test set
    ],
)
def test_targets_in_another_set_are_refused(starts: list[int], splits: dict[str, list[int]]) -> None:
    values = np.zeros((1, 12, 1))
    indices = {name: np.array(split, np.int32) for name, split in splits.items()}
    begins = np.array([[6, 9] if "val" in splits else [8, 8]], np.int32)
    with pytest.raises(DataError, match="Targets must lie in the set of their window"):
        SequenceData(
            task="forecast", inputs=values, targets=values, starts=np.array(starts, np.int32), window=3,
            target_offset=3, test_context="reach_back", set_begins=begins, **indices,
        )  # fmt: skip


def test_reach_back_needs_to_know_where_the_sets_begin() -> None:
    values = np.zeros((1, 12, 1))
    with pytest.raises(DataError, match="test_context reach_back needs set_begins"):
        SequenceData(
            task="forecast", inputs=values, targets=values, starts=np.array([0], np.int32), window=3,
            target_offset=3, test_context="reach_back", train=np.array([0], np.int32),
        )  # fmt: skip
