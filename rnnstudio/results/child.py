"""Another process of this program, begun from R or a notebook as well."""

from __future__ import annotations

import os
import sys


def command(*arguments: str) -> list[str]:
    """Return the command line of rnnstudio with these arguments; a packaged program is its own interpreter."""
    module = [] if getattr(sys, "frozen", False) else ["-m", "rnnstudio"]
    return [sys.executable, *module, *arguments]


def environment(**changes: str) -> dict[str, str]:
    """Return this process's environment, without the path to R's own libraries, which would break Qt's."""
    return {k: v for k, v in os.environ.items() if k != "LD_LIBRARY_PATH"} | changes
