"""Tables whose rows are each one quoted cell, as some programs write a table from one column of a workbook."""

from __future__ import annotations

import re
from collections.abc import Sequence

from rnnstudio.core.numerals import NEARLY_A_NUMBER, is_number

_LINE = re.compile(r'"((?:[^"]|"")*)"')
_LINE_OF_BYTES = re.compile(rb'(?m)^"((?:[^"\r\n]|"")*)"(?=\r?$)')
_MIN_LINES = 2


def without_quoted_lines(text: bytes, head: Sequence[str], separators: Sequence[str]) -> bytes:
    r"""Return text without the quotation marks around whole rows; other text as it is.

    Rows are quoted as a whole if every one of the first lines is a single quoted cell with the same number of
    separators, which is no number.

    Args:
        text: The text in UTF-8.
        head: Its first lines.
        separators: What can stand between the cells.

    >>> without_quoted_lines(b'"day,sales"\n"mon,5"\n', ['"day,sales"', '"mon,5"'], [","])
    b'day,sales\nmon,5\n'
    """
    filled = [line.strip() for line in head if line.strip()]
    matches = [_LINE.fullmatch(line) for line in filled]
    if len(filled) < _MIN_LINES or not all(matches):
        return text
    rows = [match[1].replace('""', '"') for match in matches if match]
    if all(is_number(row) or NEARLY_A_NUMBER.fullmatch(row) for row in rows[1:]):
        return text
    counts = [{row.count(sign) for row in rows} for sign in separators]
    if not any(len(count) == 1 and count != {0} for count in counts):
        return text
    return _LINE_OF_BYTES.sub(lambda match: match[1].replace(b'""', b'"'), text)
