"""Starting the window."""

from __future__ import annotations

import os
import signal
import sys

import shiboken6
from PySide6.QtCore import QEvent, QMessageLogContext, QObject, QTimer, QtMsgType, qInstallMessageHandler
from PySide6.QtGui import QFileOpenEvent, QFontInfo, QIcon
from PySide6.QtWidgets import QApplication

from rnnstudio.core.errors import RnnStudioError
from rnnstudio.core.paths import resource
from rnnstudio.gui.main_window import MainWindow
from rnnstudio.gui.unforeseen import say_by

_NO_WINDOW = (
    "Error: The window cannot open on this display ({display}): {why}. Name another one, or train in the terminal: "
    "rnnstudio train airline"
)
_NO_FONTS = (
    "There is no font on this computer, so every letter in the window would be an empty box. Install one and its "
    "configuration; on Debian and Ubuntu: sudo apt-get install fontconfig-config fonts-dejavu-core"
)


def start(argv: list[str]) -> QApplication:
    """Return the application, which everything of Qt's needs; where there is no display it ends the process.

    Raises:
        RnnStudioError: There is no font to write with.
    """
    sys.setswitchinterval(0.001)  # the training thread gives the interpreter back sooner, so drawing never waits long
    complaints = _Complaints()
    before = qInstallMessageHandler(complaints.hear)
    application = QApplication(argv)
    qInstallMessageHandler(before)
    complaints.tell()
    # Asked first: Qt crashes when it measures a text. Names alone tell nothing, fontconfig makes up three of them.
    if not QFontInfo(application.font()).family():
        raise RnnStudioError(_NO_FONTS)
    application.setApplicationName("rnnstudio")
    application.setDesktopFileName("rnnstudio")
    application.setStyle("Fusion")
    application.setWindowIcon(QIcon(str(resource("icons/rnnstudio.svg"))))
    return application


def main(argv: list[str] | None = None, what: str = "") -> int:
    """Open the Studio and return the exit status when it closes.

    Args:
        argv: The program's name, and options of Qt's own.
        what: A run or a file to show in it at once.
    """
    application = start(sys.argv[:1] if argv is None else argv)
    window = MainWindow()
    say_by(window.banner.say)
    window.show()
    if what:
        window.files.open(what)
    opener = Opener(window)
    application.installEventFilter(opener)
    # A terminal's Ctrl-C closes the window like its own button; the timer lets Python see the signal.
    signal.signal(signal.SIGINT, lambda *_: window.close())
    beat = QTimer()
    beat.timeout.connect(lambda: None)
    beat.start(200)
    status = application.exec()
    sys.excepthook = sys.__excepthook__
    end(application, window)
    return status


def end(application: QApplication, window: MainWindow) -> None:
    """Take the closed window away: pictures that outlive the application crash the process at its end."""
    shiboken6.delete(window)
    application.processEvents()


class Opener(QObject):
    """Opens what macOS asks an open program to show, which it does by an event."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Take such an event, and let all others pass."""
        if not isinstance(event, QFileOpenEvent):
            return False
        self._window.files.open(event.file())
        return True


class _Complaints:
    """What Qt says while it starts; where it gives up, which would abort the process, the reason as one sentence."""

    def __init__(self) -> None:
        self._heard: list[str] = []

    def hear(self, kind: QtMsgType, context: QMessageLogContext, message: str) -> None:
        if kind != QtMsgType.QtFatalMsg:
            self._heard.append(" ".join(message.split()))
            return
        variables = ("QT_QPA_PLATFORM", "WAYLAND_DISPLAY", "DISPLAY")
        display = next((f"{name}={os.environ[name]}" for name in variables if os.environ.get(name)), "none is named")
        why = " ".join(self._heard) or " ".join(message.split())
        self._write(_NO_WINDOW.format(display=display[:100], why=why[:500].rstrip(".")))
        os._exit(2)

    def tell(self) -> None:
        """Pass on what was no reason to end."""
        for text in self._heard:
            self._write(text)

    def _write(self, text: str) -> None:
        if sys.stderr is not None:  # a windowed program has none
            sys.stderr.write(text + "\n")
            sys.stderr.flush()


if __name__ == "__main__":
    sys.exit(main())
