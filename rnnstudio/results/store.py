"""Runs as folders, or as one file: written to a temporary name and renamed, so that a run is whole or not there at all.

No pickle anywhere. A folder holds `experiment.json`, `history.npz`, `metrics.json`, `scaler.json`, `weights.npz`,
`data.json`, `versions.json`, `context.npy` (the end of a series, to forecast on from) and `run.json` (time, warnings,
what else the history knows).
"""

from __future__ import annotations

import contextlib
import io
import json
import os
import re
import shutil
import sys
import tempfile
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

from rnnstudio.core.errors import DataError, StoreError, UnknownNameError
from rnnstudio.core.experiment import Experiment
from rnnstudio.core.history import History
from rnnstudio.core.paths import runs_folder
from rnnstudio.core.scaling import Scaler, Scalers
from rnnstudio.core.sequence import DataInfo
from rnnstudio.core.upgrade import FORMAT_VERSION, upgrade_run
from rnnstudio.export.writing import write_file
from rnnstudio.reading.archives import Archive, Folder
from rnnstudio.results.run import Run
from rnnstudio.results.run_archive import archive_has, is_run_archive, open_run, pack

RUN_MARK = "run.json"  # what makes a folder a run


def write(run: Run, folder: Path) -> None:
    """Write the files of a run into a new folder."""
    folder.mkdir(parents=True)
    scalers = {
        part: {"mean": scaler.mean.tolist(), "scale": scaler.scale.tolist()}
        for part, scaler in (("inputs", run.scalers.inputs), ("targets", run.scalers.targets))
    }
    about = {
        "schema_version": FORMAT_VERSION,
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
    _json(folder / RUN_MARK, about)


def write_packed(run: Run, file: Path) -> Path:
    """Write a copy of a run as one file, which replaces a file of that name, and return its path.

    Raises:
        StoreError: It cannot be written; a file of that name stays as it was.
    """

    def fill(temporary: Path) -> None:
        with tempfile.TemporaryDirectory(prefix="rnnstudio-") as folder:
            write(run, Path(folder) / "run")
            pack(Path(folder) / "run", temporary)

    return write_file(file, fill)


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
        if target is not None and is_run_archive(target):
            final = write_packed(run, target)
        else:
            write(run, temporary)
            final = _rename_over(temporary, target) if target else _rename_new(temporary, parent, _stem(run))
    except OSError as error:
        shutil.rmtree(temporary, ignore_errors=True)
        raise StoreError(
            f"The run could not be saved in {parent}: {error.strerror or error}. Nothing that was saved before has "
            "changed; make room or choose another place."
        ) from None
    run.name, run.path = _name(final), str(final)
    return final


def _name(place: Path) -> str:
    return place.stem if is_run_archive(place) else place.name


def check_free(target: Path, *, overwrite: bool = False) -> None:
    """Refuse a place where something lies already; with `overwrite`, a run may be replaced, nothing else.

    Raises:
        StoreError: There is.
    """
    if _in_use(target):
        raise StoreError(f"{target} is there already and is no run, so it was left alone. Choose another place.")
    if target.exists() and _is_run(target) and not overwrite:
        raise StoreError(f"{target} holds a run already, which was left alone. Choose another place, or overwrite it.")


def _in_use(target: Path) -> bool:
    """Whether something is there that is no run; a folder that cannot be looked into counts."""
    try:
        return target.exists() and not _is_run(target) and not (target.is_dir() and not any(target.iterdir()))
    except OSError:
        return True


def _is_run(place: Path) -> bool:
    return archive_has(place, RUN_MARK) if is_run_archive(place) and place.is_file() else (place / RUN_MARK).is_file()


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
    """Return the folder, or the file, of a run given its path, its name in the run list, or `latest`.

    Raises:
        UnknownNameError: There is none.
    """
    path, is_folder, is_file = Path(name), False, False
    with contextlib.suppress(OSError, RuntimeError):  # too long for a path, or a home that nobody has: a name perhaps
        path = path.expanduser()
        is_folder, is_file = path.is_dir(), is_run_archive(path) and path.is_file()
    if is_file:
        return path.absolute()
    if is_folder and (path / RUN_MARK).is_file():
        return path.absolute()
    saved = list(folders())
    if str(name) == "latest" and saved:
        return saved[0]
    for folder in saved:
        if folder.name == str(name):
            return folder
    if is_folder:
        raise StoreError(f"{path} is a folder, but not of a saved run (it has no {RUN_MARK}).")
    raise UnknownNameError("run", str(name), [folder.name for folder in saved[:50]])


def folders() -> Iterator[Path]:
    """Yield the folders of the run list, newest first."""
    found, marks = [], []
    with suppress(OSError):  # a home that may not be entered
        marks = list(runs_folder().glob(f"*/{RUN_MARK}"))
    for mark in marks:
        with suppress(OSError):  # deleted by another process in the meantime
            if not mark.parent.name.startswith("."):
                found.append((mark.stat().st_mtime_ns, mark.parent))
    yield from (folder for _, folder in sorted(found, reverse=True))


def list_runs() -> tuple[list[dict[str, Any]], list[str]]:
    """Return what a run list shows, newest first, and a sentence for each run that cannot be read here."""
    found, problems = [], []
    for folder in folders():
        try:
            found.append(read_summary(folder))
        except StoreError as error:
            problems.append(str(error))
    return found, problems


def read_summary(folder: Path) -> dict[str, Any]:
    """Return what a run list shows of a run, without loading its numbers: plain values only.

    Raises:
        StoreError: The folder is damaged, or from a newer version.
    """
    files = Folder(folder)
    about, metrics, experiment = (_read(files, name) for name in (RUN_MARK, "metrics.json", "experiment.json"))
    version = _version(files, about)
    try:
        upgraded = upgrade_run({"metrics": metrics, "experiment": experiment}, version)
        metrics, experiment = upgraded["metrics"], upgraded["experiment"]
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
    except (LookupError, TypeError, AttributeError) as error:
        raise _damaged(files, error) from None


def load(name: str | os.PathLike[str]) -> Run:
    """Return a saved run given its path, its name in the run list, or `latest`.

    Raises:
        UnknownNameError: There is none.
        StoreError: It is damaged, or from a newer version.
    """
    place = find(name)
    try:
        with open_run(place) as files:
            run = _run(files)
    except DataError as error:
        raise StoreError(f"The run cannot be opened. {error}") from None
    run.name, run.path = _name(place), str(place)
    return run


def _run(files: Folder | Archive) -> Run:
    about, scaler = _read(files, RUN_MARK), _read(files, "scaler.json")
    version = _version(files, about)
    parts = {part: _read(files, f"{part}.json") for part in ("experiment", "metrics", "data")}
    try:
        columns = _load_arrays(files, "history.npz")
        upgraded = upgrade_run({**parts, "history": about["history"], "columns": columns}, version)
        info = DataInfo.from_dict(upgraded["data"])
        return Run(
            Experiment.from_json(json.dumps(upgraded["experiment"])),
            History.from_parts(upgraded["history"], upgraded["columns"], info),
            upgraded["metrics"]["metrics"],
            upgraded["metrics"]["baseline"],
            Scalers(
                *(Scaler(np.array(scaler[p]["mean"]), np.array(scaler[p]["scale"])) for p in ("inputs", "targets"))
            ),
            info,
            _load_arrays(files, "weights.npz"),
            np.load(io.BytesIO(_content(files, "context.npy")), allow_pickle=False),
            warnings=about["warnings"],
        )
    except (OSError, EOFError, ValueError, LookupError, TypeError, AttributeError, BadZipFile, zlib.error) as error:
        raise _damaged(files, error) from None


def _version(files: Folder | Archive, about: dict[str, Any]) -> int:
    """Return the format version that wrote a run, and refuse one that is newer than this program's."""
    version = about.get("schema_version")
    if not isinstance(version, int) or isinstance(version, bool) or version < 1:
        raise StoreError(f"The run in {files.title} is damaged: {RUN_MARK} names no format version.")
    if version > FORMAT_VERSION:
        raise StoreError(f"{files.title} was saved by a newer rnnstudio (format {version}); update to open it.")
    return version


def _content(files: Folder | Archive, name: str) -> bytes:
    if name not in files:
        raise StoreError(f"The run in {files.title} is damaged: {name} is missing.")
    return files.read(name)


def _read(files: Folder | Archive, name: str) -> dict[str, Any]:
    try:
        found = json.loads(_content(files, name))
    except (DataError, ValueError) as error:
        raise StoreError(f"The run in {files.title} is damaged: {name} cannot be read ({error}).") from None
    if not isinstance(found, dict):
        raise StoreError(f"The run in {files.title} is damaged: {name} is not what was written there.")
    return found


def _damaged(files: Folder | Archive, error: Exception) -> StoreError:
    if newer := _newer(files):
        return StoreError(
            f"The run in {files.title} was saved by rnnstudio {newer}; this is {_ours()} and cannot read it. "
            "Update to open it."
        )
    what = f"{error.args[0]!r} is missing" if isinstance(error, KeyError) else str(error)
    return StoreError(f"The run in {files.title} is damaged and cannot be opened ({what}).")


def _newer(files: Folder | Archive) -> str:
    """Return the version that saved a run where it is newer than this one, else nothing."""
    try:
        saved = str(_read(files, "versions.json")["rnnstudio"])
        return saved if _numbers(saved) > _numbers(_ours()) else ""
    except (StoreError, LookupError):
        return ""


def _ours() -> str:
    return versions().get("rnnstudio", "0")


def _numbers(version: str) -> list[int]:
    return [int(part) for part in re.findall(r"\d+", version)]


def _load_arrays(files: Folder | Archive, name: str) -> dict[str, NDArray[Any]]:
    with np.load(io.BytesIO(_content(files, name)), allow_pickle=False) as arrays:
        return {name: arrays[name] for name in arrays.files}
