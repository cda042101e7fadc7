"""Missing values (NaN) of inputs: the rule for them, and one array filled from its past."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from rnnstudio.core.errors import DataError, SettingError

Missing = Literal["past", "mask", "drop", "error", "interpolate"]  # the last one in runs of earlier versions only
Sequences = NDArray[Any] | list[NDArray[Any]]  # (N, T, F), or N arrays (T, F)
Where = Callable[[int, int], str]  # from row and column to their description, such as "row 7, column 'sales'"

DEFAULT_MAX_GAP = 10
_PIECE = 1 << 20  # steps
INTERPOLATE_REPLACED = (
    "missing interpolate was replaced by past: its lines ran through the whole series before it was split, so that "
    "gaps in the test set were filled towards the values to predict. Set missing to past, mask, drop or error."
)


@dataclass(frozen=True)
class MissingRule:
    """What is done about missing values; the settings `missing` and `max_gap`.

    Attributes:
        how: past (the last value before), mask (the same, with further features), drop or error; in runs of earlier
            versions also interpolate.
        max_gap: The most steps in a row that past and mask fill.
    """

    how: Missing = "past"
    max_gap: int = DEFAULT_MAX_GAP

    @property
    def fills(self) -> bool:
        """Whether inputs are filled from their past."""
        return self.how in ("past", "mask")


@dataclass(frozen=True)
class Filled:
    """Inputs filled from their past.

    Attributes:
        values: `(T, F)` float64; NaN where there is no value before.
        steps_since: Steps since the value was observed, `(T, F)`; 0 where it is observed.
    """

    values: NDArray[np.float64]
    steps_since: NDArray[np.int64]


def fill_past(values: NDArray[Any], start: NDArray[Any] | None = None) -> Filled:
    """Return values with each missing one replaced by the last one before it; later values are never used.

    Args:
        values: `(T, F)`; NaN is missing.
        start: Values before the first row, `(F,)`; None where there are none.

    >>> filled = fill_past(np.array([[1.0], [np.nan], [np.nan], [4.0]]))
    >>> filled.values[:, 0], filled.steps_since[:, 0]
    (array([1., 1., 1., 4.]), array([0, 1, 2, 0]))
    """
    rows = np.array(values, np.float64)
    if start is not None:
        rows = np.concatenate([np.asarray(start, np.float64)[None], rows])
    steps = np.arange(len(rows))[:, None]
    gaps = np.isnan(rows)
    if gaps.any():
        last = np.where(gaps, 0, steps)
        for begin in range(0, len(last), _PIECE):  # NumPy lets other threads run between two pieces only
            piece = last[max(0, begin - 1) : begin + _PIECE]
            np.maximum.accumulate(piece, axis=0, out=piece)
        filled = Filled(np.take_along_axis(rows, last, axis=0), np.asarray(steps - last))
    else:
        filled = Filled(rows, np.zeros(rows.shape, np.int64))
    return filled if start is None else Filled(filled.values[1:], filled.steps_since[1:])


class GapError(SettingError):
    """A gap is longer than `max_gap`.

    Args:
        sentence: What was received.
        advice: What to do in a training.
        longest: Steps of the longest gap, which `max_gap` can be set to.

    Attributes:
        sentence: What was received, for callers who cannot set `max_gap`.
    """

    def __init__(self, sentence: str, advice: str, longest: int) -> None:
        super().__init__(f"{sentence} {advice}", "max_gap", str(longest))
        self.sentence = sentence


def check_gaps(steps_since: NDArray[np.int64], max_gap: int, where: Where, name: str) -> None:
    """Refuse a gap that is too long to be filled.

    Args:
        steps_since: Steps since each value was observed, `(T, F)`.
        max_gap: The most missing steps in a row.
        where: Function from row and column to their description.
        name: What the message calls the data.

    Raises:
        GapError: A gap is longer than `max_gap`.
    """
    too_long = steps_since > max_gap
    if not too_long.any():
        return
    row, column = (int(i) for i in np.argwhere(too_long)[0])
    begin = max(0, row - max_gap)  # the first row over the limit is max_gap rows after the first of its gap
    observed = np.flatnonzero(steps_since[row:, column] == 0)
    end = row + (int(observed[0]) if len(observed) else len(steps_since) - row)
    longest = int(steps_since.max())
    more = "" if end - begin >= longest else f" (the longest gap has {longest:,})"
    raise GapError(
        f"{name} has no values for {end - begin:,} steps in a row, from {where(begin, column)} on{more}; at most "
        f"{max_gap:,} are filled from the past.",
        f"Set max_gap to {longest:,} to fill them, or missing to drop to leave out these steps.",
        longest,
    )


def observed_range(
    gaps: NDArray[np.bool_], target_gaps: NDArray[np.bool_] | None, max_gap: int, where: Where, name: str
) -> tuple[int, int]:
    """Return the rows from the first at which all inputs are known to the last with an input and a target.

    Raises:
        DataError: No row is left.
        GapError: An input begins so late that more than `max_gap` rows with other inputs would be cut.
    """
    any_input = np.flatnonzero(~gaps.all(axis=1))
    firsts = (~gaps).argmax(axis=0)
    begin, end = int(firsts.max()), int(any_input[-1]) + 1
    if begin - int(any_input[0]) > max_gap:
        column, length = int(firsts.argmax()), begin - int(any_input[0])
        raise GapError(
            f"{name} has no values for {length:,} steps from {where(int(any_input[0]), column)} on, "
            f"and nothing before them to fill them with; at most {max_gap:,} such steps are left out.",
            f"Set max_gap to {length:,} to leave them out, or leave this column out of the features.",
            length,
        )
    if target_gaps is not None:
        begin = max(begin, int((~target_gaps).any(axis=1).argmax()))
        end = min(end, int(np.flatnonzero(~target_gaps.all(axis=1))[-1]) + 1)
    if begin >= end:
        raise DataError(f"{name} has no step at which both inputs and a value to predict are known.")
    return begin, end


def mask_columns(filled: Filled, columns: tuple[int, ...]) -> NDArray[np.float64]:
    """Return the two further features of each of `columns`, `(T, 2 * len(columns))`.

    These are whether the value was observed (0 or 1) and the steps since it was: the masking and the time interval of
    GRU-D (Che et al., "Recurrent neural networks for multivariate time series with missing values", Sci. Rep. 8, 2018).
    """
    since = filled.steps_since[:, columns]
    return np.stack([since == 0, since], axis=-1).reshape(len(since), -1).astype(np.float64)


def mask_names(names: tuple[str, ...]) -> tuple[str, ...]:
    """Return the names of the further features of these features.

    >>> mask_names(("sales",))
    ('sales observed', 'sales steps since observed')
    """
    return tuple(added for name in names for added in (f"{name} observed", f"{name} steps since observed"))


def interpolated(values: NDArray[Any]) -> NDArray[Any]:
    """Return `(T, F)` with missing values interpolated linearly; at both ends the nearest value is repeated.

    It reads later values, so only runs of earlier versions use it, which were trained so.
    """
    result = np.array(values, np.float64)
    steps = np.arange(len(result))
    for column in result.T:
        known = ~np.isnan(column)
        column[~known] = np.interp(steps[~known], steps[known], column[known])
    return result


def count_of(number: int, noun: str) -> str:
    """Return a number with its noun.

    >>> count_of(1, "step"), count_of(1200, "step")
    ('1 step', '1,200 steps')
    """
    return f"1 {noun}" if number == 1 else f"{number:,} {noun}s"


def were(number: int) -> str:
    """Return the verb that goes with a number."""
    return "was" if number == 1 else "were"
