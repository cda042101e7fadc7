"""What is in the folder of the runs: runs, groups, and folders that are damaged or may not be read."""

from __future__ import annotations

import os
import re
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from rnnstudio.core.errors import StoreError
from rnnstudio.core.paths import runs_folder
from rnnstudio.results.checked_files import RUN_FILE
from rnnstudio.results.run_folder import FIRST_FILE, is_locked

GROUP_FILE = "group.json"  # a folder with this file is a group
ADVICE = "Ask its owner for the rights to read it."
_SAVED = re.compile(r"[A-Za-z0-9_-]+\.(json|npz|npy)")  # names of the files of a run


@dataclass(frozen=True)
class Entry:
    """A folder of the run list.

    Attributes:
        folder: The folder.
        kind: "run", "group", "damaged" (it has files of a run, but not the one that names them) or "unreadable".
        problem: What is wrong, a sentence; empty for runs and groups.
        identity: Of the file that names the others, or else of the folder: time of the last change in nanoseconds,
            bytes, and number on its disk.
    """

    folder: Path
    kind: str
    problem: str
    identity: tuple[int, int, int]

    @property
    def changed(self) -> str:
        """When it was last changed, as runs say when they were saved."""
        return time.strftime("%Y-%m-%dT%H:%M:%S%z", time.localtime(self.identity[0] / 1e9))


def store_entries() -> list[Entry]:
    """Return the runs, groups and damaged folders of the run list, newest first.

    Raises:
        StoreError: The folder of the runs cannot be read.

    >>> store_entries()
    []
    """
    folder = runs_folder()
    try:
        with os.scandir(folder) as found:
            names = [entry.name for entry in found if not entry.name.startswith(".") and entry.is_dir()]
    except (FileNotFoundError, NotADirectoryError):
        return []
    except OSError as error:
        raise StoreError(f"{folder}, where the runs are, cannot be read: {error.strerror}. {ADVICE}") from None
    entries = [entry for name in names if (entry := entry_of(folder / name)) is not None]
    return sorted(entries, key=lambda entry: (entry.identity[0], entry.folder.name), reverse=True)


def entry_of(folder: Path) -> Entry | None:
    """Return what a folder of the run list is; None where it has no files of a run, or its first save has not ended."""
    try:
        if (whole := _whole(folder)) is not None:
            return whole
        names = [path.name for path in folder.iterdir() if _SAVED.fullmatch(path.name)]
        if not names or (folder / FIRST_FILE).exists() or is_locked(folder):
            return None
        if (whole := _whole(folder)) is not None:  # another process has restored it meanwhile
            return whole
        problem = f"The run in {folder} is damaged: {RUN_FILE} is missing."
        return Entry(folder, "damaged", problem, _identity(folder))
    except (FileNotFoundError, NotADirectoryError):  # another process has deleted it
        return None
    except OSError as error:
        with suppress(OSError):
            return Entry(folder, "unreadable", unreadable(folder, error), _identity(folder))
        return None


def _whole(folder: Path) -> Entry | None:
    """Return the run or group in a folder; None where it has neither of the files that name the others."""
    for kind, name in (("run", RUN_FILE), ("group", GROUP_FILE)):
        with suppress(FileNotFoundError, NotADirectoryError):
            return Entry(folder, kind, "", _identity(f"{folder}{os.sep}{name}"))
    return None


def unreadable(folder: Path, error: OSError) -> str:
    """Return the sentence about a folder that may not be read."""
    return f"{folder} cannot be read: {error.strerror or error}. {ADVICE}"


def run_folders() -> list[Path]:
    """Return the folders of the runs in the run list, newest first; none where it cannot be read."""
    with suppress(StoreError):
        return [entry.folder for entry in store_entries() if entry.kind == "run"]
    return []


def _identity(path: str | Path) -> tuple[int, int, int]:
    status = os.stat(path)  # noqa: PTH116 - of thousands of files
    return status.st_mtime_ns, status.st_size, status.st_ino
