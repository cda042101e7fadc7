"""Reads a file on background threads: its first rows at once, then all of it, then whether it can be trained on."""

from __future__ import annotations

import gc
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from time import monotonic
from typing import Any

from PySide6.QtCore import QObject, Qt, QTimer, Signal, SignalInstance

from rnnstudio.core.errors import RnnStudioError, StoppedError
from rnnstudio.core.paths import resource
from rnnstudio.core.variable_account import VariableAccount
from rnnstudio.gui.background import BackgroundThread
from rnnstudio.reading.reading_progress import ReadingProgress, reading_reported_to
from rnnstudio.results.import_check import ImportCheck, check_import
from rnnstudio.results.import_file import ImportedFile, read_beginning, read_whole, variables_in

_PAINT_MS = 30  # in which what was read is drawn, before a thread works beside it
_PAUSE_S = 0.1  # between two reports of progress


@dataclass(frozen=True)
class _Unreadable:
    """Why a file cannot be read, and the arrays in it."""

    error: RnnStudioError
    variables: tuple[VariableAccount, ...]


class _Seldom:
    """Passes on the progress of a reading ten times a second.

    Args:
        signal: What is emitted, with the number of the reading.
        number: That number.
    """

    def __init__(self, signal: SignalInstance, number: int) -> None:
        self._signal, self._number, self._last = signal, number, 0.0

    def __call__(self, progress: ReadingProgress) -> None:
        now = monotonic()
        if now - self._last > _PAUSE_S:
            self._last = now
            self._signal.emit(self._number, progress)


class ImportThreads:
    """Two threads: the beginning of a file never waits for the rest of it.

    They live as long as the window, because closing one waits for its job.
    """

    def __init__(self, parent: QObject) -> None:
        self.beginning, self.whole = BackgroundThread(parent), BackgroundThread(parent)

    def warm_up(self) -> None:
        """Read a small file: importing what reading needs takes longer than reading the first rows."""

        def read() -> None:
            read_whole(str(resource("data/airline.csv")), {})
            gc.freeze()  # a search of these modules for garbage would stop the window

        self.beginning.submit(read, lambda _: None)

    def close(self) -> None:
        """Wait for the jobs that run."""
        self.beginning.close()
        self.whole.close()


class ImportReader(QObject):
    """Reads one file again and again, with other settings each time; only the newest result is reported.

    Args:
        threads: Where the reading takes place.
        parent: Qt's parent.

    Attributes:
        read: Emitted with the ImportedFile: first its beginning where it is long, then all of it.
        failed: Emitted with the error where the file cannot be read, and the arrays in it.
        checked: Emitted with an ImportCheck: what a training on the file would do.
        progressed: Emitted with a ReadingProgress, a few times a second.
    """

    read = Signal(object)
    failed = Signal(object, object)
    checked = Signal(object)
    progressed = Signal(object)
    _progressed_elsewhere = Signal(int, object)  # on a background thread: number of the reading

    def __init__(self, threads: ImportThreads, parent: QObject) -> None:
        super().__init__(parent)
        self._threads = threads
        self._readings, self._checks = 0, 0
        self._is_whole, self._is_checked = False, True
        self._as_trained: ImportedFile | None = None  # the file of the last check
        self._progressed_elsewhere.connect(self._progress, Qt.ConnectionType.QueuedConnection)

    def _progress(self, number: int, progress: ReadingProgress) -> None:
        if number == self._readings:
            self.progressed.emit(progress)

    @property
    def is_busy(self) -> bool:
        """Whether a result is still to come."""
        return not (self._is_whole and self._is_checked)

    def start(self, path: str, settings: Mapping[str, Any]) -> None:
        """Read a file with some settings of reading."""
        self._readings += 1
        self._checks += 1
        self._is_whole, self._is_checked = False, True
        number, chosen = self._readings, dict(settings)

        def is_newest() -> bool:
            return number == self._readings

        def show(file: ImportedFile | None) -> None:
            if is_newest() and file is not None and (file.complete or not self._is_whole):
                self._is_whole = file.complete
                self.read.emit(file)

        def fail(error: BaseException, variables: Sequence[VariableAccount] = ()) -> None:
            if is_newest():
                self._is_whole = True
                self.failed.emit(error, variables)

        def read() -> ImportedFile | _Unreadable | None:
            if not is_newest():
                return None
            try:
                with reading_reported_to(_Seldom(self._progressed_elsewhere, number), lambda: not is_newest()):
                    return read_whole(path, chosen)
            except StoppedError:
                return None
            except RnnStudioError as error:
                return _Unreadable(error, variables_in(path))

        def take(result: ImportedFile | _Unreadable | None) -> None:
            if isinstance(result, _Unreadable):
                fail(result.error, result.variables)
            else:
                show(result)

        def read_rest() -> None:
            if is_newest():  # else the threads may be closed
                self._threads.whole.submit(read, take, fail)

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
        number, chosen, before = self._checks, dict(settings), self._as_trained

        def is_newest() -> bool:
            return number == self._checks

        def checked() -> ImportCheck | None:
            with reading_reported_to(lambda _: None, lambda: not is_newest()):
                return check_import(file, dataset, chosen, before) if is_newest() else None

        def take(check: ImportCheck | None) -> None:
            if is_newest() and check is not None:
                self._is_checked, self._as_trained = True, check.file
                self.checked.emit(check)

        def fail(error: BaseException) -> None:
            if is_newest():
                self._is_checked = True
                self.failed.emit(error, ())

        def begin() -> None:
            if is_newest():  # else the threads may be closed
                self._threads.whole.submit(checked, take, fail)

        QTimer.singleShot(_PAINT_MS, begin)

    def cancel(self) -> None:
        """Report nothing any more; jobs that have not begun do nothing."""
        self._readings += 1
        self._checks += 1
