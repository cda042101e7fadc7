"""A run as one file, to send or to double-click: a zip archive of its folder with the suffix .rnnrun."""

from __future__ import annotations

import zipfile
from pathlib import Path

from rnnstudio.core.errors import DataError
from rnnstudio.reading.archives import Archive
from rnnstudio.results.checked_files import RunFiles
from rnnstudio.results.run_folder import LOCK_FILE

RUN_SUFFIX = ".rnnrun"


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
    """Write the files of a run's folder into one archive."""
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for member in sorted(folder.iterdir()):
            if member.name != LOCK_FILE:
                archive.write(member, member.name)


def archive_has(file: Path, member: str) -> bool:
    """Return whether a file is a zip archive with this member."""
    try:
        with Archive(file, str(file)) as archive:
            return member in archive
    except DataError:
        return False
