"""The public functions that list saved runs and groups."""

from __future__ import annotations

from typing import Any

from rnnstudio.results.group_store import list_groups
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
