"""Plots of a run as files, drawn by the window's own plots in another process.

Another process: Qt must not be started inside R, a notebook or a thread. It draws without a display.
"""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

from rnnstudio.results.contents import RunContents
from rnnstudio.results.plot_process import draw_folder
from rnnstudio.results.run_files import files_of, rest_of
from rnnstudio.results.run_folder import commit, make_folder


def draw(run: RunContents, kind: str, path: Path, series: Any = "") -> Path:
    """Draw a plot of a run into a file and return its path.

    Args:
        run: The run; it need not be saved.
        kind: Name of the plot, such as "loss".
        path: A .png or .svg file.
        series: Name of the one of several series or targets to draw; the first when None or empty.

    Raises:
        UnknownNameError: There is no such series.
        RnnStudioError: It cannot be drawn; the message says why.
    """
    file = path.expanduser().absolute()
    chosen = [] if series in (None, "") else ["--series", run.info.drawn_names[run.info.index_of_drawn(series)]]
    with tempfile.TemporaryDirectory(prefix="rnnstudio-") as folder:
        source = Path(run.path)
        if not run.path or not source.is_dir():
            source = Path(folder) / "run"
            make_folder(source)
            commit(source, files_of(run), rest_of(run))  # without the weights of its moments
        draw_folder(source, kind, file, *chosen)
    return file
