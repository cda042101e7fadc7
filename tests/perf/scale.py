"""How speed hangs on units, sequence length and batch, as a table and a picture.

`python -m tests.perf.scale keras 1.0 1` measures one contender at all points in one process: contender, seconds a
point, threads. Prints its updates per second, and CPU time per update: contenders take turns of minutes here, so
a busy moment hits one of them, and the ratio of CPU times is the fairer one.
"""

from __future__ import annotations

import json
import os
import sys
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from rich.console import Console

from rnnstudio.core.experiment import Experiment, compose
from rnnstudio.core.sequence import SequenceData
from tests.perf.contenders import CONTENDERS, NAMES, Speed, limit_threads
from tests.perf.jobs import ENDLESS
from tests.perf.turns import table, turn

_FEATURES, _CLASSES = 8, 6


@dataclass(frozen=True)
class Point:
    """One LSTM on sequences of noise; where one of the three is varied, the others stay as they are here."""

    units: int = 64
    length: int = 128
    batch: int = 64

    @property
    def experiment(self) -> Experiment:
        """A class told for each sequence."""
        settings = {"task": "classify", "cell": "lstm", "units": self.units, "batch_size": self.batch}
        return compose("arrays", {**settings, "test_fraction": 0.0, "scale": "none", **ENDLESS})

    def data(self) -> SequenceData:
        """Return enough sequences for two batches."""
        from rnnstudio.library.datasets.arrays import from_arrays

        rng, count = np.random.default_rng(1), max(2 * self.batch, 2 * _CLASSES)
        x = rng.standard_normal((count, self.length, _FEATURES), np.float32)
        return from_arrays(x, np.arange(count) % _CLASSES, self.experiment.data, 1)  # type: ignore[arg-type]


AXES = {
    "units": (16, 32, 64, 128, 256, 512),
    "length": (16, 32, 128, 512, 2048),
    "batch": (1, 4, 16, 64, 256, 1024),
}
LABELS = {"units": "units", "length": "sequence length, steps", "batch": "batch, sequences"}
POINTS = tuple(dict.fromkeys(replace(Point(), **{name: value}) for name, values in AXES.items() for value in values))


def scale(console: Console, seconds: float, threads: int, file: Path) -> None:
    """Measure, print and draw."""
    speeds: dict[str, dict[Point, Speed]] = {}
    for who, name in NAMES.items():
        console.print(f"scale: {name}, {len(POINTS)} points", style="dim")
        speeds[who] = {
            point: Speed(*speed) for point, speed in zip(POINTS, turn("scale", who, seconds, threads), strict=True)
        }
    title = "Updates/s of an LSTM (64 units, 128 steps, batch of 64, 8 features, but for one of them)"
    others = [name for who, name in NAMES.items() if who != "ours"]
    ratios = [f"{what} {name}" for what in ("x", "CPU x") for name in others]
    shown = table(title, "", "", *NAMES.values(), *ratios)
    for axis, values in AXES.items():
        for value in values:
            ours, *rest = (of[replace(Point(), **{axis: value})] for of in speeds.values())
            times = [ours.rate / other.rate for other in rest] + [other.cpu_ms / ours.cpu_ms for other in rest]
            figures = [f"{speed.rate:,.4g}" for speed in (ours, *rest)] + [f"{ratio:.2f} x" for ratio in times]
            shown.add_row(axis, str(value), *figures, end_section=value == values[-1])
    console.print(shown)
    draw(speeds, file)
    console.print(f"Drawn into {file}")


def draw(speeds: dict[str, dict[Point, Speed]], file: Path) -> None:
    """Draw all curves into a .svg, .png or .pdf file, with the parts of the window's plots."""
    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    import pyqtgraph as pg
    import shiboken6
    from PySide6.QtWidgets import QApplication

    from rnnstudio.gui.charts.axes import markers
    from rnnstudio.gui.charts.legend import Entry
    from rnnstudio.gui.charts.plot import Plot
    from rnnstudio.gui.theme import BLUE, GREEN, LIGHT, RED

    _application = QApplication.instance() or QApplication([])

    class Scale(Plot):
        title = "Updates per second"
        columns = len(AXES)
        empty_message = ""

    plot = Scale()
    styles = dict(zip(speeds, ((BLUE, "o"), (RED, "s"), (GREEN, "t1")), strict=True))
    pens = {who: pg.mkPen(color, width=2) for who, (color, _) in styles.items()}
    plot.legend.show_entries([Entry(NAMES[who], pens[who], symbol, color) for who, (color, symbol) in styles.items()])
    rates = np.log10([speed.rate for of in speeds.values() for speed in of.values()])
    for column, (axis, values) in enumerate(AXES.items()):
        axes = plot.add_axes(1, column, bottom=LABELS[axis], left="updates/s" if not column else "")
        axes.setLogMode(True, True)
        x = np.log10(values)
        axes.setRange(xRange=(x[0], x[-1]), yRange=(rates.min(), rates.max()), padding=0.05)
        for who, (color, symbol) in styles.items():
            y = np.log10([speeds[who][replace(Point(), **{axis: value})].rate for value in values])
            points = markers(symbol, 8)
            points.setData(x, y, brush=color, pen=None)
            axes.addItem(pg.PlotCurveItem(x, y, pen=pens[who], antialias=True))
            axes.addItem(points)
    plot.set_theme(LIGHT)
    plot.lay_out(1000, 360)
    file.parent.mkdir(parents=True, exist_ok=True)
    plot.save(file)
    shiboken6.delete(plot)  # a widget that outlives the application crashes the process at its end


if __name__ == "__main__":
    who, how_long, on = sys.argv[1:]
    limit_threads(who, int(on))
    found = [CONTENDERS[who](point.experiment, point.data(), float(how_long)) for point in POINTS]
    sys.stdout.write(json.dumps(found) + "\n")
