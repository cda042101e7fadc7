"""Measurements in new processes, so that one contender cannot affect another."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

from rich.table import Table

from tests.perf.window_probe import START_TIME

ROOT = Path(__file__).resolve().parents[2]


def run(command: list[str]) -> tuple[str, int]:
    """Run a command, and return its output and its peak memory in bytes.

    Raises:
        SystemExit: The command failed.
    """
    environment = {**os.environ, START_TIME: repr(time.time())}
    with subprocess.Popen(
        command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    ) as process:
        assert process.stdout is not None
        output = process.stdout.read()
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(f"{' '.join(command)} ended with exit code {process.returncode}:\n{output}")
    return output, usage.ru_maxrss * (1 if sys.platform == "darwin" else 1024)


def run_module(module: str, *arguments: object) -> Any:
    """Run a module of this package, and return the JSON in the last line of its output."""
    output, _ = run([sys.executable, "-m", f"tests.perf.{module}", *map(str, arguments)])
    return json.loads(output.splitlines()[-1])


def empty_table(title: str, *columns: str, text_columns: int = 1) -> Table:
    """Return a table without rows; the first columns are for text, the others for numbers."""
    table = Table(title=title, title_justify="left")
    for i, column in enumerate(columns):
        table.add_column(column, justify="left" if i < text_columns else "right")
    return table
