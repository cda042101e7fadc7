"""ROC curve and precision-recall curve: what is drawn is what the probabilities give."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from rnnstudio.core.events import Scored
from rnnstudio.gui.plots.precision_recall import PrecisionRecallPlot
from rnnstudio.gui.plots.roc import RocPlot
from tests.gui.histories import finished_history, started_history, two_class_points


def area(x, y) -> float:
    return float(np.sum(np.diff(x) * (y[1:] + y[:-1]) / 2))


@pytest.mark.parametrize("threshold", [None, 0.31])
def test_the_areas_under_the_drawn_curves_are_the_ones_in_the_legends(draw_plot, threshold):
    points = two_class_points(threshold)
    history = finished_history("two_classes", 50)
    history.apply(Scored(50, points))
    roc, precision = (draw_plot(name, "two_classes", history) for name in ("roc", "precision_recall"))
    x, y = roc._curve.getData()
    assert area(x, y) == pytest.approx(points.roc_auc)
    assert (x[0], y[0], x[-1], y[-1]) == (0, 0, 1, 1)
    assert f"ROC curve, AUC {points.roc_auc:.4g}" in roc.legend.texts
    assert area(*precision._curve.getData()) == pytest.approx(points.average_precision)
    assert f"Precision, average {points.average_precision:.4g}" in precision.legend.texts
    prevalence = points.positives / (points.positives + points.negatives)
    assert precision._chance.getData()[1].tolist() == [prevalence] * 2
    text = "Threshold 0.31 (chosen on the validation set)" if threshold else "Threshold 0.5 (the more probable class)"
    for plot in (roc, precision):
        assert text in plot.legend.texts
        counts = f"Test set: {points.positives} faulty, {points.negatives} sound; after update 50"
        assert any(text.startswith(counts) for text in plot.legend.texts)
    mark_x, mark_y = (values[0] for values in roc._mark.getData())
    i = np.flatnonzero(points.scores >= points.threshold)[-1]
    assert (mark_x, mark_y) == (points.false_positive_rate[i], points.recall[i])
    mark_x, mark_y = (values[0] for values in precision._mark.getData())
    assert (mark_x, mark_y) == (points.recall[i], points.precision[i])


def test_labels_name_both_classes(draw_plot):
    roc = draw_plot("roc", "two_classes", finished_history("two_classes", 50))
    assert roc.axes.getAxis("bottom").labelText == "false positive rate (share of sound)"
    assert roc.axes.getAxis("left").labelText.replace("<br>", " ") == "true positive rate (recall of faulty)"


@pytest.mark.parametrize("name", ["roc", "precision_recall"])
def test_the_readout_has_the_counts_of_one_threshold(draw_plot, name):
    points = two_class_points()
    plot = draw_plot(name, "two_classes", finished_history("two_classes", 50))
    for x in (0.0, 0.37, 1.0):
        text, position = plot.readout(x)
        threshold = float(text.splitlines()[0].removeprefix("Threshold "))
        i = int(np.argmin(np.abs(points.scores - threshold)))
        assert f"faulty found: {points.true_positives[i]} of {points.positives}" in text
        assert f"sound predicted as faulty: {points.false_positives[i]} of {points.negatives}" in text
        assert position == x
        if name == "roc":
            assert points.false_positive_rate[i] <= x or i == 0
        else:
            assert points.recall[i] >= x
    assert plot.readout(1.5)[0] == ""


def test_a_run_of_an_earlier_version_says_why_it_has_no_curve(draw_plot):
    history = finished_history("two_classes", 50)
    history.points = None
    for name in ("roc", "precision_recall"):
        assert "earlier version" in draw_plot(name, "two_classes", history).message


def test_curves_are_for_two_classes_which_the_data_say():
    for plot in (RocPlot, PrecisionRecallPlot):
        assert plot.suits_data(started_history("two_classes", 1).info)
        assert plot.suits_data(started_history("echo", 1).info)
        assert not plot.suits_data(started_history("classes", 1).info)
        assert not plot.suits_data(None)
        info = started_history("two_classes", 1).info
        assert not plot.suits_data(replace(info, windows={"train": 100, "val": 0, "test": 0}))
