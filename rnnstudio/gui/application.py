"""The one `QApplication` of the process, or a message that says why there can be none."""

from __future__ import annotations

import os
import sys

from PySide6.QtCore import QMessageLogContext, QtMsgType, qInstallMessageHandler
from PySide6.QtGui import QFontInfo
from PySide6.QtWidgets import QApplication

from rnnstudio.core.errors import RnnStudioError

_NO_DISPLAY = (
    "Error: The window cannot open on this display ({display}): {reason}. Use another display, or train in the "
    "terminal: rnnstudio train airline"
)
_NO_FONTS = (
    "There is no font on this computer, so every letter in the window would be an empty box. Install one and its "
    "configuration; on Debian and Ubuntu: sudo apt-get install fontconfig-config fonts-dejavu-core"
)


def application(argv: list[str]) -> QApplication:
    """Return the application object, which everything in Qt that draws needs.

    Without a usable display, this writes a message to the terminal and ends the process with exit status 2.

    Args:
        argv: Name of the program, and options of Qt.

    Raises:
        RnnStudioError: No font is installed.
    """
    existing = QApplication.instance()
    if isinstance(existing, QApplication):
        return existing
    messages = _StartMessages()
    previous_handler = qInstallMessageHandler(messages.handle)
    created = QApplication(argv)
    qInstallMessageHandler(previous_handler)
    messages.write_warnings()
    # Must come first: Qt crashes when it measures text without fonts. fontconfig invents names, so names prove nothing.
    if not QFontInfo(created.font()).family():
        raise RnnStudioError(_NO_FONTS)
    return created


class _StartMessages:
    """Collects the messages Qt emits while it starts; on a fatal one, writes the reason and ends the process."""

    def __init__(self) -> None:
        self._warnings: list[str] = []

    def handle(self, kind: QtMsgType, context: QMessageLogContext, message: str) -> None:
        text = " ".join(message.split())
        if kind != QtMsgType.QtFatalMsg:
            self._warnings.append(text)
            return
        variables = ("QT_QPA_PLATFORM", "WAYLAND_DISPLAY", "DISPLAY")
        display = next((f"{name}={os.environ[name]}" for name in variables if os.environ.get(name)), "none is set")
        reason = " ".join(self._warnings) or text
        self._write(_NO_DISPLAY.format(display=display[:100], reason=reason[:500].rstrip(".")))
        os._exit(2)  # Qt would abort the process

    def write_warnings(self) -> None:
        """Write the messages that were not fatal."""
        for text in self._warnings:
            self._write(text)

    def _write(self, text: str) -> None:
        if sys.stderr is not None:  # None where the program has no console
            sys.stderr.write(text + "\n")
            sys.stderr.flush()
