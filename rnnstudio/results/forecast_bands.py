"""The bands of a forecast: margins around its values, from the errors that are known where it begins."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from rnnstudio.core.bands import band_bounds
from rnnstudio.core.errors import DataError, SettingError
from rnnstudio.core.setting_types import percents
from rnnstudio.core.wording import enumeration
from rnnstudio.results.contents import RunContents
from rnnstudio.results.forecast_origin import Origin

if TYPE_CHECKING:
    from rnnstudio.core.sequence import SequenceData
    from rnnstudio.results.trained_network import TrainedNetwork

Doubles = NDArray[np.float64]
_CHOSEN_ON_TEST = (
    "The forecast has no bands, because the test set chose the weights, so that its errors are too small: train with a "
    "validation set, val_fraction 0.1."
)
_BEFORE_TEST = "Forecasts that begin before the test set have no bands, because the network has read the rows after it."


@dataclass(frozen=True)
class Bands:
    """Bounds around the values of a forecast.

    Attributes:
        bounds: Lower and upper bounds in original units, `(N, steps, D)`, by level in percent.
        notes: What is left out, one sentence each.
    """

    bounds: Mapping[int, tuple[Doubles, Doubles]] = field(default_factory=dict)
    notes: tuple[str, ...] = ()


def wanted_levels(run: RunContents, level: Any) -> tuple[int, ...]:
    """Return the levels that a caller asks for; empty where the run has no bands, and nobody asks for any.

    Args:
        run: The run.
        level: One or several levels in percent, none for no bands, or None for all of the run.

    Raises:
        SettingError: The run has no band of a level.
    """
    own = () if run.calibration is None else run.calibration.levels
    if level is None:
        return own
    levels = percents(level, "level")
    absent = [wanted for wanted in levels if wanted not in own]
    if absent:
        has = f"bands of {enumeration(own)} %" if own else "no bands"
        more = ", ".join(map(str, sorted({*own, *levels})))
        why = next((s for s in run.warnings if "no bands" in s or "forecasts have none" in s), "")
        raise SettingError(
            f"level must name bands of the run, which has {has}; received {absent[0]}. "
            + (why if why and not own else f"Train with levels {more}."),
            "level",
        )
    return tuple(levels)


def forecast_bands(
    run: RunContents,
    network: Callable[[], TrainedNetwork],
    data: Callable[[], SequenceData],
    origin: Origin,
    values: NDArray[np.floating[Any]],
    start: int | None,
    levels: Sequence[int],
) -> Bands:
    """Return the bands of a forecast.

    Up to the horizon their margins are those after the test set, or of a forecast that begins in it those that are
    known there. Beyond the horizon predictions are fed back; then errors of forecasts that are fed back alike, from the
    rows of the test set and from those that calibrated the network, decide.

    Args:
        run: A run.
        network: Returns its network with the tested weights.
        data: Returns its data.
        origin: Where the forecast begins.
        values: The forecast in original units, `(N, steps, V, D)`: the values, or their quantiles.
        start: Step of the series at which it begins; None after the end.
        levels: The levels, some of those of its calibration.
    """
    calibration = run.calibration
    if calibration is None or not levels:
        return Bands()
    steps = values.shape[1]
    margins = calibration.margins
    if run.chosen_on_test and (start is not None or steps > calibration.steps):
        return Bands(notes=(_CHOSEN_ON_TEST,))
    if start is not None or steps > calibration.steps:
        from rnnstudio.results.band_margins import margins_inside, margins_of_rollouts  # loads TensorFlow

        try:
            loaded = data()
        except DataError as error:
            return Bands(notes=(f"The forecast has no bands, because the data of the training are needed: {error}",))
        if start is not None and loaded.set_begins is not None and start < loaded.set_begins[origin.series[0], 1]:
            return Bands(notes=(_BEFORE_TEST,))
        if steps > calibration.steps:
            margins = margins_of_rollouts(run, network(), loaded, steps, start, origin.series[0])
        else:
            margins = margins_inside(run, network(), loaded, origin.series[0], start or 0)
    of_series = margins[origin.series][:, :steps]
    notes = _without_errors(run, origin, of_series)
    scaler = run.scalers.targets
    lower, upper = band_bounds(values.astype(np.float64), of_series, scaler, np.array(origin.series))
    bounds, missing = {}, []
    for level in levels:
        i = calibration.levels.index(level)  # of all levels, because a band holds those of lower levels
        absent = np.isnan(lower[:, :, i])
        if not absent.all():
            bounds[level] = lower[:, :, i], upper[:, :, i]
        if absent.any():
            missing.append(f"{level} %")
    if missing and not notes:
        notes = [_too_few(missing, steps, calibration.steps)]
    return Bands(bounds, tuple(notes))


def _without_errors(run: RunContents, origin: Origin, margins: Doubles) -> list[str]:
    """Set the margins of series to NaN whose errors are unknown, or known of later rows alone; return why."""
    info, notes = run.info, []
    stamps = dict(zip(info.series, info.last_times, strict=False)) if info.series else {"": info.last_time}
    for n, (name, last) in enumerate(zip(origin.names or ("",), origin.last, strict=False)):
        which = f"of series {name!r} " if name and info.series else ""
        if info.series and name not in info.series:
            margins[n] = np.nan
            notes.append(f"The forecast {which}has no bands, because its errors are unknown: train on it, too.")
        elif origin.is_newer and (stamp := stamps.get(name if info.series else "")) and last < np.datetime64(stamp):
            margins[n] = np.nan
            notes.append(
                f"The forecast {which}has no bands, because the newer data end before those of the training, whose "
                "later rows the network has read: set start to forecast from a row of the test set."
            )
    return notes


def _too_few(missing: Sequence[str], steps: int, horizon: int) -> str:
    names = enumeration(missing)
    if steps > horizon:
        return (
            f"Bands of {names} are missing where too few forecasts of {steps:,} steps from rows of the test set have "
            f"known errors: train with horizon {steps}, or with a larger test_fraction."
        )
    return (
        f"Bands of {names} are missing where too few forecasts have known errors: use a longer series, or lower levels."
    )
