"""Starts the window."""

from __future__ import annotations

import signal
import sys

import shiboken6
from PySide6.QtCore import QEvent, QObject, QTimer
from PySide6.QtGui import QFileOpenEvent, QIcon
from PySide6.QtWidgets import QApplication

from rnnstudio.core.paths import resource
from rnnstudio.gui.application import application
from rnnstudio.gui.crash_log import report_unexpected_errors
from rnnstudio.gui.main_window import MainWindow
from rnnstudio.gui.queued_signal import QueuedSignal
from rnnstudio.results.console_close import stopping_on_console_close

_SWITCH_INTERVAL_S = 0.0001  # other threads give the interpreter back at once: each cell that Qt draws asks for it anew
_SIGNAL_CHECK_MS = 200
_ENDING = ("SIGTERM", "SIGHUP", "SIGBREAK")  # signals that end a process; the last one is of Windows


def create_application(argv: list[str]) -> QApplication:
    """Return the application object with name, style and icon of the program.

    Raises:
        RnnStudioError: No font is installed.
    """
    sys.setswitchinterval(_SWITCH_INTERVAL_S)
    created = application(argv)
    created.setApplicationName("rnnstudio")
    created.setDesktopFileName("rnnstudio")
    created.setStyle("Fusion")
    created.setWindowIcon(QIcon(str(resource("icons/rnnstudio.svg"))))
    return created


def main(argv: list[str] | None = None, to_open: str = "") -> int:
    """Open the window and return the exit status when it closes.

    Args:
        argv: Name of the program, and options of Qt.
        to_open: A run or a data file to open at once.
    """
    created = create_application(sys.argv[:1] if argv is None else argv)
    window = MainWindow()
    report_unexpected_errors(window.banner.show_message)
    window.show()
    if to_open:
        window.opener.open(to_open)
    if sys.platform == "darwin":
        created.installEventFilter(FileOpenFilter(window))
    signal.signal(signal.SIGINT, lambda *_: window.close())  # Ctrl-C in the terminal
    for name in _ENDING:
        if number := getattr(signal, name, None):
            signal.signal(number, lambda *_: _end(window))
    created.commitDataRequest.connect(lambda _: window.seeds.close())  # logout, or the system shuts down
    timer = QTimer()  # Python handles signals only when it runs
    timer.timeout.connect(lambda: None)
    timer.start(_SIGNAL_CHECK_MS)
    closed = QueuedSignal(window)
    closed.received.connect(lambda: _end(window))

    def stop() -> bool:
        closed.send()
        return True

    with stopping_on_console_close(stop):
        status = created.exec()
    sys.excepthook = sys.__excepthook__
    delete_window(created, window)
    return status


def _end(window: MainWindow) -> None:
    """Stop the training, save the run, and close the window without a question."""
    window.seeds.close()
    window.close()


def delete_window(created: QApplication, window: MainWindow) -> None:
    """Delete the closed window: plots that outlive the application object crash the process at its end."""
    shiboken6.delete(window)
    created.processEvents()


class FileOpenFilter(QObject):
    """Opens the files that macOS passes to a running program as events.

    Only for macOS: elsewhere it would cost time on every event.

    Args:
        window: The window that opens the files.
    """

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Handle an event that names a file; leave all others."""
        if not isinstance(event, QFileOpenEvent):
            return False
        self._window.opener.open(event.file())
        return True
