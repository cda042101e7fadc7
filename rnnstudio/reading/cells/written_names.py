"""How the cells of a column of numbers are written, for columns whose cells are names: 007 and 7 are two series."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from rnnstudio.core.labels import class_name
from rnnstudio.core.precision import Floats
from rnnstudio.core.read_options import ReadOptions
from rnnstudio.core.wording import enumeration
from rnnstudio.reading.cells.plain_numbers import any_of

if TYPE_CHECKING:
    import pandas as pd

_EXACT = 2.0**53  # the whole numbers up to here are all different as float64
_DECIMALS = r"^([-+]?[0-9]+)\.0*$"  # of whole numbers, as programs write them that know only fractions


@dataclass(frozen=True)
class Names:
    """The cells of a column of numbers as names.

    Attributes:
        texts: The text of each row (pyarrow), null where it is missing.
        example: The first one with a leading zero; empty for none.
        note: What is to be said about names that are one number.
    """

    texts: Any
    example: str = ""
    note: str = ""


def names_of_cells(
    name: str, cells: Any, known: Any, values: Floats, unread: Sequence[int], has_decimals: bool, options: ReadOptions
) -> Names | None:
    """Return the names in a column of numbers, if its cells are names, have leading zeros, or are equal in float64.

    Args:
        name: Name of the column.
        cells: Its text.
        known: The text of those that are no marks of missing values.
        values: Its numbers, NaN for other cells.
        unread: Rows whose cells are neither numbers nor missing.
        has_decimals: Whether numbers have decimals.
        options: Which columns hold names.
    """
    if pa.types.is_floating(cells.type):
        return None
    if len(known) == len(values) and known.null_count < np.isnan(values).sum():
        known = known.filter(pa.array(~np.isnan(values)))
    if any_of(pc.starts_with(known, " ")):
        known = pc.utf8_trim_whitespace(known)
    is_named = name in options.names
    has_zeros = not has_decimals and not unread and has_leading_zeros(known)
    if not (is_named or has_zeros or has_long_numbers(known, values)):
        return None
    texts = _without_missing(written_names(cells), values, unread)
    if not has_zeros:
        return Names(texts, "", "" if is_named else _long_numbers_note(name))
    example = str(known.filter(pc.match_substring_regex(known, "^0[0-9]"))[0].as_py())
    twice = [] if is_named else two_of_one_number(known)
    note = f"Column {name!r} holds {enumeration(twice)}: one number, but two names of series or classes."
    return Names(texts, example, note if twice else "")


def names_of_values(
    name: str, series: pd.Series[Any], values: Floats, unread: Sequence[int], options: ReadOptions
) -> Names | None:
    """Return the names in a column of numbers that have a type, as `names_of_cells` does for text.

    Args:
        name: Name of the column.
        series: Its cells: whole numbers, or numbers and text of a workbook.
        values: Its numbers, NaN for other cells.
        unread: Rows whose cells are neither numbers nor missing.
        options: Which columns hold names.
    """
    known = series.dropna()
    if not len(known) or series.dtype.kind == "f":
        return None
    is_named = name in options.names
    are_whole = series.dtype.kind in "iu" or all(isinstance(cell, int | np.integer) for cell in known)
    if not is_named and not (are_whole and max(int(known.max()), -int(known.min())) >= _EXACT):
        return None
    if not is_named and len(known.unique()) == len(np.unique(values[~np.isnan(values)])):
        return None
    cells = zip(series, series.isna(), strict=True)
    texts = pa.array([None if is_missing else class_name(cell).strip() for cell, is_missing in cells])
    return Names(_without_missing(texts, values, unread), "", "" if is_named else _long_numbers_note(name))


def written_names(cells: Any) -> Any:
    """Return the cells of a column of text as names: as they are written, but whole numbers without the decimals .0.

    >>> written_names(pa.array([" 007", "7", "1E3", "12.0"])).to_pylist()
    ['007', '7', '1E3', '12']
    """
    return pc.replace_substring_regex(pc.utf8_trim_whitespace(cells), _DECIMALS, r"\1")


def has_leading_zeros(cells: Any) -> bool:
    """Return whether a column of text holds only digits, some of them with a zero in front.

    >>> has_leading_zeros(pa.array(["007", "12"])), has_leading_zeros(pa.array(["0", "0.5", "12"]))
    (True, False)
    """
    zeros = cells.filter(pc.starts_with(cells, "0"))
    return any_of(pc.match_substring_regex(zeros, "^0[0-9]")) and _are_digits(cells)


def has_long_numbers(cells: Any, values: Floats) -> bool:
    """Return whether a column of text holds only digits, some of which are equal in float64.

    >>> ids = ["9007199254740993", "9007199254740992"]
    >>> has_long_numbers(pa.array(ids), np.array(ids, float)), has_long_numbers(pa.array(["1e20"]), np.array([1e20]))
    (True, False)
    """
    finite = values[np.isfinite(values)]
    if not len(finite) or finite.max() < _EXACT or not _are_digits(cells):
        return False
    return len(pc.unique(cells)) > len(np.unique(finite))


def two_of_one_number(cells: Any) -> list[str]:
    """Return the first two texts of one number; none where each number is written in one way.

    >>> two_of_one_number(pa.array(["8", "007", "7"])), two_of_one_number(pa.array(["8", "007"]))
    (['007', '7'], [])
    """
    texts: dict[float, str] = {}
    for text in pc.unique(cells).to_pylist():
        if text is not None and texts.setdefault(float(text), text) != text:
            return [texts[float(text)], str(text)]
    return []


def _without_missing(names: Any, values: Floats, unread: Sequence[int]) -> Any:
    """Return names with null for missing cells, which are neither numbers nor text in their place."""
    is_missing = np.isnan(values)
    is_missing[list(unread)] = False
    return pc.if_else(pa.array(is_missing), None, names)


def _long_numbers_note(name: str) -> str:
    return (
        f"Column {name!r} holds whole numbers that differ in digits beyond the 15th: as numbers they are equal, "
        "as names of series or classes they are not."
    )


def _are_digits(cells: Any) -> bool:
    return bool(pc.all(pc.match_substring_regex(cells, "^[0-9]+$"), min_count=0).as_py())
