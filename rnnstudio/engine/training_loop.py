"""The loop of a training: chunks of updates, evaluations and predictions, from the initial to the final weights."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from rnnstudio.core.data_info import DataInfo
from rnnstudio.core.decision import Decision
from rnnstudio.core.events import Event, Outcome, Predicted, Scored, Started, StepsCompared, StepsDone
from rnnstudio.core.experiment import Experiment
from rnnstudio.core.lag import LagErrors
from rnnstudio.core.scaling import Scalers
from rnnstudio.core.sequence import SequenceData
from rnnstudio.engine.chunk import ChunkResult, DeviceBlock, DeviceState
from rnnstudio.engine.divergence import divergence_message
from rnnstudio.engine.evaluator import Evaluator
from rnnstudio.engine.kept_weights import KeptWeights
from rnnstudio.engine.monitor import Monitor, MonitorState
from rnnstudio.engine.network import Weights
from rnnstudio.engine.pacing import Pacer
from rnnstudio.engine.plan import Block, Plan, evaluation_interval
from rnnstudio.engine.plot_predictions import batch_predictions
from rnnstudio.engine.plot_schedule import PlotSchedule
from rnnstudio.engine.programs import Program
from rnnstudio.engine.runtime import device
from rnnstudio.engine.training_state import Checkpoints, Continuation, TrainingState


@dataclass(frozen=True)
class _ChunkStart:
    """The state before a chunk and the chunk's arguments, so that it can be run again."""

    state: DeviceState
    block: DeviceBlock
    first: int
    step: int
    monitor: MonitorState


class TrainingLoop:
    """Trains one network.

    Args:
        experiment: The experiment.
        data: In original units.
        scalers: Scalers of the data.
        plan: The updates.
        program: The network and its compiled updates.
        emit: Receives each event.
        should_stop: Asked before each chunk.
        starts_fitted: Whether the initial weights are those of a run or of a ridge regression, rather than random ones.
        continuation: Where the training goes on; at its beginning when None.
        checkpoints: Keeps states of the training.
        kept: Keeps the weights of moments of the training.

    Attributes:
        step: Number of updates that are done.
        is_interrupted: Whether Ctrl-C ended the training.
        weights_step: Number of updates of the final weights, after `run`.
        moments: Weights of other moments, after `run`; see `TrainingResult`.
        best_step: Number of updates of the best weights, after `run`; -1 without any.
        held_out_metrics: Metrics of the final weights on validation and test set, after `run`.
        decision: Of two classes the positive one, and the rule by which it is predicted, after `run`.
        class_rows: Of classes, the metrics of each; see `Evaluator.class_rows`.
        series_metrics: Of several series, the metrics of each; see `Evaluator.evaluate_series`.
        lag: Errors of predictions one step ahead against the last value; None where there are none.
    """

    def __init__(
        self,
        experiment: Experiment,
        data: SequenceData,
        scalers: Scalers,
        plan: Plan,
        program: Program,
        emit: Callable[[Event], None],
        should_stop: Callable[[], bool],
        *,
        starts_fitted: bool = False,
        kept: KeptWeights,
        continuation: Continuation | None = None,
        checkpoints: Checkpoints | None = None,
    ) -> None:
        self.step = 0
        self.is_interrupted = False
        self.weights_step = 0
        self.moments: dict[int, Weights | None] = {}
        self.best_step = -1
        self.held_out_metrics: dict[str, float] = {}
        self.decision: Decision | None = None
        self.class_rows: list[dict[str, Any]] = []
        self.series_metrics: list[dict[str, float]] = []
        self.lag: LagErrors | None = None
        self._experiment, self._data, self._scalers, self._plan = experiment, data, scalers, plan
        self._emit, self._should_stop = emit, should_stop
        self._network, self._chunk = program.network, program.chunk
        self._predictor = program.predictor
        self._evaluator = Evaluator(
            data, scalers, program.predictor, stateful=plan.stateful, loss=experiment.training.loss
        )
        self._monitor = Monitor(self._evaluator, self._network, experiment.training, emit, starts_fitted=starts_fitted)
        self._schedule = PlotSchedule()
        self._pacer = Pacer(plan.rows)
        self._epoch, self._epoch_data = 0, data
        self._last_start: _ChunkStart | None = None  # of the last chunk that began with finite weights
        self._starts_fitted, self._checkpoints, self._kept = starts_fitted, checkpoints, kept
        self._continuation = continuation
        if continuation is not None:
            self.step = continuation.state.step
            self._monitor.state = continuation.state.monitor
            self._chunk.set_optimizer(continuation.state.optimizer, continuation.state.carried)

    def run(self) -> tuple[Outcome, str]:
        """Train; return the outcome and, if the loss diverged, a sentence about it."""
        kind, reason = device()
        self._emit(
            Started(
                self._plan.updates,
                self._plan.updates_per_epoch,
                self._network.parameters,
                f"{kind}: {reason}",
                DataInfo.of(self._data),
            )
        )
        if self._continuation is not None:
            self._emit(self._continuation.past)
        outcome: Outcome
        error = ""
        try:
            outcome, error = self._run_updates()
        except KeyboardInterrupt:
            outcome, self.is_interrupted = "stopped", True
        self._take_checkpoint()
        if self._monitor.needs_evaluation(self.step):
            self._evaluate()
        self.weights_step = self._monitor.final_step(self.step)
        best = self._monitor.state
        self.best_step = best.best_step
        pinned = {best.best_step: best.best_weights, self.step: self._network.weights()}
        self.moments = self._kept.beside(self.weights_step, pinned)
        self.held_out_metrics = self._monitor.finish(self.step)
        if self._experiment.training.decision_threshold == "validation":
            self.held_out_metrics = self._evaluator.choose_threshold()
        self.decision = self._evaluator.decision
        self.class_rows = self._evaluator.class_rows()
        if self._data.series:
            self.series_metrics = self._evaluator.evaluate_series()
        self.lag = self._evaluator.lag_errors()
        self._emit_held_out_predictions(self.weights_step, is_final=True)
        return outcome, error

    def metrics_by_target(self, metrics: Mapping[str, float], baselines: Any) -> list[dict[str, Any]]:
        """Return the metrics of each of several targets with the final weights; see `metrics_by_target`."""
        return self._evaluator.evaluate_targets(metrics, baselines)

    def _run_updates(self) -> tuple[Outcome, str]:
        plan, done = self._plan, 0 if self._continuation is None else self._continuation.done
        evaluate_every = evaluation_interval(
            self._experiment.training.evaluate_every, plan.updates_per_epoch, plan.updates
        )
        for block, start in plan.blocks_from(self.step):
            self._enter_epoch(block.epoch)
            device_block, first = self._chunk.put(block), start
            while first < block.count:
                if self.step >= done and self._should_stop():
                    return "stopped", ""
                until_evaluation = evaluate_every - self.step % evaluate_every
                until_moment = min(until_evaluation, self._kept.until_next(self.step))
                count = min(self._pacer.size, block.count - first, plan.updates - self.step, until_moment)
                result = self._run_chunk(device_block, first, count)
                if not self._monitor.has_evaluated:
                    self._evaluate_initial_weights()
                if not np.isfinite(result.losses[-1]):
                    return "diverged", self._restore_finite_weights()
                first += count
                self._keep_moment()
                self._take_checkpoint_if_due()
                is_done = self.step >= plan.updates
                if self._data.task == "label" and (is_done or self._schedule.is_batch_due()):
                    self._emit_batch_predictions(block, first - 1, result)
                if count == until_evaluation or is_done:
                    self._evaluate()
                    if self._monitor.is_out_of_patience:
                        return "early_stopped", ""
                if is_done:
                    return "completed", ""
        raise AssertionError("a plan has no last block")

    def _enter_epoch(self, epoch: int) -> None:
        """Load the data of another epoch, where each epoch has new data."""
        if epoch != self._epoch and self._data.refresh is not None:
            self._epoch_data = self._data.refresh(epoch)
            self._chunk.load(self._epoch_data, self._scalers)
        self._epoch = epoch

    def _run_chunk(self, block: DeviceBlock, first: int, count: int) -> ChunkResult:
        """Run one chunk and emit its losses, which end with the first that is not finite."""
        start = _ChunkStart(self._chunk.snapshot(), block, first, self.step, self._monitor.state)
        began = time.perf_counter()
        try:
            result = self._chunk.run(block, first, count, self.step)
        except BaseException:  # Ctrl-C: the weights must not be ahead of the losses that were emitted
            self._chunk.restore(start.state)
            raise
        # The time of the first chunk is that of the compiler, and says nothing about the speed of updates.
        seconds = time.perf_counter() - began
        counted_seconds = seconds if self._last_start else 0.0
        bad = np.flatnonzero(~np.isfinite(result.losses))
        if len(bad):
            result = ChunkResult(result.losses[: bad[0] + 1], result.accuracies[: bad[0] + 1], result.outputs)
        if self._last_start is None or not len(bad) or bad[0] > 0:
            self._last_start = start
        self.step += int(bad[0]) if len(bad) else count
        self._emit(StepsDone(start.step, result.losses, result.accuracies, counted_seconds))
        self._pacer.done(count, seconds)
        return result

    def _keep_moment(self) -> None:
        """Keep the weights before the last chunk, if they are due: their loss is known to be finite."""
        start = self._last_start
        if start is not None and self._kept.is_due(start.step):
            self._kept.keep(start.step, self._chunk.weights_of(start.state))

    def _take_checkpoint_if_due(self) -> None:
        start = self._last_start
        if self._checkpoints is None or start is None or not start.step:  # no update is done there
            return
        if self._checkpoints.is_due(start.monitor.best_step):
            self._take_checkpoint()

    def _take_checkpoint(self) -> None:
        """Keep the state before the last chunk.

        That after it may have a loss that is not finite, which only the next update shows; and then the weights before
        the last update are restored, which takes the chunk again.
        """
        start = self._last_start
        if self._checkpoints is None or start is None:
            return
        weights, optimizer, carried = self._chunk.arrays_of(start.state)
        self._checkpoints.take(
            TrainingState(start.step, weights, optimizer, carried, start.monitor, self._starts_fitted)
        )

    def _restore_finite_weights(self) -> str:
        """Restore the last weights whose loss was finite; return a sentence about it."""
        start, bad_step = self._last_start, self.step
        assert start is not None
        self.step = max(0, bad_step - 1)
        self._chunk.restore(start.state)
        if self.step > start.step:
            self._chunk.run(start.block, start.first, self.step - start.step, start.step)
        return divergence_message(self._experiment, bad_step, keeps_best=self._monitor.has_best_weights)

    def _evaluate_initial_weights(self) -> None:
        """Evaluate the initial weights, after the first losses were emitted, so that users see these sooner."""
        assert self._last_start is not None
        state, step = self._chunk.snapshot(), self.step
        self._chunk.restore(self._last_start.state)
        self.step = 0
        try:
            self._evaluate()
        finally:
            self.step = step
            self._chunk.restore(state)

    def _evaluate(self) -> None:
        """Evaluate the current weights, and emit predictions if they are due."""
        self._monitor.evaluate(self.step)
        if self._schedule.is_held_out_due():
            self._emit_held_out_predictions(self.step)

    def _emit_held_out_predictions(self, step: int, *, is_final: bool = False) -> None:
        began, traces = time.monotonic(), self._predictor.traces
        points = self._evaluator.operating_points()
        if points is not None:
            self._emit(Scored(step, points))
        errors = self._evaluator.step_errors(all_windows=is_final)
        if errors is not None:
            self._emit(StepsCompared(step, errors))
        predictions = self._evaluator.predictions()
        if predictions is not None:
            self._emit(Predicted(step, predictions))
            compiled = self._predictor.traces > traces
            self._schedule.held_out_done(time.monotonic() - began, compiled=compiled)

    def _emit_batch_predictions(self, block: Block, row: int, result: ChunkResult) -> None:
        self._schedule.batch_done()
        outputs = result.outputs.numpy()
        predictions = batch_predictions(self._epoch_data, self._scalers.inputs, block.starts[row], outputs)
        self._emit(Predicted(self.step - 1, predictions))  # the outputs of a batch are those before its update
