"""The plot of predicted against true values."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import QPointF

from tests.gui.histories import finished_history


@pytest.fixture
def plot(draw_plot):
    return draw_plot("predicted_true", "values", finished_history("values", 100))


def test_each_sequence_is_a_point_at_its_true_and_predicted_value(plot):
    predictions = finished_history("values", 100).predictions
    across, up = plot.points.getData()
    np.testing.assert_array_equal(across, predictions.truth)
    np.testing.assert_array_equal(up, predictions.predicted.astype(float))
    assert plot.baseline.value() == 50
    assert plot.axes.getAxis("bottom").label.toPlainText().strip() == "true passengers (hours)"
    assert plot.axes.getAxis("left").label.toPlainText().strip() == "predicted passengers (hours)"
    table = plot.to_frame()
    np.testing.assert_array_equal(table["sequence"], np.arange(101, 161))
    np.testing.assert_array_equal(table["truth"], predictions.truth)
    np.testing.assert_array_equal(table["prediction"], predictions.predicted)
    assert (table["baseline"] == 50).all()


def test_the_legend_names_the_set_the_diagonal_the_mean_and_the_update(plot):
    assert plot.legend.texts == [
        "60 sequences of the test set",
        "Predicted = true",
        "Mean of the training set: 50",
        "After update 100",
    ]


def test_both_axes_have_one_range_that_shows_all_points(plot):
    (left, right), (low, high) = plot.axes.viewRange()
    predictions = finished_history("values", 100).predictions
    values = np.concatenate([predictions.truth, predictions.predicted])
    assert left == pytest.approx(low)
    assert right == pytest.approx(high)
    assert left < values.min()
    assert right > values.max()


def test_the_mouse_reads_out_the_nearest_sequence_and_nothing_far_from_all(plot):
    predictions, view = finished_history("values", 100).predictions, plot.axes.vb

    def move_to(x, y):
        plot.canvas.scene().sigMouseMoved.emit(view.mapViewToScene(QPointF(x, y)))

    move_to(predictions.truth[30], float(predictions.predicted[30]))
    assert plot.readout.isVisible()
    assert plot.readout.toPlainText().startswith("Sequence 131\ntrue 50.85 hours\npredicted ")
    move_to(95, 3)
    assert not plot.readout.isVisible()


def test_a_view_that_the_user_chose_stays_until_a_double_click(plot):
    plot.axes.vb.setRange(xRange=(0, 10), yRange=(0, 10), padding=0)
    plot.axes.vb.sigRangeChangedManually.emit([True, True])
    history = finished_history("values", 200)
    history.predictions = replace(history.predictions, predicted=history.predictions.predicted * 2)
    plot.show_history(history)
    assert plot.axes.viewRange()[0] == pytest.approx([0, 10])
    plot.reset_view()
    assert plot.axes.viewRange()[0][1] > 150


def test_equal_values_and_one_sequence_are_drawn(plot):
    history = finished_history("values", 100)
    ones = np.ones(1)
    history.predictions = replace(
        history.predictions, sequence=np.array([7]), truth=ones, predicted=ones, baseline=ones
    )
    plot.show_history(history)
    assert plot.legend.texts[0] == "1 of 20 sequences of the test set"
    assert plot.axes.viewRange()[0][0] < 1 < plot.axes.viewRange()[0][1]
