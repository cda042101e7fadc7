"""From the training thread to the window: nothing lost, one ring however much is waiting."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Generic, TypeVar

T = TypeVar("T")


class EventQueue(Generic[T]):
    """A list under a lock.

    Args:
        ring: Called, on the putting thread, when something arrives in an empty box; must return at once.
    """

    def __init__(self, ring: Callable[[], None] = lambda: None) -> None:
        self._ring = ring
        self._lock = threading.Lock()
        self._waiting: list[T] = []

    def put(self, message: T) -> None:
        """Add a message; ring if the box was empty."""
        with self._lock:
            was_empty = not self._waiting
            self._waiting.append(message)
        if was_empty:
            self._ring()

    def drain(self) -> list[T]:
        """Return all messages in the order they came, and empty the box."""
        with self._lock:
            waiting, self._waiting = self._waiting, []
        return waiting
