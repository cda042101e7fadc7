"""The plot of predictions and truth."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd

from rnnstudio.core.events import Finished, Predicted
from tests.gui.drawn import line
from tests.gui.histories import (
    WINDOW,
    add_steps,
    dated,
    finished_history,
    series_predictions,
    several_series_history,
    started_history,
)


def test_the_view_is_fitted_again_at_the_end_unless_the_user_has_moved_it(draw_plot):
    for moved in (False, True):
        history, early = started_history("airline", 100), series_predictions()
        early = replace(early, one_step=np.full_like(early.one_step, 220))
        add_steps(history, [1.0])
        history.apply(Predicted(1, early))
        plot = draw_plot("forecast", "airline", history)
        if moved:
            plot.axes.vb.sigRangeChangedManually.emit([True, True])
        history.apply(Predicted(1, series_predictions()))
        plot.show_history(history)
        assert plot.axes.vb.viewRange()[1][1] > 220
        history.apply(Finished("completed", "", 1.0))
        plot.show_history(history)
        assert (plot.axes.vb.viewRange()[1][1] < 200) is not moved


def test_a_series_shows_truth_predictions_baseline_and_splits(draw_plot):
    plot = draw_plot("forecast", "airline", finished_history("airline", 100))
    assert plot.legend.texts == [
        "Truth",
        "Naive last value",
        "One-step prediction",
        "Free-running forecast",
        "After update 100",
    ]
    dashes = [tuple(entry.pen.dashPattern()) for entry in plot.legend.entries if entry.pen]
    assert len(set(dashes)) == len(dashes)
    assert plot.start_line.value() == 114.5
    assert plot.shading.visible_names == ["training", "test"]
    assert "thousand passengers" in plot.axes.getAxis("left").labelText
    assert plot.readout(130.2)[0].splitlines()[0] == "Month 130, in thousand passengers"


def test_a_line_is_interrupted_where_nothing_is_predicted(draw_plot):
    plot = draw_plot("forecast", "airline", finished_history("airline", 100))
    x, y = line(plot.lines.traces["one_step"].item)
    assert np.isnan(y[(x > 109) & (x < 120)]).all()
    assert np.isfinite(y[(x <= 109) | (x >= 120)]).all()


def test_the_slider_asks_for_another_free_running_forecast_which_is_drawn(draw_plot, qtbot):
    plot = draw_plot("forecast", "airline", finished_history("airline", 100))
    slider = plot.start.slider
    assert not slider.isEnabled()
    plot.enable_start(True)
    assert (slider.minimum(), slider.maximum(), slider.value()) == (WINDOW, 140, 115)
    with qtbot.waitSignal(plot.start_chosen, timeout=2000) as chosen:
        slider.setValue(60)
        slider.setValue(70)
    assert chosen.args == [70]
    plot.show_free_run(range(70, 90), np.full((20, 1), 111.0))
    table = plot.to_frame().set_index("step")
    assert table["free"].dropna().index.tolist() == list(range(70, 90))
    assert plot.start_line.value() == 69.5
    plot.show_free_run(80, np.full(5, 99.0))
    assert plot.to_frame().set_index("step")["free"].dropna().index.tolist() == list(range(80, 85))


def test_predictions_far_off_leave_the_truth_readable_and_are_counted(draw_plot):
    history = started_history("airline", 10)
    predictions = series_predictions()
    predictions.one_step[:] = 1e30
    history.apply(Predicted(10, predictions))
    plot = draw_plot("forecast", "airline", history)
    _, (low, high) = plot.axes.vb.viewRange()
    assert high - low < 1000
    assert f"{len(predictions.one_step)} outside the view" in plot.legend.texts


def test_a_long_series_opens_around_the_test_set(draw_plot):
    history = started_history("airline", 10)
    history.apply(Predicted(10, series_predictions(40_000, first=1000)))
    plot = draw_plot("forecast", "airline", history)
    (left, right), _ = plot.axes.vb.viewRange()
    assert right - left < 2000
    assert left < 40_975 < right
    assert all(len(line(trace.item)[0]) < 5000 for trace in plot.lines.traces.values())


def test_separate_sequences_are_drawn_with_the_published_predictions(draw_plot):
    plot = draw_plot("forecast", "toy", finished_history("toy", 100))
    _, y = line(plot.lines.traces["truth"].item)
    assert np.flatnonzero(np.isnan(y)).tolist() == [4]
    assert plot.legend.texts == ["Input", "Truth", "Prediction", "Published prediction", "After update 100"]
    table = plot.to_frame()
    assert table.loc[table["sequence"] == 2, "published"].tolist() == [4.07, 9.08, 11.94, 12.94]
    assert plot.readout(6)[0].startswith("Sequence 2, step 2")
    assert plot.start.isHidden()


def test_dates_stand_on_the_axis_in_the_readout_at_the_slider_and_in_the_table(draw_plot):
    plot = draw_plot("forecast", "airline", dated(finished_history("airline", 100)))
    axis = plot.axes.getAxis("bottom")
    assert axis.labelText == "time"
    assert axis.tickStrings([12.0], 1, 1) == ["1950"]
    assert plot.readout(130.2)[0].splitlines()[0] == "Nov 1959 (month 130), in thousand passengers"
    assert plot.start._text.text() == "Aug 1958 (month 115)"
    plot.show_free_run(range(135, 155), np.full((20, 1), 111.0))
    assert plot.readout(154)[0].startswith("Nov 1961 (month 154)"), "a forecast continues after the end of the data"
    table = plot.to_frame()
    assert list(table.columns[:2]) == ["step", "time"]
    months = pd.date_range("1949-01-01", periods=155, freq="MS")
    assert (table["time"].to_numpy() == months[table["step"]].to_numpy()).all()


def test_a_later_run_without_dates_has_step_numbers_again(draw_plot):
    plot = draw_plot("forecast", "airline", dated(finished_history("airline", 100)))
    plot.show_history(finished_history("airline", 100))
    assert plot.axes.getAxis("bottom").labelText == "month"
    assert plot.axes.getAxis("bottom").tickStrings([12.0], 1, 1) == ["12"]
    assert "time" not in plot.to_frame()


def test_sequences_have_the_date_of_their_middle_step_and_of_every_step_in_the_readout(draw_plot):
    plot = draw_plot("forecast", "toy", dated(finished_history("toy", 100), "h", "2022-10-25 22:00"))
    assert plot.axes.getAxis("bottom").tickStrings([2.0, 7.0], 1, 1) == ["2022-10-26 00:00", "2022-10-26 04:00"]
    assert plot.readout(6)[0].splitlines()[0] == "2022-10-26 03:00 (sequence 2, step 2)"
    hours = pd.date_range("2022-10-25 22:00", periods=8, freq="h")
    assert plot.to_frame()["time"].tolist() == list(hours)


def test_one_of_several_series_is_chosen_and_named(draw_plot):
    history = several_series_history("airline", ("north", "south"))
    plot = draw_plot("forecast", "airline", history)
    assert not plot.series.isHidden()
    assert [plot.series.box.itemText(i) for i in range(2)] == ["north", "south"]
    for index, name in ((0, "north"), (1, "south"), (0, "north")):
        plot.show_series(index)
        expected = history.predictions.one(index)
        assert plot.axes.getAxis("left").labelText.startswith(f"{name}: thousand")
        table = plot.to_frame().set_index("step")
        np.testing.assert_array_equal(table["truth"].dropna(), expected.truth)
        np.testing.assert_array_equal(table["free"].dropna(), expected.free)
        assert plot.start.slider.maximum() == expected.first + len(expected.truth)
    plot.show_series(1)
    history.predictions = replace(history.predictions, truth=history.predictions.truth + 1)
    plot.show_history(history)
    assert plot.series.name == "south", "newer predictions leave the choice"
    np.testing.assert_array_equal(plot.to_frame()["truth"].dropna(), history.predictions.one(1).truth)
    plot.show_history(finished_history("airline", 100))
    assert plot.series.isHidden()
    assert ":" not in plot.axes.getAxis("left").labelText


def test_of_several_targets_the_one_that_is_drawn_is_named(draw_plot):
    history = finished_history("airline", 100)
    assert not [text for text in draw_plot("forecast", "airline", history).legend.texts if "targets" in text]
    history.info = replace(history.info, target_names=("load", "price", "wind"))
    texts = draw_plot("forecast", "airline", history).legend.texts
    assert "load, the first of 3 targets" in texts


def test_the_baseline_of_a_multi_step_run_is_called_one_step_ahead(draw_plot):
    history = finished_history("multi_step", 100)
    assert "Naive last value, one step ahead" in draw_plot("forecast", "multi_step", history).legend.texts
    assert "Naive last value" in draw_plot("forecast", "airline", finished_history("airline", 100)).legend.texts
