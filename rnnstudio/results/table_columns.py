"""The input columns of a table of new data, and their values with the calendar inputs of its times."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

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
    values = events_without_gaps(table.values(columns, "past"), table, columns, info.known)
    if not info.calendar:
        return values
    if table.times is None:
        raise DataError(
            f"{table.name} must have a column of dates or times, from which the calendar inputs of this run are "
            "computed; none was found. Add it, or name it with time."
        )
    return np.concatenate([values, calendar_values(table.times, info.calendar)], axis=1)
