"""Where things lie on this computer: the user's runs and settings, and the files that ship with the program."""

from __future__ import annotations

import os
from pathlib import Path

import platformdirs


def home() -> Path:
    """Return the folder of runs and downloads: `RNNSTUDIO_HOME`, else the system's place for user data."""
    chosen = os.environ.get("RNNSTUDIO_HOME")
    return Path(chosen).expanduser() if chosen else Path(platformdirs.user_data_dir("rnnstudio", appauthor=False))


def runs_folder() -> Path:
    """Return the folder that holds one folder per saved run."""
    return home() / "runs"


def resource(name: str) -> Path:
    """Return the path of a file under `resources`, beside the package when installed, else in the checkout."""
    package = Path(__file__).resolve().parents[1]
    for base in (package / "resources", package.parent / "resources"):
        if (base / name).exists():
            return base / name
    raise FileNotFoundError(f"the program's own file {name!r} is missing; install rnnstudio again")
