"""`make torture`: train echo in the real window for a long time, and measure what grows and what slows down.

python -m tests.torture.long_window --minutes 45

All plots of the run are shown in turns, and checkpoints are written as for a user. Prints the memory every ten seconds,
and at the end its slope, the lateness of a timer of 5 ms, and the updates per second then and in the window of a new
process, alternating.
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from tests.torture.resources import own_memory, per_unit, resident

if not os.environ.get("DISPLAY"):
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import QEventLoop, QObject, Qt, QTimer
from PySide6.QtWidgets import QTabWidget

from rnnstudio.gui.app import create_application, delete_window
from rnnstudio.gui.main_window import MainWindow

_SAMPLE_MS, _TICK_MS, _TAB_MS = 10_000, 5, 2_000
_WARM_UP_MINUTES = 5.0
_SPEED_SECONDS = 20.0  # over which updates are counted, and for which a new training runs before that
_MB, _HOUR = 1e6, 3600.0
_LATEST_MS = 60_000  # of a call of the timer that is counted


@dataclass
class Samples:
    """What was measured, a number for each sample."""

    seconds: list[float] = field(default_factory=list)
    bytes: list[int] = field(default_factory=list)
    own: list[int] = field(default_factory=list)
    updates: list[int] = field(default_factory=list)

    def after(self, seconds: float) -> slice:
        """Return the samples after a warm-up; all of them where there are too few."""
        first = int(np.searchsorted(self.seconds, seconds))
        return slice(first if len(self.seconds) - first > 2 else 0, None)


class Lateness:
    """Counts how late the calls of a timer were; a list of them would grow by 23 MB an hour."""

    def __init__(self) -> None:
        self._counts = np.zeros(10 * _LATEST_MS + 1, np.int64)  # by tenths of a millisecond

    def add(self, milliseconds: float) -> None:
        """Count a call."""
        self._counts[min(round(10 * milliseconds), len(self._counts) - 1)] += 1

    def percentiles(self, *percents: float) -> list[float]:
        """Return percentiles, in milliseconds, to a tenth."""
        upto = np.cumsum(self._counts)
        return [float(np.searchsorted(upto, percent / 100 * upto[-1])) / 10 for percent in percents]


class LongTraining(QObject):
    """Trains echo in the window, measures, and stops the training when the time is over.

    Args:
        window: The window.
        minutes: Duration of the measurement.
        rounds: How often the speed is compared with that of a new process.

    Attributes:
        samples: Memory and updates over time.
        lateness: How late each call of a timer was.
        speeds: Updates per second here and in a new process, for each round.
    """

    def __init__(self, window: MainWindow, minutes: float, rounds: int) -> None:
        super().__init__()
        self.samples, self.lateness, self.speeds = Samples(), Lateness(), list[tuple[float, float]]()
        self._rounds = rounds
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
        self.lateness.add(max(1000 * (now - self._last_tick) - _TICK_MS, 0.0))
        self._last_tick = now

    def _next_plot(self) -> None:
        tabs = self._window.view.pages.live.findChild(QTabWidget)
        if tabs is not None and tabs.count():
            tabs.setCurrentIndex((tabs.currentIndex() + 1) % tabs.count())

    def _sample(self) -> None:
        seconds, history = time.perf_counter() - self._began, self._window.controller.history
        self.samples.seconds.append(seconds)
        self.samples.bytes.append(resident())
        self.samples.own.append(own_memory())
        self.samples.updates.append(history.step)
        memory = f"{self.samples.bytes[-1] / _MB:8.1f} MB {self.samples.own[-1] / _MB:8.1f} MB of its own"
        sys.stdout.write(f"{seconds:7.0f} s {memory} {history.step:12,} updates\n")
        sys.stdout.flush()
        if seconds > self._end:
            sampling, ticking, _ = self._timers
            sampling.stop()
            ticking.stop()
            for _ in range(self._rounds):
                here = self._speed()
                self._window.controller.toggle_pause()
                self.speeds.append((here, _speed_of_a_new_process()))
                self._window.controller.toggle_pause()
            self._window.controller.stop()

    def _speed(self) -> float:
        """Return the updates per second of the next seconds."""
        began, before = time.perf_counter(), self._window.controller.history.step
        loop = QEventLoop()
        QTimer.singleShot(int(1000 * _SPEED_SECONDS), loop.quit)
        loop.exec()
        return (self._window.controller.history.step - before) / (time.perf_counter() - began)


def _speed_of_a_new_process() -> float:
    """Return the updates per second of the same training in the window of a new process."""
    command = [sys.executable, "-m", "tests.torture.long_window", "--minutes", str(2 * _SPEED_SECONDS / 60)]
    done = subprocess.run([*command, "--rounds", "0"], check=True, capture_output=True, text=True)
    rows = [line.split() for line in done.stdout.splitlines() if line.endswith(" updates")]
    seconds, updates = (np.array([float(row[i].replace(",", "")) for row in rows]) for i in (0, -2))
    first = int(np.searchsorted(seconds, _SPEED_SECONDS))
    return float((updates[-1] - updates[first]) / (seconds[-1] - seconds[first]))


def report(samples: Samples, lateness: Lateness, speeds: list[tuple[float, float]]) -> str:
    """Return what the samples say, in lines.

    Args:
        samples: Memory and updates over time.
        lateness: How late each call of the timer was.
        speeds: Updates per second here and in a new process, for each round.
    """
    chosen = samples.after(60 * _WARM_UP_MINUTES)
    seconds, updates = np.array(samples.seconds[chosen]), np.array(samples.updates[chosen], float)
    rss, own = np.array(samples.bytes[chosen], float), np.array(samples.own[chosen], float)
    slope, rate = per_unit(seconds, rss) * _HOUR, per_unit(seconds, updates) * _HOUR
    p50, p99, worst = lateness.percentiles(50, 99, 100)
    lines = [
        f"memory: {slope / _MB:+.1f} MB an hour of {rate:,.0f} updates ({per_unit(updates, rss):.2f} bytes an update)",
        f"without mapped files: {per_unit(seconds, own) * _HOUR / _MB:+.1f} MB an hour",
        f"lateness of a timer of {_TICK_MS} ms: median {p50:.1f}, 99 % {p99:.1f}, worst {worst:.1f} ms",
    ]
    if speeds:
        ratios = [here / fresh for here, fresh in speeds]
        rounds = ", ".join(f"{here:,.0f} / {fresh:,.0f}" for here, fresh in speeds)
        lines.append(f"updates/s, here / in a new process: {statistics.median(ratios):.3f} in the median ({rounds})")
    return "\n".join(lines) + "\n"


def main() -> int:
    """Train in the window and print what was measured."""
    parser = argparse.ArgumentParser(prog="make torture", description=__doc__.splitlines()[0])
    parser.add_argument("--minutes", type=float, default=45.0)
    parser.add_argument("--rounds", type=int, default=5)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as home:
        os.environ["RNNSTUDIO_HOME"] = str(Path(home) / "home")
        application = create_application(sys.argv[:1])
        window = MainWindow()
        window.resize(1366, 740)
        window.show()
        training: list[LongTraining] = []
        QTimer.singleShot(5000, lambda: training.append(LongTraining(window, options.minutes, options.rounds)))
        application.exec()
        window.controller.close()
        delete_window(application, window)
    sys.stdout.write(report(training[0].samples, training[0].lateness, training[0].speeds))
    return 0


if __name__ == "__main__":
    sys.exit(main())
