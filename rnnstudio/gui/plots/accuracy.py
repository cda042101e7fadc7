"""How often the network is right, or by how much it errs, beside the naive answer."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from rnnstudio.core.events import Floats
from rnnstudio.core.experiment import Experiment
from rnnstudio.core.history import History
from rnnstudio.gui.charts.curve_data import Look
from rnnstudio.gui.charts.training_curves import Along
from rnnstudio.gui.plots import plot

_RIGHT = (Look("test_accuracy", "test accuracy", "o"), Look("val_accuracy", "validation accuracy", "t1"))
_ERRORS = {
    part: (Look(f"{part}_rmse", f"{name} RMSE", "o"), Look(f"{part}_mae", f"{name} MAE", "t1"))
    for part, name in (("test", "test"), ("val", "validation"))
}
_NONE = np.empty(0, np.float32)


@plot
class AccuracyPlot(Along):
    """Is it any good?"""

    name = "accuracy"
    title = "Accuracy or error"

    def log_first(self, experiment: Experiment) -> bool:
        """Return whether errors are drawn: the first, of an untrained network, would flatten all others."""
        return experiment.data.task in ("regress", "forecast")

    def column_of(self, history: History) -> tuple[Floats, str]:
        """Return the share of right classes of each update's batch; nothing where there are no classes."""
        return (history.accuracy.values, "train accuracy") if self._classes(history) else (_NONE, "")

    def looks(self, history: History) -> Sequence[Look]:
        """Return the accuracies of the held-out parts, or the errors of the test part, else of the validation part."""
        if self._classes(history):
            return _RIGHT
        tested = any("test_rmse" in e for e in history.evaluations) or not history.evaluations
        return _ERRORS["test" if tested else "val"]

    def best_of(self, history: History) -> tuple[str, int, float] | None:
        """Return the highest accuracy or the lowest RMSE."""
        if not self._classes(history):
            found = history.best(self.looks(history)[0].metric)
            return ("RMSE", *found) if found else None
        for metric, label in (("val_accuracy", "validation"), ("test_accuracy", "test")):
            steps, values = history.evaluated(metric)
            if np.isfinite(values).any():
                i = int(np.nanargmax(values))
                return label, int(steps[i]), float(values[i])
        return None

    def axis_text(self, history: History) -> str:
        """Return "accuracy", or the error with the data's unit."""
        if self._classes(history):
            return "accuracy"
        unit = history.info.unit if history.info else ""
        return f"error ({unit})" if unit else "error"

    def always_shown(self, history: History) -> tuple[float, ...]:
        """Return the accuracy that cannot be bettered, and one below it, so that noise is not blown up."""
        return (0.9, 1.0) if self._classes(history) else ()

    def published_metrics(self) -> tuple[str, ...]:
        """Return the accuracies."""
        return "train_accuracy", "test_accuracy"

    def blank_text(self, history: History) -> str:
        """Return why there is no error to draw."""
        return "This run has no test part, so there is no error to draw. A test_fraction above 0 gives it one."

    @staticmethod
    def _classes(history: History) -> bool:
        return bool(history.info and history.info.classes)
