"""Progress of downloads: who receives it, and who may stop them.

The function that loads a data set knows neither window nor terminal; its caller sets both for a block of code.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from rnnstudio.core.errors import StoppedError
from rnnstudio.core.events import Fetching

Emit = Callable[[Fetching], None]
ShouldStop = Callable[[], bool]

_LISTENER: ContextVar[tuple[Emit, ShouldStop] | None] = ContextVar("listener", default=None)


@contextmanager
def reporting_to(emit: Emit, should_stop: ShouldStop = lambda: False) -> Iterator[None]:
    """Emit the progress of all downloads in a block, and allow stopping them.

    Args:
        emit: Called with events a few times a second.
        should_stop: Called as often; may block, which pauses the download.
    """
    token = _LISTENER.set((emit, should_stop))
    try:
        yield
    finally:
        _LISTENER.reset(token)


def report(event: Fetching) -> None:
    """Emit an event to the listener of the current block, if there is one.

    Raises:
        StoppedError: The listener stops the download; the next download continues from the part that is on disk.
    """
    listener = _LISTENER.get()
    if listener is None:
        return
    emit, should_stop = listener
    emit(event)
    if should_stop():
        if not event.done:
            raise StoppedError(f"Stopped; nothing of {event.name} was downloaded yet.")
        raise StoppedError(
            f"Stopped; {event.done / 1e6:,.1f} MB of {event.name} are saved; the next download continues from there."
        )
