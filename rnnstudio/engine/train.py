"""Training: one blocking function that emits events and starts no thread."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

from rnnstudio.core.automatic import Choice, Load, Resolved, resolve
from rnnstudio.core.calibration_windows import with_calibration
from rnnstudio.core.catalog import CELLS, load_data
from rnnstudio.core.class_counts import class_weights_note
from rnnstudio.core.decision import Decision, threshold_note
from rnnstudio.core.errors import StoppedError
from rnnstudio.core.events import Event, Finished, Outcome, Started
from rnnstudio.core.experiment import Experiment
from rnnstudio.core.fetching import reporting_to
from rnnstudio.core.history import History
from rnnstudio.core.lag import LagErrors
from rnnstudio.core.scaling import Scalers
from rnnstudio.core.sequence import SequenceData
from rnnstudio.engine.chunk import Chunk
from rnnstudio.engine.final_metrics import (
    Baselines,
    averaged_updates,
    baseline_metrics,
    final_metrics,
    monitored_metric,
)
from rnnstudio.engine.kept_weights import KeptWeights
from rnnstudio.engine.monitor import MonitorState
from rnnstudio.engine.network import Weights
from rnnstudio.engine.past import Past, has_frozen_skip
from rnnstudio.engine.plan import evaluation_interval, make_plan
from rnnstudio.engine.programs import program
from rnnstudio.engine.recursive import trained_data
from rnnstudio.engine.series_embedding import check_same_series
from rnnstudio.engine.several_series import metrics_by_series
from rnnstudio.engine.training_loop import TrainingLoop
from rnnstudio.engine.training_state import Beginning, Checkpoints, Continuation, TrainingState
from rnnstudio.engine.validation import validate


@dataclass(frozen=True)
class TrainingResult:
    """The result of a training.

    Attributes:
        experiment: The experiment, without automatic settings.
        data: Its data in original units.
        scalers: Scalers of the data.
        weights: The final weights by name, such as `lstm1/kernel`.
        history: All events, reduced.
        metrics: The final metrics by name.
        baseline: The metrics of each baseline on the same windows, by name of the baseline.
        decision: Of two classes the positive one, and the rule by which it is predicted; None for others.
        class_rows: Of classes, a row for each with its metrics on the held-out set; see `Evaluator.class_rows`.
        by_series: Of several series, a row for each with its metrics; see `metrics_by_series`.
        by_target: Of several targets, a row for each with its metrics; see `metrics_by_target`.
        lag: Errors of predictions one step ahead against the last value; None where there are none.
        interrupted: Whether Ctrl-C ended the training.
        warnings: What the user should know about the training, one sentence each.
        choices: The automatic settings, each with the value that was chosen and the reason.
        moments: Weights by their number of updates: about 20 that are spread over the training and, where they are not
            the final ones, the last and the best; None where the checkpoints have stored them.
        best_step: Number of updates of the best weights, whether they are the final ones or not; -1 without any.
    """

    experiment: Experiment
    data: SequenceData
    scalers: Scalers
    weights: Weights
    history: History
    metrics: dict[str, float]
    baseline: Baselines
    interrupted: bool
    decision: Decision | None = None
    class_rows: tuple[dict[str, Any], ...] = ()
    by_series: tuple[dict[str, Any], ...] = ()
    by_target: tuple[dict[str, Any], ...] = ()
    lag: LagErrors | None = None
    warnings: tuple[str, ...] = ()
    choices: tuple[Choice, ...] = ()
    moments: dict[int, Weights | None] = field(default_factory=dict)
    best_step: int = -1


def train(
    experiment: Experiment | Resolved,
    emit: Callable[[Event], None],
    should_stop: Callable[[], bool] = lambda: False,
    data: SequenceData | None = None,
    initial_weights: Weights | None = None,
    load: Load = load_data,
    *,
    initial_series: tuple[str, ...] = (),
    keeps_validation: bool = False,
    continuation: Continuation | None = None,
    checkpoints: Checkpoints | None = None,
) -> TrainingResult:
    """Train and return the result; blocks until done.

    Args:
        experiment: The experiment, or what `resolve` made of it and its data.
        emit: Receives each event, on the calling thread; the last event is exactly one `Finished`.
        should_stop: Asked before each chunk of updates, about every 50 ms; it may block, which pauses the training.
        data: The caller's own data; loaded as the experiment says when None. Settings that are automatic are chosen
            where the data are loaded.
        initial_weights: Weights to start from, by name, such as those of a run; drawn at random when None.
        load: Loads the data of settings and a seed.
        initial_series: Names of the series that `initial_weights` were trained on, in their order.
        keeps_validation: Whether the whole validation set chooses the weights, because others calibrate the bands.
        continuation: Where a training with these settings and data goes on; it starts anew when None.
        checkpoints: Keeps states of the training, from which it can go on.

    Raises:
        SettingError: Settings and data do not go together; `initial_weights` has other names or shapes than the
            network, or vectors of other series; or the cell returns an output of an unexpected type or shape.
        DataError: The data cannot be read.
        StoppedError: `should_stop` was true during a download.
    """
    history = History()

    def record(event: Event) -> None:
        history.apply(event)
        if isinstance(event, Started):
            event = replace(event, columns=(history.loss, history.accuracy))
        emit(event)

    began = time.perf_counter() - (continuation.seconds if continuation is not None else 0.0)
    outcome: Outcome = "failed"
    error = ""
    weights_step: int | None = None
    try:
        if isinstance(experiment, Resolved):
            resolved = experiment
        elif data is None:
            with reporting_to(record, should_stop):  # loading may download files
                resolved = resolve(experiment, load)
        else:
            resolved = Resolved(experiment, data)
        experiment = resolved.experiment
        data = with_calibration(resolved.data, [] if keeps_validation else experiment.training.levels)
        validate(experiment, data)
        if initial_weights is not None:
            check_same_series(experiment.model, data, initial_series)
        if continuation is not None:
            initial_weights = continuation.state.weights
        scalers = Scalers.fit(data, experiment.data, share=Past.of(data, experiment.model) is not None)
        trained = trained_data(experiment.model, data)
        plan = make_plan(experiment, trained)
        with program(experiment, trained, plan, scalers, initial_weights) as compiled:
            starts_fitted = initial_weights is not None or (
                has_frozen_skip(experiment.model) and experiment.training.loss != "pinball"  # quantiles start random
            )
            if continuation is not None:
                starts_fitted = continuation.state.starts_fitted
            kept = KeptWeights(
                evaluation_interval(experiment.training.evaluate_every, plan.updates_per_epoch, plan.updates),
                plan.updates,
                sum(values.nbytes for values in compiled.network.weights().values()),
                () if continuation is None else continuation.stored,
            )
            if checkpoints is not None:
                is_given = initial_weights is not None and continuation is None
                given = _given_state(compiled.chunk) if is_given else None
                checkpoints.begin(Beginning(experiment, data, scalers, resolved.choices, history, kept, given))
            loop = TrainingLoop(
                experiment,
                data,
                scalers,
                plan,
                compiled,
                record,
                should_stop,
                starts_fitted=starts_fitted,
                kept=kept,
                continuation=continuation,
                checkpoints=checkpoints,
            )
            outcome, error = loop.run()
            weights_step = loop.weights_step
            compiled.is_usable = not loop.is_interrupted
            baselines = baseline_metrics(data, scalers, stateful=experiment.model.stateful)
            mean_of = averaged_updates(plan.updates_per_epoch)
            metrics = final_metrics(
                history, loop.held_out_metrics, baselines, monitored_metric(data), mean_of, starts_fitted=starts_fitted
            )
            if loop.decision is not None and loop.decision.threshold is not None:
                metrics["decision_threshold"] = loop.decision.threshold
            by_series = (
                metrics_by_series(data, loop.series_metrics, metrics, baselines, scalers.targets) if data.series else []
            )
            return TrainingResult(
                experiment=experiment,
                data=data,
                scalers=scalers,
                weights=compiled.network.weights(),
                history=history,
                metrics=metrics,
                baseline=baselines,
                interrupted=loop.is_interrupted,
                decision=loop.decision,
                class_rows=tuple(loop.class_rows),
                by_series=tuple(by_series),
                by_target=tuple(loop.metrics_by_target(metrics, baselines)),
                lag=loop.lag,
                warnings=_warnings(experiment, data, loop.decision),
                choices=resolved.choices,
                moments=loop.moments,
                best_step=loop.best_step,
            )
    except BaseException as problem:
        outcome = "stopped" if isinstance(problem, StoppedError) else "failed"
        error = str(problem) or type(problem).__name__
        raise
    finally:
        record(Finished(outcome, error, time.perf_counter() - began, weights_step))


def _given_state(chunk: Chunk) -> TrainingState:
    """Return the state before the first update of a training whose weights were given."""
    weights, optimizer, carried = chunk.arrays_of(chunk.snapshot())
    return TrainingState(0, weights, optimizer, carried, MonitorState(), starts_fitted=True)


def _warnings(experiment: Experiment, data: SequenceData, decision: Decision | None) -> tuple[str, ...]:
    """Return what the user should know about the training, one sentence each."""
    sentences = []
    cell = CELLS.get(experiment.model.cell)
    if cell.kernel is None:
        sentences.append(f"The cell {cell.name} has no kernel: it trains as a Keras layer, slower.")
    if experiment.training.class_weight != "none":
        sentences.append(class_weights_note(data))
    if experiment.training.decision_threshold != "argmax" and decision is not None:
        sentences.append(threshold_note(decision, data.classes))
    return tuple(sentences)
