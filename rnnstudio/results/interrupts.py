"""Ctrl-C during a training on the main thread of a script, a notebook or R.

The first Ctrl-C ends the training between two chunks of updates: TensorFlow, interrupted while it builds a program,
is left with one that never works again. A second Ctrl-C raises KeyboardInterrupt at once. A signal that ends the
process, as at a logout, ends the training in the same way, so that the run is saved before the process ends, and so
does the end of a console on Windows.
"""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

from rnnstudio.results.console_close import stopping_on_console_close


class InterruptHandler:
    """A handler of Ctrl-C for one training.

    Attributes:
        deferring: Whether a training runs that can be ended; until then, as while data are read, Ctrl-C is raised.
        pressed: Whether Ctrl-C was pressed since, or the process is to end.
        ending: The signal that is to end the process; 0 without one.
    """

    def __init__(self) -> None:
        self.deferring = self.pressed = False
        self.ending = 0

    def press(self) -> bool:
        """Register a Ctrl-C, and return whether KeyboardInterrupt is to be raised now."""
        raise_now = self.pressed or not self.deferring
        self.pressed = self.pressed or self.deferring
        return raise_now

    def __call__(self, number: int, frame: FrameType | None) -> None:
        """Register a Ctrl-C as a signal handler does."""
        if self.press():
            raise KeyboardInterrupt

    def end(self, number: int, frame: FrameType | None = None) -> None:
        """Register a signal that ends the process, at once where no training runs that can be ended."""
        if not self.deferring:
            signal.signal(number, signal.SIG_DFL)
            signal.raise_signal(number)
        self.pressed, self.ending = True, number

    def close(self) -> bool:
        """Register that the console is closed, and return whether a training runs that can be ended."""
        self.pressed = self.pressed or self.deferring
        return self.deferring


_ENDING = [getattr(signal, name) for name in ("SIGTERM", "SIGHUP") if hasattr(signal, name)]
_handlers: list[InterruptHandler] = []  # a callback may start another training; the last one is running


@contextmanager
def deferred_interrupts() -> Iterator[InterruptHandler]:
    """Handle Ctrl-C for a training, on the main thread and where no other program handles it."""
    handler = InterruptHandler()
    with stopping_on_console_close(handler.close):
        if threading.current_thread() is threading.main_thread():
            with _handled(handler):
                yield handler
        else:
            yield handler


@contextmanager
def _handled(handler: InterruptHandler) -> Iterator[None]:
    """Let a handler handle the signals, on the main thread."""
    previous = signal.getsignal(signal.SIGINT)
    replaceable = previous is signal.default_int_handler or isinstance(previous, InterruptHandler)
    ending = [number for number in _ENDING if signal.getsignal(number) is signal.SIG_DFL]
    _handlers.append(handler)
    try:
        if replaceable:
            signal.signal(signal.SIGINT, handler)
        for number in ending:
            signal.signal(number, handler.end)
        yield
    finally:
        _handlers.remove(handler)
        if replaceable:
            signal.signal(signal.SIGINT, previous)
        for number in ending:
            signal.signal(number, signal.SIG_DFL)
        if handler.ending:
            signal.raise_signal(handler.ending)


def should_raise_interrupt(reset: bool = False) -> bool:
    """Register a Ctrl-C, and return whether it is to be raised now; for R, whose own signal handler must stay.

    Args:
        reset: Unused; reticulate passes it.
    """
    return not _handlers or _handlers[-1].press()
