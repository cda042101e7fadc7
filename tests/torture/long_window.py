"""`make torture`: train echo in the real window for a long time, and measure what grows and what slows down.

python -m tests.torture.long_window --minutes 45

All plots of the run are shown in turns, and checkpoints are written as for a user. Prints the memory every ten seconds,
and at the end its slope, how much of it is the history of the updates, the updates per second at the start and at the
end, and the lateness of a timer of 5 ms.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from tests.torture.resources import per_unit, resident

if not os.environ.get("DISPLAY"):
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import QObject, Qt, QTimer
from PySide6.QtWidgets import QTabWidget

from rnnstudio.core.history import History
from rnnstudio.gui.app import create_application, delete_window
from rnnstudio.gui.main_window import MainWindow

_SAMPLE_MS, _TICK_MS, _TAB_MS = 10_000, 5, 2_000
_WARM_UP_MINUTES = 5.0
_MB, _HOUR = 1e6, 3600.0


@dataclass
class Samples:
    """What was measured, a number for each sample."""

    seconds: list[float] = field(default_factory=list)
    bytes: list[int] = field(default_factory=list)
    updates: list[int] = field(default_factory=list)

    def after(self, seconds: float) -> slice:
        """Return the samples after a warm-up; all of them where there are too few."""
        first = int(np.searchsorted(self.seconds, seconds))
        return slice(first if len(self.seconds) - first > 2 else 0, None)


class LongTraining(QObject):
    """Trains echo in the window, measures, and stops the training when the time is over.

    Args:
        window: The window.
        minutes: Duration of the measurement.
    """

    def __init__(self, window: MainWindow, minutes: float) -> None:
        super().__init__()
        self.samples, self.ticks = Samples(), list[float]()
        self._window, self._end = window, 60 * minutes
        self._began = self._last_tick = time.perf_counter()
        window.panel.form.begin("echo", epochs=10_000_000)
        window.controller.finished.connect(lambda _: QTimer.singleShot(1000, window.close))  # once the run is shown
        window.train()
        self._timers = []
        for milliseconds, slot in ((_SAMPLE_MS, self._sample), (_TICK_MS, self._tick), (_TAB_MS, self._next_plot)):
            timer = QTimer(self, interval=milliseconds, timerType=Qt.TimerType.PreciseTimer)
            timer.timeout.connect(slot)
            timer.start()
            self._timers.append(timer)

    def _tick(self) -> None:
        now = time.perf_counter()
        self.ticks.append(max(1000 * (now - self._last_tick) - _TICK_MS, 0.0))
        self._last_tick = now

    def _next_plot(self) -> None:
        tabs = self._window.view.pages.live.findChild(QTabWidget)
        if tabs is not None and tabs.count():
            tabs.setCurrentIndex((tabs.currentIndex() + 1) % tabs.count())

    def _sample(self) -> None:
        seconds, history = time.perf_counter() - self._began, self._window.controller.history
        self.samples.seconds.append(seconds)
        self.samples.bytes.append(resident())
        self.samples.updates.append(history.step)
        sys.stdout.write(f"{seconds:7.0f} s {self.samples.bytes[-1] / _MB:8.1f} MB {history.step:12,} updates\n")
        sys.stdout.flush()
        if seconds > self._end:
            for timer in self._timers:
                timer.stop()
            self._window.controller.stop()


def history_bytes(history: History) -> float:
    """Return the bytes of the columns of a history for each update."""
    return (history.loss.values.nbytes + history.accuracy.values.nbytes) / max(history.step, 1)


def report(samples: Samples, lateness: list[float], of_history: float) -> str:
    """Return what the samples say, in lines.

    Args:
        samples: Memory and updates over time.
        lateness: How late each call of the timer was, in milliseconds.
        of_history: Bytes of the history for each update.
    """
    chosen = samples.after(60 * _WARM_UP_MINUTES)
    seconds, updates = np.array(samples.seconds[chosen]), np.array(samples.updates[chosen], float)
    rss = np.array(samples.bytes[chosen], float)
    slope, rate = per_unit(seconds, rss) * _HOUR, per_unit(seconds, updates) * _HOUR
    fifth = max(len(seconds) // 5, 2)
    speeds = [np.ptp(updates[part]) / np.ptp(seconds[part]) for part in (slice(0, fifth), slice(-fifth, None))]
    p50, p99, worst = np.percentile(lateness, [50, 99, 100])
    return (
        f"memory: {slope / _MB:+.1f} MB an hour ({per_unit(updates, rss):.1f} bytes an update); one history of "
        f"{rate:,.0f} updates an hour takes {of_history * rate / _MB:.1f} MB ({of_history:.1f} bytes an update)\n"
        f"updates/s: {speeds[0]:,.0f} in the first fifth, {speeds[1]:,.0f} in the last ({speeds[1] / speeds[0]:.3f})\n"
        f"lateness of a timer of {_TICK_MS} ms: median {p50:.1f}, 99 % {p99:.1f}, worst {worst:.1f} ms\n"
    )


def main() -> int:
    """Train in the window and print what was measured."""
    parser = argparse.ArgumentParser(prog="make torture", description=__doc__.splitlines()[0])
    parser.add_argument("--minutes", type=float, default=45.0)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as home:
        os.environ["RNNSTUDIO_HOME"] = str(Path(home) / "home")
        application = create_application(sys.argv[:1])
        window = MainWindow()
        window.resize(1366, 740)
        window.show()
        training: list[LongTraining] = []
        QTimer.singleShot(5000, lambda: training.append(LongTraining(window, options.minutes)))
        application.exec()
        of_history = history_bytes(window.controller.history)
        window.controller.close()
        delete_window(application, window)
    sys.stdout.write(report(training[0].samples, training[0].ticks, of_history))
    return 0


if __name__ == "__main__":
    sys.exit(main())
