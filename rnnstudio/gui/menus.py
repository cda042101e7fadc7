"""The menu bar: every action with its shortcut, switched to what can be done now."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtGui import QAction, QActionGroup, QKeySequence
from PySide6.QtWidgets import QMessageBox

from rnnstudio import __version__
from rnnstudio.core.paths import home
from rnnstudio.gui.appearance import SCHEMES

if TYPE_CHECKING:
    from rnnstudio.gui.main_window import MainWindow

_HOW = (
    "<p><b>Pick</b> a published work or a file of your own, change what you like on the left, and press "
    "<b>Train</b> (F5).</p>"
    "<p><b>Watch</b> the loss fall and predictions meet the truth. The wheel zooms; a double-click follows the "
    "newest again.</p>"
    "<p><b>Pause</b> with F6. <b>Stop</b> with Shift+F5: what was learned is kept.</p>"
    "<p>Every run is kept in the list below. Double-click one to look at it again, and compare it with the "
    "naive answer.</p>"
)


class Menus:
    """File, Run, View and Help of one window."""

    def __init__(self, window: MainWindow) -> None:
        self._window = window
        self._menus = {name: window.menuBar().addMenu(f"&{name}") for name in ("File", "Run", "View", "Help")}
        standard = QKeySequence.StandardKey
        self._add("File", "Start page", window.show_cards)
        self._add("File", "&Open data …", window.files.open_data, standard.Open)
        self._add("File", "Open &run …", window.files.open_run)
        self._menus["File"].addSeparator()
        self._save = self._add("File", "&Save run as …", window.files.save_run, standard.Save)
        self._export = self._add("File", "&Export history as CSV …", window.files.export_history, "Ctrl+E")
        self._r_script = self._add("File", "Export as &R script …", window.files.export_r)
        self._python_script = self._add("File", "Export as Pyt&hon script …", window.files.export_python)
        self._menus["File"].addSeparator()
        self._add("File", "&Quit", window.quit, standard.Quit).setMenuRole(QAction.MenuRole.QuitRole)
        self._train = self._add("Run", "&Train", window.train, "F5")
        self._pause = self._add("Run", "&Pause or resume", window.controller.pause, "F6")
        self._stop = self._add("Run", "&Stop and keep", window.controller.stop, "Shift+F5")
        for dock in window.docks:
            self._menus["View"].addAction(dock.toggleViewAction())
        self._add("View", "Reset layout", window.reset_layout)
        self._menus["View"].addSeparator()
        self._add_schemes()
        self._add("Help", "How to use the Studio", self._how, standard.HelpContents)
        self._add("Help", "About rnnstudio", self._about).setMenuRole(QAction.MenuRole.AboutRole)

    def _add(
        self, menu: str, text: str, work: Callable[[], None], keys: QKeySequence.StandardKey | str | None = None
    ) -> QAction:
        action = QAction(text, self._window)
        if keys is not None:
            action.setShortcut(keys)
        action.triggered.connect(lambda _=False: work())
        self._menus[menu].addAction(action)
        return action

    def _add_schemes(self) -> None:
        appearance = self._window.appearance
        group = QActionGroup(self._window)
        for scheme, text in SCHEMES.items():

            def choose(scheme: str = scheme) -> None:
                appearance.scheme = scheme

            action = self._add("View", text, choose)
            action.setCheckable(True)
            action.setChecked(appearance.scheme == scheme)
            group.addAction(action)

    def refresh(self, *, running: bool, trainable: bool, has_run: bool) -> None:
        """Switch actions to what can be done now."""
        self._train.setEnabled(trainable and not running)
        self._pause.setEnabled(running)
        self._stop.setEnabled(running)
        self._save.setEnabled(has_run)
        for export in (self._export, self._r_script, self._python_script):
            export.setEnabled(has_run)

    def _how(self) -> None:
        QMessageBox.information(self._window, "How to use the Studio", _HOW)

    def _about(self) -> None:
        text = f"<b>rnnstudio {__version__}</b><p>Recurrent neural networks on sequence data.</p><p>Runs: {home()}</p>"
        QMessageBox.about(self._window, "About rnnstudio", text)
