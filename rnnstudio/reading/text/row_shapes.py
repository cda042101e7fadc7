"""Rows with fewer cells than the others, and comments between the rows, which no parser of tables takes."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence

from rnnstudio.core.wording import enumeration
from rnnstudio.reading.cells.missing_marks import is_missing_mark
from rnnstudio.reading.text.text_layout import COMMENTS, is_typed

_MAX_SHORT = 0.25  # share of the rows
_SAMPLE = 50  # rows that say which columns hold numbers or dates
_MAX_SHOWN = 5  # numbers of rows in a note


def with_equal_rows(body: bytes, delimiter: str, width: int, first_line: int) -> tuple[bytes, str] | None:
    r"""Return rows with the same number of cells, and what was done; None where they cannot be made equal.

    A comment becomes a blank line. The cells that a row lacks are missing at its end, if its other cells are numbers,
    dates or text as in the other rows. A last row without an end can be cut off within a number, so it stays short.

    Args:
        body: The rows in UTF-8.
        delimiter: What separates the cells.
        width: The usual number of cells.
        first_line: Line of the first row in the file.

    >>> with_equal_rows(b"1,2,3\n4,5\n# rain\n6,7,8\n", ",", 3, 2)[0]
    b'1,2,3\n4,5,\n\n6,7,8\n'
    """
    lines = body.decode("utf-8").split("\n")
    rows = _rows(lines)
    if rows is None:
        return None
    texts = ["\n".join(lines[begin:end]) for begin, end in rows]
    widths = [_count_cells(text, delimiter) for text in texts]
    typed = _typed([text for text, count in zip(texts, widths, strict=True) if count == width], delimiter)
    comments, short = [], []
    for (begin, end), text, count in zip(rows, texts, widths, strict=True):
        if count in (width, 0):
            continue
        if text.startswith(COMMENTS):
            lines[begin] = ""
            comments.append(first_line + begin)
        elif count > width or end == len(lines) or delimiter == "\t" or not _fits(text, delimiter, typed):
            return None
        else:
            lines[end - 1] = lines[end - 1].removesuffix("\r") + delimiter * (width - count)
            short.append(first_line + begin)
    if (not comments and not short) or len(short) > _MAX_SHORT * len(rows):
        return None
    return "\n".join(lines).encode(), _note(comments, short)


def _rows(lines: Sequence[str]) -> list[tuple[int, int]] | None:
    """Return begin and end of each row, whose quoted cells may hold several lines; None where one does not end."""
    found, begin, is_open = [], 0, False
    for i, line in enumerate(lines):
        is_comment = not is_open and line.startswith(COMMENTS)
        is_open ^= line.count('"') % 2 == 1 and not is_comment
        if not is_open:
            found.append((begin, i + 1))
            begin = i + 1
    return None if is_open else found


def _count_cells(text: str, delimiter: str) -> int:
    """Return the number of cells of a row; 0 for a blank one."""
    if not text.strip():
        return 0
    return text.count(delimiter) + 1 if '"' not in text else len(_cells(text, delimiter))


def _cells(row: str, delimiter: str) -> list[str]:
    return [cell.strip() for cell in next(csv.reader(io.StringIO(row, newline=""), delimiter=delimiter))]


def _typed(lines: Sequence[str], delimiter: str) -> list[bool]:
    """Return for each column whether most of its first cells are numbers or dates."""
    rows = [_cells(line, delimiter) for line in lines[:_SAMPLE]]
    return [2 * sum(map(is_typed, column)) > len(column) for column in zip(*rows, strict=True)]


def _fits(line: str, delimiter: str, typed: Sequence[bool]) -> bool:
    """Return whether the cells of a short row are of the same kinds as those of the first columns."""
    pairs = zip(_cells(line, delimiter), typed, strict=False)
    return bool(typed) and all(
        is_missing_mark(cell) or is_typed(cell) == is_of_numbers for cell, is_of_numbers in pairs
    )


def _note(comments: Sequence[int], short: Sequence[int]) -> str:
    sentences = []
    if comments:
        sentences.append(f"Comments between the rows are left out (row {enumeration(comments, most=_MAX_SHOWN)}).")
    if short:
        sentences.append(
            f"Rows with too few cells have missing values at their ends (row {enumeration(short, most=_MAX_SHOWN)})."
        )
    return " ".join(sentences)
