"""Numbers that are spelled in another way than with a minus in front and digits of ASCII: the same in the usual way."""

from __future__ import annotations

import unicodedata
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from rnnstudio.reading.cells.plain_numbers import any_of

_TRAILING_MINUS = (
    r"^((?:[0-9][0-9.,' \x{2019}\x{a0}\x{2009}\x{202f}]*)?[.,][0-9]+) ?[-\x{2212}]$"  # unlike the grade 2-
)
_MARKS = {"\u066b": ".", "\u066c": ",", "\uff0e": ".", "\uff0c": ","}  # of Arabic and of full width


def usual_spelling(cells: Any) -> tuple[Any, str]:
    """Return texts in which numbers are spelled in the usual way, and what a trailing minus means, where there is one.

    Digits of other scripts, exponents of Fortran, an apostrophe in front, dashes as minus or for no cents, a blank
    behind a minus, and a minus behind decimals are replaced; other texts stay.

    Args:
        cells: Distinct text without missing cells (pyarrow).

    >>> texts = pa.array(["\N{FULLWIDTH DIGIT FIVE}", "'100.3", "508.-", "1.410,00-", "\N{EN DASH}7", "2-"])
    >>> usual_spelling(texts)[0].to_pylist()
    ['5', '100.3', '508.00', '-1.410,00', '-7', '2-']
    """
    if any_of(pc.match_substring_regex(cells, r"[^\x00-\x7f\P{Nd}]")):
        cells = pa.array([_with_plain_digits(text) for text in cells.to_pylist()], pa.string())
    cells = pc.replace_substring_regex(cells, r"^([-+]?[0-9]*[.][0-9]+)[dD]([-+]?[0-9]{2,3})$", r"\1E\2")  # Fortran
    cells = pc.replace_substring_regex(cells, r"^'([-+]?[0-9.,]+)$", r"\1")
    cells = pc.replace_substring_regex(cells, r"^([-\x{2212}]) ([0-9])", r"\1\2")
    cells = pc.replace_substring_regex(cells, r"^\x{2013}( ?[0-9])", r"-\1")
    cells = pc.replace_substring_regex(cells, r"([0-9][.,])(?:--?|[\x{2013}\x{2014}])([^0-9]*)$", r"\100\2")
    if not any_of(pc.match_substring_regex(cells, _TRAILING_MINUS)):
        return cells, ""
    return pc.replace_substring_regex(cells, _TRAILING_MINUS, r"-\1"), "a minus behind them"


def _with_plain_digits(text: str) -> str:
    return "".join(str(unicodedata.digit(c)) if c.isdecimal() else _MARKS.get(c, c) for c in text)
