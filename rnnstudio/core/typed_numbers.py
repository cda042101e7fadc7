"""Numbers that people type: point or comma as the decimal mark, and no thousands marks."""

from __future__ import annotations

import re

_PLAIN = re.compile(r"[-+]?(?:\d+[.,]?\d*|[.,]\d+)(?:[eE][-+]?\d+)?")
_WHOLE = re.compile(r"([-+]?\d+)(?:[.,]0*)?")
_GROUPED = re.compile(r"[-+]?[1-9]\d{0,2}(?:[.,' \u2019\u00a0\u202f]\d{3})+(?:[.,]\d*)?")
_ONE_GROUP = re.compile(r"([-+]?[1-9]\d{0,2})(?:,(\d{3})|\.(\d\d0))")  # no program writes a last 0 after a point
_EXAMPLES = {True: "1000", False: "1234.5"}


class TypedNumberError(ValueError):
    """A text may be a number with thousands marks; the message says what to type instead."""


def typed_number(text: str, *, whole: bool) -> int | float | str:
    """Return the number in a text; a text that is no number is returned unchanged.

    Args:
        text: What was typed. Point and comma are decimal marks.
        whole: Whether a whole number is expected.

    Raises:
        TypedNumberError: The text has thousands marks, or may have: 1,234 and 1.000, but not 1.234, which is how the
            program itself writes a decimal fraction.

    >>> typed_number("0,5", whole=False), typed_number(" 64 ", whole=True), typed_number("many", whole=True)
    (0.5, 64, 'many')
    """
    stripped = text.strip()
    if _GROUPED.fullmatch(stripped) and (whole or not _PLAIN.fullmatch(stripped)):
        raise TypedNumberError(f"Write it without thousands marks, such as {_EXAMPLES[whole]}.")
    if match := _ONE_GROUP.fullmatch(stripped):
        digits = match[2] or match[3]
        raise TypedNumberError(f"Write {f'{match[1]}.{digits}'.rstrip('0').rstrip('.')} or {match[1]}{digits}.")
    if match := _WHOLE.fullmatch(stripped):
        return int(match[1]) if whole or match[1] == stripped else float(match[1])
    return float(stripped.replace(",", ".")) if _PLAIN.fullmatch(stripped) else text
