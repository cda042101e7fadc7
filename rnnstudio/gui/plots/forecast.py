"""What the network foretells beside what came.

Reads the probe "series": `first` (the step `truth` begins at), `truth`, `one_step_at` and `one_step`, `parts` (first steps of
the validation and test part), and, where predictions can be fed back, `naive`, `free_at` and `free`. Reads the probe
"sequences" as well: `inputs`, `truth` and `predicted`, each (n, steps).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import pyqtgraph as pg
from numpy.typing import ArrayLike, NDArray
from PySide6.QtCore import QRectF, Qt, QTimer, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSlider, QWidget

from rnnstudio.core.catalog import RECIPES
from rnnstudio.core.events import Probe
from rnnstudio.core.experiment import Experiment
from rnnstudio.core.history import History
from rnnstudio.gui.plots import picture
from rnnstudio.gui.plots._axes import add_plot, label_axis, marks, number, paint_axes, small_font
from rnnstudio.gui.plots._key import Entry, Key
from rnnstudio.gui.plots._trace import Trace
from rnnstudio.gui.plots.base import Picture
from rnnstudio.gui.theme import GREEN, LIGHT, ORANGE, PURPLE, RED, Theme

if TYPE_CHECKING:
    import pandas as pd

_NO_PREDICTION = "No prediction yet. It comes with the first look at the held-out part."
_MOST_STEPS = 1500  # steps shown at first; the wheel shows the rest
_REST_MS = 120  # the slider must rest this long before a free run is asked for
_DASHES: dict[str, list[float] | None] = {"truth": None, "one_step": [5, 2], "naive": [1, 2.5], "free": [7, 2, 1.5, 2]}
_LABELS = {"truth": "truth", "one_step": "one step ahead", "naive": "naive: the value before", "free": "free-running"}


@picture
class Forecast(Picture):
    """Does it see what comes, or repeat what was?"""

    name = "forecast"
    title = "Prediction and truth"
    start_chosen = Signal(int)

    def __init__(self, theme: Theme = LIGHT, parent: QWidget | None = None) -> None:
        super().__init__(theme, parent)
        self._history = History()
        self._probe: Probe | None = None
        self._published: NDArray[np.float64] = np.empty((0, 0))
        self._fitted = False
        self._lines: dict[str, tuple[NDArray[Any], NDArray[Any]]] = {}
        self.key = Key()
        self.canvas.addItem(self.key, 0, 0)
        self.plot = add_plot(self.canvas, 1, 0)
        self._traces = {name: Trace(self.plot) for name in _LABELS}
        self._symbols = {name: marks(symbol, size) for name, (symbol, size) in _SYMBOLS.items()}
        for z, item in enumerate(self._symbols.values()):
            item.setZValue(10 + z)
            self.plot.addItem(item, ignoreBounds=True)
        self._shades = [pg.QtWidgets.QGraphicsRectItem() for _ in range(2)]
        for shade in self._shades:
            shade.setZValue(-10)
            self.plot.addItem(shade, ignoreBounds=True)
        self._names = [pg.TextItem(anchor=(0.5, 0)) for _ in range(3)]
        self._begin_line = pg.InfiniteLine(angle=90)
        self._cursor = pg.InfiniteLine(angle=90)
        self._readout = pg.TextItem()
        for item in (*self._names, self._begin_line, self._cursor, self._readout):
            item.setZValue(30)
            self.plot.addItem(item, ignoreBounds=True)
        for item in (*self._names, self._readout):
            item.setFont(small_font())
        self._build_slider()
        self.plot.vb.sigRangeChanged.connect(self._draw)
        self.plot.vb.sigResized.connect(self._draw)
        scene = self.canvas.scene()
        scene.sigMouseClicked.connect(self._clicked)
        scene.sigMouseMoved.connect(self._hover)
        self._hide_cursor()
        self.set_theme(theme)
        self.say(_NO_PREDICTION)

    def _build_slider(self) -> None:
        self.start = QSlider(Qt.Orientation.Horizontal)
        self.start.setAccessibleName("Start of the free run")
        self.start.setToolTip("From where on the network is fed its own predictions.")
        self._start_text = QLabel()
        self._rest = QTimer(self)
        self._rest.setSingleShot(True)
        self._rest.setInterval(_REST_MS)
        self._rest.timeout.connect(lambda: self.start_chosen.emit(self.start.value()))
        self.start.valueChanged.connect(self._start_moved)
        label = QLabel("&free-running from")
        label.setBuddy(self.start)
        self._start_row = QWidget()
        row = QHBoxLayout(self._start_row)
        row.setContentsMargins(6, 0, 6, 2)
        for widget in (label, self.start, self._start_text):
            row.addWidget(widget)
        self.column.addWidget(self._start_row)
        self._start_row.hide()
        self.enable_start(False)

    @classmethod
    def suits(cls, experiment: Experiment) -> bool:
        """Return whether the network tells values."""
        return experiment.data.task in ("regress", "forecast")

    def begin(self, experiment: Experiment) -> None:
        """Forget what was drawn."""
        self._history, self._probe, self._fitted, self._lines = History(), None, False, {}
        outputs = RECIPES.get(experiment.recipe).published_outputs if experiment.recipe in RECIPES else ()
        self._published = np.array(outputs, float) if outputs else np.empty((0, 0))
        self._start_row.hide()
        self.enable_start(False)
        self.say(_NO_PREDICTION)

    def enable_start(self, on: bool) -> None:
        """Let the user choose where the free run begins, or not."""
        self.start.setEnabled(on)

    def show_history(self, history: History) -> None:
        """Draw the newest predictions."""
        self._history = history
        probe = history.probe
        if probe is None or probe is self._probe or probe.kind not in ("series", "sequences"):
            return
        self._probe = probe
        self.say("")
        info = history.info
        target = info.target_names[0] if info and info.target_names else "value"
        unit = info.unit if info else ""
        label_axis(self.plot, "left", unit if target in unit else f"{target} ({unit})" if unit else target)
        if probe.kind == "series":
            self._take_series(probe)
        else:
            self._take_sequences(probe)
        if not self._fitted:
            self.fit()
        self._draw()

    def show_free_run(self, at: ArrayLike, values: ArrayLike) -> None:
        """Draw another free run.

        Args:
            at: Step of the first value, or the steps of all of them.
            values: In the data's units, `(n,)`, or `(n, F)` of which the first feature is drawn.
        """
        told = np.asarray(values)
        told = told[:, 0] if told.ndim == 2 else told
        steps = np.asarray(at)
        self._set_free(int(steps) + np.arange(len(told)) if steps.ndim == 0 else steps, told)
        self._draw()

    def fit(self) -> None:
        """Show it all; of a very long series what lies around the start of the free run."""
        self._fitted = True
        known = [(x, y) for name, (x, y) in self._lines.items() if name != "free" and len(x)]
        if not known:
            return
        left, right = min(float(x[0]) for x, _ in known), max(float(x[-1]) for x, _ in known)
        free_at = self._lines.get("free", (_NOTHING, _NOTHING))[0]
        if len(free_at):
            right = max(right, float(free_at[-1]))
        if right - left > _MOST_STEPS and self._probe is not None and self._probe.kind == "series":
            middle = float(free_at[0]) if len(free_at) else float(self._probe.arrays["parts"][1])
            right = min(right, middle + _MOST_STEPS / 2)
            left = max(left, right - _MOST_STEPS)
        low, high = self._reach(left, right)
        room, side = (high - low) * 0.08 or 1.0, (right - left) * 0.02 or 0.5
        self.plot.vb.setRange(xRange=(left - side, right + side), yRange=(low - room, high + room * 2), padding=0)

    def _reach(self, left: float, right: float) -> tuple[float, float]:
        """Return the values worth showing: all of the truth, and as much of the predictions as leaves the truth readable."""
        inside = {
            name: y[(x >= left) & (x <= right) & np.isfinite(y)] for name, (x, y) in self._lines.items() if len(x)
        }
        truth = inside["truth"]
        low, high = (float(truth.min()), float(truth.max())) if len(truth) else (0.0, 1.0)
        span = high - low or abs(high) or 1.0
        told = np.concatenate([y for name, y in inside.items() if name != "truth"] or [_NOTHING])
        if len(told):
            low = min(low, max(float(told.min()), low - span))
            high = max(high, min(float(told.max()), high + span))
        return low, high

    def set_theme(self, theme: Theme) -> None:
        """Change the colours."""
        super().set_theme(theme)
        self.key.set_theme(theme)
        paint_axes(self.plot, theme)
        colors = {"truth": theme.text, "one_step": theme.blue, "naive": ORANGE, "free": RED}
        for name, trace in self._traces.items():
            trace.paint(colors[name], 1.5 if name in ("truth", "naive") else 2, _DASHES[name])
        for name, item in self._symbols.items():
            color = {"inputs": theme.faint, "truth": theme.text, "predicted": theme.blue, "published": PURPLE}[name]
            item.setPen(pg.mkPen(color, width=2))
            item.setBrush(None if name == "published" else color)
        for shade, color in zip(self._shades, (GREEN, theme.blue), strict=True):
            tint = pg.mkColor(color)
            tint.setAlpha(38)
            shade.setBrush(pg.mkBrush(tint))
            shade.setPen(pg.mkPen(None))
        for text in (*self._names, self._readout):
            text.setColor(theme.text)
        self._readout.fill, self._readout.border = pg.mkBrush(theme.background), pg.mkPen(theme.faint)
        self._begin_line.setPen(pg.mkPen(RED, width=1.5, style=Qt.PenStyle.DashLine))
        self._cursor.setPen(pg.mkPen(theme.faint, width=1))
        self._draw()

    def to_frame(self) -> pd.DataFrame:
        """Return a row per step with truth and predictions in the data's units; NaN where there is none."""
        import pandas as pd

        probe = self._probe
        if probe is None:
            return pd.DataFrame(columns=["step", "truth", "one_step"])
        if probe.kind == "sequences":
            truth = probe.arrays["truth"]
            row, step = np.indices(truth.shape)
            columns = {"sequence": row + 1, "step": step + 1}
            columns |= {name: probe.arrays[name] for name in ("inputs", "truth", "predicted")}
            if len(self._published_now()):
                columns["published"] = self._published_now()
            return pd.DataFrame({name: values.ravel() for name, values in columns.items()})
        series = [pd.Series(y, index=x, name=name) for name, (x, y) in self._lines.items()]
        return pd.concat([s.dropna() for s in series], axis=1).sort_index().rename_axis("step").reset_index()

    # Series

    def _take_series(self, probe: Probe) -> None:
        arrays = probe.arrays
        first, truth = int(arrays["first"]), arrays["truth"]
        chosen = self._lines.get("free") if self.start.isEnabled() else None
        self._lines = {
            "truth": (first + np.arange(len(truth)), truth),
            "one_step": _apart(arrays["one_step_at"], arrays["one_step"]),
        }
        if "naive" in arrays:
            self._lines["naive"] = _apart(arrays["one_step_at"], arrays["naive"])
        step_name = self._history.info.step_name if self._history.info else "step"
        label_axis(self.plot, "bottom", step_name)
        self.plot.getAxis("bottom").setTicks(None)
        if "free" in arrays:
            window = self._history.info.window if self._history.info else 1
            self.start.blockSignals(True)
            self.start.setRange(max(first, window), first + len(truth))
            self.start.blockSignals(False)
            self._set_free(*(chosen or (arrays["free_at"], arrays["free"])))
            self._start_row.show()

    def _set_free(self, at: NDArray[Any], values: NDArray[Any]) -> None:
        self._lines["free"] = (at, values)
        if len(at):
            self.start.blockSignals(True)
            self.start.setValue(int(at[0]))
            self.start.blockSignals(False)
            self._show_start(int(at[0]))

    def _show_start(self, step: int) -> None:
        self._begin_line.setValue(step - 0.5)
        name = self._history.info.step_name if self._history.info else "step"
        self._start_text.setText(f"{name} {step:,}")

    def _start_moved(self, step: int) -> None:
        self._show_start(step)
        self._rest.start()

    def _parts(self) -> list[tuple[str, float, float]]:
        """Return name, first and last step of each part of the series."""
        if self._probe is None or self._probe.kind != "series":
            return []
        valid, test = (int(v) for v in self._probe.arrays["parts"])
        x, _ = self._lines["truth"]
        begin, end = float(x[0]), float(x[-1]) + 0.5
        bounds = [("train", begin, valid - 0.5), ("validation", valid - 0.5, test - 0.5), ("test", test - 0.5, end)]
        return [(name, low, high) for name, low, high in bounds if high > low]

    # Sequences

    def _published_now(self) -> NDArray[np.float64]:
        """Return the work's own outputs where they are for the sequences drawn."""
        fits = self._probe is not None and self._probe.kind == "sequences"
        fits = fits and self._probe is not None and self._published.shape == self._probe.arrays["truth"].shape
        return self._published if fits else np.empty((0, 0))

    def _take_sequences(self, probe: Probe) -> None:
        shape = probe.arrays["truth"].shape
        steps = shape[1]
        at = (np.arange(shape[0])[:, None] * (steps + 1) + np.arange(steps)).astype(float)
        gap = np.full((shape[0], 1), np.nan)

        def apart(values: NDArray[Any]) -> NDArray[Any]:
            return np.hstack([values, gap])[:, : steps + 1].ravel()[:-1]

        x = np.hstack([at, at[:, -1:] + 1]).ravel()[:-1]
        self._lines = {
            "truth": (x, apart(probe.arrays["truth"])),
            "one_step": (x, apart(probe.arrays["predicted"])),
            "inputs": (x, apart(probe.arrays["inputs"])),
        }
        if len(self._published_now()):
            self._lines["published"] = (x, apart(self._published))
        every = max(1, -(-shape[0] * steps // 24))
        numbers = [(float(at[i, j]), str(j + 1)) for i in range(shape[0]) for j in range(0, steps, every)]
        self.plot.getAxis("bottom").setTicks([numbers])
        name = self._history.info.step_name if self._history.info else "step"
        label_axis(self.plot, "bottom", f"{name} of each sequence")

    # Drawing

    def _draw(self, *_: object) -> None:
        if self._probe is None:
            return
        series = self._probe.kind == "series"
        for name, trace in self._traces.items():
            x, y = self._lines.get(name, (_NOTHING, _NOTHING))
            trace.draw(y, x)
        for symbol, line in _SYMBOL_LINES.items():
            x, y = self._lines.get(line, (_NOTHING, _NOTHING)) if not series else (_NOTHING, _NOTHING)
            good = np.isfinite(y)
            self._symbols[symbol].setData(x[good], y[good])
        self._begin_line.setVisible(series and "free" in self._lines)
        self._draw_parts()
        self.key.show_entries(self._entries(series))

    def _draw_parts(self) -> None:
        (left, right), (low, high) = self.plot.vb.viewRange()
        for shade in self._shades:
            shade.hide()
        for text in self._names:
            text.hide()
        places: Sequence[tuple[str, float, float]] = self._parts()
        if self._probe is not None and self._probe.kind == "sequences":
            count, steps = self._probe.arrays["truth"].shape
            places = [(f"sequence {i + 1}", i * (steps + 1) - 0.5, i * (steps + 1) + steps - 0.5) for i in range(count)]
            places = places[: len(self._names)] if count <= len(self._names) else []
        for i, (name, begin, end) in enumerate(places):
            if name in _SHADED:
                shade = self._shades[_SHADED.index(name)]
                shade.setRect(QRectF(begin, low, end - begin, high - low))
                shade.show()
            begin, end = max(begin, left), min(end, right)
            if end - begin > (right - left) * 0.06:
                self._names[i].setText(name)
                self._names[i].setPos((begin + end) / 2, high)
                self._names[i].show()

    @property
    def off_scale(self) -> int:
        """How many predicted values in view are above or below the axis as it stands."""
        (left, right), (low, high) = self.plot.vb.viewRange()
        count = 0
        for x, y in self._lines.values():
            shown = y[(x >= left) & (x <= right)]
            count += int(np.count_nonzero((shown < low) | (shown > high)))
        return count

    def _entries(self, series: bool) -> list[Entry]:
        found = []
        if series:
            found = [Entry(_LABELS[n], t.item.opts["pen"]) for n, t in self._traces.items() if n in self._lines]
        else:
            for name, label in (
                ("inputs", "input"),
                ("truth", "truth"),
                ("predicted", "prediction"),
                ("published", "published"),
            ):
                if _SYMBOL_LINES[name] in self._lines:
                    item, trace = self._symbols[name], self._traces.get(_SYMBOL_LINES[name])
                    pen = trace.item.opts["pen"] if trace else item.opts["pen"]
                    filled = "" if name == "published" else pen.color().name()
                    found.append(Entry(label, pen, item.opts["symbol"], filled, line=trace is not None))
        if self.off_scale:
            found.append(Entry(f"{self.off_scale:,} off scale", badge=True))
        return found

    # What the user does

    def _clicked(self, event: Any) -> None:
        if event.double():
            self.fit()

    def leaveEvent(self, event: Any) -> None:
        """Take the readout away with the mouse."""
        super().leaveEvent(event)
        self._hide_cursor()

    def _hide_cursor(self) -> None:
        self._cursor.hide()
        self._readout.hide()

    def _hover(self, place: Any) -> None:
        """Show the step and its values under the mouse."""
        vb = self.plot.vb
        if self._probe is None or not vb.sceneBoundingRect().contains(place):
            self._hide_cursor()
            return
        point = vb.mapSceneToView(place)
        text, at = self.readout(point.x())
        (left, right), (low, high) = vb.viewRange()
        self._cursor.setValue(at)
        self._readout.setText(text)
        self._readout.setAnchor(
            (1.05 if at > (left + right) / 2 else -0.05, -0.2 if point.y() > (low + high) / 2 else 1.2)
        )
        self._readout.setPos(at, point.y())
        self._cursor.show()
        self._readout.show()

    def readout(self, x: float) -> tuple[str, int]:
        """Return what is known of the step nearest to a place on the horizontal axis, and that step."""
        info, at = self._history.info, round(x)
        unit = f" {info.unit}" if info and info.unit else ""
        lines = []
        if self._probe is not None and self._probe.kind == "sequences":
            steps = self._probe.arrays["truth"].shape[1] + 1
            lines.append(f"sequence {at // steps + 1}, step {at % steps + 1}")
        else:
            lines.append(f"{info.step_name if info else 'step'} {at:,}")
        for name, (steps_at, values) in self._lines.items():
            found = np.flatnonzero(steps_at == at)
            if len(found) and np.isfinite(values[found[0]]):
                lines.append(f"{_LABELS.get(name, name)} {number(float(values[found[0]]))}{unit}")
        return "\n".join(lines), at


def _apart(at: NDArray[Any], values: NDArray[Any]) -> tuple[NDArray[Any], NDArray[Any]]:
    """Return a line with a NaN in each gap, so that nothing is drawn where nothing was told."""
    steps = np.diff(at)
    gaps = np.flatnonzero(steps > steps.min()) + 1 if len(steps) else np.empty(0, int)
    return np.insert(at, gaps, at[gaps - 1] + 1), np.insert(values.astype(np.float32), gaps, np.nan)


_NOTHING = np.empty(0)
_SHADED = ("validation", "test")
_SYMBOLS = {"inputs": ("s", 6), "truth": ("o", 9), "predicted": ("x", 10), "published": ("d", 13)}
_SYMBOL_LINES = {"inputs": "inputs", "truth": "truth", "predicted": "one_step", "published": "published"}
