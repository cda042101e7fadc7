"""After which update the predictions in a plot were computed."""

from __future__ import annotations

from rnnstudio.core.chosen_on_test import chosen_on_test, has_best_weights
from rnnstudio.core.experiment import Experiment
from rnnstudio.core.history import History


def update_note(history: History, experiment: Experiment | None, step: int | None = None) -> str:
    """Return after which update a run's predictions were computed, and why these weights are the final ones.

    Args:
        history: The run.
        experiment: Its experiment; None where it is unknown.
        step: The number of updates, where it is not that of the newest predictions.

    >>> history = History()
    >>> history.predictions_step = 1204
    >>> update_note(history, None)
    'After update 1,204'
    """
    step = history.predictions_step if step is None else step
    text = f"After update {step:,}" if step else "Before the first update"
    if history.outcome is None or experiment is None or step != history.weights_step:
        return text
    has_best = has_best_weights(experiment.training.restore_best_weights, history.picked)
    on_test = bool(use_of_test_set(history, experiment))
    if has_best:
        return f"{text} (best weights, chosen on the test set)" if on_test else f"{text} (best weights)"
    return f"{text} (stopped on the test set)" if on_test and history.outcome == "early_stopped" else text


def use_of_test_set(history: History, experiment: Experiment | None) -> str:
    """Return what a run without validation set uses its test set for, in a few words; empty where for nothing.

    Args:
        history: The run.
        experiment: Its experiment; None where it is unknown.
    """
    if experiment is None or history.info is None:
        return ""
    training, picked = experiment.training, history.picked
    sets = [name for name, count in history.info.windows.items() if count]
    restores = training.restore_best_weights
    if not chosen_on_test(patience=training.patience, restores_best=restores, sets=sets, picked=picked):
        return ""
    chose = picked == "hand" or has_best_weights(restores, picked)
    return "used to choose the weights" if chose else "used for early stopping"
