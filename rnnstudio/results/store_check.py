"""Checking all runs and groups of the run list, and deleting what saves left that did not end."""

from __future__ import annotations

from collections.abc import Callable

from rnnstudio.core.errors import StoreError
from rnnstudio.core.paths import runs_folder
from rnnstudio.results.group_files import read_group
from rnnstudio.results.leftovers import delete_leftovers
from rnnstudio.results.run_check import Finding, check_run
from rnnstudio.results.store_entries import Entry, entry_of, store_entries

_MAX_CHECKS = 2  # of a run that is damaged


def check_store(
    *, repair: bool = True, report: Callable[[int, int], object] = lambda done, count: None
) -> tuple[int, list[Finding]]:
    """Check all runs and groups, and repair what can be repaired.

    Args:
        repair: Whether anything may be changed.
        report: Called with the number of runs that were checked and of all, before each.

    Returns:
        The number of runs and groups, and what was found, in the order of their names.

    Raises:
        StoreError: The folder of the runs cannot be read.
    """
    entries = sorted(store_entries(), key=lambda entry: entry.folder)
    findings: list[Finding] = []
    for number, entry in enumerate(entries):
        report(number, len(entries))
        findings += _check(entry, repair=repair)
    if repair and (leftovers := delete_leftovers(thorough=True)):
        noun = "folder" if len(leftovers) == 1 else "folders"
        sentence = f"Saves that did not end had left {len(leftovers)} {noun} with nothing that was saved."
        findings.append(Finding("", str(runs_folder()), sentence, f"{len(leftovers)} {noun} deleted."))
    return len(entries), findings


def _check(entry: Entry, *, repair: bool) -> list[Finding]:
    """Check a run or group; one that is damaged again, in case another process deleted or restored it meanwhile."""
    if entry.kind == "group":
        found = _check_group(entry)
        return found if entry.folder.exists() else []
    found = []
    for _ in range(_MAX_CHECKS):
        if entry_of(entry.folder) is None:
            return []
        found = check_run(entry.folder, repair=repair)
        if not any(finding.is_damaged for finding in found):
            break
    return found


def _check_group(entry: Entry) -> list[Finding]:
    folder = entry.folder
    try:
        read_group(folder)
    except StoreError as error:
        advice = f"Its runs are not affected. Delete the group: rnnstudio delete {folder.name}"
        return [Finding(folder.name, str(folder), str(error), "Nothing was changed.", advice, is_damaged=True)]
    return []
