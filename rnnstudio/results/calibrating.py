"""Calibration of the bands of a forecast, by rows that neither trained a network nor chose its weights."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from rnnstudio.core.bands import Calibration, calibration_of, margins_at_end
from rnnstudio.core.errors import RnnStudioError, StoppedError
from rnnstudio.core.experiment import Experiment
from rnnstudio.core.origin_data import before_origin, layout_of, rows_until, settings_before
from rnnstudio.core.rolling_origin import Ends, Origins
from rnnstudio.core.sequence import SequenceData
from rnnstudio.core.series_ends import series_ends
from rnnstudio.results.backtest_network import FittedNetwork, fit_network, network_forecasts, predicted_windows

Doubles = NDArray[np.float64]
_SHARES = (0.5, 0.6, 0.7, 0.8, 0.9)  # of the rows before the test set that precede the earlier origins
_ENOUGH = 200  # errors, of which the rows after each of them give a tenth of the rows before the test set
_MAX_OF_PART = 500  # origins between two of them


def calibrate(
    fitted: FittedNetwork,
    data: SequenceData,
    steps: int,
    should_stop: Callable[[], bool] = lambda: False,
    report: Callable[[int, int], None] = lambda done, of: None,
) -> Calibration | None:
    """Return the calibration of a network before its test set; None where no row is left for it.

    A part of a large validation set does not choose the weights, and calibrates the network itself. Otherwise networks
    with the same settings are trained on the rows before earlier origins, and predict the rows after them.

    Args:
        fitted: The network.
        data: Its data, as it was trained.
        steps: Steps ahead, from 1; beyond the horizon predictions are fed back.
        should_stop: Asked between chunks of updates.
        report: Receives how many networks are trained, and of how many.

    Raises:
        StoppedError: `should_stop` was true.
    """
    levels = tuple(fitted.experiment.training.levels)
    if len(data.calibration) and steps <= data.target_steps:
        windows = data.calibration
        truth, values = predicted_windows(fitted, data, windows)
        series = data.starts[windows] // data.inputs.shape[1]
        calibration = calibration_of(levels, truth[:, :steps], values[:, :steps], series)
        return _with_margins(calibration, fitted, data)
    ends = series_ends(data)
    if data.set_begins is not None:
        ends = np.minimum(ends, data.set_begins[:, 1])
    return calibrate_before(fitted, data, ends, steps, should_stop, report)


def calibrate_before(
    fitted: FittedNetwork,
    data: SequenceData,
    ends: Ends,
    steps: int,
    should_stop: Callable[[], bool] = lambda: False,
    report: Callable[[int, int], None] = lambda done, of: None,
) -> Calibration | None:
    """Return the calibration by networks that were trained on the rows before earlier origins; None where none can be.

    Args:
        fitted: The network that is calibrated.
        data: The series.
        ends: Rows of each series that the calibration may read, `(N,)`.
        steps: Steps ahead.
        should_stop: Asked between chunks of updates.
        report: As for `calibrate`.

    Raises:
        StoppedError: `should_stop` was true.
        RnnStudioError: No network can be trained on the rows before an earlier origin.
    """
    before = settings_before(fitted.experiment.data, is_automatic=False)  # no test set
    experiment = fitted.experiment.model_copy(update={"data": before})
    layout = layout_of(data, experiment.data)
    parts: list[tuple[Doubles, Doubles, NDArray[np.intp], NDArray[np.int64]]] = []
    count = min(len(_SHARES), -(-10 * _ENOUGH // max(1, int(ends.max()))))
    cuts = [rows_until(data, ends, share) for share in _SHARES[-count:]]
    experiment = _with_batch(experiment, data, cuts)
    trained, compiled, problem = 0, None, None
    for done, (cut, following) in enumerate(zip(cuts, [*cuts[1:], ends], strict=True)):
        report(done, len(cuts))
        if should_stop():
            raise StoppedError("The calibration of the bands was stopped.")
        origins = _all_origins(data, cut, np.minimum(following, ends - steps + 1), layout.window * layout.frame, steps)
        if not origins.is_forecast.any():
            continue
        try:
            network = replace(_fit(data, experiment, cut, should_stop), compiled=compiled)
            if network.has_diverged:
                raise RnnStudioError("the loss at an earlier origin diverged. Choose a smaller learning_rate.")
            compiled = network.network.predictor
            predicted = network_forecasts(network, data, origins, origins.is_forecast)
        except StoppedError:
            raise
        except RnnStudioError as error:  # such as too few rows before an early origin
            problem = error
            continue
        trained += 1
        k, n = np.nonzero(origins.is_forecast)
        rows = origins.ends[k, n][:, None] + np.arange(steps)  # (n, steps)
        truth = data.targets[n[:, None], rows].astype(np.float64)
        parts.append((truth, predicted, n, origins.ends[k, n]))
    if not parts and problem is not None:
        raise problem
    if not parts:
        return None
    truth, values, series, at = (np.concatenate(own) for own in zip(*parts, strict=True))
    order = np.lexsort((at, series))
    levels = tuple(fitted.experiment.training.levels)
    calibration = calibration_of(levels, truth[order], values[order], series[order], origins=trained)
    return _with_margins(calibration, fitted, data)


def _fit(data: SequenceData, experiment: Experiment, cut: Ends, should_stop: Callable[[], bool]) -> FittedNetwork:
    """Return the network of an earlier origin, which keeps its last weights where no row is left to choose others."""
    training = experiment.training
    if (training.patience or training.restore_best_weights) and not len(before_origin(data, experiment.data, cut).val):
        experiment = experiment.with_values({"patience": 0, "restore_best_weights": False})
    return fit_network(data, experiment, cut, should_stop)


def _with_batch(experiment: Experiment, data: SequenceData, cuts: Sequence[Ends]) -> Experiment:
    """Return the settings with a batch that the rows before each origin hold: one compiled program then serves all."""
    counts = [len(before_origin(data, experiment.data, cut).train) for cut in cuts]
    batch, fewest = experiment.training.batch_size, min((count for count in counts if count), default=0)
    if not fewest or 0 < batch <= fewest:
        return experiment
    return experiment.with_values({"batch_size": fewest})


def _all_origins(data: SequenceData, first: Ends, end: Ends, samples: int, steps: int) -> Origins:
    """Return origins at the rows of each series from `first` up to before `end`, of many rows evenly spaced ones."""
    count = max(0, int((end - first).max(initial=0)))
    every = -(-count // _MAX_OF_PART) or 1
    ends = first[None] + np.arange(0, count, every)[:, None]
    return Origins(ends, (ends < end) & (ends >= samples), every, steps)


def _with_margins(calibration: Calibration, fitted: FittedNetwork, data: SequenceData) -> Calibration:
    return replace(calibration, margins=margins_at_end(calibration, fitted.scalers.targets, len(data.inputs)))
