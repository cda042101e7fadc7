"""An array of newer values of one series, which a forecast continues."""

from __future__ import annotations

from typing import Any

import numpy as np

from rnnstudio.core.conversion import as_floats
from rnnstudio.core.errors import DataError
from rnnstudio.core.names import names_in
from rnnstudio.reading.series.sequence_marks import with_marks
from rnnstudio.results.array_shapes import as_sequences
from rnnstudio.results.contents import RunContents
from rnnstudio.results.new_data import NewData
from rnnstudio.results.new_inputs import NewInputs
from rnnstudio.results.new_reading import EndOf
from rnnstudio.results.planned_rows import split_plan


def array_to_continue(run: RunContents, x: Any, series: Any, end_of: EndOf) -> NewData:
    """Return the values of one series, filled as in the training, up to the last known one.

    Args:
        run: The run.
        x: `(T,)` or `(T, F)` in original units; NaN, and the numbers that mean it in the training, are missing.
        series: Name of the series it continues, of a run of several.
        end_of: From values `(T, F)` to the number of rows that are read.

    Raises:
        DataError: It is no single series of the run's columns, or a value is missing that the run does not fill.
        UnknownNameError: There is no such series.
    """
    info = run.info
    array, is_single, note = as_sequences(as_floats(x, "input", allow_missing=True), info)
    if not is_single:
        raise DataError(
            f"input must be one series, shape (steps, {len(info.input_names)}); received {len(array):,} of them. Pass "
            "a data frame with a column that names the series."
        )
    if info.series and series in (None, ""):
        raise DataError(
            "input is an array without names, and the run has several series. Name one of them with series."
        )
    values = array[0]
    if marks := names_in(getattr(run.experiment.data, "missing_values", "")):
        values = with_marks([values], info.input_names, [*marks, "none"])[0]
    end = end_of(values)
    scalers = run.scalers.of_series(info.index_of_series(series)) if info.series else run.scalers
    rows, plan = split_plan(values, info, None, end)
    completed, filled = NewInputs.of(run.experiment, info, scalers).complete(
        [rows], lambda _, step, column: f"index [{step}, {column}]", "input"
    )
    names = (str(series),) if info.series else ()
    is_left_out = end < len(values) and not info.known
    left_out = f"input ends with {len(values) - end:,} rows without a value to continue." if is_left_out else ""
    notes = tuple(filter(None, [note, filled, left_out]))
    return NewData("one", names, [np.asarray(completed[0])], [None], notes, [plan])
