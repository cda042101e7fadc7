"""The season of a series, estimated so that the seasonal baseline needs no setting.

The estimate reads the training rows alone: neither the validation nor the test set decides about it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from rnnstudio.core.missing import fill_past
from rnnstudio.core.precision import Floats
from rnnstudio.core.windows import share_of

MAX_STEPS = 20_000  # the end of a longer series suffices, and keeps the estimate fast
MIN_AUTOCORRELATION = 0.2  # at the best lag
_TOLERANCE = 0.05  # a shorter season may have an autocorrelation that is lower by this, besides its standard errors
_ERRORS_OF_TIES = 2.0  # standard errors within which two autocorrelations are taken as equal
_ERRORS_IF_SUGGESTED = 2.5  # standard errors above 0 at a lag that the frequency or a multiple suggests
_ERRORS_BESIDES_SEARCH = 1.5  # the same at any lag, besides those that the highest of so much noise reaches
_KEPT_AGAIN = 0.5  # share of the autocorrelation that is left after a second season
_KEPT_AGAIN_IF_SHORT = 0.8  # the same for the shortest lags, where values that alternate fade quickly
_NEIGHBOURHOOD = 0.06  # of a lag: the autocorrelation of a smooth season differs little so far from its peak
_CLIPPED = 0.975  # quantile of the changes at which larger ones are clipped, so that no pair of outliers is a season
_SECONDS = {"D": 86_400.0, "h": 3_600.0, "min": 60.0, "s": 1.0, "ms": 1e-3, "us": 1e-6, "ns": 1e-9}
_CYCLES = (60.0, 3_600.0, 86_400.0, 7 * 86_400.0, 365.25 * 86_400.0)  # minute, hour, day, week and year in seconds
_BY_CALENDAR = {"B": (5,), "W": (52,), "SMS": (24,), "SME": (24,), "MS": (12,), "ME": (12,), "BMS": (12,),
                "BME": (12,), "QS": (4,), "QE": (4,), "BQS": (4,), "BQE": (4,)}  # fmt: skip


def natural_seasons(frequency: str) -> tuple[int, ...]:
    """Return the seasons that are natural for a frequency, in rows: a minute, hour, day, week and year; short first.

    Args:
        frequency: Time from one row to the next as pandas writes it; empty where it is irregular or unknown.

    >>> [natural_seasons(frequency) for frequency in ("h", "5min", "D", "W-SUN", "MS", "QS-OCT", "YS", "")]
    [(24, 168, 8766), (12, 288, 2016, 105192), (7, 365), (52,), (12,), (4,), (), ()]
    """
    match = re.fullmatch(r"(\d*)([A-Za-z]+)", frequency.split("-")[0])
    if match is None:
        return ()
    every, unit = int(match[1] or 1), match[2]
    if unit in _BY_CALENDAR:
        return tuple(rows // every for rows in _BY_CALENDAR[unit] if rows % every == 0 and rows // every > 1)
    if unit not in _SECONDS or not every:
        return ()
    ratios = [cycle / (every * _SECONDS[unit]) for cycle in _CYCLES]
    # A year is no whole number of days; of shorter cycles every row must come again at the same time.
    seasons = [round(ratio) for ratio in ratios if ratio >= 1.5 and (ratio == ratios[-1] or abs(ratio % 1) < 1e-9)]
    return tuple(season for season in seasons if season > 1)


def find_period(series: Floats, natural: Sequence[int] = ()) -> int:
    """Return the length of the season of a series in steps, 2 or more; 0 where there is none.

    It is the smallest lag whose autocorrelation is within a tolerance of the highest, because a season is as strong at
    each of its multiples; lags that the frequency suggests come first. The autocorrelation is that of first
    differences, so that a trend is not taken for a season. Only where these show none are differences of means over
    2, 4, 8 ... steps read, in which a long smooth season stands out against noise. A season must fit into the series at
    least three times, and its autocorrelation must be more than chance explains, after two seasons again.

    Args:
        series: `(T,)` values of the training set; NaN stands before the first known one only.
        natural: Lags that the frequency suggests; see `natural_seasons`.

    >>> find_period(np.sin(np.arange(100) * 2 * np.pi / 12).astype(np.float32))
    12
    >>> week = np.random.default_rng(0).normal(size=7)
    >>> find_period(np.tile(week, 30) + np.random.default_rng(1).normal(size=210), natural_seasons("D"))
    7
    """
    values = np.asarray(series[-MAX_STEPS:], np.float64)
    values = values[~np.isnan(values)]  # before the first known value
    largest = float(np.abs(values).max(initial=0.0))
    if not 0 < largest < np.inf:
        return 0
    values = values / largest  # squares of very large values overflow, those of very small ones vanish
    values -= values.mean()
    sums = np.concatenate([[0.0], np.cumsum(values)])
    negligible = 1e-20 * float(values @ values)
    width = 1
    while (longest := (len(values) - 2 * width + 1) // 3) >= max(3, 3 * width):
        means = sums[width:] - sums[:-width]  # times width
        changes = means[width:] - means[:-width]
        limit = float(np.quantile(np.abs(changes), _CLIPPED))
        changes = np.clip(changes, -limit, limit) if limit > 0 else changes
        changes -= changes.mean()
        if float(changes @ changes) <= negligible:
            return 0
        if period := _season_of_changes(changes, width, longest, natural):
            return period
        width *= 2
    return 0


def period_in_training(targets: Floats, test_fraction: float, val_fraction: float, natural: Sequence[int] = ()) -> int:
    """Return the season length of the first target that has one, estimated from the training rows; 0 where none has.

    Args:
        targets: `(T, D)` values of one series in the order of time; NaN is missing.
        test_fraction: Share of the series, at its end, that is the test set.
        val_fraction: Share of the series, before the test set, that is the validation set.
        natural: Lags that the frequency suggests; see `natural_seasons`.

    >>> period_in_training(np.sin(np.arange(100) * 2 * np.pi / 12)[:, None], 0.15, 0.1)
    12
    """
    trained = len(targets) - share_of(len(targets), test_fraction) - share_of(len(targets), val_fraction)
    return period_of_columns(targets[:trained], natural)


def period_of_columns(targets: Floats, natural: Sequence[int] = ()) -> int:
    """Return the season length of the first column that has one; 0 where none has.

    Where the rows are too few for three seasons and show none, it is the shortest natural one if they hold it twice.

    Args:
        targets: `(T, D)` values of the training set in the order of time; NaN is missing.
        natural: Lags that the frequency suggests; see `natural_seasons`.
    """
    known = fill_past(targets).values.astype(targets.dtype)
    found = next((period for column in known.T if (period := find_period(column, natural))), 0)
    if found:
        return found
    return next((season for season in natural[:1] if 2 * season <= len(known) <= 3 * season + 1), 0)


def _season_of_changes(changes: Floats, width: int, longest: int, natural: Sequence[int]) -> int:
    """Return the season of changes between means over `width` steps, of at most `longest` steps; 0 for none."""
    count, shortest = len(changes), 2 * width
    all_lags = np.arange(min(count - 2, 2 * longest + 2) + 1)
    correlation = _autocorrelation(changes)[: len(all_lags)] * count / (count - all_lags)
    errors = np.sqrt(max(1.5, width) / (count - all_lags))  # of noise, or of a random walk, in means of this width
    below = np.flatnonzero(correlation <= 0)
    if not len(below):
        return 0
    lags = np.arange(shortest, longest + 1)
    at, error = correlation[lags], errors[lags]
    is_peak = (at >= correlation[lags - 1]) & (at >= correlation[lags + 1])
    is_natural = np.isin(lags, natural)
    z = np.arctanh(np.clip(at, -0.9999, 0.9999)) / error
    needed = np.sqrt(2 * np.log(max(2.0, len(lags) / width))) + _ERRORS_BESIDES_SEARCH
    is_season = is_peak & (z >= needed)
    for n in np.flatnonzero(is_natural & (z >= _ERRORS_IF_SUGGESTED)):
        reach = _reach(int(lags[n]))
        around = slice(max(0, n - reach), n + reach + 1)  # noise moves the peak of a smooth season
        error_of_difference = np.sqrt(2) * error[n]
        is_season[n] |= bool(is_peak[around].any() and at[n] >= at[around].max() - _TOLERANCE - error_of_difference)
    twice = np.minimum(2 * lags, all_lags[-1])
    kept = np.where(lags < 3 * width, at * _KEPT_AGAIN_IF_SHORT, at * _KEPT_AGAIN - errors[twice])
    comes_again = correlation[twice] >= kept
    # A smooth series resembles itself at the first lags; a season comes after it no longer does.
    may_be_season = (lags > below[0]) & comes_again
    is_season &= may_be_season
    best = float(at[is_season].max(initial=0.0))
    if best < MIN_AUTOCORRELATION:
        return 0
    strongest = int(lags[is_season][at[is_season].argmax()])
    is_season |= may_be_season & is_peak & (z >= _ERRORS_IF_SUGGESTED) & _divides(lags, strongest)
    is_season &= at >= best - _TOLERANCE - _ERRORS_OF_TIES * error * np.sqrt(max(0.0, 1 - best**2))
    if (is_season & is_natural).any():
        return int(lags[is_season & is_natural][0])
    return _centred(int(lags[is_season][0]), correlation[: longest + 2], 3 * width)


def _centred(lag: int, correlation: NDArray[np.float64], most: int) -> int:
    """Return the lag around a peak, at most `most` away, whose multiples have the highest mean autocorrelation."""
    reach, seasons = min(_reach(lag), most), max(1, (len(correlation) - 2) // lag)

    def mean(candidate: int) -> float:
        multiples = candidate * np.arange(1, seasons + 1)
        return float(correlation[multiples[multiples < len(correlation)]].mean())

    candidates = range(max(2, lag - reach), min(lag + reach, len(correlation) - 1) + 1)
    return max(candidates, key=lambda candidate: round(mean(candidate), 12))


def _divides(lags: NDArray[np.int64], season: int) -> NDArray[np.bool_]:
    """Return whether a season is about a multiple of each of these lags."""
    times = np.maximum(np.round(season / lags), 1)
    return np.asarray((times > 1) & (np.abs(season - times * lags) <= _reach(season)))


def _reach(lag: int) -> int:
    return max(1, int(lag * _NEIGHBOURHOOD))


def _autocorrelation(values: Floats) -> NDArray[np.float64]:
    """Return the autocorrelation of values with mean 0 at each lag."""
    spectrum = np.fft.rfft(values, 2 * len(values))
    sums: NDArray[np.float64] = np.fft.irfft(np.abs(spectrum) ** 2)[: len(values)]
    return sums / float(values @ values)
