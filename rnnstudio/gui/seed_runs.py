"""Trainings with several seeds in the window: one after the other, and then the group of the finished runs."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from rnnstudio.core.errors import RnnStudioError, SettingError
from rnnstudio.core.experiment import Experiment
from rnnstudio.core.history import History
from rnnstudio.core.spread import seeds_from
from rnnstudio.gui.background import BackgroundThread
from rnnstudio.gui.controller import TrainingController
from rnnstudio.gui.run_view import RunView
from rnnstudio.results.group_training import group_of, of_seeds, saved_so_far
from rnnstudio.results.resuming_seeds import Left
from rnnstudio.results.run import Run
from rnnstudio.results.run_group import RunGroup
from rnnstudio.results.seed_plan import SeedPlan
from rnnstudio.results.seed_training import seed_training_for


class SeedRuns(QObject):
    """Trains an experiment with several seeds; with one, it is an ordinary training.

    Stopping a training ends the group, which has the runs that are finished by then.

    Args:
        controller: Trains one experiment at a time.
        view: Shows the training, unless the user has opened another run meanwhile.
        background: Computes the metrics of the mean predictions.
    """

    grouped = Signal(object)  # RunGroup
    refused = Signal(object)  # RnnStudioError
    part_changed = Signal(str)  # which of several runs trains, such as "run 2 of 5"; empty for none

    def __init__(
        self,
        controller: TrainingController,
        view: RunView,
        background: BackgroundThread,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._controller, self._view, self._background = controller, view, background
        self._waiting: list[Callable[[], None]] = []  # each starts a training
        self._runs: list[Run] = []
        self._saved: Path | None = None  # the folder of the group of the runs so far
        self._folder: Path | None = None  # where the group is saved, if that is not the run list
        self._plan: SeedPlan | None = None  # None for a training of one run
        self._is_changed = False  # whether a run has ended that the saved group has not
        self._is_closing = False

    def start(self, experiment: Experiment, count: int) -> None:
        """Train an experiment with its seed and those that follow it; does nothing while another one trains."""
        if self._controller.running:
            return
        try:
            seeds = seeds_from(experiment.seed, count)
        except SettingError as error:
            self.refused.emit(error)
            return
        self._begin(SeedPlan.of(seeds) if count > 1 else None)
        self._waiting = [partial(self._controller.start, own, self._plan) for own in of_seeds(experiment, seeds)]
        self._start_next()

    def resume(self, run: Run | RunGroup, updates: int | None = None) -> None:
        """Go on with the training of a run, and then with the seeds that are left where it is one of several.

        Args:
            run: A saved run or group.
            updates: Number of further updates of this run alone; None for those that were planned and are not done.
        """
        if self._controller.running:
            return
        try:
            training = seed_training_for(Path(run.path), updates)
            left = None if training is None else Left(training)
        except RnnStudioError as error:
            self.refused.emit(error)
            return
        self._begin(None)
        unfinished = run if training is None else training.unfinished
        self._waiting = [partial(self._controller.resume, unfinished, updates)] if isinstance(unfinished, Run) else []
        if training is not None and left is not None:
            self._plan, self._runs = training.plan, list(training.ended)
            self._saved, self._folder = training.group, training.folder
            self._waiting += [partial(self._start_left, left, seed) for seed in training.seeds_left]
        if self._waiting:
            self._start_next()
        else:  # all runs have ended, and the group is yet to be saved with them
            self._is_changed = True
            self._end(None)

    def _begin(self, plan: SeedPlan | None) -> None:
        self._plan, self._runs, self._saved, self._folder, self._is_changed = plan, [], None, None, False

    def _start_left(self, left: Left, seed: int) -> None:
        self._controller.start_work(left.experiment(seed), partial(left.train, seed))

    def show_started(self, experiment: Experiment, history: History) -> None:
        """Show a training that has started; a later one of a group only where no other run is shown."""
        if not self._runs or self._view.run is None or self._view.run in self._runs:
            self._view.show_training(experiment, history)

    def continue_after(self, run: Run) -> None:
        """Train with the next seed after a run has ended, or make the group of all."""
        if self._plan is None:
            return
        stopped = run if run.outcome == "stopped" else None
        if stopped is None:
            self._runs, self._is_changed = sorted([*self._runs, run], key=lambda run: run.experiment.seed), True
            if self._waiting:
                self._saved = saved_so_far(self._runs, self._plan, self._folder, self._saved)
                self._start_next()
                return
        self._end(stopped)

    def cancel(self) -> None:
        """Train with no further seed, because a training failed; finished runs become a group."""
        if self._plan is not None:
            self._end(None)

    def close(self) -> None:
        """Stop the training, and wait for it."""
        self._waiting, self._is_closing = [], True
        self._controller.close()

    def _start_next(self) -> None:
        if self._plan is not None:
            count = len(self._plan.seeds)
            self.part_changed.emit(f"run {count - len(self._waiting) + 1} of {count}")
        self._waiting.pop(0)()

    def _end(self, stopped: Run | None) -> None:
        plan, runs, saved, folder = self._plan, list(self._runs), self._saved, self._folder
        self._plan, self._waiting = None, []
        self.part_changed.emit("")
        if plan is None or not runs or not self._is_changed:
            return
        work = partial(group_of, runs, stopped, plan, folder, saved=saved)
        if self._is_closing:
            work()
        else:
            self._background.submit(partial(work, evaluates=True), self.grouped.emit)
