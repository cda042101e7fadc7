"""The .rnnrun file that a training in the run list becomes when it ends.

Until then the folder of the run names it in `run.json`, so that a process that goes on with the training knows it. The
file is replaced only while it is the one that the training went on from.
"""

from __future__ import annotations

import hashlib
import re
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Self

from rnnstudio.core.disk_remedies import remedy
from rnnstudio.core.errors import DataError, StoreError
from rnnstudio.export.writing import write_file
from rnnstudio.reading.archives import Archive
from rnnstudio.results.checked_files import NOTES_FILE, RunFiles
from rnnstudio.results.run_archive import is_run_archive, pack
from rnnstudio.results.run_notes import copy_notes
from rnnstudio.results.store_entries import run_folders

FIELD = "file"  # of `run.json`


@dataclass(frozen=True)
class FileTarget:
    """A .rnnrun file that a training becomes.

    Attributes:
        path: The file.
        sha256: The SHA-256 of what is in the file that it replaces, but for name and note; empty where it is a new one.
    """

    path: str
    sha256: str = ""

    @classmethod
    def of_file(cls, file: Path) -> Self:
        """Return the target of a training that goes on from a file.

        Raises:
            StoreError: It cannot be read.
        """
        try:
            return cls(str(file.absolute()), _digest(file))
        except OSError as error:
            raise StoreError(f"{file} cannot be read: {error.strerror or error}. {remedy(error)}.") from None

    @classmethod
    def of_run(cls, files: RunFiles) -> Self | None:
        """Return the target of a training that has not ended; None where its run stays in its folder."""
        plain = files.rest.get(FIELD)
        if not isinstance(plain, dict) or not all(isinstance(plain.get(name), str) for name in ("path", "sha256")):
            return None  # of a damaged one, whoever reads the run says so
        return cls(plain["path"], plain["sha256"]) if is_run_archive(Path(plain["path"])) else None

    @property
    def stem(self) -> str:
        """The beginning of the name of the run in the run list; empty where the file has a name that no run gets."""
        return re.sub(r"[^A-Za-z0-9_-]+", "-", Path(self.path).stem)[:60].strip("-")

    def write(self, folder: Path) -> Path:
        """Make the file of the folder of a run that has ended, and return it.

        Raises:
            StoreError: It cannot be written, or another file is there now, which is left alone.
        """
        file = Path(self.path)
        self.check_unchanged()
        _take_newer_notes(file, folder)
        return write_file(file, lambda part: pack(folder, part))

    def check_unchanged(self) -> None:
        """Check that the file is still the one that the training went on from, or is not there.

        Raises:
            StoreError: It is another one.
        """
        file = Path(self.path)
        try:
            is_other = file.is_symlink() or (file.exists() and (not self.sha256 or _digest(file) != self.sha256))
        except DataError:
            is_other = True  # no archive any more
        except OSError as error:
            raise StoreError(f"{file} cannot be replaced: {error.strerror or error}. {remedy(error)}.") from None
        if is_other:
            raise StoreError(
                f"{file} is not the file that the training began with, so it was left alone, and the run is in the run "
                "list. Save it under another name."
            )


def _digest(file: Path) -> str:
    """Return the SHA-256 of the files in a .rnnrun file but for name and note, which may change while a run trains.

    Raises:
        DataError: It is no archive.
        OSError: It cannot be read.
    """
    digest = hashlib.sha256()
    with Archive(file, str(file)) as archive:
        for name in sorted(archive.names):
            if name != NOTES_FILE:
                digest.update(hashlib.sha256(name.encode()).digest() + hashlib.sha256(archive.read(name)).digest())
    return digest.hexdigest()


def _take_newer_notes(file: Path, folder: Path) -> None:
    """Give a folder the name and note of a file, where they were changed there last."""
    with suppress(OSError):
        notes = folder / NOTES_FILE
        if file.exists() and (not notes.exists() or notes.stat().st_mtime_ns < file.stat().st_mtime_ns):
            copy_notes(file, folder)


def in_run_file(target: FileTarget | None) -> dict[str, Any]:
    """Return what `run.json` says of the file that a training becomes; nothing for none."""
    return {} if target is None else {FIELD: asdict(target)}


def path_at_end(path: Path) -> Path:
    """Return where a run is when its training has ended: its own path, or that of the file it is to become."""
    if path.is_dir():
        with suppress(StoreError):
            target = FileTarget.of_run(RunFiles.of_folder(path))
            return path if target is None else Path(target.path)
    return path


def folder_that_becomes(file: Path) -> Path | None:
    """Return the run of the run list that becomes a .rnnrun file when its training ends; None where none does."""
    stem = FileTarget(str(file)).stem  # with which the names of these runs begin
    for folder in run_folders():
        if folder.name.startswith(stem) and path_at_end(folder) == file.absolute():
            return folder
    return None
