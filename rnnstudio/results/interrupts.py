"""Ctrl-C during a training on the main thread of a script, a notebook or R.

The first Ctrl-C ends the training between two chunks of updates: TensorFlow, interrupted while it builds a program,
is left with one that never works again. A second Ctrl-C raises KeyboardInterrupt at once.
"""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType


class InterruptHandler:
    """A handler of Ctrl-C for one training.

    Attributes:
        deferring: Whether a training runs that can be ended; until then, as while data are read, Ctrl-C is raised.
        pressed: Whether Ctrl-C was pressed since.
    """

    def __init__(self) -> None:
        self.deferring = self.pressed = False

    def press(self) -> bool:
        """Register a Ctrl-C, and return whether KeyboardInterrupt is to be raised now."""
        raise_now = self.pressed or not self.deferring
        self.pressed = self.pressed or self.deferring
        return raise_now

    def __call__(self, number: int, frame: FrameType | None) -> None:
        """Register a Ctrl-C as a signal handler does."""
        if self.press():
            raise KeyboardInterrupt


_handlers: list[InterruptHandler] = []  # a callback may start another training; the last one is running


@contextmanager
def deferred_interrupts() -> Iterator[InterruptHandler]:
    """Handle Ctrl-C for a training, on the main thread and where no other program handles it."""
    handler = InterruptHandler()
    if threading.current_thread() is not threading.main_thread():
        yield handler
        return
    previous = signal.getsignal(signal.SIGINT)
    replaceable = previous is signal.default_int_handler or isinstance(previous, InterruptHandler)
    _handlers.append(handler)
    try:
        if replaceable:
            signal.signal(signal.SIGINT, handler)
        yield handler
    finally:
        _handlers.remove(handler)
        if replaceable:
            signal.signal(signal.SIGINT, previous)


def should_raise_interrupt(reset: bool = False) -> bool:
    """Register a Ctrl-C, and return whether it is to be raised now; for R, whose own signal handler must stay.

    Args:
        reset: Unused; reticulate passes it.
    """
    return not _handlers or _handlers[-1].press()
