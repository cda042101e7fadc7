"""Writing a file whole or not at all."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

from rnnstudio.core.errors import StoreError


def write_file(path: str | os.PathLike[str], write: Callable[[Path], object]) -> Path:
    """Let `write` fill a file under a temporary name, give it its own, and return the path.

    Raises:
        StoreError: It cannot be written; a file of that name stays as it was.
    """
    file = Path(path).expanduser()
    temporary = file.with_name(f".{file.name}.part")
    try:
        write(temporary)
        temporary.replace(file)
    except (OSError, UnicodeError) as error:
        temporary.unlink(missing_ok=True)
        why = getattr(error, "strerror", None) or error
        raise StoreError(f"{file} cannot be written: {why}. Choose another place.") from None
    return file
