"""Writing a file completely or not at all."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

from rnnstudio.core.disk_remedies import remedy
from rnnstudio.core.durable import replacing
from rnnstudio.core.errors import StoreError


def write_file(path: str | os.PathLike[str], write: Callable[[Path], object]) -> Path:
    """Call `write` with the path of a new file, which takes the place of `path` when it is complete; return `path`.

    Args:
        path: The file to write; `~` is expanded.
        write: Writes the file at the path it is called with.

    Raises:
        StoreError: It cannot be written. An existing file stays unchanged.
    """
    file = Path(path).expanduser()
    try:
        with replacing(file) as part:
            write(part)
    except (OSError, UnicodeError) as error:
        reason = getattr(error, "strerror", None) or error
        advice = f"{remedy(error)}, or choose another path" if isinstance(error, OSError) else "Choose another path"
        raise StoreError(f"{file} cannot be written: {reason}. {advice}.") from None
    return file
