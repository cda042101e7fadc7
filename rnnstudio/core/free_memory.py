"""Giving memory that was freed back to the system."""

from __future__ import annotations

import ctypes
from contextlib import suppress


def give_back() -> None:
    """Give what was freed back to the system; the library of C on Linux keeps it, in pieces between others in use.

    >>> give_back()
    """
    with suppress(OSError, AttributeError, TypeError):  # other systems have no such function
        ctypes.CDLL(None).malloc_trim(0)
