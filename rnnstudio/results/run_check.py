"""Checking the folder of a run against its checksums, and repairing what can be repaired.

Nothing is changed where the run could not be opened afterwards.
"""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path
from typing import Any, BinaryIO

from rnnstudio.core.disk_remedies import remedy
from rnnstudio.core.durable import sync_folder
from rnnstudio.core.errors import DataError, NewerVersionError, StoreError
from rnnstudio.core.wording import enumeration
from rnnstudio.results.checked_files import RUN_FILE, RunFiles
from rnnstudio.results.leftovers import old_parts
from rnnstudio.results.run_folder import Write, commit, is_locked, locked, sha256_of
from rnnstudio.results.run_notes import notes_at
from rnnstudio.results.run_reading import read_run
from rnnstudio.results.run_repair import copies_of, rights_given, whole_manifest

# What a run opens without, and what is lost with it.
_PARTS = (
    (r"checkpoint\.(json|npz)", "its checkpoint, without which its training cannot go on"),
    (r"moment-\d+\.npz", "weights of an update that it had kept"),
    (r"arrays\.(json|npz)", "the arrays it was trained on, which `resume` now takes again"),
    (r"backtest\.(json|npz)", "its backtest, which can be made again"),
    (r"refit\.(json|npz)", "its weights of all rows; forecasts use those of the training"),
    (r"calibration\.npz", "what its bands need; forecasts have none now"),
    (r"predictions\.npz", "the table of its predictions"),
    (r"plan\.npy", "what was known ahead; a plan can be given again"),
    (r"versions\.json", "the versions of the packages it was trained with"),
)

_LATER = "rnnstudio doctor can repair it."


@dataclass(frozen=True)
class Finding:
    """What was found in a run.

    Attributes:
        run: Its name.
        path: Its folder.
        found: What was found, a sentence.
        done: What was done, a sentence.
        advice: What the user can do, a sentence; empty where that is nothing.
        is_damaged: Whether damage remains.
    """

    run: str
    path: str
    found: str
    done: str
    advice: str = ""
    is_damaged: bool = False

    def to_dict(self) -> dict[str, Any]:
        """Return the finding as plain values."""
        return asdict(self)


def check_run(folder: Path, *, repair: bool = True) -> list[Finding]:
    """Check the folder of a run and repair what can be repaired; return what was found, nothing for a whole run.

    Args:
        folder: The folder.
        repair: Whether anything may be changed.
    """
    try:
        return _check(folder, repair=repair)
    except OSError as error:
        found, done = f"It cannot be checked: {error.strerror or error}.", "The check of this run has ended there."
        return [Finding(folder.name, str(folder), found, done, f"{remedy(error)}, and try again.", is_damaged=True)]


def _check(folder: Path, *, repair: bool) -> list[Finding]:
    finding = partial(Finding, folder.name, str(folder))
    with suppress(OSError):
        if is_locked(folder):
            return [finding("Another process trains or writes this run.", "It was not checked.")]
    findings = []
    if (closed := rights_given(folder, repair=repair)) is not None:
        may_be_read, done, advice = closed
        findings = [finding("The run may not be read.", done, advice, not may_be_read)]
        if not may_be_read:
            return findings
    if problem := notes_at(folder).problem:
        findings.append(finding(problem, "Nothing was changed; the results of the run do not depend on it."))
    with _lock(folder, repair=repair) as later:
        return [*findings, *_check_files(folder, finding, later)]


@contextmanager
def _lock(folder: Path, *, repair: bool) -> Iterator[str]:
    """Hold the lock of a folder; yield how its files can be changed later where they cannot be changed now."""
    with ExitStack() as stack:
        later = "" if repair else _LATER
        if repair:
            try:
                stack.enter_context(locked(folder, seconds=1.0))
            except StoreError as error:
                later = str(error)
            except OSError as error:
                later = f"Its folder cannot be written to: {error.strerror or error}. {remedy(error)}, and try again."
        yield later


def _check_files(folder: Path, finding: Callable[..., Finding], later: str) -> list[Finding]:
    """Check the files of a run; `later` says how they can be repaired where nothing may be changed now."""
    findings = []
    delete = f"Copy its folder from a backup, or delete the run: rnnstudio delete {folder.name}"
    nothing = "Nothing was changed."
    try:
        rest = RunFiles.of_folder(folder).rest
    except NewerVersionError as error:
        return [finding(str(error), nothing)]
    except (StoreError, DataError) as error:
        part = whole_manifest(folder)
        if part is None:
            return [finding(str(error), nothing, delete, is_damaged=True)]
        if later:
            return [finding(str(error), nothing, later, is_damaged=True)]
        part.replace(folder / RUN_FILE)
        sync_folder(folder)
        rest = RunFiles.of_folder(folder).rest
        findings.append(finding(str(error), f"A complete {RUN_FILE}, which a save had left, took its place."))
    if bad := _altered(folder, rest.get("files", {})):
        return [*findings, _repair_files(folder, rest, bad, finding, delete, later)]
    try:
        read_run(RunFiles.of_folder(folder))
    except (StoreError, DataError) as error:
        return [*findings, finding(str(error), nothing, delete, is_damaged=True)]
    if not later and (parts := old_parts(folder)):
        for path in parts:
            path.unlink()
        count = "an unfinished file" if len(parts) == 1 else f"{len(parts)} unfinished files"
        done = "It was deleted." if len(parts) == 1 else "They were deleted."
        findings.append(finding(f"A save had left {count}.", done))
    return findings


def _altered(folder: Path, files: dict[str, dict[str, Any]]) -> list[str]:
    """Return the names of the files that are missing, or not as they were saved."""
    return [name for name, entry in files.items() if not _is_as_saved(folder / entry["stored"], entry)]


def _is_as_saved(file: Path, entry: dict[str, Any]) -> bool:
    with suppress(OSError):
        if file.is_file() and not file.is_symlink() and file.stat().st_size == entry["bytes"]:
            return sha256_of(file) == str(entry["sha256"])
    return False


def _repair_files(
    folder: Path, rest: dict[str, Any], bad: list[str], finding: Callable[..., Finding], delete: str, later: str
) -> Finding:
    """Repair files of a run that are not as they were saved, or say that this is not possible.

    Args:
        folder: Its folder.
        rest: What `run.json` says.
        bad: Names of the files.
        finding: Makes the result.
        delete: What the user can do where the run cannot be repaired.
        later: How it can be repaired where nothing may be changed now.
    """
    files = rest["files"]
    found = f"Not as they were saved: {enumeration(bad)}." if len(bad) > 1 else f"{bad[0]} is not as it was saved."
    copies = copies_of({name: files[name] for name in bad}, folder, set(files) - set(bad))
    lost = {name: _part(name) for name in bad if name not in copies}
    if not all(lost.values()):
        return finding(found, "Nothing was changed.", delete, is_damaged=True)
    if later:
        return finding(found, "Nothing was changed.", later, is_damaged=True)
    stems = {name.partition(".")[0] for name in lost}  # the two files of a part go together
    keep = [name for name in files if name not in bad and not (_part(name) and name.partition(".")[0] in stems)]
    writers: dict[str, Write] = {name: partial(_write, content) for name, content in copies.items()}
    try:
        for name in bad:
            _delete(folder / files[name]["stored"])
        status = (folder / RUN_FILE).stat()
        commit(folder, writers, {name: value for name, value in rest.items() if name != "files"}, keep)
        os.utime(folder / RUN_FILE, ns=(status.st_atime_ns, status.st_mtime_ns))  # its place in the run list
    except OSError as error:
        reason = error.strerror or str(error)
        return finding(
            found, f"It could not be repaired: {reason}.", f"{remedy(error)}, and try again.", is_damaged=True
        )
    done = [f"{enumeration(list(copies))} was written anew, as it had been."] if copies else []
    done += [f"Taken out of the run: {reason}." for reason in dict.fromkeys(lost.values())]
    return finding(found, " ".join(done))


def _delete(path: Path) -> None:
    """Delete what stands in the place of a file, also where it is a folder."""
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)


def _part(name: str) -> str:
    """Return what is lost without a file; empty where the run does not open without it."""
    return next((lost for pattern, lost in _PARTS if re.fullmatch(pattern, name)), "")


def _write(content: bytes, file: BinaryIO) -> None:
    file.write(content)
