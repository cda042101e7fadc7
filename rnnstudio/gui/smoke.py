"""`rnnstudio --smoke`: trains, saves, loads and draws once in the real window, to test an installed program."""

from __future__ import annotations

import os
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
from PySide6.QtCore import QEventLoop, QTimer
from PySide6.QtGui import QFontDatabase
from PySide6.QtWidgets import QApplication, QPushButton

from rnnstudio import __version__
from rnnstudio.core.errors import RnnStudioError
from rnnstudio.gui.app import create_application, delete_window
from rnnstudio.gui.crash_log import report_unexpected_errors
from rnnstudio.gui.main_window import MainWindow
from rnnstudio.results.run import Run
from rnnstudio.results.store import load

_TIMEOUT_S = 120.0  # for steps that take seconds, on a busy computer


def main(argv: list[str]) -> str:
    """Open the window, train, save, load, predict, draw and quit; return one line about it.

    Runs, settings and compiled programs go to a temporary folder.

    Args:
        argv: Name of the program, and options of Qt.

    Raises:
        RnnStudioError: A step failed; the message says which.
    """
    with tempfile.TemporaryDirectory(prefix="rnnstudio-smoke-") as folder:
        os.environ["RNNSTUDIO_HOME"] = folder
        start = time.monotonic()
        application = create_application(argv)
        window = MainWindow()
        unexpected_errors: list[str] = []
        report_unexpected_errors(unexpected_errors.append)
        try:
            report = _use_window(application, window, Path(folder))
            if not window.close():
                raise RnnStudioError("The window did not close.")
            if unexpected_errors:
                raise RnnStudioError(unexpected_errors[0])
        finally:
            sys.excepthook = sys.__excepthook__
            window.controller.close()
            window.background.close()
            window.data_thread.close()
            delete_window(application, window)
        report += f", quit; {time.monotonic() - start:.1f} s in all"
    return f"rnnstudio {__version__} works: {report}"


def _use_window(application: QApplication, window: MainWindow, folder: Path) -> str:
    window.show()
    _wait_for("the window to be painted", window.windowHandle().isExposed)
    application.processEvents()
    loaded = "" if "tensorflow" in sys.modules else "not "
    parts = [f"window painted{_process_age()}, TensorFlow {loaded}loaded by then"]
    parts.append(f"{len(QFontDatabase.families())} fonts")
    for recipe, updates in (("echo", 300), ("airline", 20)):
        run = _train(window, recipe, updates)
        _check_saved_run(run)
        parts.append(f"{recipe} trained for {run.record.step} updates, saved and loaded")
    png, svg = folder / "forecast.png", folder / "loss.svg"
    load("latest").plot("forecast", png)
    window.view.pages.live.plots["loss"].save(svg)
    parts.append(f"plots of {_size(png)} and {_size(svg)}")
    return ", ".join(parts)


def _train(window: MainWindow, recipe: str, updates: int) -> Run:
    """Train with the form and its button, as a user does."""
    window.panel.form.begin(recipe, updates=updates)
    button = next(b for b in window.panel.findChildren(QPushButton) if b.text() == "Train" and b.isVisible())
    button.click()
    _wait_for(f"{recipe} to be trained", lambda: not window.controller.running)
    run = window.view.run
    if run is None or run.record.step != updates:
        raise RnnStudioError(f"{recipe} was not trained: {window.banner.text or 'no reason is shown'}")
    if not run.path:
        raise RnnStudioError(f"The run of {recipe} was not saved: {window.banner.text}")
    return run


def _check_saved_run(run: Run) -> None:
    """Check that the saved run predicts the same numbers as the run in memory."""
    x = np.random.default_rng(0).random((4, 12, len(run.info.features)), np.float32)
    loaded = load(run.path)
    for probabilities in {False, bool(run.info.classes)}:
        expected = run.predict(x, probabilities=probabilities)
        if not np.array_equal(expected, loaded.predict(x, probabilities=probabilities)):
            raise RnnStudioError(f"{run.name} predicts other numbers after it was loaded.")


def _size(file: Path) -> str:
    if file.stat().st_size < 1000:
        raise RnnStudioError(f"The plot {file.name} is empty.")
    return f"{file.stat().st_size / 1000:.0f} kB"


def _wait_for(description: str, condition: Callable[[], bool]) -> None:
    """Process events until a condition holds; Qt's own loop leaves the interpreter to the training thread."""
    loop, timer = QEventLoop(), QTimer()
    deadline = time.monotonic() + _TIMEOUT_S
    timer.timeout.connect(lambda: loop.quit() if condition() or time.monotonic() > deadline else None)
    timer.start(5)
    loop.exec()
    timer.stop()
    if not condition():
        raise RnnStudioError(f"Timed out after {_TIMEOUT_S:.0f} s while waiting for {description}.")


def _process_age() -> str:
    """Return how long this process has been running, on Linux."""
    try:
        ticks = int(Path("/proc/self/stat").read_text(encoding="ascii").rpartition(")")[2].split()[19])
        uptime = float(Path("/proc/uptime").read_text(encoding="ascii").split()[0])
    except (OSError, ValueError, IndexError):
        return ""
    return f" after {uptime - ticks / os.sysconf('SC_CLK_TCK'):.2f} s"
