"""The folder of a run: written so that at every moment it holds the previous or the new state, whole.

`run.json` names every other file with its size and SHA-256. New contents are written beside the old ones under a free
name, and count only when `run.json` is replaced, in one rename. After it files that nothing names are deleted.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import secrets
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager, suppress
from functools import cached_property
from pathlib import Path
from typing import Any, BinaryIO, Protocol, Self

from filelock import FileLock, Timeout

from rnnstudio.core.errors import DataError, StoreError
from rnnstudio.core.upgrade import FORMAT_VERSION
from rnnstudio.reading.archives import Archive, Folder

RUN_FILE = "run.json"  # a folder with this file is a run
LOCK_FILE = "run.lock"
CHECKED_VERSION = 5  # the first format whose files are named with their checksums
Write = Callable[[BinaryIO], object]
Stored = dict[str, dict[str, Any]]  # name -> `stored`, `bytes` and `sha256`
_BLOCK = 1 << 20


def commit(folder: Path, files: Mapping[str, Write], rest: Mapping[str, Any], keep: Collection[str] = ()) -> None:
    """Write files of a run and `run.json`; until the last step the folder holds what it held before.

    Args:
        folder: An existing folder, of this run or empty.
        files: The function that writes each file, by name.
        rest: The other contents of `run.json`.
        keep: Names of files that stay as they are, where they exist.

    Raises:
        OSError: A file cannot be written; the run remains as it was.
    """
    before = _stored_in(folder)
    stored: Stored = {name: before[name] for name in keep if name in before and name not in files}
    new: list[Path] = []
    try:
        for name, write in files.items():
            path = _write_new(folder, write, new)
            entry = {"bytes": path.stat().st_size, "sha256": _sha256(path)}
            known = before.get(name, {})
            if all(known.get(field) == value for field, value in entry.items()) and (folder / known["stored"]).exists():
                stored[name] = known
                continue
            final = _free_name(folder, name)
            path.rename(final)
            new.append(final)
            stored[name] = {"stored": final.name, **entry}
        plain = {**rest, "files": stored}
        text = json.dumps({**plain, "sha256": _sha256_of(plain)}, indent=2) + "\n"
        manifest = _write_new(folder, lambda file: file.write(text.encode()), new)
        _sync_folder(folder)
        manifest.replace(folder / RUN_FILE)
    except BaseException:
        for path in new:
            path.unlink(missing_ok=True)
        raise
    _sync_folder(folder)
    named = {RUN_FILE, LOCK_FILE, *(entry["stored"] for entry in stored.values())}
    for path in folder.iterdir():
        if path.name not in named:
            with suppress(OSError):
                path.unlink()


@contextmanager
def locked(folder: Path, seconds: float = 10.0) -> Iterator[None]:
    """Hold the lock of a run's folder, which its writers share: a training holds it from its start to its end.

    Args:
        folder: The folder.
        seconds: How long to wait for another process.

    Raises:
        StoreError: Another process holds it.
        OSError: The folder cannot be written to.
    """
    lock = FileLock(folder / LOCK_FILE, timeout=seconds)
    try:
        lock.acquire()
    except Timeout:
        raise StoreError(
            f"{folder.name} is in use by another process, which trains or saves it. Wait until it has ended."
        ) from None
    try:
        yield
    finally:
        lock.release()


def has_checksums(folder: Path) -> bool:
    """Return whether a folder holds a run of a format with checksums."""
    return bool(_stored_in(folder))


def _write_new(folder: Path, write: Write, new: list[Path]) -> Path:
    """Write a file under a random name, to the disk itself; it is appended to `new` before anything is written."""
    path = folder / f".{secrets.token_hex(8)}.part"
    with path.open("xb") as file:
        new.append(path)
        write(file)
        file.flush()
        os.fsync(file.fileno())
    return path


def _free_name(folder: Path, name: str) -> Path:
    """Return a path for a file that does not exist yet: its name, else with a number, as in `weights-2.npz`."""
    path, number = folder / name, 1
    while path.exists():
        number += 1
        path = folder / f"{Path(name).stem}-{number}{Path(name).suffix}"
    return path


def _sync_folder(folder: Path) -> None:
    """Bring the names in a folder to the disk, where the system can."""
    with suppress(OSError):  # Windows cannot open a folder
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def _stored_in(folder: Path) -> Stored:
    """Return the files that `run.json` of a folder names; empty where there is none that can be read."""
    try:
        files = json.loads((folder / RUN_FILE).read_bytes())["files"]
    except (OSError, ValueError, LookupError, TypeError, RecursionError):
        return {}
    return files if _are_stored(files) else {}


def _are_stored(files: Any) -> bool:
    """Return whether a value names files in the folder itself, with size and checksum."""
    return isinstance(files, dict) and all(
        isinstance(entry, dict)
        and entry.keys() == {"stored", "bytes", "sha256"}
        and isinstance(entry["bytes"], int)
        and isinstance(entry["sha256"], str)
        and isinstance(entry["stored"], str)
        and re.fullmatch(r"[A-Za-z0-9_-]+\.(json|npz|npy)", entry["stored"]) is not None
        for entry in files.values()
    )


def _sha256(path: Path) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while block := file.read(_BLOCK):
            digest.update(block)
    return digest.hexdigest()


def _sha256_of(plain: Mapping[str, Any]) -> str:
    return hashlib.sha256(json.dumps(plain, sort_keys=True).encode()).hexdigest()


class Files(Protocol):
    """Files by name: those of a run, of a folder, or of an archive."""

    @property
    def title(self) -> str:
        """Where they are, for messages."""

    def __contains__(self, name: str, /) -> bool:
        """Return whether there is such a file."""

    def read(self, name: str) -> bytes:
        """Return its content."""


class RunFiles:
    """The files of a run by their names, each compared with the size and checksum that `run.json` names.

    Files of formats without checksums are read as they are. `run.json` is read when it is first needed.

    Args:
        files: The folder or archive of the run.
    """

    def __init__(self, files: Folder | Archive) -> None:
        self.title, self._files = files.title, files
        self._checked: set[str] = set()

    @cached_property
    def rest(self) -> dict[str, Any]:
        """The contents of `run.json`.

        Raises:
            StoreError: It is missing, damaged, or of no or of a newer format.
        """
        plain = read_json(self._files, RUN_FILE)
        version = plain.get("schema_version")
        if not isinstance(version, int) or isinstance(version, bool) or version < 1:
            raise self.damaged(f"{RUN_FILE} has no format version")
        if version > FORMAT_VERSION:
            raise StoreError(f"{self.title} was saved by a newer rnnstudio (format {version}); update to open it.")
        if version >= CHECKED_VERSION:
            if plain.pop("sha256", None) != _sha256_of(plain):
                raise self.damaged(f"{RUN_FILE} does not match its checksum")
            if not _are_stored(plain.get("files")):
                raise self.damaged(f"{RUN_FILE} names no files")
        return plain

    def damaged(self, reason: str) -> StoreError:
        """Return the error for a damaged run."""
        return StoreError(f"The run in {self.title} is damaged: {reason}.")

    @property
    def version(self) -> int:
        """The format of the run."""
        return int(self.rest["schema_version"])

    def __contains__(self, name: str) -> bool:
        if self.version < CHECKED_VERSION:
            return name in self._files
        return name in self.rest["files"]

    def read(self, name: str) -> bytes:
        """Return the content of a file.

        Raises:
            DataError: It cannot be read.
            StoreError: It is missing, or not the file that was saved.
        """
        if name not in self:
            raise self.damaged(f"{name} is missing")
        if self.version < CHECKED_VERSION:
            return self._files.read(name)
        entry = self.rest["files"][name]
        if entry["stored"] not in self._files:
            raise self.damaged(f"{name} is missing")
        content = self._files.read(entry["stored"])
        if len(content) != entry["bytes"] or hashlib.sha256(content).hexdigest() != entry["sha256"]:
            raise self.damaged(f"{name} is not as it was saved")
        self._checked.add(name)
        return content

    def check_others(self) -> None:
        """Compare the files that were not read with their checksums, too.

        Raises:
            StoreError: One is not the file that was saved.
        """
        for name in self.rest.get("files", {}):
            if name not in self._checked:
                self.read(name)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: Any) -> None:
        """Close the archive."""
        self._files.__exit__(*error)


def read_json(files: Files, name: str) -> dict[str, Any]:
    """Return the object in a JSON file of a run.

    Raises:
        StoreError: The file is missing or damaged.
    """
    if name not in files:
        raise StoreError(f"The run in {files.title} is damaged: {name} is missing.")
    try:
        value = json.loads(files.read(name))
    except RecursionError:
        raise StoreError(f"The run in {files.title} is damaged: {name} is nested too deeply.") from None
    except (DataError, ValueError) as error:
        raise StoreError(f"The run in {files.title} is damaged: {name} cannot be read ({error}).") from None
    if not isinstance(value, dict):
        raise StoreError(f"The run in {files.title} is damaged: {name} must hold a JSON object.")
    return value
