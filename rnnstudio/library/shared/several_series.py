"""From a table with several series below each other to a data set in which no window crosses from one to another."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from rnnstudio.core.errors import DataError
from rnnstudio.core.known_targets import have_targets
from rnnstudio.core.seasons import natural_seasons, period_of_columns
from rnnstudio.core.sequence import SequenceData
from rnnstudio.core.series_windows import OneSeries, Windowing, windows_of_series
from rnnstudio.core.several_series import each_series
from rnnstudio.core.wording import listed
from rnnstudio.library.shared.chosen_columns import ChosenColumns
from rnnstudio.library.shared.notes import MAX_NAMED, data_notes, few_notes
from rnnstudio.library.shared.prepared_series import PreparedSeries
from rnnstudio.library.shared.series import SeriesSettings
from rnnstudio.library.shared.series_columns import SeriesColumns
from rnnstudio.reading.series.missing_rows import with_missing_rows
from rnnstudio.reading.series.series_columns import tables_of_series
from rnnstudio.reading.table import Table


def prepare_several_series(
    table: Table, settings: SeriesSettings, names: Sequence[str], columns: ChosenColumns
) -> PreparedSeries:
    """Return the series of a table, one for each value of the columns that name them.

    Args:
        table: The table, its rows in the order of time.
        settings: Missing values.
        names: The columns whose values name the series.
        columns: The input columns and the column to predict.

    Raises:
        DataError: A row has no series, or a value is missing and missing values are refused.
        SettingError: A gap is too long.
    """
    tables = tables_of_series(table, names)
    tables = {name: first_rows_of(part, settings) for name, part in tables.items()}
    if settings.missing in ("past", "mask", "error"):
        tables = {name: with_missing_rows(part) for name, part in tables.items()}
    called = {name: f"Series {name!r} of {part.name}" for name, part in tables.items()}
    parts = complete_series(tables, settings, dict.fromkeys(tables, columns), called)
    return PreparedSeries(table, columns, parts, tuple(names), tables)


def first_rows_of(table: Table, settings: SeriesSettings) -> Table:
    """Return the first rows of a series, where the settings want only those."""
    return table.first_rows(settings.first_rows) if 0 < settings.first_rows < len(table.cells) else table


def several_series_data(prepared: PreparedSeries, settings: SeriesSettings) -> SequenceData:
    """Return several series with their windows.

    Args:
        prepared: The series.
        settings: Windows and splits.

    Raises:
        DataError: A series has no value to predict in the training set.
        SettingError: No series is long enough for the windows and splits.
    """
    table, columns, names = prepared.table, prepared.columns, prepared.names
    tables, parts = prepared.tables, prepared.series
    about = {name: value for name, value in next(iter(parts.values())).about.items() if name != "gaps"}
    missing_targets = any(part.about["missing_targets"] for part in parts.values())
    series = []
    for name, part in parts.items():
        targets, times = part.targets, tables[name].times
        if targets is None and missing_targets:  # those of another series are missing
            targets = part.inputs[:, : len(columns.targets)]
        stamps = None if times is None else times[part.remaining]
        gaps = part.about["gaps"]
        series.append(OneSeries(name, part.inputs, targets, stamps, None if gaps is None else gaps[0], part.plan))
    forecasts = columns.task == "forecast"
    windowing = Windowing(
        window=settings.window,
        stride=settings.stride,
        frame=settings.frame,
        target_offset=settings.window * settings.frame if forecasts else columns.target_offset,
        target_steps=settings.horizon if forecasts else settings.window,
        test_fraction=settings.test_fraction,
        val_fraction=settings.val_fraction,
        by_date=settings.split_by == "date" and table.times is not None,
        test_context=settings.test_context,
    )
    time = table.account.time if table.account else None
    data, left_out = windows_of_series(
        series,
        windowing,
        ", ".join(names),
        task=columns.task,
        rate=table.rate,
        series_columns=() if prepared.are_columns else tuple(names),
        columns_as_series=prepared.are_columns,
        **columns.about,
        **(about | {"missing_targets": missing_targets}),
    )
    clocks = [tables[name].account for name in data.series]
    frequencies = {account.time.frequency for account in clocks if account is not None and account.time is not None}
    _check_known(data, ", ".join(names))
    period = 0 if data.classes else settings.period or _season(data, time.frequency if time else "")
    notes = (
        *columns.notes,
        *few_notes([note for part in parts.values() for note in part.notes]),
        *_series_notes(data, left_out, windowing),
        *data_notes(data, settings.scale),
    )
    frequency = frequencies.pop() if len(frequencies) == 1 else ""
    return replace(data, period=period, frequency=frequency, notes=notes)


def complete_series(
    tables: Mapping[str, Table],
    settings: SeriesSettings,
    columns: Mapping[str, ChosenColumns],
    called: Mapping[str, str],
) -> dict[str, SeriesColumns]:
    """Return each series, filled from its own past only, all with the same features.

    Args:
        tables: The rows of each series.
        settings: Missing values.
        columns: The columns of each series.
        called: What messages call each series.
    """

    def complete(masked: tuple[int, ...] | None) -> dict[str, SeriesColumns]:
        return {name: columns[name].of_table(part, settings, called[name], masked) for name, part in tables.items()}

    parts = complete(None)
    masked = {columns[name].features.index(f) for name, part in parts.items() for f in part.about["masked_features"]}
    return complete(tuple(sorted(masked))) if masked else parts


def _check_known(data: SequenceData, column: str) -> None:
    """Refuse a series without a value to predict in its training windows: nothing could be scaled or learned."""
    if not data.missing_targets:
        return
    for name, (series, _) in zip(data.series, each_series(data), strict=True):
        if not have_targets(series, series.starts[series.train]).any(axis=0).all():
            raise DataError(
                f"Series {name!r} of column {column!r} has no value to predict in the training set: all are missing. "
                "Leave out its rows, or change test_fraction or val_fraction."
            )


def _season(data: SequenceData, frequency: str) -> int:
    """Return the season length of the first target of the series with the most training samples."""
    trained = data.covered(data.train).reshape(data.inputs.shape[:2])
    longest = int(trained.sum(axis=1).argmax())
    return period_of_columns(data.targets[longest][trained[longest]][:, :1], natural_seasons(frequency))


def _series_notes(data: SequenceData, left_out: Sequence[OneSeries], windowing: Windowing) -> list[str]:
    """Return sentences about series that are left out, or not in a held-out set."""
    notes = []
    if left_out:
        names = listed([f"{s.name!r} ({len(s.inputs):,})" for s in left_out], MAX_NAMED)
        are, them = ("is", "it has") if len(left_out) == 1 else ("are", "they have")
        notes.append(
            f"{len(left_out):,} of {len(left_out) + len(data.series):,} series {are} left out: a window of "
            f"{windowing.window} steps takes {windowing.total_samples} samples with its targets, more than {them} "
            f"in the training set. Left out, with the number of samples: {names}."
        )
    for title, split in (("validation", data.val), ("test", data.test)):
        within = set((data.starts[split] // data.inputs.shape[1]).tolist())
        absent = [repr(name) for n, name in enumerate(data.series) if n not in within]
        if len(split) and absent:
            notes.append(f"The {title} set has no window of {len(absent):,} series: {listed(absent, MAX_NAMED)}.")
    return notes
