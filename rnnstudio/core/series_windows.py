"""Windows of several long series: none crosses from one series to another, and none from one split to another."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import prod
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rnnstudio.core.byte_budget import check_padding
from rnnstudio.core.errors import SettingError
from rnnstudio.core.gaps import Gaps
from rnnstudio.core.precision import Floats
from rnnstudio.core.sequence import Ints, SequenceData
from rnnstudio.core.setting_types import Task, TestContext
from rnnstudio.core.window_layout import SET_NAMES, WindowLayout
from rnnstudio.core.windows import share_of

MAX_SAMPLES = 1 << 30  # positions are int32


@dataclass(frozen=True)
class OneSeries:
    """One of several series.

    Attributes:
        name: Its name.
        inputs: `(T, F)`.
        targets: Values `(T, D)` or classes `(T,)`; None where the targets are the inputs.
        times: Stamps in order, `(T,)`; None where unknown.
        gaps: Where values were missing, `(T,)`; None where nothing was.
        plan: What is known ahead after its end, `(P, K)`; None where nothing is.
    """

    name: str
    inputs: Floats
    targets: NDArray[Any] | None = None
    times: NDArray[np.datetime64] | None = None
    gaps: Gaps | None = None
    plan: Floats | None = None


@dataclass(frozen=True)
class Windowing:
    """Where the windows of a series lie, and which part of it is held out.

    Attributes:
        window: Steps in each window.
        stride: Samples from one window to the next.
        frame: Samples in a step.
        target_offset: Samples from the start of a window to its first target.
        target_steps: Number of targets of a window.
        test_fraction: Share for the test set.
        val_fraction: Share for the validation set.
        by_date: Whether all series are split at the same dates; else each by a share of its own samples.
        test_context: Whether windows of validation and test set may begin before their set.
    """

    window: int
    stride: int
    frame: int
    target_offset: int
    target_steps: int
    test_fraction: float
    val_fraction: float
    by_date: bool
    test_context: TestContext = "inside"

    @property
    def total_samples(self) -> int:
        """Samples from the start of a window to the end of its inputs and targets."""
        return max(self.window * self.frame, self.target_offset + self.target_steps)

    def layout(self, task: Task) -> WindowLayout:
        """Return where windows of this task lie."""
        return WindowLayout(
            self.window,
            self.frame,
            self.stride,
            self.target_offset,
            self.target_steps,
            task in ("label", "regress"),
            self.test_context,
        )


def windows_of_series(
    series: Sequence[OneSeries], windowing: Windowing, column: str, **about: Any
) -> tuple[SequenceData, list[OneSeries]]:
    """Return the windows of several series, and the series that are too short for a training window.

    With one cut date for all, a share of the different stamps of all series that hold a window decides the dates at
    which validation and test set begin. No targets of a window reach over these dates, and its inputs only where
    `test_context` is reach_back.

    Args:
        series: The series.
        windowing: Windows and splits.
        column: The column that names the series, for messages.
        **about: Further fields of `SequenceData`.

    Raises:
        SettingError: No series has a training window, or validation or test set have no window.

    >>> series = [OneSeries(name, np.arange(float(length))[:, None]) for name, length in (("A", 6), ("B", 3))]
    >>> data, _ = windows_of_series(series, Windowing(2, 1, 1, 2, 1, 0.0, 0.0, False), "shop", task="forecast")
    >>> data.window_inputs(data.train)[..., 0].tolist()
    [[0.0, 1.0], [1.0, 2.0], [2.0, 3.0], [3.0, 4.0], [0.0, 1.0]]
    """
    fitting = [s for s in series if len(s.inputs) >= windowing.total_samples]
    bounds = _bounds(fitting, windowing)
    trained = [b[0] >= windowing.total_samples for b in bounds]
    kept = [s for s, is_trained in zip(fitting, trained, strict=True) if is_trained]
    bounds = [b for b, is_trained in zip(bounds, trained, strict=True) if is_trained]
    names = {s.name for s in kept}
    left_out = [s for s in series if s.name not in names]
    if not kept:
        raise SettingError(
            f"window must fit into the training set of a series: a window of {windowing.window} steps takes "
            f"{windowing.total_samples} samples with its targets, and none of the {len(series)} series of column "
            f"{column!r} has as many before the held-out sets; the longest has "
            f"{max((len(s.inputs) for s in series), default=0)} in all. Choose a smaller window, horizon, "
            "test_fraction or val_fraction.",
            "window",
        )
    length = max(len(s.inputs) for s in kept)
    if len(kept) * length > MAX_SAMPLES:
        raise SettingError(
            f"series {column} gives {len(kept):,} series of up to {length:,} samples; at most {MAX_SAMPLES:,} samples "
            "fit. Keep the rows of some series.",
            "series",
        )
    layout = windowing.layout(about["task"])
    starts: dict[str, Ints] = {}
    for i, split in enumerate(("train", "val", "test")):
        parts = [layout.starts(split, (0, *b)[i], b[i]) + n * length for n, b in enumerate(bounds)]
        starts[split] = np.concatenate(parts).astype(np.int32)
        share = getattr(windowing, f"{split}_fraction", 0.0)
        if not len(starts[split]) and share:
            needed, is_back = layout.samples_needed(split), layout.reaches_back(split)
            what = "the targets of a window, which take" if is_back else "a window with its targets, which takes"
            raise SettingError(
                f"{split}_fraction {share:g}: the {SET_NAMES[split]} of no series holds {what} {needed} "
                f"{'sample' if needed == 1 else 'samples'}. Choose a larger {split}_fraction or a smaller "
                f"{'horizon' if is_back and needed > 1 else 'window'}.",
                f"{split}_fraction",
            )
    indices = np.arange(sum(map(len, starts.values())), dtype=np.int32)
    train, val, test = np.split(indices, np.cumsum([len(starts["train"]), len(starts["val"])]))
    inputs = _padded([s.inputs for s in kept], length)
    targets = [s.targets for s in kept if s.targets is not None]
    times = [s.times for s in kept if s.times is not None]
    plans = [s.plan if s.plan is not None else np.empty((0, len(about.get("known", ())))) for s in kept]
    planned = max(len(plan) for plan in plans)
    gaps = [np.zeros(len(s.inputs), np.uint8) if s.gaps is None else s.gaps for s in kept]
    data = SequenceData(
        inputs=inputs,
        targets=_padded(targets, length) if targets else inputs,
        starts=np.concatenate(list(starts.values())),
        window=windowing.window,
        train=train,
        val=val,
        test=test,
        test_context=windowing.test_context,
        set_begins=np.array([b[:2] for b in bounds], np.int32),
        target_offset=windowing.target_offset,
        target_steps=windowing.target_steps,
        frame=windowing.frame,
        lengths=np.array([len(s.inputs) for s in kept], np.int32),
        times=_padded(times, length, np.datetime64("NaT")) if times else None,
        series=tuple(s.name for s in kept),
        plan=_padded(plans, planned, np.nan) if planned else None,
        gaps=_padded(gaps, length) if any(s.gaps is not None for s in kept) else None,
        **about,
    )
    return data, left_out


def _bounds(series: Sequence[OneSeries], windowing: Windowing) -> list[tuple[int, int, int]]:
    """Return for each series where training, validation and test set end, in its samples."""
    if windowing.by_date and series:
        stamps = np.unique(np.concatenate([s.times for s in series if s.times is not None]))
        test_begin = len(stamps) - share_of(len(stamps), windowing.test_fraction)
        val_begin = test_begin - share_of(len(stamps), windowing.val_fraction)
        ends = [np.append(stamps, stamps[-1] + np.timedelta64(1, "ns"))[i] for i in (val_begin, test_begin)]
        cuts = [np.searchsorted(s.times, ends) for s in series if s.times is not None]
        return [(int(val), int(test), len(s.inputs)) for (val, test), s in zip(cuts, series, strict=True)]
    bounds = []
    for s in series:
        steps = len(s.inputs)
        test_begin = steps - share_of(steps, windowing.test_fraction)
        bounds.append((test_begin - share_of(steps, windowing.val_fraction), test_begin, steps))
    return bounds


def _padded(arrays: Sequence[NDArray[Any]], length: int, padding: Any = 0) -> NDArray[Any]:
    """Return arrays `(T, ...)` in one array `(N, length, ...)`."""
    first = arrays[0]
    dtype = np.result_type(*{array.dtype for array in arrays})
    check_padding("series", [len(array) for array in arrays], prod(first.shape[1:]) * max(4, dtype.itemsize))
    padded = np.full((len(arrays), length, *first.shape[1:]), padding, dtype)
    for row, array in zip(padded, arrays, strict=True):
        row[: len(array)] = array
    return padded
