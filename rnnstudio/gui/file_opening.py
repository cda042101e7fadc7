"""Opening data files and runs: by a dialog, dropped on the window, or passed by the system."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QMimeData, QObject, Signal
from PySide6.QtWidgets import QFileDialog, QWidget

from rnnstudio.api import experiment
from rnnstudio.core.catalog import DATASETS
from rnnstudio.core.errors import RnnStudioError
from rnnstudio.core.experiment import Experiment
from rnnstudio.core.paths import runs_folder
from rnnstudio.gui.file_button import files_filter
from rnnstudio.reading.files import ENDINGS, read_file
from rnnstudio.results.run_archive import RUN_SUFFIX, is_run_archive
from rnnstudio.results.run_files import RUN_FILE

_MAX_ASSUMED = 3  # sentences about how a file was read, in the message about it


class FileOpener(QObject):
    """Opens files and reports what they hold.

    Args:
        parent: Parent of the dialogs.
        show_settings: Shows a data set with some settings in the form; called with its name and keyword arguments.
    """

    data_opened = Signal(str)  # a description of the data, which the form shows
    run_chosen = Signal(str)  # name or path of a run
    failed = Signal(object)  # RnnStudioError

    def __init__(self, parent: QWidget, show_settings: Callable[..., None]) -> None:
        super().__init__(parent)
        self._parent, self._show_settings = parent, show_settings

    def choose_data(self) -> None:
        """Ask for a data file and open it."""
        name, _ = QFileDialog.getOpenFileName(self._parent, "Open your own data", "", files_filter(ENDINGS))
        if name:
            self.open_data(Path(name))

    def choose_run(self) -> None:
        """Ask for a run, saved as one file or as a folder, and open it."""
        title = f"Open a run: its {RUN_SUFFIX} file, or {RUN_FILE} in its folder"
        name, _ = QFileDialog.getOpenFileName(
            self._parent, title, str(runs_folder()), f"Runs (*{RUN_SUFFIX} {RUN_FILE})"
        )
        if name:
            self.open(name)

    def open_dropped(self, dropped: QMimeData) -> None:
        """Open the first of the dropped files."""
        self.open(dropped.urls()[0].toLocalFile())

    def open(self, name: str) -> None:
        """Open a run or a data file.

        Args:
            name: Name of a run in the run list, or the path of a run or data file.
        """
        path = Path(name)
        if is_run_archive(path) or path.is_dir() or not (path.exists() or path.suffix):
            self.run_chosen.emit(name)
        elif path.name == RUN_FILE:
            self.run_chosen.emit(str(path.parent))
        else:
            self.open_data(path)

    def open_data(self, path: Path) -> None:
        """Show a series or labelled sequences in the form, ready to train."""
        try:
            chosen = experiment(str(path))
            one_series = chosen.data.dataset == "file"
            description = self._open_series(path) if one_series else self._open_sequences(chosen)
        except RnnStudioError as error:
            self.failed.emit(error)
            return
        self.data_opened.emit(description)

    def _open_series(self, path: Path) -> str:
        """Show a file with one series in the form; return its number of rows and the column to predict."""
        table = read_file(path)
        target = table.default_target()
        self._show_settings("file", file=str(path), target=target)
        table.values([target], "past")  # after the form, so that another column can be chosen there
        account = table.account
        reason = f", because {account.target_reason}" if account and account.target_reason else ""
        assumed = " ".join(account.assumed[:_MAX_ASSUMED]) if account else ""
        return (
            f"{path.name}: {len(table.cells):,} rows. The column to predict is {target!r}{reason}. "
            f"You can choose another one in the form. {assumed}"
        ).strip()

    def _open_sequences(self, chosen: Experiment) -> str:
        """Show a file of labelled sequences in the form; return a description of the data."""
        file = chosen.flat()["file"]
        self._show_settings("sequences", file=file)
        data = DATASETS.get("sequences").load(chosen.data, chosen.seed)
        counts = f"{len(data.inputs):,} sequences of {len(data.classes)} classes"
        return f"{Path(file).name}: {counts}. {' '.join(data.notes)}".strip()
