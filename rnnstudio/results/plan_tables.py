"""What is known ahead of the steps of a forecast, from a file or data frame: rows are matched by their times."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from rnnstudio.core.errors import DataError
from rnnstudio.core.feedback import planned_columns
from rnnstudio.core.input_columns import similar_column
from rnnstudio.core.names import text_of
from rnnstudio.core.predictions import Times
from rnnstudio.core.times import iso_texts, times_after
from rnnstudio.core.wording import enumeration
from rnnstudio.library.shared.known_events import events_without_gaps
from rnnstudio.reading.categories import with_categories
from rnnstudio.reading.series.series_columns import tables_of_series
from rnnstudio.reading.table import Table
from rnnstudio.results.contents import RunContents
from rnnstudio.results.forecast_origin import Origin
from rnnstudio.results.new_reading import NewReading
from rnnstudio.results.new_source import new_source
from rnnstudio.results.several_series import series_columns
from rnnstudio.results.table_columns import numbers_of

_MAX_NAMES = 10  # columns in a message


def plan_array(given: Any, run: RunContents, origin: Origin, steps: int) -> tuple[Any, list[str]]:
    """Return a plan as an array `(steps, K)`, of several series `(N, steps, K)`, and sentences about unknown texts.

    Arrays are returned as they are. An empty cell of a column of text is no event, as in the training.

    Rows with times are those of the steps with the same times, whatever other rows there are. Without times, or where
    those of the steps are unknown, the first row is the first step. Steps without a row, and empty cells, are NaN.

    Args:
        given: The path of a file, a data frame or a dict, with the columns that are known ahead; else an array.
        run: The run.
        origin: Where its forecast begins.
        steps: Steps of the forecast.

    Raises:
        DataError: It cannot be read, lacks a column or a series, or has no row of the steps.
    """
    info = run.info
    if given is None or not info.known:
        return given, []
    source = new_source(given, run)
    if source is None:
        return given, []
    names = [] if info.columns_as_series or not info.series else series_columns(run)
    reading = NewReading(source, run, None)
    whole = reading.table(reading.options(frequency=info.frequency, series="none"))
    in_table = bool(names) and set(names) <= set(whole.columns)
    table = reading.table(reading.options(frequency=info.frequency, series=text_of(names))) if in_table else whole
    table, notes = with_categories(table, planned_columns(info))
    parts = tables_of_series(table, names) if in_table else dict.fromkeys(origin.names or ("",), table)
    planned = []
    for name, last in zip(origin.names or ("",), origin.last, strict=True):
        if name not in parts:
            raise DataError(f"{source.name} has no rows of the series {name!r}, which is forecast.")
        planned.append(_of_steps(parts[name], run, times_after(last, steps, info.frequency)))
    return np.stack(planned) if len(planned) > 1 else planned[0], notes


def _of_steps(table: Table, run: RunContents, times: Times) -> NDArray[np.float64]:
    """Return the values of the steps with these times, `(steps, K)`."""
    columns = planned_columns(run.info)
    found = [name if name in table.columns else similar_column(name, table.columns) for name in columns]
    if not all(found):
        raise DataError(
            f"{table.name} must have the columns that are known ahead, {enumeration(columns, most=_MAX_NAMES)}; it has "
            f"{enumeration(table.columns, most=_MAX_NAMES)}."
        )
    inputs = [str(name) for name in found]
    rows = events_without_gaps(numbers_of(table, inputs), table, inputs, inputs)
    values = np.full((len(times), len(columns)), np.nan)
    if table.times is None or np.isnat(times).any():
        count = min(len(times), len(rows))
        values[:count] = rows[:count]
        return values
    at = {stamp: i for i, stamp in enumerate(table.times.tolist())}
    matched = np.array([at.get(stamp, -1) for stamp in times.tolist()])
    if (matched < 0).all():
        first, last, begin = iso_texts(np.array([times[0], times[-1], table.times[0]]))
        raise DataError(
            f"{table.name} has no row of the steps from {first} to {last}; its rows begin at {begin}. Pass the plan of "
            "these steps."
        )
    values[matched >= 0] = rows[matched[matched >= 0]]
    return values
