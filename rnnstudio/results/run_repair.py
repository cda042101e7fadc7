"""What the folder of a run can be repaired with: rights of its owner, copies of its files, and weights of a checkpoint.

Only what has the recorded checksum counts as a copy.
"""

from __future__ import annotations

import hashlib
import io
import os
import stat
from collections.abc import Collection, Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

from rnnstudio.core.errors import DataError, StoreError
from rnnstudio.reading.archives import Folder
from rnnstudio.results.checked_files import RunFiles, read_arrays
from rnnstudio.results.file_writers import arrays_writer

_WEIGHTS = "weights.npz"
_ARRAYS_WITH_WEIGHTS = ("checkpoint.npz", "moment-")  # beginnings of names
_MAX_BYTES = 1 << 30  # of a file that can be a copy


def rights_given(folder: Path, *, repair: bool) -> tuple[bool, str, str] | None:
    """Give the owner of a run the right to read it.

    Args:
        folder: The folder of the run.
        repair: Whether rights may be changed.

    Returns:
        Whether the run may be read now, what was done, and what the user can do; None where it may be read anyway.
    """
    closed = _closed(folder)
    if closed is None:
        return None
    if not hasattr(os, "geteuid") or any(path.lstat().st_uid != os.geteuid() for path in closed):
        return False, "Nothing was changed.", "Ask its owner for the rights to read it."
    if not repair:
        return False, "Nothing was changed.", "rnnstudio doctor can repair it."
    while closed := _closed(folder) or []:  # of the folder first, then of what is in it
        for path in closed:
            mode = stat.S_IMODE(path.stat().st_mode)
            path.chmod(mode | (stat.S_IRWXU if path.is_dir() else stat.S_IRUSR | stat.S_IWUSR))
    return True, "Its owner may read and write it again.", ""


def _closed(folder: Path) -> list[Path] | None:
    """Return the folder, or the files in it, that may not be read; None where all may."""
    try:
        paths = list(folder.iterdir())
        closed = [path for path in paths if not _may_be_read(path)]
    except PermissionError:
        return [folder]
    except OSError:
        return None
    return closed or None


def _may_be_read(path: Path) -> bool:
    """Return whether a file may be read; raises PermissionError where its folder may not be entered."""
    if not stat.S_ISREG(path.lstat().st_mode):
        return True
    try:
        os.close(os.open(path, os.O_RDONLY))
    except PermissionError:
        return False
    return True


def whole_manifest(folder: Path) -> Path | None:
    """Return a complete `run.json` that a save had not renamed, and all of whose files are as it says, or None."""
    with suppress(OSError):
        for path in folder.glob(".*.part"):
            with suppress(StoreError, DataError, ValueError, LookupError):
                files = RunFiles(_Renamed(folder, path.name), folder)
                files.check_others()
                if files.rest["files"]:
                    return path
    return None


class _Renamed(Folder):
    """The files of a folder, one of them under the name `run.json`."""

    def __init__(self, path: Path, manifest: str) -> None:
        super().__init__(path, follows_links=False)
        self._manifest = manifest

    def __contains__(self, name: str) -> bool:
        return super().__contains__(self._manifest if name == "run.json" else name)

    def read(self, name: str) -> bytes:
        """Return the content of a file."""
        return super().read(self._manifest if name == "run.json" else name)


def copies_of(wanted: Mapping[str, Mapping[str, Any]], folder: Path, whole: Collection[str]) -> dict[str, bytes]:
    """Return the contents of files of a run that were found elsewhere in its folder, each with its checksum.

    Args:
        wanted: Name, bytes and SHA-256 of the files.
        folder: The folder.
        whole: Names of the files of the run that are as they were saved.
    """
    copies: dict[str, bytes] = {}
    for content in _contents(folder):
        for name, entry in wanted.items():
            if _is_as_saved(content, entry):
                copies[name] = content
    if _WEIGHTS in wanted and _WEIGHTS not in copies:
        for content in _rebuilt_weights(folder, whole):
            if _is_as_saved(content, wanted[_WEIGHTS]):
                copies[_WEIGHTS] = content
    return copies


def _is_as_saved(content: bytes, entry: Mapping[str, Any]) -> bool:
    return len(content) == entry["bytes"] and hashlib.sha256(content).hexdigest() == str(entry["sha256"])


def _contents(folder: Path) -> Iterator[bytes]:
    """Yield the contents of the files in a folder."""
    files = Folder(folder, follows_links=False)
    for path in sorted(folder.iterdir()):
        with suppress(OSError, DataError):
            if path.name in files and path.stat().st_size <= _MAX_BYTES:
                yield files.read(path.name)


def _rebuilt_weights(folder: Path, whole: Collection[str]) -> Iterator[bytes]:
    """Yield weights that other files of a run hold, as `weights.npz` would have them."""
    files = RunFiles.of_folder(folder)
    for name in whole:
        if not name.startswith(_ARRAYS_WITH_WEIGHTS):
            continue
        with suppress(OSError, ValueError, BadZipFile, StoreError, DataError):
            arrays = read_arrays(files, name)
            for part in ("weights/", "best/", ""):
                weights = {key.removeprefix(part): a for key, a in arrays.items() if key.startswith(part)}
                if weights:
                    stream = io.BytesIO()
                    arrays_writer(weights)(stream)
                    yield stream.getvalue()
