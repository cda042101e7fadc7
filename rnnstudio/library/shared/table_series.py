"""From a table to a data set: one series, or several where a column names them, or a question which of both it is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from rnnstudio.core.account import Account
from rnnstudio.core.errors import SettingError
from rnnstudio.core.names import names_in
from rnnstudio.core.sequence import SequenceData
from rnnstudio.library.shared.chosen_columns import ChosenColumns, chosen_columns
from rnnstudio.library.shared.column_series import prepare_column_series
from rnnstudio.library.shared.prepared_series import PreparedSeries
from rnnstudio.library.shared.series import SeriesSettings, one_series_data
from rnnstudio.library.shared.settings import check_frame
from rnnstudio.library.shared.several_series import first_rows_of, prepare_several_series, several_series_data
from rnnstudio.reading.categories import has_categories
from rnnstudio.reading.series.missing_rows import with_missing_rows
from rnnstudio.reading.table import Table


def series_from_table(table: Table, settings: SeriesSettings, task: str, classes: Sequence[str] = ()) -> SequenceData:
    """Return the series of a table with their windows.

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
    return with_windows(prepare_series(table, settings, task, classes), settings)


def prepare_series(table: Table, settings: SeriesSettings, task: str, classes: Sequence[str] = ()) -> PreparedSeries:
    """Return the series of a table before windows are laid over them.

    Args:
        table: The table.
        settings: Columns, series and missing values; also windows and splits where text is an input, because its
            values are learned from the training windows.
        task: forecast, regress or label.
        classes: Names of the classes in order; sorted when empty.

    Raises:
        DataError: A column is missing, or a cell is not a number.
        SettingError: Settings contradict each other, or the table seems to hold several series and `series` is empty.
    """
    learns = has_categories(table, [*names_in(settings.features), *names_in(settings.known)])
    if settings.columns_as_series:
        table = first_rows_of(table, settings)
        names: list[str] = []

        def prepare(trained: slice | NDArray[np.bool_] | None) -> PreparedSeries:
            return prepare_column_series(table, settings, task, trained)

    else:
        names = _series_names(table, settings)
        table.check_columns(names)
        table = table if names else first_rows_of(table, settings)

        def prepare(trained: slice | NDArray[np.bool_] | None) -> PreparedSeries:
            return _prepare(*chosen_columns(table, settings, task, classes, trained, names), settings, names)

    trained = _trained_rows(prepare(None), table, settings) if learns else slice(None)
    return replace(prepare(trained), account=table.account, depends_on_windows=learns or settings.calendar)


def with_windows(prepared: PreparedSeries, settings: SeriesSettings) -> SequenceData:
    """Return prepared series with their windows.

    Args:
        prepared: The series.
        settings: Windows and splits, and the settings with which the series were prepared.

    Raises:
        DataError: A series has no value to predict in the training set.
        SettingError: A series is too short for the windows and splits.
    """
    data = several_series_data(prepared, settings) if prepared.names else one_series_data(prepared, settings)
    return replace(data, account=prepared.account, feature_units=_units(data.features, prepared.account))


def _units(features: Sequence[str], account: Account | None) -> tuple[str, ...]:
    """Return the unit of each feature that the file names, empty for others; none where it names no unit."""
    units = {column.name: column.unit for column in account.columns} if account is not None else {}
    of_features = tuple(units.get(feature, "") for feature in features)
    return of_features if any(of_features) else ()


def _prepare(table: Table, columns: ChosenColumns, settings: SeriesSettings, names: Sequence[str]) -> PreparedSeries:
    """Return one series, or several where columns name them."""
    if not names:
        table = _with_clock(table, settings)
        return PreparedSeries(table, columns, {"": columns.of_table(table, settings, table.name)})
    if named := sorted({*columns.features, *columns.targets} & set(names)):
        raise SettingError(
            f"series names the column {named[0]!r}, which is also an input or the column to predict. Choose other "
            "features or another target.",
            "series",
        )
    return prepare_several_series(table, settings, names, columns)


def _with_clock(table: Table, settings: SeriesSettings) -> Table:
    """Return a table with the rows that its clock lacks, where they count as missing values."""
    return with_missing_rows(table) if settings.missing in ("past", "mask", "error") else table


def _trained_rows(prepared: PreparedSeries, table: Table, settings: SeriesSettings) -> NDArray[np.bool_]:
    """Return a mask of the rows in the inputs or targets of training windows, `(rows,)`.

    The windows depend on where texts are missing, but not on the texts.

    Args:
        prepared: The series, prepared without values of text.
        table: The table.
        settings: Windows and splits.
    """
    data = with_windows(prepared, settings)
    covered = data.covered(data.train).reshape(data.inputs.shape[:2])
    trained: set[int | str] = set()
    for name, of_series in zip(data.series or ("",), covered, strict=True):
        part = prepared.tables.get(name, prepared.table)
        remaining = np.flatnonzero(prepared.series[name].remaining)
        trained.update(part.row_numbers[row] for row in remaining[of_series[: len(remaining)]])
    return np.array([number in trained for number in table.row_numbers])


def _series_names(table: Table, settings: SeriesSettings) -> list[str]:
    """Return the columns that name the series of each row; none where the rows are one series.

    Raises:
        SettingError: The table seems to hold several series, and `series` is empty.
    """
    names = names_in(settings.series) or _declared_series(table)
    if names not in ([], ["none"]):
        return names
    account = table.account
    if account is not None and account.series and not names:
        question = next(question for question in account.questions if question.setting == "series")
        raise SettingError(f"{question.sentence} {question.advice}", question.setting)
    return []


def _declared_series(table: Table) -> list[str]:
    """Return the columns that name the series where the format of the file says so, and nothing is to be asked."""
    if table.account is None or any(question.setting == "series" for question in table.account.questions):
        return []
    return names_in(table.account.series)
