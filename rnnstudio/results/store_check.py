"""Checking all runs and groups of the run list, and deleting what saves left that did not end."""

from __future__ import annotations

from collections.abc import Callable

from rnnstudio.core.errors import StoreError
from rnnstudio.core.paths import runs_folder
from rnnstudio.results.group_files import read_group
from rnnstudio.results.leftovers import delete_leftovers
from rnnstudio.results.run_check import Finding, check_run
from rnnstudio.results.store_entries import Entry, store_entries


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
        found = _check_group(entry) if entry.kind == "group" else check_run(entry.folder, repair=repair)
        findings += found if entry.folder.exists() else []  # else another process has deleted it meanwhile
    if repair and (leftovers := delete_leftovers(thorough=True)):
        noun = "folder" if len(leftovers) == 1 else "folders"
        sentence = f"Saves that did not end had left {len(leftovers)} {noun} with nothing that was saved."
        findings.append(Finding("", str(runs_folder()), sentence, f"{len(leftovers)} {noun} deleted."))
    return len(entries), findings


def _check_group(entry: Entry) -> list[Finding]:
    folder = entry.folder
    try:
        read_group(folder)
    except StoreError as error:
        advice = f"Its runs are not affected. Delete the group: rnnstudio delete {folder.name}"
        return [Finding(folder.name, str(folder), str(error), "Nothing was changed.", advice, is_damaged=True)]
    return []
