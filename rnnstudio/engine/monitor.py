"""Evaluates a network while it trains: the best weights, early stopping and the final metrics."""

from __future__ import annotations

from collections.abc import Callable

from rnnstudio.core.events import Evaluated, Event
from rnnstudio.core.settings import TrainingSettings
from rnnstudio.engine.evaluator import Evaluator
from rnnstudio.engine.final_metrics import monitored_metric
from rnnstudio.engine.network import Network, Weights

Metrics = dict[str, float]


class Monitor:
    """Evaluates a network, emits the metrics, and keeps track of the best.

    Args:
        evaluator: Evaluates the network.
        network: The network that is trained.
        training: Patience, and whether the best weights are restored.
        emit: Receives `Evaluated`.
    """

    def __init__(
        self, evaluator: Evaluator, network: Network, training: TrainingSettings, emit: Callable[[Event], None]
    ) -> None:
        self._evaluator, self._network, self._training, self._emit = evaluator, network, training, emit
        self._monitored = monitored_metric(evaluator.data)
        self._step = -1  # of the last evaluation
        self._metrics: Metrics | None = None  # of the last evaluation, unless it was interrupted
        self._best, self._without_improvement = float("inf"), 0
        self._best_weights: Weights | None = None
        self._best_step = -1
        self._best_metrics: Metrics | None = None

    @property
    def has_evaluated(self) -> bool:
        """Whether there has been an evaluation."""
        return self._step >= 0

    @property
    def has_best_weights(self) -> bool:
        """Whether the best weights will be restored at the end."""
        return self._best_weights is not None

    @property
    def is_out_of_patience(self) -> bool:
        """Whether training shall stop early."""
        return bool(self._training.patience) and self._without_improvement >= self._training.patience

    def evaluate(self, step: int) -> None:
        """Evaluate the network after `step` updates."""
        self._step, self._metrics = step, None
        metrics = self._evaluator.evaluate()
        self._metrics = metrics
        if not metrics:
            return
        self._emit(Evaluated(step, metrics))
        value = metrics[self._monitored]
        if value < self._best:
            self._best, self._without_improvement = value, 0
            if self._training.restore_best_weights:
                self._best_weights, self._best_step = self._network.weights(), step
                self._best_metrics = metrics
        else:
            self._without_improvement += 1

    def finish(self, step: int) -> Metrics:
        """Restore the best weights, if wanted, and return the metrics of the final weights on all windows.

        The network is evaluated only if the final weights have not been evaluated on all windows before.

        Args:
            step: Number of updates of the current weights.
        """
        if self._best_weights is not None:
            self._network.set_weights(self._best_weights)
            step, metrics = self._best_step, self._best_metrics
        else:
            metrics = self._metrics if step == self._step else None
        if step != self._step:
            self._evaluator.weights_changed()
        if metrics is None or not self._evaluator.covers_all_windows:
            return self._evaluator.evaluate(all_windows=True)
        return metrics

    def needs_evaluation(self, step: int) -> bool:
        """Return whether the weights after `step` updates are newer than the last evaluation and will be kept."""
        return self._best_weights is None and self._step < step
