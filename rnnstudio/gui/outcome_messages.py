"""What the banner says about a run that has ended or cannot be saved, and what it offers to do about it."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, Signal

from rnnstudio.core.history import History
from rnnstudio.gui.banner import Banner
from rnnstudio.gui.run_heading import shown_name
from rnnstudio.results.run import Run
from rnnstudio.results.run_group import RunGroup


class OutcomeMessages(QObject):
    """Shows a message where a run was not saved, diverged or ended out of sight.

    Args:
        banner: Where messages appear.
        with_labels: Returns a message with the labels of settings in place of their flat names.
    """

    save_requested = Signal(object)  # Run
    retry_requested = Signal(object, float)  # Experiment, learning rate
    show_requested = Signal(str)  # path of the run

    def __init__(self, banner: Banner, with_labels: Callable[[str], str], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._banner, self._with_labels = banner, with_labels
        self._unsaved = ""  # what was said about a training that cannot be saved; empty where it can

    def show_training(self, history: History) -> None:
        """Say once that a training cannot be saved, until it is saved again.

        Args:
            history: Its history.
        """
        if bool(history.unsaved) == bool(self._unsaved):
            return
        if history.unsaved:
            self._unsaved = history.unsaved_text
            self._banner.show_message(self._unsaved)
            return
        if self._banner.text == self._unsaved:
            self._banner.hide()
        self._unsaved = ""

    def show(self, run: Run | RunGroup, *, visible: bool) -> None:
        """Show a message about a run or group.

        Args:
            run: The run or group that has ended.
            visible: Whether the window shows it.
        """
        if isinstance(run, RunGroup):
            if not visible and run.path:
                text = f"{shown_name(run)} has ended: {len(run)} runs that differ by seed."
                self._banner.show_message(text, "Show it", lambda: self.show_requested.emit(run.path))
            if run.save_problem:
                self._banner.show_message(self._with_labels(run.save_problem))
            return
        if not run.path:
            self._banner.show_message(
                self._with_labels(run.save_problem), "Save as …", lambda: self.save_requested.emit(run)
            )
        elif run.outcome == "diverged":
            rate = run.experiment.training.learning_rate / 10
            self._banner.show_message(
                self._with_labels(run.record.error),
                f"Try learning rate {rate:g}",
                lambda: self.retry_requested.emit(run.requested, rate),
            )
        elif not visible:
            outcome = run.outcome.replace("_", " ")
            self._banner.show_message(
                f"{shown_name(run)} has ended: {outcome}.",
                "Show it",
                lambda: self.show_requested.emit(run.path),
            )

    def show_kept(self, name: str, path: str) -> None:
        """Say that a run was saved with the weights of a moment of another one."""
        self._banner.show_message(f"Saved as {name}.", "Show it", lambda: self.show_requested.emit(path))
