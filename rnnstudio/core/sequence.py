"""What every data set produces: sequences, targets and the windows that training, testing and pictures use."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from rnnstudio.core.errors import DataError
from rnnstudio.core.settings import Task

Ints = NDArray[np.int32]
_NONE = np.empty(0, np.int32)


def as_matrix(values: Any, name: str) -> Any:
    """Return a dict of columns as a matrix, everything else as it is.

    Raises:
        DataError: The columns differ in length.
    """
    if not isinstance(values, dict):
        return values
    columns = [np.atleast_1d(np.asarray(column)) for column in values.values()]
    if len({len(column) for column in columns}) != 1:
        lengths = ", ".join(str(len(column)) for column in columns) or "no columns"
        raise DataError(f"the columns of {name} must have the same length; received {lengths}.")
    return np.column_stack(columns)


def as_floats(values: ArrayLike, name: str, *, allow_missing: bool = False) -> NDArray[np.float32]:
    """Return `values` as a read-only float32 array in C order; the caller's array is never written to.

    Args:
        values: Anything array-like, data frames, dicts of columns, Fortran-order and read-only arrays included.
        name: What messages call it.
        allow_missing: Whether NaN, a missing value, is let through; else it is refused.

    Raises:
        DataError: It holds text or dates, or a NaN or infinite value; the message says how many and where the first is.
    """
    try:
        found = np.asarray(as_matrix(values, name))
        if found.ndim == 0 and found.item() is None:
            raise DataError(f"{name} must hold numbers; received None.")
        if found.dtype.kind == "O" and allow_missing:  # as data frames write a missing value among whole numbers
            found = np.array([np.nan if v is None else v for v in found.ravel()], object).reshape(found.shape)
        if found.dtype.kind not in "biufOUS":
            raise TypeError(f"values of type {found.dtype}")
        # What is too large becomes infinite and is refused below; R's missing number is one that signals.
        with np.errstate(over="ignore", invalid="ignore"):
            array = np.array(found, dtype=np.float32, order="C")
    except (TypeError, ValueError) as error:
        if isinstance(error, DataError):
            raise
        raise DataError(f"{name} must hold numbers only; received something else ({error}).") from None
    bad = np.isinf(array) if allow_missing else ~np.isfinite(array)
    if bad.any():
        first = ", ".join(str(int(i)) for i in np.argwhere(bad)[0])
        raise DataError(
            f"{name} must hold finite numbers; received {int(bad.sum())} NaN or infinite value(s), the first "
            f"at index [{first}]. Remove or fill them first."
        )
    array.flags.writeable = False
    return array


@dataclass(frozen=True)
class SequenceData:
    """Sequences with targets, and the windows cut from them.

    Attributes:
        task: classify, label, forecast or regress.
        inputs: `(N, T, F)` float32; one long series has N = 1.
        targets: Classes are int32, values float32. One per window, `(W,)` or `(W, D)`, for classify and for forecast
            with targets of its own; else one per step, `(N, T)` or `(N, T, D)`.
        starts: First step of each window, `(W,)`, counted through all sequences: n * T + t.
        window: Steps in each window.
        frame: Consecutive samples of the series that form one step, side by side as its features: a window covers
            `window * frame` samples, and a step has `frame * F` features. 1 where a step is a sample. Places
            (`starts`, `target_offset`, `target_steps`) are always counted in samples.
        lengths: How many samples of each sequence count, `(N,)`, where they differ; the rest is padding of zeros at the
            end, never seen by the network and never counted in loss or figures. None where all count.
        groups: Who or what each sequence comes from, `(N,)`, such as the number of a person; no group is in two parts.
            None where there are none.
        rate: Samples per second; 0 where unknown.
        notes: What the user should know about how the data were read, one sentence each.
        train: Numbers of the windows to train on.
        val: Numbers of the windows early stopping decides on.
        test: Numbers of the windows the test figures are from.
        target_offset: Steps from a window's start to its first target, for targets per step.
        target_steps: Targets in each window, for targets per step.
        classes: Names of the classes, in order; empty for values.
        features: Names of the features.
        feature_units: Units of the features, in their order; empty where unknown.
        target_names: Names of the target's values.
        unit: Unit of the target, such as "thousand passengers".
        step_name: What one step is, such as "month".
        period: Steps in a season, for the seasonal naive answer; 0 where unknown.
        autoregressive: The targets are the inputs some steps later, so that a prediction can be fed back.
        refresh: For data made anew each epoch: from the epoch's number to that epoch's data.
    """

    task: Task
    inputs: NDArray[np.float32]
    targets: NDArray[Any]
    starts: Ints
    window: int
    train: Ints
    val: Ints = field(default_factory=_NONE.copy)
    test: Ints = field(default_factory=_NONE.copy)
    target_offset: int = 0
    target_steps: int = 1
    frame: int = 1
    lengths: Ints | None = None
    groups: NDArray[Any] | None = None
    rate: float = 0.0
    notes: tuple[str, ...] = ()
    classes: tuple[str, ...] = ()
    features: tuple[str, ...] = ("value",)
    feature_units: tuple[str, ...] = ()
    target_names: tuple[str, ...] = ("value",)
    unit: str = ""
    step_name: str = "step"
    period: int = 0
    autoregressive: bool = False
    refresh: Callable[[int], SequenceData] | None = None

    @property
    def target_per_sequence(self) -> bool:
        """Whether there is one target per window rather than one per step."""
        return self.task == "classify"

    @property
    def outputs(self) -> int:
        """Values the network gives per prediction: classes, or values times horizon."""
        if self.classes:
            return len(self.classes)
        values = int(self.targets.shape[-1])
        return values * self.target_steps if self.task == "forecast" else values

    @property
    def return_sequences(self) -> bool:
        """Whether the network answers at every step, or after the last only."""
        return self.task in ("label", "regress")

    @property
    def span(self) -> int:
        """Samples in each window."""
        return self.window * self.frame

    @property
    def width(self) -> int:
        """Values in each step, as the network reads it."""
        return self.frame * int(self.inputs.shape[-1])

    @property
    def sensors(self) -> tuple[int, ...]:
        """First features of three-axis sensors: those called alike but for an x, y and z at the end."""
        names = self.features
        return tuple(
            i
            for i in range(len(names) - 2)
            if [n[-1:] for n in names[i : i + 3]] == ["x", "y", "z"] and len({n[:-1] for n in names[i : i + 3]}) == 1
        )

    @property
    def one_series(self) -> bool:
        """Whether all windows are cut from one long series."""
        return len(self.inputs) == 1

    def window_inputs(self, windows: Ints) -> NDArray[np.float32]:
        """Return the inputs of these windows as the network reads them, `(len(windows), window, frame * F)`."""
        found: NDArray[np.float32] = flat_steps(self.inputs)[self.starts[windows][:, None] + np.arange(self.span)]
        return found.reshape(len(windows), self.window, self.width)

    def window_lengths(self, windows: Ints) -> Ints | None:
        """Return how many steps of each of these windows count, `(len(windows),)`; None where all do."""
        if self.lengths is None:
            return None
        samples = self.lengths[self.starts[windows] // self.inputs.shape[1]]
        found: Ints = np.clip(-(-samples // self.frame), 1, self.window).astype(np.int32)
        return found

    def window_targets(self, windows: Ints) -> NDArray[Any]:
        """Return the targets of these windows: `(n,)` classes, `(n, steps)` classes or `(n, steps, D)` values."""
        if self.target_per_sequence:
            return self.targets[windows]
        return flat_steps(self.targets)[self.target_positions(windows)]

    def target_positions(self, windows: Ints) -> NDArray[np.int64]:
        """Return where the targets of these windows stand among all steps, `(n, target_steps)`."""
        return (self.starts[windows][:, None] + self.target_offset + np.arange(self.target_steps)).astype(np.int64)

    def covered(self, windows: Ints) -> NDArray[np.bool_]:
        """Return which of all N * T steps lie in the inputs or targets of these windows, `(N * T,)`."""
        length = self.span if self.target_per_sequence else max(self.span, self.target_offset + self.target_steps)
        steps = self.inputs.shape[0] * self.inputs.shape[1]
        marks = np.zeros(steps + length + 1, np.int32)
        np.add.at(marks, self.starts[windows], 1)
        np.add.at(marks, self.starts[windows] + length, -1)
        found: NDArray[np.bool_] = np.cumsum(marks, out=marks)[:steps] > 0
        return found if self.lengths is None else found & self.mask().ravel()

    def mask(self) -> NDArray[np.bool_]:
        """Return which samples count, `(N, T)`; the others are padding."""
        count, steps = self.inputs.shape[:2]
        lengths = np.full(count, steps) if self.lengths is None else self.lengths
        return np.asarray(np.arange(steps) < lengths[:, None])

    def with_arrays(self, inputs: NDArray[np.float32], targets: NDArray[Any]) -> SequenceData:
        """Return a copy that holds other numbers of the same shapes."""
        return replace(self, inputs=inputs, targets=targets)


@dataclass(frozen=True)
class DataInfo:
    """What is worth knowing about a run's data once the numbers are gone; fields as in `SequenceData`."""

    task: Task
    features: tuple[str, ...]
    target_names: tuple[str, ...]
    classes: tuple[str, ...]
    outputs: int
    window: int
    unit: str
    step_name: str
    autoregressive: bool
    one_series: bool
    windows: dict[str, int]
    frame: int = 1
    rate: float = 0.0
    period: int = 0
    feature_units: tuple[str, ...] = ()

    @classmethod
    def of(cls, data: SequenceData) -> DataInfo:
        """Return what is worth knowing about `data`."""
        return cls(
            task=data.task,
            features=data.features,
            target_names=data.target_names,
            classes=data.classes,
            outputs=data.outputs,
            window=data.window,
            unit=data.unit,
            step_name=data.step_name,
            autoregressive=data.autoregressive,
            one_series=data.one_series,
            windows={"train": len(data.train), "val": len(data.val), "test": len(data.test)},
            frame=data.frame,
            rate=data.rate,
            period=data.period,
            feature_units=data.feature_units,
        )

    @classmethod
    def from_dict(cls, plain: dict[str, Any]) -> DataInfo:
        """Return what `dataclasses.asdict` made of one, JSON's lists included."""
        values: dict[str, Any] = {k: tuple(v) if isinstance(v, list) else v for k, v in plain.items()}
        return cls(**values)


def flat_steps(targets: NDArray[Any]) -> NDArray[Any]:
    """Return targets per step with sequences and steps in one axis: `(N * T,)` or `(N * T, D)`."""
    return targets.reshape(-1, *targets.shape[2:])
