"""Draws the published test accuracy of `har` and that of five seeds, for REPRODUCTION.md.

`.venv/bin/python packaging/draw_reproduction.py` trains the five seeds; arguments name saved runs to use instead.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import numpy as np
import pyqtgraph as pg
import shiboken6
from PySide6.QtWidgets import QApplication

import rnnstudio as rs
from rnnstudio.core.catalog import RECIPES
from rnnstudio.gui.charts.axes import markers
from rnnstudio.gui.charts.legend import Entry
from rnnstudio.gui.charts.plot import Plot
from rnnstudio.gui.theme import BLUE, LIGHT, RED

FILE = Path(__file__).resolve().parents[1] / "resources" / "screenshots" / "har-reproduction.png"


class Reproduction(Plot):
    """Published test accuracy, and the range of five runs."""

    title = "Test accuracy of har, published and reproduced"
    empty_message = ""


def main() -> None:
    """Train or load the runs, and draw."""
    _application = QApplication.instance() or QApplication([])
    runs = [rs.load(name) for name in sys.argv[1:]] or [rs.train("har", seed=s, save=False) for s in range(5)]
    series = next(s for s in RECIPES.get("har").published if s.metric == "test_accuracy")
    updates, published = np.array(series.points).T
    curves = [run.record.evaluated("test_accuracy") for run in runs]
    accuracies = np.array([values[np.searchsorted(at, updates)] for at, values in curves])

    plot, thin_pen = Reproduction(), pg.mkPen(BLUE, width=1)
    axes = plot.add_axes(bottom="updates", left="test accuracy, %", whole_numbers=True)
    plot.set_theme(LIGHT)
    axes.setRange(xRange=(0, 5000), yRange=(0, 100), padding=0.02)
    edges = [pg.PlotCurveItem(updates, 100 * edge(accuracies, axis=0), pen=None) for edge in (np.min, np.max)]
    axes.addItem(pg.FillBetweenItem(*edges, brush=pg.mkBrush(*pg.mkColor(BLUE).getRgb()[:3], 40)))
    for at, values in curves:
        axes.addItem(pg.PlotCurveItem(at, 100 * values, pen=thin_pen, antialias=True))
    axes.addItem(pg.PlotCurveItem(updates, 100 * published, pen=pg.mkPen(RED, width=2), antialias=True))
    points = markers("s", 8)
    points.setData(updates, 100 * published, brush=RED, pen=None)
    axes.addItem(points)
    plot.legend.show_entries(
        [
            Entry("published", pg.mkPen(RED, width=2), "s", RED),
            Entry(f"rnnstudio, seeds 0 to {len(runs) - 1}, and their range", thin_pen),
        ]
    )
    plot.lay_out(760, 400)
    plot.save(FILE, 1.5)
    shiboken6.delete(plot)  # a widget that outlives the application crashes the process at its end


if __name__ == "__main__":
    main()
