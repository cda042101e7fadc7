"""The trash of the run list: what is deleted stays there until the user empties it.

It is the folder `.trash` in that of the runs, with a folder for each deleted run or group, which holds that of the run
under its own name. Deleting and restoring are one rename each.
"""

from __future__ import annotations

import calendar
import os
import secrets
import stat
import time
from collections.abc import Iterator
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import Any

from rnnstudio.core.disk_remedies import remedy
from rnnstudio.core.durable import sync_folder
from rnnstudio.core.errors import StoreError, UnknownNameError
from rnnstudio.core.paths import runs_folder
from rnnstudio.results.folder_names import free_names, take_name
from rnnstudio.results.given_names import entry_named
from rnnstudio.results.leftovers import delete_folder, half_deleted
from rnnstudio.results.run_folder import is_locked, locked, make_folder
from rnnstudio.results.run_notes import notes_at
from rnnstudio.results.store_entries import GROUP_FILE, store_entries

_TRASH = ".trash"
_TIME = "%Y%m%dT%H%M%S"


@dataclass(frozen=True)
class DeletedRun:
    """A run or group in the trash.

    Attributes:
        folder: Its folder, in a folder of the trash.
    """

    folder: Path

    @property
    def name(self) -> str:
        """The name it had in the run list."""
        return self.folder.name

    @property
    def given_name(self) -> str:
        """The name that its user gave it; empty for none."""
        return notes_at(self.folder).name

    @property
    def kind(self) -> str:
        """Run or group."""
        with suppress(OSError):
            return "group" if (self.folder / GROUP_FILE).is_file() else "run"
        return "run"

    @property
    def deleted(self) -> str:
        """When it was deleted, as runs say when they were saved; empty where that is not known."""
        with suppress(ValueError):
            then = time.strptime(self.folder.parent.name.partition("-")[0], _TIME)
            return time.strftime("%Y-%m-%dT%H:%M:%S%z", time.localtime(calendar.timegm(then)))
        return ""

    @property
    def size(self) -> int:
        """Bytes of its files."""
        total = 0
        with suppress(OSError):
            for path in self.folder.iterdir():
                with suppress(OSError):
                    total += path.lstat().st_size
        return total

    def to_dict(self) -> dict[str, Any]:
        """Return what is known of it as plain values."""
        return {
            "run": self.name,
            "name": self.given_name,
            "kind": self.kind,
            "deleted": self.deleted,
            "bytes": float(self.size),
            "path": str(self.folder),
        }


def entry_folder(name: str | os.PathLike[str]) -> Path:
    """Return the folder of a run or group in the run list, whole or damaged, given its name, its path, or `latest`.

    Raises:
        UnknownNameError: There is none.
        StoreError: It is elsewhere, or the folder of the runs cannot be read.
    """
    entries = store_entries()
    folders = [entry.folder for entry in entries]
    if str(name) == "latest" and folders:
        return folders[0]
    for folder in folders:
        if str(name) in (folder.name, str(folder)) or Path(name).absolute() == folder.absolute():
            return folder
    if (named := entry_named(str(name), entries)) is not None:
        return named.folder
    path = Path(name).expanduser()
    if path.exists():
        raise StoreError(f"{str(name)!r} is a file or folder outside the run list, so it was left alone.")
    raise UnknownNameError("run", str(name), [folder.name for folder in folders])


def delete(folder: Path) -> DeletedRun:
    """Move a run or group from the run list into the trash.

    Args:
        folder: Its folder.

    Raises:
        StoreError: A process trains it, or it cannot be moved.
    """
    if folder.is_symlink():
        raise StoreError(f"{folder} is a link to a folder elsewhere, so it was left alone. Remove the link yourself.")
    now = time.time_ns()
    moment = f"{time.strftime(_TIME, time.gmtime(now // 10**9))}-{now % 10**9:09d}"
    place = runs_folder() / _TRASH / f"{moment}-{secrets.token_hex(4)}"
    try:
        with ExitStack() as stack:
            _keep_others_out(folder, stack)
            make_folder(place)
            try:
                _move(folder, place / folder.name)
            except OSError:
                place.rmdir()
                raise
    except OSError as error:
        if isinstance(error, FileNotFoundError) and folder.parent.exists():
            raise StoreError(f"{folder.name} does not exist any more: another process has deleted it.") from None
        raise StoreError(f"{folder.name} could not be deleted: {_reason(error)}.") from None
    return DeletedRun(place / folder.name)


def _reason(error: OSError) -> str:
    return f"{error.strerror or error}. {remedy(error)}"


def _keep_others_out(folder: Path, stack: ExitStack) -> None:
    """Hold the lock of a run that is deleted, where it has files and they can be written.

    Raises:
        StoreError: Another process holds it.
    """
    if os.name == "nt":  # no folder with an open file can be renamed
        if is_locked(folder):
            raise StoreError(f"{folder.name} is in use by another process, which trains or saves it.")
        return
    with suppress(OSError):
        if not (folder / GROUP_FILE).exists():
            stack.enter_context(locked(folder, seconds=1.0))


def _move(folder: Path, target: Path) -> None:
    """Rename a folder to a path in another one; its owner gets the rights that this needs."""
    try:
        folder.rename(target)
    except PermissionError:
        folder.chmod(stat.S_IMODE(folder.stat().st_mode) | stat.S_IRWXU)
        folder.rename(target)
    sync_folder(target.parent)  # first: a run is in two places at a power cut rather than in none
    sync_folder(folder.parent)


def deleted_runs() -> list[DeletedRun]:
    """Return what is in the trash, the newest first.

    Raises:
        StoreError: It cannot be read.
    """
    return [DeletedRun(folder) for place in reversed(_places()) for folder in _inner(place)]


def _places() -> list[Path]:
    trash = runs_folder() / _TRASH
    try:
        return sorted(path for path in trash.iterdir() if path.is_dir() and not path.is_symlink())
    except FileNotFoundError:
        return []
    except OSError as error:
        raise StoreError(f"The trash in {trash} cannot be read: {_reason(error)}.") from None


def _inner(place: Path) -> list[Path]:
    with suppress(OSError):
        return [path for path in place.iterdir() if path.is_dir()]
    return []


def restore(name: str) -> Path:
    """Move a run or group from the trash back into the run list, and return its folder.

    It gets its name back, or the next free one where that is taken. Of several with one name, the newest is restored.

    Args:
        name: The name it had, that of its folder or a given one, or its path in the trash.

    Raises:
        UnknownNameError: There is none in the trash.
        StoreError: It cannot be moved.
    """
    deleted = deleted_runs()
    found = [item for item in deleted if name in (item.name, str(item.folder))]
    for item in found or [item for item in deleted if name and name == item.given_name]:
        try:
            return _restore(item.folder)
        except OSError as error:
            raise StoreError(f"{item.name} could not be restored: {_reason(error)}.") from None
    raise UnknownNameError("run in the trash", name, [item.name for item in deleted])


def _restore(folder: Path) -> Path:
    parent = runs_folder()
    final = take_name(folder, chain([parent / folder.name], _numbered(parent, folder.name)))
    with suppress(OSError):
        folder.parent.rmdir()
    return final


def _numbered(parent: Path, name: str) -> Iterator[Path]:
    stem, _, number = name.rpartition("-")
    yield from free_names(parent, stem if stem and number.isdecimal() else name)


def empty_trash() -> int:
    """Delete what is in the trash for good, and return how many runs and groups that were.

    Raises:
        StoreError: Some of it cannot be deleted.
    """
    count, problems = 0, list[tuple[str, OSError]]()
    for place in [*_places(), *half_deleted()]:
        inner = _inner(place) if place.parent.name == _TRASH else []
        for folder in (place, *inner):
            with suppress(OSError):
                folder.chmod(stat.S_IRWXU)  # of what could not be read
        try:
            problems += delete_folder(place, runs_folder())
        except OSError as error:
            problems.append((str(place), error))
        count += len(inner)
    if problems:
        path, problem = problems[0]
        raise StoreError(f"The trash could not be emptied completely, for {path}: {_reason(problem)}, and try again.")
    return count
