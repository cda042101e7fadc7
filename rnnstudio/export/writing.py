"""Writing a file completely or not at all."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

from rnnstudio.core.errors import StoreError


def write_file(path: str | os.PathLike[str], write: Callable[[Path], object]) -> Path:
    """Call `write` with a temporary name beside `path`, rename the file to `path`, and return the path.

    Args:
        path: The file to write; `~` is expanded.
        write: Writes the file at the path it is called with.

    Raises:
        StoreError: It cannot be written. An existing file stays unchanged.
    """
    file = Path(path).expanduser()
    temporary = file.with_name(f".{file.name}.part")
    try:
        write(temporary)
        temporary.replace(file)
    except (OSError, UnicodeError) as error:
        temporary.unlink(missing_ok=True)
        reason = getattr(error, "strerror", None) or error
        raise StoreError(f"{file} cannot be written: {reason}. Choose another path.") from None
    return file
