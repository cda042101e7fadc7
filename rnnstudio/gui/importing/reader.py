"""Reads a file on background threads: its first rows at once, then all of it, then whether it can be trained on."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from PySide6.QtCore import QObject, QTimer, Signal, SignalInstance

from rnnstudio.core.paths import resource
from rnnstudio.gui.background import BackgroundThread
from rnnstudio.results.import_file import ImportedFile, read_beginning, read_whole, training_problem

_PAINT_MS = 30  # in which the first rows are drawn, before the rest is read beside it


class ImportThreads:
    """Two threads: the beginning of a file never waits for the rest of it.

    They live as long as the window, because closing one waits for its job.
    """

    def __init__(self, parent: QObject) -> None:
        self.beginning, self.whole = BackgroundThread(parent), BackgroundThread(parent)

    def warm_up(self) -> None:
        """Read a small file: importing what reading needs takes longer than reading the first rows."""
        self.beginning.submit(lambda: read_whole(str(resource("data/airline.csv")), {}), lambda _: None)

    def close(self) -> None:
        """Wait for the jobs that run."""
        self.beginning.close()
        self.whole.close()


class ImportReader(QObject):
    """Reads one file again and again, with other settings each time; only the newest result is reported.

    Args:
        threads: Where the reading takes place.
        path: The file.
        parent: Qt's parent.

    Attributes:
        read: Emitted with the ImportedFile: first its beginning where it is long, then all of it.
        failed: Emitted with the error where the file cannot be read.
        checked: Emitted with the reason why the file cannot be trained on, or None.
    """

    read = Signal(object)
    failed = Signal(object)
    checked = Signal(object)

    def __init__(self, threads: ImportThreads, path: str, parent: QObject) -> None:
        super().__init__(parent)
        self._threads, self._path = threads, path
        self._readings, self._checks = 0, 0
        self._is_whole, self._is_checked = False, True

    @property
    def is_busy(self) -> bool:
        """Whether a result is still to come."""
        return not (self._is_whole and self._is_checked)

    def start(self, settings: Mapping[str, Any]) -> None:
        """Read the file with some settings of reading."""
        self._readings += 1
        self._checks += 1
        self._is_whole, self._is_checked = False, True
        number, path, chosen = self._readings, self._path, dict(settings)

        def is_newest() -> bool:
            return number == self._readings

        def show(file: ImportedFile | None) -> None:
            if is_newest() and file is not None and (file.complete or not self._is_whole):
                self._is_whole = file.complete
                self.read.emit(file)

        def fail(error: BaseException) -> None:
            if is_newest():
                self._is_whole = True
                self.failed.emit(error)

        def read_rest() -> None:
            self._threads.whole.submit(lambda: read_whole(path, chosen) if is_newest() else None, show, fail)

        def show_beginning(file: ImportedFile | None) -> None:
            show(file)
            QTimer.singleShot(_PAINT_MS if file else 0, read_rest)

        # The rest waits for the beginning: side by side, the first rows would take three times as long. A beginning
        # that cannot be read is no error: a quoted cell may end after it.
        self._threads.beginning.submit(
            lambda: read_beginning(path, chosen) if is_newest() else None, show_beginning, lambda _: read_rest()
        )

    def check(self, file: ImportedFile, dataset: str, settings: Mapping[str, Any]) -> None:
        """Find out whether a file that has been read can be trained on."""
        self._checks += 1
        self._is_checked = False
        number, chosen = self._checks, dict(settings)

        def is_newest() -> bool:
            return number == self._checks

        def report(signal: SignalInstance, result: object) -> None:
            if is_newest():
                self._is_checked = True
                signal.emit(result)

        self._threads.whole.submit(
            lambda: training_problem(file, dataset, chosen) if is_newest() else None,
            lambda problem: report(self.checked, problem),
            lambda error: report(self.failed, error),
        )

    def cancel(self) -> None:
        """Report nothing any more; jobs that have not begun do nothing."""
        self._readings += 1
        self._checks += 1
