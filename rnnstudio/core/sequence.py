"""Sequences with targets, and the windows of them that a network trains on: what every data set returns."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rnnstudio.core.account import Account
from rnnstudio.core.frames import steps_of
from rnnstudio.core.gaps import Gaps
from rnnstudio.core.precision import Floats
from rnnstudio.core.sequence_checks import check_data
from rnnstudio.core.setting_types import TASKS_PER_SEQUENCE, Task, TestContext

Ints = NDArray[np.int32]
_EMPTY = np.empty(0, np.int32)


@dataclass(frozen=True)
class SequenceData:
    """Sequences with targets, and windows of them, in original units.

    Positions (`starts`, `target_offset`, `target_steps`) count samples. Splits hold indices into `starts`.

    Attributes:
        task: classify, label, forecast, regress or regress_sequence.
        inputs: `(N, T, F)` float32 or float64; one long series has N = 1.
        targets: Classes are int32, values float32 or float64. Tasks classify and regress_sequence have one target per
            window, `(W,)` or `(W, D)`; the other tasks have one per sample, `(N, T)` or `(N, T, D)`.
        starts: Position of the first sample of each window, `(W,)`: sample t of sequence n has position n * T + t.
        window: Steps in each window.
        frame: Consecutive samples that form one step of the network. A window covers `window * frame` samples, and a
            step has `frame * F` values. 1 where a step is a sample. Samples left over at the end of a sequence are not
            read (`core.frames`).
        lengths: Number of samples of each sequence, `(N,)`, where the sequences differ in length. The samples after
            them are padding (zeros), which the network, the loss and the metrics skip. None where all have length T.
        groups: The person or device of each sequence, `(N,)`; a group is in one split only. None where unknown.
        rate: Samples per second; 0 where unknown.
        times: Stamps of the samples, `(N, T)` datetime64[ns], NaT in padding; None where unknown.
        frequency: Time from one sample to the next as pandas' alias, such as "D", "h" or "MS"; empty where unknown.
        notes: Sentences for the user about how the data were read.
        train: Indices of the training windows.
        val: Indices of the validation windows, which early stopping monitors.
        test: Indices of the test windows.
        calibration: Indices of windows between those of validation and test set that calibrate the bands of a forecast
            (`core.calibration_windows`); they train no weights and choose none.
        test_context: Whether windows of validation and test set lie inside their set, or may begin before it
            (reach_back). With reach_back and a target for each step, only the last target of such a window counts.
        set_begins: First sample of the validation and of the test set in each series, `(N, 2)`: that of the set after
            it, or the length, where there is none. None for separate sequences, and where unknown.
        target_offset: Samples from the start of a window to its first target, for targets per sample.
        target_steps: Number of targets of a window, for targets per sample.
        classes: Names of the classes by number; empty for values.
        features: Names of the features.
        feature_units: Unit of each feature; empty where unknown.
        target_names: Names of the target's values.
        unit: Unit of the target, such as "thousand passengers".
        step_name: What one sample is, such as "month".
        period: Samples in a season, for the seasonal baseline; 0 where unknown.
        autoregressive: Whether the targets are later inputs, so that predictions can be fed back as inputs.
        missing_targets: Whether some targets are missing, NaN or -1, which count nowhere; inputs never are.
        gaps: Where values were missing before inputs were filled, `(N, T)`: 0 where none was, else a mark of
            `core.gaps`. None where nothing was missing or it is unknown.
        masked_features: Features with two more at the end of `features`: whether observed, and the steps since.
        known: Features of a forecast whose values are known ahead: the network reads them at the steps to be predicted.
        calendar: Features that are computed from the times.
        plan: Values of `known` after the end of each series, `(N, P, K)`, NaN where there is none; None without them.
        series: Names of the sequences where they are several long series, each with windows of its own; `lengths` are
            those of the series, and no window reaches into the padding. Empty otherwise.
        account: How the file or data frame was read; None where nothing was found out.
        series_columns: The columns of a table whose values name them; empty otherwise.
        columns_as_series: Whether each series is a column of the table, whose units may differ.
        refresh: For data generated anew each epoch: a function from the epoch's number to the data of that epoch.

    Raises:
        DataError: A forecast has a target inside its window or in the padding; autoregressive targets are not later
            than the inputs; a window or target lies outside the sequences, or a target outside its set; a sequence is
            shorter than a frame; a window is in two splits; or the number of names is not the number of columns.

    >>> data = SequenceData(
    ...     task="regress", inputs=np.zeros((1, 10, 1), np.float32), targets=np.zeros((1, 10, 1), np.float32),
    ...     starts=np.array([0, 4], np.int32), window=4, target_steps=4, train=np.array([0, 1], np.int32),
    ... )
    >>> data.window_inputs(data.train).shape
    (2, 4, 1)
    """

    task: Task
    inputs: Floats
    targets: NDArray[Any]
    starts: Ints
    window: int
    train: Ints
    val: Ints = field(default_factory=_EMPTY.copy)
    test: Ints = field(default_factory=_EMPTY.copy)
    calibration: Ints = field(default_factory=_EMPTY.copy)
    test_context: TestContext = "inside"
    set_begins: Ints | None = None
    target_offset: int = 0
    target_steps: int = 1
    frame: int = 1
    lengths: Ints | None = None
    groups: NDArray[Any] | None = None
    rate: float = 0.0
    times: NDArray[np.datetime64] | None = None
    frequency: str = ""
    notes: tuple[str, ...] = ()
    classes: tuple[str, ...] = ()
    features: tuple[str, ...] = ("value",)
    feature_units: tuple[str, ...] = ()
    target_names: tuple[str, ...] = ("value",)
    unit: str = ""
    step_name: str = "step"
    period: int = 0
    autoregressive: bool = False
    missing_targets: bool = False
    gaps: Gaps | None = None
    masked_features: tuple[str, ...] = ()
    known: tuple[str, ...] = ()
    calendar: tuple[str, ...] = ()
    plan: Floats | None = None
    series: tuple[str, ...] = ()
    account: Account | None = None
    series_columns: tuple[str, ...] = ()
    columns_as_series: bool = False
    refresh: Callable[[int], SequenceData] | None = None

    def __post_init__(self) -> None:
        check_data(self)

    @property
    def target_per_sequence(self) -> bool:
        """Whether a window has one target rather than one per sample."""
        return self.task in TASKS_PER_SEQUENCE

    @property
    def predicted_names(self) -> tuple[str, ...]:
        """Names of what is predicted: the series where these are columns, else the targets."""
        return self.series if self.columns_as_series else self.target_names

    @property
    def outputs(self) -> int:
        """Number of values the network returns for a prediction: classes, or target values times horizon."""
        if self.classes:
            return len(self.classes)
        values = int(self.targets.shape[-1])
        return values * self.target_steps if self.task == "forecast" else values

    @property
    def return_sequences(self) -> bool:
        """Whether the network predicts at each step rather than after the last step only."""
        return self.task in ("label", "regress")

    @property
    def window_samples(self) -> int:
        """Samples in the inputs of a window."""
        return self.window * self.frame

    @property
    def total_samples(self) -> int:
        """Samples from the start of a window to the end of its inputs and targets."""
        if self.target_per_sequence:
            return self.window_samples
        return max(self.window_samples, self.target_offset + self.target_steps)

    @property
    def longest_sequence(self) -> int:
        """Samples of the longest sequence, those at its end included that do not fill a frame."""
        return int(self.inputs.shape[1])

    @property
    def width(self) -> int:
        """Values in each step of the network's input."""
        return self.frame * int(self.inputs.shape[-1])

    @property
    def known_columns(self) -> tuple[int, ...]:
        """Index of each feature that is known ahead."""
        return tuple(self.features.index(name) for name in self.known)

    @property
    def sensors(self) -> tuple[int, ...]:
        """Index of the first feature of each three-axis sensor: features whose names differ in a final x, y, z only."""
        names = self.features
        return tuple(
            i
            for i in range(len(names) - 2)
            if [n[-1:] for n in names[i : i + 3]] == ["x", "y", "z"] and len({n[:-1] for n in names[i : i + 3]}) == 1
        )

    @property
    def one_series(self) -> bool:
        """Whether all windows come from one long series."""
        return len(self.inputs) == 1 and not self.series and not self.target_per_sequence

    @property
    def is_windowed(self) -> bool:
        """Whether the windows slide along one or several long series."""
        return self.one_series or bool(self.series)

    @property
    def windows(self) -> dict[str, int]:
        """Number of windows in each split."""
        return {"train": len(self.train), "val": len(self.val), "test": len(self.test)}

    def window_inputs(self, windows: Ints) -> Floats:
        """Return the inputs of these windows as the network reads them, `(len(windows), window, frame * F)`."""
        positions = self.starts[windows][:, None] + np.arange(self.window_samples)
        samples: Floats = flat_steps(self.inputs)[positions]
        return samples.reshape(len(windows), self.window, self.width)

    def window_lengths(self, windows: Ints) -> Ints | None:
        """Return the number of steps before the padding of each of these windows, `(n,)`; None without padding."""
        if self.lengths is None or self.series:
            return None
        samples = self.lengths[self.starts[windows] // self.inputs.shape[1]]
        return np.minimum(steps_of(samples, self.frame), np.int32(self.window))

    def read_samples(self, windows: Ints) -> Ints:
        """Return the number of samples of each of these windows that the network reads, `(n,)`: whole frames only."""
        steps = self.window_lengths(windows)
        return np.full(len(windows), self.window_samples, np.int32) if steps is None else steps * np.int32(self.frame)

    def series_of(self, windows: Ints) -> Ints | None:
        """Return the index of the series that each of these windows lies in, `(n,)`; None without several series."""
        return (self.starts[windows] // self.inputs.shape[1]).astype(np.int32) if self.series else None

    def counted_targets(self, windows: Ints) -> int:
        """Return how many of the last targets of these windows count; `windows` lie in one set, or in all but train.

        Every target counts, but where `test_context` is reach_back and each step has a target: there each sample of
        the validation and test set is predicted by one window, the one that ends with it.
        """
        if self.test_context == "inside" or not self.return_sequences or not len(windows):
            return self.target_steps
        return self.target_steps if int(windows[0]) < len(self.train) else 1  # training windows are the first ones

    def window_targets(self, windows: Ints) -> NDArray[Any]:
        """Return the targets that count of windows of one set: `(n,)`, `(n, D)`, or for each step `(n, steps, ...)`."""
        if self.target_per_sequence:
            return self.targets[windows]
        return flat_steps(self.targets)[self.target_positions(windows)]

    def window_known(self, windows: Ints) -> Floats:
        """Return the values of the features known ahead at the steps that windows predict, `(n, target_steps, K)`."""
        known: Floats = flat_steps(self.inputs)[self.target_positions(windows)][..., list(self.known_columns)]
        return known

    def target_positions(self, windows: Ints) -> NDArray[np.int64]:
        """Return the positions of the targets of windows of one set that count, `(n, counted_targets(windows))`."""
        end = self.target_offset + self.target_steps
        counted = np.arange(end - self.counted_targets(windows), end)
        return (self.starts[windows][:, None] + counted).astype(np.int64)

    def covered(self, windows: Ints) -> NDArray[np.bool_]:
        """Return a mask of the samples in the inputs or targets of these windows, `(N * T,)`."""
        steps = self.inputs.shape[0] * self.inputs.shape[1]
        begins = np.bincount(self.starts[windows], minlength=steps + 1)
        samples = self.read_samples(windows) if self.target_per_sequence else self.total_samples
        ends = np.bincount(self.starts[windows] + samples, minlength=steps + 1)
        begins[: len(ends)] -= ends[: len(begins)]  # ten times as fast as np.add.at
        covered: NDArray[np.bool_] = np.cumsum(begins, out=begins)[:steps] > 0
        return covered if self.lengths is None else covered & self.mask().ravel()

    def mask(self) -> NDArray[np.bool_]:
        """Return a mask of the samples that are not padding, `(N, T)`."""
        count, steps = self.inputs.shape[:2]
        lengths = np.full(count, steps) if self.lengths is None else self.lengths
        return np.asarray(np.arange(steps) < lengths[:, None])

    def with_arrays(self, inputs: Floats, targets: NDArray[Any]) -> SequenceData:
        """Return a copy with other inputs and targets of the same shapes."""
        return replace(self, inputs=inputs, targets=targets)


def flat_steps(values: NDArray[Any]) -> NDArray[Any]:
    """Return values per sample with sequences and samples in one axis: `(N * T,)` or `(N * T, D)`."""
    return values.reshape(-1, *values.shape[2:])
