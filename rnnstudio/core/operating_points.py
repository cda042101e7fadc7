"""The operating points of two classes: what is predicted correctly at each threshold, for ROC and other curves."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from rnnstudio.core.decision import EVEN_ODDS
from rnnstudio.core.metrics import ClassificationMetrics
from rnnstudio.core.score_counts import Counts, Scores, Thresholds

if TYPE_CHECKING:
    import pandas as pd

Shares = NDArray[np.float64]
MAX_POINTS = 2000  # of a curve; more would not be visible
_FIRST_POINTS = 200  # of them at the highest thresholds, where precision changes most
_CASTS: dict[str, Any] = {"int": int, "float": float, "bool": bool, "str": str}


@dataclass(frozen=True)
class OperatingPoints:
    """Predictions of the positive class at falling thresholds, on one set.

    A threshold predicts as positive what has at least its score. Of very many thresholds evenly spaced ones are kept;
    the counts at them, and the areas, are those of all targets.

    Attributes:
        split: The set: test or val.
        positive: Index of the positive class.
        positives: Members of the positive class.
        negatives: Members of the other class.
        scores: Thresholds in falling order, `(n,)`.
        true_positives: Members of the positive class with at least this score, `(n,)`.
        false_positives: Members of the other class with at least this score, `(n,)`.
        roc_auc: Area under the ROC curve, of all thresholds.
        average_precision: Area under the stepped precision-recall curve, of all thresholds.
        threshold: The threshold that decides; 0.5 where the more probable class is predicted.
        is_chosen: Whether it was chosen on the validation set.
        decided_true: Members of the positive class that are predicted as such.
        decided_false: Members of the other class that are predicted as positive.
    """

    split: str
    positive: int
    positives: int
    negatives: int
    scores: Scores
    true_positives: Counts
    false_positives: Counts
    roc_auc: float
    average_precision: float
    threshold: float
    is_chosen: bool
    decided_true: int
    decided_false: int

    @property
    def recall(self) -> Shares:
        """Share of the positive class that is predicted as such, the true positive rate, `(n,)`."""
        return np.asarray(self.true_positives / self.positives)

    @property
    def false_positive_rate(self) -> Shares:
        """Share of the other class that is predicted as positive, `(n,)`."""
        return np.asarray(self.false_positives / self.negatives)

    @property
    def precision(self) -> Shares:
        """Share of the positive predictions that are correct, `(n,)`."""
        return np.asarray(self.true_positives / (self.true_positives + self.false_positives))

    @property
    def prevalence(self) -> float:
        """Share of the positive class: the precision of predictions without knowledge."""
        return self.positives / (self.positives + self.negatives)

    def to_arrays(self) -> dict[str, NDArray[Any]]:
        """Return the fields as arrays by name, for a file."""
        return {field.name: np.asarray(getattr(self, field.name)) for field in fields(self)}

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, NDArray[Any]]) -> OperatingPoints:
        """Return the points that `to_arrays` wrote.

        Raises:
            KeyError: A field is missing.
        """
        return cls(**{f.name: _CASTS.get(str(f.type), np.asarray)(arrays[f.name]) for f in fields(cls)})

    def frame(self) -> pd.DataFrame:
        """Return a data frame with a row for each threshold, in falling order."""
        import pandas as pd

        return pd.DataFrame(
            {
                "threshold": self.scores,
                "true_positives": self.true_positives,
                "false_positives": self.false_positives,
                "recall": self.recall,
                "false_positive_rate": self.false_positive_rate,
                "precision": self.precision,
            }
        )


def operating_points(split: str, metrics: ClassificationMetrics) -> OperatingPoints | None:
    """Return the operating points of a set; None unless it has two classes that both occur.

    Args:
        split: Name of the set.
        metrics: Its metrics.
    """
    decision, counts = metrics.decision, metrics.scores
    if decision is None or not counts.can_be_ranked:
        return None
    points, positive = _thinned(counts.thresholds()), decision.positive
    return OperatingPoints(
        split,
        positive,
        counts.positives,
        counts.negatives,
        *points,
        counts.roc_auc(),
        counts.average_precision(),
        EVEN_ODDS if decision.threshold is None else decision.threshold,
        decision.threshold is not None,
        int(metrics.confusion[positive, positive]),
        int(metrics.confusion[1 - positive, positive]),
    )


def _thinned(points: Thresholds) -> Thresholds:
    """Return at most `MAX_POINTS` of the thresholds: the first ones, and then evenly spaced along the curve."""
    count = len(points.scores)
    if count <= MAX_POINTS:
        return points
    along = points.true_positives / points.true_positives[-1] + points.false_positives / points.false_positives[-1]
    even = np.searchsorted(along, np.linspace(0, 2, MAX_POINTS - _FIRST_POINTS))
    kept = np.unique(np.concatenate([np.arange(_FIRST_POINTS), np.minimum(even, count - 1)]))
    return Thresholds(*(values[kept] for values in points))
