"""From the columns of a table, read from a file or passed as a data frame, to a data set of one long series."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, Literal

import numpy as np

from rnnstudio.core.errors import DataError, SettingError
from rnnstudio.core.labels import number_classes
from rnnstudio.core.missing import Missing, fill_past
from rnnstudio.core.names import Names, names_in
from rnnstudio.core.precision import Floats
from rnnstudio.core.seasons import find_period
from rnnstudio.core.sequence import SequenceData
from rnnstudio.core.settings import Whole, WindowSettings, scale_setting, setting
from rnnstudio.core.windows import forecast_windows, sliding_windows
from rnnstudio.library.shared.notes import data_notes
from rnnstudio.library.shared.series_columns import SeriesColumns, place_in, series_columns
from rnnstudio.library.shared.settings import (
    check_frame,
    frame_setting,
    max_gap_setting,
    missing_setting,
    rule_of,
)
from rnnstudio.reading.categories import learn_categories
from rnnstudio.reading.missing_rows import with_missing_rows
from rnnstudio.reading.table import Table


class SeriesSettings(WindowSettings):
    """The settings that decide how the columns of a table become one series."""

    scale: Literal["none", "standard"] = scale_setting("standard")
    stride: Whole = setting(
        1, "Rows from one window to the next; with frame 1, a step is a row.", unit="rows", ge=1, le=1_000_000
    )
    horizon: Whole = setting(1, "Values to predict after each window (task forecast).", unit="steps", ge=1, le=10_000)
    target: str = setting(
        "",
        "Column or variable whose values are predicted; the last numeric column when empty.",
        label="Column to predict",
    )
    features: Names = setting(
        "",
        "Columns that the network reads, separated by commas; when empty the column to predict, or for task label all "
        "other numeric columns. A column of text becomes an input of 0 and 1 for each of its values.",
        label="Input columns",
    )
    missing: Missing = missing_setting()
    max_gap: Whole = max_gap_setting()
    frame: Whole = frame_setting("rows", " (tasks forecast and classify)")
    period: Whole = setting(
        0,
        "Steps in a season, for the seasonal baseline; 0 estimates it from the autocorrelation.",
        label="Season length",
        unit="steps",
        ge=0,
        le=1_000_000,
        advanced=True,
    )


def from_table(table: Table, settings: SeriesSettings, task: str, classes: Sequence[str] = ()) -> SequenceData:
    """Return the series of a table.

    The inputs are the columns that the setting `features` names; by default they are the target itself, or for task
    label all other numeric columns. Task regress predicts the next value at each step, or, where the target is not
    among the inputs, its value at the same step.

    Args:
        table: The table.
        settings: Columns, windows and splits.
        task: forecast, regress or label.
        classes: Names of the classes in order; sorted when empty.

    Raises:
        DataError: A column is missing, or a cell is not a number.
        SettingError: Settings contradict each other.
    """
    check_frame(settings.frame, task)
    _refuse_several_series(table)
    if settings.missing in ("past", "mask", "error"):
        table = with_missing_rows(table)
    features = names_in(settings.features)
    if task == "label":
        return _labels(table, settings, features, classes)
    target = settings.target or table.default_target()
    notes = table_notes(table, () if settings.target or not table.account else (table.account.target_note,))
    features = features or [target]
    table, features, learned = learn_categories(table, features, _trained_rows(table, settings))
    notes = (*notes, *learned, *_copies_of(table, features, target))
    names = [*features, target]
    values = table.values(names, settings.missing)
    autoregressive = features == [target]
    series = series_columns(
        values[:, :-1],
        None if autoregressive else values[:, -1:],
        tuple(features),
        rule_of(settings),
        place_in(table, names),
        table.name,
    )
    targets = series.inputs if series.targets is None else series.targets
    about: dict[str, Any] = {
        **_splits(settings),
        **series.about,
        "rate": table.rate,
        "target_names": (target,),
        "autoregressive": autoregressive,
        "period": settings.period or _season(table, targets, settings),
    }
    if task == "forecast":
        data = forecast_windows(
            series.inputs,
            series.targets,
            horizon=settings.horizon,
            frame=settings.frame,
            **about,
        )
    else:
        data = sliding_windows(
            series.inputs,
            targets,
            task="regress",
            target_offset=1 if target in features else 0,
            **about,
        )
    return _with_times(data, table, series, notes, settings)


def _refuse_several_series(table: Table) -> None:
    """Refuse a table in which the times repeat for each value of a column, because windows would mix the series."""
    if table.account is not None and table.account.series and table.account.time is not None:
        column, time = table.account.series, table.account.time.column
        raise SettingError(
            f"{table.name} holds several series: the times in column {time!r} repeat for each value of {column!r}. "
            "Keep the rows of one series, or set time to none where the rows are one series in the order of the file.",
            "time",
        )


def _labels(table: Table, settings: SeriesSettings, features: list[str], classes: Sequence[str]) -> SequenceData:
    """Return a series with a class at each step."""
    if not settings.target:
        raise SettingError(
            f"target must name the column of classes for task label. The columns of {table.name}: "
            f"{', '.join(table.columns[:20])}.",
            "target",
        )
    table.check_columns([settings.target])
    features = features or [c for c in table.numeric_columns() if c != settings.target]
    if not features:
        raise table.no_numbers_error()
    table, features, learned = learn_categories(table, features, _trained_rows(table, settings))
    labels = table.texts(settings.target)
    has_class = labels != "" if labels.dtype.kind == "U" else np.ones(len(labels), bool)
    if not has_class.any():
        raise DataError(f"{table.name} has no class in the column {settings.target!r}.")
    targets = np.full(len(labels), -1, np.int32)
    targets[has_class], names = number_classes(labels[has_class], f"{settings.target} of {table.name}", classes)
    series = series_columns(
        table.values(features, settings.missing),
        targets,
        tuple(features),
        rule_of(settings),
        place_in(table, [*features, settings.target]),
        table.name,
    )
    assert series.targets is not None
    data = sliding_windows(
        series.inputs,
        series.targets,
        task="label",
        **_splits(settings),
        rate=table.rate,
        classes=names,
        target_names=(settings.target,),
        **series.about,
    )
    return _with_times(data, table, series, table_notes(table, learned), settings)


def table_notes(table: Table, further: Sequence[str] = ()) -> tuple[str, ...]:
    """Return the sentences about how a table was read."""
    return (*(table.account.notes if table.account else ()), *filter(None, further))


def _with_times(
    data: SequenceData, table: Table, series: SeriesColumns, notes: Sequence[str], settings: SeriesSettings
) -> SequenceData:
    times = None if table.times is None else table.times[None, series.remaining]
    time = table.account.time if table.account else None
    return replace(
        data,
        times=times,
        frequency=time.frequency if time else "",
        notes=(*notes, *series.notes, *data_notes(data, settings.scale)),
    )


def _splits(settings: SeriesSettings) -> dict[str, Any]:
    return {name: getattr(settings, name) for name in ("window", "stride", "test_fraction", "val_fraction")}


def _copies_of(table: Table, features: Sequence[str], target: str) -> list[str]:
    """Return a sentence about each input with the values of the column to predict."""
    if table.account is None:
        return []
    same = {column.name: column.same_as or column.name for column in table.account.columns}
    return [
        f"The input {name!r} has the same values as the column to predict, {target!r}."
        for name in features
        if name != target and same.get(name, name) == same.get(target, target)
    ]


def _trained_rows(table: Table, settings: SeriesSettings) -> int:
    """Return the number of rows before the validation and the test set."""
    rows = len(table.cells)
    return rows - int(rows * settings.test_fraction) - int(rows * settings.val_fraction)


def _season(table: Table, targets: Floats, settings: SeriesSettings) -> int:
    """Return the season length: that of the frequency, or else of the target before the test set."""
    known = fill_past(targets).values[:, 0].astype(targets.dtype)
    trained = known[: len(targets) - int(len(targets) * settings.test_fraction)]
    season = table.account.time.season if table.account and table.account.time else 0
    return season if 0 < season <= len(trained) // 2 else find_period(trained)
