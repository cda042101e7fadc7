"""The user's own series from a text table."""

from __future__ import annotations

from typing import Literal

from rnnstudio.core.catalog import dataset
from rnnstudio.core.errors import SettingError
from rnnstudio.core.seasons import find_period
from rnnstudio.core.sequence import SequenceData
from rnnstudio.core.settings import Whole, WindowSettings, setting
from rnnstudio.core.windows import cut_series
from rnnstudio.reading.tables import read_table


class FileSettings(WindowSettings):
    """A column of a CSV or TSV file as one series, told from its own past."""

    dataset: Literal["file"] = "file"
    task: Literal["forecast", "regress"] = setting(
        "forecast", "Tell the next values after the window, or the next value at every step of it."
    )
    file: str = setting("", "Path of the table; comma, semicolon, tab or bar parts its columns.")
    target: str = setting("", "Column to be told; the last column of numbers when empty.", label="target column")
    scale: Literal["none", "standard"] = setting(
        "standard", "Scale the series to mean 0 and standard deviation 1, or leave it."
    )
    horizon: Whole = setting(1, "Values told after the window (task forecast).", unit="steps", ge=1, le=10_000)
    period: Whole = setting(
        0,
        "Steps in a season, for the seasonal naive answer; 0 finds it out.",
        unit="steps",
        ge=0,
        le=1_000_000,
        minor=True,
    )


@dataset(FileSettings, "Your own file", usual={"epochs": 100, "learning_rate": 0.005})
def load(settings: FileSettings, seed: int) -> SequenceData:
    """Return the chosen column cut into windows."""
    if not settings.file:
        raise SettingError("file must name a table such as data.csv; received nothing.", "file")
    table = read_table(settings.file)
    numeric = table.numeric_columns()
    if not settings.target and not numeric:
        raise table.no_numbers()
    target = settings.target or numeric[-1]
    series = table.numbers([target])
    forecast = settings.task == "forecast"
    return cut_series(
        series,
        series,
        task=settings.task,
        window=settings.window,
        stride=settings.stride,
        target_offset=settings.window if forecast else 1,
        target_steps=settings.horizon if forecast else None,
        test_fraction=settings.test_fraction,
        valid_fraction=settings.valid_fraction,
        features=(target,),
        target_names=(target,),
        period=settings.period or find_period(series[: len(series) - int(len(series) * settings.test_fraction), 0]),
        feeds_back=True,
    )
