"""How a class is chosen from the probabilities of the network: the most probable one, or by a threshold."""

from __future__ import annotations

from collections.abc import Sequence
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
        is_even: Whether both classes are equally frequent there; the positive one is then the second.
    """

    positive: int
    threshold: float | None = None
    is_even: bool = False

    @property
    def reason(self) -> str:
        """Why it is the positive class, to follow its name."""
        return "the second of two even classes" if self.is_even else "the rarer class of the training set"

    def scores(self, logits: NDArray[np.float32]) -> NDArray[np.float32]:
        """Return the probability of the positive class, `(...)`, from logits `(..., 2)`."""
        scores: NDArray[np.float32] = softmax(logits)[..., self.positive]
        return scores

    def to_dict(self) -> dict[str, Any]:
        """Return the fields as plain values, for a file."""
        return {"positive": self.positive, "threshold": self.threshold, "is_even": self.is_even}


def threshold_note(decision: Decision, classes: Sequence[str]) -> str:
    """Return a sentence on the threshold that was chosen on the validation set.

    Args:
        decision: The positive class and its threshold.
        classes: Names of the two classes.
    """
    if decision.threshold is None:
        return (
            "No threshold could be chosen (decision_threshold validation): probabilities of the validation set are not "
            "finite. The more probable class is predicted."
        )
    return (
        f"{classes[decision.positive]}, {decision.reason}, is predicted from a probability of {decision.threshold:.4g} "
        "on: the balanced accuracy on the validation set is highest there (decision_threshold validation), so metrics "
        "of the validation set are slightly too good. Evaluations during the training used 0.5."
    )


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
    return classes_of_probabilities(softmax(logits), decision)


def classes_of_probabilities(shares: NDArray[Any], decision: Decision | None) -> Ints:
    """Return the index of the predicted class, `(...)`.

    Args:
        shares: Probabilities, `(..., C)`.
        decision: The rule for two classes; None for the most probable class.

    >>> classes_of_probabilities(np.array([[0.9, 0.1], [0.7, 0.3]]), Decision(1, 0.2))
    array([0, 1], dtype=int32)
    """
    if decision is None or decision.threshold is None:
        return np.asarray(shares.argmax(axis=-1), np.int32)
    # Compared as float64: rounded to float32, a threshold between two neighbouring numbers would be one of them.
    is_positive = shares[..., decision.positive].astype(np.float64) >= decision.threshold
    return np.where(is_positive, decision.positive, 1 - decision.positive).astype(np.int32)
