"""Rows of totals among the rows of a table: the years of a pivot table, and the thirteenth period of a year."""

from __future__ import annotations

import re
from collections.abc import Mapping

from rnnstudio.core.account import Question
from rnnstudio.reading.cells.column import Column
from rnnstudio.reading.times.month_names import MONTH_NUMBERS

_MAX_DISTINCT = 200  # years and months
_YEAR = re.compile(r"(?:1[6-9]|2[0-2])\d\d")
_MONTH_CODE = re.compile(r"M(?:0[1-9]|1[0-3])")


def totals_question(columns: Mapping[str, Column]) -> Question | None:
    """Return the question about the first column whose cells name totals between the steps; None where there is none.

    Args:
        columns: The columns of a table.
    """
    import pandas as pd

    for name, column in columns.items():
        if column.account.kind != "text" or not 0 < column.account.distinct <= _MAX_DISTINCT:
            continue
        cells = {str(cell).strip() for cell in pd.unique(column.values) if cell is not None}
        years = {cell for cell in cells if _YEAR.fullmatch(cell)}
        if years and years != cells and all(cell.lower().rstrip(".") in MONTH_NUMBERS for cell in cells - years):
            return _question(
                f"Column {name!r} holds years between the names of months, as in a pivot table, whose rows of years "
                "are totals; leave these out of the file, and write each month with its year."
            )
        if "M13" in cells and len(cells) > 1 and all(map(_MONTH_CODE.fullmatch, cells)):
            return _question(
                f"Column {name!r} holds M13 beside the months M01 to M12, which is the mean or the total of a year; "
                "leave its rows out of the file."
            )
    return None


def _question(sentence: str) -> Question:
    return Question("time", {"none": "each row is a step"}, sentence)
