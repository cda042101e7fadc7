"""Progress of reading a file: who receives it, and who may stop it.

A reader knows no window; its caller sets both for a block of code.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import IO, Any

from rnnstudio.core.errors import StoppedError


@dataclass(frozen=True)
class ReadingProgress:
    """How far a file has been read.

    Attributes:
        done: What has been read.
        total: What there is, as far as the file says; 0 where it does not.
        unit: "rows", "columns" or "bytes".

    >>> ReadingProgress(1, 4, "columns").percent
    25
    """

    done: int
    total: int
    unit: str

    @property
    def percent(self) -> int:
        """The share that has been read; 0 where it is unknown."""
        return min(99, 100 * self.done // self.total) if self.total else 0


Listen = Callable[[ReadingProgress], None]
ShouldStop = Callable[[], bool]

_LISTENER: ContextVar[tuple[Listen, ShouldStop] | None] = ContextVar("reading_listener", default=None)


@contextmanager
def reading_reported_to(listen: Listen, should_stop: ShouldStop = lambda: False) -> Iterator[None]:
    """Report the progress of all readers in a block, and allow stopping them.

    Args:
        listen: Called with the progress, many times a second.
        should_stop: Called as often.
    """
    token = _LISTENER.set((listen, should_stop))
    try:
        yield
    finally:
        _LISTENER.reset(token)


def report_reading(done: int, total: int, unit: str) -> None:
    """Report progress to the listener of the current block, if there is one.

    Raises:
        StoppedError: The listener stops the reading.
    """
    listener = _LISTENER.get()
    if listener is None:
        return
    listen, should_stop = listener
    if should_stop():
        raise StoppedError("Stopped; the file was not read to its end.")
    listen(ReadingProgress(done, total, unit))


class ReportingStream:
    """A stream that reports how much of it has been read.

    Args:
        stream: The stream.
        total: Its number of bytes.
    """

    def __init__(self, stream: IO[bytes], total: int) -> None:
        self._stream, self._total, self._done = stream, total, 0

    def read(self, size: int = -1) -> Any:
        """Return the next bytes."""
        piece = self._stream.read(size)
        self._done += len(piece)
        report_reading(self._done, self._total, "bytes")
        return piece
