"""Axes: labels that fit, and whole numbers where an axis counts."""

import pytest

from rnnstudio.gui.charts.axes import NumberAxis
from tests.gui.histories import finished_history


def test_a_label_longer_than_its_axis_is_elided(draw_plot):
    plot = draw_plot("accuracy", "airline", finished_history("airline", 100), size=(480, 160))
    axis = plot.axes.getAxis("left")
    assert axis.labelText.startswith("error (")
    assert axis.labelText.endswith("…")
    assert axis.label.boundingRect().width() <= axis.size().height() + 4


@pytest.mark.parametrize("side", ["left", "bottom"])
def test_only_an_axis_that_counts_is_limited_to_whole_numbers(qapp, side):
    counting, measuring = NumberAxis(side, whole_numbers=True), NumberAxis(side)
    assert counting.tickValues(0, 0.9, 400)[0][1] == [0.0]
    assert len(measuring.tickValues(0, 0.9, 400)[0][1]) > 3
