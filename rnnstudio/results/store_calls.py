"""The public functions that list, check, name, delete and restore saved runs and groups."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path
from typing import Any

from rnnstudio.core.errors import SettingError, StoreError
from rnnstudio.results import trash as store_trash
from rnnstudio.results.given_names import free_name
from rnnstudio.results.group_store import list_groups
from rnnstudio.results.run import Run
from rnnstudio.results.run_group import RunGroup
from rnnstudio.results.run_notes import notes_at, write_notes
from rnnstudio.results.store import list_runs, run_at
from rnnstudio.results.store_check import check_store
from rnnstudio.results.store_entries import GROUP_FILE


def runs() -> list[dict[str, Any]]:
    """Return the saved runs, newest first, as plain dicts.

    Of a run that cannot be read, `outcome` is `damaged`, `unreadable` (it may not be read) or `newer` (a newer version
    saved it), and `problem` says what is wrong; it is empty for others. `name` and the beginning of the `note` are
    what `rename` and `note` have set; `note_problem` says why they cannot be read.

    Raises:
        StoreError: The folder of the runs may not be read.

    >>> import rnnstudio as rs
    >>> isinstance(rs.runs(), list)
    True
    """
    return list_runs()


def doctor(*, repair: bool = True) -> list[dict[str, Any]]:
    """Check all saved runs against their checksums, repair what can be repaired, and return what was found.

    What saves that did not end have left is deleted when it is a day old.

    Args:
        repair: False changes nothing.

    Returns:
        A dict for each finding: `run` and `path`; `found`, `done` and `advice`, a sentence each; and `is_damaged`,
        whether damage remains. An empty list where all is well.

    Raises:
        StoreError: The folder of the runs may not be read.

    >>> import rnnstudio as rs
    >>> rs.doctor()
    []
    """
    return [finding.to_dict() for finding in check_store(repair=repair)[1]]


def groups() -> list[dict[str, Any]]:
    """Return the saved groups of runs that differ by seed, newest first, as plain dicts.

    `problem` says what is wrong with a group that cannot be read; it is empty for others.

    Raises:
        StoreError: The folder of the runs may not be read.

    >>> import rnnstudio as rs
    >>> isinstance(rs.groups(), list)
    True
    """
    return list_groups()


def delete(run: Run | RunGroup | str | os.PathLike[str]) -> str:
    """Move a saved run or group from the run list into the trash, and return the name it had.

    It stays there until `empty_trash` is called; `restore` takes it back. The runs of a group stay in the run list.

    Args:
        run: A saved run or group, its name in the run list, its folder, or `latest`; it may be damaged.

    Raises:
        UnknownNameError: There is no such run.
        StoreError: Another process trains it, it is not in the run list, or it cannot be moved.

    >>> import rnnstudio as rs
    >>> run = rs.train("toy", updates=1, verbose=0)
    >>> rs.restore(rs.delete(run)) == rs.load("latest").name
    True
    """
    if isinstance(run, (Run, RunGroup)):
        if not run.path:
            raise SettingError("run must be a saved run or group; this one is not saved.", "run")
        deleted = store_trash.delete(store_trash.entry_folder(run.path))
        run.name = run.path = ""
        if isinstance(run, Run) and run.moments is not None:
            run.moments.saved_at(deleted.folder)  # from where they can still be read
        return deleted.name
    if not isinstance(run, (str, os.PathLike)):
        raise SettingError(f"run must be a saved run, its name or its path; received {run!r:.80}.", "run")
    return store_trash.delete(store_trash.entry_folder(run)).name


def rename(run: Run | RunGroup | str | os.PathLike[str], name: str) -> str:
    """Give a saved run or group a name, by which it is found and which lists show, and return the name.

    The folder keeps its name, by which the run is found as well, and no file of the run changes: the run may train, or
    be damaged. Names need not differ; where several runs have one, the names of their folders are asked for.

    Args:
        run: A saved run or group, its name in the run list, its folder or .rnnrun file, or `latest`.
        name: One line of up to 120 characters; "" removes the name.

    Raises:
        UnknownNameError: There is no such run.
        SettingError: The name is too long, or another run, a recipe or a data set is found by it.
        StoreError: It cannot be written.

    >>> import rnnstudio as rs
    >>> run = rs.train("toy", updates=1, verbose=0)
    >>> rs.rename(run, "first try")
    'first try'
    >>> rs.load("first try").name == run.name
    True
    """
    path = noted_path(run)
    if not isinstance(name, str):
        raise SettingError(f"name must be a text; received {name!r:.80}.", "name")
    free = free_name(name, path)
    write_notes(path, name=free)
    return free


def note(run: Run | RunGroup | str | os.PathLike[str], text: str | None = None) -> str:
    """Return the note of a saved run or group, after replacing it where a text is given.

    Args:
        run: As for `rename`.
        text: The new note of up to 10,000 characters; "" removes it, None leaves it as it is.

    Raises:
        UnknownNameError: There is no such run.
        SettingError: The note is too long.
        StoreError: It cannot be read or written.

    >>> import rnnstudio as rs
    >>> run = rs.train("toy", updates=1, verbose=0)
    >>> rs.note(run, "the loss still falls")
    'the loss still falls'
    """
    path = noted_path(run)
    if text is not None:
        write_notes(path, note=text)
    notes = notes_at(path)
    if notes.problem:
        raise StoreError(notes.problem)
    return notes.note


def noted_path(run: Run | RunGroup | str | os.PathLike[str]) -> Path:
    """Return the folder or .rnnrun file of a saved run or group, also of one that is damaged.

    Raises:
        UnknownNameError: There is no such run.
        SettingError: It is not saved, or no run.
    """
    if isinstance(run, (Run, RunGroup)):
        if not run.path:
            raise SettingError("run must be a saved run or group; this one is not saved.", "run")
        return Path(run.path)
    if not isinstance(run, (str, os.PathLike)):
        raise SettingError(f"run must be a saved run, its name or its path; received {run!r:.80}.", "run")
    with suppress(OSError, RuntimeError):  # too long for a path, or an unknown user's home: it may be a name
        path = Path(run).expanduser()
        if run_at(path) is not None or (path / GROUP_FILE).is_file():
            return path.absolute()
    return store_trash.entry_folder(run)


def trash() -> list[dict[str, Any]]:
    """Return the runs and groups in the trash, newest first: `run`, `name` (given), `kind`, `deleted`, `bytes`, `path`.

    >>> import rnnstudio as rs
    >>> rs.trash()
    []
    """
    return [item.to_dict() for item in store_trash.deleted_runs()]


def restore(name: str) -> str:
    """Move a run or group from the trash back into the run list, and return its name.

    It has the name it had, or the next free one where that is taken. Of several with one name, the newest is restored.

    Args:
        name: The name it had, or its path in the trash.

    Raises:
        UnknownNameError: There is none in the trash.
        StoreError: It cannot be moved.

    >>> import rnnstudio as rs
    >>> rs.restore("airline-1")
    Traceback (most recent call last):
    rnnstudio.UnknownNameError: There is no run in the trash called 'airline-1'. Known: none.
    """
    if not isinstance(name, str):
        raise SettingError(f"name must be the name of a run in the trash; received {name!r:.80}.", "name")
    return store_trash.restore(name).name


def empty_trash() -> int:
    """Delete all runs and groups in the trash for good, and return how many there were.

    Raises:
        StoreError: Some cannot be deleted.

    >>> import rnnstudio as rs
    >>> rs.empty_trash()
    0
    """
    return store_trash.empty_trash()
