"""`rnnstudio --smoke`: the whole program once, in the real window; what an installed copy is tested with."""

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

from rnnstudio import __version__, api
from rnnstudio.core.errors import RnnStudioError
from rnnstudio.gui.app import end, start
from rnnstudio.gui.main_window import MainWindow
from rnnstudio.gui.unforeseen import say_by
from rnnstudio.results.run import Run

_PATIENCE_S = 120.0  # for what takes seconds, on a computer that does a lot else


def main(argv: list[str]) -> str:
    """Open the window, train, keep, load, predict, draw, and quit; return one line about it.

    Runs, settings and compiled programs go to a temporary folder.

    Raises:
        RnnStudioError: Something of that did not work; the message says what.
    """
    with tempfile.TemporaryDirectory(prefix="rnnstudio-smoke-") as folder:
        os.environ["RNNSTUDIO_HOME"] = folder
        began = time.monotonic()
        application = start(argv)
        window = MainWindow()
        unforeseen: list[str] = []
        say_by(unforeseen.append)
        try:
            told = _walk(application, window, Path(folder))
            if not window.close():
                raise RnnStudioError("The window did not close.")
            if unforeseen:
                raise RnnStudioError(unforeseen[0])
        finally:
            sys.excepthook = sys.__excepthook__
            window.controller.close()
            window.background.close()
            end(application, window)
        told += f", quit; {time.monotonic() - began:.1f} s in all"
    return f"rnnstudio {__version__} works: {told}"


def _walk(application: QApplication, window: MainWindow, folder: Path) -> str:
    window.show()
    _wait_for("the window to be painted", window.windowHandle().isExposed)
    application.processEvents()
    painted = f"window painted{_age()}, TensorFlow {'' if 'tensorflow' in sys.modules else 'not '}loaded by then"
    parts = [painted, f"{len(QFontDatabase.families())} fonts"]
    for recipe, updates in (("echo", 300), ("airline", 20)):
        run = _train(window, recipe, updates)
        _same_again(run)
        parts.append(f"{recipe} trained for {run.record.step} updates, kept and loaded")
    picture = Path(api.load("latest").plot("forecast", folder / "forecast.png"))
    shown = folder / "loss.svg"
    window.pages.live.plots["loss"].save(shown)
    parts.append(f"pictures of {_size(picture)} and {_size(shown)}")
    return ", ".join(parts)


def _train(window: MainWindow, recipe: str, updates: int) -> Run:
    """Train as a user does, with the form and its button."""
    window.panel.form.begin(recipe, updates=updates)
    button = next(b for b in window.panel.findChildren(QPushButton) if b.text() == "Train" and b.isVisible())
    button.click()
    _wait_for(f"{recipe} to be trained", lambda: not window.controller.running)
    if window.run is None or window.run.record.step != updates:
        raise RnnStudioError(f"{recipe} was not trained: {window.banner.text or 'nothing says why'}")
    if not window.run.path:
        raise RnnStudioError(f"The run of {recipe} was not kept: {window.banner.text}")
    return window.run


def _same_again(run: Run) -> None:
    """Hold the run that was trained against the one that is loaded."""
    x = np.random.default_rng(0).random((4, 12, len(run.info.features)), np.float32)
    kept = api.load(run.path)
    for probabilities in {False, bool(run.info.classes)}:
        if not np.array_equal(
            run.predict(x, probabilities=probabilities), kept.predict(x, probabilities=probabilities)
        ):
            raise RnnStudioError(f"{run.name} predicts other numbers once it was loaded.")


def _size(file: Path) -> str:
    if file.stat().st_size < 1000:
        raise RnnStudioError(f"The picture {file.name} is empty.")
    return f"{file.stat().st_size / 1000:.0f} kB"


def _wait_for(what: str, reached: Callable[[], bool]) -> None:
    """Let the window live until something is so; a loop of Qt's own, which leaves the interpreter to the training."""
    loop, timer = QEventLoop(), QTimer()
    limit = time.monotonic() + _PATIENCE_S
    timer.timeout.connect(lambda: loop.quit() if reached() or time.monotonic() > limit else None)
    timer.start(5)
    loop.exec()
    timer.stop()
    if not reached():
        raise RnnStudioError(f"Waited {_PATIENCE_S:.0f} s in vain for {what}.")


def _age() -> str:
    """Return how long ago this process began, where the system tells."""
    try:
        ticks = int(Path("/proc/self/stat").read_text(encoding="ascii").rpartition(")")[2].split()[19])
        up = float(Path("/proc/uptime").read_text(encoding="ascii").split()[0])
    except (OSError, ValueError, IndexError):
        return ""
    return f" after {up - ticks / os.sysconf('SC_CLK_TCK'):.2f} s"
