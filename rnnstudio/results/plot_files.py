"""Pictures of a run as files, drawn by the window's own plots in a process of their own.

A process, because Qt must not be started inside R, a notebook or a thread; it draws without a display.
"""

from __future__ import annotations

import subprocess
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from rnnstudio.core.errors import RnnStudioError
from rnnstudio.results import child

if TYPE_CHECKING:
    from rnnstudio.results.run import Run


def draw(run: Run, kind: str, path: Path) -> Path:
    """Draw picture `kind` of `run` into `path` (.png or .svg) and return the path.

    Raises:
        RnnStudioError: It cannot be drawn; the message says why.
    """
    from rnnstudio.results.store import write

    file = path.expanduser().absolute()
    with tempfile.TemporaryDirectory(prefix="rnnstudio-") as folder:
        if run.path and Path(run.path).is_dir():
            source = Path(run.path)
        else:
            source = Path(folder) / "run"
            write(run, source)
        done = subprocess.run(
            child.command("plot", str(source), "--kind", kind, "-o", str(file)),
            env=child.environment(QT_QPA_PLATFORM="offscreen"),
            capture_output=True,
            text=True,
            check=False,
        )
    if done.returncode < 0:
        raise RnnStudioError(f"The picture could not be drawn: the process that draws ended with {done.returncode}.")
    if done.returncode:
        lines = [line for line in (done.stderr or done.stdout).strip().splitlines() if line]
        raise RnnStudioError(lines[-1].removeprefix("Error: ") if lines else "The picture could not be drawn.")
    return file
