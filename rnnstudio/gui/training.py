"""What the window does about a training: begins it, shows how it goes, says how it ended."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rnnstudio.core.errors import RnnStudioError
from rnnstudio.core.experiment import Experiment
from rnnstudio.gui.unforeseen import keep_details
from rnnstudio.results.run import Run

if TYPE_CHECKING:
    from rnnstudio.gui.main_window import MainWindow


class Training:
    """The trainings of one window, one at a time."""

    def __init__(self, window: MainWindow) -> None:
        self._window = window
        window.controller.began.connect(self._began)
        window.controller.progressed.connect(self._progressed)
        window.controller.ended.connect(self._ended)

    def begin(self) -> None:
        """Train what the form says; nothing happens while it says nothing or a training goes on."""
        window = self._window
        experiment = window.panel.form.experiment
        if experiment is not None and not window.controller.running:
            window.banner.hide()
            window.controller.start(experiment)

    def begin_recipe(self, name: str) -> None:
        """Train a recipe as published."""
        self._window.panel.form.begin(name)
        self.begin()

    def back(self) -> None:
        """Show the training that goes on instead of another run."""
        window = self._window
        window.run = None
        if window.controller.experiment is not None:
            window.show_history(window.controller.experiment, window.controller.history)
        window.refresh()

    def say_error(self, error: BaseException) -> None:
        """Say what went wrong; keep the details of what nobody foresaw."""
        window = self._window
        if isinstance(error, RnnStudioError):
            window.panel.form.mark(error)
            window.banner.say(str(error))
            return
        window.banner.say(f"The training failed in a way that was not foreseen: {error}. {keep_details(error)}")

    def _began(self, experiment: Experiment) -> None:
        window = self._window
        window.run = None
        window.refresh()  # first, because the focus would wander off with what is hidden now
        window.show_history(experiment, window.controller.history)
        window.pages.result.show_run(None)
        window.refresh()

    def _progressed(self) -> None:
        window, controller = self._window, self._window.controller
        history = controller.history
        if window.run is None:
            window.go_on(history)
        state = "paused" if controller.paused else "training" if history.step else "compiling"
        if controller.running:
            window.status.show_history(history, state=state)
        if history.device:
            window.status.set_device(history.device)
        window.refresh()

    def _ended(self, run: Run | None, error: BaseException | None) -> None:
        window, history = self._window, self._window.controller.history
        shown_live = window.run is None
        window.status.show_history(history, state=(history.outcome or "").replace("_", " "))
        window.runs.reload()
        if run is not None:
            if shown_live:
                window.show_figures(run)
            self._say_how_it_ended(run, shown=shown_live)
        elif error is not None:
            self.say_error(error)
        window.refresh()

    def _say_how_it_ended(self, run: Run, *, shown: bool) -> None:
        window = self._window
        if not run.path:
            window.banner.say(run.warnings[-1], "Save as …", lambda: window.files.save_run(run))
        elif run.outcome == "diverged":
            rate = run.experiment.training.learning_rate / 10
            window.banner.say(run.record.error, f"Try learning rate {rate:g}", lambda: self._retry(run, rate))
        elif not shown:
            window.banner.say(
                f"{run.name} has ended: {run.outcome.replace('_', ' ')}.", "Show it", lambda: window.show_run(run.path)
            )

    def _retry(self, run: Run, learning_rate: float) -> None:
        form = self._window.panel.form
        form.show_experiment(run.experiment)
        form.input("learning_rate").set_value(learning_rate)
        form.rejudge()
        self.begin()
