"""The predictions a training run shows while it goes on: one frozen class for each kind, with its shapes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from rnnstudio.core.precision import Floats

Ints = NDArray[np.int32]
Positions = NDArray[np.int64]
Times = NDArray[np.datetime64]  # in nanoseconds; NaT where unknown


@dataclass(frozen=True)
class _Arrays:
    """Fields that are arrays, whole numbers or None, written to a file as arrays."""

    kind: ClassVar[str]

    def to_arrays(self) -> dict[str, NDArray[Any]]:
        """Return the fields as arrays by name; those that are None are left out."""
        values = {field.name: getattr(self, field.name) for field in fields(self)}
        return {name: np.asarray(value) for name, value in values.items() if value is not None}


@dataclass(frozen=True)
class LabelPredictions(_Arrays):
    """A class for each step (task label), of some rows of the last training batch.

    Attributes:
        inputs: First feature of each step, scaled, `(rows, steps)`.
        truth: True class of each step, `(rows, steps)`; -1 marks padding, and a missing class.
        predicted: Predicted class of each step, `(rows, steps)`; -1 marks padding.
        times: Stamp of each class, `(rows, steps)`; None where unknown.
    """

    kind: ClassVar[str] = "label"

    inputs: Floats
    truth: Ints
    predicted: Ints
    times: Times | None = None


@dataclass(frozen=True)
class ClassPredictions(_Arrays):
    """One class per sequence (task classify), of the test set, else of the validation set, else of the training set.

    Attributes:
        truth: True class of each sequence, `(n,)`.
        predicted: Predicted class of each sequence, `(n,)`.
        probabilities: Probability of each class, `(n, classes)`.
        shown: Indices into the above of the sequences whose inputs are kept, `(m,)`.
        inputs: Their inputs in original units, `(m, steps, features)`; zeros at the end are padding.
        lengths: Samples of each of them that the network reads, `(m,)`: neither padding nor a part of a frame.
        times: Stamps of their inputs, `(m, steps)`; None where unknown.
    """

    kind: ClassVar[str] = "classify"

    truth: Ints
    predicted: Ints
    probabilities: Floats
    shown: Ints
    inputs: Floats
    lengths: Ints
    times: Times | None = None


@dataclass(frozen=True)
class ValuePredictions(_Arrays):
    """One value per sequence (task regress_sequence), of the test set, else validation, else training set.

    Attributes:
        sequence: Number of each sequence in the data, from 1, `(n,)`.
        truth: First target of each sequence in original units, `(n,)`.
        predicted: Its prediction, `(n,)`.
        baseline: Mean of the training set, which predicts each of them, `(n,)`.
        shown: Indices into the above of the sequences whose inputs are kept, `(m,)`.
        inputs: Their inputs in original units, `(m, steps, features)`; zeros at the end are padding.
        lengths: Samples of each of them that are not padding, `(m,)`.
        times: Stamps of their inputs, `(m, steps)`; None where unknown.
    """

    kind: ClassVar[str] = "regress_sequence"

    sequence: Ints
    truth: Floats
    predicted: Floats
    baseline: Floats
    shown: Ints
    inputs: Floats
    lengths: Ints
    times: Times | None = None


@dataclass(frozen=True)
class SequencePredictions(_Arrays):
    """A value for each step of separate sequences (task regress), in original units; NaN marks padding.

    Attributes:
        inputs: First feature of each step, `(rows, steps)`.
        truth: First target of each step, `(rows, steps)`; NaN also where it is missing.
        predicted: Its prediction, `(rows, steps)`.
        times: Stamp of each target, `(rows, steps)`; None where unknown.
    """

    kind: ClassVar[str] = "sequences"

    inputs: Floats
    truth: Floats
    predicted: Floats
    times: Times | None = None


@dataclass(frozen=True)
class SeriesPredictions(_Arrays):
    """Predictions of one long series (tasks forecast and regress), in original units.

    Positions count the samples of the series from 0.

    Attributes:
        first: Position of the first value of `truth`.
        truth: The series, `(steps,)`; NaN where a value is missing.
        val_begin: First position of the validation set; `test_begin` where there is none.
        test_begin: First position of the test set; the series' length where there is none.
        one_step_at: Positions of the one-step predictions, `(n,)`.
        one_step: One-step predictions, `(n,)`.
        naive: The value before each of them, `(n,)`; None where predictions cannot be fed back.
        free_at: Positions of the free-running forecast, `(k,)`; None likewise.
        free: The free-running forecast, `(k,)`; None likewise.
        multi_step_at: Positions of the first multi-step forecast, `(horizon,)`; None with horizon 1.
        multi_step: The first multi-step forecast, `(horizon,)`; None with horizon 1.
        times: Stamps of `truth`, `(steps,)`; None where unknown.
    """

    kind: ClassVar[str] = "series"

    first: int
    truth: Floats
    val_begin: int
    test_begin: int
    one_step_at: Positions
    one_step: Floats
    naive: Floats | None = None
    free_at: Positions | None = None
    free: Floats | None = None
    multi_step_at: Positions | None = None
    multi_step: Floats | None = None
    times: Times | None = None


@dataclass(frozen=True)
class SeveralSeriesPredictions(_Arrays):
    """Predictions of several series, or of several targets of each (tasks forecast and regress); a row for each sample.

    Each target of each series is a series here; values are in original units.

    Attributes:
        series: Index of the series of each row, `(rows,)`; the rows of a series follow each other in time.
        step: Position in its series, from 0, `(rows,)`.
        truth: The series, `(rows,)`; NaN where a value is missing.
        one_step: One-step predictions, `(rows,)`; NaN where there is none.
        val_begin: First position of the validation set in each series, `(N,)`; `test_begin` where there is none.
        test_begin: First position of the test set in each series, `(N,)`; its length where there is none.
        naive: The value before each prediction, `(rows,)`; None where predictions cannot be fed back.
        times: Stamp of each row; None where unknown.
        free_series: Index of the series of each value of `free`, `(k,)`; None where predictions cannot be fed back.
        free_at: Positions of the free-running forecasts in their series, `(k,)`; None likewise.
        free: The free-running forecasts, one series after the other, `(k,)`; None likewise.
        multi_step: The first multi-step forecast of each series, from its first value of `free` on, `(N, horizon)`;
            None with horizon 1.
    """

    kind: ClassVar[str] = "several"

    series: Ints
    step: Positions
    truth: Floats
    one_step: Floats
    val_begin: Positions
    test_begin: Positions
    naive: Floats | None = None
    times: Times | None = None
    free_series: Ints | None = None
    free_at: Positions | None = None
    free: Floats | None = None
    multi_step: Floats | None = None

    @classmethod
    def of(cls, each: Sequence[SeriesPredictions]) -> SeveralSeriesPredictions:
        """Return the predictions of several series, or of several targets of one, in one.

        Args:
            each: Those of each; what one of them has, all have.
        """
        lengths = [len(one.truth) for one in each]
        at_rows = [one.one_step_at - one.first for one in each]

        def on_rows(values: Sequence[Floats | None]) -> Floats:
            parts = [np.full(length, np.nan) for length in lengths]
            for part, at, predicted in zip(parts, at_rows, values, strict=True):
                part[at] = np.nan if predicted is None else predicted
            return np.concatenate(parts).astype(each[0].one_step.dtype)

        free = [one.free for one in each if one.free is not None]
        multi_step = [one.multi_step for one in each if one.multi_step is not None]
        times = [one.times for one in each if one.times is not None]
        return cls(
            series=np.repeat(np.arange(len(each), dtype=np.int32), lengths),
            step=np.concatenate([one.first + np.arange(n) for one, n in zip(each, lengths, strict=True)]),
            truth=np.concatenate([one.truth for one in each]),
            one_step=on_rows([one.one_step for one in each]),
            val_begin=np.array([one.val_begin for one in each], np.int64),
            test_begin=np.array([one.test_begin for one in each], np.int64),
            naive=None if each[0].naive is None else on_rows([one.naive for one in each]),
            times=np.concatenate(times) if times else None,
            free_series=np.repeat(np.arange(len(free), dtype=np.int32), [len(f) for f in free]) if free else None,
            free_at=np.concatenate([one.free_at for one in each if one.free_at is not None]) if free else None,
            free=np.concatenate(free) if free else None,
            multi_step=np.stack(multi_step) if multi_step else None,
        )

    def one(self, index: int) -> SeriesPredictions:
        """Return the predictions of one of the series."""
        rows = np.flatnonzero(self.series == index)
        predicted = rows[~np.isnan(self.one_step[rows])]
        fed_back: dict[str, Any] = {}
        if self.free_series is not None and self.free_at is not None and self.free is not None:
            own = self.free_series == index
            fed_back = {"free_at": self.free_at[own], "free": self.free[own]}
            if self.multi_step is not None:
                steps = np.arange(self.multi_step.shape[1])
                # without a free run, where nothing is known ahead, all of it is NaN
                begin = fed_back["free_at"][0] if own.any() else self.val_begin[index]
                fed_back |= {"multi_step_at": begin + steps, "multi_step": self.multi_step[index]}
        return SeriesPredictions(
            first=int(self.step[rows[0]]),
            truth=self.truth[rows],
            val_begin=int(self.val_begin[index]),
            test_begin=int(self.test_begin[index]),
            one_step_at=self.step[predicted],
            one_step=self.one_step[predicted],
            naive=None if self.naive is None else self.naive[predicted],
            times=None if self.times is None else self.times[rows],
            **fed_back,
        )


Predictions = (
    LabelPredictions
    | ClassPredictions
    | ValuePredictions
    | SequencePredictions
    | SeriesPredictions
    | SeveralSeriesPredictions
)
_KINDS: dict[str, type[Predictions]] = {
    cls.kind: cls
    for cls in (
        LabelPredictions,
        ClassPredictions,
        ValuePredictions,
        SequencePredictions,
        SeriesPredictions,
        SeveralSeriesPredictions,
    )
}


def predictions_from(kind: str, arrays: Mapping[str, NDArray[Any]]) -> Predictions:
    """Return the predictions that `to_arrays` wrote.

    Raises:
        KeyError: No such kind.
        TypeError: The arrays are not those of this kind.
    """
    cls = _KINDS[kind]
    whole = {field.name for field in fields(cls) if field.type == "int"}
    values: dict[str, Any] = {name: int(value) if name in whole else value for name, value in arrays.items()}
    return cls(**values)
