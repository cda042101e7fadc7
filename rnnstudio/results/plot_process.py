"""The process that draws a plot into a file."""

from __future__ import annotations

import subprocess
from pathlib import Path

from rnnstudio.core.errors import RnnStudioError
from rnnstudio.results import child


def draw_folder(source: Path, kind: str, file: Path, *chosen: str) -> None:
    """Draw a plot of a saved run, or of a backtest, in another process.

    Args:
        source: The folder of the run.
        kind: Name of the plot.
        file: A .png or .svg file.
        *chosen: Further flags of `rnnstudio plot`.

    Raises:
        RnnStudioError: It cannot be drawn; the message says why.
    """
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
