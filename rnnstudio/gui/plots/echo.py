"""The source work's picture of the echo: the loss, and five rows of the batch as bars (E. Hallström 2017)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pyqtgraph as pg
from numpy.typing import NDArray
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QPainter
from PySide6.QtWidgets import QGraphicsObject, QStyleOptionGraphicsItem, QWidget

from rnnstudio.core.experiment import Experiment
from rnnstudio.core.history import History
from rnnstudio.core.prediction_table import prediction_table
from rnnstudio.core.predictions import LabelPredictions
from rnnstudio.gui.charts.axes import add_plot, marks, paint_axes, small_font
from rnnstudio.gui.charts.legend import Entry, Key
from rnnstudio.gui.charts.trace import Trace
from rnnstudio.gui.plots import Plot, plot
from rnnstudio.gui.theme import GREEN, LIGHT, RED, Theme

if TYPE_CHECKING:
    import pandas as pd

_ROWS = 5
_INPUT, _TRUTH, _PREDICTED = 1.0, 0.5, 0.3  # heights of class 1 in the source work
_TOP = 2.0
_NO_PREDICTION = "No prediction yet. The bars come with the first updates."


def bars(values: NDArray[Any], low: float, high: float, height: float) -> list[QRectF]:
    """Return a bar of width 1 at each step whose value is above `low`; `high` has the whole height."""
    span = high - low
    if span <= 0:
        return []
    heights = (values.astype(float) - low) / span * height
    return [QRectF(float(i), 0.0, 1.0, float(heights[i])) for i in np.flatnonzero(heights > 0)]


class Bits(QGraphicsObject):
    """One row of a batch: input, truth and prediction over each other, and what is wrong outlined."""

    def __init__(self) -> None:
        super().__init__()
        self.theme: Theme = LIGHT
        self.layers: list[tuple[str, list[QRectF]]] = []
        self.wrong: list[QRectF] = []
        self._box = QRectF(0, 0, 1, _TOP)

    def show_row(
        self, inputs: NDArray[Any], truth: NDArray[Any], predicted: NDArray[Any], reach: tuple[float, float], top: int
    ) -> None:
        """Show a row.

        Args:
            inputs: `(steps,)`.
            truth: Classes, `(steps,)`.
            predicted: Classes, `(steps,)`.
            reach: Lowest and highest input of the batch.
            top: Number of the last class, which has the whole height.
        """
        self.layers = [
            (self.theme.blue, bars(inputs, *reach, _INPUT)),
            (RED, bars(truth, 0, top, _TRUTH)),
            (GREEN, bars(predicted, 0, top, _PREDICTED)),
        ]
        self.wrong = [QRectF(float(i), 0.0, 1.0, _TRUTH) for i in np.flatnonzero(truth != predicted)]
        self.prepareGeometryChange()
        self._box = QRectF(0, 0, len(inputs), _TOP)
        self.update()

    def boundingRect(self) -> QRectF:
        """Return the panel's whole area."""
        return self._box

    def paint(self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None) -> None:
        """Draw the bars, then the outlines."""
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        pixels = painter.worldTransform().m11()  # width of a bar
        for color, rects in self.layers:
            painter.setPen(pg.mkPen(self.theme.background, width=1) if pixels > 4 else Qt.PenStyle.NoPen)
            painter.setBrush(QColor(color))
            if rects:
                painter.drawRects(rects)
        if self.wrong:
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(
                pg.mkPen(self.theme.text, width=min(2.5, max(1.0, pixels / 4)), join=Qt.PenJoinStyle.MiterJoin)
            )
            painter.drawRects(self.wrong)


@plot
class EchoPlot(Plot):
    """Which bits does it remember?"""

    name = "echo"
    title = "Echo"

    def __init__(self, theme: Theme = LIGHT, parent: QWidget | None = None) -> None:
        super().__init__(theme, parent)
        self._history = History()
        self._drawn = -1  # updates
        self._predictions: LabelPredictions | None = None
        self.key = Key()
        self.canvas.addItem(self.key, 0, 0, 1, 3)
        self._loss_plot = add_plot(self.canvas, 1, 0)
        self._loss, self._first = Trace(self._loss_plot), marks("o", 4)
        self._loss_plot.addItem(self._first, ignoreBounds=True)
        self._loss_plot.getAxis("left").write("loss")
        self._loss_plot.getAxis("bottom").write("update")
        self._plots, self.rows, self._counts = [], [], []
        for i in range(_ROWS):
            plot, bits, count = add_plot(self.canvas, *divmod(i + 4, 3)), Bits(), pg.TextItem(anchor=(0, 0))
            plot.addItem(bits, ignoreBounds=True)
            plot.addItem(count, ignoreBounds=True)
            plot.setMouseEnabled(x=True, y=False)
            count.setFont(small_font())
            plot.getAxis("bottom").write("step")
            plot.getAxis("left").setTicks([[(0, "0"), (1, "1"), (2, "2")]])
            self._plots.append(plot)
            self.rows.append(bits)
            self._counts.append(count)
        for column in range(3):
            self.canvas.ci.layout.setColumnStretchFactor(column, 1)
            self.canvas.ci.layout.setColumnPreferredWidth(column, 100)
        self.canvas.ci.layout.setHorizontalSpacing(8)
        for row in (1, 2):
            self.canvas.ci.layout.setRowStretchFactor(row, 1)
            self.canvas.ci.layout.setRowPreferredHeight(row, 100)
        self._loss_plot.setMouseEnabled(x=False, y=False)
        self._loss_plot.vb.sigResized.connect(self._draw_loss)
        self.set_theme(theme)
        self.say(_NO_PREDICTION)

    @classmethod
    def suits(cls, experiment: Experiment) -> bool:
        """Return whether the network tells a class at every step."""
        return experiment.data.task == "label"

    def begin(self, experiment: Experiment) -> None:
        """Forget what was drawn."""
        self._history, self._predictions, self._drawn = History(), None, -1
        self.say(_NO_PREDICTION)

    def show_history(self, history: History) -> None:
        """Draw the loss curve and the newest rows."""
        self._history = history
        predictions = history.predictions
        if not isinstance(predictions, LabelPredictions):
            return
        if history.step == self._drawn and predictions is self._predictions:
            return
        self._drawn = history.step
        if self.empty:
            self.say("")
        self._draw_loss()
        if predictions is not self._predictions:
            self._predictions = predictions
            self._draw_rows()

    def show_all(self) -> None:
        """Show whole rows."""
        self._draw_rows()

    def set_theme(self, theme: Theme) -> None:
        """Change the colours."""
        super().set_theme(theme)
        self.key.set_theme(theme)
        self._loss.paint(theme.blue, 1)
        self._first.setBrush(theme.blue)
        self._first.setPen(None)
        for panel in (self._loss_plot, *self._plots):
            paint_axes(panel, theme)
        for bits, count in zip(self.rows, self._counts, strict=True):
            bits.theme = theme
            count.setColor(theme.text)
        if self._predictions is not None:
            self._draw_rows()

    def to_frame(self) -> pd.DataFrame:
        """Return a row per step of each row of the batch: input, truth, predicted."""
        import pandas as pd

        if self._predictions is None or self._history.info is None:
            return pd.DataFrame(columns=["row", "step", "input", "truth", "predicted"])
        return prediction_table(self._predictions, self._history.info.classes)

    def _draw_loss(self, *_: object) -> None:
        values = self._history.loss.values
        finite = values[np.isfinite(values)]
        if not len(finite):
            return
        right, top = max(1, len(values)), max(float(finite.max()), 1e-12)
        self._loss_plot.vb.setRange(xRange=(0, right), yRange=(0, top * 1.05), padding=0)
        self._first.setData([0.0] if len(values) == 1 else [], values if len(values) == 1 else [])
        self._loss.draw(values if len(finite) == len(values) else np.where(np.isfinite(values), values, np.nan))

    def _draw_rows(self) -> None:
        if self._predictions is None:
            return
        predictions = self._predictions
        inputs, truth, predicted = predictions.inputs, predictions.truth, predictions.predicted
        info = self._history.info
        classes = len(info.classes) if info and info.classes else int(max(truth.max(), predicted.max())) + 1
        reach = (min(0.0, float(inputs.min())), max(1.0, float(inputs.max())) if inputs.max() > 0 else 1.0)
        steps, second_row = truth.shape[1], len(truth) > 2
        told = truth >= 0  # the rest is padding, at the end of a row
        right, lengths = (truth == predicted) & told, told.sum(axis=1)
        self.canvas.ci.layout.setRowMaximumHeight(2, 1e6 if second_row else 0)
        self.canvas.ci.layout.setRowPreferredHeight(2, 100 if second_row else 0)
        for i, (panel, bits, count) in enumerate(zip(self._plots, self.rows, self._counts, strict=True)):
            panel.setVisible(i < len(truth))
            if i < len(truth):
                n = lengths[i]
                bits.show_row(inputs[i, :n], truth[i, :n], predicted[i, :n], reach, max(1, classes - 1))
                panel.vb.setRange(xRange=(0, steps), yRange=(0, _TOP), padding=0)
                count.setText(f"row {i + 1}: {right[i].sum():,} of {n:,}")  # the key says of what
                count.setPos(0, _TOP)
        self.key.show_entries(
            [
                Entry(f"{right.sum():,} of {told.sum():,} right ({right.sum() / told.sum():.0%})"),
                Entry("input", pg.mkPen(self.theme.background), "s", self.theme.blue, line=False),
                Entry("truth", pg.mkPen(self.theme.background), "s", RED, line=False),
                Entry("prediction", pg.mkPen(self.theme.background), "s", GREEN, line=False),
                Entry("wrong", pg.mkPen(self.theme.text, width=2.5), "s", line=False),
            ]
        )
