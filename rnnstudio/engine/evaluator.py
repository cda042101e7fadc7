"""Evaluates a network on the validation and test set."""

from __future__ import annotations

from collections.abc import Container, Mapping
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rnnstudio.core.baselines import baseline_set
from rnnstudio.core.class_counts import two_class_decision
from rnnstudio.core.confusion import class_rows
from rnnstudio.core.known_targets import with_targets
from rnnstudio.core.lag import LagErrors
from rnnstudio.core.metrics import ClassificationMetrics, batches_of, without_padding
from rnnstudio.core.operating_points import OperatingPoints, operating_points
from rnnstudio.core.predictions import Predictions
from rnnstudio.core.scaling import Scalers
from rnnstudio.core.sequence import Ints, SequenceData, flat_steps
from rnnstudio.core.step_errors import StepErrors, StepSums, baseline_step_errors, has_step_errors
from rnnstudio.core.target_units import units_differ
from rnnstudio.engine.lag_check import lag_errors
from rnnstudio.engine.plot_predictions import MAX_WINDOWS, class_predictions, sequence_predictions, value_predictions
from rnnstudio.engine.predict import Predictor
from rnnstudio.engine.series_predictions import series_predictions
from rnnstudio.engine.several_series import several_series_predictions
from rnnstudio.engine.split_metrics import SplitMetrics
from rnnstudio.engine.target_metrics import metrics_by_target
from rnnstudio.engine.window_outputs import WindowOutputs, evenly_spaced

_MAX_EVALUATED = 50_000  # windows of a set that are evaluated during training, evenly spaced; at the end all are


class Evaluator:
    """Evaluates a network on one data set. Results are cached until `evaluate` or `weights_changed` is called.

    Args:
        data: In original units.
        scalers: Scalers of the data.
        predictor: Predicts with the network.
        stateful: Whether the state passes from window to window.
        loss: The loss of values; see `core.metrics.value_losses`.

    Attributes:
        data: The data.
        stateful: Likewise.
        decision: Of two classes the positive one, and the rule by which it is predicted; None for others.
    """

    def __init__(
        self, data: SequenceData, scalers: Scalers, predictor: Predictor, *, stateful: bool, loss: str = "mse"
    ) -> None:
        self.data, self.stateful, self._loss = data, stateful, loss
        self._outputs = WindowOutputs(data, scalers, predictor, stateful=stateful)
        self._val, self._test = with_targets(data, data.val), with_targets(data, data.test)
        self._sequences = evenly_spaced(
            next((w for w in (data.test, data.val) if len(w)), data.train[:MAX_WINDOWS]), _MAX_EVALUATED
        )
        # Predictions that are fed back take as many passes as there are steps ahead.
        self._most = max(1, _MAX_EVALUATED // (data.target_steps if self._outputs.is_recursive else 1))
        self.decision = two_class_decision(data)
        self._class_metrics: dict[str, ClassificationMetrics] = {}  # of the last evaluation, by split
        self._step_sums: dict[str, StepSums] = {}  # likewise
        self._baseline_steps: dict[str, NDArray[np.float64]] | None = None
        self._has_all_windows = False  # whether that evaluation was of all windows
        self._sequence_outputs: NDArray[np.float32] | None = None  # of the windows above
        self._predictions: Predictions | None = None

    @property
    def covers_all_windows(self) -> bool:
        """Whether `evaluate` evaluates every window even without `all_windows`."""
        return self.stateful or max(len(self._val), len(self._test)) <= self._most

    def weights_changed(self) -> None:
        """Discard cached results."""
        self._sequence_outputs = self._predictions = None
        self._class_metrics, self._step_sums = {}, {}

    def evaluate(self, *, all_windows: bool = False) -> dict[str, float]:
        """Return loss, accuracy and macro F1, or loss, RMSE and MAE, on the validation and test set, where they exist.

        Targets whose units may differ have scaled MSE and MAE in place of RMSE and MAE.

        Args:
            all_windows: Evaluate every window, even of a very large set.
        """
        self.weights_changed()
        metrics: dict[str, float] = {}
        splits = (("val", self.data.val, self._val), ("test", self.data.test, self._test))
        for split, every_window, windows in splits:
            if len(windows):
                if self.stateful:
                    results = self._evaluate_stateful(every_window)
                else:
                    results = self._evaluate(windows if all_windows else evenly_spaced(windows, self._most))
                metrics |= {f"{split}_{name}": value for name, value in results.result().items()}
                if results.classes is not None:
                    self._class_metrics[split] = results.classes
                if results.steps is not None:
                    self._step_sums[split] = results.steps
        self._has_all_windows = all_windows or self.covers_all_windows
        return metrics

    def class_metrics(self) -> dict[str, ClassificationMetrics]:
        """Return the metrics of the current weights over all windows of validation and test set; empty for values."""
        if self.data.classes and not (self._class_metrics and self._has_all_windows):
            self.evaluate(all_windows=True)
        return self._class_metrics

    def choose_threshold(self) -> dict[str, float]:
        """Choose the threshold of two classes on the validation set; return the metrics of all windows with it.

        The more probable class remains the predicted one where outputs are not finite.
        """
        scores = self.class_metrics()["val"].scores
        if self.decision is not None and scores.can_be_ranked:
            self.decision = replace(self.decision, threshold=scores.best_threshold())
        return self.evaluate(all_windows=True)

    def class_rows(self) -> list[dict[str, Any]]:
        """Return the metrics of each class on the test set, else the validation set; empty without either.

        Rows are those of `core.confusion.class_rows`, with the name of the set as `split`.
        """
        each = self.class_metrics()
        split = _held_out(each)
        if not split:
            return []
        return [{"split": split, **row} for row in class_rows(each[split].confusion, self.data.classes)]

    def operating_points(self) -> OperatingPoints | None:
        """Return what each threshold predicts correctly on the test set, else the validation set.

        None where there are not two classes, or the current weights have not been evaluated.
        """
        split = _held_out(self._class_metrics)
        return operating_points(split, self._class_metrics[split]) if split else None

    def step_errors(self, *, all_windows: bool = False) -> StepErrors | None:
        """Return the errors at each step ahead on the test set, else the validation set, with those of the baselines.

        None where there are not several steps ahead, or the current weights have not been evaluated.

        Args:
            all_windows: Evaluate the current weights on all windows of a set, if they have not been.
        """
        if all_windows and has_step_errors(self.data) and not (self._step_sums and self._has_all_windows):
            self.evaluate(all_windows=True)
        split = _held_out(self._step_sums)
        if not split:
            return None
        if self._baseline_steps is None:
            scaler = self._outputs.scalers.targets if units_differ(self.data) else None
            self._baseline_steps = baseline_step_errors(self.data, baseline_set(self.data)[1], scaler)
        sums = self._step_sums[split]
        return StepErrors(split, units_differ(self.data), sums.counts, sums.errors(), self._baseline_steps)

    def _evaluate(self, windows: Ints) -> SplitMetrics:
        data, metrics = self.data, self._metrics(self._outputs.scalers)
        is_plotted = data.target_per_sequence and np.array_equal(windows, self._sequences)
        plotted = []
        for batch in batches_of(data, windows):
            outputs, quantiles = self._outputs.with_quantiles(batch)
            values, truth = without_padding(data, batch, *_like_targets(outputs, data.window_targets(batch), data))
            metrics.add(values, truth, data.series_of(batch), quantiles)
            if is_plotted:
                plotted.append(outputs)
        if is_plotted:
            self._sequence_outputs = np.concatenate(plotted)
        return metrics

    def evaluate_series(self) -> list[dict[str, float]]:
        """Return for each of several series the number of windows and the metrics on its held-out set.

        That is the set on which the baselines are evaluated; a series without a window in it has no metrics.
        """
        data = self.data
        split, windows = baseline_set(data)
        windows = with_targets(data, windows)
        scalers = self._outputs.scalers
        each = [self._metrics(scalers.of_series(n), of_one_series=True) for n in range(len(data.series))]
        counts = np.zeros(len(each), np.int64)
        for batch in batches_of(data, windows):
            outputs, quantiles = self._outputs.with_quantiles(batch)
            outputs, truth = _like_targets(outputs, data.window_targets(batch), data)
            series = data.starts[batch] // data.inputs.shape[1]
            for n in np.unique(series):
                metrics, entries = each[int(n)], series == n
                metrics.add(outputs[entries], truth[entries], None, None if quantiles is None else quantiles[entries])
                counts[n] += int(entries.sum())
        return [
            {"windows": int(count)}
            | ({f"{split}_{name}": value for name, value in metrics.result().items()} if count else {})
            for count, metrics in zip(counts, each, strict=True)
        ]

    def _evaluate_stateful(self, windows: Ints) -> SplitMetrics:
        """Evaluate a set with one state that passes through it."""
        data, metrics = self.data, self._metrics(self._outputs.scalers)
        positions, outputs = self._outputs.of_set(windows)
        metrics.add(*_like_targets(outputs[None], flat_steps(data.targets)[None, positions], data))
        return metrics

    def evaluate_targets(self, metrics: Mapping[str, float], baselines: Any) -> list[dict[str, Any]]:
        """Return the metrics of each of several targets; see `metrics_by_target`."""
        return metrics_by_target(self._outputs, metrics, baselines)

    def lag_errors(self) -> LagErrors | None:
        """Return how the predictions one step ahead on the test set differ from the last value; None without one."""
        return lag_errors(self._outputs, self.data.test if self.stateful else self._test)

    def _metrics(self, scalers: Scalers, *, of_one_series: bool = False) -> SplitMetrics:
        outputs = self._outputs
        return SplitMetrics(self.data, scalers, self.decision, self._loss, outputs.shares, of_one_series=of_one_series)

    def predictions(self) -> Predictions | None:
        """Return predictions on the held-out set for plots; None where the task has none."""
        data = self.data
        if self._predictions is None:
            if data.target_per_sequence:
                self._predictions = self._of_sequences(self._outputs_of_sequences())
            elif not data.classes:
                several = several_series_predictions if data.series else sequence_predictions
                self._predictions = (series_predictions if data.one_series else several)(self._outputs)
        return self._predictions

    def _of_sequences(self, outputs: NDArray[np.float32]) -> Predictions:
        """Return the predicted classes or values of the plotted sequences, from their outputs `(n, outputs)`."""
        if self.data.classes:
            return class_predictions(self.data, self._sequences, outputs, self.decision)
        return value_predictions(self.data, self._sequences, self._outputs.scalers.targets.invert(outputs))

    def _outputs_of_sequences(self) -> NDArray[np.float32]:
        """Return the outputs for the plotted windows, in the batches of `_evaluate`: others may round differently."""
        if self._sequence_outputs is None:
            data, windows = self.data, self._sequences
            is_split = any(np.array_equal(windows, split) for split in (data.test, data.val))
            batches = batches_of(data, windows) if is_split else [windows]
            self._sequence_outputs = np.concatenate([self._outputs.of_windows(batch) for batch in batches])
        return self._sequence_outputs


def _held_out(names: Container[str]) -> str:
    """Return test, else val, whichever is among the names; empty where neither is."""
    return next((split for split in ("test", "val") if split in names), "")


def _like_targets(outputs: NDArray[np.float32], truth: NDArray[Any], data: SequenceData) -> list[NDArray[Any]]:
    """Return outputs and targets; values are reshaped like the targets."""
    return [outputs if data.classes else outputs.reshape(truth.shape), truth]
