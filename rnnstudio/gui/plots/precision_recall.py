"""The precision-recall curve of two classes."""

from __future__ import annotations

import numpy as np

from rnnstudio.core.operating_points import OperatingPoints
from rnnstudio.gui.charts.numbers import number, percent
from rnnstudio.gui.charts.operating_curve import Doubles, OperatingCurve, steps
from rnnstudio.gui.plots import plot


@plot
class PrecisionRecallPlot(OperatingCurve):
    """Precision over recall, in steps, under which the area is the average precision.

    >>> from rnnstudio.core.experiment import compose
    >>> PrecisionRecallPlot.suits(compose("echo", {})), PrecisionRecallPlot.suits(compose("airline", {}))
    (True, False)
    """

    name = "precision_recall"
    title = "Precision and recall"
    order = 90

    def curve_of(self, points: OperatingPoints) -> tuple[Doubles, Doubles]:
        """Return recall and precision."""
        return steps(points.recall, points.precision)

    def chance_of(self, points: OperatingPoints) -> tuple[Doubles, Doubles]:
        """Return the prevalence at every recall."""
        return np.array([0.0, 1.0]), np.full(2, points.prevalence)

    def mark_of(self, points: OperatingPoints) -> tuple[float, float]:
        """Return recall and precision at the threshold that decides; NaN where it predicts no positive."""
        predicted = points.decided_true + points.decided_false
        return points.decided_true / points.positives, points.decided_true / predicted if predicted else np.nan

    def labels_of(self, positive: str, negative: str) -> tuple[str, str]:
        """Return recall and precision of the positive class."""
        return f"recall of {positive}", f"precision of {positive}"

    def entries_of(self, points: OperatingPoints) -> tuple[str, str]:
        """Return the area under the curve, and the prevalence."""
        return (
            f"Precision, average {number(points.average_precision)}",
            f"Chance: the prevalence, {percent(points.prevalence)}",
        )

    def index_at(self, points: OperatingPoints, x: float) -> int:
        """Return the highest threshold whose recall is at least x."""
        return min(int(np.searchsorted(points.recall, x)), len(points.recall) - 1)
