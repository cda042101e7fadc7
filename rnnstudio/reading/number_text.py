"""How the numbers of a column of text are written: decimal mark, thousands mark, currency and percent signs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

_BLANKS = (" ", "\N{NO-BREAK SPACE}", "\N{NARROW NO-BREAK SPACE}", "\N{THIN SPACE}")
_APOSTROPHES = ("'", "\N{RIGHT SINGLE QUOTATION MARK}")
THOUSANDS_MARKS = {"point": (".",), "comma": (",",), "blank": _BLANKS, "apostrophe": _APOSTROPHES}
_MARKS = tuple(mark for marks in THOUSANDS_MARKS.values() for mark in marks)
_SIGNS = ("%", "$", "€", "£", "¥", "₹", "USD", "EUR", "GBP", "CHF", "JPY", "kr", "zł", "°C", "°F")
_SPACE = "[ \N{NO-BREAK SPACE}\N{NARROW NO-BREAK SPACE}]?"
_ANY_SIGN = "(?:" + "|".join(sign.replace("$", r"\$") for sign in _SIGNS) + ")"
_PLUS_MINUS, _EXPONENT = "[-+\N{MINUS SIGN}]?", "(?:[eE][-+]?[0-9]+)?"


@dataclass(frozen=True)
class NumberFormat:
    """How the numbers of a column are written.

    Attributes:
        decimal: The decimal mark.
        thousands: The mark between groups of three digits; empty for none.
        sign: The currency or percent sign before or after the numbers; empty for none.

    >>> NumberFormat(",", ".").parse(pa.array(["1.026,5", "987"])).to_pylist()
    [1026.5, 987.0]
    """

    decimal: str = "."
    thousands: str = ""
    sign: str = ""

    @property
    def example(self) -> str:
        """A number in this format; empty for plain numbers."""
        if not self.thousands and not self.sign:
            return "" if self.decimal == "." else "1234,5"
        number = f"1{self.thousands}234{self.decimal}5"
        return f"{number} {self.sign}" if self.sign else number

    @property
    def pattern(self) -> str:
        """The regular expression of a number."""
        decimal = _escaped(self.decimal)
        # The first group does not begin with 0, so that 0.125 is never a group.
        groups = f"[1-9][0-9]{{0,2}}(?:{_escaped(self.thousands)}[0-9]{{3}})+|" if self.thousands else ""
        whole = f"(?:{groups}[0-9]+)"
        number = f"(?:{whole}(?:{decimal}[0-9]*)?|{decimal}[0-9]+){_EXPONENT}"
        if not self.sign:
            return f"^{_PLUS_MINUS}{number}$"
        sign = _escaped(self.sign)
        before = f"{_PLUS_MINUS}{sign}{_SPACE}|{sign}{_SPACE}{_PLUS_MINUS}"
        return f"^(?:(?:{before}){number}|{_PLUS_MINUS}{number}(?:{_SPACE}{sign})?)$"

    def matches(self, cells: Any) -> Any:
        """Return whether each cell is a number in this format."""
        return pc.match_substring_regex(cells, self.pattern)

    def parse(self, cells: Any) -> Any:
        """Return the numbers of cells that match or are null, as float64."""
        if self.sign:
            cells = pc.replace_substring_regex(cells, f"{_SPACE}{_escaped(self.sign)}{_SPACE}", "")
        if self.thousands:
            cells = pc.replace_substring(cells, self.thousands, "")
        if self.decimal != ".":
            cells = pc.replace_substring(cells, self.decimal, ".")
        return pc.cast(pc.replace_substring(cells, "\N{MINUS SIGN}", "-"), pa.float64())


def number_formats(cells: Any) -> list[NumberFormat]:
    """Return the formats in which every cell is a number and which give different numbers; at most two.

    Where there are two, the first reads a mark as the decimal mark, the second as the thousands mark.

    Args:
        cells: Text without missing cells and without blanks at the ends, at least one.

    >>> [form.example or "plain" for form in number_formats(pa.array(["1.026", "987"]))]
    ['plain', '1.234,5']
    >>> number_formats(pa.array(["1.026", "mon"]))
    []
    """
    marks = [mark for mark in _MARKS if _any(pc.match_substring(cells, mark))]
    decimals = [mark for mark in (".", ",") if mark in marks]
    sign = ""
    if _any(pc.match_substring_regex(cells, _ANY_SIGN)):
        present = [sign for sign in _SIGNS if _any(pc.match_substring(cells, sign))]
        if len(present) != 1:
            return []
        sign = present[0]
    found: list[NumberFormat] = []
    for thousands in ("", *marks):
        for decimal in [mark for mark in decimals if mark != thousands] or ["," if thousands == "." else "."]:
            form = NumberFormat(decimal, thousands, sign)
            if _all(form.matches(cells)):
                numbers = form.parse(cells)
                if not any(numbers.equals(other.parse(cells)) for other in found):
                    found.append(form)
    return found


def _escaped(text: str) -> str:
    return text.replace(".", r"\.").replace("$", r"\$")


def _any(mask: Any) -> bool:
    return bool(pc.any(mask, min_count=0).as_py())


def _all(mask: Any) -> bool:
    return bool(pc.all(mask, min_count=0).as_py())
