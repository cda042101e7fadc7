"""Opening data files and runs: by a dialog, dropped on the window, or passed by the system."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QMimeData, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QFileDialog, QWidget

from rnnstudio.core.errors import DataError, RnnStudioError
from rnnstudio.core.paths import runs_folder
from rnnstudio.gui.file_button import files_filter
from rnnstudio.gui.importing.choice import Import, ImportChoice, remember_choice, remembered_choice
from rnnstudio.gui.importing.dialog import ImportDialog
from rnnstudio.gui.importing.pasting import pasted_file, pasted_folder
from rnnstudio.gui.importing.reader import ImportThreads
from rnnstudio.reading.file_checks import existing_file
from rnnstudio.reading.files import ENDINGS
from rnnstudio.results.checked_files import RUN_FILE
from rnnstudio.results.run_archive import RUN_SUFFIX, is_run_archive
from rnnstudio.results.store_entries import GROUP_FILE

_REST_MS = 200  # before the page of the next file is made


class FileOpener(QObject):
    """Opens files and reports what they hold.

    Args:
        parent: Parent of the dialogs.
        show_settings: Shows a data set with some settings in the form; called with its name and keyword arguments.
    """

    file_read = Signal(object, object, str, object)  # content of a file, its stamp, data set and settings
    data_opened = Signal(str)  # a description of the data, which the form shows
    recent_changed = Signal()  # the data files opened last
    run_chosen = Signal(str)  # name or path of a run
    failed = Signal(object)  # RnnStudioError

    def __init__(self, parent: QWidget, show_settings: Callable[..., None]) -> None:
        super().__init__(parent)
        self._parent, self._show_settings = parent, show_settings
        self._threads = ImportThreads(self)
        self.page: ImportDialog | None = None
        self._next_page: ImportDialog | None = None

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

    def paste(self) -> None:
        """Open the cells or the file in the clipboard."""
        try:
            file = pasted_file(QGuiApplication.clipboard().mimeData())
        except RnnStudioError as error:
            self.failed.emit(error)
            return
        self.open(str(file))
        if self.page is not None and file.parent == pasted_folder():
            self.page.rejected.connect(lambda: file.unlink(missing_ok=True))

    def open(self, name: str) -> None:
        """Open a run or a data file.

        Args:
            name: Name of a run in the run list, or the path of a run or data file.
        """
        path = Path(name)
        if path.is_dir() and not any((path / file).exists() for file in (RUN_FILE, GROUP_FILE)):
            message = f"{path} is a folder. Open a data file in it, or the folder of a saved run, which has {RUN_FILE}."
            self.failed.emit(DataError(message))
        elif is_run_archive(path) or path.is_dir() or not (path.exists() or path.suffix):
            self.run_chosen.emit(name)
        elif path.name == RUN_FILE:
            self.run_chosen.emit(str(path.parent))
        else:
            self.open_data(path)

    def open_data(self, path: Path) -> None:
        """Show a data file on the import page; after its OK, the form shows it, ready to train."""
        try:
            file = str(existing_file(path, "a data file").absolute())
        except RnnStudioError as error:
            self.failed.emit(error)
            return
        if self.page is not None:
            self.page.reject()
        page, self._next_page = self._next_page or self._new_page(), None
        page.imported.connect(lambda chosen: self._take(file, page.choice, chosen))
        page.failed.connect(self.failed)
        page.another_wanted.connect(self._choose_another)
        page.finished.connect(self._forget_page)
        self.page = page
        page.open_file(file, remembered_choice(file))

    def _take(self, file: str, choice: ImportChoice, chosen: Import) -> None:
        """Show an import in the form, and what would keep it from being trained."""
        remember_choice(file, choice)
        self.recent_changed.emit()
        content = chosen.file.labelled if chosen.file.table is None else chosen.file.table
        if content is not None:
            self.file_read.emit(content, chosen.file.stamp, chosen.dataset, chosen.settings)
        try:
            self._show_settings(chosen.dataset, **chosen.settings)
        except RnnStudioError as error:
            self.failed.emit(error)
            return
        if chosen.problem is None:
            self.data_opened.emit(chosen.description)
        else:
            self.failed.emit(chosen.problem)

    def _choose_another(self) -> None:
        if self.page is not None:
            self.page.reject()
        self.choose_data()

    def _new_page(self) -> ImportDialog:
        page = ImportDialog(self._threads, self._parent)
        page.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        return page

    def _forget_page(self) -> None:
        self.page = None
        QTimer.singleShot(_REST_MS, self, self._prepare_page)

    def _prepare_page(self) -> None:
        """Make the page of the next file, which takes a while, when nothing else happens."""
        if self._next_page is None and self._parent.isVisible():
            self._next_page = self._new_page()

    def warm_up(self) -> None:
        """Prepare for the first file: on a background thread what reads it, and the page that shows it."""
        self._threads.warm_up()
        QTimer.singleShot(_REST_MS, self, self._prepare_page)

    def close(self) -> None:
        """Close the import page, and wait for what is being read."""
        if self.page is not None:
            self.page.reject()
        self._threads.close()
