"""Saving a run, and exporting its history, its predictions or a script that trains it again."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QFileDialog, QWidget

from rnnstudio.core.errors import RnnStudioError
from rnnstudio.gui.background import BackgroundThread
from rnnstudio.gui.csv_dialog import ask_csv_file, ask_table_file
from rnnstudio.results.run import Run
from rnnstudio.results.run_archive import RUN_SUFFIX


class RunSaver(QObject):
    """Asks for a file name and writes a run there.

    Args:
        parent: Parent of the dialogs.
        background: Computes predictions.
    """

    saved = Signal(str)  # a message that names the file
    begun = Signal(str)  # a message about what takes a while
    failed = Signal(object)  # RnnStudioError

    def __init__(self, parent: QWidget, background: BackgroundThread) -> None:
        super().__init__(parent)
        self._parent, self._background = parent, background

    def save(self, run: Run) -> None:
        """Ask for a file or folder and save a copy of the run there."""
        suggestion = run.name or run.experiment.recipe or run.experiment.data.dataset
        one_file = f"One file, to send or to double-click (*{RUN_SUFFIX})"
        name, kind = QFileDialog.getSaveFileName(
            self._parent, "Save the run", f"{suggestion}{RUN_SUFFIX}", f"{one_file};;A folder (*)"
        )
        if not name:
            return
        stem = name.removesuffix(RUN_SUFFIX)
        path = stem + RUN_SUFFIX if kind == one_file else stem
        overwrite = path == name and kind == one_file  # the dialog has asked about this very file
        self._try(lambda: run.save(path, overwrite=overwrite), f"The run was saved in {path}.")

    def export_history(self, run: Run) -> None:
        """Ask for a file name and write the history of the run as CSV."""
        name, decimal = ask_csv_file(self._parent, "Export history", _suggestion(run, ".csv"))
        self._write(run, name, ".csv", "The history was written to {}.", decimal)

    def export_predictions(self, run: Run) -> None:
        """Ask for a file name, and compute and write all predictions on the test set in the background."""
        name, decimal = ask_table_file(self._parent, "Export predictions", _suggestion(run, "-predictions.csv"))
        if not name:
            return
        self.begun.emit("The predictions are computed and written …")
        self._background.submit(
            lambda: run.export(name, table="predictions", decimal=decimal),
            lambda file: self.saved.emit(f"The predictions were written to {file}."),
            self.failed.emit,
        )

    def export_r(self, run: Run) -> None:
        """Ask for a file name and write an R script that trains the run again."""
        self._export(run, "Export as R script", "R script (*.R)", ".R", "{} trains this run again in R.")

    def export_python(self, run: Run) -> None:
        """Ask for a file name and write a Python script that trains the run again."""
        self._export(
            run, "Export as Python script", "Python script (*.py)", ".py", "{} trains this run again in Python."
        )

    def _export(self, run: Run, title: str, kind: str, ending: str, message: str) -> None:
        name, _ = QFileDialog.getSaveFileName(self._parent, title, _suggestion(run, ending), kind)
        self._write(run, name, ending, message)

    def _write(self, run: Run, name: str, ending: str, message: str, decimal: str = "point") -> None:
        if not name:
            return
        file = name if Path(name).suffix else name + ending
        if file != name and Path(file).exists():  # the dialog has not asked about it
            self.failed.emit(RnnStudioError(f"{file} already exists. Enter its full name to replace it."))
            return
        self._try(lambda: run.export(file, decimal=decimal), message.format(file))

    def _try(self, write: Callable[[], object], message: str) -> None:
        try:
            write()
        except RnnStudioError as error:
            self.failed.emit(error)
        else:
            self.saved.emit(message)


def _suggestion(run: Run, ending: str) -> str:
    return f"{run.name or run.experiment.recipe or 'run'}{ending}"
