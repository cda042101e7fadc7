"""Saving a run as a folder or a .rnnrun file, completely or not at all.

A new folder is written under a temporary name and renamed; the folder of a run gets its new state in one step
(`results/run_folder.py`).
"""

from __future__ import annotations

import os
import shutil
import tempfile
import time
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from rnnstudio.core.disk_remedies import remedy
from rnnstudio.core.durable import sync_folder
from rnnstudio.core.errors import DataError, StoreError
from rnnstudio.core.paths import runs_folder
from rnnstudio.export.writing import write_file
from rnnstudio.results.checked_files import NOTES_FILE, RUN_FILE, RunFiles
from rnnstudio.results.contents import RunContents
from rnnstudio.results.copied_state import has_weights_of, state_writers
from rnnstudio.results.folder_names import free_names, take_name
from rnnstudio.results.leftovers import delete_leftovers
from rnnstudio.results.run_archive import archive_has, is_run_archive, open_run, pack
from rnnstudio.results.run_files import created_in, write_run
from rnnstudio.results.run_folder import Write, commit, has_checksums, locked, make_folder
from rnnstudio.results.run_notes import copy_notes


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
    delete_leftovers()
    temporary = parent / f".saving-{os.getpid()}-{time.monotonic_ns()}"
    try:
        parent.mkdir(parents=True, exist_ok=True)
        if target is not None and is_run_archive(target):
            path = write_run_archive(run, target)
        elif target is not None and _is_run(target):
            path = target
            with locked(target):
                created = created_in(target) if str(target) == run.path else ""
                write_run(run, target, created=created, files=state_writers(run))
                if str(target) != run.path:  # those of the run that was there before are not its own
                    (target / NOTES_FILE).unlink(missing_ok=True)
                    copy_own_notes(run, target)
        else:
            make_folder(temporary)
            with locked(temporary):
                write_run(run, temporary, files=state_writers(run))
                copy_own_notes(run, temporary)
            path = _renamed(temporary, target) if target else add_numbered(temporary, parent, stem_of(run))
    except OSError as error:
        raise not_saved(parent, error) from None
    finally:
        shutil.rmtree(temporary, ignore_errors=True)  # where it has no other name now
    run.name, run.path = run_name(path), str(path)
    run.warnings = [sentence for sentence in run.warnings if sentence != run.save_problem]
    if run.moments is not None:
        run.moments.saved_at(path)
    return path


def save_part(run: RunContents, files: Mapping[str, Write]) -> None:
    """Add files to those of a saved run, whose others stay as they are.

    Args:
        run: The run; files of an earlier format, and archives, are written anew.
        files: The function that writes each file, by name.

    Raises:
        StoreError: It has other weights by now, or it cannot be written. Existing files stay unchanged.
    """
    folder = Path(run.path)
    _check_same_weights(run, folder)
    try:
        if is_run_archive(folder) or not has_checksums(folder):
            save_run(run, folder)
            return
        with locked(folder):
            rest = RunFiles.of_folder(folder).rest
            commit(folder, files, {name: value for name, value in rest.items() if name != "files"}, rest["files"])
    except OSError as error:
        raise not_saved(folder.parent, error) from None


def _check_same_weights(run: RunContents, path: Path) -> None:
    """Check that the saved run at a path is this one, so that nothing of older weights is saved with newer ones.

    Raises:
        StoreError: Its training went on, or another run is there.
    """
    is_same = True
    with suppress(OSError, DataError, StoreError), open_run(path) as files:  # whoever writes to it says what is wrong
        is_same = has_weights_of(run, files)
    if not is_same:
        raise StoreError(
            f"{run.name} has other weights by now: its training went on, or another run was saved in its place, after "
            "it was opened. So nothing was saved with it. Use the run that resume returned, or load it again."
        )


def write_run_archive(run: RunContents, file: Path) -> Path:
    """Write a copy of a run into one file, which replaces a file of that name, and return its path.

    Raises:
        StoreError: It cannot be written. An existing file stays unchanged.
    """

    def fill(temporary: Path) -> None:
        with tempfile.TemporaryDirectory(prefix="rnnstudio-") as folder:
            write_run(run, Path(folder) / "run", files=state_writers(run))
            copy_own_notes(run, Path(folder) / "run")
            pack(Path(folder) / "run", temporary)

    return write_file(file, fill)


def copy_own_notes(run: RunContents, folder: Path) -> None:
    """Give a new copy of a run its name and note, where it is saved elsewhere."""
    if run.path:
        copy_notes(Path(run.path), folder)


def not_saved(parent: Path, error: OSError) -> StoreError:
    """Return the error for a run that could not be saved."""
    return StoreError(
        f"The run could not be saved in {parent}: {error.strerror or error}. Nothing that was saved before has "
        f"changed. {remedy(error)}, or choose another folder."
    )


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
    return take_name(temporary, free_names(parent, stem))


def _renamed(temporary: Path, final: Path) -> Path:
    """Rename a folder to a name that is free, or that of an empty folder, and bring the name to the disk."""
    if final.is_dir():
        final.rmdir()  # Windows does not rename to the name of another folder
    temporary.rename(final)
    sync_folder(final.parent)
    return final
