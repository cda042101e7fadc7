"""What is in the folder of the runs after a fault of the disk, and what is wrong with it."""

from __future__ import annotations

import hashlib
import os
import re
import time
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from typing import Any

import rnnstudio as rs
from rnnstudio.core.errors import RnnStudioError
from rnnstudio.results.checked_files import RunFiles
from rnnstudio.results.run import Run
from rnnstudio.results.run_archive import RUN_SUFFIX
from rnnstudio.results.run_group import RunGroup
from tests.torture.failing_disk import REASONS
from tests.torture.fault_scenarios import check_sentence

Situation = dict[str, tuple[str, ...]]  # where each run, group or file is, and a text of what is in it
_DAY = 24 * 3600
_EXPORTED = (RUN_SUFFIX, ".csv", ".R")
_OF_TRAINING = {"checkpoint.json", "checkpoint.npz", "arrays.npz"}


def situation(home: Path) -> Situation:
    """Return what is in the folder of the runs."""
    found: Situation = {}
    for row in rs.runs():
        path = Path(row["path"])
        content = ("damaged", "") if row["problem"] else (_weights(path), str(sorted(RunFiles.of_folder(path).names)))
        found[row["run"]] = ("runs", *content, row["outcome"], row["name"], row["note"])
    for row in rs.groups():
        found[row["group"]] = ("runs", str(row["seeds"]), str(row["missing"]), row["problem"])
    for row in rs.trash():
        found[f"{row['run']} in the trash: {_weights(Path(row['path']))}"] = ("trash",)
    for file in (home / "runs").glob("*"):
        if file.suffix == RUN_SUFFIX:
            run = rs.load(file)
            found[file.name] = ("file", _weights(file), run.outcome, rs.note(file))  # type: ignore[union-attr]
        elif file.suffix in _EXPORTED:
            found[file.name] = ("file", hashlib.sha256(file.read_bytes()).hexdigest())
    return found


def _weights(path: Path) -> str:
    try:
        run = rs.load(path)
    except rs.StoreError:
        return "damaged"
    assert isinstance(run, Run)
    return str(hash(tuple((name, values.tobytes()) for name, values in sorted(run.weights.items()))))


def problem_of_store(*, is_removed: bool) -> str:
    """Return what is wrong with the saved runs; empty for nothing.

    Args:
        is_removed: Whether runs of a group may have been deleted.
    """
    for row in [*rs.runs(), *rs.groups()]:
        if row.get("problem"):
            return str(row["problem"])
        if row.get("outcome") == "running":
            return f"{row['run']} is still running"
    for row in rs.groups():
        if row["damaged"] or (row["missing"] and not is_removed):
            return f"{row['group']} has {row['notes']}"
    if damaged := [row["found"] for row in rs.doctor(repair=False) if row["is_damaged"]]:
        return f"the check says: {damaged[0]}"
    return ""


def leftovers(home: Path, *, cleans: bool) -> list[str]:
    """Return what is left of saves that did not end when they are a day old and the check has deleted some.

    Args:
        home: The folder of runs and settings.
        cleans: Whether files for a moment could be deleted in that of the system.
    """
    for path in [home, *home.rglob("*")]:
        with suppress(FileNotFoundError):
            os.utime(path, (time.time() - 2 * _DAY,) * 2)
    rs.doctor()
    found = [path for path in (home / "runs").rglob(".*") if path.name not in (".trash", ".index.json")]
    return sorted(str(path.relative_to(home)) for path in [*found, *((home / "tmp").iterdir() if cleans else ())])


def problem_of_names(before: Situation, now: Situation, after: Situation, *, is_done: bool) -> str:
    """Return what is wrong with a situation; empty for nothing.

    Args:
        before: What was there.
        now: What is there.
        after: What is there where all works.
        is_done: Whether it was said to be done.
    """
    if is_done:
        is_same = _of_any_number(now, before) == _of_any_number(after, before)
        return "" if is_same else f"said to be done, and there is {_difference(now, after)}"
    for name in before.keys() | now.keys() | after.keys():
        if now.get(name) not in (before.get(name), after.get(name)):
            return f"neither as before nor as at the end: {name}: {now.get(name)}"
    return ""


def _of_any_number(found: Situation, before: Situation) -> list[tuple[str, tuple[str, ...]]]:
    """Return what is there, new names without their numbers: an attempt that failed may have taken one."""
    return sorted((name if name in before else re.sub(r"-\d+$", "", name), text) for name, text in found.items())


def _difference(now: Situation, after: Situation) -> str:
    return "; ".join(
        f"{name}: {now.get(name)} in place of {after.get(name)}"
        for name in sorted(now.keys() | after.keys())
        if now.get(name) != after.get(name)
    )


def problem_of_training(value: Run | RunGroup, expected: dict[str, int], *, lasts: bool, is_removed: bool) -> str:
    """Return what is wrong with a run or group that was trained while the disk failed; empty for nothing.

    Args:
        value: The run or group. One that is not saved is saved now.
        expected: What `weights_of` returns of one that was trained without a fault.
        lasts: Whether the fault lasted until the training had ended.
        is_removed: Whether runs were deleted meanwhile, also those of a group that were saved before.
    """
    if weights_of(value) != expected:
        return "other weights"
    sentences = [text for text in value.warnings if any(reason in text for reason in REASONS)]
    for text in value.warnings:
        check_sentence(text)
    unsaved = [own for own in (value, *runs_of(value)) if own.save_problem or not own.path]
    if unsaved and not lasts:
        return f"the fault has gone, and {unsaved} is not saved: {value.warnings}"
    if bool(sentences) is not bool(unsaved) or len(sentences) > len(unsaved):
        return f"{len(unsaved)} are not saved, and that is said in {len(sentences)} sentences: {value.warnings}"
    if not value.path:
        value.save()
    for run in list(runs_of(value))[-1 if is_removed else 0 :]:
        if problem := _problem_of_saved(run):
            return problem
    if isinstance(value, RunGroup) and not is_removed and weights_of(rs.load(value.path)) != expected:
        return "the group has other weights"
    return ""


def _problem_of_saved(run: Run) -> str:
    try:
        saved = rs.load(run.path)
    except RnnStudioError as error:
        return f"{run.path} cannot be opened: {error}"
    assert isinstance(saved, Run)
    if weights_of(saved) != weights_of(run):
        return "other weights are saved"
    if run.record.outcome != saved.record.outcome:
        return f"saved as {saved.outcome}"
    if any(fault in text for text in saved.warnings for fault in REASONS):
        return f"saved, and yet it says: {saved.warnings}"
    return ""


def lacks_state(run: Run) -> bool:
    """Return whether the training of a saved run cannot go on from what is in its folder."""
    path = Path(run.path)
    return path.is_dir() and not set(RunFiles.of_folder(path).names) >= _OF_TRAINING


def runs_of(value: Run | RunGroup) -> Iterable[Run]:
    """Return a run, or the runs of a group."""
    return value.runs if isinstance(value, RunGroup) else [value]


def weights_of(value: Any) -> dict[str, int]:
    """Return numbers that differ where weights do."""
    return {f"{i}/{name}": hash(w.tobytes()) for i, run in enumerate(runs_of(value)) for name, w in run.weights.items()}
