"""Speed as a function of units, sequence length and batch size, as a table and a plot.

`python -m tests.perf.scale keras 1.0 1` measures one contender at all points in one process. The arguments are
contender, seconds per point, and threads. Prints updates per second and CPU time per update. A turn takes minutes here,
so other work on the machine may affect only one contender; the ratio of CPU times is more reliable then.
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
from tests.perf.processes import empty_table, run_module

_FEATURES, _CLASSES = 8, 6


@dataclass(frozen=True)
class Point:
    """An LSTM on sequences of noise. One of the attributes varies, the others keep these defaults.

    Attributes:
        units: Hidden units.
        length: Steps per sequence.
        batch_size: Sequences per batch.
    """

    units: int = 64
    length: int = 128
    batch_size: int = 64

    @property
    def experiment(self) -> Experiment:
        """The experiment, which predicts one class per sequence."""
        settings = {"task": "classify", "cell": "lstm", "units": self.units, "batch_size": self.batch_size}
        return compose("arrays", {**settings, "test_fraction": 0.0, "scale": "none", **ENDLESS})

    def data(self) -> SequenceData:
        """Return sequences for two batches."""
        from rnnstudio.library.datasets.arrays import from_arrays

        rng, count = np.random.default_rng(1), max(2 * self.batch_size, 2 * _CLASSES)
        x = rng.standard_normal((count, self.length, _FEATURES), np.float32)
        return from_arrays(x, np.arange(count) % _CLASSES, self.experiment.data, 1)  # type: ignore[arg-type]


AXES = {
    "units": (16, 32, 64, 128, 256, 512),
    "length": (16, 32, 128, 512, 2048),
    "batch_size": (1, 4, 16, 64, 256, 1024),
}
LABELS = {"units": "units", "length": "sequence length, steps", "batch_size": "batch size, sequences"}
POINTS = tuple(dict.fromkeys(replace(Point(), **{name: value}) for name, values in AXES.items() for value in values))


def bench_scale(console: Console, seconds: float, threads: int, file: Path) -> None:
    """Measure all points, print a table and draw a plot."""
    speeds: dict[str, dict[Point, Speed]] = {}
    for contender, name in NAMES.items():
        console.print(f"scale: {name}, {len(POINTS)} points", style="dim")
        results = run_module("scale", contender, seconds, threads)
        speeds[contender] = {point: Speed(*speed) for point, speed in zip(POINTS, results, strict=True)}
    title = "Updates/s of an LSTM (default: 64 units, 128 steps, batch size 64, 8 features)"
    others = [name for contender, name in NAMES.items() if contender != "rnnstudio"]
    ratios = [f"{prefix} {name}" for prefix in ("x", "CPU x") for name in others]
    table = empty_table(title, "", "", *NAMES.values(), *ratios)
    for axis, values in AXES.items():
        for value in values:
            point = replace(Point(), **{axis: value})
            ours, *rest = (by_point[point] for by_point in speeds.values())
            factors = [ours.rate / other.rate for other in rest] + [other.cpu_ms / ours.cpu_ms for other in rest]
            cells = [f"{speed.rate:,.4g}" for speed in (ours, *rest)] + [f"{factor:.2f} x" for factor in factors]
            table.add_row(axis, str(value), *cells, end_section=value == values[-1])
    console.print(table)
    draw(speeds, file)
    console.print(f"The plot is in {file}")


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

    class ScalePlot(Plot):
        title = "Updates per second"
        columns = len(AXES)
        empty_message = ""

    plot = ScalePlot()
    styles = dict(zip(speeds, ((BLUE, "o"), (RED, "s"), (GREEN, "t1")), strict=True))
    pens = {contender: pg.mkPen(color, width=2) for contender, (color, _) in styles.items()}
    plot.legend.show_entries(
        [Entry(NAMES[name], pens[name], symbol, color) for name, (color, symbol) in styles.items()]
    )
    rates = np.log10([speed.rate for by_point in speeds.values() for speed in by_point.values()])
    for column, (axis, values) in enumerate(AXES.items()):
        axes = plot.add_axes(1, column, bottom=LABELS[axis], left="updates/s" if not column else "")
        axes.setLogMode(True, True)
        x = np.log10(values)
        axes.setRange(xRange=(x[0], x[-1]), yRange=(rates.min(), rates.max()), padding=0.05)
        for contender, (color, symbol) in styles.items():
            y = np.log10([speeds[contender][replace(Point(), **{axis: value})].rate for value in values])
            points = markers(symbol, 8)
            points.setData(x, y, brush=color, pen=None)
            axes.addItem(pg.PlotCurveItem(x, y, pen=pens[contender], antialias=True))
            axes.addItem(points)
    plot.set_theme(LIGHT)
    plot.lay_out(1000, 360)
    file.parent.mkdir(parents=True, exist_ok=True)
    plot.save(file)
    shiboken6.delete(plot)  # a widget that outlives the application crashes the process at its end


if __name__ == "__main__":
    contender, seconds, threads = sys.argv[1:]
    limit_threads(contender, int(threads))
    speeds = [CONTENDERS[contender](point.experiment, point.data(), float(seconds)) for point in POINTS]
    sys.stdout.write(json.dumps(speeds) + "\n")
