"""A run as one file, to send or to double-click: a zip archive of its folder with the suffix .rnnrun."""

from __future__ import annotations

import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from rnnstudio.core.errors import DataError
from rnnstudio.reading.archives import Archive, Folder
from rnnstudio.results.checked_files import NOTES_FILE, RUN_FILE, RunFiles, manifest
from rnnstudio.results.run_folder import Write, commit

RUN_SUFFIX = ".rnnrun"
STATE_FILES = ("checkpoint.json", "checkpoint.npz")
MAX_STATE_BYTES = 256 << 20  # of the state of a training in one file, which is read in memory
_OF_THE_FOLDER = ("process", "file", "files")  # what `run.json` says of a folder in the run list


def is_run_archive(path: Path) -> bool:
    """Return whether a path has the suffix of a run archive; the file need not exist."""
    return path.suffix.lower() == RUN_SUFFIX


def open_run(path: Path) -> RunFiles:
    """Return the files of a run, which is a folder or an archive.

    Raises:
        DataError: The file is not a zip archive, or is unsafe to open.
    """
    if is_run_archive(path) and path.is_file():
        return RunFiles(Archive(path, str(path)), path)
    return RunFiles.of_folder(path)


def pack(folder: Path, file: Path) -> None:
    """Write the files of a run's folder into one archive; a state of its training that is too large is left out."""
    rest = RunFiles.of_folder(folder).rest
    stored = dict(rest["files"])
    if sum(stored[name]["bytes"] for name in STATE_FILES if name in stored) > MAX_STATE_BYTES:
        stored = {name: entry for name, entry in stored.items() if name not in STATE_FILES}
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in sorted(entry["stored"] for entry in stored.values()):
            archive.write(folder / name, name)
        archive.writestr(RUN_FILE, manifest(_without(rest), stored))
        notes = Folder(folder, follows_links=False)
        if NOTES_FILE in notes:
            archive.writestr(NOTES_FILE, notes.read(NOTES_FILE))


def unpack(files: RunFiles, folder: Path, more: Mapping[str, Any]) -> None:
    """Write the files of an archive into a new folder of the run list.

    Args:
        files: The files of a run.
        folder: The folder.
        more: What `run.json` says besides.

    Raises:
        OSError: They cannot be written.
        DataError, StoreError: They cannot be read.
    """
    commit(folder, {name: _copier(files, name) for name in files.names}, {**_without(files.rest), **more})


def _copier(files: RunFiles, name: str) -> Write:
    return lambda out: out.write(files.read(name))


def _without(rest: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in rest.items() if name not in _OF_THE_FOLDER}


def archive_has(file: Path, member: str) -> bool:
    """Return whether a file is a zip archive with this member."""
    try:
        with Archive(file, str(file)) as archive:
            return member in archive
    except DataError:
        return False
