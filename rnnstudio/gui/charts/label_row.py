"""One row of a batch with a class per step: input, truth and prediction as bars, errors outlined."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyqtgraph as pg
from numpy.typing import NDArray
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QPainter
from PySide6.QtWidgets import QGraphicsObject, QStyleOptionGraphicsItem, QWidget

from rnnstudio.gui.theme import GREEN, LIGHT, RED, Theme

TOP = 2.0  # upper end of the vertical axis, as in the publication
_INPUT_HEIGHT, _TRUTH_HEIGHT, _PREDICTED_HEIGHT = 1.0, 0.5, 0.3  # of class 1, as in the publication
_MIN_BORDER = 4  # pixels of a bar that has a border


def bars(values: NDArray[Any], low: float, high: float, height: float) -> list[QRectF]:
    """Return a bar of width 1 for each value above `low`; a value of `high` has the full height."""
    span = high - low
    if span <= 0:
        return []
    heights = (values.astype(float) - low) / span * height
    return [QRectF(float(i), 0.0, 1.0, float(heights[i])) for i in np.flatnonzero(heights > 0)]


class LabelRow(QGraphicsObject):
    """Bars of one row, drawn over each other.

    Attributes:
        layers: Colour and bars of input, truth and prediction.
        incorrect: Outlines of the steps whose predicted class is incorrect.
    """

    def __init__(self) -> None:
        super().__init__()
        self.theme: Theme = LIGHT
        self.layers: list[tuple[str, list[QRectF]]] = []
        self.incorrect: list[QRectF] = []
        self._bounds = QRectF(0, 0, 1, TOP)

    def show_row(
        self,
        inputs: NDArray[Any],
        truth: NDArray[Any],
        predicted: NDArray[Any],
        input_range: tuple[float, float],
        last_class: int,
    ) -> None:
        """Show one row.

        Args:
            inputs: `(steps,)`, scaled.
            truth: True classes, `(steps,)`; -1 where one is missing, which is not an error.
            predicted: Predicted classes, `(steps,)`.
            input_range: Lowest and highest input of the batch.
            last_class: Index of the last class, whose bars have the full height.
        """
        self.layers = [
            (self.theme.blue, bars(inputs, *input_range, _INPUT_HEIGHT)),
            (RED, bars(np.maximum(truth, 0), 0, last_class, _TRUTH_HEIGHT)),
            (GREEN, bars(predicted, 0, last_class, _PREDICTED_HEIGHT)),
        ]
        incorrect = np.flatnonzero((truth != predicted) & (truth >= 0))
        self.incorrect = [QRectF(float(i), 0.0, 1.0, _TRUTH_HEIGHT) for i in incorrect]
        self.prepareGeometryChange()
        self._bounds = QRectF(0, 0, len(inputs), TOP)
        self.update()

    def boundingRect(self) -> QRectF:
        """Return the area of the row in steps and heights."""
        return self._bounds

    def paint(self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None) -> None:
        """Draw the bars, then the outlines."""
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        bar_pixels = painter.worldTransform().m11()
        border = pg.mkPen(self.theme.background, width=1) if bar_pixels > _MIN_BORDER else Qt.PenStyle.NoPen
        for color, rects in self.layers:
            painter.setPen(border)
            painter.setBrush(QColor(color))
            if rects:
                painter.drawRects(rects)
        if self.incorrect:
            width = min(2.5, max(1.0, bar_pixels / 4))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(pg.mkPen(self.theme.text, width=width, join=Qt.PenJoinStyle.MiterJoin))
            painter.drawRects(self.incorrect)
