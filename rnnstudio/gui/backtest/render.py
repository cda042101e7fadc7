"""Plots of a backtest as files, drawn without a window."""

from __future__ import annotations

from pathlib import Path

import shiboken6

from rnnstudio.gui.application import application
from rnnstudio.gui.backtest.errors_chart import CHARTS
from rnnstudio.gui.render import HEIGHT, SCALE, WIDTH, check_suffix
from rnnstudio.gui.theme import LIGHT, Theme
from rnnstudio.results.backtest_result import Backtest


def draw_backtest_file(backtest: Backtest, kind: str, path: Path, theme: Theme = LIGHT) -> Path:
    """Draw a plot of a backtest into a file and return the path.

    Args:
        backtest: The backtest.
        kind: error_by_origin or error_by_step.
        path: A .png file (1200 x 800 pixels) or an .svg file.
        theme: Its colours.

    Raises:
        RnnStudioError: Another suffix, or the file cannot be written.
    """
    check_suffix(path)
    _application = application([])  # Qt needs a reference to it
    chart = CHARTS[kind](theme)
    chart.drawing.set_title(f"{chart.title}: {backtest.conclusion}")
    chart.show_backtest(backtest)
    chart.lay_out(WIDTH, HEIGHT)
    try:
        chart.save(path, SCALE)
    finally:
        shiboken6.delete(chart)  # a widget that outlives the application crashes the process at its end
    return path
