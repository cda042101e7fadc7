"""The folder of a run that is being trained: its lock is held from the start to the end of the training.

The folder may be deleted, moved away or replaced meanwhile, by its user or with the disk it was on.
"""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

from filelock import Timeout

from rnnstudio.core.errors import StoreError
from rnnstudio.core.paths import runs_folder
from rnnstudio.results.checked_files import RUN_FILE, RunFiles
from rnnstudio.results.folder_names import new_folder
from rnnstudio.results.leftovers import delete_folder, unfinished
from rnnstudio.results.run_folder import FIRST_FILE, LOCK_FILE, make_folder, take_lock

_OF_OWNER = ("created", "process")  # what `run.json` says of the training that writes it


class HeldFolder:
    """A folder whose lock is held.

    Args:
        path: The folder.
        seconds: How long to wait for another process.
        is_new: Whether it was made for the run, so that it is deleted where nothing could be written.

    Raises:
        StoreError: Another process holds its lock.
        OSError: The folder does not exist, or cannot be written to.
    """

    def __init__(self, path: Path, seconds: float = 0.0, *, is_new: bool = False) -> None:
        self.path, self._is_new = path, is_new
        try:
            self._lock = take_lock(path, seconds)
        except Timeout:
            raise StoreError(
                f"{path.name} is being trained by another process. Stop it there, or wait until it has ended."
            ) from None
        status = (path / LOCK_FILE).stat()
        self._identity: tuple[int, int] | None = (status.st_dev, status.st_ino)

    @classmethod
    def made(cls, path: Path | None, stem: str) -> HeldFolder:
        """Make a folder and hold its lock.

        Args:
            path: The folder, which may exist and be empty; None for the next free name in the run list.
            stem: Beginning of that name, as in `airline-7`.

        Raises:
            StoreError: Another process holds its lock.
            OSError: It cannot be made.
        """
        if path is None:
            return cls(new_folder(runs_folder(), stem), is_new=True)
        is_new = not path.exists()
        make_folder(path, exist_ok=True)
        return cls(path, is_new=is_new)

    def is_there(self) -> bool:
        """Return whether the folder at its path is still the one whose lock is held.

        Raises:
            OSError: That cannot be found out, such as without the rights to enter it.
        """
        with suppress(FileNotFoundError, NotADirectoryError):
            status = (self.path / LOCK_FILE).stat()
            return (status.st_dev, status.st_ino) == self._identity
        return False

    def made_again(self, stem: str, owner: Mapping[str, Any]) -> HeldFolder:
        """Make the folder again after it was deleted and hold its lock, under another name where its own is not free.

        Where the folder could not be made, its lock is still held: it comes back with the disk that it was on.

        Args:
            stem: Beginning of another name.
            owner: What its `run.json` says where the folder is what is left of that of this training.

        Raises:
            OSError: It cannot be made.
        """
        with suppress(OSError, StoreError, LookupError):
            found = RunFiles.of_folder(self.path).rest
            if all(found[field] == owner[field] for field in _OF_OWNER):
                self._unlock()
                self._delete_remains([entry["stored"] for entry in found["files"].values()])
        path = self.path
        try:
            make_folder(path)
        except FileExistsError:
            path = new_folder(path.parent, stem)
        self._unlock()
        return type(self)(path, is_new=True)

    def _delete_remains(self, names: list[str]) -> None:
        """Delete what a deletion has left of the folder, but for files of others."""
        for path in [*(self.path / name for name in (*names, RUN_FILE, LOCK_FILE, FIRST_FILE)), *unfinished(self.path)]:
            path.unlink(missing_ok=True)
        self.path.rmdir()

    def release(self) -> None:
        """Give the folder back; one that was made for a run of which nothing could be written is deleted."""
        is_empty = False
        with suppress(OSError):
            is_empty = self._is_new and self.is_there() and not (self.path / RUN_FILE).exists()
        self._unlock()
        if is_empty:
            shutil.rmtree(self.path, ignore_errors=True)

    def discard(self) -> None:
        """Delete the folder and give it back; another one that has taken its place is left alone."""
        is_there = False
        with suppress(OSError):
            is_there = self.is_there()
        self._unlock()  # Windows renames no folder with an open file
        if is_there:
            with suppress(OSError):
                delete_folder(self.path, self.path.parent)

    def _unlock(self) -> None:
        self._lock.release()
        self._identity = None
