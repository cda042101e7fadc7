"""Monthly international airline passengers 1949 to 1960 (Box & Jenkins), the series every forecasting book draws."""

from __future__ import annotations

from typing import Literal

from rnnstudio.core.catalog import dataset
from rnnstudio.core.errors import DataError
from rnnstudio.core.paths import resource
from rnnstudio.core.sequence import SequenceData, as_floats
from rnnstudio.core.settings import FilePath, Whole, WindowSettings, setting
from rnnstudio.core.windows import sliding_windows
from rnnstudio.reading.text_table import read_table


class AirlineSettings(WindowSettings):
    """144 months of airline passengers in thousands; the target is the same window one month later."""

    dataset: Literal["airline"] = "airline"
    task: Literal["regress", "forecast"] = setting(
        "regress", "Tell the next month at every step of the window, or only after its last step."
    )
    file: FilePath = setting(
        "", "Another copy of the file; the one that ships with rnnstudio when empty.", advanced=True, path=(".csv",)
    )
    window: Whole = setting(5, "Months the network sees at once.", unit="months", ge=1, le=1_000_000)
    stride: Whole = setting(1, "Months from one window to the next.", unit="months", ge=1, le=1_000_000, advanced=True)
    horizon: Whole = setting(
        1, "Months told after the window (task forecast).", unit="months", ge=1, le=10_000, advanced=True
    )


@dataset(AirlineSettings, "Airline passengers")
def load(settings: AirlineSettings, seed: int) -> SequenceData:
    """Return the series cut into windows: 110 to train on and 22 to test on with the settings of the work.

    The work stops one window short of each part's end (`range(n - window - 1)`), and so does this.
    """
    table = read_table(settings.file or resource("data/airline.csv"))
    if len(table.columns) < 2:
        raise DataError(f"{table.name} must have a month and a number of passengers in each row; received one column.")
    series = as_floats(table.numbers(table.columns[1:2]), f"the second column of {table.name}")
    forecast = settings.task == "forecast"
    return sliding_windows(
        series,
        series,
        task=settings.task,
        window=settings.window,
        stride=settings.stride,
        target_offset=settings.window if forecast else 1,
        target_steps=settings.horizon if forecast else None,
        test_fraction=settings.test_fraction,
        val_fraction=settings.val_fraction,
        leave_out=1,
        features=("passengers",),
        target_names=("passengers",),
        unit="thousand passengers",
        step_name="month",
        period=12,
        autoregressive=True,
    )
