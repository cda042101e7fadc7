"""From a table to a data set: one series, or several where a column names them, or a question which of both it is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from rnnstudio.core.errors import SettingError
from rnnstudio.core.names import names_in
from rnnstudio.core.sequence import SequenceData
from rnnstudio.core.windows import share_of
from rnnstudio.library.shared.chosen_columns import chosen_columns
from rnnstudio.library.shared.series import SeriesSettings, from_table
from rnnstudio.library.shared.settings import check_frame
from rnnstudio.library.shared.several_series import several_series
from rnnstudio.reading.missing_rows import with_missing_rows
from rnnstudio.reading.series_columns import keys_of_series, series_question
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
        if settings.missing in ("past", "mask", "error"):
            table = with_missing_rows(table)
        rows = len(table.cells)
        trained = rows - int(rows * settings.test_fraction) - int(rows * settings.val_fraction)
        account = table.account
        table, columns = chosen_columns(table, settings, task, classes, slice(trained))
        return replace(from_table(table, settings, columns), account=account)
    table.check_columns(names)
    account = table.account
    table, columns = chosen_columns(table, settings, task, classes, _trained_rows(table, settings, names), names)
    if named := sorted({*columns.features, columns.target} & set(names)):
        raise SettingError(
            f"series names the column {named[0]!r}, which is also an input or the column to predict. Choose other "
            "features or another target.",
            "series",
        )
    return replace(several_series(table, settings, names, columns), account=account)


def _trained_rows(table: Table, settings: SeriesSettings, names: Sequence[str]) -> NDArray[np.bool_]:
    """Return a mask of the rows before the held-out dates, or before the held-out share of each series."""
    shares = (settings.test_fraction, settings.val_fraction)
    if settings.split_by == "date" and table.times is not None:
        stamps = np.unique(table.times)
        trained = len(stamps) - sum(share_of(len(stamps), share) for share in shares)
        return np.asarray(np.searchsorted(stamps, table.times) < trained)
    groups = keys_of_series(table, names).groupby(list(names), sort=False, dropna=False)
    sizes = groups[names[0]].transform("size").to_numpy()
    held_out = sum(np.floor(sizes * share + 1e-9) for share in shares)
    return np.asarray(groups.cumcount().to_numpy() < sizes - held_out)


def _declared_series(table: Table) -> list[str]:
    """Return the columns that name the series where the format of the file says so, and nothing is to be asked."""
    if table.account is None or any(question.setting == "series" for question in table.account.questions):
        return []
    return names_in(table.account.series)
