"""Rolling origin: the rows from which a backtest forecasts, one origin after the other up to the end of the series."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rnnstudio.core.errors import DataError, SettingError
from rnnstudio.core.sequence import SequenceData
from rnnstudio.core.series_ends import series_ends

MAX_ORIGINS = 20  # unless the caller asks for another number
_SHARE = 5  # one in so many rows is backtested where a run has no test set
_EMPTY = np.empty(0, np.int32)
Ends = NDArray[np.int64]


@dataclass(frozen=True)
class Origins:
    """The origins of a backtest, in order.

    Attributes:
        ends: Rows of each series that are known at each origin, `(K, N)`.
        is_forecast: Whether a series is forecast from an origin, `(K, N)`: it has a window before and the steps after.
        every: Rows from one origin to the next.
        steps: Steps ahead.
    """

    ends: Ends
    is_forecast: NDArray[np.bool_]
    every: int
    steps: int

    @property
    def count(self) -> int:
        """Number of origins."""
        return len(self.ends)


@dataclass(frozen=True)
class _Rows:
    """The rows in which origins are counted: of one series, of several with common stamps, or before the ends of each.

    Attributes:
        count: Number of rows.
        ends: Rows of each series before each of these rows, `(count + 1, N)`.
    """

    count: int
    ends: Ends


def rolling_origins(
    data: SequenceData, steps: int, needed: int, origins: int | None = None, every: int | None = None
) -> Origins:
    """Return the origins of a backtest.

    Several series with stamps have common origins, so that no series is forecast by what was learned from later rows
    of another; those without stamps are counted from the end of each. Without `origins` and `every`, the origins are
    spread over the test set, at least `steps` rows apart and at most 20.

    Args:
        data: One or several series with windows of task forecast.
        steps: Steps ahead that are evaluated.
        needed: Rows that must follow an origin: `steps`, or the horizon of the network where that is more.
        origins: Number of origins.
        every: Rows from one origin to the next.

    Raises:
        SettingError: No training window is left before the first origin.

    >>> from rnnstudio.core.windows import forecast_windows
    >>> data = forecast_windows(np.zeros((40, 1)), window=4, horizon=2, test_fraction=0.25)
    >>> rolling_origins(data, 2, 2, origins=3).ends[:, 0].tolist()
    [30, 34, 38]
    """
    lengths, rows = series_ends(data), _rows(data)
    begins = data.set_begins
    test = lengths if begins is None else begins[:, 1]
    is_test = (rows.ends >= test).all(axis=1) | (rows.ends >= lengths).all(axis=1)
    tested = rows.count - int(is_test.argmax())
    if tested < needed:
        tested = max(needed, rows.count // _SHARE)
    count = origins
    if count is None:
        count = min(MAX_ORIGINS, 1 + (tested - needed) // (every or steps))
    if every is None:
        every = max(steps, (tested - needed) // max(1, count - 1))
    last = rows.count - needed
    first = last - (count - 1) * every
    total = data.total_samples
    if first < 0 or (rows.ends[first] < total).all():
        enough = np.flatnonzero((rows.ends >= total).any(axis=1))
        most = (last - int(enough[0])) // every + 1 if len(enough) and enough[0] <= last else 0
        advice = f"Choose at most {most:,} origins." if most else "Choose a smaller window or fewer steps."
        raise SettingError(
            f"origins {count:,} with {every:,} rows from one to the next and {needed:,} rows after the last need a "
            f"training window of {total:,} rows before the first one; the longest series has {int(lengths.max()):,} "
            f"rows. {advice}",
            "origins",
        )
    ends = rows.ends[first + every * np.arange(count)]
    is_forecast = (ends >= total) & (lengths - ends >= needed)
    if data.times is not None and data.series:
        is_forecast &= _same_stamps(data, ends, is_forecast)
    return Origins(ends, is_forecast, every, steps)


def _rows(data: SequenceData) -> _Rows:
    lengths = series_ends(data)
    if data.series and data.times is not None:
        stamps = np.unique(np.concatenate([t[:n] for t, n in zip(data.times, lengths, strict=True)]))
        ends = np.stack(
            [np.append(np.searchsorted(t[:n], stamps), n) for t, n in zip(data.times, lengths, strict=True)], axis=1
        )
        return _Rows(len(stamps), ends.astype(np.int64))
    count = int(lengths.max())
    return _Rows(count, np.maximum(lengths - np.arange(count, -1, -1)[:, None], 0))


def _same_stamps(data: SequenceData, ends: Ends, is_forecast: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Return whether a series has a row at the stamp after each origin, `(K, N)`: else its forecast begins later."""
    assert data.times is not None
    last = data.inputs.shape[1] - 1
    first = np.take_along_axis(data.times.T, np.minimum(ends, last), axis=0)  # (K, N)
    usual = np.where(is_forecast, first, np.datetime64("NaT")).astype(np.int64)
    earliest = np.where(is_forecast, usual, np.iinfo(np.int64).max).min(axis=1, keepdims=True)
    return np.asarray(usual == earliest)


def only_series(data: SequenceData, kept: NDArray[Any]) -> SequenceData:
    """Return some of several series without windows.

    Args:
        data: The series.
        kept: Their indices.
    """
    return replace(
        data,
        inputs=data.inputs[kept],
        targets=data.targets[kept],
        times=None if data.times is None else data.times[kept],
        gaps=None if data.gaps is None else data.gaps[kept],
        lengths=None if data.lengths is None else data.lengths[kept],
        series=tuple(data.series[i] for i in kept) if data.series else (),
        set_begins=None if data.set_begins is None else data.set_begins[kept],
        starts=_EMPTY,
        train=_EMPTY,
        val=_EMPTY,
        test=_EMPTY,
        calibration=_EMPTY,
    )


def check_backtest(data: SequenceData, missing: str) -> None:
    """Check that data can be backtested.

    Args:
        data: The data.
        missing: The setting of that name.

    Raises:
        DataError: The network does not forecast, the data are generated anew each epoch, or missing values were
            filled from later ones.
    """
    if not data.is_windowed or not (data.task == "forecast" or data.autoregressive):
        raise DataError(
            f"A backtest needs task forecast, which predicts the values after each window of a series, or a network "
            f"that predicts the next value of its own inputs; received task {data.task}. Train with task forecast."
        )
    if data.refresh is not None:
        raise DataError("A backtest needs data that stay the same; these are generated anew in each epoch.")
    if missing == "interpolate":
        raise DataError(
            "missing interpolate filled values from later ones, which a backtest must not read. Train again with "
            "missing past."
        )
