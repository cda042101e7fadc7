"""From the columns of a table, read from a file or passed as a data frame, to a data set of one long series."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, Literal

from rnnstudio.core.missing import Missing
from rnnstudio.core.names import Names
from rnnstudio.core.precision import Floats
from rnnstudio.core.read_options import Doubles
from rnnstudio.core.seasons import natural_seasons, period_in_training
from rnnstudio.core.sequence import SequenceData
from rnnstudio.core.settings import Scale, Whole, WindowSettings, scale_setting, setting
from rnnstudio.core.windows import forecast_windows, sliding_windows
from rnnstudio.library.shared.notes import data_notes
from rnnstudio.library.shared.prepared_series import PreparedSeries
from rnnstudio.library.shared.series_columns import SeriesColumns
from rnnstudio.library.shared.settings import frame_setting, max_gap_setting, missing_setting
from rnnstudio.reading.table import Table


class SeriesSettings(WindowSettings):
    """The settings that decide how the columns of a table become one series."""

    scale: Scale = scale_setting("standard")
    stride: Whole = setting(
        1, "Rows from one window to the next; with frame 1, a step is a row.", unit="rows", ge=1, le=1_000_000
    )
    horizon: Whole = setting(1, "Values to predict after each window (task forecast).", unit="steps", ge=1, le=10_000)
    target: Names = setting(
        "",
        "Column or variable that is predicted, or several separated by commas; when empty a column of numbers that is "
        "named like sales, else the first beside a time column, else the last.",
        label="Column to predict",
        when_empty="chosen in the file",
    )
    features: Names = setting(
        "",
        "Columns that the network reads, separated by commas, a text column as an input of 0 and 1 for each value; "
        "when empty the column to predict, or for task label all other numeric columns.",
        label="Input columns",
        when_empty="the column to predict, or all others",
    )
    known: Names = setting(
        "",
        "Columns whose values are known ahead, such as promotions, holidays or prices, separated by commas: the "
        "network also reads them at the steps to be predicted (task forecast).",
        label="Known ahead",
    )
    use_past: bool = setting(
        True,
        "Whether the past of the column to predict is an input of a forecast (task forecast), also where the input "
        "columns do not name it.",
        label="Use its own past",
        advanced=True,
    )
    calendar: bool = setting(
        False,
        "Inputs from the time column: time of day, weekday, month or time of year, those that the training rows show "
        "at least twice.",
        label="Calendar inputs",
        advanced=True,
        automatic=True,
    )
    missing: Missing = missing_setting()
    max_gap: Whole = max_gap_setting()
    frame: Whole = frame_setting("rows", " (tasks forecast and classify)")
    series: Names = setting(
        "",
        "Column whose values name the series of each row, or several columns separated by commas, so that no window "
        "crosses from one series to another; none where all rows are one series.",
        label="Series column",
        when_empty="found in the file",
    )
    doubles: Doubles = setting(
        "auto",
        "Rows with the time of another row: keep all, the first, the last, or their mean; auto leaves out copies, "
        "reads the doubled hour of a clock change, and asks about others.",
        label="Double times",
        advanced=True,
    )
    columns_as_series: bool = setting(
        False,
        "Read each column to predict as a series of its own, with its own scale, all with one network; when target is "
        "empty all columns of numbers (tasks forecast and regress).",
        label="Columns are series",
        advanced=True,
    )
    first_rows: Whole = setting(
        0,
        "Use only so many rows, the first of each series, as some publications do; 0 uses all.",
        label="First rows only",
        unit="rows",
        ge=0,
        le=1_000_000_000,
        advanced=True,
    )
    split_by: Literal["date", "share"] = setting(
        "date",
        "Several series: validation and test set begin at the same dates in all series (date, where there is a time "
        "column), or after the same share of each (share).",
        label="Split series by",
        advanced=True,
    )
    scale_each: bool = setting(
        True,
        "Several series: scale each with its own mean and standard deviation, or all with the same.",
        label="Scale each series",
        advanced=True,
    )
    period: Whole = setting(
        0,
        "Steps in a season, for the seasonal baseline; 0 estimates it from the autocorrelation of the training set.",
        label="Season length",
        unit="steps",
        ge=0,
        le=1_000_000,
        advanced=True,
    )


def one_series_data(prepared: PreparedSeries, settings: SeriesSettings) -> SequenceData:
    """Return one series with its windows.

    Args:
        prepared: The series.
        settings: Windows and splits.

    Raises:
        SettingError: The series is too short for the windows and splits.
    """
    table, columns, series = prepared.table, prepared.columns, prepared.series[""]
    targets = series.inputs if series.targets is None else series.targets
    about: dict[str, Any] = {**_splits(settings), **series.about, "rate": table.rate, **columns.about}
    about["plan"] = None if series.plan is None else series.plan[None]
    if not columns.classes:
        about["period"] = settings.period or _season(table, targets, settings)
    if columns.task == "forecast":
        data = forecast_windows(
            series.inputs,
            series.targets,
            horizon=settings.horizon,
            frame=settings.frame,
            **about,
        )
    else:
        data = sliding_windows(series.inputs, targets, task=columns.task, target_offset=columns.target_offset, **about)
    return _with_times(data, table, series, columns.notes, settings)


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
    names = ("window", "stride", "test_fraction", "val_fraction", "test_context")
    return {name: getattr(settings, name) for name in names}


def _season(table: Table, targets: Floats, settings: SeriesSettings) -> int:
    """Return the season length of the first target, estimated from the training rows with what their times suggest."""
    time = table.account.time if table.account else None
    natural = natural_seasons(time.frequency) if time else ()
    return period_in_training(targets[:, :1], settings.test_fraction, settings.val_fraction, natural)
