"""Checking all runs and groups of the run list, and deleting what saves left that did not end."""

from __future__ import annotations

from collections.abc import Callable

from rnnstudio.core.errors import StoreError
from rnnstudio.core.paths import runs_folder
from rnnstudio.core.wording import enumeration
from rnnstudio.results.group_files import read_group
from rnnstudio.results.group_store import missing_runs
from rnnstudio.results.leftovers import delete_leftovers
from rnnstudio.results.missing_runs import DELETED
from rnnstudio.results.run_check import Finding, check_run
from rnnstudio.results.run_notes import notes_at
from rnnstudio.results.store_entries import Entry, entry_of, store_entries

_MAX_CHECKS = 2  # of a run that is damaged
_MAX_NAMED = 10  # runs of a group in a message


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
        if entry.kind != "group":
            findings += _check(entry, repair=repair)
    for entry in entries:  # after the repair of their runs
        if entry.kind == "group" and entry.folder.exists():
            findings += _check_group(entry)
    if repair and (leftovers := delete_leftovers(thorough=True)):
        noun = "folder" if len(leftovers) == 1 else "folders"
        sentence = f"Saves that did not end had left {len(leftovers)} {noun} with nothing that was saved."
        findings.append(Finding("", str(runs_folder()), sentence, f"{len(leftovers)} {noun} deleted."))
    return len(entries), findings


def _check(entry: Entry, *, repair: bool) -> list[Finding]:
    """Check a run; one that is damaged again, in case another process deleted or restored it meanwhile."""
    found = []
    for _ in range(_MAX_CHECKS):
        if entry_of(entry.folder) is None:
            return []
        found = check_run(entry.folder, repair=repair)
        if not any(finding.is_damaged for finding in found):
            break
    return found


def _check_group(entry: Entry) -> list[Finding]:
    """Check the file of a group, and whether its runs can be read."""
    folder = entry.folder
    delete = f"Delete the group: rnnstudio delete {folder.name}"
    try:
        members = read_group(folder).members
    except StoreError as error:
        advice = f"Its runs are not affected. {delete}"
        return [Finding(folder.name, str(folder), str(error), "Nothing was changed.", advice, is_damaged=True)]
    findings = []
    if problem := notes_at(folder).problem:
        findings.append(Finding(folder.name, str(folder), problem, "Nothing was changed."))
    missing = missing_runs(members)
    damaged = [run.run for run in missing if run.outcome != DELETED]
    if not damaged:
        return findings
    left = len(members) - len(missing)
    found = f"Runs of this group cannot be read: {enumeration(damaged, most=_MAX_NAMED)}."
    advice = f"It opens with {left:,} of {len(members):,} runs." if left else f"None of its runs is left. {delete}"
    return [*findings, Finding(folder.name, str(folder), found, "Nothing was changed.", advice, is_damaged=True)]
