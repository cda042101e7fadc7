"""The window in its own process, observed from inside: `python -m tests.perf.window_probe training 3.0` or `start`.

The window opens as for a user. The observation starts when its event loop starts. Prints one JSON object.
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

START_TIME = "RNNSTUDIO_BENCH_START_TIME"  # environment variable: time.time() before the process was started
_TICK_MS = 5
_WARM_UP_SECONDS = 2.0  # compilation, and the first chunks, which are short


def print_results(**results: float) -> None:
    """Print the results as JSON."""
    sys.stdout.write(json.dumps(results) + "\n")
    sys.stdout.flush()


class TrainingProbe(QObject):
    """Trains the recipe echo, counts updates, measures the delay of a 5 ms timer, and then presses Stop.

    Args:
        seconds: Duration of the measurement.
    """

    def __init__(self, seconds: float) -> None:
        super().__init__()
        from rnnstudio.api import experiment
        from rnnstudio.gui.main_window import MainWindow

        self._seconds = seconds
        self._window = next(w for w in QApplication.topLevelWidgets() if isinstance(w, MainWindow))
        self._controller = self._window.controller
        self._controller.progressed.connect(self._measure)
        self._controller.finished.connect(self._report)
        self._ticks: list[float] = []
        self._timer = QTimer(self, interval=_TICK_MS, timerType=Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(lambda: self._ticks.append(time.perf_counter()))
        self._first_update = self._begin = self._stop_pressed = 0.0
        self._first_step = 0
        self._rate = 0.0
        self._controller.start(experiment("echo", epochs=10_000_000, seed=1))

    def _measure(self) -> None:
        now, step = time.perf_counter(), self._controller.history.step
        if not step or self._stop_pressed:
            return
        self._first_update = self._first_update or now
        if not self._begin and now - self._first_update > _WARM_UP_SECONDS:
            self._begin, self._first_step = now, step
            self._timer.start()
        elif self._begin and now - self._begin > self._seconds:
            self._timer.stop()
            self._rate = (step - self._first_step) / (now - self._begin)
            buttons = self._window.findChildren(QPushButton)
            stop = next(button for button in buttons if button.text() == "Stop" and button.isVisible())
            self._stop_pressed = time.perf_counter()
            QTest.mouseClick(stop, Qt.MouseButton.LeftButton)

    def _report(self) -> None:
        stop_seconds = time.perf_counter() - self._stop_pressed
        delays = np.maximum(np.diff(self._ticks) * 1000 - _TICK_MS, 0)
        print_results(
            rate=self._rate,
            delay_p99_ms=float(np.percentile(delays, 99)),
            delay_max_ms=float(delays.max()),
            stop_ms=stop_seconds * 1000,
        )
        self._window.close()


class StartProbe(QObject):
    """Measures the time until the window has been painted for the first time."""

    def __init__(self) -> None:
        super().__init__()
        self._is_painted = False
        QApplication.instance().installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Report after the first paint event."""
        if event.type() == QEvent.Type.UpdateRequest and not self._is_painted:
            self._is_painted = True
            QTimer.singleShot(0, self._report)  # after the painting that this event requests
        return False

    def _report(self) -> None:
        seconds = time.time() - float(os.environ[START_TIME])
        print_results(seconds=seconds, has_tensorflow=float("tensorflow" in sys.modules))
        QApplication.closeAllWindows()


def main() -> None:
    """Open the window with a probe."""
    probe, *arguments = sys.argv[1:]
    sys.argv[1:] = []
    run_event_loop: Callable[[], int] = QApplication.exec
    probes: list[QObject] = []  # keeps the probe alive

    def run_with_probe() -> int:
        probes.append(StartProbe() if probe == "start" else TrainingProbe(float(arguments[0])))
        return run_event_loop()

    QApplication.exec = staticmethod(run_with_probe)
    from rnnstudio.__main__ import main as rnnstudio

    rnnstudio()


if __name__ == "__main__":
    main()
