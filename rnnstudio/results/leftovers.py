"""What saves that did not end have left, such as at a power cut.

It is deleted when it is a day old and no process holds its lock.
"""

from __future__ import annotations

import os
import re
import secrets
import shutil
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from rnnstudio.core.durable import PART_LOCK, sync_folder
from rnnstudio.core.paths import runs_folder
from rnnstudio.results.checked_files import RUN_FILE
from rnnstudio.results.run_folder import FIRST_FILE, LOCK_FILE, is_locked
from rnnstudio.results.store_entries import GROUP_FILE

_SECONDS = 24 * 3600.0  # age from which nobody writes on
_FOLDER = re.compile(r"\.(saving|deleted|part)-.+")  # of a new run, of one that is deleted, of a file that is replaced
_FILE = re.compile(r"\.[0-9a-f]{16}\.part")  # in the folder of a run


def delete_leftovers(*, thorough: bool = False) -> list[Path]:
    """Delete the leftovers in the folder of the runs, and return where they were.

    Args:
        thorough: Also find folders of runs whose first save did not end, which takes a while with many runs.

    >>> delete_leftovers()
    []
    """
    deleted = []
    for folder in _leftovers(thorough=thorough):
        shutil.rmtree(folder, ignore_errors=True)
        if not folder.exists():
            deleted.append(folder)
    return deleted


def delete_folder(folder: Path, parent: Path) -> list[tuple[str, OSError]]:
    """Delete a folder of a run so that at every moment it is whole or counts for nothing.

    Args:
        folder: The folder.
        parent: The folder of the runs, where the rest is a leftover as long as it cannot be deleted.

    Returns:
        What in it could not be deleted, and why; empty where all is deleted.

    Raises:
        OSError: It cannot be renamed, so that it was left as it is.
    """
    problems: list[tuple[str, OSError]] = []
    gone = folder.rename(parent / f".deleted-{secrets.token_hex(8)}")
    for renamed in dict.fromkeys((parent, folder.parent)):
        sync_folder(renamed)  # or a power cut could leave the old name and only some of the files

    def note(function: object, path: str, error: tuple[type[BaseException], BaseException, object]) -> None:
        if isinstance(error[1], OSError):
            problems.append((path, error[1]))

    shutil.rmtree(gone, onerror=note)
    return problems


def half_deleted() -> list[Path]:
    """Return the folders in that of the runs that `delete_folder` could not delete completely."""
    with suppress(OSError):
        return sorted(runs_folder().glob(".deleted-*"))
    return []


def _leftovers(*, thorough: bool) -> Iterator[Path]:
    """Yield the folders in that of the runs that no process writes, and that hold nothing that was saved."""
    with suppress(OSError):
        for name in os.listdir(runs_folder()):  # noqa: PTH208 - of thousands of folders
            is_candidate = thorough and not name.startswith(".")
            if not is_candidate and not _FOLDER.fullmatch(name):
                continue
            path = runs_folder() / name
            with suppress(OSError):
                is_folder = path.is_dir() and not path.is_symlink()
                if is_folder and (not is_candidate or is_first_save(path)) and _is_old(path) and not _is_in_use(path):
                    yield path


def is_first_save(folder: Path) -> bool:
    """Return whether nothing in a folder of the run list counts: it is empty, or its first save did not end.

    A power cut may leave the mark of a first save in the folder of a run that was saved.
    """
    if any((folder / name).exists() for name in (RUN_FILE, GROUP_FILE)):
        return False
    if (folder / FIRST_FILE).exists():
        return True
    return all(path.name == LOCK_FILE or _FILE.fullmatch(path.name) for path in folder.iterdir())


def old_parts(folder: Path) -> list[Path]:
    """Return the files in the folder of a saved run that a save left which did not end, or could not delete them."""
    first = folder / FIRST_FILE
    return [path for path in [*unfinished(folder), *([first] if first.exists() else [])] if _is_old(path)]


def unfinished(folder: Path) -> list[Path]:
    """Return the files in the folder of a run that are being written, or that a save left which did not end."""
    return [path for path in folder.iterdir() if _FILE.fullmatch(path.name)]


def _is_old(path: Path) -> bool:
    """Return whether a day has passed since a file was written, or a folder or the newest file in it."""
    paths = [path, *path.iterdir()] if path.is_dir() else [path]
    return time.time() - max(os.lstat(p).st_mtime for p in paths) > _SECONDS


def _is_in_use(folder: Path) -> bool:
    return is_locked(folder) or is_locked(folder, PART_LOCK)
