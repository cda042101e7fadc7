"""Plots of a run as files, drawn by the window's own plots in another process.

Another process: Qt must not be started inside R, a notebook or a thread. It draws without a display.
"""

from __future__ import annotations

import subprocess
import tempfile
from pathlib import Path
from typing import Any

from rnnstudio.core.errors import RnnStudioError
from rnnstudio.results import child
from rnnstudio.results.contents import RunContents
from rnnstudio.results.run_files import write_run


def draw(run: RunContents, kind: str, path: Path, series: Any = "") -> Path:
    """Draw a plot of a run into a file and return its path.

    Args:
        run: The run; it need not be saved.
        kind: Name of the plot, such as "loss".
        path: A .png or .svg file.
        series: Name of the one of several series to draw; the first when None or empty.

    Raises:
        UnknownNameError: There is no such series.
        RnnStudioError: It cannot be drawn; the message says why.
    """
    file = path.expanduser().absolute()
    chosen = [] if series in (None, "") else ["--series", run.info.series[run.info.index_of_series(series)]]
    with tempfile.TemporaryDirectory(prefix="rnnstudio-") as folder:
        source = Path(run.path)
        if not run.path or not source.is_dir():
            source = Path(folder) / "run"
            write_run(run, source)
        process = subprocess.run(
            child.command("plot", str(source), "--kind", kind, "-o", str(file), *chosen),
            env=child.environment(QT_QPA_PLATFORM="offscreen"),
            capture_output=True,
            text=True,
            check=False,
        )
    if process.returncode < 0:
        raise RnnStudioError(f"The plot could not be drawn: the process ended with code {process.returncode}.")
    if process.returncode:
        lines = [line for line in (process.stderr or process.stdout).strip().splitlines() if line]
        raise RnnStudioError(lines[-1].removeprefix("Error: ") if lines else "The plot could not be drawn.")
    return file
