"""What of the folder of the runs may not be read: it is said, instead of looking as if there were no runs."""

from __future__ import annotations

import os
from pathlib import Path

from rnnstudio.core.paths import runs_folder

_ADVICE = "Ask its owner for the rights to read it."


def unreadable_folders() -> list[str]:
    """Return a sentence about the folder of the runs where it cannot be read, or about each such folder in it.

    >>> unreadable_folders()
    []
    """
    folder = runs_folder()
    try:
        with os.scandir(folder) as entries:
            names = sorted(entry.name for entry in entries if not entry.name.startswith(".") and entry.is_dir())
    except (FileNotFoundError, NotADirectoryError):
        return []
    except OSError as error:
        return [f"{folder}, where the runs are, cannot be read: {error.strerror}. {_ADVICE}"]
    closed = [name for name in names if not os.access(folder / name, os.R_OK | os.X_OK)]
    return [f"{Path(folder, name)} cannot be read: Permission denied. {_ADVICE}" for name in closed]
