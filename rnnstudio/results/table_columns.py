"""The input columns of a table of new data, and their values with the calendar inputs of its times."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from rnnstudio.core.calendar_inputs import calendar_values
from rnnstudio.core.data_info import DataInfo
from rnnstudio.core.errors import DataError
from rnnstudio.core.input_columns import input_columns
from rnnstudio.core.precision import Floats
from rnnstudio.library.shared.known_events import events_without_gaps
from rnnstudio.reading.table import Table
from rnnstudio.results.other_units import other_units_notes


def table_columns(table: Table, info: DataInfo, others: Sequence[str]) -> tuple[list[str], list[str]]:
    """Return the input columns of a table, and what was assumed to find them; `others` have names, not inputs."""
    columns = [name for name in table.columns if name not in others]
    alone = table.preferred_target and len(info.column_names) == 1  # the variable of a file of arrays
    numeric = [table.preferred_target] if alone else [name for name in table.numeric_columns() if name in columns]
    if table.has_names and len(numeric) != len(info.column_names):
        numeric = columns
    trained = [str(column["name"]) for column in info.account.get("columns", ())]
    found, assumed = input_columns(
        info.column_names, columns, numeric, table.name, has_names=table.has_names, trained=trained
    )
    return found, [*([assumed] if assumed else []), *other_units_notes(table, found, info)]


def table_values(table: Table, columns: Sequence[str], info: DataInfo) -> Floats:
    """Return the inputs of a series, `(T, F)`; NaN is missing.

    Raises:
        DataError: A cell is no number, or the run has inputs of the calendar, and the table no times.
    """
    values = events_without_gaps(numbers_of(table, columns), table, columns, info.known)
    if not info.calendar:
        return values
    if table.times is None:
        raise DataError(
            f"{table.name} must have a column of dates or times, from which the calendar inputs of this run are "
            "computed; none was found. Add it, or name it with time."
        )
    return np.concatenate([values, calendar_values(table.times, info.calendar)], axis=1)


def numbers_of(table: Table, columns: Sequence[str]) -> NDArray[np.float64]:
    """Return columns that a run reads as numbers, `(rows, len(columns))`; NaN is missing.

    Raises:
        DataError: A cell is no number, and not yes or no.
    """
    try:
        return table.values(columns, "past")
    except DataError:
        kinds = {column.name: column.kind for column in table.account.columns} if table.account is not None else {}
        for name in columns:
            if kinds.get(name) == "text":
                texts = table.texts(name)
                row = int(np.flatnonzero(texts != "")[0])
                raise DataError(
                    f"{table.name}, {table.place(row)}, column {name!r}: this run was trained on numbers there, or on "
                    f"yes and no, which are 1 and 0; received {str(texts[row])[:40]!r}. Write numbers, or yes and no."
                ) from None
        raise
