"""A free-running forecast from a step of the series that the user chooses in the plot of a forecast."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from rnnstudio.core.predictions import SeriesPredictions
from rnnstudio.gui.background import BackgroundThread
from rnnstudio.gui.pages import Pages

_MIN_FORECAST, _MAX_FORECAST = 20, 1000  # steps


def show_forecast_from(
    start: int, pages: Pages, background: BackgroundThread, on_error: Callable[[BaseException], None]
) -> None:
    """Compute a forecast with the weights that the plots show, and draw it, unless others are shown by then.

    Args:
        start: The step of the series at which it starts.
        pages: The plots.
        background: Computes it.
        on_error: Receives what goes wrong.
    """
    run, picker = pages.moments.shown, pages.live.forecast.series
    drawn, predictions = picker.name, None if run is None else picker.one_of(run.record.predictions)
    if run is None or not isinstance(predictions, SeriesPredictions):
        return
    end = predictions.first + len(predictions.truth)
    steps = min(max(_MIN_FORECAST, end - start), _MAX_FORECAST)

    def show(values: NDArray[np.float32]) -> None:
        if pages.moments.shown is run and picker.name == drawn:
            pages.live.forecast.show_free_run(range(start, start + steps), values)

    targets = max(1, len(run.info.drawn_names) // max(1, len(run.info.series)))
    series = run.info.series[picker.index // targets] if run.info.series else ""
    background.submit(lambda: run.forecast(steps, start, series), show, on_error)
