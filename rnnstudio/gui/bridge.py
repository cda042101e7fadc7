"""From other threads to the window's: a bell for the queue, and single jobs done in the background."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

from PySide6.QtCore import QObject, Qt, Signal


class Bell(QObject):
    """A signal without arguments that may be rung from any thread and is heard on the window's."""

    heard = Signal()
    _rung = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._rung.connect(self.heard, Qt.ConnectionType.QueuedConnection)

    def ring(self) -> None:
        """Ring, from any thread; returns at once."""
        self._rung.emit()


class Background(QObject):
    """Does one job after the other on a thread of its own and hands each result back on the window's thread."""

    _done = Signal(object, object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._pool = ThreadPoolExecutor(1, thread_name_prefix="background")
        self._done.connect(self._deliver, Qt.ConnectionType.QueuedConnection)

    def submit(
        self,
        job: Callable[[], Any],
        then: Callable[[Any], None],
        failed: Callable[[BaseException], None] = lambda _: None,
    ) -> None:
        """Do `job` there; call `then(result)` or `failed(error)` here."""

        def finished(future: Future[Any]) -> None:
            if not future.cancelled():
                self._done.emit(future, (then, failed))

        self._pool.submit(job).add_done_callback(finished)

    def _deliver(
        self, future: Future[Any], hands: tuple[Callable[[Any], None], Callable[[BaseException], None]]
    ) -> None:
        then, failed = hands
        error = future.exception()
        if error is None:
            then(future.result())
        else:
            failed(error)

    def close(self) -> None:
        """Drop what has not begun, and wait for what has: a process that ends inside TensorFlow would crash."""
        self._pool.shutdown(wait=True, cancel_futures=True)
