"""The status bar: what it runs on, how far it is, how fast, how long still."""

from __future__ import annotations

import math
import sys
from pathlib import Path

from PySide6.QtWidgets import QLabel, QStatusBar, QWidget

from rnnstudio.core.history import History


class Status(QStatusBar):
    """Device on the left; epoch, updates, speed, time left and memory on the right."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setSizeGripEnabled(False)
        self._device = QLabel("TensorFlow is loading …")
        self._labels = {name: QLabel() for name in ("state", "epoch", "update", "speed", "left", "memory")}
        self.addWidget(self._device, 1)
        for label in self._labels.values():
            self.addPermanentWidget(label)
        self._memory()

    def set_device(self, text: str) -> None:
        """Show what updates run on."""
        self._device.setText(text)
        self._device.setToolTip(text)

    def show_history(self, history: History, *, state: str) -> None:
        """Show how far a run is; `state` is a word such as "training" or "paused"."""
        self._labels["state"].setText(history.fetching or state)
        if history.updates:
            epochs = -(-history.updates // history.updates_per_epoch)
            begun = int(history.epoch) + 1 if history.outcome is None else math.ceil(history.epoch)
            epoch = min(begun, epochs)
            self._labels["epoch"].setText(f"epoch {epoch:,} of {epochs:,}")
            self._labels["update"].setText(f"update {history.step:,} of {history.updates:,}")
            speed = history.updates_per_second
            self._labels["speed"].setText(
                f"{speed:,.0f} updates/s" if speed >= 10 else f"{speed:.1f} updates/s" if speed else ""
            )
            left = (history.updates - history.step) / speed if speed and history.outcome is None else 0.0
            self._labels["left"].setText(
                f"{duration(left)} left"
                if left
                else f"took {duration(history.wall_seconds)}"
                if history.outcome
                else ""
            )
        else:
            for name in ("epoch", "update", "speed", "left"):
                self._labels[name].clear()
        self._memory()

    def _memory(self) -> None:
        if sys.platform == "linux":
            pages = int(Path("/proc/self/statm").read_text().split()[1])
            self._labels["memory"].setText(f"memory {pages * 4096 // 1_000_000:,} MB")
            self._labels["memory"].setToolTip("Memory this program takes")


def duration(seconds: float) -> str:
    """Return a time such as 0:04, 12:30 or 1:02:03."""
    whole = round(seconds)
    hours, rest = divmod(whole, 3600)
    minutes, seconds = divmod(rest, 60)
    return f"{hours}:{minutes:02}:{seconds:02.0f}" if hours else f"{minutes}:{seconds:02.0f}"
