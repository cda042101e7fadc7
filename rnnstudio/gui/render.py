"""Plots of a run as files, drawn by the plots of the window without a window."""

from __future__ import annotations

from pathlib import Path

import shiboken6

from rnnstudio.core.errors import EmptyPlotError, RnnStudioError, SettingError
from rnnstudio.gui.application import application
from rnnstudio.gui.plots import PLOTS, Plot
from rnnstudio.gui.theme import LIGHT, Theme
from rnnstudio.results.run import Run

WIDTH, HEIGHT = 900, 600  # pixels
SCALE = 4 / 3  # makes a PNG of 1200 x 800 pixels, whose text is readable on a slide
_SUFFIXES = (".png", ".svg")


def has_plot(run: Run, plot: type[Plot]) -> bool:
    """Return whether a run of this experiment on these data has this plot."""
    return plot.suits(run.experiment) and plot.suits_data(run.info)


def check_suffix(path: Path) -> None:
    """Check that a plot can be drawn into a file of this name.

    Raises:
        SettingError: It ends in neither .png nor .svg.
    """
    if path.suffix.lower() not in _SUFFIXES:
        raise SettingError(f"A plot is drawn into a .png or .svg file; received {path.name!r}.", "path")


def draw_file(run: Run, kind: str, path: Path, theme: Theme = LIGHT, series: str = "") -> Path:
    """Draw a plot of a run into a file and return the path.

    Args:
        run: The run.
        kind: Name of the plot, such as "loss".
        path: A .png file (1200 x 800 pixels) or an .svg file.
        theme: Its colours.
        series: Name of the one of several series or targets to draw; the first when empty.

    Raises:
        UnknownNameError: There is no such series.
        RnnStudioError: There is no such plot, runs of this task do not have it, there is nothing to draw yet, or the
            file cannot be written.
    """
    plot_class = PLOTS.get(kind)
    check_suffix(path)
    if not has_plot(run, plot_class):
        suited = ", ".join(known.name for known in PLOTS if has_plot(run, known))
        task = str(run.experiment.data.task)
        if plot_class.suits(run.experiment):
            held_out = "a" if run.info.windows.get("val") or run.info.windows.get("test") else "no"
            task += f", {len(run.info.classes):,} classes and {held_out} held-out set"
        raise RnnStudioError(f"A run with task {task} has no plot {kind!r}. Choose one of: {suited}.")
    index = run.info.index_of_drawn(series) if series else 0
    _application = application([])  # Qt needs a reference to it
    plot = plot_class(theme)
    plot.begin(run.experiment)
    plot.drawing.set_title(plot.title_for(run.experiment))
    plot.show_history(run.record)
    plot.show_baseline(run.baseline)
    plot.show_series(index)
    plot.lay_out(WIDTH, HEIGHT)
    try:
        if plot.message:
            raise EmptyPlotError(f"The plot {kind!r} of this run is empty. {plot.message}")
        plot.save(path, SCALE)
    finally:
        shiboken6.delete(plot)  # a widget that outlives the application crashes the process at its end
    return path
