"""The end of a console on Windows: its window is closed, the user logs off, or the system shuts down.

Windows sends no signal then. It calls a function on a thread of its own, and ends the process when this function
returns, or after 5 s. So the function stops the training and waits until its run is saved.
"""

from __future__ import annotations

import ctypes
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

_CLOSE, _LOGOFF, _SHUTDOWN = 2, 5, 6  # CTRL_CLOSE_EVENT and so on
_SECONDS = 4.0  # that the function waits at most


@contextmanager
def stopping_on_console_close(stop: Callable[[], bool]) -> Iterator[None]:
    """Stop what the block does, and let it end, when the console is closed; nothing but the block on other systems.

    Args:
        stop: Asks it to stop, on a thread of Windows, and returns whether its end is to be awaited.
    """
    windll = getattr(ctypes, "windll", None)
    if windll is None:
        yield
        return
    is_done = threading.Event()

    def on_event(number: int) -> bool:
        if number not in (_CLOSE, _LOGOFF, _SHUTDOWN):
            return False  # Ctrl-C and Ctrl-Break are signals
        if stop():
            is_done.wait(_SECONDS)
        return True

    types: Any = ctypes
    handler = types.WINFUNCTYPE(ctypes.c_int, ctypes.c_uint)(on_event)
    is_set = windll.kernel32.SetConsoleCtrlHandler(handler, True)  # fails without a console
    try:
        yield
    finally:
        is_done.set()
        if is_set:
            windll.kernel32.SetConsoleCtrlHandler(handler, False)
