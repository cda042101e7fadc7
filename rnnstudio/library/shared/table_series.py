"""From a table to a data set: one series, or several where a column names them, or a question which of both it is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from rnnstudio.core.errors import SettingError
from rnnstudio.core.names import names_in
from rnnstudio.core.sequence import SequenceData
from rnnstudio.library.shared.chosen_columns import ChosenColumns, chosen_columns
from rnnstudio.library.shared.series import SeriesSettings, from_table
from rnnstudio.library.shared.settings import check_frame
from rnnstudio.library.shared.several_series import several_series
from rnnstudio.reading.categories import has_categories
from rnnstudio.reading.missing_rows import with_missing_rows
from rnnstudio.reading.series_columns import series_question, tables_of_series
from rnnstudio.reading.table import Table


def series_from_table(table: Table, settings: SeriesSettings, task: str, classes: Sequence[str] = ()) -> SequenceData:
    """Return the series of a table.

    Args:
        table: The table.
        settings: Columns, series, windows and splits.
        task: forecast, regress or label.
        classes: Names of the classes in order; sorted when empty.

    Raises:
        DataError: A column is missing, or a cell is not a number.
        SettingError: Settings contradict each other, or the table seems to hold several series and `series` is empty.
    """
    check_frame(settings.frame, task)
    names = names_in(settings.series) or _declared_series(table)
    if names in ([], ["none"]):
        account = table.account
        if account is not None and account.series and not names:
            time = account.time.column if account.time else ""
            question = series_question(table.name, time, account.series.split(", "))
            raise SettingError(f"{question.sentence} {question.advice}", question.setting)
        names = []
    table.check_columns(names)
    trained: slice | NDArray[np.bool_] = slice(None)
    if has_categories(table, names_in(settings.features)):
        trained = _trained_rows(table, settings, task, classes, names)
    data = _load(*chosen_columns(table, settings, task, classes, trained, names), settings, names)
    return replace(data, account=table.account)


def _load(table: Table, columns: ChosenColumns, settings: SeriesSettings, names: Sequence[str]) -> SequenceData:
    """Return one series, or several where columns name them."""
    if not names:
        return from_table(_with_clock(table, settings), settings, columns)
    if named := sorted({*columns.features, columns.target} & set(names)):
        raise SettingError(
            f"series names the column {named[0]!r}, which is also an input or the column to predict. Choose other "
            "features or another target.",
            "series",
        )
    return several_series(table, settings, names, columns)


def _with_clock(table: Table, settings: SeriesSettings) -> Table:
    """Return a table with the rows that its clock lacks, where they count as missing values."""
    return with_missing_rows(table) if settings.missing in ("past", "mask", "error") else table


def _trained_rows(
    table: Table, settings: SeriesSettings, task: str, classes: Sequence[str], names: Sequence[str]
) -> NDArray[np.bool_]:
    """Return a mask of the rows in the inputs or targets of training windows, `(rows,)`.

    The windows depend on where texts are missing, but not on the texts.
    """
    placed, columns = chosen_columns(table, settings, task, classes, None, names)
    data = _load(placed, columns, settings, names)
    parts = tables_of_series(placed, names) if names else {"": placed}
    covered = data.covered(data.train).reshape(data.inputs.shape[:2])
    trained: set[int | str] = set()
    for name, of_series in zip(data.series or ("",), covered, strict=True):
        part = _with_clock(parts[name], settings)
        remaining = np.flatnonzero(columns.of_table(part, settings, part.name).remaining)
        trained.update(part.row_numbers[row] for row in remaining[of_series[: len(remaining)]])
    return np.array([number in trained for number in table.row_numbers])


def _declared_series(table: Table) -> list[str]:
    """Return the columns that name the series where the format of the file says so, and nothing is to be asked."""
    if table.account is None or any(question.setting == "series" for question in table.account.questions):
        return []
    return names_in(table.account.series)
