"""Windows of one long series, split by time into training, validation and test set, and of separate sequences."""

from __future__ import annotations

from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from rnnstudio.core.errors import DataError, SettingError
from rnnstudio.core.frames import whole_frames
from rnnstudio.core.precision import Floats
from rnnstudio.core.sequence import SequenceData
from rnnstudio.core.setting_types import TestContext
from rnnstudio.core.window_layout import WindowLayout, size_in_words, too_short
from rnnstudio.core.wording import enumeration


def forecast_windows(
    series: Floats,
    targets: Floats | None = None,
    *,
    window: int,
    horizon: int,
    stride: int = 1,
    frame: int = 1,
    test_fraction: float = 0.0,
    val_fraction: float = 0.0,
    test_context: TestContext = "reach_back",
    skip_last: int = 0,
    autoregressive: bool | None = None,
    **about: Any,
) -> SequenceData:
    """Return windows of one series for task forecast: the targets of a window are the values right after it.

    Args:
        series: Inputs, `(T, F)`.
        targets: Values to predict, `(T, D)`, where they are not the inputs themselves; NaN where one is missing, with
            `missing_targets`.
        window: Steps in each window.
        horizon: Samples to predict after each window.
        stride: Samples from one window to the next, also where `frame` samples form a step; 0 means `window * frame`.
        frame: Consecutive samples that form one step; with 1, a step is a sample.
        test_fraction: Share of the samples, at the end of the series, for the test set.
        val_fraction: Share of the samples, before the test set, for the validation set.
        test_context: Whether windows of validation and test set may begin before their set (reach_back), so that a
            smaller window does not change the samples that are predicted, or lie inside it (inside).
        skip_last: Windows left out at the end of each split, as some publications do; needs test_context inside.
        autoregressive: Whether the targets are later inputs; None where they are if there are no `targets`.
        **about: Further fields of `SequenceData`.

    Raises:
        SettingError: A value is too small, or a split is too short for a window with its targets; the error names the
            setting.
        DataError: Inputs or targets have another shape, or they differ in length.

    >>> data = forecast_windows(np.arange(8, dtype=np.float32)[:, None], window=3, horizon=2)
    >>> data.window_inputs(data.train)[0, :, 0], data.window_targets(data.train)[0, :, 0]
    (array([0., 1., 2.], dtype=float32), array([3., 4.], dtype=float32))
    """
    _check_columns("series", series, "F")
    if targets is not None:
        _check_columns("targets", targets, "D")
    return _windows(
        series,
        series if targets is None else targets,
        task="forecast",
        window=window,
        stride=stride,
        target_offset=window * frame,
        target_steps=horizon,
        frame=frame,
        test_fraction=test_fraction,
        val_fraction=val_fraction,
        test_context=test_context,
        skip_last=skip_last,
        autoregressive=targets is None if autoregressive is None else autoregressive,
        **about,
    )


def sliding_windows(
    inputs: Floats,
    targets: NDArray[Any],
    *,
    task: Literal["label", "regress"],
    window: int,
    stride: int,
    target_offset: int = 0,
    test_fraction: float = 0.0,
    val_fraction: float = 0.0,
    test_context: TestContext = "reach_back",
    skip_last: int = 0,
    **about: Any,
) -> SequenceData:
    """Return windows of one series for task label or regress: a window has a target for each of its steps.

    Args:
        inputs: `(T, F)`.
        targets: Classes `(T,)` or values `(T, D)`; `inputs` itself where the series predicts itself.
        task: label or regress.
        window: Steps in each window.
        stride: Steps, which are samples here, from one window to the next; 0 means `window`.
        target_offset: Samples from an input to its target: 0 for the same sample, 1 for the next one.
        test_fraction: Share of the samples, at the end of the series, for the test set.
        val_fraction: Share of the samples, before the test set, for the validation set.
        test_context: Whether windows of validation and test set may begin before their set (reach_back), so that a
            smaller window does not change the samples that are predicted, or lie inside it (inside).
        skip_last: Windows left out at the end of each split, as some publications do; needs test_context inside.
        **about: Further fields of `SequenceData`.

    Raises:
        SettingError: The task is forecast, a value is too small, or a split is too short for a window; the error names
            the setting.
        DataError: Inputs or targets have another shape, they differ in length, or the series predicts itself with
            `target_offset` 0.

    >>> series = np.arange(8, dtype=np.float32)[:, None]
    >>> data = sliding_windows(series, series, task="regress", window=3, stride=3, target_offset=1)
    >>> data.window_targets(data.train)[..., 0]
    array([[1., 2., 3.],
           [4., 5., 6.]], dtype=float32)
    """
    if task not in ("label", "regress"):
        raise SettingError(
            f"task must be label or regress for sliding_windows; received {task}. Use forecast_windows for "
            "task forecast: it puts the targets after the window.",
            "task",
        )
    _check_columns("inputs", inputs, "F")
    if task == "regress":
        _check_columns("targets", targets, "D")
    return _windows(
        inputs,
        targets,
        task=task,
        window=window,
        stride=stride,
        target_offset=target_offset,
        target_steps=window,
        frame=1,
        test_fraction=test_fraction,
        val_fraction=val_fraction,
        test_context=test_context,
        skip_last=skip_last,
        **about,
    )


def whole_sequences(inputs: Floats, frame: int = 1, lengths: NDArray[np.int32] | None = None) -> dict[str, Any]:
    """Return `starts`, `window` and `frame` of sequences that are one window each, for `SequenceData`.

    Args:
        inputs: `(N, T, F)`.
        frame: Consecutive samples that form one step; samples left over at the end are not read.
        lengths: Samples of each sequence without padding, `(N,)`; None where all have T.

    Raises:
        SettingError: A step is longer than a sequence.

    >>> whole_sequences(np.zeros((2, 10, 1), np.float32), frame=5)
    {'starts': array([ 0, 10], dtype=int32), 'window': 2, 'frame': 5}
    """
    count, steps = inputs.shape[:2]
    shortest = steps if lengths is None else int(lengths.min())
    if frame > shortest:
        which = "a sequence" if lengths is None else "the shortest sequence"
        raise SettingError(f"frame must be at most {shortest}, the samples of {which}; received {frame}.", "frame")
    window = whole_frames(steps, frame)
    return {"starts": np.arange(0, count * steps, steps, dtype=np.int32), "window": window, "frame": frame}


def _windows(
    inputs: Floats,
    targets: NDArray[Any],
    *,
    window: int,
    stride: int,
    target_offset: int,
    target_steps: int,
    frame: int,
    test_fraction: float,
    val_fraction: float,
    test_context: TestContext,
    skip_last: int,
    **about: Any,
) -> SequenceData:
    """Return windows of one series; the targets of each window fall in one split."""
    minimums = {"window": (window, 1), "frame": (frame, 1), "stride": (stride, 0), "skip_last": (skip_last, 0)}
    is_forecast = about.get("task") == "forecast"
    if is_forecast:
        minimums["horizon"] = (target_steps, 1)
    for name, (value, minimum) in minimums.items():
        if value < minimum:
            raise SettingError(f"{name} must be at least {minimum}; received {value}.", name)
    if skip_last and test_context == "reach_back":
        raise SettingError(
            f"skip_last leaves out windows where test_context is inside; received {skip_last} with {test_context}. Set "
            "test_context inside, or skip_last 0.",
            "test_context",
        )
    if len(targets) != len(inputs):
        raise DataError(
            f"inputs and targets must have the same number of samples; received {len(inputs)} and {len(targets)}."
        )
    steps = len(inputs)
    test_begin = steps - share_of(steps, test_fraction)
    val_begin = test_begin - share_of(steps, val_fraction)
    if val_begin < 1:
        raise SettingError(
            f"test_fraction and val_fraction must leave samples for the training set; received {test_fraction:g} "
            f"and {val_fraction:g}.",
            "val_fraction",
        )
    horizon = target_steps if is_forecast else 0
    sizes = {"window": window, "horizon": horizon, "frame": frame}
    # A setting that a data set does not have is 1 or 0 here, and is not named in advice.
    reducible = [name for name, value in sizes.items() if value > 1]
    step = stride or window * frame  # samples from one window to the next
    layout = WindowLayout(window, frame, step, target_offset, target_steps, not is_forecast, test_context)
    total_samples = layout.total_samples
    bounds = {"train": (0, val_begin), "val": (val_begin, test_begin), "test": (test_begin, steps)}
    held = [name for name, (begin, end) in bounds.items() if name == "train" or end > begin]  # sets with samples
    what = size_in_words(window, frame, horizon, total_samples)
    longer = "horizon" if horizon > window * frame else "window"
    shortest = min(bounds[name][1] - bounds[name][0] for name in held if not layout.reaches_back(name))
    room, beyond = shortest - skip_last * stride, total_samples - window * frame
    windows = 1 if stride else 1 + skip_last  # windows side by side, the skipped ones included
    largest = (room - beyond) // (frame * windows)
    if any(layout.reaches_back(name) and bounds[name][1] - bounds[name][0] < max(1, horizon) for name in held):
        largest = 0  # no window fits: the horizon is longer than the set
    if total_samples > steps:
        if largest > 0:
            advice = f"Choose a window of at most {largest}."
        elif room - (1 if is_forecast else beyond) >= windows:
            advice = f"Choose a smaller {enumeration(reducible)}."
        else:
            advice = "Use a longer series."
        raise SettingError(
            f"{longer} must fit into the series: {what}, and the series has {steps}. {advice}",
            longer,
        )
    starts = {name: layout.starts(name, *bounds[name]) for name in bounds}
    for name in held:
        starts[name] = starts[name][: max(0, len(starts[name]) - skip_last)]
        if len(starts[name]):
            continue
        begin, end = bounds[name]
        if layout.reaches_back(name):
            what = f"a horizon of {horizon} takes {horizon} samples"
            raise too_short(longer, name, end - begin, steps, what, ["horizon"], 0)
        if name == "train":
            fractions = {"test_fraction": test_fraction, "val_fraction": val_fraction}
            reducible += [fraction for fraction, share in fractions.items() if share > 0]
        what = size_in_words(window, frame, horizon, total_samples + skip_last * step)
        raise too_short(longer, name, end - begin, steps, what, reducible, largest)
    all_starts = np.concatenate([starts[name] for name in bounds])
    train, val, test = np.split(
        np.arange(len(all_starts), dtype=np.int32), np.cumsum([len(starts["train"]), len(starts["val"])])
    )
    if step == 1:
        # Each training window has its start for index: a very long series needs one array for both.
        train, val, test = all_starts[: len(train)], val.copy(), test.copy()
    return SequenceData(
        inputs=inputs[None],
        targets=targets[None],
        starts=all_starts,
        window=window,
        train=train,
        val=val,
        test=test,
        test_context=test_context,
        set_begins=np.array([[val_begin, test_begin]], np.int32),
        target_offset=target_offset,
        target_steps=target_steps,
        frame=frame,
        **about,
    )


def _check_columns(name: str, values: NDArray[Any], columns: str) -> None:
    """Refuse a series that is not a matrix, such as a vector."""
    if values.ndim != 2:
        advice = f" Use {name}[:, None] for one column." if values.ndim == 1 else ""
        raise DataError(
            f"{name} must have a row for each sample and a column for each value, shape (T, {columns}); received the "
            f"shape {values.shape}.{advice}"
        )


def share_of(steps: int, fraction: float) -> int:
    """Return the whole samples in a share, rounded down; 1e-9 makes up for 0.3 * 10 = 2.9999999999999996."""
    return int(steps * fraction + 1e-9)
