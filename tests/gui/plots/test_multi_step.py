"""The plot of multi-step forecasts."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from rnnstudio.core.events import Finished, Predicted
from rnnstudio.core.experiment import compose
from rnnstudio.gui.charts.single_forecast import baseline_forecast
from rnnstudio.gui.plots.multi_step import NO_FORECAST, MultiStepPlot
from tests.gui.histories import (
    dated,
    finished_history,
    multi_step_predictions,
    several_series_history,
    started_history,
)

SIZE = (560, 400)


@pytest.fixture
def plot(draw_plot):
    return draw_plot("multi_step", "multi_step", finished_history("multi_step", 100), size=SIZE)


def test_it_suits_forecasts_of_several_steps():
    assert MultiStepPlot.suits(compose("arrays", {"task": "forecast", "horizon": 10}))
    assert not MultiStepPlot.suits(compose("arrays", {"task": "forecast", "horizon": 1}))
    assert not MultiStepPlot.suits(compose("airline", {}))


def test_both_forecasts_start_at_the_same_step(plot):
    assert plot.multi_step.start_line.value() == plot.free.start_line.value() == 474.5
    assert plot.multi_step.legend.texts[0] == "10 samples at once:"
    assert plot.free.legend.texts[0] == "100 samples free-running:"
    for forecast in (plot.multi_step, plot.free):
        pens = [entry.pen for entry in forecast.legend.entries if entry.pen is not None]
        assert len({tuple(pen.dashPattern()) for pen in pens}) == 3, "colour is not the only difference"
        (left, right), _ = forecast.axes.vb.viewRange()
        assert left < 474 < right
    assert plot.free.axes.getAxis("bottom").labelText == "sample (50 per second)"
    assert "(g)" in plot.multi_step.axes.getAxis("left").labelText


def test_the_rmse_of_prediction_and_baseline_is_in_the_legend(plot):
    series = multi_step_predictions().truth
    truth, last = series[375:385], series[374]
    baseline = float(np.sqrt(np.mean((truth - last) ** 2)))
    assert plot.multi_step.errors() == pytest.approx({"prediction": 2.0, "baseline": baseline}, rel=1e-4)
    assert "Prediction (RMSE 2)" in plot.multi_step.legend.texts
    assert plot.multi_step.legend.texts[-2].startswith("Naive last value (RMSE ")
    assert plot.multi_step.legend.texts[-1].startswith("After update ")
    assert not plot.free.legend.texts[-1].startswith("After update ")  # once is enough


def test_the_baseline_is_the_last_value_or_the_last_season_whichever_is_closer():
    truth = np.tile([0.0, 1.0, 2.0, 3.0], 6)
    name, values = baseline_forecast(truth, np.arange(20, 30), 4)
    assert name == "seasonal_last_value"
    assert values.tolist() == [0, 1, 2, 3, 0, 1, 2, 3, 0, 1], "it continues after the end of the series"
    assert baseline_forecast(truth, np.arange(20, 30), 0)[0] == "last_value"
    assert baseline_forecast(np.linspace(0, 1, 24), np.arange(20, 24), 4)[0] == "last_value"


def test_hover_shows_sample_seconds_and_values(plot):
    lines = plot.multi_step.readout(476.2)[0].splitlines()
    assert lines[0] == "Sample 476 (9.52 s), in g"
    assert [text.rsplit(" ", 1)[0] for text in lines[1:]] == ["Truth", "Prediction", "Naive last value"]
    assert plot.multi_step.readout(50.0)[0] == ""


def test_the_view_follows_the_predictions_until_the_user_moves_it(draw_plot):
    history = started_history("multi_step", 100)
    history.apply(Predicted(1, multi_step_predictions()))
    plot = draw_plot("multi_step", "multi_step", history, size=SIZE)
    far_off = replace(multi_step_predictions(), multi_step=np.full(10, 220.0, np.float32))
    plot.multi_step.axes.vb.sigRangeChangedManually.emit([True, True])
    view = plot.multi_step.axes.vb.viewRange()
    history.apply(Predicted(2, far_off))
    history.apply(Finished("completed"))
    plot.show_history(history)
    assert plot.multi_step.axes.vb.viewRange() == view
    assert "10 outside the view" in plot.legend.texts
    plot.reset_view()
    assert "10 outside the view" not in plot.legend.texts


def test_without_a_free_running_forecast_the_multi_step_forecast_stands_alone(draw_plot):
    history = started_history("multi_step", 100)
    history.apply(Predicted(1, replace(multi_step_predictions(), free_at=None, free=None)))
    plot = draw_plot("multi_step", "multi_step", history, size=SIZE)
    assert not plot.free.axes.isVisible()
    assert plot.multi_step.axes.getAxis("bottom").labelText == "sample (50 per second)"
    assert plot.to_frame()["multi_step"].notna().sum() == 10


def test_the_table_has_a_row_per_predicted_step(plot):
    table = plot.to_frame().set_index("step")
    assert table.columns.tolist() == ["truth", "multi_step", "free", "naive"]
    assert table.index.tolist() == list(range(475, 575))
    assert table["multi_step"].notna().sum() == 10
    assert table["truth"].notna().sum() == 25, "the series ends before the free-running forecast does"
    assert table["naive"].nunique() == 1


def test_a_run_without_a_multi_step_forecast_says_why(draw_plot):
    history = started_history("multi_step", 100)
    no_forecast = {"naive": None, "free_at": None, "free": None, "multi_step_at": None, "multi_step": None}
    history.apply(Predicted(1, replace(multi_step_predictions(), **no_forecast)))
    plot = draw_plot("multi_step", "multi_step", history, size=SIZE)
    assert plot.message == NO_FORECAST


def test_both_forecasts_have_dates(draw_plot):
    plot = draw_plot("multi_step", "multi_step", dated(finished_history("multi_step", 100), "h", "2022-10-25"))
    hours = pd.date_range("2022-10-25", periods=475, freq="h")  # of steps 100 to 574
    for forecast in (plot.multi_step, plot.free):
        assert forecast.readout(475)[0].startswith("2022-11-09 15:00 (sample 475")
    assert plot.free.axes.getAxis("bottom").labelText.startswith("time (50 per second")
    table = plot.to_frame()
    assert table["time"].tolist() == list(hours[table["step"] - 100])


def test_one_of_several_series_is_chosen_and_named(draw_plot):
    history = several_series_history("multi_step", ("north", "south"))
    plot = draw_plot("multi_step", "multi_step", history, size=SIZE)
    assert plot.multi_step.legend.texts[0] == "Series north: 10 samples at once:"
    plot.series.choose(1)
    assert plot.multi_step.legend.texts[0] == "Series south: 10 samples at once:"
    assert plot.free.legend.texts[0] == "Series south: 100 samples free-running:"
    expected = history.predictions.one(1)
    table = plot.to_frame().set_index("step")
    np.testing.assert_array_equal(table["multi_step"].dropna(), expected.multi_step)
    np.testing.assert_array_equal(table["free"], expected.free)
