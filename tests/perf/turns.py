"""One turn is one process: fresh, so that nothing of another contender is in it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

from rich.table import Table

from tests.perf.studio import STARTED

ROOT = Path(__file__).resolve().parents[2]


def run(command: list[str]) -> tuple[str, int]:
    """Run a command to its end; return what it printed, and the most memory it had, in bytes.

    Raises:
        SystemExit: It failed.
    """
    environment = {**os.environ, STARTED: repr(time.time())}
    with subprocess.Popen(
        command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    ) as process:
        assert process.stdout is not None
        printed = process.stdout.read()
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(f"{' '.join(command)} ended with {process.returncode}:\n{printed}")
    return printed, used.ru_maxrss * (1 if sys.platform == "darwin" else 1024)


def turn(module: str, *arguments: object) -> Any:
    """Return what a module of this package printed last, which is JSON."""
    printed, _ = run([sys.executable, "-m", f"tests.perf.{module}", *map(str, arguments)])
    return json.loads(printed.splitlines()[-1])


def table(title: str, *columns: str, words: int = 1) -> Table:
    """Return an empty table whose first columns hold words, the others numbers."""
    made = Table(title=title, title_justify="left")
    for i, column in enumerate(columns):
        made.add_column(column, justify="left" if i < words else "right")
    return made
