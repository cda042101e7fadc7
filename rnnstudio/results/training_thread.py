"""One training on a thread of its own, with pause and stop."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from rnnstudio.core.events import Event, Finished
from rnnstudio.results.event_queue import EventQueue

Work = Callable[[Callable[[Event], None], Callable[[], bool]], Any]


@dataclass(frozen=True)
class TrainingEnded:
    """The last message of a session: what the work returned, or why it could not."""

    result: Any
    error: BaseException | None


class TrainingThread:
    """Runs `work(emit, should_stop)` on a thread; events, then one `Ended`, go to the queue.

    A plain thread, because a QThread's small stack has crashed native code on macOS. Pausing holds the thread between
    two chunks, inside `should_stop`.

    Args:
        work: Trains and keeps the run; blocks.
        queue: Where events go.
    """

    def __init__(self, work: Work, queue: EventQueue[Event | TrainingEnded]) -> None:
        self._work, self._mailbox = work, queue
        self._stop = threading.Event()
        self._go = threading.Event()
        self._go.set()
        self._finished = False
        self._thread = threading.Thread(target=self._main, name="training")

    def start(self) -> None:
        """Begin; once only."""
        self._thread.start()

    @property
    def running(self) -> bool:
        """Whether the thread lives."""
        return self._thread.is_alive()

    @property
    def paused(self) -> bool:
        """Whether the thread is held, or will be after its chunk."""
        return not self._go.is_set()

    def pause(self) -> None:
        """Hold the thread after its chunk."""
        self._go.clear()

    def resume(self) -> None:
        """Let a held thread go on."""
        self._go.set()

    def stop(self) -> None:
        """Ask for the end after the chunk; what was learned is kept."""
        self._stop.set()
        self._go.set()

    def join(self, timeout: float | None = None) -> bool:
        """Wait for the thread's end, at most `timeout` seconds; return whether it ended."""
        if self._thread.ident is not None:
            self._thread.join(timeout)
        return not self._thread.is_alive()

    def _should_stop(self) -> bool:
        self._go.wait()
        return self._stop.is_set()

    def _emit(self, event: Event) -> None:
        self._finished = self._finished or isinstance(event, Finished)
        self._mailbox.put(event)

    def _main(self) -> None:
        result: Any = None
        error: BaseException | None = None
        try:
            result = self._work(self._emit, self._should_stop)
        except BaseException as problem:  # whatever it is, the window must hear of it
            error = problem
        if not self._finished:
            self._mailbox.put(Finished("failed", str(error) or type(error).__name__))
        self._mailbox.put(TrainingEnded(result, error))
