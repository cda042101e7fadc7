"""Numbers that stand for missing values in a caller's arrays: the setting `missing_values`, and those asked about."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from rnnstudio.core.errors import SettingError
from rnnstudio.core.names import names_in
from rnnstudio.core.precision import Floats
from rnnstudio.reading.series.sequence_marks import marked_sequences


def array_marks(missing_values: str) -> list[str]:
    """Return the marks of missing values that a caller names for arrays.

    Args:
        missing_values: The setting: numbers separated by commas; none where all numbers are values.

    Raises:
        SettingError: A mark is no number.

    >>> array_marks("-999, 1e20")
    ['-999', '1e20']
    """
    marks = names_in(missing_values)
    for mark in marks:
        if mark != "none" and not _is_number(mark):
            raise SettingError(
                f"missing_values must be numbers such as -999 for arrays, which hold numbers only; received {mark!r}. "
                "Replace it by NaN, or pass a data frame.",
                "missing_values",
            )
    return marks


def marked_series(values: Floats, names: Sequence[str], marks: Sequence[str]) -> tuple[Floats, tuple[str, ...]]:
    """Return a series with NaN for each mark of a missing value, and sentences about numbers that may be further ones.

    Args:
        values: `(T, F)`.
        names: Names of the F columns.
        marks: The marks; "none" where numbers such as -999 are numbers.

    Raises:
        SettingError: A column holds a number such as -999, which can mean a missing value.

    >>> marked_series(np.array([[1.5], [2.5], [-999.0]]), ["value"], ["-999"])[0].tolist()
    [[1.5], [2.5], [nan]]
    """
    marked, notes = marked_sequences([values], names, marks)
    return marked[0], notes


def _is_number(mark: str) -> bool:
    try:
        return bool(np.isfinite(float(mark)))
    except ValueError:
        return False
