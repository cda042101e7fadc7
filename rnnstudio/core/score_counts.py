"""How well a score separates two classes: area under the ROC curve, average precision, and the best threshold.

Scores are probabilities of the positive class, added up batch by batch. Equal scores are ties, which no threshold
separates.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from rnnstudio.core.decision import EVEN_ODDS

Scores = NDArray[np.float32]
Counts = NDArray[np.int64]
MAX_SCORES = 1 << 22  # different scores that are kept as they are; of more, each is rounded to 12 significant bits
_ROUNDED_BITS = 12


class Thresholds(NamedTuple):
    """How many members of each class are predicted as positive at each threshold, from the highest score down.

    Attributes:
        scores: Different scores in falling order, `(n,)`; all targets with at least this score are predicted positive.
        true_positives: Members of the positive class among them, `(n,)`.
        false_positives: Members of the other class among them, `(n,)`.
    """

    scores: Scores
    true_positives: Counts
    false_positives: Counts


class ScoreCounts:
    """Counts the members of two classes at each score.

    >>> counts = ScoreCounts()
    >>> counts.add(np.array([0.1, 0.4, 0.35, 0.8], np.float32), np.array([False, False, True, True]))
    >>> counts.roc_auc(), round(counts.average_precision(), 4)
    (0.75, 0.8333)
    """

    def __init__(self) -> None:
        self._new: tuple[list[Scores], list[Scores]] = ([], [])  # of the other and of the positive class
        self._new_count = 0
        # Different scores of each class in rising order, and how often each occurs.
        self._counted = [(np.empty(0, np.float32), np.empty(0, np.int64))] * 2
        self._table: tuple[Scores, Counts, Counts] | None = None
        self._is_rounded = False

    def add(self, scores: Scores, is_positive: NDArray[np.bool_]) -> None:
        """Add a batch.

        Args:
            scores: Probability of the positive class, `(n,)`.
            is_positive: Whether it is the true class, `(n,)`.
        """
        self._new[0].append(scores[~is_positive])
        self._new[1].append(scores[is_positive])
        self._new_count += len(scores)
        self._table = None
        if self._new_count > MAX_SCORES:
            self._count()

    def _count(self) -> None:
        """Count what was added since the last time; round all scores where too many differ."""
        if self._new_count:
            self._counted = [self._merged(*own, new) for own, new in zip(self._counted, self._new, strict=True)]
            self._new, self._new_count = ([], []), 0
        if sum(len(scores) for scores, _ in self._counted) > MAX_SCORES // 2 and not self._is_rounded:
            self._is_rounded = True
            self._counted = [self._merged(*own, []) for own in self._counted]

    def _merged(self, scores: Scores, counts: Counts, new: list[Scores]) -> tuple[Scores, Counts]:
        added = np.concatenate([np.empty(0, np.float32), *new])
        # Sorting values alone is much faster than sorting with positions, which only merging needs.
        added, added_counts = np.unique(_rounded(added) if self._is_rounded else added, return_counts=True)
        if not len(scores):
            return added, added_counts
        both = np.concatenate([_rounded(scores) if self._is_rounded else scores, added])
        merged, at = np.unique(both, return_inverse=True)
        return merged, np.bincount(at, np.concatenate([counts, added_counts]), len(merged)).astype(np.int64)

    def _by_score(self) -> tuple[Scores, Counts, Counts]:
        """Return all different scores in rising order, and the members of the positive and the other class at each."""
        if self._table is None:
            self._count()
            scores = np.union1d(self._counted[0][0], self._counted[1][0])
            members = np.zeros((2, len(scores)), np.int64)
            for own, (values, counts) in zip(members, self._counted, strict=True):
                own[np.searchsorted(scores, values)] = counts
            self._table = scores, members[1], members[0]
        return self._table

    @property
    def positives(self) -> int:
        """Number of members of the positive class."""
        return int(self._by_score()[1].sum())

    @property
    def negatives(self) -> int:
        """Number of members of the other class."""
        return int(self._by_score()[2].sum())

    @property
    def can_be_ranked(self) -> bool:
        """Whether both classes occur and every score is a number."""
        return self.positives > 0 and self.negatives > 0 and not bool(np.isnan(self._by_score()[0]).any())

    def roc_auc(self) -> float:
        """Return the share of pairs of both classes in which the positive one has the higher score; ties count half.

        That is the area under the ROC curve. Source: T. Fawcett, An introduction to ROC analysis, 2006.
        """
        _, positives, negatives = self._by_score()
        below = np.cumsum(negatives) - negatives / 2
        return float(np.sum(positives * below) / (self.positives * self.negatives))

    def average_precision(self) -> float:
        """Return the mean precision over the steps of recall: the area under the stepped precision-recall curve.

        Sum over thresholds of `(recall_n - recall_(n-1)) * precision_n`, without interpolation between them.
        """
        points = self.thresholds()
        gained = np.diff(points.true_positives, prepend=0) / self.positives
        precision = points.true_positives / (points.true_positives + points.false_positives)
        return float(np.sum(gained * precision))

    def thresholds(self) -> Thresholds:
        """Return how many targets of each class are predicted as positive at each score."""
        scores, positives, negatives = self._by_score()
        return Thresholds(scores[::-1], np.cumsum(positives[::-1]), np.cumsum(negatives[::-1]))

    def best_threshold(self) -> float:
        """Return the threshold with the highest balanced accuracy, half-way between two neighbouring scores.

        Balanced accuracy, `(recall + specificity) / 2`, does not depend on how rare the positive class is. The highest
        F1 does: a network that separates nothing has it where everything is predicted as positive. Of equally good
        thresholds, the one nearest to 0.5 is returned.

        Source: W. J. Youden, Index for rating diagnostic tests, 1950.
        """
        points = self.thresholds()
        # Integers, in which equally good thresholds are equal: TP / P - FP / N, times P and N.
        gain = np.concatenate(
            [[0], points.true_positives * self.negatives - points.false_positives * self.positives]
        )  # the first: nothing is predicted as positive
        edges = np.concatenate([[1.0], points.scores.astype(np.float64), [0.0]])
        middles = (edges[:-1] + edges[1:]) / 2
        if edges[1] == 1.0:  # no threshold is above all scores; the lowest one is as good
            gain, middles = gain[1:], middles[1:]
        best = np.flatnonzero(gain == gain.max())
        return float(middles[best[np.argmin(np.abs(middles[best] - EVEN_ODDS))]])


def _rounded(scores: Scores) -> Scores:
    """Return probabilities of which the smaller of p and 1 - p has 12 significant bits; larger ones stay larger."""
    smaller = np.minimum(scores, 1 - scores)
    fraction, exponent = np.frexp(smaller)
    kept = np.ldexp(np.round(fraction * 2**_ROUNDED_BITS), exponent - _ROUNDED_BITS).astype(np.float32)
    rounded: Scores = np.where(scores <= EVEN_ODDS, kept, 1 - kept).astype(np.float32)
    return rounded
