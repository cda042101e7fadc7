"""The menu bar: actions with their shortcuts, enabled when they can be used."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from PySide6.QtGui import QAction, QActionGroup, QKeySequence
from PySide6.QtWidgets import QMenu, QMenuBar

from rnnstudio.gui.appearance import SCHEMES, Appearance
from rnnstudio.gui.plain_text import tip

if TYPE_CHECKING:
    from rnnstudio.gui.backtest.opener import BacktestOpener
    from rnnstudio.gui.file_saving import RunSaver
    from rnnstudio.gui.going_on import GoingOn
    from rnnstudio.gui.run_view import RunView

_Shortcut = QKeySequence.StandardKey | str | None


class Menus(QObject):
    """The actions of the menus File, Run, View and Help; the window connects them.

    Args:
        bar: The menu bar of the window.
        dock_actions: Show or hide a dock each.
        appearance: The colour scheme that the View menu changes.
    """

    def __init__(self, bar: QMenuBar, dock_actions: Sequence[QAction], appearance: Appearance) -> None:
        super().__init__(bar)
        standard = QKeySequence.StandardKey
        self._trainable = self._running = self._predicts = self._is_resumable = False

        file = bar.addMenu("&File")
        self.start_page = self._add(file, "Start &page")
        self.open_data = self._add(file, "&Open data …", standard.Open)
        self.recent = file.addMenu("Open re&cent data")
        self.paste = self._add(file, "P&aste data", standard.Paste)
        self.open_run = self._add(file, "Open &run …")
        file.addSeparator()
        self.save_run = self._add(file, "&Save run as …", standard.Save)
        self.export_history = self._add(file, "&Export history as CSV …", "Ctrl+E")
        self.export_predictions = self._add(file, "Export predic&tions …")
        self.export_r = self._add(file, "Export as R scr&ipt …")
        self.export_python = self._add(file, "Export as Pyt&hon script …")
        file.addSeparator()
        self.quit = self._add(file, "&Quit", standard.Quit)
        self.quit.setMenuRole(QAction.MenuRole.QuitRole)

        run = bar.addMenu("&Run")
        self.train = self._add(run, "&Train", "F5")
        self.pause = self._add(run, "&Pause or resume", "F6")
        self.stop = self._add(run, "&Stop and save", "Shift+F5")
        self.go_on = self._add(run, "&Go on with this training …")
        run.addSeparator()
        self.backtest = self._add(run, "&Backtest …")
        self.new_data = self._add(run, "&Use on new data …")

        view = bar.addMenu("&View")
        view.addActions(list(dock_actions))
        self.reset_layout = self._add(view, "&Reset layout")
        view.addSeparator()
        self._add_schemes(view, appearance)

        help_ = bar.addMenu("&Help")
        self.how_to = self._add(help_, "&How to use the Studio", standard.HelpContents)
        self.about = self._add(help_, "&About rnnstudio")
        self.about.setMenuRole(QAction.MenuRole.AboutRole)

    def set_training_state(self, state: str) -> None:
        """Enable the actions for a training that is idle, training or paused."""
        self._running = state != "idle"
        self._enable_training()

    def set_trainable(self, trainable: bool) -> None:
        """Enable Train where the form holds a valid experiment."""
        self._trainable = trainable
        self._enable_training()

    def show_recent(self, files: Sequence[str], open_file: Callable[[str], None]) -> None:
        """List the data files that were opened last.

        Args:
            files: Their paths, the newest first.
            open_file: Opens one of them.
        """
        self.recent.clear()
        self.recent.setEnabled(bool(files))
        for file in files:
            action = self.recent.addAction(Path(file).name.replace("&", "&&"))
            action.setToolTip(tip(file))
            action.triggered.connect(lambda _=False, file=file: open_file(file))

    def connect_to_run(self, saver: RunSaver, backtests: BacktestOpener, view: RunView, going_on: GoingOn) -> None:
        """Save, export, backtest, use or train further the run or group that the view shows, as its actions say."""
        for action, write in (
            (self.save_run, saver.save),
            (self.export_history, saver.export_history),
            (self.export_predictions, saver.export_predictions),
            (self.export_r, saver.export_r),
            (self.export_python, saver.export_python),
            (self.backtest, backtests.open),
            (self.new_data, lambda _: view.use_on_new_data()),
        ):
            action.triggered.connect(lambda _=False, write=write: write(view.predictor))
        self.go_on.triggered.connect(lambda: going_on.ask(view.resumable))

    def set_run_shown(self, shown: bool, predicts: bool = False, resumable: bool = False) -> None:
        """Enable the actions of the run or group that is shown.

        Args:
            shown: Whether it is a run, which can be saved and exported.
            predicts: Whether it predicts.
            resumable: Whether its training can go on.
        """
        for action in (self.save_run, self.export_history, self.export_r, self.export_python):
            action.setEnabled(shown)
        self._predicts, self._is_resumable = predicts, resumable
        self._enable_training()

    def _enable_training(self) -> None:
        self.train.setEnabled(self._trainable and not self._running)
        self.pause.setEnabled(self._running)
        self.stop.setEnabled(self._running)
        self.go_on.setEnabled(self._is_resumable and not self._running)
        for action in (self.export_predictions, self.backtest, self.new_data):
            action.setEnabled(self._predicts and not self._running)  # one network computes at a time

    def _add(self, menu: QMenu, text: str, shortcut: _Shortcut = None) -> QAction:
        action = menu.addAction(text)
        if shortcut is not None:
            action.setShortcut(shortcut)
        return action

    def _add_schemes(self, menu: QMenu, appearance: Appearance) -> None:
        group = QActionGroup(self)
        for scheme, text in SCHEMES.items():
            action = self._add(menu, text)
            action.setCheckable(True)
            action.setChecked(appearance.scheme == scheme)
            action.triggered.connect(_setter(appearance, scheme))
            group.addAction(action)


def _setter(appearance: Appearance, scheme: str) -> Callable[[], None]:
    def choose() -> None:
        appearance.scheme = scheme

    return choose
