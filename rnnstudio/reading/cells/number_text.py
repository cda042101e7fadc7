"""How the numbers of a column of text are written: decimal mark, thousands mark, currency and percent signs."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from rnnstudio.core.read_options import ReadOptions
from rnnstudio.reading.cells.number_signs import RATIO_SIGNS, SIGNS

_BLANKS = (" ", "\N{NO-BREAK SPACE}", "\N{NARROW NO-BREAK SPACE}", "\N{THIN SPACE}")
_APOSTROPHES = ("'", "\N{RIGHT SINGLE QUOTATION MARK}")
THOUSANDS_MARKS = {"point": (".",), "comma": (",",), "blank": _BLANKS, "apostrophe": _APOSTROPHES}
_MARKS = tuple(mark for marks in THOUSANDS_MARKS.values() for mark in marks)
_SPACE = "[ \N{NO-BREAK SPACE}\N{NARROW NO-BREAK SPACE}]?"
_ANY_SIGN = f"(?:{'|'.join(map(re.escape, SIGNS))})"
_PLUS_MINUS, _EXPONENT = "[-+\N{MINUS SIGN}\N{FULLWIDTH HYPHEN-MINUS}]?", "(?:[eE][-+]?[0-9]+)?"


@dataclass(frozen=True)
class NumberFormat:
    """How the numbers of a column are written.

    Attributes:
        decimal: The decimal mark.
        thousands: The mark between groups of three digits; empty for none.
        sign: The currency or percent sign before or after the numbers; empty for none.
        is_bracketed: Whether negative numbers stand in parentheses, as in accounting.
        has_either_mark: Whether points as well as commas are decimal marks.

    >>> NumberFormat(",", ".").parse(pa.array(["1.026,5", "987"])).to_pylist()
    [1026.5, 987.0]
    """

    decimal: str = "."
    thousands: str = ""
    sign: str = ""
    is_bracketed: bool = False
    has_either_mark: bool = False

    @property
    def example(self) -> str:
        """A number in this format; empty for plain numbers."""
        if not self.thousands and not self.sign and not self.is_bracketed:
            return "" if self.decimal == "." else "1234,5"
        number = f"1{self.thousands}234{self.decimal}5{f' {self.sign}' if self.sign else ''}"
        return f"({number})" if self.is_bracketed else number

    @property
    def pattern(self) -> str:
        """The regular expression of a number."""
        decimal = "[.,]" if self.has_either_mark else _escaped(self.decimal)
        # The first group does not begin with 0, so that 0.125 is never a group.
        groups = f"[1-9][0-9]{{0,2}}(?:{_escaped(self.thousands)}[0-9]{{3}})+|" if self.thousands else ""
        if self.thousands == ",":  # as 1,10,000 in India
            groups += "[1-9][0-9]?(?:,[0-9]{2})+,[0-9]{3}|"
        whole = f"(?:{groups}[0-9]+)"
        number = f"(?:{whole}(?:{decimal}[0-9]*)?|{decimal}[0-9]+){_EXPONENT}"
        sign = _escaped(self.sign)
        before = f"{_PLUS_MINUS}{sign}{_SPACE}|{sign}{_SPACE}{_PLUS_MINUS}"
        signed = f"(?:{before}){number}|{_PLUS_MINUS}{number}(?:{_SPACE}{sign})?" if sign else f"{_PLUS_MINUS}{number}"
        if self.sign in RATIO_SIGNS:
            signed = f"(?:{before}){number}|{_PLUS_MINUS}{number}{_SPACE}{sign}|0+(?:{decimal}0*)?"
        if not self.is_bracketed:
            return f"^(?:{signed})$"
        inner = f"{sign}{_SPACE}{number}|{number}(?:{_SPACE}{sign})?" if sign else number
        return rf"^(?:{signed}|\((?:{inner})\))$"

    def matches(self, cells: Any) -> Any:
        """Return whether each cell is a number in this format."""
        return pc.match_substring_regex(cells, self.pattern)

    def parse(self, cells: Any) -> Any:
        """Return the numbers of cells that match or are null, as float64."""
        if self.sign:
            cells = pc.replace_substring_regex(cells, f"{_SPACE}{_escaped(self.sign)}{_SPACE}", "")
        if self.is_bracketed:
            cells = pc.replace_substring_regex(cells, r"^\((.*)\)$", r"-\1")
        if self.thousands:
            cells = pc.replace_substring(cells, self.thousands, "")
        if self.decimal != "." or self.has_either_mark:
            cells = pc.replace_substring(cells, "," if self.has_either_mark else self.decimal, ".")
        for minus in ("\N{MINUS SIGN}", "\N{FULLWIDTH HYPHEN-MINUS}"):
            cells = pc.replace_substring(cells, minus, "-")
        return pc.cast(cells, pa.float64())


def number_formats(cells: Any) -> list[NumberFormat]:
    """Return the formats in which every cell is a number and which give different numbers; at most two.

    Where there are two, the first reads a mark as a decimal mark, the second as the thousands mark.

    Args:
        cells: Text without missing cells and without blanks at the ends, at least one.

    >>> [form.example or "plain" for form in number_formats(pa.array(["1.026", "987"]))]
    ['plain', '1.234,5']
    >>> number_formats(pa.array(["1.026", "mon"]))
    []
    """
    signs = _signs(cells)
    if len(signs) > 1:
        return []
    found: list[NumberFormat] = []
    for form in _candidates(cells, signs[0] if signs else ""):
        if _all(form.matches(cells)):
            numbers = form.parse(cells)
            if not any(numbers.equals(other.parse(cells)) for other in found):
                found.append(form)
    if len(found) == 1 and _can_have_either_mark(cells, found[0]):
        found.insert(0, replace(found[0], thousands="", has_either_mark=True))
    return found


def _can_have_either_mark(cells: Any, form: NumberFormat) -> bool:
    """Return whether no number has a mark of thousands and decimals, so that both marks can be decimal marks."""
    if form.thousands not in (".", ",") or not _any(pc.match_substring(cells, form.decimal)):
        return False
    either = replace(form, thousands="", has_either_mark=True)
    return _all(either.matches(cells))


def most_frequent_format(
    cells: Any, counts: NDArray[np.int64]
) -> tuple[NumberFormat, NDArray[np.bool_], NDArray[np.bool_]]:
    """Return the format that most cells have, which ones, and which cells are numbers in any format.

    Args:
        cells: Distinct text without missing cells, at least one.
        counts: How often each occurs.

    >>> form, matches, numbers = most_frequent_format(pa.array(["1'026", "5%", "12a"]), np.array([9, 1, 1]))
    >>> form.thousands, matches.tolist(), numbers.tolist()
    ("'", [True, False, False], [True, True, False])
    """
    best, best_matches, most = NumberFormat(), np.zeros(len(cells), bool), -1
    are_numbers = np.zeros(len(cells), bool)
    for sign in ("", *_signs(cells)):
        for form in _candidates(cells, sign):
            matches = np.asarray(pc.fill_null(form.matches(cells), False))
            are_numbers |= matches
            if (count := int(counts[matches].sum())) > most:
                best, best_matches, most = form, matches, count
    return best, best_matches, are_numbers


def _signs(cells: Any) -> list[str]:
    if not _any(pc.match_substring_regex(cells, _ANY_SIGN)):
        return []
    found = []
    for sign in SIGNS:
        if _any(pc.match_substring(cells, sign)):
            found.append(sign)
            cells = pc.replace_substring(cells, sign, "")  # R$ holds $
    return found


def _candidates(cells: Any, sign: str) -> Iterator[NumberFormat]:
    """Yield the formats with the marks that occur in cells, those without thousands marks first."""
    marks = [mark for mark in _MARKS if _any(pc.match_substring(cells, mark))]
    decimals = [mark for mark in (".", ",") if mark in marks]
    is_bracketed = _any(pc.match_substring_regex(cells, r"^\(.*[0-9].*\)$"))
    for thousands in ("", *marks):
        for decimal in [mark for mark in decimals if mark != thousands] or ["," if thousands == "." else "."]:
            yield NumberFormat(decimal, thousands, sign, is_bracketed)


def _escaped(text: str) -> str:
    return text.replace("\\", r"\\").replace(".", r"\.").replace("$", r"\$")


def _any(mask: Any) -> bool:
    return bool(pc.any(mask, min_count=0).as_py())


def _all(mask: Any) -> bool:
    return bool(pc.all(mask, min_count=0).as_py())


def allowed_formats(formats: list[NumberFormat], options: ReadOptions) -> list[NumberFormat]:
    """Return the formats that the caller's decimal and thousands mark allow.

    >>> formats = number_formats(pa.array(["1.026"]))
    >>> [form.thousands for form in allowed_formats(formats, ReadOptions(thousands_mark="none"))]
    ['']
    """
    decimal = {"point": ".", "comma": ","}.get(options.decimal_mark, "")
    thousands = THOUSANDS_MARKS.get(options.thousands_mark, ("",))
    allowed = [form for form in formats if not decimal or form.decimal == decimal]
    if options.thousands_mark != "auto" and len(allowed) > 1:
        allowed = [form for form in allowed if form.thousands in thousands]
    if not allowed and len(formats) == 1 and not formats[0].thousands:
        return formats  # whole numbers, or decimals in one column that the setting does not concern
    return allowed
