"""What the banner says about a run that has ended, and what it offers to do about it."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, Signal

from rnnstudio.gui.banner import Banner
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

    def show(self, run: Run | RunGroup, *, visible: bool) -> None:
        """Show a message about a run or group.

        Args:
            run: The run or group that has ended.
            visible: Whether the window shows it.
        """
        if isinstance(run, RunGroup):
            if not visible and run.path:
                text = f"{run.name} has ended: {len(run)} runs that differ by seed."
                self._banner.show_message(text, "Show it", lambda: self.show_requested.emit(run.path))
            return
        if not run.path:
            self._banner.show_message(
                self._with_labels(run.warnings[-1]), "Save as …", lambda: self.save_requested.emit(run)
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
                f"{run.name} has ended: {outcome}.", "Show it", lambda: self.show_requested.emit(run.path)
            )

    def show_kept(self, name: str, path: str) -> None:
        """Say that a run was saved with the weights of a moment of another one."""
        self._banner.show_message(f"Saved as {name}.", "Show it", lambda: self.show_requested.emit(path))
