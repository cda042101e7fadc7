"""A queue of messages from the training thread to the window."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Generic, TypeVar

T = TypeVar("T")


class EventQueue(Generic[T]):
    """A list under a lock: no message is lost, and a burst of messages gives one notification.

    Args:
        notify: Called on the thread that puts, when a message arrives in an empty queue; must return at once.

    >>> queue = EventQueue(lambda: print("new messages"))
    >>> queue.put(1)
    new messages
    >>> queue.put(2)
    >>> queue.drain()
    [1, 2]
    """

    def __init__(self, notify: Callable[[], None] = lambda: None) -> None:
        self._notify = notify
        self._lock = threading.Lock()
        self._messages: list[T] = []

    def put(self, message: T) -> None:
        """Add a message; notify if the queue was empty."""
        with self._lock:
            was_empty = not self._messages
            self._messages.append(message)
        if was_empty:
            self._notify()

    def drain(self) -> list[T]:
        """Return all messages in order, and empty the queue."""
        with self._lock:
            messages, self._messages = self._messages, []
        return messages
