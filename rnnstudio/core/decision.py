"""How a class is chosen from the probabilities of the network: the most probable one, or by a threshold."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rnnstudio.core.softmax import softmax

Ints = NDArray[np.int32]
EVEN_ODDS = 0.5  # the threshold at which the more probable of two classes is predicted


@dataclass(frozen=True)
class Decision:
    """The rule by which one of two classes is predicted.

    Attributes:
        positive: Index of the positive class: the rarer one in the training set.
        threshold: Least probability at which it is predicted; None where the more probable class is predicted.
    """

    positive: int
    threshold: float | None = None

    def scores(self, logits: NDArray[np.float32]) -> NDArray[np.float32]:
        """Return the probability of the positive class, `(...)`, from logits `(..., 2)`."""
        scores: NDArray[np.float32] = softmax(logits)[..., self.positive]
        return scores

    def to_dict(self) -> dict[str, Any]:
        """Return the fields as plain values, for a file."""
        return {"positive": self.positive, "threshold": self.threshold}


def predicted_classes(logits: NDArray[np.float32], decision: Decision | None) -> Ints:
    """Return the index of the predicted class, `(...)`.

    Args:
        logits: Unnormalised log probabilities, `(..., C)`.
        decision: The rule for two classes; None for the most probable class.

    >>> logits = np.log(np.array([[0.9, 0.1], [0.7, 0.3]], np.float32))
    >>> predicted_classes(logits, None), predicted_classes(logits, Decision(1, 0.2))
    (array([0, 0], dtype=int32), array([0, 1], dtype=int32))
    """
    if decision is None or decision.threshold is None:
        return np.asarray(logits.argmax(axis=-1), np.int32)
    # Compared as float64: rounded to float32, a threshold between two neighbouring numbers would be one of them.
    is_positive = decision.scores(logits).astype(np.float64) >= decision.threshold
    return np.where(is_positive, decision.positive, 1 - decision.positive).astype(np.int32)
