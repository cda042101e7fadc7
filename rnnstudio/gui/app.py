"""Starting the window."""

from __future__ import annotations

import signal
import sys

import shiboken6
from PySide6.QtCore import QEvent, QObject, QTimer
from PySide6.QtGui import QFileOpenEvent, QIcon
from PySide6.QtWidgets import QApplication

from rnnstudio.core.paths import resource
from rnnstudio.gui.application import application
from rnnstudio.gui.main_window import MainWindow
from rnnstudio.gui.unforeseen import say_by


def start(argv: list[str]) -> QApplication:
    """Return the application as the Studio wants it.

    Raises:
        RnnStudioError: There is no font to write with.
    """
    sys.setswitchinterval(0.001)  # the training thread gives the interpreter back sooner, so drawing never waits long
    made = application(argv)
    made.setApplicationName("rnnstudio")
    made.setDesktopFileName("rnnstudio")
    made.setStyle("Fusion")
    made.setWindowIcon(QIcon(str(resource("icons/rnnstudio.svg"))))
    return made


def main(argv: list[str] | None = None, what: str = "") -> int:
    """Open the Studio and return the exit status when it closes.

    Args:
        argv: The program's name, and options of Qt's own.
        what: A run or a file to show in it at once.
    """
    made = start(sys.argv[:1] if argv is None else argv)
    window = MainWindow()
    say_by(window.banner.say)
    window.show()
    if what:
        window.files.open(what)
    if sys.platform == "darwin":
        made.installEventFilter(Opener(window))
    # A terminal's Ctrl-C closes the window like its own button; the timer lets Python see the signal.
    signal.signal(signal.SIGINT, lambda *_: window.close())
    beat = QTimer()
    beat.timeout.connect(lambda: None)
    beat.start(200)
    status = made.exec()
    sys.excepthook = sys.__excepthook__
    end(made, window)
    return status


def end(made: QApplication, window: MainWindow) -> None:
    """Take the closed window away: pictures that outlive the application crash the process at its end."""
    shiboken6.delete(window)
    made.processEvents()


class Opener(QObject):
    """Opens what macOS asks an open program to show, by an event; elsewhere it would only look at every event."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Take such an event, and let all others pass."""
        if not isinstance(event, QFileOpenEvent):
            return False
        self._window.files.open(event.file())
        return True
