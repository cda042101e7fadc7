"""Training on a thread while the terminal shows its progress; Ctrl-C and other signals that end a process stop it."""

from __future__ import annotations

import os
import signal
import sys
import threading
from collections.abc import Callable
from contextlib import suppress
from types import FrameType
from typing import TypeVar

from rnnstudio.cli.progress import Progress
from rnnstudio.core.events import Event
from rnnstudio.results.console_close import stopping_on_console_close
from rnnstudio.results.event_queue import EventQueue
from rnnstudio.results.training_thread import TrainingEnded, TrainingThread

T = TypeVar("T")
_WAIT_SECONDS = 0.1  # between updates of the terminal; on Windows, Ctrl-C is handled only between waits


_SIGNALS = [getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP", "SIGBREAK") if hasattr(signal, name)]


class _StopHandler:
    """Stops the training at the first signal, and ends the process at the second Ctrl-C.

    Attributes:
        number: The first signal; 0 before it.
    """

    def __init__(self, training: TrainingThread, progress: Progress) -> None:
        self.number = 0
        self._training, self._progress = training, progress

    def __call__(self, number: int, frame: FrameType | None) -> None:
        if self.number and number == signal.SIGINT:
            self._progress.close()
            sys.stderr.write("Aborted; what was trained since the last checkpoint is lost.\n")
            sys.stderr.flush()
            os._exit(130)  # the thread may be inside native code, which nothing else interrupts
        if self.number:
            return
        self.number = number
        self._training.stop()
        with suppress(OSError):  # the terminal may have been closed
            self._progress.say("Stopping; the run is saved. Press Ctrl-C again to abort.")

    def close(self) -> bool:
        """Stop the training because the console is closed, and return whether its end is to be awaited: always."""
        self(signal.SIGTERM, None)
        return True


def run_in_foreground(
    work: Callable[[Callable[[Event], None], Callable[[], bool]], T], progress: Progress
) -> tuple[T, int]:
    """Train on a thread, show the progress, and return the result and the signal that ended it; 0 where none did.

    Args:
        work: Trains and returns the run, or a group of runs.
        progress: Shows the events of the training.

    Raises:
        Exception: The error that `work` raised.
    """
    arrived = threading.Event()
    queue: EventQueue[Event | TrainingEnded] = EventQueue(arrived.set)
    training = TrainingThread(work, queue)
    stop = _StopHandler(training, progress)
    previous = {number: signal.signal(number, stop) for number in _SIGNALS}
    with stopping_on_console_close(stop.close):
        try:
            progress.say("Compiling the network ...")
            training.start()
            ended = _wait_for_end(queue, arrived, progress)
        finally:
            training.stop()
            training.join()
            for number, handler in previous.items():
                signal.signal(number, handler)
    if ended.error is not None:
        raise ended.error
    result: T = ended.result
    return result, stop.number


def _wait_for_end(
    queue: EventQueue[Event | TrainingEnded], arrived: threading.Event, progress: Progress
) -> TrainingEnded:
    while True:
        arrived.wait(_WAIT_SECONDS)
        arrived.clear()
        for message in queue.drain():
            if isinstance(message, TrainingEnded):
                return message
            progress.handle(message)
        progress.draw()
