"""The public functions that list, check, delete and restore saved runs and groups."""

from __future__ import annotations

import os
from typing import Any

from rnnstudio.core.errors import SettingError
from rnnstudio.results import trash as store_trash
from rnnstudio.results.group_store import list_groups
from rnnstudio.results.run import Run
from rnnstudio.results.run_group import RunGroup
from rnnstudio.results.store import list_runs
from rnnstudio.results.store_check import check_store


def runs() -> list[dict[str, Any]]:
    """Return the saved runs, newest first, as plain dicts.

    Of a run that cannot be read, `outcome` is `damaged`, `unreadable` (it may not be read) or `newer` (a newer version
    saved it), and `problem` says what is wrong; it is empty for others.

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


def trash() -> list[dict[str, Any]]:
    """Return the runs and groups in the trash, the newest first: `run`, `kind`, `deleted`, `bytes` and `path`.

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
