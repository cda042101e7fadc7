"""Saved runs: finding one, loading it, and the run list."""

from __future__ import annotations

import os
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any, TypeVar

from rnnstudio.core.errors import DataError, SettingError, StoreError, UnknownNameError
from rnnstudio.core.paths import runs_folder
from rnnstudio.core.wording import listed
from rnnstudio.results.checked_files import RUN_FILE
from rnnstudio.results.damaged_rows import damaged_row, row_of_error
from rnnstudio.results.file_target import folder_that_becomes
from rnnstudio.results.given_names import entry_named
from rnnstudio.results.group_files import find_group, read_group
from rnnstudio.results.leftovers import delete_leftovers
from rnnstudio.results.run import Run
from rnnstudio.results.run_archive import is_run_archive, open_run
from rnnstudio.results.run_folder import is_locked
from rnnstudio.results.run_reading import read_run
from rnnstudio.results.run_summary import read_with_sources
from rnnstudio.results.saving import run_name
from rnnstudio.results.store_entries import Entry, entry_of, store_entries
from rnnstudio.results.store_index import StoreIndex

T = TypeVar("T")
_MAX_SUGGESTED = 50  # names of runs in a message
_MAX_READS = 10  # of a run that is written meanwhile
_MAX_NAMED = 10  # runs of a group in a message


def load(name: str | os.PathLike[str]) -> Run:
    """Return a saved run given its path, its name in the run list, or `latest`.

    Raises:
        UnknownNameError: There is no such run.
        StoreError: It is damaged, or of a newer version.
    """
    path = find_run(name)
    try:
        run = _steady(path, _read)
    except StoreError:
        find_run(name)  # of one that was deleted meanwhile, it says that there is none
        raise
    run.name, run.path = run_name(path), str(path)
    run.unfinished = "running" if run.record.outcome is None and is_locked(path) else "interrupted"
    return run


def _read(path: Path) -> Run:
    try:
        with open_run(path) as files:
            run = Run.of(read_run(files))
            files.check_others()
    except DataError as error:
        raise StoreError(f"The run cannot be opened. {error}") from None
    return run


def _steady(path: Path, read: Callable[[Path], T]) -> T:
    """Return what a function reads of a run; it reads again where the run was written meanwhile.

    Raises:
        StoreError: The run cannot be read, and nobody writes it.
    """
    for _ in range(_MAX_READS):
        before = _state(path)
        try:
            return read(path)
        except StoreError:
            if _state(path) == before:
                raise
    return read(path)


def _state(path: Path) -> tuple[int, int]:
    """Return what changes with each writing of a run, and where it is deleted; zeros where there is none."""
    with suppress(OSError):
        status = (path / RUN_FILE if path.is_dir() else path).stat()
        return status.st_mtime_ns, status.st_ino
    return 0, 0


def as_run(run: Run | str | os.PathLike[str], argument: str) -> Run:
    """Return a run given itself, its name or its path.

    Args:
        run: The run.
        argument: Name of the argument, for the message.

    Raises:
        SettingError: It is neither.
    """
    if not isinstance(run, (Run, str, os.PathLike)):
        raise SettingError(f"{argument} must be a run, its name or its path; received {run!r:.80}.", argument)
    return run if isinstance(run, Run) else load(run)


def saved_folder(run: Run | str | os.PathLike[str]) -> Path:
    """Return the folder of a saved run given itself, its name or its path.

    Raises:
        SettingError: It is neither, or it is not saved.
        UnknownNameError: There is no such run.
    """
    if not isinstance(run, (Run, str, os.PathLike)):
        raise SettingError(f"run must be a saved run, its name or its path; received {run!r:.80}.", "run")
    if isinstance(run, Run) and not run.path:
        raise SettingError("run must be a saved run: the state of a training is in the folder of its run.", "run")
    return find_run(run.path if isinstance(run, Run) else run)


def find_run(name: str | os.PathLike[str]) -> Path:
    """Return the folder or file of a run given its path, its name in the run list, or `latest`.

    Raises:
        UnknownNameError: There is no such run.
        StoreError: The path is a folder without a run, one that may not be read, or a file that a run is to become.
    """
    path = Path(name)
    with suppress(OSError, RuntimeError):  # too long for a path, or an unknown user's home: it may be a name
        path = path.expanduser()
        if (run := run_at(path)) is not None:
            return run
    all_entries = store_entries()
    entries = [entry for entry in all_entries if entry.kind != "group"]
    saved = [entry.folder for entry in entries if entry.kind == "run"]
    if str(name) == "latest" and saved:
        return saved[0]
    for entry in entries:
        if entry.folder.name == str(name):
            return _readable(entry)
    if not _is_file(path):
        named = entry_named(str(name), all_entries)
        if named is not None and named.kind != "group":
            return _readable(named)
    if (group := find_group(name)) is not None:
        members = [str(member["path"].name) for member in read_group(group).members]
        raise StoreError(
            f"{group.name} is a group of runs, and one run is expected here. Its runs: {listed(members, _MAX_NAMED)}."
        )
    if _is_folder(path):
        found = entry_of(path)
        if found is not None and (found.kind == "unreadable" or (found.problem and path.parent == runs_folder())):
            raise StoreError(found.problem)
        raise StoreError(f"{path} is a folder, but not of a saved run (it has no {RUN_FILE}).")
    if is_run_archive(path) and (coming := folder_that_becomes(path)) is not None:
        raise StoreError(
            f"{path.name} is not there yet: {coming.name} of the run list becomes this file when its training ends. "
            f"Use {coming.name} until then."
        )
    raise UnknownNameError("run", str(name), [folder.name for folder in saved[:_MAX_SUGGESTED]])


def run_at(path: Path) -> Path | None:
    """Return the folder or file of a run as an absolute path; None where there is none at this path.

    Raises:
        OSError: Its folder may not be read.
    """
    is_file = is_run_archive(path) and path.is_file()
    return path.absolute() if is_file or (path.is_dir() and (path / RUN_FILE).is_file()) else None


def _readable(entry: Entry) -> Path:
    """Return the folder of a run.

    Raises:
        StoreError: It is damaged, or may not be read.
    """
    if entry.problem:
        raise StoreError(entry.problem)
    return entry.folder


def _is_file(path: Path) -> bool:
    with suppress(OSError):
        return path.is_file()
    return False


def _is_folder(path: Path) -> bool:
    with suppress(OSError):
        return path.is_dir()
    return False


def is_run(name: str) -> bool:
    """Return whether a text names a saved run or group: its path, its name in the run list, or `latest`.

    >>> is_run("airline")
    False
    """
    try:
        find_run(name)
    except (StoreError, UnknownNameError):
        if name == "latest" or is_run_archive(Path(name)) or find_group(name) is not None:
            return True
        return any(entry.folder.name == name for entry in _entries())  # a damaged one
    return True


def _entries() -> list[Entry]:
    """Return the entries of the run list; none where it cannot be read."""
    with suppress(StoreError):
        return store_entries()
    return []


def list_runs() -> list[dict[str, Any]]:
    """Return a row for each run of the run list, newest first.

    A run that cannot be read has the outcome `damaged`, `unreadable` (its folder or a file may not be read) or `newer`
    (a newer version saved it), and says in `problem` what is wrong, which is empty for other runs.

    Raises:
        StoreError: The folder of the runs cannot be read.
    """
    delete_leftovers()
    entries, index = [entry for entry in store_entries() if entry.kind != "group"], StoreIndex()
    rows = [row for entry in entries if (row := _row(entry, index)) is not None]
    index.save(entry.folder.name for entry in entries)
    return rows


def _row(entry: Entry, index: StoreIndex) -> dict[str, Any] | None:
    if entry.problem:
        return damaged_row(entry, entry.kind, entry.problem)
    if (known := index.row(entry)) is not None:
        return known
    for _ in range(_MAX_READS):
        before = _moved(entry.folder)
        try:
            row, sources = _steady(entry.folder, read_with_sources)
        except StoreError as error:
            if _moved(entry.folder) != before:  # another process has deleted or restored it meanwhile
                continue
            return row_of_error(entry.folder, error) if before else None
        index.add(entry, row, sources)
        return row
    return None


def _moved(folder: Path) -> int:
    """Return what changes where a folder is moved into the trash, or back; 0 where it is not there."""
    with suppress(OSError):
        return folder.stat().st_ctime_ns
    return 0
