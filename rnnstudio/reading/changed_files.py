"""Files that another program changes, replaces or removes while they are read."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from rnnstudio.core.errors import DataError, SettingError


@contextmanager
def unchanged(path: str | Path) -> Iterator[None]:
    """Refuse a file that changes while a block reads it: what was read may be half of the old and half of the new file.

    Args:
        path: The file.

    Raises:
        DataError: It has another size or time of change after the block, or is gone. This replaces an error about its
            content.

    >>> from rnnstudio.core.paths import resource
    >>> with unchanged(resource("data/airline.csv")):
    ...     pass
    """
    before = file_state(path)
    try:
        yield
    except (DataError, SettingError, OSError):
        if before is not None and file_state(path) != before:
            raise _changed_error(path, before[0]) from None
        raise
    if before is not None and file_state(path) != before:
        raise _changed_error(path, before[0])


def file_state(path: str | Path) -> tuple[int, int] | None:
    """Return size and time of the last change of a file; None where there is none.

    >>> from rnnstudio.core.paths import resource
    >>> file_state(resource("data/airline.csv")) == file_state(resource("data/airline.csv"))
    True
    """
    try:
        status = Path(path).expanduser().stat()
    except (OSError, ValueError, RuntimeError):
        return None
    return status.st_size, status.st_mtime_ns


def _changed_error(path: str | Path, size: int) -> DataError:
    name, after = Path(path).name, file_state(path)
    if after is None:
        return DataError(f"{name} was moved or deleted while it was read. Put it back, and read it again.")
    sizes = f" ({size:,} bytes before, {after[0]:,} after)" if after[0] != size else ""
    return DataError(
        f"{name} changed while it was read{sizes}. Read it again when no other program writes to it, or read a copy."
    )
