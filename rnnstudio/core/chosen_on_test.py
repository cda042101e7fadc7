"""Whether a training chose its weights, or when to stop, on the test set, and how tables mark such metrics.

That happens where early stopping or the best weights are wanted and there is no validation set. The test metrics are
then those of the best of several evaluations on the same set, and so better than on new data. It also happens where
somebody picks the weights of another moment after the training, with the test metrics at hand.
"""

from __future__ import annotations

from collections.abc import Collection

MARK = "*"


def has_best_weights(restores_best: object, picked: str) -> bool:
    """Return whether the weights of a run are those of its best evaluation.

    Args:
        restores_best: The setting `restore_best_weights`.
        picked: How they were chosen after the training; see `History.picked`.
    """
    return picked == "best" or (not picked and bool(restores_best))


def chosen_on_test(*, patience: object, restores_best: object, sets: Collection[str], picked: str = "") -> bool:
    """Return whether a choice was made on the test set.

    Args:
        patience: The setting `patience`; 0 for no early stopping.
        restores_best: The setting `restore_best_weights`.
        sets: Names of the sets that have windows, among train, val and test.
        picked: How the weights were chosen after the training; see `History.picked`.

    >>> chosen_on_test(patience=3, restores_best=False, sets=("train", "test"))
    True
    >>> chosen_on_test(patience=3, restores_best=False, sets=("train", "val", "test"))
    False
    """
    if "test" not in sets:
        return False
    uses_held_out = bool(patience) or has_best_weights(restores_best, picked)
    return picked == "hand" or (uses_held_out and "val" not in sets)


def is_affected(metric: str) -> bool:
    """Return whether a choice on the test set affects a metric.

    Args:
        metric: Its flat name.

    >>> is_affected("test_rmse"), is_affected("skill"), is_affected("train_loss")
    (True, True, False)
    """
    return metric == "skill" or metric.startswith(("test_", "best_test_"))


def mark(metric: str, chosen: bool) -> str:
    """Return the mark behind the label of a metric, or behind its value: an asterisk, or nothing.

    Args:
        metric: Its flat name.
        chosen: Whether a choice of the run was made on the test set.
    """
    return MARK if chosen and is_affected(metric) else ""


def footnote(*, patience: object, restores_best: object, picked: str = "") -> str:
    """Return what the mark means in the tables of a run; arguments as in `chosen_on_test`.

    >>> footnote(patience=3, restores_best=False)
    '* Early stopping used the test set, so these metrics are better than on new data.'
    """
    if picked == "hand":
        return f"{MARK} The weights were picked with the test metrics known, which may be better than on new data."
    choices = _choices(patience, has_best_weights(restores_best, picked))
    return f"{MARK} {choices} the test set, so these metrics are better than on new data."


def choice_warning(*, patience: object, restores_best: object, has_val_fraction: bool) -> str:
    """Return the warning of a run about a choice on the test set, with what to do; other arguments as in `footnote`.

    Args:
        patience: The setting `patience`.
        restores_best: The setting `restore_best_weights`.
        has_val_fraction: Whether the data have this setting.
    """
    remedy = " Set val_fraction above 0 for a validation set." if has_val_fraction else ""
    return f"{_choices(patience, restores_best)} the test set, so test metrics are better than on new data.{remedy}"


def _choices(patience: object, restores_best: object) -> str:
    if patience and restores_best:
        return "Early stopping and the choice of the best weights used"
    return "Early stopping used" if patience else "The best weights were chosen on"


FOOTNOTE_OF_MANY = f"{MARK} Early stopping or best weights used the test set: better than on new data."
