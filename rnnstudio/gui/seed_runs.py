"""Trainings with several seeds in the window: one after the other, and then the group of the finished runs."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from rnnstudio.core.errors import SettingError
from rnnstudio.core.experiment import Experiment
from rnnstudio.core.history import History
from rnnstudio.core.spread import seeds_from
from rnnstudio.gui.background import BackgroundThread
from rnnstudio.gui.controller import TrainingController
from rnnstudio.gui.run_view import RunView
from rnnstudio.results.group_training import group_of, of_seeds, saved_so_far
from rnnstudio.results.run import Run


class SeedRuns(QObject):
    """Trains an experiment with several seeds; with one, it is an ordinary training.

    Stopping a training ends the group, which has the runs that are finished by then.

    Args:
        controller: Trains one experiment at a time.
        view: Shows the training, unless the user has opened another run meanwhile.
        background: Computes the metrics of the mean predictions.
    """

    grouped = Signal(object)  # RunGroup
    refused = Signal(object)  # SettingError
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
        self._waiting: list[Experiment] = []
        self._runs: list[Run] = []
        self._saved: Path | None = None  # the folder of the group of the runs so far
        self._count = 1
        self._is_closing = False

    def start(self, experiment: Experiment, count: int) -> None:
        """Train an experiment with its seed and those that follow it; does nothing while another one trains."""
        if self._controller.running:
            return
        try:
            self._waiting = of_seeds(experiment, seeds_from(experiment.seed, count))
        except SettingError as error:
            self.refused.emit(error)
            return
        self._count, self._runs, self._saved = count, [], None
        self._start_next()

    def resume(self, run: Run, updates: int | None = None) -> None:
        """Go on with the training of a run; see `TrainingController.resume`."""
        self._count, self._runs, self._waiting = 1, [], []
        self._controller.resume(run, updates)

    def show_started(self, experiment: Experiment, history: History) -> None:
        """Show a training that has started; a later one of a group only where no other run is shown."""
        if not self._runs or self._view.run is None or self._view.run in self._runs:
            self._view.show_training(experiment, history)

    def continue_after(self, run: Run) -> None:
        """Train with the next seed after a run has ended, or make the group of all."""
        if self._count == 1:
            return
        stopped = run if run.outcome == "stopped" else None
        if stopped is None:
            self._runs.append(run)
            if self._waiting:
                self._saved = saved_so_far(self._runs, None, self._saved)
                self._start_next()
                return
        self._end(stopped)

    def cancel(self) -> None:
        """Train with no further seed, because a training failed; finished runs become a group."""
        if self._count > 1:
            self._end(None)

    def close(self) -> None:
        """Stop the training, and wait for it."""
        self._waiting, self._is_closing = [], True
        self._controller.close()

    def _start_next(self) -> None:
        number = self._count - len(self._waiting) + 1
        if self._count > 1:
            self.part_changed.emit(f"run {number} of {self._count}")
        self._controller.start(self._waiting.pop(0))

    def _end(self, stopped: Run | None) -> None:
        count, self._count, self._waiting = self._count, 1, []
        self.part_changed.emit("")
        runs, saved = list(self._runs), self._saved
        if runs and self._is_closing:
            group_of(runs, stopped, count, saved=saved)
        elif runs:
            work = partial(group_of, runs, stopped, count, evaluates=True, saved=saved)
            self._background.submit(work, self.grouped.emit)
