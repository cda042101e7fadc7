"""Axes: labels that fit, and whole numbers where an axis counts."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtGui import QFontMetricsF

from rnnstudio.gui.charts.axes import NumberAxis
from rnnstudio.gui.charts.text import broken_into_lines, small_font
from tests.gui.histories import finished_history


@pytest.mark.parametrize("height", [180, 200, 300])
@pytest.mark.parametrize(("name", "kind"), [("accuracy", "airline"), ("loss", "airline"), ("forecast", "airline")])
def test_the_label_of_a_short_axis_is_broken_into_lines_and_complete(draw_plot, name, kind, height):
    plot = draw_plot(name, kind, finished_history(kind, 100), size=(300, height))
    plot.grab()
    for axes in plot._axes:
        axis = axes.getAxis("left")
        full = "error (thousand passengers)" if name == "accuracy" else axis.labelText.replace("<br>", " ")
        assert axis.labelText.replace("<br>", " ") == full
        assert "…" not in axis.labelText
        label = axis.label.mapRectToParent(axis.label.boundingRect())
        assert label.height() <= axis.size().height() + 4
        assert label.right() <= axis.size().width() - axis.textWidth  # beside the numbers
        assert abs(label.center().y() - axis.size().height() / 2) < 4


@given(st.text("abcdefg (°)", min_size=1, max_size=60).map(str.strip).filter(bool), st.integers(20, 300))
def test_lines_of_a_label_fit_and_are_complete_unless_one_is_elided(qapp, text, width):
    metrics = QFontMetricsF(small_font())
    lines = broken_into_lines(text, width, metrics)
    assert 1 <= len(lines) <= 3
    assert max(map(metrics.horizontalAdvance, lines)) <= max(width, metrics.horizontalAdvance("…"))
    if not any(line.endswith("…") for line in lines):
        assert " ".join(lines).split() == text.split()


@pytest.mark.parametrize("side", ["left", "bottom"])
def test_only_an_axis_that_counts_is_limited_to_whole_numbers(qapp, side):
    counting, measuring = NumberAxis(side, whole_numbers=True), NumberAxis(side)
    assert counting.tickValues(0, 0.9, 400)[0][1] == [0.0]
    assert len(measuring.tickValues(0, 0.9, 400)[0][1]) > 3
