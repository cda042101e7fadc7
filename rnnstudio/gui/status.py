"""The status bar: device, progress, speed, time left and memory."""

from __future__ import annotations

import math
import sys
from pathlib import Path

from PySide6.QtWidgets import QStatusBar, QWidget

from rnnstudio.core.history import History
from rnnstudio.gui.plain_text import PlainLabel, tip

_MAX_REASON = 40  # characters
_BEGINS = "reading the data and choosing settings"  # before the first event of a training


class StatusBar(QStatusBar):
    """Shows the device on the left; state, epoch, update, speed, time left and memory on the right."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setSizeGripEnabled(False)
        self._training, self._part = "idle", ""
        self._device = PlainLabel("TensorFlow is loading …")
        self._labels = {name: PlainLabel() for name in ("state", "epoch", "update", "speed", "time", "memory")}
        self.addWidget(self._device, 1)
        for label in self._labels.values():
            self.addPermanentWidget(label)
        self._labels["memory"].setToolTip("Memory in use by this program")
        self._show_memory()

    def set_device(self, text: str) -> None:
        """Show the device that trains, such as "CPU: no GPU found"."""
        self._device.setText(text)
        self._device.setToolTip(tip(text))

    def set_training_state(self, state: str) -> None:
        """Show the training as paused from now on, or as running; one that begins has no progress yet."""
        before, self._training = self._training, state
        if before == "idle" and state == "training":
            self.show_history(History())

    def set_part(self, part: str) -> None:
        """Show which of several runs trains, such as "run 2 of 5", from now on; empty for none."""
        self._part = part

    def show_training(self, history: History) -> None:
        """Show the progress and the device of the experiment that trains."""
        if history.device:
            self.set_device(history.device)
        self.show_history(history)

    def show_history(self, history: History, unfinished: str = "") -> None:
        """Show the progress of a run, or how it ended.

        Args:
            history: Its history.
            unfinished: Of a saved run that has not ended: running or interrupted.
        """
        if outcome := history.outcome or unfinished:
            state = outcome.replace("_", " ")
        elif self._training == "paused":
            state = "paused"
        else:
            state = "training" if history.step else "compiling" if history.updates else _BEGINS
        texts = _progress(history) if history.updates and not history.activity else {}
        texts |= {"time": ""} if unfinished and history.outcome is None else {}
        for name in ("epoch", "update", "speed", "time"):
            self._labels[name].setText(texts.get(name, ""))
        text = history.activity or (f"{state}, not saved: {_shortened(history.unsaved)}" if history.unsaved else state)
        self._labels["state"].setText(f"{self._part}: {text}" if self._part else text)
        self._labels["state"].setToolTip(tip(history.unsaved_text) if history.unsaved else "")
        self._show_memory()

    def clear(self) -> None:
        """Show nothing of a run."""
        for label in self._labels.values():
            label.clear()
        self._show_memory()

    def _show_memory(self) -> None:
        if sys.platform == "linux":
            pages = int(Path("/proc/self/statm").read_text().split()[1])
            self._labels["memory"].setText(f"memory {pages * 4096 // 1_000_000:,} MB")


def _shortened(reason: str) -> str:
    """Return a reason as far as it leaves room for the other texts and for a narrow window."""
    return reason if len(reason) <= _MAX_REASON else f"{reason[:_MAX_REASON].rstrip()} …"


def _progress(history: History) -> dict[str, str]:
    """Return the texts of a run whose number of updates is known, by label."""
    epochs = -(-history.updates // history.updates_per_epoch)
    current = int(history.epoch) + 1 if history.outcome is None else math.ceil(history.epoch)
    speed = history.updates_per_second
    seconds_left = (history.updates - history.step) / speed if speed and history.outcome is None else 0.0
    time = f"{duration(seconds_left)} left" if seconds_left else ""
    if history.outcome:
        time = f"took {duration(history.wall_seconds)}"
    return {
        "epoch": f"epoch {min(current, epochs):,} of {epochs:,}",
        "update": f"update {history.step:,} of {history.updates:,}",
        "speed": f"{speed:,.0f} updates/s" if speed >= 10 else f"{speed:.1f} updates/s" if speed else "",
        "time": time,
    }


def duration(seconds: float) -> str:
    """Return a time such as 0:04, 12:30 or 1:02:03.

    >>> duration(3723)
    '1:02:03'
    """
    hours, rest = divmod(round(seconds), 3600)
    minutes, seconds = divmod(rest, 60)
    return f"{hours}:{minutes:02}:{seconds:02.0f}" if hours else f"{minutes}:{seconds:02.0f}"
