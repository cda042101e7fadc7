"""Paths on this computer: the user's runs, settings and data, and the files that come with the program."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

import platformdirs

from rnnstudio.core.errors import DataError


def home() -> Path:
    """Return the folder of runs and settings: `RNNSTUDIO_HOME`, else the system's folder for user data."""
    chosen = os.environ.get("RNNSTUDIO_HOME")
    return Path(chosen).expanduser() if chosen else Path(platformdirs.user_data_dir("rnnstudio", appauthor=False))


def is_there(path: Path) -> bool:
    """Return whether a path exists; False where the user has no permission to check."""
    try:
        return path.exists()
    except OSError:
        return False


def why_unwritable(folder: Path) -> str:
    """Return the reason why a folder, which need not exist yet, cannot be written to; empty where it can.

    It writes a temporary file, because permissions say nothing about full or read-only disks.
    """
    existing_folder = next(p for p in (folder, *folder.absolute().parents) if is_there(p))
    try:
        with tempfile.TemporaryFile(dir=existing_folder) as file:
            file.write(b"x")
    except OSError as error:
        return error.strerror or str(error)
    return ""


def runs_folder() -> Path:
    """Return the folder that holds one folder per saved run."""
    return home() / "runs"


def downloads_folder() -> Path:
    """Return the folder of downloaded data sets: under `RNNSTUDIO_HOME`, else in the system's folder for caches."""
    return _caches() / "downloads"


def compiled_folder() -> Path:
    """Return the folder of compiled programs: under `RNNSTUDIO_HOME`, else in the system's folder for caches."""
    return _caches() / "compiled"


def _caches() -> Path:
    if os.environ.get("RNNSTUDIO_HOME"):
        return home()
    return Path(platformdirs.user_cache_dir("rnnstudio", appauthor=False))


def data_folders(name: str) -> list[Path]:
    """Return the folders to search for the files of a data set, in this order; they need not exist.

    The first is in the user's folder `RNNSTUDIO_DATA`, the last is that of downloads.
    """
    own = os.environ.get("RNNSTUDIO_DATA")
    return [*([Path(own).expanduser() / name] if own else []), downloads_folder() / name]


def existing(file: str) -> Path:
    """Return the path in the setting `file`, with `~` expanded.

    Raises:
        DataError: The file or folder does not exist.
    """
    try:
        path = Path(file).expanduser()
        path.stat()
    except (OSError, ValueError, RuntimeError):  # an invalid name, or an unknown user
        raise DataError(f"There is no file or folder {file[:300]} that can be read. Check the setting file.") from None
    return path


def resource(name: str) -> Path:
    """Return the path of a file in `resources`: in the installed package, else in the checkout.

    >>> resource("data/airline.csv").name
    'airline.csv'
    """
    package = Path(__file__).resolve().parents[1]
    for base in (package / "resources", package.parent / "resources"):
        if (base / name).exists():
            return base / name
    raise FileNotFoundError(f"the program's own file {name!r} is missing; install rnnstudio again")
