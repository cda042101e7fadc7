"""The heading of the run that is shown follows its name, wherever that is changed."""

from __future__ import annotations

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QWidget

from rnnstudio.gui.run_list import RunList
from rnnstudio.gui.run_view import RunView


class NameUpdates(QObject):
    """Shows names and notes as they are after a change in the list of runs, or in another process.

    A change in another process is noticed when the user comes back to the window: no file is watched.

    Args:
        window: The window.
        view: Shows a run.
        runs: The list of runs.
    """

    def __init__(self, window: QWidget, view: RunView, runs: RunList) -> None:
        super().__init__(window)
        self._view, self._runs = view, runs
        runs.reloaded.connect(view.refresh_name)
        application = QGuiApplication.instance()
        assert isinstance(application, QGuiApplication)
        application.applicationStateChanged.connect(self._state_changed)

    def _state_changed(self, state: Qt.ApplicationState) -> None:
        if state == Qt.ApplicationState.ApplicationActive and self._view.refresh_name():
            self._runs.reload()
