"""How the columns of a training were written, which answers what new data leave open."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from rnnstudio.core.input_columns import similar_column
from rnnstudio.core.time_account import first_date_part

_EXAMPLE = re.compile(r"1\D?234(\D)5")  # how an account shows numbers: with the marks of the column
_ROWS = "rows of sequences"  # the format whose columns are the steps of one feature


@dataclass(frozen=True)
class TrainedColumn:
    """How a column of the training was written.

    Attributes:
        date_order: Of dates in numbers: day_first or month_first; empty for others.
        decimal_mark: "." or ","; empty where the column showed none.
    """

    date_order: str = ""
    decimal_mark: str = ""


def date_order(written: str) -> str:
    """Return whether day or month comes first in dates that are written so; empty where a year or a name decides.

    >>> date_order("day.month.year, clock"), date_order("year-month-day"), date_order("month by name, day, year")
    ('day_first', '', '')
    """
    first = "" if "by name" in written else first_date_part(written)
    return f"{first}_first" if first in ("day", "month") else ""


def trained_columns(account: Mapping[str, Any]) -> dict[str, TrainedColumn]:
    """Return how the columns of a training were written, by name; all columns of rows of sequences are called "".

    Args:
        account: The account of the file as `plain_account` gives it; empty where there is none.

    >>> trained_columns({"format": "text table", "columns": [{"name": "x", "kind": "number", "written": "1.234,5"}]})
    {'x': TrainedColumn(date_order='', decimal_mark=',')}
    """
    found = {}
    for column in account.get("columns", ()):
        written = str(column["written"])
        shown = _EXAMPLE.match(written)
        mark = column.get("decimal_mark", "") or (shown[1] if shown else "")  # older runs have no mark
        order = date_order(written) if column["kind"] == "time" else ""
        if order or mark:
            found["" if account["format"] == _ROWS else str(column["name"])] = TrainedColumn(order, mark)
    return found


def trained_column(columns: Mapping[str, TrainedColumn], name: str) -> TrainedColumn:
    """Return how a column of the training was written, whose name may differ in case and blanks.

    >>> trained_column({"Day": TrainedColumn("day_first")}, "day ").date_order
    'day_first'
    """
    found = name if name in columns else similar_column(name, list(columns)) if columns else ""
    return columns.get(found, TrainedColumn())
