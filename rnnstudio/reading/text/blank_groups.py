"""Whether a blank between digits separates two columns or groups of three digits: 60 110 can be one number or two."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise
from typing import Literal

from rnnstudio.core.account import Question
from rnnstudio.reading.cells.missing_marks import is_missing_mark

_GROUPS = re.compile(r"[-+]?\d{1,3}(?: \d{3})+(?:[.,]\d+)?", re.ASCII)
_MIN_ROWS = 50  # of thousands, one in ten has a group that begins with 0
_MIN_COUNTED = 5  # rows whose first cells count, from which on they are a column
Reading = Literal["", "columns", "named", "open"]


def read_groups(lines: Sequence[str]) -> Reading:
    """Return what blanks between digits separate: columns, which a row may name, or open where nothing decides.

    It is empty for other lines. Every line must have as many blanks: small numbers have no thousands marks. No number
    of a column begins with 0, but the groups of larger numbers do.

    >>> read_groups(["hr bp", "60 110", "61 112"]), read_groups(["60 110", "75 112"]), read_groups(["60 110", "112"])
    ('named', 'open', '')
    """
    filled = [line.strip() for line in lines if line.strip()]
    begin = next((i for i, line in enumerate(filled) if _GROUPS.fullmatch(line)), len(filled))
    body = [line for line in filled[begin:] if not is_missing_mark(line)]
    if not body or not all(map(_GROUPS.fullmatch, body)) or len(body) < len(filled) - begin:
        return ""
    rows = [re.split("[ .,]", line) for line in body]
    blanks = body[0].count(" ")
    if any(line.count(" ") != blanks for line in body):
        return ""
    header = filled[begin - 1].lstrip("#%/ ").split() if begin else []
    are_named = len(header) == blanks + 1 and not any(any(map(str.isdigit, word)) for word in header)
    has_zeros = any(group.startswith("0") for row in rows for group in row[1 : blanks + 1])
    if has_zeros or (header and not are_named):
        return "open" if are_named else ""
    first = [int(row[0]) for row in rows]
    steps = {b - a for a, b in pairwise(first)}
    counts = len(rows) >= _MIN_COUNTED and len(steps) == 1 and steps != {0}
    varies = len(rows) >= _MIN_ROWS and len(set(first)) > 1
    if are_named:
        return "named"
    return "columns" if counts or varies else "open"


def groups_question(name: str, lines: Sequence[str]) -> Question | None:
    """Return the question about blanks between digits; None where nothing is open."""
    if read_groups(lines) != "open":
        return None
    example = next(line.strip() for line in lines if _GROUPS.fullmatch(line.strip()))
    return Question(
        "separator",
        {"blank": f"{example.count(' ') + 1} columns", "semicolon": f"one column, {example} is one number"},
        f"The blanks in rows of {name} such as {example!r} can separate columns or thousands.",
    )


def groups_note(lines: Sequence[str]) -> str:
    """Return the sentence about blanks between digits that are read as separators; empty where they are none."""
    if read_groups(lines) != "columns":
        return ""
    example = next(line.strip() for line in lines if _GROUPS.fullmatch(line.strip()))
    return f"The blank in rows such as {example!r} separates columns; set separator to semicolon to read one number."
