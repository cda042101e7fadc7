"""Files that are there completely or not at all, also after a power cut, and that no one else can redirect."""

from __future__ import annotations

import errno
import os
import stat
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

from filelock import FileLock

PART_LOCK = ".lock"  # in the folder of a file that is being written


@contextmanager
def replacing(file: Path) -> Iterator[Path]:
    """Yield a path to write to, whose file takes the place of another one at the end of the block.

    The path is in a new folder beside the file, which has a random name and only its owner can enter, so no link waits
    there. The bytes are on the disk before the file is renamed, and the new name is when the block ends. The folder is
    locked meanwhile, so that it is known for a leftover when the process has ended. A file that is replaced passes on
    its rights; one that is protected from writing is left alone.

    Args:
        file: The file to replace or create.

    Raises:
        OSError: It cannot be written; an existing file stays as it is.
    """
    rights = _rights(file)
    folder = Path(tempfile.mkdtemp(prefix=".part-", dir=file.parent))
    lock = FileLock(folder / PART_LOCK, thread_local=False)
    try:
        with suppress(OSError, NotImplementedError):  # some network drives have no locks
            lock.acquire(timeout=0)
        part = folder / file.name
        yield part
        sync_file(part)
        if rights is not None:
            part.chmod(rights)
        part.replace(file)
        sync_folder(file.parent)
    finally:
        lock.release()
        for path in (folder / file.name, folder / PART_LOCK):
            with suppress(OSError):
                path.unlink()
        with suppress(OSError):
            folder.rmdir()


def _rights(file: Path) -> int | None:
    """Return the rights of a file that is to be replaced; None where there is none.

    Raises:
        PermissionError: It is protected from writing.
    """
    try:
        mode = file.lstat().st_mode
    except OSError:
        return None
    if not stat.S_ISREG(mode):
        return None
    if not mode & stat.S_IWUSR:
        raise PermissionError(errno.EACCES, "It is protected from writing", str(file))
    return stat.S_IMODE(mode)


def sync_file(file: Path) -> None:
    """Wait until the bytes of a file are on the disk.

    Raises:
        OSError: They cannot be written there.
    """
    with file.open("rb+") as stream:
        os.fsync(stream.fileno())


def sync_folder(folder: Path) -> None:
    """Wait until the names in a folder are on the disk, where the system can say so."""
    with suppress(OSError):  # Windows opens no folders, and some network drives sync none
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def open_own_file(file: Path, *, append: bool) -> BinaryIO:
    """Return a file that is open for writing; a link or a special file in its place is removed first.

    Args:
        file: A file whose name is known beforehand, such as that of a partial download.
        append: Continue it instead of writing it anew.

    Raises:
        OSError: It cannot be written.
    """
    with suppress(FileNotFoundError):
        if not stat.S_ISREG(file.lstat().st_mode):
            file.unlink()
    flags = os.O_WRONLY | os.O_CREAT | (os.O_APPEND if append else os.O_TRUNC)
    flags |= getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0)
    return os.fdopen(os.open(file, flags, 0o666), "ab" if append else "wb")
