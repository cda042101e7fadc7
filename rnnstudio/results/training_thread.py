"""One training on its own thread, with pause and stop."""

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
    """The last message of a training thread.

    Attributes:
        result: Return value of the thread's function, the run; None after an error.
        error: The error that the function raised; None otherwise.
    """

    result: Any
    error: BaseException | None


class TrainingThread:
    """Runs `work(emit, should_stop)` on a thread; its events, then one `TrainingEnded`, go to the queue.

    A plain thread: a QThread's small stack has crashed native code on macOS. A pause blocks the thread between two
    chunks of updates, inside `should_stop`.

    Args:
        work: Trains and saves the run; blocks until done.
        queue: Receives the events.
    """

    def __init__(self, work: Work, queue: EventQueue[Event | TrainingEnded]) -> None:
        self._work, self._queue = work, queue
        self._stop = threading.Event()
        self._resumed = threading.Event()
        self._resumed.set()
        self._finished = False
        self._thread = threading.Thread(target=self._main, name="training")

    def start(self) -> None:
        """Start the thread; once only."""
        self._thread.start()

    @property
    def running(self) -> bool:
        """Whether the thread is alive."""
        return self._thread.is_alive()

    @property
    def paused(self) -> bool:
        """Whether the training is paused, or will be after the current chunk."""
        return not self._resumed.is_set()

    def pause(self) -> None:
        """Pause the training after the current chunk."""
        self._resumed.clear()

    def resume(self) -> None:
        """Resume a paused training."""
        self._resumed.set()

    def stop(self) -> None:
        """End the training after the current chunk; the run is saved."""
        self._stop.set()
        self._resumed.set()

    def join(self, timeout: float | None = None) -> bool:
        """Wait until the thread has ended, at most `timeout` seconds; return whether it has."""
        if self._thread.ident is not None:
            self._thread.join(timeout)
        return not self._thread.is_alive()

    def _should_stop(self) -> bool:
        self._resumed.wait()
        return self._stop.is_set()

    def _emit(self, event: Event) -> None:
        self._finished = self._finished or isinstance(event, Finished)
        self._queue.put(event)

    def _main(self) -> None:
        result: Any = None
        error: BaseException | None = None
        try:
            result = self._work(self._emit, self._should_stop)
        except BaseException as raised:  # every error must reach the window
            error = raised
        if not self._finished:
            self._queue.put(Finished("failed", str(error) or type(error).__name__))
        self._queue.put(TrainingEnded(result, error))
