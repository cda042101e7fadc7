"""Runs as folders: written to a temporary name and renamed, so that a run is there as a whole or not at all.

No pickle anywhere. A folder holds `experiment.json`, `history.npz`, `metrics.json`, `scaler.json`, `weights.npz`,
`data.json`, `versions.json`, `context.npy` (the end of a series, to forecast on from) and `run.json` (time, warnings,
what else the history knows).
"""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import sys
import time
import zlib
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import asdict
from itertools import count
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

import numpy as np
from numpy.typing import NDArray

from rnnstudio.core.errors import StoreError, UnknownNameError
from rnnstudio.core.experiment import SCHEMA_VERSION, Experiment
from rnnstudio.core.history import History
from rnnstudio.core.paths import runs_folder
from rnnstudio.core.scaling import Scaler, Scalers
from rnnstudio.core.sequence import DataInfo
from rnnstudio.results.run import Run

_MARK = "run.json"  # what makes a folder a run


def write(run: Run, folder: Path) -> None:
    """Write the files of a run into a new folder."""
    folder.mkdir(parents=True)
    scalers = {
        part: {"mean": scaler.mean.tolist(), "scale": scaler.scale.tolist()}
        for part, scaler in (("inputs", run.scalers.inputs), ("targets", run.scalers.targets))
    }
    about = {
        "schema_version": SCHEMA_VERSION,
        "created": time.strftime("%Y-%m-%dT%H:%M:%S%z"),
        "history": run.record.to_dict(),
        "warnings": run.warnings,
    }
    _json(folder / "experiment.json", json.loads(run.experiment.to_json()))
    _json(folder / "metrics.json", {"outcome": run.outcome, "metrics": run.metrics, "baseline": run.baseline})
    _json(folder / "scaler.json", scalers)
    _json(folder / "data.json", asdict(run.info))
    _json(folder / "versions.json", versions())
    _arrays(folder / "history.npz", run.record.to_arrays())
    _arrays(folder / "weights.npz", run.weights)
    np.save(folder / "context.npy", run.context, allow_pickle=False)
    _json(folder / _MARK, about)


def versions() -> dict[str, str]:
    """Return the versions that matter for getting the same numbers again."""
    from importlib.metadata import PackageNotFoundError, version

    found = {"python": sys.version.split()[0], "platform": sys.platform}
    for package in ("rnnstudio", "tensorflow", "tensorflow-cpu", "keras", "numpy"):
        try:
            found[package] = version(package)
        except PackageNotFoundError:
            continue
    return found


def _json(file: Path, value: Any) -> None:
    file.write_text(json.dumps(value, indent=2) + "\n", encoding="utf-8")


def _arrays(file: Path, arrays: Mapping[str, NDArray[Any]]) -> None:
    # np.savez writes member names as they are; "/" in them is fine inside a zip
    with file.open("wb") as out:
        np.savez(out, allow_pickle=False, **arrays)


def save(run: Run, folder: Path | None, *, overwrite: bool = False) -> Path:
    """Keep a run and return its folder; see `Run.save`."""
    target = folder.expanduser().absolute() if folder is not None else None
    if target is not None and str(target) != run.path:
        check_free(target, overwrite=overwrite)
    parent = target.parent if target is not None else runs_folder()
    temporary = parent / f".saving-{os.getpid()}-{time.monotonic_ns()}"
    try:
        parent.mkdir(parents=True, exist_ok=True)
        write(run, temporary)
        final = _rename_over(temporary, target) if target is not None else _rename_new(temporary, parent, _stem(run))
    except OSError as error:
        shutil.rmtree(temporary, ignore_errors=True)
        raise StoreError(
            f"The run could not be saved in {parent}: {error.strerror or error}. Nothing that was saved before has "
            "changed; make room or choose another place."
        ) from None
    run.name, run.path = final.name, str(final)
    return final


def check_free(target: Path, *, overwrite: bool = False) -> None:
    """Refuse a place where something lies already; with `overwrite`, a run may be replaced, nothing else.

    Raises:
        StoreError: There is.
    """
    if _in_use(target):
        raise StoreError(f"{target} is there already and is no run, so it was left alone. Choose another place.")
    if (target / _MARK).is_file() and not overwrite:
        raise StoreError(f"{target} holds a run already, which was left alone. Choose another place, or overwrite it.")


def _in_use(target: Path) -> bool:
    """Whether something is there that is no run; a folder that cannot be looked into counts."""
    try:
        return (
            target.exists() and not (target / _MARK).is_file() and not (target.is_dir() and not any(target.iterdir()))
        )
    except OSError:
        return True


def _stem(run: Run) -> str:
    return run.experiment.recipe or run.experiment.data.dataset


def _rename_new(temporary: Path, parent: Path, stem: str) -> Path:
    taken = [int(p.name.rpartition("-")[2]) for p in parent.glob(f"{stem}-*") if p.name.rpartition("-")[2].isdecimal()]
    for number in count(max(taken, default=0) + 1):
        final = parent / f"{stem}-{number}"
        try:
            temporary.rename(final)
        except OSError:
            if not final.exists():
                raise
        else:
            return final
    raise AssertionError("numbers do not end")


def _rename_over(temporary: Path, final: Path) -> Path:
    old = final.with_name(f"{temporary.name}-old")
    if final.exists():
        final.rename(old)
    try:
        temporary.rename(final)
    except OSError:
        if old.exists():
            old.rename(final)
        raise
    shutil.rmtree(old, ignore_errors=True)
    return final


def find(name: str | os.PathLike[str]) -> Path:
    """Return the folder of a run given its path, its name in the run list, or `latest`.

    Raises:
        UnknownNameError: There is none.
    """
    path, is_folder = Path(name), False
    with contextlib.suppress(OSError, RuntimeError):  # too long for a path, or a home that nobody has: a name perhaps
        path = path.expanduser()
        is_folder = path.is_dir()
    if is_folder and (path / _MARK).is_file():
        return path.absolute()
    saved = list(folders())
    if str(name) == "latest" and saved:
        return saved[0]
    for folder in saved:
        if folder.name == str(name):
            return folder
    if is_folder:
        raise StoreError(f"{path} is a folder, but not of a saved run (it has no {_MARK}).")
    raise UnknownNameError("run", str(name), [folder.name for folder in saved[:50]])


def folders() -> Iterator[Path]:
    """Yield the folders of the run list, newest first."""
    found = []
    for mark in runs_folder().glob(f"*/{_MARK}"):
        with suppress(OSError):  # deleted by another process in the meantime
            if not mark.parent.name.startswith("."):
                found.append((mark.stat().st_mtime_ns, mark.parent))
    yield from (folder for _, folder in sorted(found, reverse=True))


def glance(folder: Path) -> dict[str, Any]:
    """Return what a run list shows of a run, without loading its numbers: plain values only.

    Raises:
        StoreError: The folder is damaged.
    """
    about, metrics, experiment = (_read(folder, name) for name in (_MARK, "metrics.json", "experiment.json"))
    try:
        return {
            "run": folder.name,
            "path": str(folder),
            "created": about["created"],
            "recipe": experiment["recipe"],
            "dataset": experiment["data"]["dataset"],
            "cell": experiment["model"]["cell"],
            "units": experiment["model"]["units"],
            "learning_rate": experiment["training"]["learning_rate"],
            "seed": experiment["seed"],
            "outcome": metrics["outcome"],
            "seconds": about["history"]["wall_seconds"],
            "metrics": metrics["metrics"],
        }
    except (LookupError, TypeError) as error:
        raise _damaged(folder, error) from None


def load(name: str | os.PathLike[str]) -> Run:
    """Return a saved run given its path, its name in the run list, or `latest`.

    Raises:
        UnknownNameError: There is none.
        StoreError: The folder is damaged, or from a newer version.
    """
    folder = find(name)
    about, figures, scaler = (_read(folder, file) for file in (_MARK, "metrics.json", "scaler.json"))
    version = about.get("schema_version")
    if isinstance(version, int) and version > SCHEMA_VERSION:
        raise StoreError(f"{folder.name} was saved by a newer rnnstudio (layout {version}); update to open it.")
    try:
        info = DataInfo.from_dict(_read(folder, "data.json"))
        run = Run(
            Experiment.from_json((folder / "experiment.json").read_text(encoding="utf-8")),
            History.from_parts(about["history"], _load_arrays(folder / "history.npz"), info),
            figures["metrics"],
            figures["baseline"],
            Scalers(
                *(Scaler(np.array(scaler[p]["mean"]), np.array(scaler[p]["scale"])) for p in ("inputs", "targets"))
            ),
            info,
            _load_arrays(folder / "weights.npz"),
            np.load(folder / "context.npy", allow_pickle=False),
            warnings=about["warnings"],
        )
    except (OSError, EOFError, ValueError, LookupError, TypeError, AttributeError, BadZipFile, zlib.error) as error:
        raise _damaged(folder, error) from None
    run.name, run.path = folder.name, str(folder)
    return run


def _read(folder: Path, name: str) -> dict[str, Any]:
    try:
        found = json.loads((folder / name).read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise StoreError(f"The run in {folder} is damaged: {name} cannot be read ({error}).") from None
    if not isinstance(found, dict):
        raise StoreError(f"The run in {folder} is damaged: {name} is not what was written there.")
    return found


def _damaged(folder: Path, error: Exception) -> StoreError:
    what = f"{error.args[0]!r} is missing" if isinstance(error, KeyError) else str(error)
    return StoreError(f"The run in {folder} is damaged and cannot be opened ({what}).")


def _load_arrays(file: Path) -> dict[str, NDArray[Any]]:
    with file.open("rb") as opened, np.load(opened, allow_pickle=False) as arrays:
        return {name: arrays[name] for name in arrays.files}
