"""Further attempts to write what nothing else will write later: a fault of a disk may pass within a second."""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import suppress
from typing import TypeVar

_WAITS = (0.1, 0.5)  # seconds, before another attempt
R = TypeVar("R")


def last_attempts(write: Callable[[], R], error: type[Exception]) -> R:
    """Call a function until it raises no error of a type, three times at most, and return what it returns.

    Args:
        write: The function.
        error: The type of the errors after which it is called again; that of the last call is raised.
    """
    for seconds in _WAITS:
        with suppress(error):
            return write()
        time.sleep(seconds)
    return write()
