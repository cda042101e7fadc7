"""Who hears how far a download is, and who may stop it.

A data set is loaded by a function that knows neither window nor terminal; whoever calls it says around the call who
is to hear of its downloads.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from rnnstudio.core.errors import StoppedError
from rnnstudio.core.events import Fetching

Tell = Callable[[Fetching], None]
ShouldStop = Callable[[], bool]

_LISTENER: ContextVar[tuple[Tell, ShouldStop] | None] = ContextVar("listener", default=None)


@contextmanager
def reporting_to(tell: Tell, should_stop: ShouldStop = lambda: False) -> Iterator[None]:
    """Tell of all downloads within the block, and let them be stopped.

    Args:
        tell: Called a few times a second.
        should_stop: Asked as often; may itself block, which pauses.
    """
    token = _LISTENER.set((tell, should_stop))
    try:
        yield
    finally:
        _LISTENER.reset(token)


def report(event: Fetching) -> None:
    """Tell whoever listens.

    Raises:
        StoppedError: The download is to stop; what is there of it stays for the next time.
    """
    listener = _LISTENER.get()
    if listener is None:
        return
    tell, should_stop = listener
    tell(event)
    if should_stop():
        kept = f"{event.done / 1e6:,.1f} MB of {event.name} are kept, and the next start goes on from there"
        raise StoppedError(f"Stopped; {kept if event.done else f'nothing of {event.name} had come yet'}.")
