"""What the forecast page computes on the background thread: the table of a forecast, and the values before it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from rnnstudio.core.caught_warnings import with_warnings
from rnnstudio.core.precision import Floats
from rnnstudio.core.predictions import Times
from rnnstudio.results.recent_values import RecentValues
from rnnstudio.results.run import Run

if TYPE_CHECKING:
    import pandas as pd

_SEASONS, _MIN_KNOWN, _MAX_KNOWN = 4, 60, 2000  # values before the forecast that are drawn
_BAND = re.compile(r"lower_(\d+)$")


@dataclass(frozen=True)
class Request:
    """What is forecast.

    Attributes:
        run: The run.
        steps: Number of steps.
        newer: Path of newer data; empty for those of the training.
        known: Values of the columns that are known ahead, a row per step; None where there are none.
    """

    run: Run
    steps: int
    newer: str = ""
    known: Any = None


@dataclass(frozen=True)
class ForecastResult:
    """A forecast, and the values before it.

    Attributes:
        request: What was asked for.
        table: What `Run.forecast_table` returns.
        notes: What was assumed, one sentence each.
        recent: The values before it, of each series.
    """

    request: Request
    table: pd.DataFrame
    notes: tuple[str, ...]
    recent: list[RecentValues]


@dataclass(frozen=True)
class SeriesForecast:
    """The forecast of one value of one series, as it is drawn.

    Attributes:
        column: Name of the value.
        unit: Its unit; empty where unknown.
        known: Values before the forecast, `(n,)`.
        values: The forecast, `(steps,)`.
        bands: Level in percent, lower and upper bounds `(steps,)`, the narrowest first.
        times: Stamps of the known values and of the steps, `(n + steps,)`; None where unknown.
        frequency: pandas' alias; empty where unknown.
    """

    column: str
    unit: str
    known: Floats
    values: Floats
    bands: list[tuple[int, Floats, Floats]]
    times: Times | None
    frequency: str


def compute(request: Request) -> ForecastResult:
    """Return the forecast; called on the background thread.

    Raises:
        RnnStudioError: It cannot be computed.
    """
    run = request.run
    given = {} if request.known is None else {"known": request.known}
    newer = request.newer or None
    table, notes = with_warnings(run.forecast_table, request.steps, input=newer, **given)
    most = int(np.clip(max(_SEASONS * run.info.period, 3 * request.steps), _MIN_KNOWN, _MAX_KNOWN))
    return ForecastResult(request, table, tuple(notes), run.recent_values(most, newer))


def value_columns(run: Run) -> tuple[str, ...]:
    """Return the names of the values that a forecast has."""
    return run.info.input_names if run.info.autoregressive else run.info.target_names


def series_forecast(result: ForecastResult, series: str, column: str) -> SeriesForecast:
    """Return the forecast of one value of one series, as it is drawn.

    Args:
        result: The forecast of all.
        series: Name of the series; empty for one.
        column: Name of the value.
    """
    run, table = result.request.run, result.table
    rows = table[table["series"] == series] if series else table
    names = value_columns(run)
    prefix = f"{column}_" if len(names) > 1 else ""
    levels = [int(match[1]) for name in table.columns if (match := _BAND.match(str(name).removeprefix(prefix)))]
    bands: list[tuple[int, Floats, Floats]] = [
        (level, _floats(rows[f"{prefix}lower_{level}"]), _floats(rows[f"{prefix}upper_{level}"]))
        for level in sorted(levels)
    ]
    recent = next((own for own in result.recent if own.name == series), None)
    known = _floats(recent.values[:, names.index(column)]) if recent is not None else np.empty(0)
    times: Any = None
    if "time" in rows and recent is not None:
        times = np.concatenate([recent.times, rows["time"].to_numpy("datetime64[ns]")])
    unit = run.info.unit if len(names) == 1 else ""
    return SeriesForecast(column, unit, known, _floats(rows[column]), bands, times, run.info.frequency)


def _floats(values: Sequence[float] | NDArray[Any] | pd.Series) -> NDArray[np.float64]:
    return np.asarray(values, np.float64)
