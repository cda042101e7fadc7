"""Command line and environment of another rnnstudio process, also when started from R or a notebook."""

from __future__ import annotations

import os
import sys


def command(*arguments: str) -> list[str]:
    """Return the command line of rnnstudio with these arguments; a packaged program is its own interpreter.

    >>> command("doctor")[-1]
    'doctor'
    """
    module = [] if getattr(sys, "frozen", False) else ["-m", "rnnstudio"]
    return [sys.executable, *module, *arguments]


def environment(**changes: str) -> dict[str, str]:
    """Return this process's environment with changes, without R's library path, which breaks Qt's libraries."""
    return {k: v for k, v in os.environ.items() if k != "LD_LIBRARY_PATH"} | changes
