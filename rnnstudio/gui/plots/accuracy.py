"""Accuracy of classes, or errors of values, with the best baseline."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from rnnstudio.core.events import Floats
from rnnstudio.core.experiment import Experiment
from rnnstudio.core.history import History
from rnnstudio.gui.charts.curve_values import EvaluatedMetric
from rnnstudio.gui.charts.training_curves import TrainingCurves
from rnnstudio.gui.plots import plot

_ACCURACIES = (EvaluatedMetric("test_accuracy", "o"), EvaluatedMetric("val_accuracy", "t1"))
_ERRORS = tuple(
    (EvaluatedMetric(f"{split}_{squared}", "o"), EvaluatedMetric(f"{split}_{absolute}", "t1"))
    for split in ("test", "val")
    for squared, absolute in (("rmse", "mae"), ("scaled_mse", "scaled_mae"))
)
_NO_VALUES = np.empty(0, np.float32)
_VISIBLE_ACCURACIES = (0.9, 1.0)  # the best accuracy, and one below it, so that small differences stay small


@plot
class AccuracyPlot(TrainingCurves):
    """Accuracy or error over the updates, with the published accuracies and the best baseline.

    >>> from rnnstudio.core.experiment import compose
    >>> AccuracyPlot.suits(compose("airline", {}))
    True
    """

    name = "accuracy"
    title = "Accuracy or error"
    order = 20

    @classmethod
    def title_for(cls, experiment: Experiment) -> str:
        """Return "Accuracy" where the network predicts classes, else "Error".

        >>> from rnnstudio.core.experiment import compose
        >>> AccuracyPlot.title_for(compose("echo", {})), AccuracyPlot.title_for(compose("airline", {}))
        ('Accuracy', 'Error')
        """
        return "Accuracy" if experiment.data.task in ("classify", "label") else "Error"

    def log_by_default(self, experiment: Experiment) -> bool:
        """Return whether errors are drawn: the first one, of the untrained network, is much larger than the rest."""
        return experiment.data.task in ("regress", "forecast", "regress_sequence")

    def update_values(self, history: History) -> tuple[Floats, str]:
        """Return the accuracy of each update's batch, `(n,)`, and its flat name; nothing if there are no classes."""
        return (history.accuracy.values, "train_accuracy") if _has_classes(history) else (_NO_VALUES, "")

    def evaluated_metrics(self, history: History) -> Sequence[EvaluatedMetric]:
        """Return test and validation accuracy, or both errors of the test set, else of the validation set.

        Errors are RMSE and MAE; of targets whose units may differ scaled MSE and MAE.
        """
        if _has_classes(history):
            return _ACCURACIES
        known = history.evaluations[-1] if history.evaluations else {}
        return next((errors for errors in _ERRORS if errors[0].metric in known), _ERRORS[0])

    def best_evaluation(self, history: History) -> tuple[str, int, float] | None:
        """Return the highest accuracy or the lowest error of trained weights."""
        if not _has_classes(history):
            error = self.evaluated_metrics(history)[0].metric
            best = history.best(error)
            return (error, *best) if best else None
        for metric in ("val_accuracy", "test_accuracy"):
            steps, values = history.evaluated(metric)
            trained = np.isfinite(values) & (steps > 0)
            if trained.any():
                i = int(np.argmax(np.where(trained, values, -1.0)))
                return metric, int(steps[i]), float(values[i])
        return None

    def value_label(self, history: History) -> str:
        """Return "accuracy", or "error" with the unit of the data."""
        if _has_classes(history):
            return "accuracy"
        if "scaled" in self.evaluated_metrics(history)[0].metric:
            return "error (scaled)"
        unit = history.info.unit if history.info else ""
        return f"error ({unit})" if unit else "error"

    def always_visible(self, history: History) -> tuple[float, ...]:
        """Return accuracies that stay in view."""
        return _VISIBLE_ACCURACIES if _has_classes(history) else ()

    def published_metrics(self) -> tuple[str, ...]:
        """Return training and test accuracy."""
        return "train_accuracy", "test_accuracy"

    def no_values_message(self, history: History) -> str:
        """Return why there is no error to draw."""
        held_out = (history.info.windows.get(split, 0) for split in ("val", "test")) if history.info else ()
        if any(held_out):
            return "No evaluation yet. The curve starts with the first one."
        return "This run has no test set, so there is no error to draw. Train with a test fraction above 0 to get one."


def _has_classes(history: History) -> bool:
    return bool(history.info and history.info.classes)
