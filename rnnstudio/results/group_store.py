"""Saved groups: loading one, and the list of them."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path
from typing import Any

from rnnstudio.core.errors import StoreError, UnknownNameError
from rnnstudio.core.spread import spread_of
from rnnstudio.core.wording import enumeration
from rnnstudio.results.group_files import find_group, fingerprint, group_folders, read_group, weights_in
from rnnstudio.results.run import Run
from rnnstudio.results.run_group import RunGroup
from rnnstudio.results.run_summary import read_summary
from rnnstudio.results.store import list_runs, load, run_at

_MAX_NAMED = 10  # seeds in a message


def load_any(name: Any) -> Run | RunGroup:
    """Return a saved run or group given its path or name, or the newest run for `latest`.

    Raises:
        UnknownNameError: There is none.
        StoreError: It is damaged, or of a newer version; or no run of the group is left.
    """
    folder = find_group(name)
    return load(name) if folder is None else load_group(folder)


def load_group(folder: Path) -> RunGroup:
    """Return the group in a folder, with those of its runs that are left.

    Raises:
        StoreError: It is damaged, or none of its runs is left.
    """
    members, ensemble = read_group(folder)
    runs, missing = [], []
    for member in members:
        try:
            run = load(member["path"])
        except UnknownNameError:
            missing.append(member["seed"])
            continue
        if fingerprint(run.weights) == member["weights"]:
            runs.append(run)
        else:
            missing.append(member["seed"])
    if not runs:
        raise StoreError(f"None of the {len(members)} runs of the group {folder.name} is left: they were deleted.")
    group = RunGroup(runs, warnings=_missing(missing, len(members)))
    group.name, group.path = folder.name, str(folder)
    group.ensemble_metrics = {} if missing else ensemble
    return group


def _missing(seeds: list[int], count: int) -> list[str]:
    """Return a sentence about runs that were deleted; none without any."""
    if not seeds:
        return []
    noun, verb = ("seed", "does") if len(seeds) == 1 else ("seeds", "do")
    return [
        f"{len(seeds)} of the {count} runs of this group {verb} not exist any more ({noun} "
        f"{enumeration(seeds, most=_MAX_NAMED)}): mean, spread and predictions are those of the others."
    ]


def list_groups() -> list[dict[str, Any]]:
    """Return a row for each group in the run list, newest first; `problem` says what is wrong with a damaged one.

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
            rows.append(_group_row(folder, read_group(folder)[0], known))
        except StoreError as error:
            rows.append(_group_row(folder, [], known, str(error)))
    return rows


def _group_row(
    folder: Path, members: list[dict[str, Any]], known: dict[str, dict[str, Any]], problem: str = ""
) -> dict[str, Any]:
    """Return the row of a group.

    Args:
        folder: Its folder.
        members: Its runs, as `read_group` returns them.
        known: Rows of runs by their paths.
        problem: What is wrong, a sentence; empty for nothing.
    """
    rows = []
    for member in members:
        with suppress(StoreError, OSError):
            if (run := run_at(member["path"])) is not None:
                row = known.get(str(run)) or read_summary(run)
                if _is_same_save(row, member) or fingerprint(weights_in(run)) == member["weights"]:
                    rows.append(row)
    first = rows[0] if rows else {}
    same = {name: first.get(name, "") for name in ("created", "recipe", "dataset", "file", "cell")}
    return {
        "group": folder.name,
        "path": str(folder),
        **same,
        "units": first.get("units"),
        "runs": [row["run"] for row in rows],
        "seeds": [row["seed"] for row in rows],
        "missing": len(members) - len(rows),
        "spread": spread_of([row["metrics"] for row in rows]),
        "chosen_on_test": bool(first.get("chosen_on_test", False)),
        "problem": problem,
    }


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
    deleted = f", {group['missing']} deleted" if group["missing"] else ""
    same = ("path", "created", "recipe", "dataset", "file", "cell", "units", "problem")
    return {
        **{name: group[name] for name in same},
        "run": group["group"],
        "learning_rate": runs[0]["learning_rate"] if runs else None,
        "seed": None,
        "outcome": "damaged" if group["problem"] else f"mean of {count} seeds{deleted}",
        "seconds": sum(row["seconds"] for row in runs) if runs else None,
        "metrics": {name: values["mean"] for name, values in group["spread"].items()},
        "refit": False,
        "chosen_on_test": group["chosen_on_test"],
    }
