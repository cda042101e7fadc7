"""ETS: exponential smoothing with additive errors, the model chosen by AICc, for many histories side by side.

Candidates are no trend, a trend and a damped trend, each with and without a season; where all values are positive also
without a trend and with a damped one of their logarithms, in which a season multiplies. A trend of logarithms that is
not damped is left out, as in R's `ets`, because it explodes. The library statsmodels has ETS, too; see ARCHITECTURE.md
for why it is not used.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from rnnstudio.core.seasonal_indices import seasonal_indices
from rnnstudio.core.smoothing_states import Array, Smoothing, States, continued, smooth

MAX_ROWS = 2_000  # the last rows of a history that are read, or 10 seasons where that is more
MAX_SEASONS = 10
MAX_PERIOD = 400  # a longer season has too many states
_MIN_ROWS = 4
_FIRST_CANDIDATES, _NEXT_CANDIDATES, _ROUNDS = 32, 16, 5
_MAX_ALL_ROWS = 1_000_000  # of all histories together: they take about 15 s
_MAX_STATES = 2_000_000  # of the seasons of all candidates that are computed together: 16 MB
_SMALLEST = 1e-300


class Structure(NamedTuple):
    """A model: whether it has a trend, a damped one and a season, and whether it is one of logarithms."""

    trend: bool
    damped: bool
    season: bool
    logarithm: bool

    @property
    def parameters(self) -> int:
        """Smoothing parameters and the variance, without the states."""
        return 2 + self.trend + self.damped + self.season


def _structures(*, seasonal: bool) -> list[Structure]:
    trends = [
        (False, False, False),
        (True, False, False),
        (True, True, False),
        (False, False, True),
        (True, True, True),
    ]
    return [Structure(*trend[:2], season, trend[2]) for trend in trends for season in ((False, True)[: 1 + seasonal])]


def most_rows(histories: int, period: int) -> int:
    """Return how many of the last rows of a history ETS and theta read.

    They are 2,000, or 10 seasons where that is more; less where very many histories are forecast.

    Args:
        histories: Number of histories.
        period: Rows in a season; 0 where there is none.

    >>> most_rows(20, 12), most_rows(20, 336), most_rows(20_000, 12)
    (2000, 3360, 50)
    """
    season = period if period <= MAX_PERIOD else 0
    return min(max(MAX_ROWS, MAX_SEASONS * season), max(_MAX_ALL_ROWS // histories, 3 * season, 50))


def ets_forecasts(histories: Sequence[Array], steps: int, period: int = 0) -> Array:
    """Return the ETS forecast after each history, `(H, steps)`; repeated last values after less than 4 rows.

    Args:
        histories: Values without missing ones, `(T,)` each.
        steps: Steps ahead.
        period: Rows in a season; 0 or 1 without one. A season that a history does not hold twice, or of over 400 rows,
            is left out.

    >>> ets_forecasts([np.tile([1.0, 5.0, 3.0], 9)], 4, period=3).round(3)
    array([[1., 5., 3., 1.]])
    """
    period = period if 1 < period <= MAX_PERIOD else 0
    read = most_rows(len(histories), period)
    histories = [np.asarray(history[-read:], np.float64) for history in histories]
    forecasts = np.empty((len(histories), steps))
    has_season = [bool(period) and len(history) >= 2 * period + 2 for history in histories]
    is_long = [len(history) >= _MIN_ROWS for history in histories]
    for seasonal in (False, True)[: 1 + bool(period)]:
        chosen = [i for i, season in enumerate(has_season) if season is seasonal and is_long[i]]
        own = period if seasonal else 1
        width = len(_structures(seasonal=seasonal)) * _FIRST_CANDIDATES * own
        size = max(1, _MAX_STATES // width)
        for i in range(0, len(chosen), size):
            part = chosen[i : i + size]
            forecasts[part] = _forecasts([histories[n] for n in part], steps, own)
    for i, history in enumerate(histories):
        if not is_long[i]:
            forecasts[i] = history[-1]
    return forecasts


@dataclass(frozen=True)
class _Problem:
    """Histories `(T, H, S)` that end together, their first rows `(H,)`, start states and the structures."""

    values: Array
    begins: NDArray[np.int64]
    start: States
    structures: list[Structure]


def _forecasts(histories: list[Array], steps: int, period: int) -> Array:
    """Return forecasts, `(H, steps)`, of histories that all have the season, or none where the period is 1."""
    centres = np.array([history.mean() for history in histories])
    scales = np.array([history.std() or 1.0 for history in histories])
    problem = _problem(histories, centres, scales, period)
    shares, squares = _searched(problem)
    rows = len(problem.values)
    counts = (rows - problem.begins)[:, None].astype(np.float64)  # (H, 1)
    by = _smoothing(shares, problem.structures)
    _, last = smooth(problem.values, problem.begins, problem.start, by)
    ahead = continued(last, by.damping, rows, steps)[..., 0]  # (steps, H, S)
    criterion = _criterion(squares, counts, problem.structures, histories, scales, period)
    best = criterion.argmin(axis=1)
    chosen = ahead[:, np.arange(len(histories)), best].T  # (H, steps)
    logarithm = np.array([problem.structures[s].logarithm for s in best])
    plain = chosen * scales[:, None] + centres[:, None]
    return np.where(logarithm[:, None], np.exp(np.minimum(chosen, 700.0)), plain)


def _problem(histories: list[Array], centres: Array, scales: Array, period: int) -> _Problem:
    structures = _structures(seasonal=period > 1)
    rows = max(map(len, histories))
    shape = (len(histories), len(structures))
    values, season = np.zeros((rows, *shape)), np.zeros((period, *shape, 1))
    level, trend = np.zeros((*shape, 1)), np.zeros((*shape, 1))
    begins = np.array([rows - len(history) for history in histories])
    for h, history in enumerate(histories):
        plain = (history - centres[h]) / scales[h]
        logs = np.log(history) if history.min() > 0 else None
        for s, structure in enumerate(structures):
            own = logs if structure.logarithm else plain
            if own is None:
                continue
            values[begins[h] :, h, s] = own
            if structure.season:
                indices = seasonal_indices(own, period)
                season[(begins[h] + np.arange(period)) % period, h, s, 0] = indices
                own = own - indices[np.arange(len(own)) % period]
            level[h, s, 0], trend[h, s, 0] = _first_states(own, structure, period)
    return _Problem(values, begins, States(level, trend, season), structures)


def _first_states(values: Array, structure: Structure, period: int) -> tuple[float, float]:
    """Return level and trend before the first row, from the first rows of values without their season."""
    first = values[: max(10, 2 * period)]
    if not structure.trend:
        return float(first.mean()), 0.0
    slope, intercept = np.polyfit(np.arange(1, len(first) + 1), first, 1)
    return float(intercept), float(slope)


def _searched(problem: _Problem) -> tuple[Array, Array]:
    """Return the best shares, `(4, H, S, 1)`, of each structure, and their sums of squared errors, `(H, S)`."""
    random = np.random.default_rng(0)
    shape = problem.values.shape[1:]
    shares = random.random((4, 1, 1, _FIRST_CANDIDATES))
    shares[:, 0, 0, 0], shares[:, 0, 0, 1] = 0.1, 0.9
    spread = 0.25
    best, least = np.zeros((4, *shape, 1)), np.full(shape, np.inf)
    for _ in range(_ROUNDS):
        candidates = np.broadcast_to(shares, (4, *shape, shares.shape[-1]))
        squares, _ = smooth(problem.values, problem.begins, problem.start, _smoothing(candidates, problem.structures))
        at = squares.argmin(axis=2)[..., None]
        found = np.take_along_axis(squares, at, axis=2)[..., 0]
        is_better = found < least
        least = np.where(is_better, found, least)
        best = np.where(is_better[None, ..., None], np.take_along_axis(candidates, at[None], axis=3), best)
        shares = np.clip(best + spread * random.standard_normal((4, 1, 1, _NEXT_CANDIDATES)), 0.005, 0.995)
        spread /= 2
    return best, least


def _smoothing(shares: Array, structures: list[Structure]) -> Smoothing:
    """Return the parameters for shares of their ranges, `(4, H, S, C)`, of which most are small."""

    def has(name: str) -> Array:
        return np.array([getattr(structure, name) for structure in structures], np.float64)[None, :, None]

    level = shares[0] ** 1.5
    damped = has("damped")
    return Smoothing(
        level=level,
        trend=has("trend") * level * shares[1] ** 2,
        season=has("season") * (1 - level) * shares[2] ** 2,
        damping=damped * (0.8 + 0.18 * shares[3]) + (1 - damped),
    )


def _criterion(
    squares: Array, counts: Array, structures: list[Structure], histories: list[Array], scales: Array, period: int
) -> Array:
    """Return Akaike's criterion corrected for small samples (AICc) of values in original units, `(H, S)`."""
    states = np.array([1 + s.trend + (period - 1) * s.season for s in structures])
    k = np.array([s.parameters for s in structures]) + states
    spare = counts - k - 1
    deviance = counts * np.log(np.maximum(squares / counts, _SMALLEST))
    is_log = np.array([s.logarithm for s in structures])
    positive = np.array([history.min() > 0 for history in histories])
    logs = np.array([2 * np.log(history).sum() if history.min() > 0 else 0.0 for history in histories])
    jacobian = np.where(is_log, logs[:, None], 2 * counts * np.log(scales[:, None]))
    criterion = deviance + jacobian + 2 * k + 2 * k * (k + 1) / np.maximum(spare, 1)
    is_possible = (spare > 0) & (positive[:, None] | ~is_log)
    is_possible[:, 0] = True  # no trend and no season
    return np.where(is_possible & np.isfinite(criterion), criterion, np.inf)
