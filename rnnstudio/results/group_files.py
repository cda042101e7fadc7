"""The file of a group of runs, which names them, and where it is: beside them in the run list, or in a folder.

`group.json` holds the folder of each run, relative to that of the group, when it was saved, and a fingerprint of its
weights, because the name of a deleted run may be used again.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from rnnstudio.core.bounded_json import bounded_json
from rnnstudio.core.disk_remedies import remedy
from rnnstudio.core.durable import replacing
from rnnstudio.core.errors import DataError, StoreError
from rnnstudio.core.paths import is_there, runs_folder
from rnnstudio.reading.archives import Folder
from rnnstudio.results.checked_files import read_arrays
from rnnstudio.results.contents import RunContents, Weights
from rnnstudio.results.given_names import entry_named
from rnnstudio.results.run_archive import open_run
from rnnstudio.results.run_folder import is_shared, locked, make_folder
from rnnstudio.results.saving import add_numbered, save_run, stem_of
from rnnstudio.results.seed_plan import SeedPlan
from rnnstudio.results.store_entries import GROUP_FILE, store_entries
from rnnstudio.results.validation.training_models import StoredGroup
from rnnstudio.results.validation.value_types import validated

_VERSION = 1


class StoredRuns(NamedTuple):
    """What the file of a group holds.

    Attributes:
        members: `path`, `seed`, `created` (empty in groups saved before) and `weights` (a fingerprint) of each run,
            which may have been deleted.
        ensemble: The metrics of the mean predictions.
        plan: The training with several seeds that the runs are of; None where it is not known.
    """

    members: list[dict[str, Any]]
    ensemble: dict[str, float]
    plan: SeedPlan | None


def save_group(
    runs: Sequence[RunContents],
    folder: Path | None,
    ensemble: Mapping[str, float],
    again: Path | None = None,
    plan: SeedPlan | None = None,
) -> Path:
    """Write the file of a group of saved runs and return its folder.

    Args:
        runs: Saved runs.
        folder: A folder; None for a new one in the run list.
        ensemble: Metrics of the mean predictions.
        again: The folder of this group, where it was saved with fewer runs.
        plan: The training with several seeds that the runs are of; None for none.

    Raises:
        StoreError: There is a group already, or it cannot be written.
    """
    parent = runs_folder() if folder is None else folder
    is_again = again is not None and is_there(again / GROUP_FILE)
    if folder is not None and not is_again and is_there(folder / GROUP_FILE):
        raise StoreError(f"{folder} holds a group already, which was left alone. Choose another path.")
    temporary = runs_folder() / f".saving-{os.getpid()}-{time.monotonic_ns()}"
    try:
        if again is not None and is_again:
            _write(again, _text(runs, again, ensemble, plan))
            return again
        if folder is not None:
            folder.mkdir(parents=True, exist_ok=True)
            _write(folder, _text(runs, folder, ensemble, plan))
            return folder
        make_folder(temporary)
        with locked(temporary):
            _write(temporary, _text(runs, temporary, ensemble, plan))
        return add_numbered(temporary, runs_folder(), f"{stem_of(runs[0])}-seeds")
    except OSError as error:
        reason = f"{error.strerror or error}. {remedy(error)}, or choose another folder."
        raise StoreError(f"The group could not be saved in {parent}: {reason}") from None
    finally:
        shutil.rmtree(temporary, ignore_errors=True)  # where it has no other name now


def save_members(runs: Sequence[RunContents], folder: Path | None) -> None:
    """Save those runs of a group that are not saved.

    Args:
        runs: The runs.
        folder: The folder of the group; None for the run list.

    Raises:
        StoreError: One cannot be written.
    """
    for run in runs:
        if not run.path:
            save_run(run, None if folder is None else folder / f"seed-{run.experiment.seed}")


def _write(folder: Path, text: str) -> None:
    with replacing(folder / GROUP_FILE) as part:
        part.touch(0o666 if is_shared() else 0o600)
        part.write_text(text, encoding="utf-8")


def _text(runs: Sequence[RunContents], folder: Path, ensemble: Mapping[str, float], plan: SeedPlan | None) -> str:
    members = [
        {
            "run": os.path.relpath(run.path, folder),
            "seed": run.experiment.seed,
            "created": _created(Path(run.path)),
            "weights": fingerprint(run.weights),
        }
        for run in runs
    ]
    plain = {
        "group_version": _VERSION,
        "created": time.strftime("%Y-%m-%dT%H:%M:%S%z"),
        "runs": members,
        "ensemble": dict(ensemble),
        "training": None if plan is None else plan.to_dict(),
    }
    return json.dumps(plain, indent=2)


def fingerprint(weights: Weights) -> str:
    """Return a text that is the same for the same weights, and else another one.

    >>> fingerprint({"b": np.zeros(2, np.float32)}) == fingerprint({"b": np.ones(2, np.float32)})
    False
    """
    digest = hashlib.sha256()
    for name in sorted(weights):
        digest.update(name.encode())
        digest.update(np.ascontiguousarray(weights[name], "<f4").tobytes())
    return digest.hexdigest()[:32]


def _created(run: Path) -> str:
    """Return when a run was saved, as its files say; empty where they cannot be read."""
    try:
        with open_run(run) as files:
            return str(files.rest["created"])
    except (DataError, StoreError, OSError, LookupError, TypeError):
        return ""


def read_group(folder: Path) -> StoredRuns:
    """Return what the file of a group holds.

    Raises:
        StoreError: The file is damaged, or of a newer version.
    """
    try:
        plain = bounded_json(Folder(folder, follows_links=False).read(GROUP_FILE))
        version = plain["group_version"]
        if version == _VERSION:
            validated(StoredGroup, plain, GROUP_FILE)
        members = [
            {
                "path": (folder / str(row["run"])).resolve(),
                "seed": int(row["seed"]),
                "created": str(row.get("created", "")),
                "weights": str(row["weights"]),
            }
            for row in plain["runs"]
        ]
        ensemble = {str(name): float(value) for name, value in dict(plain.get("ensemble", {})).items()}
        plan = SeedPlan.in_file(plain.get("training"))
    except Exception as error:  # what is read is not known before it is validated
        raise StoreError(f"The group in {folder} is damaged: {GROUP_FILE} cannot be read ({error}).") from None
    if version != _VERSION:
        raise StoreError(f"{folder} was saved by a newer rnnstudio (group version {version}); update to open it.")
    return StoredRuns(members, ensemble, plan)


def weights_in(run: Path) -> Weights:
    """Return the weights of a saved run.

    Raises:
        StoreError: They cannot be read.
    """
    try:
        with open_run(run) as files:
            return read_arrays(files, "weights.npz")
    except (DataError, StoreError) as error:
        raise StoreError(f"The weights of {run} cannot be read ({error}).") from None


def group_folders() -> list[Path]:
    """Return the folders of the groups in the run list, newest first.

    Raises:
        StoreError: The folder of the runs cannot be read.
    """
    return [entry.folder for entry in store_entries() if entry.kind == "group"]


def find_group(name: str | os.PathLike[str]) -> Path | None:
    """Return the folder of a group given its path or its name in the run list; None where there is none."""
    with suppress(OSError, RuntimeError):  # too long for a path, or an unknown user's home
        path = Path(name).expanduser()
        if (path / GROUP_FILE).is_file():
            return path.absolute()
    with suppress(StoreError):
        entries = store_entries()
        groups = [entry.folder for entry in entries if entry.kind == "group"]
        if (folder := next((folder for folder in groups if folder.name == str(name)), None)) is not None:
            return folder
        if not any(entry.folder.name == str(name) for entry in entries):
            named = entry_named(str(name), entries)
            return None if named is None or named.kind != "group" else named.folder
    return None
