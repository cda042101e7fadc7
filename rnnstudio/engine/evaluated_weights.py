"""The evaluation of weights that a training had at one of its moments, as of the final ones at its end."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from rnnstudio.core.decision import Decision
from rnnstudio.core.experiment import Experiment
from rnnstudio.core.history import History
from rnnstudio.core.lag import LagErrors
from rnnstudio.core.operating_points import OperatingPoints
from rnnstudio.core.predictions import Predictions
from rnnstudio.core.scaling import Scalers
from rnnstudio.core.sequence import SequenceData, flat_steps
from rnnstudio.core.step_errors import StepErrors
from rnnstudio.engine.evaluator import Evaluator
from rnnstudio.engine.final_metrics import Baselines, averaged_updates, final_metrics, monitored_metric
from rnnstudio.engine.network import Weights
from rnnstudio.engine.past import has_frozen_skip
from rnnstudio.engine.plan import make_plan
from rnnstudio.engine.plot_predictions import batch_predictions
from rnnstudio.engine.predict import Predictor
from rnnstudio.engine.recursive import trained_data
from rnnstudio.engine.several_series import metrics_by_series


@dataclass(frozen=True)
class EvaluatedWeights:
    """What an evaluation of weights finds; fields as in `TrainingResult` and `History`.

    Attributes:
        metrics: Metrics by name.
        decision: The rule of two classes.
        class_rows: Metrics of each class.
        by_series: Metrics of each series.
        by_target: Metrics of each target.
        lag: Errors against the last value.
        predictions: Predictions for plots; with a class per step, of the first training batch.
        points: What each threshold predicts correctly.
        step_errors: Errors at each step ahead.
    """

    metrics: dict[str, float]
    decision: Decision | None
    class_rows: tuple[dict[str, Any], ...]
    by_series: tuple[dict[str, Any], ...]
    by_target: tuple[dict[str, Any], ...]
    lag: LagErrors | None
    predictions: Predictions | None
    points: OperatingPoints | None
    step_errors: StepErrors | None


class WeightsEvaluation:
    """Evaluates weights of one training, one after the other, with one network.

    Args:
        experiment: The experiment, without automatic settings.
        data: Its data in original units.
        scalers: Scalers of the data.
        predictor: A predictor of a network of its shape, whose weights are replaced.
        baselines: The metrics of the baselines, which no weights change.
        starts_fitted: Whether the training began with weights of another run, so that these can be the best.
    """

    def __init__(
        self,
        experiment: Experiment,
        data: SequenceData,
        scalers: Scalers,
        predictor: Predictor,
        baselines: Baselines,
        *,
        starts_fitted: bool,
    ) -> None:
        self._experiment, self._data, self._scalers = experiment, data, scalers
        self._predictor, self._baselines = predictor, baselines
        training = experiment.training
        is_ridge = has_frozen_skip(experiment.model) and training.loss != "pinball"
        self._starts_fitted = starts_fitted or is_ridge
        self._plan = make_plan(experiment, trained_data(experiment.model, data))

    def evaluate(self, weights: Weights, history: History) -> EvaluatedWeights:
        """Return what an evaluation of weights finds.

        Args:
            weights: The weights by name.
            history: The history of the training up to these weights; it gets an evaluation of them, if it has none.
        """
        data, training = self._data, self._experiment.training
        self._predictor.network.set_weights(weights)
        evaluator = Evaluator(data, self._scalers, self._predictor, stateful=self._plan.stateful, loss=training.loss)
        held_out = evaluator.evaluate()
        if held_out and not any(e["step"] == history.step for e in history.evaluations):
            history.evaluations.append({"step": float(history.step), **held_out})
        if not evaluator.covers_all_windows:
            held_out = evaluator.evaluate(all_windows=True)
        if training.decision_threshold == "validation":
            held_out = evaluator.choose_threshold()
        average = averaged_updates(self._plan.updates_per_epoch)
        metrics = final_metrics(
            history, held_out, self._baselines, monitored_metric(data), average, starts_fitted=self._starts_fitted
        )
        if evaluator.decision is not None and evaluator.decision.threshold is not None:
            metrics["decision_threshold"] = evaluator.decision.threshold
        by_series: list[dict[str, Any]] = []
        if data.series:
            each = evaluator.evaluate_series()
            by_series = metrics_by_series(data, each, metrics, self._baselines, self._scalers.targets)
        return EvaluatedWeights(
            metrics=metrics,
            decision=evaluator.decision,
            class_rows=tuple(evaluator.class_rows()),
            by_series=tuple(by_series),
            by_target=tuple(evaluator.evaluate_targets(metrics, self._baselines)),
            lag=evaluator.lag_errors(),
            predictions=self._of_batch() if data.task == "label" else evaluator.predictions(),
            points=evaluator.operating_points(),
            step_errors=evaluator.step_errors(all_windows=True),
        )

    def _of_batch(self) -> Predictions:
        """Return the predicted classes of the first training batch, whose state is zero in a training too."""
        data, plan = self._data, self._plan
        starts = next(plan.blocks()).starts[0]
        rows = flat_steps(data.inputs)[starts[:, None] + np.arange(data.window)]
        series = starts // data.inputs.shape[1]
        lengths = None
        if data.lengths is not None and not data.series:
            lengths = np.minimum(data.lengths[series], data.window).astype(np.int32)
        outputs = self._predictor.outputs(
            self._scalers.inputs.apply(rows, series), lengths, None, series if data.series else None
        )
        return batch_predictions(data, self._scalers.inputs, starts, outputs)
