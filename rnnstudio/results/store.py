"""Saved runs: finding one, loading it, and the run list."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any, TypeVar

from rnnstudio.core.chosen_on_test import chosen_on_test
from rnnstudio.core.errors import DataError, SettingError, StoreError, UnknownNameError
from rnnstudio.core.paths import runs_folder
from rnnstudio.core.upgrade import upgrade_run
from rnnstudio.core.wording import listed
from rnnstudio.results.checked_files import RUN_FILE, RunFiles, read_json
from rnnstudio.results.group_files import find_group, read_group
from rnnstudio.results.run import Run
from rnnstudio.results.run_archive import is_run_archive, open_run
from rnnstudio.results.run_files import REFIT_FILE, damaged, read_run
from rnnstudio.results.run_folder import is_locked
from rnnstudio.results.saving import run_name

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
    run = _steady(path, _read)
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
    """Return what changes with each writing of a run."""
    with suppress(OSError):
        file = path / RUN_FILE if path.is_dir() else path
        return file.stat().st_mtime_ns, file.stat().st_ino
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
        StoreError: The path is a folder without a run.
    """
    path, is_folder, is_file = Path(name), False, False
    with suppress(OSError, RuntimeError):  # too long for a path, or an unknown user's home: it may be a name
        path = path.expanduser()
        is_folder, is_file = path.is_dir(), is_run_archive(path) and path.is_file()
    if is_file or (is_folder and (path / RUN_FILE).is_file()):
        return path.absolute()
    saved = list(run_folders())
    if str(name) == "latest" and saved:
        return saved[0]
    for folder in saved:
        if folder.name == str(name):
            return folder
    if (group := find_group(name)) is not None:
        members = [str(member["path"].name) for member in read_group(group)[0]]
        raise StoreError(
            f"{group.name} is a group of runs, and one run is expected here. Its runs: {listed(members, _MAX_NAMED)}."
        )
    if is_folder:
        raise StoreError(f"{path} is a folder, but not of a saved run (it has no {RUN_FILE}).")
    raise UnknownNameError("run", str(name), [folder.name for folder in saved[:_MAX_SUGGESTED]])


def is_run(name: str) -> bool:
    """Return whether a text names a saved run or group: its path, its name in the run list, or `latest`.

    >>> is_run("airline")
    False
    """
    try:
        find_run(name)
    except (StoreError, UnknownNameError):
        return name == "latest" or is_run_archive(Path(name)) or find_group(name) is not None
    return True


def run_folders() -> Iterator[Path]:
    """Yield the folders of the run list, newest first."""
    dated, files = [], []
    with suppress(OSError):  # the folder may not be readable
        files = list(runs_folder().glob(f"*/{RUN_FILE}"))
    for file in files:
        with suppress(OSError):  # another process may have deleted it
            if not file.parent.name.startswith("."):
                dated.append((file.stat().st_mtime_ns, file.parent))
    yield from (folder for _, folder in sorted(dated, reverse=True))


def list_runs() -> tuple[list[dict[str, Any]], list[str]]:
    """Return the summaries of the run list, newest first, and a sentence for each run that cannot be read."""
    summaries, problems = [], []
    for folder in run_folders():
        try:
            summaries.append(_steady(folder, read_summary))
        except StoreError as error:
            problems.append(str(error))
    return summaries, problems


def read_summary(folder: Path) -> dict[str, Any]:
    """Return the summary of a run for the run list, as plain values, without reading its arrays.

    Raises:
        StoreError: The folder is damaged, or of a newer version.
    """
    files = RunFiles.of_folder(folder)
    rest, metrics, experiment = files.rest, read_json(files, "metrics.json"), read_json(files, "experiment.json")
    try:
        upgraded = upgrade_run({"metrics": metrics, "experiment": experiment}, files.version)
        metrics, experiment = upgraded["metrics"], upgraded["experiment"]
        return {
            "run": folder.name,
            "path": str(folder),
            "created": rest["created"],
            "recipe": experiment["recipe"],
            "dataset": experiment["data"]["dataset"],
            "file": Path(experiment["data"].get("file", "")).name,
            "cell": experiment["model"]["cell"],
            "units": experiment["model"]["units"],
            "learning_rate": experiment["training"]["learning_rate"],
            "seed": experiment["seed"],
            "outcome": rest["history"]["outcome"] or ("running" if is_locked(folder) else "interrupted"),
            "seconds": rest["history"]["wall_seconds"],
            "metrics": metrics["metrics"],
            "refit": REFIT_FILE in files,
            "chosen_on_test": chosen_on_test(
                patience=experiment["training"]["patience"],
                restores_best=experiment["training"]["restore_best_weights"],
                sets={name.partition("_")[0] for name in metrics["metrics"]},
            ),
        }
    except (LookupError, TypeError, ValueError, AttributeError) as error:
        raise damaged(files, error) from None
