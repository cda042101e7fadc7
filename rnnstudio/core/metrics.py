"""Metrics of predictions, added up batch by batch so that a long series is never copied into windows.

Losses are in scaled units, `rmse` and `mae` in original units. Targets whose units may differ have `scaled_mse` and
`scaled_mae` in their place.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rnnstudio.core.confusion import per_class
from rnnstudio.core.decision import Decision, predicted_classes
from rnnstudio.core.score_counts import ScoreCounts
from rnnstudio.core.sequence import Ints, SequenceData

MAX_TARGETS = 1 << 20  # targets evaluated at once; bounds memory


class ClassificationMetrics:
    """Loss, accuracy, balanced accuracy and macro F1 of class predictions; of two classes also how well scores rank.

    Args:
        classes: Number of classes.
        decision: Of two classes the positive one, and the rule by which it is predicted; None for more classes.

    Attributes:
        confusion: How often each true class (row) was predicted as each class (column), `(C, C)`.
        scores: Of two classes the members of each at each probability of the positive one; else empty.
    """

    def __init__(self, classes: int, decision: Decision | None = None) -> None:
        self.confusion = np.zeros((classes, classes), np.int64)
        self.decision, self.scores = decision, ScoreCounts()
        self._loss = 0.0

    def add(self, logits: NDArray[np.float32], truth: Ints) -> None:
        """Add a batch.

        Args:
            logits: Unnormalised log probabilities, `(..., C)`.
            truth: True classes, `(...)`; -1 where one is missing, which does not count.
        """
        known = truth >= 0
        if not known.all():
            logits, truth = logits[known], truth[known]
        # SciPy's logsumexp and log_softmax round float32 differently: losses would change in their last bits.
        top = logits.max(axis=-1, keepdims=True)
        log_sum = np.log(np.exp(logits - top).sum(axis=-1)) + top[..., 0]
        chosen = np.take_along_axis(logits, truth[..., None].astype(np.int64), axis=-1)[..., 0]
        self._loss += float(np.sum(log_sum - chosen, dtype=np.float64))
        classes = len(self.confusion)
        pairs = truth.ravel().astype(np.int64) * classes + predicted_classes(logits, self.decision).ravel()
        self.confusion += np.bincount(pairs, minlength=classes**2).reshape(classes, classes)
        if self.decision is not None:
            self.scores.add(self.decision.scores(logits).ravel(), truth.ravel() == self.decision.positive)

    def result(self) -> dict[str, float]:
        """Return the metrics by name.

        `loss` is the softmax cross-entropy in nats, `balanced_accuracy` the mean recall of the classes that occur,
        `macro_f1` the mean F1 of the classes that occur or are predicted. Two classes that both occur also have
        `roc_auc` and `average_precision` of the positive one.
        """
        count, correct = int(self.confusion.sum()), int(np.trace(self.confusion))
        each = per_class(self.confusion)
        metrics = {
            "loss": self._loss / count,
            "accuracy": correct / count,
            "balanced_accuracy": float(np.nanmean(each.recall)),
            "macro_f1": float(np.nanmean(each.f1)),
        }
        if self.decision is not None and self.scores.can_be_ranked:
            metrics |= {"roc_auc": self.scores.roc_auc(), "average_precision": self.scores.average_precision()}
        return metrics


def value_losses(errors: NDArray[np.float64], loss: str) -> NDArray[np.float64]:
    """Return the loss of each error, which is prediction minus truth in scaled units.

    Args:
        errors: The errors.
        loss: mse: the square; mae: the absolute value; huber: half the square up to 1, beyond it the absolute value
            less 1/2 (Huber 1964); pinball: half the absolute value, that of the median.

    >>> value_losses(np.array([0.5, -3.0]), "huber").tolist()
    [0.125, 2.5]
    """
    if loss == "mse":
        return errors**2
    absolute = np.abs(errors)
    if loss in ("mae", "pinball"):
        return absolute if loss == "mae" else 0.5 * absolute
    return np.where(absolute <= 1.0, 0.5 * errors**2, absolute - 0.5)


class RegressionMetrics:
    """Root mean squared error and mean absolute error, in the unit of the values that are added.

    True values that are NaN are missing, and do not count.

    Args:
        loss: The loss whose mean is `mean_loss`; see `value_losses`.

    Attributes:
        count: Number of true values that are known.

    >>> metrics = RegressionMetrics()
    >>> metrics.add(np.array([1.0, 2.0]), np.array([1.0, 4.0]))
    >>> metrics.result()["mae"]
    1.0
    """

    def __init__(self, loss: str = "mse") -> None:
        self._loss, self._losses = loss, 0.0
        self._squares = self._absolutes = 0.0
        self.count = 0

    def add(self, predicted: NDArray[Any], truth: NDArray[Any]) -> None:
        """Add a batch of predictions and true values, two arrays of one shape."""
        error = predicted.astype(np.float64) - truth
        missing = np.isnan(truth)
        if missing.any():
            error = error[~missing]
        self._squares += float(np.sum(error**2))
        self._losses += float(np.sum(value_losses(error, self._loss)))
        self._absolutes += float(np.sum(np.abs(error)))
        self.count += error.size

    @property
    def mean_loss(self) -> float:
        """Mean of the loss."""
        return self._losses / self.count

    def scaled_result(self) -> dict[str, float]:
        """Return `scaled_mse` and `scaled_mae`, the errors that publications print, of values in scaled units."""
        return {"scaled_mse": self._squares / self.count, "scaled_mae": self._absolutes / self.count}

    def result(self) -> dict[str, float]:
        """Return `rmse` and `mae`."""
        return {"rmse": float(np.sqrt(self._squares / self.count)), "mae": self._absolutes / self.count}


class PinballMean:
    """Mean pinball loss of quantiles (Koenker & Bassett 1978).

    Args:
        shares: The probability of each quantile.

    >>> mean = PinballMean((0.1, 0.5, 0.9))
    >>> mean.add(np.array([[[0.0], [1.0], [2.0]]]), np.array([[3.0]]))
    >>> round(mean.result, 6)
    0.733333
    """

    def __init__(self, shares: tuple[float, ...]) -> None:
        self._shares = np.array(shares)[:, None]
        self._losses, self._count = 0.0, 0

    def add(self, quantiles: NDArray[Any], truth: NDArray[Any]) -> None:
        """Add quantiles `(n, Q, outputs)` and true values `(n, outputs)`, NaN where one is missing."""
        errors = truth[:, None].astype(np.float64) - quantiles
        losses = np.maximum(self._shares * errors, (self._shares - 1) * errors)
        self._losses += float(np.nansum(losses))
        self._count += int((~np.isnan(losses)).sum())

    @property
    def result(self) -> float:
        """Mean of the loss."""
        return self._losses / self._count


def batches_of(data: SequenceData, windows: Ints) -> Iterator[Ints]:
    """Yield the indices of these windows in batches small enough to be gathered in memory."""
    size = max(1, MAX_TARGETS // max(data.window_samples, data.target_steps))
    yield from (windows[i : i + size] for i in range(0, len(windows), size))


def without_padding(data: SequenceData, windows: Ints, *values: NDArray[Any]) -> list[NDArray[Any]]:
    """Return each of `values`, which has one entry per window or per step of it, without those at padding."""
    lengths = data.window_lengths(windows) if data.return_sequences else None
    if lengths is None:
        return list(values)
    mask = np.arange(data.window) < lengths[:, None]
    return [v[mask] for v in values]
