"""A picture of a run as a file, drawn by the window's own plots without a window."""

from __future__ import annotations

from pathlib import Path

import shiboken6

from rnnstudio.core.errors import EmptyPlotError, RnnStudioError, SettingError
from rnnstudio.gui.application import application
from rnnstudio.gui.plots import PLOTS
from rnnstudio.gui.theme import LIGHT, Theme
from rnnstudio.results.run import Run

_WIDTH, _HEIGHT = 900, 600
_SHARPNESS = 4 / 3  # a PNG of 1200 x 800, with letters that can be read on a slide


def draw_file(run: Run, kind: str, path: Path, theme: Theme = LIGHT) -> Path:
    """Draw picture `kind` of `run` into `path` and return the path.

    Args:
        run: A saved or loaded run.
        kind: loss, accuracy, echo, forecast, multi_step, confusion or sequences.
        path: A .png file (1200 x 800 pixels) or an .svg file.
        theme: Its colours.

    Raises:
        RnnStudioError: There is no such picture, the run has none of that kind, or the file cannot be written.
    """
    found = PLOTS.get(kind)
    if path.suffix.lower() not in (".png", ".svg"):
        raise SettingError(f"A picture is drawn into a .png or .svg file; received {path.name!r}.", "path")
    if not found.suits(run.experiment):
        known = ", ".join(p.name for p in PLOTS if p.suits(run.experiment))
        raise RnnStudioError(f"A run with task {run.experiment.data.task} has no picture {kind!r}; it has: {known}.")
    _application = application([])  # lives as long as it has a name
    picture = found(theme)
    picture.begin(run.experiment)
    picture.show_history(run.record)
    picture.show_baseline(run.baseline)
    picture.resize_drawing(_WIDTH, _HEIGHT)
    try:
        if picture.empty:
            raise EmptyPlotError(f"The picture {kind!r} of this run is empty. {picture.empty}")
        picture.save(path, _SHARPNESS)
    finally:
        shiboken6.delete(picture)  # one that outlives the application crashes the process at its end
    return path
