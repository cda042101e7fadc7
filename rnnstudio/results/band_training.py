"""The bands of a run after its training: calibrated before the test set, and evaluated on it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from rnnstudio.core.coverage import coverage_metrics
from rnnstudio.core.errors import RnnStudioError, StoppedError
from rnnstudio.core.events import Event, FollowUp
from rnnstudio.core.target_units import units_differ
from rnnstudio.results.run import Run


def add_bands(run: Run, emit: Callable[[Event], None], should_stop: Callable[[], bool]) -> None:
    """Calibrate the bands of a run, and add their coverage and width on the test set to its metrics.

    What goes wrong must not lose the run: it is one of its warnings.

    Args:
        run: A run of a forecast with `levels`.
        emit: Receives what is done.
        should_stop: Asked between chunks of updates.
    """
    from rnnstudio.results.backtest_network import FittedNetwork  # loads TensorFlow
    from rnnstudio.results.calibrating import calibrate

    if run.outcome not in ("completed", "early_stopped"):
        run.warnings.append("The training ended before it was complete, so its forecasts have no bands.")
        return
    data = run.data()
    fitted = FittedNetwork(run.experiment, run.info, run.scalers, run.weights)

    def report(done: int, of: int) -> None:
        emit(FollowUp(f"calibrating the bands, network {done + 1} of {of}"))

    try:
        calibration = calibrate(fitted, data, data.target_steps, should_stop, report)
    except StoppedError:
        run.warnings.append("The calibration of the bands was stopped, so forecasts have none.")
        return
    except RnnStudioError as error:
        run.warnings.append(f"Forecasts have no bands: {error}")
        return
    if calibration is None:
        run.warnings.append("Forecasts have no bands: too few rows precede the test set to calibrate them.")
        return
    run.calibration = calibration
    if len(data.test):
        table = run.held_out()
        run.metrics |= coverage_metrics(table.blocks(), calibration.levels, units_differ=units_differ(data))
        if table.margins is not None and not run.chosen_on_test:  # whose errors on the test set are too small
            run.calibration = replace(calibration, margins=table.margins)
    if run.calibration.warning:
        run.warnings.append(run.calibration.warning)
