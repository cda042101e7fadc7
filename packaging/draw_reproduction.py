"""Draws the test accuracy of `har` as published beside five seeds of ours, for REPRODUCTION.md.

`.venv/bin/python packaging/draw_reproduction.py` trains the five seeds; saved runs named behind it are taken instead.
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
from rnnstudio.gui.charts.axes import add_plot, marks, paint_axes
from rnnstudio.gui.charts.legend import Entry, Key
from rnnstudio.gui.charts.plot import Plot
from rnnstudio.gui.theme import BLUE, LIGHT, RED

FILE = Path(__file__).resolve().parents[1] / "resources" / "screenshots" / "har-reproduction.png"


class Reproduction(Plot):
    """Do the published numbers lie within ours?"""

    title = "Test accuracy of har, published and ours"


def main() -> None:
    """Train or load, and draw."""
    _application = QApplication.instance() or QApplication([])
    runs = [rs.load(name) for name in sys.argv[1:]] or [rs.train("har", seed=s, save=False) for s in range(5)]
    series = next(s for s in RECIPES.get("har").published if s.metric == "test_accuracy")
    steps, published = np.array(series.points).T
    ours = [run.record.evaluated("test_accuracy") for run in runs]
    spread = np.array([values[np.searchsorted(at, steps)] for at, values in ours])

    picture, key, thin = Reproduction(), Key(), pg.mkPen(BLUE, width=1)
    picture.set_theme(LIGHT)
    picture.canvas.addItem(key, 0, 0)
    plot = add_plot(picture.canvas, 1, 0)
    paint_axes(plot, LIGHT)
    plot.getAxis("bottom").write("updates")
    plot.getAxis("left").write("test accuracy, %")
    plot.setRange(xRange=(0, 5000), yRange=(0, 100), padding=0.02)
    edges = [pg.PlotCurveItem(steps, 100 * edge(spread, axis=0), pen=None) for edge in (np.min, np.max)]
    plot.addItem(pg.FillBetweenItem(*edges, brush=pg.mkBrush(*pg.mkColor(BLUE).getRgb()[:3], 40)))
    for at, values in ours:
        plot.addItem(pg.PlotCurveItem(at, 100 * values, pen=thin, antialias=True))
    plot.addItem(pg.PlotCurveItem(steps, 100 * published, pen=pg.mkPen(RED, width=2), antialias=True))
    dots = marks("s", 8)
    dots.setData(steps, 100 * published, brush=RED, pen=None)
    plot.addItem(dots)
    key.show_entries(
        [
            Entry("published", pg.mkPen(RED, width=2), "s", RED),
            Entry(f"rnnstudio, seeds 0 to {len(runs) - 1}, and their spread", thin),
        ]
    )
    picture.resize_drawing(760, 400)
    picture.save(FILE, 1.5)
    shiboken6.delete(picture)  # one that outlives the application crashes the process at its end


if __name__ == "__main__":
    main()
