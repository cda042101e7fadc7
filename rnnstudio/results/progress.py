"""Progress of a training that a script started: the caller's callback, and lines on standard output."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from typing import Any

from rnnstudio.core.events import Evaluated, Event, Fetching, Finished, FollowUp, NotSaved, Started, StepsDone

Callback = Callable[[float, dict[str, float]], Any]

_LINE_SECONDS = 2.0


class ProgressReporter:
    """Passes a training's events on to a callback and to standard output.

    Args:
        callback: Called as `callback(updates, metrics)` after each chunk of updates; False stops the training.
        print_lines: Whether to print a line every two seconds and at the end.

    Attributes:
        should_stop: Whether the callback returned False or raised an error.
        error: The error the callback raised. It ends the training; the run is saved before the error is raised again.
    """

    def __init__(self, callback: Callback | None, *, print_lines: bool) -> None:
        self.should_stop = False
        self.error: Exception | None = None
        self._callback, self._print_lines = callback, print_lines
        self._planned = self._done = 0
        self._metrics: dict[str, float] = {}
        self._last_line = time.monotonic()

    def __call__(self, event: Event) -> None:
        """Handle one event."""
        match event:
            case Fetching() if self._print_lines:
                if event.note or self._is_line_due():
                    self._last_line = time.monotonic()
                    _print(event.note or event.text)
            case Started():
                self._planned = event.updates
            case StepsDone() if len(event.losses):
                self._done = event.first_step + len(event.losses)
                self._metrics["train_loss"] = float(event.losses[-1])
                if len(event.accuracies):
                    self._metrics["train_accuracy"] = float(event.accuracies[-1])
                self._call_back()
                if self._print_lines and self._is_line_due():
                    self._print_progress()
            case Evaluated():
                self._metrics |= event.metrics
            case Finished() if self._print_lines and self._planned:
                self._print_progress(event.outcome)
            case NotSaved() if self._print_lines:
                _print(event.text)
            case FollowUp() if self._print_lines and event.text and self._is_line_due():
                _print(event.text)

    def begin_seed(self, seed: int, index: int) -> None:
        """Print which of several seeds is trained next, and forget the metrics of the one before."""
        self._metrics, self._done = {}, 0
        if self._print_lines:
            _print(f"seed {seed}, run {index + 1}")

    def _is_line_due(self) -> bool:
        now = time.monotonic()
        if now - self._last_line <= _LINE_SECONDS:
            return False
        self._last_line = now
        return True

    def _call_back(self) -> None:
        if self._callback is None or self.should_stop:
            return
        try:
            self.should_stop = self._callback(float(self._done), dict(self._metrics)) is False
        except Exception as error:
            self.should_stop, self.error = True, error

    def _print_progress(self, end: str = "") -> None:
        metrics = "  ".join(f"{name} {value:.4g}" for name, value in self._metrics.items())
        _print(f"update {self._done:,} of {self._planned:,}  {metrics}  {end}".rstrip())


def _print(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()
