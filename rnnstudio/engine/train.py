"""Training: one blocking function that tells events and knows no thread."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from rnnstudio.core.catalog import DATASETS
from rnnstudio.core.data_info import DataInfo
from rnnstudio.core.errors import StoppedError
from rnnstudio.core.events import Evaluated, Event, Finished, Outcome, Predicted, Started, StepsDone
from rnnstudio.core.experiment import Experiment
from rnnstudio.core.fetching import reporting_to
from rnnstudio.core.history import History
from rnnstudio.core.scaling import Scalers
from rnnstudio.core.sequence import SequenceData
from rnnstudio.engine.checks import check
from rnnstudio.engine.chunk import ChunkResult, DeviceState, Placed
from rnnstudio.engine.evaluator import Evaluator, batch_predictions
from rnnstudio.engine.final_metrics import final_metrics, monitored, test_baselines
from rnnstudio.engine.network import Weights
from rnnstudio.engine.pacing import Pacer
from rnnstudio.engine.plan import Plan, make_plan
from rnnstudio.engine.programs import Program, program
from rnnstudio.engine.runtime import device

Emit = Callable[[Event], None]
_PICTURE_SECONDS = 0.1  # pictures of the batch are made at most this often
_PICTURE_SHARE = 10  # pictures of the held-out part may take one part in so many of the time; a long free run is slow


@dataclass(frozen=True)
class TrainingResult:
    """What training leaves behind.

    Attributes:
        experiment: What was run.
        data: In the data's own units.
        scalers: From there to the network's units and back.
        weights: The final weights by name, such as `lstm1/kernel`.
        history: All events, reduced.
        metrics: The final figures, by name.
        baseline: The naive answers on the same part, by name, each with its figures.
        interrupted: Whether the user's Ctrl-C ended it.
    """

    experiment: Experiment
    data: SequenceData
    scalers: Scalers
    weights: dict[str, NDArray[np.float32]]
    history: History
    metrics: dict[str, float]
    baseline: dict[str, dict[str, float]]
    interrupted: bool


def train(
    experiment: Experiment,
    emit: Emit,
    should_stop: Callable[[], bool] = lambda: False,
    data: SequenceData | None = None,
    initial_weights: Weights | None = None,
) -> TrainingResult:
    """Train and return the result; blocks until done.

    Args:
        experiment: What to run.
        emit: Takes each event, on the calling thread; the last is exactly one `Finished`.
        should_stop: Asked between chunks (about every 50 ms); may itself block, which pauses.
        data: The caller's own data; loaded as the experiment says when None.
        initial_weights: Weights to start from, by name, such as a run's; drawn at random when None.

    Raises:
        SettingError: `initial_weights` has other names or shapes than the network.
        RnnStudioError: Settings and data do not go together, or the data cannot be read.
    """
    history = History()

    def tell(event: Event) -> None:
        history.apply(event)
        emit(event)

    began = time.perf_counter()
    outcome: Outcome = "failed"
    error = ""
    try:
        with reporting_to(tell, should_stop):  # loading may have to download
            loader = DATASETS.get(experiment.data.dataset).load
            data = data if data is not None else loader(experiment.data, experiment.seed)
        check(experiment, data)
        scalers = Scalers.fit(data, experiment.data)
        plan = make_plan(experiment, data)
        with program(experiment, data, plan, scalers, initial_weights) as made:
            job = _Job(experiment, data, scalers, plan, made, tell, should_stop)
            outcome, error = job.run()
            made.whole = not job.interrupted
            baseline = test_baselines(data)
            mean_of = min(100, plan.updates_per_epoch)
            figures = final_metrics(history, job.judged, baseline, monitored(data), mean_of)
            weights = made.network.weights()
            return TrainingResult(
                experiment, data, scalers, weights, history, figures, baseline, interrupted=job.interrupted
            )
    except BaseException as problem:
        outcome = "stopped" if isinstance(problem, StoppedError) else "failed"
        error = str(problem) or type(problem).__name__
        raise
    finally:
        tell(Finished(outcome, error, time.perf_counter() - began))


@dataclass(frozen=True)
class _Run:
    """Where a chunk began and what it was, so that it can be run again."""

    before: DeviceState
    block: Placed
    first: int
    count: int
    step: int


class _Job:
    """One training from first weights to final figures."""

    def __init__(
        self,
        experiment: Experiment,
        data: SequenceData,
        scalers: Scalers,
        plan: Plan,
        made: Program,
        tell: Emit,
        should_stop: Callable[[], bool],
    ) -> None:
        self.experiment, self.data, self.plan = experiment, data, plan
        self.scalers, self.tell, self.should_stop = scalers, tell, should_stop
        self.network, self.chunk = made.network, made.chunk
        self.looks = Evaluator(data, scalers, made.predictor, stateful=plan.stateful)
        self.pacer = Pacer(plan.rows)
        self.interrupted = False
        self._step = 0
        self._epoch, self._seen = 0, data  # the data of the epoch
        self._last: _Run | None = None
        self._looked = -1
        self._pictured = self._picture_seconds = 0.0
        self._monitor = monitored(data)
        self._best = float("inf")
        self._best_weights: dict[str, NDArray[np.float32]] | None = None
        self._without_better = 0
        self.judged: dict[str, float] = {}  # figures of the final weights on the held-out parts

    def run(self) -> tuple[Outcome, str]:
        """Train; return the outcome and, where it diverged, the sentence that says why."""
        kind, why = device()
        plan = self.plan
        info = DataInfo.of(self.data)
        self.tell(
            Started(
                plan.updates,
                plan.updates_per_epoch,
                self.network.parameters,
                f"{kind}: {why}",
                info,
            )
        )
        error = ""
        try:
            outcome, error = self._updates()
        except KeyboardInterrupt:
            outcome, self.interrupted = "stopped", True
        if self._best_weights is not None:
            self.network.set_weights(self._best_weights)
        elif self._looked < self._step:
            self._look()
        self.judged = self.looks.figures(final=True)
        self._picture()
        return outcome, error

    def _updates(self) -> tuple[Outcome, str]:
        training, plan = self.experiment.training, self.plan
        every = training.evaluate_every or max(plan.updates_per_epoch, -(-plan.updates // 100))
        for block in plan.blocks():
            self._enter(block.epoch)
            placed = self.chunk.put(block)
            first = 0
            while first < block.count:
                if self.should_stop():
                    return "stopped", ""
                to_look = every - self._step % every
                count = min(self.pacer.size, block.count - first, plan.updates - self._step, to_look)
                result = self._chunk(placed, first, count)
                if self._looked < 0:
                    self._look_back()
                if not np.isfinite(result.losses[-1]):
                    return "diverged", self._rewind()
                first += count
                done = self._step >= plan.updates
                if self.data.task == "label" and (done or time.monotonic() - self._pictured > _PICTURE_SECONDS):
                    self._pictured = time.monotonic()
                    starts, outputs = block.starts[first - 1], result.outputs.numpy()
                    predictions = batch_predictions(self._seen, self.scalers.inputs, starts, outputs)
                    self.tell(Predicted(self._step, predictions))
                if count == to_look or done:
                    self._look()
                    if training.patience and self._without_better >= training.patience:
                        return "early_stopped", ""
                if done:
                    return "completed", ""
        raise AssertionError("plans have no end")

    def _enter(self, epoch: int) -> None:
        if epoch != self._epoch and self.data.refresh is not None:
            self._seen = self.data.refresh(epoch)
            self.chunk.load(self._seen, self.scalers)
        self._epoch = epoch

    def _chunk(self, placed: Placed, first: int, count: int) -> ChunkResult:
        """Run one chunk and tell of it; its losses end with the first that is not finite."""
        this = _Run(self.chunk.snapshot(), placed, first, count, self._step)
        began = time.perf_counter()
        try:
            result = self.chunk.run(placed, first, count, self._step)
        except BaseException:  # Ctrl-C: the weights must not be ahead of what has been told
            self.chunk.restore(this.before)
            raise
        # The first chunk waits for the compiler, which says nothing about the speed of updates.
        seconds = time.perf_counter() - began
        counted = seconds if self._last else 0.0
        bad = np.flatnonzero(~np.isfinite(result.losses))
        if len(bad):
            result = ChunkResult(result.losses[: bad[0] + 1], result.accuracies[: bad[0] + 1], result.outputs)
        if self._last is None or not len(bad) or bad[0] > 0:
            self._last = this
        self._step += int(bad[0]) if len(bad) else count
        self.tell(StepsDone(this.step, result.losses, result.accuracies, counted))
        self.pacer.done(count, seconds)
        return result

    def _rewind(self) -> str:
        """Go back to the last weights whose loss was finite; return the sentence about it."""
        again, bad = self._last, self._step
        assert again is not None
        self._step = kept = max(0, bad - 1)
        self.chunk.restore(again.before)
        if kept > again.step:
            self.chunk.run(again.block, again.first, kept - again.step, again.step)
        training = self.experiment.training
        what = f"the weights after {kept:,} updates, the last with a finite loss,"
        if self._best_weights is not None:
            what = "the best weights so far"
        elif not bad:
            what = "the first weights"
        causes = [f"learning_rate {training.learning_rate:g} may be too high (try {training.learning_rate / 10:g})"]
        if not training.clip_norm:
            causes.append("the gradient is not clipped (try clip_norm 1)")
        if self.experiment.data.scale == "none":
            causes.append("the data are not scaled (try scale standard)")
        return f"The loss became NaN or infinite at update {bad:,}; {what} were kept. Likely: {', or '.join(causes)}."

    def _look_back(self) -> None:
        """Judge the first weights, only now that the first losses are told: nobody waits for a look to see a loss."""
        assert self._last is not None
        now, done = self.chunk.snapshot(), self._step
        self.chunk.restore(self._last.before)
        self._step = 0
        try:
            self._look()
        finally:
            self._step = done
            self.chunk.restore(now)

    def _look(self) -> None:
        """Judge the held-out parts, remember the best, draw."""
        self._looked = self._step
        figures = self.looks.figures()
        if figures:
            self.tell(Evaluated(self._step, figures))
            value = figures[self._monitor]
            if value < self._best:
                self._best, self._without_better = value, 0
                if self.experiment.training.restore_best_weights:
                    self._best_weights = self.network.weights()
            else:
                self._without_better += 1
        if time.monotonic() - self._pictured > _PICTURE_SHARE * self._picture_seconds:
            self._picture()

    def _picture(self) -> None:
        began = time.monotonic()
        predictions = self.looks.predictions()
        if predictions is not None:
            self.tell(Predicted(self._step, predictions))
            self._pictured = time.monotonic()
            self._picture_seconds = self._pictured - began
