"""Numbers with decimal points that leave no doubt, which need no search for how they are written."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from rnnstudio.core.read_options import ReadOptions

_PLAIN = re.compile(r"[-+]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][-+]?[0-9]+)?")
_GROUPED = re.compile(r"[-+]?[1-9][0-9]{0,2}([.][0-9]{3})+")
_FEW = 20  # cells that leave doubts
_SAMPLE = 1_000  # cells at the beginning of a column that decide most columns


def plain_numbers(cells: Any, options: ReadOptions) -> Any:
    """Return the numbers of a column written with decimal points; None if it has another format or could have."""
    if pa.types.is_floating(cells.type):
        return cells
    if options.decimal_mark == "comma" or options.thousands_mark not in ("auto", "none") or options.missing_values:
        return None
    if _as_numbers(pc.utf8_trim_whitespace(cells.slice(0, _SAMPLE))) is None:
        return None
    numbers = _as_numbers(cells)
    if numbers is None:
        cells = pc.utf8_trim_whitespace(cells)
        numbers = _as_numbers(cells)
    if numbers is None:
        return None
    has_point = pc.match_substring(cells.slice(0, _SAMPLE), ".")
    if options.thousands_mark == "none" or not (any_of(has_point) or any_of(pc.match_substring(cells, "."))):
        return numbers
    grouped = f"^{_GROUPED.pattern}$"
    sample = cells.slice(0, _SAMPLE).filter(has_point)
    if any_of(pc.invert(pc.match_substring_regex(sample, grouped))):
        return numbers
    pointed = cells.filter(pc.match_substring(cells, "."))
    return numbers if any_of(pc.invert(pc.match_substring_regex(pointed, grouped))) else None


def _as_numbers(cells: Any) -> Any:
    """Return cells as numbers; None if one of them is none."""
    try:
        return pc.cast(cells, pa.float64())
    except pa.ArrowInvalid:
        return None


def are_plain_numbers(cells: Sequence[str], options: ReadOptions) -> bool:
    """Return whether cells at the beginning of a column leave no doubt that it holds numbers with decimal points.

    >>> are_plain_numbers(["0.5", "1.25"] * 10, ReadOptions()), are_plain_numbers(["1.026"] * 20, ReadOptions())
    (True, False)
    """
    if options.decimal_mark == "comma" or options.thousands_mark not in ("auto", "none") or options.missing_values:
        return False
    known = [cell for cell in cells if cell]
    if len(known) < _FEW or not all(map(_PLAIN.fullmatch, known)):
        return False
    return any("." in cell and not _GROUPED.fullmatch(cell) for cell in known)


def any_of(mask: Any) -> bool:
    """Return whether any value of a mask is true; null is not."""
    return bool(pc.any(mask, min_count=0).as_py())
