"""Files that may not be read, also where tests run as an administrator, for whom no right is needed."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_NOBODY = 65534


@contextmanager
def as_user() -> Iterator[None]:
    """Act as a user without an administrator's rights; other files of the program must have been imported before."""
    is_administrator = os.geteuid() == 0
    if is_administrator:
        os.seteuid(_NOBODY)
    try:
        yield
    finally:
        if is_administrator:
            os.seteuid(0)


@contextmanager
def open_folder() -> Iterator[Path]:
    """Yield a new folder into which every user may look; folders of pytest are their user's."""
    folder = Path(tempfile.mkdtemp())
    folder.chmod(0o755)
    try:
        yield folder
    finally:
        for path in (folder, *folder.rglob("*")):
            if path.is_dir():
                path.chmod(0o755)
        shutil.rmtree(folder)


def give(folder: Path, *, owned: bool = True) -> None:
    """Let the user of `as_user` have a folder and what is in it, as its owner, or only look at it."""
    for path in (folder, *folder.rglob("*")):
        if owned and os.geteuid() == 0:
            os.chown(path, _NOBODY, _NOBODY)
        elif not owned:
            path.chmod(0o755 if path.is_dir() else 0o644)
