"""Saving a run as a folder or a .rnnrun file, completely or not at all.

Files are written under a temporary name and renamed at the end.
"""

from __future__ import annotations

import os
import shutil
import tempfile
import time
from itertools import count
from pathlib import Path

from rnnstudio.core.errors import StoreError
from rnnstudio.core.paths import runs_folder
from rnnstudio.export.writing import write_file
from rnnstudio.results.contents import RunContents
from rnnstudio.results.run_archive import archive_has, is_run_archive, pack
from rnnstudio.results.run_files import RUN_FILE, write_run


def save_run(run: RunContents, target: Path | None, *, overwrite: bool = False) -> Path:
    """Save a run, set its name and path, and return the path.

    Args:
        run: The run.
        target: A folder or .rnnrun file; None for a new folder in the run list.
        overwrite: Whether another run at `target` may be replaced.

    Raises:
        StoreError: Something else is at `target`, or it cannot be written. Existing files stay unchanged.
    """
    target = target.expanduser().absolute() if target is not None else None
    if target is not None and str(target) != run.path:
        check_free(target, overwrite=overwrite)
    parent = target.parent if target is not None else runs_folder()
    temporary = parent / f".saving-{os.getpid()}-{time.monotonic_ns()}"
    try:
        parent.mkdir(parents=True, exist_ok=True)
        if target is not None and is_run_archive(target):
            path = write_run_archive(run, target)
        else:
            write_run(run, temporary)
            path = _replace(temporary, target) if target else add_numbered(temporary, parent, stem_of(run))
    except OSError as error:
        shutil.rmtree(temporary, ignore_errors=True)
        raise StoreError(
            f"The run could not be saved in {parent}: {error.strerror or error}. Nothing that was saved before has "
            "changed; free some space or choose another folder."
        ) from None
    run.name, run.path = run_name(path), str(path)
    return path


def write_run_archive(run: RunContents, file: Path) -> Path:
    """Write a copy of a run into one file, which replaces a file of that name, and return its path.

    Raises:
        StoreError: It cannot be written. An existing file stays unchanged.
    """

    def fill(temporary: Path) -> None:
        with tempfile.TemporaryDirectory(prefix="rnnstudio-") as folder:
            write_run(run, Path(folder) / "run")
            pack(Path(folder) / "run", temporary)

    return write_file(file, fill)


def check_free(target: Path, *, overwrite: bool = False) -> None:
    """Check that a run may be saved at a path: it is free, an empty folder or, with `overwrite`, another run.

    Raises:
        StoreError: It may not.
    """
    if _is_occupied(target):
        raise StoreError(f"{target} exists and is not a run, so it was left alone. Choose another path.")
    if target.exists() and _is_run(target) and not overwrite:
        raise StoreError(f"{target} holds a run already, which was left alone. Choose another path, or overwrite it.")


def run_name(path: Path) -> str:
    """Return the name of a run at a path."""
    return path.stem if is_run_archive(path) else path.name


def _is_occupied(target: Path) -> bool:
    """Return whether something other than a run is at a path; a folder that may not be read counts as occupied."""
    try:
        return target.exists() and not _is_run(target) and not (target.is_dir() and not any(target.iterdir()))
    except OSError:
        return True


def _is_run(path: Path) -> bool:
    if is_run_archive(path) and path.is_file():
        return archive_has(path, RUN_FILE)
    return (path / RUN_FILE).is_file()


def stem_of(run: RunContents) -> str:
    """Return the beginning of the name of a run in the run list, which a number follows."""
    return run.experiment.recipe or run.experiment.data.dataset


def add_numbered(temporary: Path, parent: Path, stem: str) -> Path:
    """Rename a folder to the next free name such as `airline-7`; safe where several processes save at once."""
    endings = [path.name.removeprefix(f"{stem}-") for path in parent.glob(f"{stem}-*")]
    for number in count(max((int(ending) for ending in endings if ending.isdecimal()), default=0) + 1):
        final = parent / f"{stem}-{number}"
        try:
            temporary.rename(final)
        except OSError:
            if not final.exists():
                raise
        else:
            return final
    raise AssertionError("count() never ends")


def _replace(temporary: Path, final: Path) -> Path:
    """Rename a folder to its final name; a folder of that name is put back if that fails."""
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
