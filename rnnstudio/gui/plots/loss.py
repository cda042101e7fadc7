"""The loss of every update, of the held-out parts, and the numbers the work printed."""

from __future__ import annotations

from collections.abc import Sequence

from rnnstudio.core.events import Floats
from rnnstudio.core.experiment import Experiment
from rnnstudio.core.history import History
from rnnstudio.gui.charts.curve_data import Look
from rnnstudio.gui.charts.training_curves import Along
from rnnstudio.gui.plots import plot

_LOOKS = (Look("test_loss", "test loss", "o"), Look("val_loss", "validation loss", "t1"))


@plot
class LossPlot(Along):
    """Is it learning?"""

    name = "loss"
    title = "Loss"

    def log_first(self, experiment: Experiment) -> bool:
        """Return True: losses fall by powers of ten."""
        return True

    def column_of(self, history: History) -> tuple[Floats, str]:
        """Return the loss of each update's batch."""
        return history.loss.values, "train loss"

    def looks(self, history: History) -> Sequence[Look]:
        """Return the losses of the held-out parts."""
        return _LOOKS

    def best_of(self, history: History) -> tuple[str, int, float] | None:
        """Return the lowest loss of the part early stopping watches."""
        for metric, label in (("val_loss", "validation"), ("test_loss", "test")):
            found = history.best(metric)
            if found:
                return label, *found
        return None

    def axis_text(self, history: History) -> str:
        """Return the loss's kind and unit."""
        if history.info is None:
            return "loss"
        return "cross-entropy (nats)" if history.info.classes else "mean squared error"

    def published_metrics(self) -> tuple[str, ...]:
        """Return the losses."""
        return "train_loss", "test_loss"
