"""Standing by while a run trains on its thread: its events go to the terminal, Ctrl-C goes to the thread."""

from __future__ import annotations

import os
import signal
import sys
import threading
from types import FrameType
from typing import TYPE_CHECKING

from rnnstudio.cli.progress import Progress
from rnnstudio.core.events import Event
from rnnstudio.results.event_queue import EventQueue
from rnnstudio.results.training_thread import TrainingEnded, TrainingThread, Work

if TYPE_CHECKING:
    from rnnstudio.results.run import Run

_LOOK_SECONDS = 0.1  # how long a wait lasts: the terminal is redrawn, and on Windows Ctrl-C heard, in between


class _CtrlC:
    """The first asks the session to stop and keep what was learned, the second leaves at once."""

    def __init__(self, session: TrainingThread, shown: Progress) -> None:
        self.pressed = False
        self._session, self._shown = session, shown

    def __call__(self, number: int, frame: FrameType | None) -> None:
        if self.pressed:
            self._shown.close()
            sys.stderr.write("Aborted; this run was not kept.\n")
            sys.stderr.flush()
            os._exit(130)  # the thread may be deep in native code, which nothing else interrupts
        self.pressed = True
        self._session.stop()
        self._shown.tell("Stopping; what was learned is kept. Ctrl-C again aborts.")


def attend(work: Work, shown: Progress) -> tuple[Run, bool]:
    """Train on a thread, show how it goes, and return the run and whether Ctrl-C ended it.

    Raises:
        Exception: What the work raised.
    """
    ring = threading.Event()
    queue: EventQueue[Event | TrainingEnded] = EventQueue(ring.set)
    session = TrainingThread(work, queue)
    ctrl_c = _CtrlC(session, shown)
    before = signal.signal(signal.SIGINT, ctrl_c)
    try:
        shown.tell("Compiling the network ...")
        session.start()
        ended = _follow(queue, ring, shown)
    finally:
        session.stop()
        session.join()
        signal.signal(signal.SIGINT, before)
    if ended.error is not None:
        raise ended.error
    run: Run = ended.result
    return run, ctrl_c.pressed


def _follow(queue: EventQueue[Event | TrainingEnded], ring: threading.Event, shown: Progress) -> TrainingEnded:
    while True:
        ring.wait(_LOOK_SECONDS)
        ring.clear()
        for message in queue.drain():
            if isinstance(message, TrainingEnded):
                return message
            shown.take(message)
        shown.draw()
