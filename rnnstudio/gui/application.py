"""The one application object of Qt's, or a sentence about why there can be none."""

from __future__ import annotations

import os
import sys

from PySide6.QtCore import QMessageLogContext, QtMsgType, qInstallMessageHandler
from PySide6.QtGui import QFontInfo
from PySide6.QtWidgets import QApplication

from rnnstudio.core.errors import RnnStudioError

_NO_WINDOW = (
    "Error: The window cannot open on this display ({display}): {why}. Name another one, or train in the terminal: "
    "rnnstudio train airline"
)
_NO_FONTS = (
    "There is no font on this computer, so every letter in the window would be an empty box. Install one and its "
    "configuration; on Debian and Ubuntu: sudo apt-get install fontconfig-config fonts-dejavu-core"
)


def application(argv: list[str]) -> QApplication:
    """Return the application, which all that Qt draws needs; where there is no display it ends the process.

    Raises:
        RnnStudioError: There is no font to write with.
    """
    there = QApplication.instance()
    if isinstance(there, QApplication):
        return there
    complaints = _Complaints()
    before = qInstallMessageHandler(complaints.hear)
    made = QApplication(argv)
    qInstallMessageHandler(before)
    complaints.tell()
    # Asked first: Qt crashes when it measures a text. Names alone tell nothing, fontconfig makes up three of them.
    if not QFontInfo(made.font()).family():
        raise RnnStudioError(_NO_FONTS)
    return made


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
