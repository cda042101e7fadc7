"""The folder of a run: written so that at every moment it holds the previous or the new state, whole.

`run.json` names every other file with its size and SHA-256. New contents are written beside the old ones under a free
name, and count only when `run.json` is replaced, in one rename. After it files that nothing names are deleted.
"""

from __future__ import annotations

import errno
import hashlib
import os
import secrets
import time
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, BinaryIO

from filelock import FileLock, Timeout

from rnnstudio.core.bounded_json import bounded_json
from rnnstudio.core.durable import sync_folder
from rnnstudio.core.errors import DataError, StoreError
from rnnstudio.reading.archives import Folder
from rnnstudio.results.checked_files import NOTES_FILE, RUN_FILE, are_stored, manifest

LOCK_FILE = "run.lock"
FIRST_FILE = ".first-save"  # in a folder whose first state is being written
Write = Callable[[BinaryIO], object]
Stored = dict[str, dict[str, Any]]  # name -> `stored`, `bytes` and `sha256`
_BLOCK = 1 << 20
_WAITS = (0.01, 0.03, 0.1, 0.3, 1.0)  # seconds


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
        if not (folder / RUN_FILE).exists():
            new.append(_mark_first(folder))
            sync_folder(folder)  # before there are names of files that count
        for name, write in files.items():
            path = _write_new(folder, write, new)
            entry = {"bytes": path.stat().st_size, "sha256": sha256_of(path)}
            known = before.get(name, {})
            if all(known.get(field) == value for field, value in entry.items()) and (folder / known["stored"]).exists():
                stored[name] = known
                continue
            final = _free_name(folder, name)
            path.rename(final)
            new.append(final)
            stored[name] = {"stored": final.name, **entry}
        text = manifest(rest, stored)
        written = _write_new(folder, lambda file: file.write(text.encode()), new)
        sync_folder(folder)
        _replace(written, folder / RUN_FILE)
    except BaseException:
        for path in new:
            path.unlink(missing_ok=True)
        raise
    sync_folder(folder)
    named = {RUN_FILE, LOCK_FILE, NOTES_FILE, *(entry["stored"] for entry in stored.values())}
    for path in folder.iterdir():
        if path.name not in named:
            with suppress(OSError):
                path.unlink()


def replace_file(file: Path, content: bytes) -> None:
    """Write a file in the folder of a run in one step, to the disk itself.

    Raises:
        FileNotFoundError: The folder is not there, or a save of the run has deleted the new file meanwhile.
        OSError: It cannot be written; an existing file stays as it is.
    """
    new: list[Path] = []
    try:
        _replace(_write_new(file.parent, lambda out: out.write(content), new), file)
    except BaseException:
        for path in new:
            path.unlink(missing_ok=True)
        raise
    sync_folder(file.parent)


def make_folder(folder: Path, *, exist_ok: bool = False) -> None:
    """Make the folder of a run, for its owner alone unless the store is shared, and bring its name to the disk.

    Raises:
        OSError: It cannot be made, or exists and may not.
    """
    new = [path for path in (folder, *folder.parents) if not path.exists()]
    folder.parent.mkdir(parents=True, exist_ok=True)
    folder.mkdir(0o777 if is_shared() else 0o700, exist_ok=exist_ok)
    for path in new:
        sync_folder(path.parent)


def is_shared() -> bool:
    """Return whether others may read new runs, as in a classroom: `RNNSTUDIO_SHARED` is set to 1."""
    return os.environ.get("RNNSTUDIO_SHARED", "") not in ("", "0")


def take_lock(folder: Path, seconds: float) -> FileLock:
    """Take the lock of a run's folder and return it; a folder that is deleted meanwhile is not made again.

    Args:
        folder: The folder.
        seconds: How long to wait for another process.

    Raises:
        Timeout: Another process holds it.
        OSError: The folder does not exist, or cannot be written to.
    """
    file = folder / LOCK_FILE
    flags = os.O_RDWR | os.O_CREAT | getattr(os, "O_NOFOLLOW", 0)
    handle = os.open(file, flags, 0o666 if is_shared() else 0o600)  # FileLock would make the folder, too
    try:
        lock = FileLock(file, timeout=seconds, thread_local=False)
        lock.acquire()
        with suppress(FileNotFoundError):
            if os.path.samestat(os.fstat(handle), file.stat()):
                return lock
        with suppress(OSError):
            if list(folder.iterdir()) == [file]:  # FileLock has made the folder
                file.unlink()
                folder.rmdir()
        lock.release()
    finally:
        os.close(handle)
    raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), str(folder))


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
    try:
        lock = take_lock(folder, seconds)
    except Timeout:
        raise StoreError(
            f"{folder.name} is in use by another process, which trains or saves it. Wait until it has ended."
        ) from None
    try:
        yield
    finally:
        lock.release()


def is_locked(folder: Path, name: str = LOCK_FILE) -> bool:
    """Return whether a process holds the lock of a run's folder; a lock of a process that has ended does not count.

    Args:
        folder: The folder.
        name: Name of the file that is locked.
    """
    if not (folder / name).is_file():
        return False
    lock = FileLock(folder / name, timeout=0)
    try:
        lock.acquire()
    except Timeout:
        return True
    except OSError:  # such as a folder that may only be read
        return False
    lock.release()
    return False


def has_checksums(folder: Path) -> bool:
    """Return whether a folder holds a run of a format with checksums."""
    return bool(_stored_in(folder))


def _mark_first(folder: Path) -> Path:
    """Make the file that says that nothing in a folder counts yet, and return it."""
    file = folder / FIRST_FILE
    with suppress(FileExistsError):
        os.close(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o666 if is_shared() else 0o600))
    return file


def _replace(new: Path, old: Path) -> None:
    """Rename a file to the name of another one, for which Windows waits until no reader has it open."""
    for seconds in _WAITS if os.name == "nt" else ():
        try:
            new.replace(old)
        except PermissionError:
            time.sleep(seconds)
        else:
            return
    new.replace(old)


def _write_new(folder: Path, write: Write, new: list[Path]) -> Path:
    """Write a file under a random name, to the disk itself; it is appended to `new` before anything is written."""
    path = folder / f".{secrets.token_hex(8)}.part"
    flags = os.O_RDWR | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
    with os.fdopen(os.open(path, flags, 0o666 if is_shared() else 0o600), "w+b") as file:
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


def _stored_in(folder: Path) -> Stored:
    """Return the files that `run.json` of a folder names; empty where there is none that can be read."""
    try:
        files = bounded_json(Folder(folder, follows_links=False).read(RUN_FILE))["files"]
    except (DataError, ValueError, LookupError, TypeError):
        return {}
    return files if are_stored(files) else {}


def sha256_of(path: Path) -> str:
    """Return the SHA-256 of a file.

    Raises:
        OSError: It cannot be read.
    """
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while block := file.read(_BLOCK):
            digest.update(block)
    return digest.hexdigest()
