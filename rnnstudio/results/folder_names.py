"""The names of folders in the run list, such as `airline-7`: of several processes that want one, one gets it."""

from __future__ import annotations

import errno
import os
from collections.abc import Iterable, Iterator
from contextlib import suppress
from itertools import count
from pathlib import Path

from rnnstudio.core.durable import sync_folder
from rnnstudio.results.run_folder import make_folder


def free_names(parent: Path, stem: str) -> Iterator[Path]:
    """Yield the next names such as `airline-7` in a folder; another process may take one before the caller does."""
    endings = [path.name.removeprefix(f"{stem}-") for path in parent.glob(f"{stem}-*")]
    for number in count(max((int(ending) for ending in endings if ending.isdecimal()), default=0) + 1):
        yield parent / f"{stem}-{number}"


def new_folder(parent: Path, stem: str) -> Path:
    """Make and return the folder of the next free name.

    Raises:
        OSError: It cannot be made.
    """
    for folder in free_names(parent, stem):
        try:
            make_folder(folder)
        except FileExistsError:  # another process made it
            continue
        return folder
    raise AssertionError("the names never end")


def take_name(folder: Path, names: Iterable[Path]) -> Path:
    """Rename a folder to the first of some names that is free, and return it, when the name is on the disk.

    The name is made as an empty folder first, as `new_folder` does, so that of several processes one gets it.

    Args:
        folder: The folder.
        names: Names in the folder of the runs.

    Raises:
        OSError: It cannot be renamed.
    """
    for final in names:
        try:
            make_folder(final)
        except FileExistsError:  # another process has it
            continue
        try:
            if os.name == "nt":
                final.rmdir()  # no folder is renamed to the name of another one there
            folder.rename(final)
        except OSError as error:
            if error.errno in (errno.ENOTEMPTY, errno.EEXIST):  # another process has put something there
                continue
            with suppress(OSError):
                final.rmdir()
            raise
        for parent in dict.fromkeys((final.parent, folder.parent)):  # where it is now first
            sync_folder(parent)
        return final
    raise AssertionError("the names never end")
