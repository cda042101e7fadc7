"""The colour scheme of the window: light, dark or that of the system. The choice is saved."""

from __future__ import annotations

from PySide6.QtCore import QObject, QSettings, Qt, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication

from rnnstudio.gui.style import palette, style_sheet
from rnnstudio.gui.theme import DARK, LIGHT, Theme

SCHEMES = {"system": "System colours", "light": "Light", "dark": "Dark"}


class Appearance(QObject):
    """Applies the colour scheme to all widgets.

    Args:
        settings: Where the choice is saved.
    """

    changed = Signal(object)  # Theme

    def __init__(self, settings: QSettings, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._settings = settings
        QGuiApplication.styleHints().colorSchemeChanged.connect(self.apply)
        self.apply()

    @property
    def scheme(self) -> str:
        """Name of the scheme: system, light or dark."""
        return str(self._settings.value("scheme", "system"))

    @scheme.setter
    def scheme(self, scheme: str) -> None:
        self._settings.setValue("scheme", scheme)
        self.apply()

    @property
    def theme(self) -> Theme:
        """Colours of the scheme; with `system`, those of the desktop at the moment."""
        if self.scheme == "system":
            return DARK if QGuiApplication.styleHints().colorScheme() == Qt.ColorScheme.Dark else LIGHT
        return DARK if self.scheme == "dark" else LIGHT

    def apply(self) -> None:
        """Colour all widgets and emit `changed`, so that plots can follow."""
        application = QApplication.instance()
        if isinstance(application, QApplication):
            application.setPalette(palette(self.theme))
            application.setStyleSheet(style_sheet(self.theme))
        self.changed.emit(self.theme)
