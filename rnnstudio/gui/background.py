"""Slow jobs on a thread of their own, so that the window keeps responding."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

from PySide6.QtCore import QObject, Qt, Signal

OnResult = Callable[[Any], None]
OnError = Callable[[BaseException], None]


class BackgroundThread(QObject):
    """Runs one job after the other on a background thread and passes each result to the thread of the window."""

    closing = Signal()  # the job that runs should end
    _done = Signal(object, object, object)  # future, on_result, on_error

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._pool = ThreadPoolExecutor(1, thread_name_prefix="background")
        self._done.connect(self._deliver, Qt.ConnectionType.QueuedConnection)

    def submit(self, job: Callable[[], Any], on_result: OnResult, on_error: OnError = lambda _: None) -> None:
        """Run `job` on the background thread; then call `on_result` or `on_error` on the thread of the window."""

        def emit_done(future: Future[Any]) -> None:
            if not future.cancelled():
                self._done.emit(future, on_result, on_error)

        self._pool.submit(job).add_done_callback(emit_done)

    def _deliver(self, future: Future[Any], on_result: OnResult, on_error: OnError) -> None:
        error = future.exception()
        if error is None:
            on_result(future.result())
        else:
            on_error(error)

    def close(self) -> None:
        """Cancel the jobs that wait, and wait for the one that runs: a process that ends inside TensorFlow crashes."""
        self.closing.emit()
        self._pool.shutdown(wait=True, cancel_futures=True)
