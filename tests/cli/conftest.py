"""Fixtures that run the command line, in this process or in another one."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from rnnstudio.cli.main import studio

Invoke = Callable[..., Result]
Spawn = Callable[..., "subprocess.Popen[str]"]


@pytest.fixture
def invoke() -> Invoke:
    """A function that runs `rnnstudio ARGS` in this process, in 80 columns."""

    def run(*args: str) -> Result:
        result = CliRunner(env={"COLUMNS": "80"}).invoke(studio, args, prog_name="rnnstudio")
        if result.exception is not None and not isinstance(result.exception, SystemExit):
            raise result.exception
        return result

    return run


@pytest.fixture
def spawn(home: Path, tmp_path: Path) -> Spawn:
    """A function that starts `rnnstudio ARGS` in another process, in an empty folder and without a display."""

    def start(*args: str, before: tuple[str, ...] = (), **options: Any) -> subprocess.Popen[str]:
        hidden = ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM", "COLUMNS")
        environment = {k: v for k, v in os.environ.items() if k not in hidden}
        environment |= {"PYTHONPATH": str(Path(__file__).resolve().parents[2]), "TERM": "xterm"}
        pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE} | options
        command = [*before, sys.executable, "-m", "rnnstudio", *args]
        return subprocess.Popen(command, cwd=tmp_path, env=environment, text=True, **pipes)

    return start


@pytest.fixture
def run(spawn: Spawn) -> Callable[..., tuple[int, str, str]]:
    """A function that runs `rnnstudio ARGS` in another process and returns exit code, stdout and stderr."""

    def wait(*args: str, before: tuple[str, ...] = ()) -> tuple[int, str, str]:
        with spawn(*args, before=before) as process:
            out, err = process.communicate(timeout=60)
        return process.returncode, out, err

    return wait
