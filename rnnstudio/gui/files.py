"""Opening and saving: what the File menu does, and files dropped on the window."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QMimeData
from PySide6.QtWidgets import QFileDialog

from rnnstudio.core.errors import DataError, RnnStudioError
from rnnstudio.core.paths import runs_folder
from rnnstudio.results.run import Run

if TYPE_CHECKING:
    from rnnstudio.gui.main_window import MainWindow

TABLES = "Tables (*.csv *.tsv *.txt);;All files (*)"


class Files:
    """The files of one window."""

    def __init__(self, window: MainWindow) -> None:
        self._window = window

    def open_data(self) -> None:
        """Ask for a table and show it in the form."""
        name, _ = QFileDialog.getOpenFileName(self._window, "Open a table", "", TABLES)
        if name:
            self.open_table(Path(name))

    def open_table(self, path: Path) -> None:
        """Show a table in the form, ready to train."""
        from rnnstudio.reading.tables import read_table

        try:
            table = read_table(path)
            columns = table.numeric_columns()
            if not columns:
                raise DataError(f"{path.name} has no column of numbers. Its columns: {', '.join(table.columns)}.")
            self._window.panel.form.begin("file", file=str(path), target=columns[-1])
            table.numbers([columns[-1]])  # after the form, where another column can be chosen, shows the file
        except RnnStudioError as error:
            self._window.banner.say(str(error))
            return
        self._window.banner.say(
            f"{path.name}: {len(table.cells):,} rows. {columns[-1]!r}, its last column of numbers, was taken as the "
            "target; choose another on the left.",
            "Train",
            self._window.train,
        )

    def open_run(self) -> None:
        """Ask for a run's folder and show it."""
        name = QFileDialog.getExistingDirectory(self._window, "Open a run (its folder)", str(runs_folder()))
        if name:
            self._window.show_run(name)

    def open_dropped(self, dropped: QMimeData) -> None:
        """Show a dropped table or run."""
        path = Path(dropped.urls()[0].toLocalFile())
        if path.is_dir():
            self._window.show_run(str(path))
        else:
            self.open_table(path)

    def save_run(self, run: Run | None = None) -> None:
        """Ask for a place and keep a copy of a run there; of the one shown when None."""
        chosen = run or self._window.run
        if chosen is None:
            return
        suggestion = chosen.name or chosen.experiment.recipe or chosen.experiment.data.dataset
        name, _ = QFileDialog.getSaveFileName(self._window, "Save the run as a folder", suggestion)
        if name:
            self._try(lambda: chosen.save(name), f"The run is kept in {name}.")

    def export_history(self) -> None:
        """Ask for a name and write the shown run's history as CSV."""
        run = self._window.run
        if run is None:
            return
        suggestion = f"{run.name or 'history'}.csv"
        name, _ = QFileDialog.getSaveFileName(self._window, "Export history", suggestion, "Table (*.csv)")
        if name:
            self._try(lambda: run.export(name), f"The history is in {name}.")

    def _try(self, work: Callable[[], object], done: str) -> None:
        try:
            work()
        except RnnStudioError as error:
            self._window.banner.say(str(error))
        else:
            self._window.banner.say(done)
            self._window.runs.reload()
