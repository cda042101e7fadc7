"""Each column to predict as a series of its own, so that one network learns all of them (channel independence).

Source: Y. Nie et al., A time series is worth 64 words, 2023, section 3.1.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from rnnstudio.core.errors import SettingError
from rnnstudio.core.missing import mask_names
from rnnstudio.core.names import names_in, text_of
from rnnstudio.library.shared.chosen_columns import ChosenColumns, chosen_columns
from rnnstudio.library.shared.prepared_series import PreparedSeries
from rnnstudio.library.shared.series import SeriesSettings
from rnnstudio.library.shared.series_columns import SeriesColumns
from rnnstudio.library.shared.several_series import complete_series
from rnnstudio.library.shared.target_columns import columns_to_predict
from rnnstudio.reading.series.missing_rows import with_missing_rows
from rnnstudio.reading.table import Table


def prepare_column_series(
    table: Table, settings: SeriesSettings, task: str, trained: slice | NDArray[np.bool_] | None
) -> PreparedSeries:
    """Return each column to predict as a series; other input columns are read with each of them.

    Args:
        table: The table.
        settings: Columns and missing values.
        task: forecast or regress.
        trained: The rows of the training set, as for `chosen_columns`.

    Raises:
        DataError: A column is missing, a cell is not a number, or a value is missing and missing values are refused.
        SettingError: Settings contradict each other, or a gap is too long.
    """
    if task not in ("forecast", "regress"):
        raise SettingError(
            f"columns_as_series is for the tasks forecast and regress; received task {task}. Set it to false.",
            "columns_as_series",
        )
    if names_in(settings.series) not in ([], ["none"]):
        raise SettingError(
            f"series must be left out where columns_as_series is true: the columns are the series; received "
            f"{settings.series}.",
            "series",
        )
    wanted = [*names_in(settings.features), *names_in(settings.known)]
    names = [
        name
        for name in columns_to_predict(table, settings.target, all_columns=True)
        if settings.target or name not in wanted
    ]
    others = [name for name in wanted if name not in names]
    asked = [name for name in names if name in wanted]  # naming one of them asks for the past of each
    each: dict[str, ChosenColumns] = {}
    tables: dict[str, Table] = {}
    for name in names:
        own = {"target": text_of([name]), "features": text_of([*([name] if asked else []), *others]), "task": task}
        tables[name], each[name] = chosen_columns(table, settings.model_copy(update=own), task, (), trained)
    if settings.missing in ("past", "mask", "error"):
        tables = {name: with_missing_rows(part) for name, part in tables.items()}
    called = {name: f"Column {name!r} of {table.name}" for name in names}
    parts = complete_series(tables, settings, each, called)
    value = "value" if "value" not in others else "value of the series"
    first = each[names[0]]
    columns = replace(
        first,
        columns=tuple(value if column == names[0] else column for column in first.columns),
        targets=(value,),
        notes=tuple(dict.fromkeys(note for columns in each.values() for note in columns.notes)),
    )
    renamed = {name: _renamed(part, name, value, columns.features) for name, part in parts.items()}
    return PreparedSeries(table, columns, renamed, tuple(names), tables, are_columns=True)


def _renamed(series: SeriesColumns, name: str, value: str, features: Sequence[str]) -> SeriesColumns:
    """Return a series whose own column has the name that all series share."""
    masked = tuple(value if feature == name else feature for feature in series.about["masked_features"])
    return replace(
        series, about={**series.about, "features": (*features, *mask_names(masked)), "masked_features": masked}
    )
