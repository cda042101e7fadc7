"""Saved groups: loading one, and the list of them."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from rnnstudio.core.errors import SettingError, StoreError, UnknownNameError
from rnnstudio.core.spread import spread_of
from rnnstudio.results.damaged_rows import outcome_of_error
from rnnstudio.results.group_files import find_group, fingerprint, group_folders, read_group, weights_in
from rnnstudio.results.missing_runs import DELETED, MissingRun, missing_sentences, none_left, untrained_sentences
from rnnstudio.results.run import Run
from rnnstudio.results.run_group import RunGroup
from rnnstudio.results.run_notes import notes_at
from rnnstudio.results.run_summary import read_summary
from rnnstudio.results.seed_plan import SeedPlan
from rnnstudio.results.store import list_runs, load, run_at, saved_folder
from rnnstudio.results.store_entries import entry_of, unreadable


def load_any(name: Any) -> Run | RunGroup:
    """Return a saved run or group given its path or name, or the newest run for `latest`.

    Raises:
        UnknownNameError: There is none.
        StoreError: It is damaged, or of a newer version; or no run of the group is left.
    """
    folder = find_group(name)
    return load(name) if folder is None else load_group(folder)


def load_group(folder: Path) -> RunGroup:
    """Return the group in a folder, with those of its runs that are left and can be read.

    `missing` and `warnings` of the group name the others.

    Raises:
        StoreError: It is damaged, or none of its runs can be used.
    """
    members, ensemble, plan = read_group(folder)
    runs, missing = _loaded(members)
    if not runs:
        raise StoreError(none_left(folder.name, missing))
    group = RunGroup(runs, warnings=missing_sentences(missing, len(members)), missing=missing)
    group.name, group.path = folder.name, str(folder)
    group.ensemble_metrics, group.plan = {} if missing else ensemble, plan
    group.warnings += untrained_sentences(_untrained(group.seeds_left, missing))
    return group


def folder_to_resume(run: Run | RunGroup | str | os.PathLike[str]) -> Path:
    """Return the folder of a saved run or group, or the .rnnrun file of a run, given itself, its name or its path.

    Raises:
        SettingError: It is neither, or it is not saved.
        UnknownNameError: There is none.
    """
    if isinstance(run, RunGroup):
        if not run.path:
            raise SettingError("run must be a saved run or group; this group is not saved.", "run")
        run = run.path
    if isinstance(run, (str, os.PathLike)) and (folder := find_group(run)) is not None:
        return folder
    return saved_folder(run)


def missing_runs(members: list[dict[str, Any]]) -> list[MissingRun]:
    """Return those runs of a group that were deleted or cannot be read.

    Args:
        members: The runs, as `read_group` returns them.
    """
    return _loaded(members)[1]


def _loaded(members: list[dict[str, Any]]) -> tuple[list[Run], list[MissingRun]]:
    """Return the runs of a group, and those that were deleted or cannot be read."""
    runs, missing = [], []
    for member in members:
        try:
            run = load(member["path"])
        except UnknownNameError:
            missing.append(_missing(member))
        except StoreError as error:
            missing.append(_missing(member, error))
        else:
            if fingerprint(run.weights) == member["weights"]:
                runs.append(run)
            else:  # its name was given to another run
                missing.append(_missing(member))
    return runs, missing


def _missing(member: dict[str, Any], error: StoreError | None = None) -> MissingRun:
    """Return a run of a group that was deleted, or cannot be read."""
    outcome = DELETED if error is None else outcome_of_error(member["path"], error)
    return MissingRun(member["seed"], member["path"].name, outcome, "" if error is None else str(error))


def list_groups() -> list[dict[str, Any]]:
    """Return a row for each group in the run list, newest first; `problem` says what is wrong with a damaged one.

    `missing` counts its runs that were deleted, `damaged` those that cannot be read, and `notes` says which they are.

    Raises:
        StoreError: The folder of the runs cannot be read.
    """
    folders = group_folders()
    return _group_rows(folders, list_runs()) if folders else []


def _group_rows(folders: list[Path], runs: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the rows of groups.

    Args:
        folders: Their folders.
        runs: The rows of the run list, so that a run in it is read once.
    """
    known, rows = {row["path"]: row for row in runs if not row["problem"]}, []
    for folder in folders:
        try:
            stored = read_group(folder)
            rows.append(_group_row(folder, stored.members, known, plan=stored.plan))
        except StoreError as error:
            rows.append(_group_row(folder, [], known, str(error)))
    return rows


def _group_row(
    folder: Path,
    members: list[dict[str, Any]],
    known: dict[str, dict[str, Any]],
    problem: str = "",
    plan: SeedPlan | None = None,
) -> dict[str, Any]:
    """Return the row of a group.

    Args:
        folder: Its folder.
        members: Its runs, as `read_group` returns them.
        known: Rows of runs by their paths.
        problem: What is wrong, a sentence; empty for nothing.
        plan: The training with several seeds that the runs are of; None where it is not known.
    """
    rows, missing = [], []
    for member in members:
        try:
            row = _summary(member, known)
        except StoreError as error:
            missing.append(_missing(member, error))
            continue
        if row is None:
            missing.append(_missing(member))
        else:
            rows.append(row)
    first = rows[0] if rows else {}
    left = [] if plan is None else plan.left({row["seed"]: row["outcome"] for row in rows})
    untrained = _untrained(left, missing)
    same = {name: first.get(name, "") for name in ("created", "recipe", "dataset", "file", "cell")}
    return {
        "group": folder.name,
        "path": str(folder),
        **same,
        "units": first.get("units"),
        "runs": [row["run"] for row in rows],
        "seeds": [row["seed"] for row in rows],
        "missing": sum(run.outcome == DELETED for run in missing),
        "damaged": sum(run.outcome != DELETED for run in missing),
        "untrained": untrained,
        "notes": [*missing_sentences(missing, len(members)), *untrained_sentences(untrained)],
        "spread": spread_of([row["metrics"] for row in rows]),
        "chosen_on_test": bool(first.get("chosen_on_test", False)),
        **notes_at(folder).to_row(),
        "problem": problem,
    }


def _summary(member: dict[str, Any], known: dict[str, dict[str, Any]]) -> dict[str, Any] | None:
    """Return the summary of a run of a group; None where it was deleted, or its name was given to another run.

    Raises:
        StoreError: It cannot be read.
    """
    try:
        run = run_at(member["path"])
    except OSError as error:
        raise StoreError(unreadable(member["path"], error)) from None
    if run is None:
        if (entry := entry_of(member["path"])) is not None and entry.problem:
            raise StoreError(entry.problem)
        return None
    row = known.get(str(run)) or read_summary(run)
    return row if _is_same_save(row, member) or fingerprint(weights_in(run)) == member["weights"] else None


def _is_same_save(row: dict[str, Any], member: dict[str, Any]) -> bool:
    """Return whether a run is the one that was saved with a group, as its summary says; reads no weights."""
    return (row["created"], row["seed"]) == (member["created"], member["seed"])


def runs_and_groups() -> list[dict[str, Any]]:
    """Return the rows of runs and groups, newest first.

    A group has the fields of a run, of which `metrics` are means, `seed` and `learning_rate` may be None, and `outcome`
    says how many runs it has; it stands before its newest run.

    Raises:
        StoreError: The folder of the runs cannot be read.
    """
    runs = list_runs()
    rows = list(runs)
    for group in reversed(_group_rows(group_folders(), runs)):
        own = set(group["runs"])
        newest = next((i for i, row in enumerate(rows) if row["run"] in own), 0)
        rows.insert(newest, _as_run_row(group, [row for row in runs if row["run"] in own]))
    return rows


def _as_run_row(group: dict[str, Any], runs: list[dict[str, Any]]) -> dict[str, Any]:
    """Return a group as a row of the run list."""
    count = len(group["runs"])
    total = count_of_all(group)
    left_out = missing_text(group)
    of = f"{count} of {total} seeds, {left_out}" if left_out else f"{count} seeds"
    same = ("path", "created", "recipe", "dataset", "file", "cell", "units", "name", "note", "note_problem")
    return {
        **{name: group[name] for name in same},
        "run": group["group"],
        "learning_rate": runs[0]["learning_rate"] if runs else None,
        "seed": None,
        "outcome": "damaged" if group["problem"] else f"mean of {of}",
        "seconds": sum(row["seconds"] for row in runs) if runs else None,
        "metrics": {name: values["mean"] for name, values in group["spread"].items()},
        "refit": False,
        "chosen_on_test": group["chosen_on_test"],
        "problem": group["problem"] or (" ".join(group["notes"]) if not count else ""),
        "notes": group["notes"],
    }


def _untrained(left: list[int], missing: list[MissingRun]) -> list[int]:
    """Return those of the seeds left whose runs are not among those that were deleted or cannot be read."""
    return [seed for seed in left if seed not in {run.seed for run in missing}]


def count_of_all(group: dict[str, Any]) -> int:
    """Return the number of runs that a group was to have.

    Args:
        group: A row of the list of groups.
    """
    new = [seed for seed in group["untrained"] if seed not in group["seeds"]]
    return len(group["runs"]) + int(group["missing"]) + int(group["damaged"]) + len(new)


def missing_text(group: dict[str, Any]) -> str:
    """Return how many runs of a group are missing, as in `1 deleted, 2 damaged, 1 not trained`; empty for none.

    Args:
        group: A row of the list of groups.
    """
    words = (("missing", DELETED), ("damaged", "damaged"))
    untrained = [f"{len(group['untrained'])} not trained"] if group["untrained"] else []
    return ", ".join([*(f"{group[what]} {word}" for what, word in words if group[what]), *untrained])
