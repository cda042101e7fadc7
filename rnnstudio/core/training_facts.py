"""What the automatic settings are chosen from: facts about the rows or sequences before the test set, and no others."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from rnnstudio.core.calendar_inputs import calendar_names, calendar_values
from rnnstudio.core.linear_trials import Trial, linear_trials
from rnnstudio.core.sequence import SequenceData

_TRIED_ROWS = (6, 12, 24, 48, 96, 336)  # of windows, besides those of the season
_LONGEST_TRIED = 400
LONG_SERIES = 500  # rows, from which on a recurrent network makes use of a longer window than a linear model
_SHORTEST_OF_LONG = 24


@dataclass(frozen=True)
class TrainingFacts:
    """Facts about a training set before a validation set is taken from it.

    Attributes:
        task: The task.
        windowed: Whether windows slide along one or several long series.
        rows: Rows before the test set: of the series with the median number of them, or of the longest sequence.
        total_rows: All rows of that series; of separate sequences as `rows`.
        shortest: Rows before the test set of the shortest series, or of the shortest sequence.
        series: Number of series.
        horizon: Values that are predicted after each window.
        stride: Rows from one window to the next.
        season: Rows in a season; 0 where none is known.
        past_is_input: Whether the inputs hold the past of what is predicted.
        trials: Linear forecasts of the last quarter of the rows, by windows of several lengths; none where the past is
            not an input.
        sequences: Number of separate sequences.
        smallest_class: Sequences of the rarest class; of values, all.
        groups: Persons or devices that the sequences come from; 0 where unknown.
        classes: Number of classes; 0 for values.
        sensors: Number of three-axis sensors.
    """

    task: str
    windowed: bool
    rows: int
    total_rows: int
    shortest: int
    series: int = 1
    horizon: int = 1
    stride: int = 1
    season: int = 0
    past_is_input: bool = False
    trials: tuple[Trial, ...] = ()
    sequences: int = 0
    smallest_class: int = 0
    groups: int = 0
    classes: int = 0
    sensors: int = 0

    @classmethod
    def of(cls, data: SequenceData, stride: int = 1) -> TrainingFacts:
        """Return the facts about a training set.

        Args:
            data: The data without a validation set; of series, with windows of one step.
            stride: Rows from one window to the next.
        """
        return _of_series(data, stride) if data.is_windowed else _of_sequences(data)


def _of_series(data: SequenceData, stride: int) -> TrainingFacts:
    trained = data.covered(data.train).reshape(data.inputs.shape[:2])
    rows = trained.sum(axis=1)
    middle = int(np.argsort(rows, kind="stable")[len(rows) // 2])
    horizon = data.target_steps if data.task == "forecast" else 1
    past_is_input = not data.classes and set(data.target_names) <= set(data.features)
    trials: list[Trial] = []
    if past_is_input and data.task == "forecast":
        columns = range(data.targets.shape[-1])
        values = [own[used][:, column] for own, used in zip(data.targets, trained, strict=True) for column in columns]
        dates = _calendars(data, trained)
        calendars = None if dates is None else [own for own in dates for _ in columns]
        trials = linear_trials(values, horizon, _tried_rows(int(rows.min()), data.period), calendars)
    return TrainingFacts(
        task=data.task,
        windowed=True,
        rows=int(rows[middle]),
        total_rows=int(data.mask()[middle].sum()),
        shortest=int(rows.min()),
        series=len(rows),
        horizon=horizon,
        stride=stride,
        season=data.period,
        past_is_input=past_is_input and data.task in ("forecast", "regress"),
        trials=tuple(trials),
        classes=len(data.classes),
    )


def _calendars(data: SequenceData, trained: NDArray[np.bool_]) -> list[NDArray[np.float64]] | None:
    """Return the calendar inputs of the training rows of each series, `(T, K)`; None without times or cycles."""
    if data.times is None:
        return None
    times = [own[used] for own, used in zip(data.times, trained, strict=True)]
    names = calendar_names(np.concatenate(times))
    return [calendar_values(own, names) for own in times] if names else None


def _tried_rows(rows: int, season: int) -> list[int]:
    """Return the lengths of windows that are tried on a series.

    >>> _tried_rows(100, 7)
    [6, 7, 8, 12, 14, 24]
    """
    shortest, longest = _SHORTEST_OF_LONG if rows >= LONG_SERIES else 2, max(2, min(rows // 4, _LONGEST_TRIED))
    tried = {*_TRIED_ROWS, season, season + season // 4, 2 * season}
    return sorted(length for length in tried if shortest <= length <= longest) or [longest]


def _of_sequences(data: SequenceData) -> TrainingFacts:
    lengths = data.mask().sum(axis=1) if data.lengths is not None else np.full(len(data.inputs), data.inputs.shape[1])
    trained = np.unique(data.starts[data.train] // data.inputs.shape[1])
    smallest = len(trained)
    if data.classes and data.target_per_sequence:
        counts = np.bincount(data.targets[data.train], minlength=len(data.classes))
        smallest = int(counts[counts > 0].min())
    groups = 0 if data.groups is None else len(np.unique(data.groups[trained]))
    return TrainingFacts(
        task=data.task,
        windowed=False,
        rows=int(lengths[trained].max()),
        total_rows=int(lengths[trained].max()),
        shortest=int(lengths[trained].min()),
        sequences=len(trained),
        smallest_class=smallest,
        groups=groups,
        classes=len(data.classes),
        sensors=len(data.sensors),
    )
