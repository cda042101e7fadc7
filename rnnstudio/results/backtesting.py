"""A backtest: forecasts from origins in the past by a network and by baselines, none of which reads a later row."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from rnnstudio.core.automatic import resolve
from rnnstudio.core.bands import Calibration
from rnnstudio.core.errors import SettingError, StoppedError
from rnnstudio.core.experiment import Experiment
from rnnstudio.core.exponential_smoothing import most_rows
from rnnstudio.core.forecast_scores import in_sample_error
from rnnstudio.core.origin_calendar import with_calendar
from rnnstudio.core.origin_data import before_origin, layout_of, settings_before, without_later_categories
from rnnstudio.core.ridge_forecasts import MAX_INPUTS, Ridge, fit_ridge
from rnnstudio.core.rolling_origin import Origins, check_backtest, only_series, rolling_origins
from rnnstudio.core.sequence import SequenceData
from rnnstudio.core.series_ends import series_ends
from rnnstudio.core.settings import DataSettings
from rnnstudio.core.simple_forecasts import SEASONAL, SIMPLE, history_of, simple_forecasts
from rnnstudio.core.wording import listed
from rnnstudio.results.backtest_bands import backtest_bands
from rnnstudio.results.backtest_network import FittedNetwork, fit_network, network_forecasts
from rnnstudio.results.backtest_result import Backtest

if TYPE_CHECKING:
    import pandas as pd

Doubles = NDArray[np.float64]
Report = Callable[[int, int, str], None]  # parts done, of how many, and what is computed


@dataclass(frozen=True)
class Request:
    """What a backtest computes.

    Attributes:
        origins: Number of origins; None where they are spread over the test set.
        steps: Steps ahead; None for the horizon, or a season where each prediction is fed back.
        every: Rows from one origin to the next; None to spread them.
        refit: Whether the network is trained again at each origin.
    """

    origins: int | None = None
    steps: int | None = None
    every: int | None = None
    refit: bool = False


@dataclass(frozen=True)
class Subject:
    """What is backtested.

    Attributes:
        data: The whole series, in original units, with the windows of the run.
        requested: The experiment before automatic settings were chosen.
        experiment: The experiment of the run.
        fitted: The network of the run, where no choice about it used rows of the test set; else None.
        run: Name of the run.
        calibration: What calibrates its bands before the test set; None where it has none.
    """

    data: SequenceData
    requested: Experiment
    experiment: Experiment
    fitted: FittedNetwork | None = None
    run: str = ""
    calibration: Calibration | None = None


def run_backtest(
    subject: Subject,
    request: Request,
    should_stop: Callable[[], bool] = lambda: False,
    report: Report = lambda done, of, text: None,
) -> Backtest:
    """Return the backtest of a network.

    Without refit the network of the run is used, if no row from the first origin on had a part in it; else one is
    trained on the rows before the first origin. Automatic settings, scalers and season are those of the rows before the
    first origin, and with refit the scalers those of the rows before each.

    Args:
        subject: The series and the network.
        request: Origins, steps and refit.
        should_stop: Asked before each chunk of updates, and between the parts.
        report: Receives the progress.

    Raises:
        StoppedError: `should_stop` was true.
        DataError: The data cannot be backtested.
        SettingError: The origins or steps do not fit the series.
    """
    data = subject.data
    check_backtest(data, str(getattr(subject.experiment.data, "missing", "")))
    horizon = 1 if data.return_sequences else data.target_steps
    steps = request.steps or (max(1, data.period) if data.return_sequences else horizon)
    origins = rolling_origins(data, steps, max(steps, horizon), request.origins, request.every)
    data, experiment, fitted, notes = _at_first_origin(subject, origins, refit=request.refit)
    data, origins, left_out = _with_windows(data, experiment, origins, is_of_run=fitted is not None)
    notes += left_out
    has_bands = bool(experiment.training.levels) and data.task == "forecast"
    parts = (origins.count if request.refit else 1) + 1 + has_bands
    first = before_origin(data, experiment.data, origins.ends[0])
    period = first.period if fitted is None else subject.data.period
    columns: dict[str, Doubles] = {}
    at_first: FittedNetwork | None = fitted
    of_network: list[Doubles] = []
    of_ridge: list[Doubles] = []
    with_ridge = first.window_samples * first.inputs.shape[2] + steps * len(first.known) <= MAX_INPUTS
    ridge: Ridge | None = None
    for k in range(origins.count if request.refit else 1):
        chosen = origins.is_forecast if not request.refit else _only_row(origins.is_forecast, k)
        report(k, parts, f"network, origin {k + 1:,} of {origins.count:,}" if request.refit else "network")
        if should_stop():
            raise StoppedError("The backtest was stopped.")
        if fitted is None or request.refit:
            fitted = fit_network(data, experiment, origins.ends[k], should_stop)
            at_first = at_first or fitted
        if not chosen.any():
            continue
        of_network.append(network_forecasts(fitted, data, origins, chosen))
        if with_ridge:
            known = before_origin(data, experiment.data, origins.ends[k])
            ridge = fit_ridge(known, steps)
            k_of, n_of = np.nonzero(chosen)
            of_ridge.append(ridge.forecast(data, origins.ends[k_of, n_of], n_of))
    forecasts = np.concatenate(of_network)
    columns["network"] = forecasts[:, :, forecasts.shape[2] // 2]
    if has_bands and at_first is not None:
        report(parts - 2, parts, "bands")
        own = subject.calibration if at_first is subject.fitted else None
        columns |= backtest_bands(at_first, data, origins, forecasts, own, should_stop)
    report(parts - 1, parts, "baselines")
    columns |= _of_simple_methods(data, origins, period, should_stop)
    if of_ridge:
        columns["ridge"] = np.concatenate(of_ridge)
    notes += _notes(data, origins, period, with_ridge=with_ridge)
    report(parts, parts, "")
    return Backtest(
        steps=steps,
        origins=origins.count,
        every=origins.every,
        refit=request.refit,
        period=period,
        scales=_scales(data, origins, period),
        table=_table(data, origins, columns),
        settings=experiment.flat(),
        notes=tuple(notes),
        run=subject.run,
    )


def _at_first_origin(
    subject: Subject, origins: Origins, *, refit: bool
) -> tuple[SequenceData, Experiment, FittedNetwork | None, list[str]]:
    """Return the series, settings for the rows before the first origin, and the network of the run if it fits them."""
    data, experiment = subject.data, subject.experiment
    begins, first = data.set_begins, origins.ends[0]
    is_before = begins is not None and bool((first >= np.minimum(begins[:, 1], series_ends(data))).all())
    if is_before and subject.fitted is not None and not refit:
        return data, experiment, subject.fitted, []
    notes = [] if refit else ["The network was trained again, because rows after the first origin had a part in it."]
    data = without_later_categories(data, first)

    requested = subject.requested
    is_chosen = "calendar" in requested.automatic

    def read(settings: DataSettings) -> SequenceData:
        wanted = bool(getattr(settings, "calendar", False))
        return with_calendar(data, first, wanted=wanted) if is_chosen else data

    def load(settings: DataSettings, seed: int) -> SequenceData:
        return before_origin(read(settings), settings, first)

    shares = settings_before(requested.data, is_automatic="val_fraction" in requested.automatic)
    resolved = resolve(requested.model_copy(update={"data": shares}), load)
    experiment, training = resolved.experiment, resolved.experiment.training
    if not len(resolved.data.val) and (training.patience or training.restore_best_weights):
        experiment = experiment.with_values({"patience": 0, "restore_best_weights": False})
        notes.append("The rows before the first origin have no validation set, so that the last weights are kept.")
    return read(experiment.data), experiment, None, notes


def _with_windows(
    data: SequenceData, experiment: Experiment, origins: Origins, *, is_of_run: bool
) -> tuple[SequenceData, Origins, list[str]]:
    """Return the series that have a training window before the first origin, with their origins and a note.

    Those of the network of the run all remain, because its scalers are theirs.
    """
    layout = layout_of(data, experiment.data)
    known = before_origin(data, experiment.data, origins.ends[0])
    counts = np.bincount(known.starts[known.train] // known.inputs.shape[1], minlength=len(data.inputs))
    kept = np.arange(len(data.inputs)) if is_of_run else np.flatnonzero(counts)
    is_forecast = origins.is_forecast & (origins.ends >= layout.window * layout.frame)
    if not len(kept) or not is_forecast[:, kept].any():
        raise SettingError(
            f"window must fit into the rows before the first origin: a window of {layout.window:,} steps takes "
            f"{layout.total_samples:,} rows with its targets, and the longest series has {origins.ends[0].max():,} "
            "rows there. Choose a smaller window, or fewer origins.",
            "window",
        )
    if len(kept) == len(data.inputs):
        return data, replace(origins, is_forecast=is_forecast), []
    names = listed([repr(name) for i, name in enumerate(data.series) if i not in set(kept.tolist())], 6)
    notes = [f"Series without a training window before the first origin are left out: {names}."]
    chosen = replace(origins, ends=origins.ends[:, kept], is_forecast=is_forecast[:, kept])
    return only_series(data, kept), chosen, notes


def _of_simple_methods(
    data: SequenceData, origins: Origins, period: int, should_stop: Callable[[], bool]
) -> dict[str, Doubles]:
    """Return the forecasts of the methods that read the history of a target alone, `(n, steps, D)` each."""
    rows, targets = np.argwhere(origins.is_forecast), data.targets.shape[-1]
    histories = [history_of(data.targets[n, : origins.ends[k, n], d]) for k, n in rows.tolist() for d in range(targets)]
    columns = {}
    for name in SIMPLE:
        if should_stop():
            raise StoppedError("The backtest was stopped.")
        if name == SEASONAL and period < 2:
            continue
        values = simple_forecasts(name, histories, origins.steps, period)
        columns[name] = values.reshape(len(rows), targets, origins.steps).transpose(0, 2, 1)
    return columns


def _scales(data: SequenceData, origins: Origins, period: int) -> dict[tuple[str, str], float]:
    """Return what MASE divides by: the error of the seasonal naive forecast on the rows before the first origin."""
    scales = {}
    names = data.target_names if len(data.target_names) > 1 else ("",)
    for n, series in enumerate(data.series or ("",)):
        for d, target in enumerate(names):
            values = data.targets[n, : origins.ends[0, n], d].astype(np.float64)
            scales[series, target] = in_sample_error(values, period)
    return scales


def _table(data: SequenceData, origins: Origins, values: dict[str, Doubles]) -> pd.DataFrame:
    """Return the long table of values `(n, steps, D)`, in the order of series, targets, origins and steps ahead."""
    import pandas as pd

    k, n = np.nonzero(origins.is_forecast)
    ends, ahead, targets = origins.ends[k, n], np.arange(origins.steps), data.targets.shape[-1]
    rows = ends[:, None] + ahead  # (n, steps)
    shape = (*rows.shape, targets)

    def spread(of_windows: NDArray[Any]) -> NDArray[Any]:
        wide = of_windows.reshape(*of_windows.shape, *[1] * (3 - of_windows.ndim))
        return np.broadcast_to(wide, shape)

    columns: dict[str, NDArray[Any]] = {}
    if data.series:
        columns["series"] = spread(np.array(data.series, object)[n])
    if targets > 1:
        columns["target"] = np.broadcast_to(np.array(data.target_names, object), shape)
    columns |= {"origin_number": spread(k + 1), "origin": spread(ends - 1)}
    if data.times is not None:
        columns["origin_time"] = spread(data.times[n, ends - 1])
    columns |= {"step_ahead": np.broadcast_to((ahead + 1)[None, :, None], shape), "step": spread(rows)}
    if data.times is not None:
        columns["time"] = spread(data.times[n[:, None], rows])
    columns["truth"] = data.targets[n[:, None], rows].astype(np.float64)
    columns |= values
    order = np.argsort(n, kind="stable")
    ordered = {name: of_rows[order].transpose(0, 2, 1).ravel() for name, of_rows in columns.items()}
    return pd.DataFrame(ordered)


def _only_row(mask: NDArray[np.bool_], row: int) -> NDArray[np.bool_]:
    only = np.zeros_like(mask)
    only[row] = mask[row]
    return only


def _notes(data: SequenceData, origins: Origins, period: int, *, with_ridge: bool) -> list[str]:
    """Return what limits the methods, one sentence each."""
    notes = []
    longest = int(origins.ends.max())
    read = most_rows(int(origins.is_forecast.sum()) * data.targets.shape[-1], period)
    if read < longest:
        notes.append(f"ETS and theta read the last {read:,} rows before each origin.")
    if period < 2:
        notes.append("No season is known, so that there is no seasonal naive forecast, and MASE is scaled by one row.")
    if not with_ridge:
        notes.append(f"Ridge regression is left out: a window has more than {MAX_INPUTS:,} values.")
    absent = int((~origins.is_forecast).sum())
    if data.series and absent:
        notes.append(
            f"{absent:,} of {origins.is_forecast.size:,} forecasts are left out, because a series has no window before "
            "an origin, or not all steps after it."
        )
    return notes
