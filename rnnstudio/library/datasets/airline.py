"""Monthly totals of international airline passengers, 1949 to 1960 (Box & Jenkins 1976, series G)."""

from __future__ import annotations

from typing import Any, Literal

from rnnstudio.core.catalog import dataset
from rnnstudio.core.errors import DataError
from rnnstudio.core.paths import resource
from rnnstudio.core.sequence import SequenceData
from rnnstudio.core.settings import FilePath, Whole, WindowSettings, setting
from rnnstudio.core.windows import forecast_windows, sliding_windows
from rnnstudio.reading.text.text_table import read_table


class AirlineSettings(WindowSettings):
    """144 monthly totals of airline passengers, in thousands; the network predicts the next month."""

    dataset: Literal["airline"] = "airline"
    task: Literal["regress", "forecast"] = setting(
        "regress",
        "What to predict: the next month at each step of the window (task regress), or the months after the window "
        "(task forecast).",
    )
    file: FilePath = setting(
        "",
        "CSV file of months and passengers; the file that comes with rnnstudio when empty.",
        advanced=True,
        path=(".csv",),
        when_empty="the file that comes with rnnstudio",
    )
    window: Whole = setting(5, "Months in each window.", unit="months", ge=1, le=1_000_000, automatic=True)
    stride: Whole = setting(1, "Months from one window to the next.", unit="months", ge=1, le=1_000_000, advanced=True)
    horizon: Whole = setting(
        1, "Months to predict after each window (task forecast).", unit="months", ge=1, le=10_000, advanced=True
    )


@dataset(AirlineSettings, "Airline passengers")
def load(settings: AirlineSettings, seed: int) -> SequenceData:
    """Return sliding windows of the series.

    The recipe's publication leaves out the last window of each split (`range(n - window - 1)`), and so does this with
    `test_context` inside, as in the recipe.

    >>> data = load(AirlineSettings(test_context="inside"), seed=0)
    >>> data.inputs.shape, len(data.train), len(data.test)
    ((1, 144, 1), 110, 22)
    """
    table = read_table(settings.file or resource("data/airline.csv"))
    if len(table.columns) < 2:
        raise DataError(f"{table.name} must have a month and a number of passengers in each row; received one column.")
    series = table.numbers(table.columns[1:2])
    monthly = table.account is not None and table.account.time is not None and table.account.time.frequency == "MS"
    about: dict[str, Any] = {
        "times": table.times[None] if monthly and table.times is not None else None,
        "frequency": "MS" if monthly else "",
        "window": settings.window,
        "stride": settings.stride,
        "test_fraction": settings.test_fraction,
        "val_fraction": settings.val_fraction,
        "test_context": settings.test_context,
        "skip_last": int(settings.test_context == "inside"),
        "features": ("passengers",),
        "target_names": ("passengers",),
        "unit": "thousand passengers",
        "step_name": "month",
        "period": 12,
    }
    if settings.task == "forecast":
        return forecast_windows(series, horizon=settings.horizon, **about)
    return sliding_windows(series, series, task="regress", target_offset=1, autoregressive=True, **about)
