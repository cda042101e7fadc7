"""Size and docks of the window, saved between sessions. The position is not: Wayland places windows itself."""

from __future__ import annotations

from PySide6.QtCore import QByteArray, QSettings, QSize, Qt
from PySide6.QtWidgets import QDockWidget, QMainWindow, QWidget

_VERSION = 1  # of the saved layout: a new one makes Qt ignore older layouts
_DEFAULT_SIZE, _MIN_SIZE = QSize(1280, 720), QSize(900, 560)
_TITLE_BAR = 36  # pixels a window manager may add above the window


def new_dock(window: QMainWindow, title: str, widget: QWidget, area: Qt.DockWidgetArea) -> QDockWidget:
    """Return a new dock of a window, by whose title the saved layout knows it."""
    dock = QDockWidget(title, window)
    dock.setObjectName(title)
    dock.setWidget(widget)
    window.addDockWidget(area, dock)
    return dock


class WindowState:
    """Restores, saves and resets the layout of a window.

    Args:
        window: The window, with its docks in their default places.
        settings: Where size and layout are saved.
    """

    def __init__(self, window: QMainWindow, settings: QSettings) -> None:
        self._window, self._settings = window, settings
        self._default_layout = QByteArray()

    def restore(self, left: QDockWidget, bottom: QDockWidget) -> None:
        """Restore the saved size and layout, as far as the screen has room for it.

        Args:
            left: The dock on the left by default.
            bottom: The dock at the bottom by default.
        """
        window = self._window
        available = window.screen().availableGeometry().size() - QSize(0, _TITLE_BAR)
        window.setMinimumSize(_MIN_SIZE.boundedTo(available))
        window.resize(_DEFAULT_SIZE.boundedTo(available))
        window.resizeDocks([left], [330], Qt.Orientation.Horizontal)
        window.resizeDocks([bottom], [165], Qt.Orientation.Vertical)
        self._default_layout = window.saveState(_VERSION)
        size, layout = self._settings.value("size"), self._settings.value("state")
        if isinstance(size, QSize):
            window.resize(size.boundedTo(available))
        if isinstance(layout, QByteArray):
            window.restoreState(layout, _VERSION)

    def save(self) -> None:
        """Save size and layout."""
        self._settings.setValue("size", self._window.size())
        self._settings.setValue("state", self._window.saveState(_VERSION))
        self._settings.sync()

    def reset(self) -> None:
        """Put all docks back to their default places."""
        self._window.restoreState(self._default_layout, _VERSION)
