"""A run as one file to send or to double-click: a zip archive of its folder, called `.rnnrun`."""

from __future__ import annotations

import zipfile
from pathlib import Path

from rnnstudio.core.errors import DataError
from rnnstudio.reading.archives import Archive, Folder

PACKED = ".rnnrun"


def is_packed(path: Path) -> bool:
    """Return whether a path is that of a run as one file, by its name."""
    return path.suffix.lower() == PACKED


def opened(path: Path) -> Folder | Archive:
    """Return the files of a run, whichever way it is kept.

    Raises:
        DataError: The file is no archive, or not one to be trusted.
    """
    return Archive(path, str(path)) if is_packed(path) and path.is_file() else Folder(path)


def pack(folder: Path, file: Path) -> None:
    """Write the files of a run's folder into one file."""
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for part in sorted(folder.iterdir()):
            archive.write(part, part.name)


def holds(file: Path, mark: str) -> bool:
    """Return whether a file is a run, which is known by its member `mark`."""
    try:
        with Archive(file, str(file)) as archive:
            return mark in archive
    except DataError:
        return False
