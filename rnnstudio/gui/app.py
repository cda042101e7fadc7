"""Starting the window."""

from __future__ import annotations

import signal
import sys

import shiboken6
from PySide6.QtCore import QTimer
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QApplication

from rnnstudio.core.paths import resource
from rnnstudio.gui.main_window import MainWindow


def main(argv: list[str] | None = None) -> int:
    """Open the Studio and return the exit status when it closes."""
    sys.setswitchinterval(0.001)  # the training thread gives the interpreter back sooner, so drawing never waits long
    application = QApplication(sys.argv if argv is None else argv)
    application.setApplicationName("rnnstudio")
    application.setDesktopFileName("rnnstudio")
    application.setStyle("Fusion")
    application.setWindowIcon(QIcon(str(resource("icons/rnnstudio.svg"))))
    window = MainWindow()
    window.show()
    # A terminal's Ctrl-C closes the window like its own button; the timer lets Python see the signal.
    signal.signal(signal.SIGINT, lambda *_: window.close())
    beat = QTimer()
    beat.timeout.connect(lambda: None)
    beat.start(200)
    status = application.exec()
    shiboken6.delete(window)  # pictures that outlive the application crash the process at its end
    return status


if __name__ == "__main__":
    sys.exit(main())
