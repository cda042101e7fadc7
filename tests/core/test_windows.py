"""Windows of a series: the targets of each lie in one split, and a forecast never sees its targets."""

from __future__ import annotations

import re
from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from rnnstudio.core.errors import DataError, SettingError
from rnnstudio.core.sequence import SequenceData
from rnnstudio.core.setting_types import TestContext
from rnnstudio.core.windows import forecast_windows, sliding_windows, whole_sequences
from tests.properties import quick, windowed_series


@given(windowed_series())
@quick
def test_each_window_lies_in_one_split_and_splits_follow_each_other_in_time(data: SequenceData) -> None:
    splits = (data.train, data.val, data.test)
    covered = [set(np.flatnonzero(data.covered(split)).tolist()) for split in splits]
    if data.test_context == "reach_back":  # the inputs of later sets may lie in earlier ones
        covered[1:] = [
            set(data.target_positions(split).ravel().tolist()) if len(split) else set() for split in splits[1:]
        ]
    for i, earlier in enumerate(covered):
        for later in covered[i + 1 :]:
            assert not earlier & later
            assert not earlier or not later or max(earlier) < min(later)
    assert len(data.train)
    windows = np.concatenate([data.train, data.val, data.test])
    np.testing.assert_array_equal(windows, np.arange(len(data.starts)))
    # The series counts its own steps, so that each value is its position.
    np.testing.assert_array_equal(data.window_inputs(windows)[:, 0, 0], data.starts)
    for split in filter(len, splits):
        np.testing.assert_array_equal(data.window_targets(split)[..., 0], data.target_positions(split))


@given(windowed_series())
@quick
def test_a_forecast_has_no_target_in_its_window(data: SequenceData) -> None:
    windows = np.arange(len(data.starts), dtype=np.int32)
    if data.task == "forecast":
        last_inputs = data.starts + data.window_samples - 1
        assert (data.target_positions(windows).min(axis=1) > last_inputs).all()


@given(
    st.integers(8, 200),
    st.integers(0, 6),
    st.integers(1, 4),
    st.integers(0, 2),
    st.floats(0, 0.5),
    st.integers(1, 3),
    st.sampled_from(["reach_back", "inside"]),
)
@quick
def test_the_advised_window_is_the_largest_that_fits(
    steps: int, stride: int, horizon: int, skip_last: int, test_fraction: float, frame: int, context: TestContext
) -> None:
    series = np.zeros((steps, 1), np.float32)

    def data_with(window: int, horizon: int = horizon, frame: int = frame) -> SequenceData:
        return forecast_windows(
            series,
            window=window,
            horizon=horizon,
            stride=stride,
            frame=frame,
            test_fraction=test_fraction,
            test_context="inside" if skip_last else context,
            skip_last=skip_last,
        )

    with pytest.raises(SettingError) as caught:
        data_with(steps)
    advised = re.search(r"a window of at most (\d+)", str(caught.value))
    if advised:
        assert len(data_with(int(advised[1])).train)
    with pytest.raises(SettingError):
        data_with(int(advised[1]) + 1 if advised else 1)
    if "Choose a smaller" in str(caught.value):
        assert len(data_with(1, horizon=1, frame=1).train)
    elif not advised:
        assert "Use a longer series." in str(caught.value)
        with pytest.raises(SettingError):
            data_with(1, horizon=1, frame=1)


@pytest.mark.parametrize(
    ("steps", "settings", "advice"),
    [
        (20, {"window": 30, "horizon": 2}, "Choose a window of at most 18."),
        (20, {"window": 30, "horizon": 25}, "Choose a smaller window and horizon."),
        (20, {"window": 1, "horizon": 25}, "Choose a smaller horizon."),
        (20, {"window": 3, "horizon": 5, "frame": 30}, "Choose a smaller window, horizon and frame."),
        (1, {"window": 3, "horizon": 1}, "Use a longer series."),
        (
            40,
            {"window": 8, "horizon": 1, "test_fraction": 0.9},
            "Choose a window of at most 3, or a smaller test_fraction.",
        ),
        (
            40,
            {"window": 8, "horizon": 3, "val_fraction": 0.9},
            "Choose a window of at most 1, or a smaller horizon or val_fraction.",
        ),
        (
            40,
            {"window": 8, "horizon": 1, "test_fraction": 0.1, "test_context": "inside"},
            "Choose a window of at most 3, or a larger test_fraction.",
        ),
        (
            40,
            {"window": 1, "horizon": 1, "test_fraction": 0.03, "test_context": "inside"},
            "Choose a larger test_fraction.",
        ),
        (
            40,
            {"window": 1, "horizon": 2, "test_fraction": 0.03},
            "Choose a smaller horizon, or a larger test_fraction.",
        ),
        (3, {"window": 1, "horizon": 1, "skip_last": 2, "test_context": "inside"}, "Use a longer series."),
    ],
)
def test_advice_for_a_short_series_names_only_settings_that_can_be_changed(
    steps: int, settings: dict[str, Any], advice: str
) -> None:
    with pytest.raises(SettingError) as caught:
        forecast_windows(np.zeros((steps, 1), np.float32), **settings)
    assert str(caught.value).endswith(f" {advice}")


def test_advice_of_sliding_windows_names_no_horizon() -> None:
    series = np.zeros((20, 1), np.float32)
    with pytest.raises(SettingError, match=r"Use a longer series\.$") as caught:
        sliding_windows(series, series, task="regress", window=3, stride=1, target_offset=40)
    assert "horizon" not in str(caught.value)


@pytest.mark.parametrize(
    ("name", "inputs", "targets", "received"),
    [
        ("series", (20,), None, r"shape \(T, F\); received the shape \(20,\). Use series\[:, None\]"),
        ("targets", (20, 1), (20,), r"shape \(T, D\); received the shape \(20,\). Use targets\[:, None\]"),
        ("series", (1, 20, 1), None, r"shape \(T, F\); received the shape \(1, 20, 1\)\.$"),
    ],
)
def test_a_series_that_is_no_matrix_is_refused(
    name: str, inputs: tuple[int, ...], targets: tuple[int, ...] | None, received: str
) -> None:
    series = np.zeros(inputs, np.float32)
    other = None if targets is None else np.zeros(targets, np.float32)
    message = f"^{name} must have a row for each sample and a column for each value, {received}"
    with pytest.raises(DataError, match=message):
        forecast_windows(series, other, window=4, horizon=1)
    with pytest.raises(DataError, match=message.replace("series", "inputs")):
        sliding_windows(series, series if other is None else other, task="regress", window=4, stride=1)


@pytest.mark.parametrize("fraction", [0.1, 0.2, 0.3, 0.7])
def test_rounding_does_not_change_the_sizes_of_splits(fraction: float) -> None:
    series = np.zeros((100, 1), np.float32)
    data = sliding_windows(series, series, task="regress", window=1, stride=1, test_fraction=fraction)
    assert len(data.test) == round(100 * fraction)


def test_a_forecast_of_other_columns_is_not_autoregressive() -> None:
    inputs, targets = np.zeros((20, 2), np.float32), np.arange(20, dtype=np.float32)[:, None]
    data = forecast_windows(inputs, targets, window=4, horizon=3, frame=2, features=("a", "b"))
    assert (data.task, data.autoregressive, data.target_offset, data.target_steps) == ("forecast", False, 8, 3)
    np.testing.assert_array_equal(data.window_targets(data.train)[0, :, 0], [8, 9, 10])


def test_sliding_windows_refuse_task_forecast() -> None:
    """A sine whose data set only changes its task to forecast would put the targets inside the window."""
    wave = np.sin(np.arange(1000) * 2 * np.pi / 25).astype(np.float32)[:, None]
    with pytest.raises(SettingError, match=r"^task must be label or regress .* Use forecast_windows"):
        sliding_windows(wave, wave, task="forecast", window=24, stride=1, target_offset=1)  # type: ignore[arg-type]


def test_no_data_set_can_hold_a_forecast_whose_window_has_seen_its_targets() -> None:
    series = np.zeros((1, 100, 1), np.float32)
    starts = np.arange(10, dtype=np.int32)
    with pytest.raises(DataError, match=r"target_offset must be at least 12 \(window 4 x frame 3\); received 11"):
        SequenceData("forecast", series, series, starts, window=4, train=starts, frame=3, target_offset=11)


@pytest.mark.parametrize(
    ("count", "starts", "offset", "steps"),
    [(1, [0, 97], 0, 4), (1, [-1], 0, 4), (1, [0], 0, 101), (2, [98], 0, 4), (2, [200], 0, 4), (1, [0], -1, 4)],
)
def test_windows_outside_the_sequences_are_refused(count: int, starts: list[int], offset: int, steps: int) -> None:
    values = np.zeros((count, 100, 1), np.float32)
    windows = np.array(starts, np.int32)
    with pytest.raises(DataError, match="must lie in one sequence of 100 samples"):
        SequenceData(
            "regress",
            values,
            values,
            windows,
            window=4,
            train=np.arange(len(windows), dtype=np.int32),
            target_offset=offset,
            target_steps=steps,
        )


def test_targets_that_are_their_own_inputs_are_refused() -> None:
    series = np.zeros((60, 1), np.float32)
    with pytest.raises(DataError, match="must be later than the inputs: target_offset must be at least 1; received 0"):
        sliding_windows(series, series, task="regress", window=10, stride=1, test_fraction=0.2, autoregressive=True)


WINDOWS = np.array([0, 1, 2], np.int32)


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"test": WINDOWS[2:]}, "must not share windows; received test with"),
        ({"val": WINDOWS[:1]}, "must not share windows; received val with"),
        ({"train": WINDOWS[:1], "val": WINDOWS[1:], "test": WINDOWS[1:]}, "must not share windows; received test with"),
        ({"train": np.array([0, 9], np.int32)}, "train must hold indices of the 3 windows, from 0; received 0 to 9"),
        ({"test": np.array([-1], np.int32)}, "test must hold indices of the 3 windows, from 0; received -1 to -1"),
        ({"targets": np.zeros((1, 8, 1), np.float32)}, r"a target for each sample: .* \(1, 40\) .*; received \(1, 8\)"),
        ({"window": 0}, "window must be at least 1; received 0"),
        ({"target_steps": 0}, "target_steps must be at least 1; received 0"),
        ({"frame": 0}, "frame must be at least 1; received 0"),
        ({"lengths": np.array([7], np.int32)}, "must lie before the padding"),
    ],
)
def test_data_that_contradict_themselves_are_refused(fields: dict[str, Any], message: str) -> None:
    series = np.zeros((1, 40, 1), np.float32)
    data = {
        "task": "forecast", "inputs": series, "targets": series, "starts": WINDOWS, "window": 5, "target_offset": 5,
        "train": WINDOWS,
    }  # fmt: skip
    SequenceData(**{**data, "lengths": np.array([8], np.int32)})
    with pytest.raises(DataError, match=message):
        SequenceData(**{**data, **fields})


def test_a_class_for_each_window_is_needed() -> None:
    with pytest.raises(DataError, match="a target for each window"):
        SequenceData(
            "classify", np.zeros((3, 5, 1), np.float32), np.zeros(2, np.int32), WINDOWS * 5, window=5, train=WINDOWS
        )


@pytest.mark.parametrize(
    ("name", "value", "minimum"),
    [("window", 0, 1), ("horizon", 0, 1), ("horizon", -3, 1), ("frame", 0, 1), ("stride", -1, 0), ("skip_last", -5, 0)],
)
def test_counts_that_are_too_small_are_refused(name: str, value: int, minimum: int) -> None:
    series = np.zeros((40, 1), np.float32)
    with pytest.raises(SettingError, match=f"^{name} must be at least {minimum}; received {value}") as caught:
        forecast_windows(series, **{"window": 5, "horizon": 1, "test_fraction": 0.3, name: value})
    assert caught.value.field == name


def test_targets_of_another_length_than_the_inputs_are_refused() -> None:
    series = np.zeros((40, 1), np.float32)
    with pytest.raises(DataError, match="the same number of samples; received 40 and 20"):
        forecast_windows(series, series[:20], window=5, horizon=2)


def test_a_frame_longer_than_the_sequences_is_refused() -> None:
    with pytest.raises(SettingError, match="frame must be at most 6, the samples of a sequence; received 7"):
        whole_sequences(np.zeros((2, 6, 1), np.float32), frame=7)


@given(st.integers(1, 30), st.integers(1, 30))
@quick
def test_splits_without_a_window_name_the_setting_to_change(steps: int, window: int) -> None:
    assume(window > steps)
    series = np.zeros((steps, 1), np.float32)
    with pytest.raises(SettingError) as caught:
        forecast_windows(series, window=window, horizon=1)
    assert caught.value.field == "window"


def test_features_and_target_names_are_as_many_as_the_columns() -> None:
    series = np.zeros((20, 2), np.float32)
    names = ("a", "b")
    forecast_windows(series, window=4, horizon=1, features=names, target_names=names)
    with pytest.raises(DataError, match=r"^features must hold a name for each input column, 2 in all; received 1 \(va"):
        forecast_windows(series, window=4, horizon=1, target_names=names)
    with pytest.raises(DataError, match=r"^target_names must hold a name for each target column, 2 in all; received 3"):
        forecast_windows(series, window=4, horizon=1, features=names, target_names=("a", "b", "c"))
    classes = np.zeros(20, np.int32)
    sliding_windows(series, classes, task="label", window=4, stride=1, features=names, classes=("low", "high"))
