"""The ROC curve of two classes."""

from __future__ import annotations

import numpy as np

from rnnstudio.core.operating_points import OperatingPoints
from rnnstudio.gui.charts.numbers import number
from rnnstudio.gui.charts.operating_curve import Doubles, OperatingCurve
from rnnstudio.gui.plots import plot


@plot
class RocPlot(OperatingCurve):
    """True positive rate over false positive rate; equal probabilities give a straight line.

    >>> from rnnstudio.core.experiment import compose
    >>> RocPlot.suits(compose("echo", {})), RocPlot.suits(compose("airline", {}))
    (True, False)
    """

    name = "roc"
    title = "ROC curve"
    order = 80

    def curve_of(self, points: OperatingPoints) -> tuple[Doubles, Doubles]:
        """Return false and true positive rates."""
        return np.concatenate([[0.0], points.false_positive_rate]), np.concatenate([[0.0], points.recall])

    def chance_of(self, points: OperatingPoints) -> tuple[Doubles, Doubles]:
        """Return the diagonal."""
        return np.array([0.0, 1.0]), np.array([0.0, 1.0])

    def mark_of(self, points: OperatingPoints) -> tuple[float, float]:
        """Return the rates at the threshold that decides."""
        return points.decided_false / points.negatives, points.decided_true / points.positives

    def labels_of(self, positive: str, negative: str) -> tuple[str, str]:
        """Return the names of the rates."""
        return f"false positive rate (share of {negative})", f"true positive rate (recall of {positive})"

    def entries_of(self, points: OperatingPoints) -> tuple[str, str]:
        """Return the areas under both curves."""
        return f"ROC curve, AUC {number(points.roc_auc)}", "Chance, AUC 0.5"

    def index_at(self, points: OperatingPoints, x: float) -> int:
        """Return the lowest threshold whose false positive rate is at most x."""
        return max(0, int(np.searchsorted(points.false_positive_rate, x, "right")) - 1)
