"""Command line and environment of another rnnstudio process, also when started from R or a notebook."""

from __future__ import annotations

import os
import sys


def command(*arguments: str) -> list[str]:
    """Return the command line of rnnstudio with these arguments; a packaged program is its own interpreter.

    No module of the current folder is imported, as `python -m` would do without `-P`.

    >>> command("doctor")[-1]
    'doctor'
    """
    module = [] if getattr(sys, "frozen", False) else ["-P", "-m", "rnnstudio"]
    return [sys.executable, *module, *arguments]


def environment(**changes: str) -> dict[str, str]:
    """Return this process's environment with changes.

    It is without R's library path, which breaks Qt's libraries, and without empty entries of `PYTHONPATH`, which mean
    the current folder.
    """
    variables = {name: value for name, value in os.environ.items() if name != "LD_LIBRARY_PATH"}
    if folders := [folder for folder in variables.pop("PYTHONPATH", "").split(os.pathsep) if folder]:
        variables["PYTHONPATH"] = os.pathsep.join(folders)
    return variables | changes
