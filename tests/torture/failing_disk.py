"""A disk that fails: each creation, change, renaming, deletion, write and `fsync` below a folder may raise an error."""

from __future__ import annotations

import builtins
import errno
import io
import os
import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any
from unittest.mock import patch

from tests.torture.file_hook import listening

KINDS = {
    "full": errno.ENOSPC,
    "read-only": errno.EROFS,
    "no rights": errno.EACCES,
    "removed": errno.ENOENT,  # deleted; it can be made again
    "unplugged": errno.EIO,  # it cannot, until it is back with all that is in it
}
WAYS = ("once", "a while", "lasting")
REASONS = tuple(os.strerror(number) for number in KINDS.values())
_SECONDS = 0.3  # of a while
_FREES = ("remove", "rmdir")  # which a full disk lets through
_OF_FILES = ("write", "fsync", "read")  # of which the names are there already


class FailingDisk:
    """Counts the operations on files below some folders, and makes some fail.

    Args:
        store: The folder of the runs, which loses its rights, or is removed.
        others: Other folders, which fail as well.
        kind: What happens.
        way: One operation fails; or all for a while; or all until the end.
        first: The number of the first operation that fails, from 0; -1 for none.

    Attributes:
        count: The operations so far.
        has_failed: Whether one of them failed.
    """

    def __init__(self, store: Path, others: tuple[Path, ...], kind: str, way: str, first: int) -> None:
        self._store, self._away, self._others = str(store), str(store.with_name("away")), others
        self._kind, self._way, self._first = kind, way, first
        self._lock, self._is_busy, self._is_failing = threading.RLock(), False, False
        self._timer: threading.Timer | None = None
        self.count, self.has_failed = 0, False

    @staticmethod
    def ways(kind: str) -> tuple[str, ...]:
        """Return the ways of a kind of fault."""
        return {"removed": WAYS[:1], "unplugged": WAYS[1:]}.get(kind, WAYS)

    def __call__(self, operation: str, path: str, file: io.FileIO | None = None, data: Any = b"") -> None:
        """Count an operation, and raise an error where it fails."""
        if not self._is_below(path):
            return
        with self._lock:
            if self._is_busy or (self._kind == "full" and operation in _FREES):
                return
            if operation != "read":
                number, self.count = self.count, self.count + 1
                if number == self._first:
                    self._begin()
            if self._is_failing or (self._way == "once" and operation != "read" and number == self._first):
                self._fail(operation, path, file, data)

    def end(self) -> None:
        """Let everything work again."""
        with self._lock:
            if self._timer is not None:
                self._timer.cancel()
            if not self._is_failing:
                return
            self._is_failing, self._is_busy = False, True
            with suppress(FileNotFoundError):
                if self._kind == "no rights":
                    Path(self._store).chmod(0o700)
                if self._kind == "unplugged":
                    Path(self._away).rename(self._store)
            self._is_busy = False

    def _begin(self) -> None:
        self.has_failed, self._is_busy = True, True
        if self._kind == "removed":
            shutil.rmtree(self._store, ignore_errors=True)
        elif self._way != "once":
            self._is_failing = True
            with suppress(FileNotFoundError):
                if self._kind == "no rights":
                    Path(self._store).chmod(0)
                if self._kind == "unplugged":
                    Path(self._store).rename(self._away)
            if self._way == "a while":
                self._timer = threading.Timer(_SECONDS, self.end)
                self._timer.daemon = True
                self._timer.start()
        self._is_busy = False

    def _fail(self, operation: str, path: str, file: io.FileIO | None, data: Any) -> None:
        if self._kind == "removed" or (self._kind != "no rights" and operation == "read"):
            return  # what is not there fails without us
        if self._kind == "unplugged":
            if operation not in _OF_FILES and not path.startswith(self._away):
                if path == self._store:  # a place for disks, where a user makes no folders
                    raise OSError(errno.EACCES, os.strerror(errno.EACCES), path)
                return
            if not path.startswith((self._away, self._store)):
                return
        if self._kind == "full" and file is not None:
            self._is_busy = True
            io.FileIO.write(file, bytes(data)[: len(data) // 2])
            self._is_busy = False
        code = KINDS[self._kind]
        raise OSError(code, os.strerror(code), path)

    def _is_below(self, path: str) -> bool:
        return path.startswith((self._store, self._away, *map(str, self._others)))


@contextmanager
def failing(disk: FailingDisk) -> Iterator[None]:
    """Ask a disk before each operation of the interpreter on files whether it fails; at the end everything works."""
    fsync, fdopen, plain_open = os.fsync, os.fdopen, io.open

    class File(io.FileIO):
        def write(self, data: Any) -> int:
            disk("write", _path(self.fileno()), self, data)
            return super().write(data)

    def synced(handle: int) -> None:
        disk("fsync", _path(handle))
        fsync(handle)

    def opened(file: Any, mode: str = "r", buffering: int = -1, *arguments: Any, **named: Any) -> Any:
        if not any(letter in mode for letter in "wax+"):
            return plain_open(file, mode, buffering, *arguments, **named)
        options = {name: named.pop(name) for name in ("closefd", "opener") if name in named}
        raw = File(file, mode.replace("b", "").replace("t", ""), **options)
        if buffering == 0:
            return raw
        buffered = io.BufferedRandom(raw) if "+" in mode else io.BufferedWriter(raw)  # type: ignore[arg-type]
        return buffered if "b" in mode else io.TextIOWrapper(buffered, *arguments, **named)

    def opened_handle(handle: int, mode: str = "r", *arguments: Any, **named: Any) -> Any:
        is_written = any(letter in mode for letter in "wax+")
        return (opened if is_written else fdopen)(handle, mode, *arguments, **named)

    with (
        patch.object(os, "fsync", synced),
        patch.object(os, "fdopen", opened_handle),
        patch.object(io, "open", opened),
        patch.object(builtins, "open", opened),
        listening(disk, reads=True),
    ):
        try:
            yield
        finally:
            disk.end()


def _path(handle: int) -> str:
    return os.readlink(f"/proc/self/fd/{handle}")  # noqa: PTH115
