"""Where things lie on this computer: the user's runs, settings and data, and the files that ship with the program."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

import platformdirs

from rnnstudio.core.errors import DataError


def home() -> Path:
    """Return the folder of runs and settings: `RNNSTUDIO_HOME`, else the system's place for user data."""
    chosen = os.environ.get("RNNSTUDIO_HOME")
    return Path(chosen).expanduser() if chosen else Path(platformdirs.user_data_dir("rnnstudio", appauthor=False))


def is_there(path: Path) -> bool:
    """Return whether something is there that this user may see; a folder that may not be entered shows nothing."""
    try:
        return path.exists()
    except OSError:
        return False


def why_unwritable(folder: Path) -> str:
    """Return why nothing can be written into a folder, or where it would be made; nothing where it can.

    It is tried for real: permissions alone say nothing about full or read-only disks.
    """
    there = next(p for p in (folder, *folder.absolute().parents) if is_there(p))
    try:
        with tempfile.TemporaryFile(dir=there) as file:
            file.write(b"x")
    except OSError as error:
        return error.strerror or str(error)
    return ""


def runs_folder() -> Path:
    """Return the folder that holds one folder per saved run."""
    return home() / "runs"


def downloads_folder() -> Path:
    """Return the folder of downloaded data sets: under `RNNSTUDIO_HOME`, else in the system's place for caches."""
    return _caches() / "downloads"


def compiled_folder() -> Path:
    """Return the folder of compiled programs: under `RNNSTUDIO_HOME`, else in the system's place for caches."""
    return _caches() / "compiled"


def _caches() -> Path:
    if os.environ.get("RNNSTUDIO_HOME"):
        return home()
    return Path(platformdirs.user_cache_dir("rnnstudio", appauthor=False))


def data_folders(name: str) -> list[Path]:
    """Return the folders in which the files of a data set are looked for, in this order, whether they exist or not.

    The first is the user's own, which `RNNSTUDIO_DATA` names; the last is that of downloads.
    """
    own = os.environ.get("RNNSTUDIO_DATA")
    return [*([Path(own).expanduser() / name] if own else []), downloads_folder() / name]


def existing(file: str) -> Path:
    """Return the path that the setting file names, `~` expanded.

    Raises:
        DataError: Nothing is there.
    """
    try:
        path = Path(file).expanduser()
        path.stat()
    except (OSError, ValueError, RuntimeError):  # a name that cannot be one, or a user who is not known
        raise DataError(f"There is no file or folder {file[:300]} that can be read. Check the setting file.") from None
    return path


def resource(name: str) -> Path:
    """Return the path of a file under `resources`, beside the package when installed, else in the checkout."""
    package = Path(__file__).resolve().parents[1]
    for base in (package / "resources", package.parent / "resources"):
        if (base / name).exists():
            return base / name
    raise FileNotFoundError(f"the program's own file {name!r} is missing; install rnnstudio again")
