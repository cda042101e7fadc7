"""The loss of each update and of the validation and test sets."""

from __future__ import annotations

from collections.abc import Sequence

from rnnstudio.core.events import Floats
from rnnstudio.core.experiment import Experiment
from rnnstudio.core.history import History
from rnnstudio.gui.charts.curve_values import EvaluatedMetric
from rnnstudio.gui.charts.training_curves import TrainingCurves
from rnnstudio.gui.plots import plot

_METRICS = (EvaluatedMetric("test_loss", "o"), EvaluatedMetric("val_loss", "t1"))


@plot
class LossPlot(TrainingCurves):
    """Training, validation and test loss over the updates, with the published losses.

    >>> from rnnstudio.core.experiment import compose
    >>> LossPlot.suits(compose("echo", {}))
    True
    """

    name = "loss"
    title = "Loss"
    order = 10

    _is_scaled = True

    def begin(self, experiment: Experiment) -> None:
        """Clear the plot and prepare it for a run of this experiment."""
        self._is_scaled = experiment.data.scale != "none"
        super().begin(experiment)

    def log_by_default(self, experiment: Experiment) -> bool:
        """Return True, because a loss falls by powers of ten."""
        return True

    def update_values(self, history: History) -> tuple[Floats, str]:
        """Return the loss of each update's batch, `(n,)`, and its flat name."""
        return history.loss.values, "train_loss"

    def evaluated_metrics(self, history: History) -> Sequence[EvaluatedMetric]:
        """Return test loss and validation loss."""
        return _METRICS

    def best_evaluation(self, history: History) -> tuple[str, int, float] | None:
        """Return the lowest validation loss, which early stopping uses, else the lowest test loss."""
        for metric in ("val_loss", "test_loss"):
            best = history.best(metric)
            if best:
                return metric, *best
        return None

    def value_label(self, history: History) -> str:
        """Return the kind of loss with its unit."""
        if history.info is None:
            return "loss"
        if history.info.classes:
            return "cross-entropy (nats)"
        return "MSE (scaled)" if self._is_scaled else "MSE"

    def published_metrics(self) -> tuple[str, ...]:
        """Return training and test loss."""
        return "train_loss", "test_loss"
