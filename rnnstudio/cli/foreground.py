"""Training on a thread while the terminal shows its progress; Ctrl-C stops it."""

from __future__ import annotations

import os
import signal
import sys
import threading
from collections.abc import Callable
from types import FrameType
from typing import TypeVar

from rnnstudio.cli.progress import Progress
from rnnstudio.core.events import Event
from rnnstudio.results.event_queue import EventQueue
from rnnstudio.results.training_thread import TrainingEnded, TrainingThread

T = TypeVar("T")
_WAIT_SECONDS = 0.1  # between updates of the terminal; on Windows, Ctrl-C is handled only between waits


class _CtrlCHandler:
    """Stops the training at the first Ctrl-C, and ends the process at the second."""

    def __init__(self, training: TrainingThread, progress: Progress) -> None:
        self.pressed = False
        self._training, self._progress = training, progress

    def __call__(self, number: int, frame: FrameType | None) -> None:
        if self.pressed:
            self._progress.close()
            sys.stderr.write("Aborted; this run was not saved.\n")
            sys.stderr.flush()
            os._exit(130)  # the thread may be inside native code, which nothing else interrupts
        self.pressed = True
        self._training.stop()
        self._progress.say("Stopping; the run is saved. Press Ctrl-C again to abort.")


def run_in_foreground(
    work: Callable[[Callable[[Event], None], Callable[[], bool]], T], progress: Progress
) -> tuple[T, bool]:
    """Train on a thread, show the progress, and return the result and whether Ctrl-C ended it.

    Args:
        work: Trains and returns the run, or a group of runs.
        progress: Shows the events of the training.

    Raises:
        Exception: The error that `work` raised.
    """
    arrived = threading.Event()
    queue: EventQueue[Event | TrainingEnded] = EventQueue(arrived.set)
    training = TrainingThread(work, queue)
    ctrl_c = _CtrlCHandler(training, progress)
    previous = signal.signal(signal.SIGINT, ctrl_c)
    try:
        progress.say("Compiling the network ...")
        training.start()
        ended = _wait_for_end(queue, arrived, progress)
    finally:
        training.stop()
        training.join()
        signal.signal(signal.SIGINT, previous)
    if ended.error is not None:
        raise ended.error
    result: T = ended.result
    return result, ctrl_c.pressed


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
