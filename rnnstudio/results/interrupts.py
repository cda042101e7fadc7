"""Ctrl-C while a training runs on the main thread of a script, a notebook or R.

The first one ends the training between two chunks, where nothing is half done: TensorFlow, interrupted in the midst of
building a program, is left with one that never works again. A second one is raised at once.
"""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType


class CtrlC:
    """Whether it was pressed.

    Attributes:
        waits: Whether there is a training that can be ended; before it, as while data are read, it is raised at once.
        pressed: Whether it was pressed since.
    """

    def __init__(self) -> None:
        self.waits = self.pressed = False

    def take(self) -> bool:
        """Take one in, and return whether it is to be raised at once."""
        at_once = self.pressed or not self.waits
        self.pressed = self.pressed or self.waits
        return at_once

    def __call__(self, number: int, frame: FrameType | None) -> None:
        """Take one in, as Python's signal handlers do."""
        if self.take():
            raise KeyboardInterrupt


_trainings: list[CtrlC] = []  # one may be started from the callback of another; the last is the one that runs


@contextmanager
def held_back() -> Iterator[CtrlC]:
    """Hear Ctrl-C for a training, on the main thread and where nobody else hears it already."""
    ctrl_c = CtrlC()
    if threading.current_thread() is not threading.main_thread():
        yield ctrl_c
        return
    before = signal.getsignal(signal.SIGINT)
    ours = before is signal.default_int_handler or isinstance(before, CtrlC)  # else R or a program hears it
    _trainings.append(ctrl_c)
    try:
        if ours:
            signal.signal(signal.SIGINT, ctrl_c)
        yield ctrl_c
    finally:
        _trainings.remove(ctrl_c)
        if ours:
            signal.signal(signal.SIGINT, before)


def to_be_raised(reset: bool = False) -> bool:
    """Take a Ctrl-C in, and return whether it is to be raised at once; for R, whose handler of signals must stay."""
    return not _trainings or _trainings[-1].take()
