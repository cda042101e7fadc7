"""What hears a training that is started from a script: the caller's function, and lines on the terminal."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from typing import Any

from rnnstudio.core.events import Evaluated, Event, Fetching, Finished, Started, StepsDone


class Listener:
    """Hands a run's progress to a callback and to the terminal.

    Attributes:
        stop: Whether the callback wants the training to end.
        error: What the callback raised, for whoever started the training; it ends the training as well, so that what
            was learned is kept.
    """

    def __init__(self, callback: Callable[[float, dict[str, float]], Any] | None, *, lines: bool) -> None:
        self.stop = False
        self.error: Exception | None = None
        self._callback, self._lines = callback, lines
        self._updates = self._done = 0
        self._metrics: dict[str, float] = {}
        self._last_line = time.monotonic()

    def __call__(self, event: Event) -> None:
        """Take one event in."""
        match event:
            case Fetching() if self._lines:
                if event.note or time.monotonic() - self._last_line > 2:
                    self._last_line = time.monotonic()
                    sys.stdout.write(f"{event.note or event.text}\n")
                    sys.stdout.flush()
            case Started():
                self._updates = event.updates
            case StepsDone() if len(event.losses):
                self._done = event.first_step + len(event.losses)
                self._metrics["train_loss"] = float(event.losses[-1])
                if len(event.accuracies):
                    self._metrics["train_accuracy"] = float(event.accuracies[-1])
                self._call_back()
                if self._lines and time.monotonic() - self._last_line > 2:
                    self._last_line = time.monotonic()
                    self._line()
            case Evaluated():
                self._metrics |= event.metrics
            case Finished() if self._lines and self._updates:
                self._line(event.outcome)

    def _call_back(self) -> None:
        if self._callback is None or self.stop:
            return
        try:
            self.stop = self._callback(float(self._done), dict(self._metrics)) is False
        except Exception as error:
            self.stop, self.error = True, error

    def _line(self, end: str = "") -> None:
        figures = "  ".join(f"{name} {value:.4g}" for name, value in self._metrics.items())
        sys.stdout.write(f"update {self._done:,} of {self._updates:,}  {figures}  {end}".rstrip() + "\n")
        sys.stdout.flush()
