"""The plot of errors by step ahead draws the table of the run."""

from __future__ import annotations

import numpy as np

from tests.gui.histories import finished_history, step_errors


def test_the_lines_are_the_errors_of_the_run_and_of_the_baselines(draw_plot):
    plot, errors = draw_plot("by_step", "multi_step", finished_history("multi_step", 100)), step_errors()
    np.testing.assert_array_equal(plot._line.yData, errors.run[0])
    np.testing.assert_array_equal(plot._line.xData, np.arange(1, 11))
    for item, values in zip(plot._baselines, errors.baselines.values(), strict=False):
        np.testing.assert_array_equal(item.yData, values[0])
    assert plot.legend.texts[:3] == ["This run", "naive last value", "seasonal naive"]
    assert plot.to_frame().equals(errors.frame())


def test_a_baseline_that_is_much_worse_does_not_flatten_the_others(draw_plot):
    plot = draw_plot("by_step", "multi_step", finished_history("multi_step", 100))
    (_, (low, high)) = plot.axes.viewRange()
    assert low == 0
    assert 6 < high < 10


def test_the_readout_names_all_errors_of_a_step(draw_plot):
    plot = draw_plot("by_step", "multi_step", finished_history("multi_step", 100))
    text, step = plot.readout(3.7)
    assert step == 4
    assert text.splitlines() == [
        "RMSE 4 ahead",
        "this run 2",
        "naive last value 4",
        "seasonal naive 4",
        "training mean 90",
        "of 120 predictions",
    ]
    assert plot.readout(0.2)[0] == plot.readout(11)[0] == ""
