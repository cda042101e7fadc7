"""The real Studio in a process of its own, watched from inside: `python -m tests.perf.studio training 3.0` or `start`.

It is opened as a user opens it; only when its event loop is about to run, the watching begins. Prints one JSON object.
"""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Callable

import numpy as np
from PySide6.QtCore import QEvent, QObject, Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPushButton

STARTED = "RNNSTUDIO_BENCH_STARTED"  # environment variable: time.time() when the process was asked for
_TICK_MS = 5
_WARM_SECONDS = 2.0  # compiling, and the first chunks, which are short


def tell(**figures: float) -> None:
    """Print the figures."""
    sys.stdout.write(json.dumps(figures) + "\n")
    sys.stdout.flush()


class Training(QObject):
    """Trains the echo on view; counts updates and how late a timer of 5 ms comes; then presses Stop."""

    def __init__(self, seconds: float) -> None:
        super().__init__()
        from rnnstudio.api import experiment
        from rnnstudio.gui.main_window import MainWindow

        self._seconds = seconds
        self._window = next(w for w in QApplication.topLevelWidgets() if isinstance(w, MainWindow))
        self._controller = self._window.controller
        self._controller.progressed.connect(self._progressed)
        self._controller.ended.connect(self._ended)
        self._ticks: list[float] = []
        self._timer = QTimer(self, interval=_TICK_MS, timerType=Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(lambda: self._ticks.append(time.perf_counter()))
        self._first = self._began = self._pressed = 0.0
        self._step = 0
        self._rate = 0.0
        self._controller.start(experiment("echo", epochs=10_000_000, seed=1))

    def _progressed(self) -> None:
        now, step = time.perf_counter(), self._controller.history.step
        if not step or self._pressed:
            return
        self._first = self._first or now
        if not self._began and now - self._first > _WARM_SECONDS:
            self._began, self._step = now, step
            self._timer.start()
        elif self._began and now - self._began > self._seconds:
            self._timer.stop()
            self._rate = (step - self._step) / (now - self._began)
            stop = next(b for b in self._window.findChildren(QPushButton) if b.text() == "Stop" and b.isVisible())
            self._pressed = time.perf_counter()
            QTest.mouseClick(stop, Qt.MouseButton.LeftButton)

    def _ended(self) -> None:
        stopped = time.perf_counter() - self._pressed
        late = np.maximum(np.diff(self._ticks) * 1000 - _TICK_MS, 0)
        tell(
            rate=self._rate,
            late_p99_ms=float(np.percentile(late, 99)),
            late_worst_ms=float(late.max()),
            stop_ms=stopped * 1000,
        )
        self._window.close()


class Start(QObject):
    """Waits until the window has painted itself for the first time."""

    def __init__(self) -> None:
        super().__init__()
        self._shown = False
        QApplication.instance().installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Take note of the first painting."""
        if event.type() == QEvent.Type.UpdateRequest and not self._shown:
            self._shown = True
            QTimer.singleShot(0, self._report)  # after the painting that this event asks for
        return False

    def _report(self) -> None:
        tell(seconds=time.time() - float(os.environ[STARTED]), tensorflow=float("tensorflow" in sys.modules))
        QApplication.closeAllWindows()


def main() -> None:
    """Open the Studio with a watcher in it."""
    what, *rest = sys.argv[1:]
    sys.argv[1:] = []
    run: Callable[[], int] = QApplication.exec
    watchers: list[QObject] = []

    def watched() -> int:
        watchers.append(Start() if what == "start" else Training(float(rest[0])))
        return run()

    QApplication.exec = staticmethod(watched)
    from rnnstudio.__main__ import main as rnnstudio

    rnnstudio()


if __name__ == "__main__":
    main()
