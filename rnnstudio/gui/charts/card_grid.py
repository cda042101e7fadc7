"""A sheet of sequences: each a card with its signals, what is true, what was told, and how sure the network was."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import pyqtgraph as pg
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter
from PySide6.QtWidgets import QGraphicsWidget, QStyleOptionGraphicsItem, QWidget

from rnnstudio.core.events import Floats
from rnnstudio.gui.charts.axes import number, percent, small_font
from rnnstudio.gui.charts.feature_groups import Group
from rnnstudio.gui.charts.fit_text import fitted
from rnnstudio.gui.charts.probability_bars import bar_places, bars_room, draw_bars, upright
from rnnstudio.gui.charts.signals import Reach, draw_image, draw_lines, image_shape
from rnnstudio.gui.charts.tooltip import draw_note
from rnnstudio.gui.theme import LIGHT, RED, Theme

_GAP, _PAD = 6.0, 6.0
_LINES_HEIGHT, _IMAGE_SIZE = 104.0, (150.0, 92.0)  # the least a card needs
_MOST_HEIGHT = 220.0
_FIGURE_WIDTH, _BARS_WIDTH = 96.0, 190.0
_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter


@dataclass(frozen=True)
class Sample:
    """One sequence.

    Attributes:
        place: Its number among all that were looked at.
        truth: Its class.
        told: The class told.
        probabilities: Of all classes, `(C,)`.
        signals: In the data's units, `(T, F)`, without padding.
    """

    place: int
    truth: int
    told: int
    probabilities: Floats
    signals: Floats


@dataclass(frozen=True)
class Kind:
    """What all sequences of a sheet have in common.

    Attributes:
        names: Of the classes.
        features: Names of the features.
        groups: Features on one axis each; empty where a sequence is drawn as an image.
        reaches: Lowest and highest value of each group, or of the image.
        steps: Steps of the longest.
        step_name: What one step is.
        rate: Steps per second; 0 where unknown.
    """

    names: tuple[str, ...] = ()
    features: tuple[str, ...] = ()
    groups: tuple[Group, ...] = ()
    reaches: tuple[Reach, ...] = ()
    steps: int = 1
    step_name: str = "step"
    rate: float = 0.0


@dataclass(frozen=True)
class _Card:
    box: QRectF
    sample: Sample
    figures: list[QRectF] = field(default_factory=list)
    bars: QRectF = field(default_factory=QRectF)


class Sheet(QGraphicsWidget):
    """As many cards as there is room for."""

    def __init__(self) -> None:
        super().__init__()
        self.theme: Theme = LIGHT
        self.kind = Kind()
        self._samples: tuple[Sample, ...] = ()
        self._cards: list[_Card] = []
        self._pointed: QPointF | None = None
        self._font = small_font()
        self._bold = QFont(self._font)
        self._bold.setBold(True)
        self._metrics, self._bold_metrics = QFontMetricsF(self._font), QFontMetricsF(self._bold)
        self.setMinimumSize(80, 60)

    def show_samples(self, samples: Sequence[Sample], kind: Kind) -> None:
        """Show these, at most `capacity`."""
        self._samples, self.kind = tuple(samples), kind
        self.update()

    def point(self, place: QPointF | None) -> None:
        """Tell what is known of a place; of nothing when None."""
        if place != self._pointed:
            self._pointed = place
            self.update()

    # Geometry

    @property
    def _grid(self) -> tuple[int, int]:
        """Rows and columns of cards."""
        width, height = self.size().width() + _GAP, self.size().height() + _GAP
        if not self.kind.groups and upright(self.kind.names or ("",)):
            least, down = _IMAGE_SIZE
        else:
            figures = max(1, len(self.kind.groups)) * _FIGURE_WIDTH
            bars = min(bars_room(self.kind.names or ("",)), _BARS_WIDTH)
            least, down = max(figures, 130.0) + bars + 2 * _PAD, _LINES_HEIGHT
        return max(1, int(height / (down + _GAP))), max(1, int(width / (least + _GAP)))

    @property
    def capacity(self) -> int:
        """How many cards there is room for."""
        rows, columns = self._grid
        return rows * columns

    def _boxes(self) -> list[QRectF]:
        rows, columns = self._grid
        rows = min(rows, max(1, -(-len(self._samples) // columns))) if rows * columns > 4 else rows
        across = (self.size().width() - _GAP * (columns - 1)) / columns
        down = (self.size().height() - _GAP * (rows - 1)) / rows
        down = min(down, _MOST_HEIGHT)
        return [
            QRectF((across + _GAP) * (i % columns), (down + _GAP) * (i // columns), across, down)
            for i in range(len(self._samples))
        ]

    # Words

    def readout(self, place: QPointF) -> tuple[str, QRectF]:
        """Return what is known of a place on the sheet, and what it is about; no text where nothing is."""
        for card in self._cards:
            if card.bars.contains(place):
                sample = card.sample
                for c, bar in bar_places(card.bars, self.kind.names, sample.probabilities, sample.truth):
                    if bar.contains(place):
                        share = percent(float(sample.probabilities[c]))
                        return f"probability of {self.kind.names[c]}: {share}", bar
            for i, figure in enumerate(card.figures):
                if figure.contains(place):
                    text, x = self._at(card.sample, i, figure, place)
                    return text, QRectF(x, figure.top(), 1, figure.height())
        return "", QRectF()

    def _at(self, sample: Sample, figure: int, box: QRectF, place: QPointF) -> tuple[str, float]:
        """Return what a sequence has at a place in one of its figures, and where on the horizontal axis."""
        across, down = (place.x() - box.left()) / box.width(), (place.y() - box.top()) / box.height()
        signals, kind = sample.signals, self.kind
        if not kind.groups:
            rows, columns = image_shape(signals)
            row, column = min(int(down * rows), rows - 1), min(int(across * columns), columns - 1)
            step, feature = (row, column) if (rows, columns) == signals.shape else (column, row)
            value = number(float(signals[step, feature]), 3)
            return f"{self._step(step)}, {kind.features[feature]}: {value}", place.x()
        group = kind.groups[figure]
        step = round(across * max(1, kind.steps - 1))
        if step >= len(signals):
            return f"{self._step(step)}: the sequence has ended", place.x()
        values = [number(float(signals[step, i]), 3) for i in group.features]
        told = [f"{label} {value}".strip() for label, value in zip(group.labels, values, strict=True)]
        unit = f" {group.unit}" if group.unit else ""
        return f"{self._step(step)}: {', '.join(told)}{unit}", box.left() + box.width() * step / max(1, kind.steps - 1)

    def _step(self, step: int) -> str:
        seconds = f" ({number(step / self.kind.rate, 3)} s)" if self.kind.rate else ""
        return f"{self.kind.step_name} {step:,}{seconds}"

    # Drawing

    def paint(self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None) -> None:
        """Draw the cards, and what is under the mouse."""
        self._cards = [
            self._paint_card(painter, box, sample)
            for box, sample in zip(self._boxes(), self._samples, strict=True)
            if box.bottom() <= self.size().height() + 1
        ]
        if self._pointed is not None:
            text, about = self.readout(self._pointed)
            if text:
                if about.width() == 1:
                    painter.setPen(pg.mkPen(self.theme.text, width=1))
                    painter.drawLine(about.topLeft(), about.bottomLeft())
                draw_note(painter, self.theme, text, about, self.boundingRect())

    def _paint_card(self, painter: QPainter, box: QRectF, sample: Sample) -> _Card:
        kind, theme, right = self.kind, self.theme, sample.truth == sample.told
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(pg.mkPen(theme.faint, width=1) if right else pg.mkPen(RED, width=2))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(box.adjusted(1, 1, -1, -1), 4, 4)
        inside = box.adjusted(_PAD, 3, -_PAD, -_PAD)
        line = self._metrics.height()
        self._paint_title(painter, QRectF(inside.left(), inside.top(), inside.width(), line), sample)
        body = inside.adjusted(0, line + 2, 0, 0)
        square = not kind.groups and image_shape(sample.signals) == sample.signals.shape
        share = 0.55 if square else 0.36 if len(kind.groups) > 2 else 0.46
        bars = QRectF(body)
        bars.setLeft(body.right() - min(bars_room(kind.names), body.width() * share))
        room = QRectF(body.left(), body.top(), bars.left() - body.left() - 10, body.height())
        if kind.groups:
            across = room.width() / len(kind.groups)
            end = f"{number(kind.steps / kind.rate, 3)} s" if kind.rate else f"{kind.steps - 1:,}"
            figures = [
                draw_lines(
                    painter,
                    theme,
                    QRectF(room.left() + i * across, room.top(), across - 8, room.height()),
                    sample.signals,
                    group,
                    kind.reaches[i],
                    kind.steps,
                    end,
                )
                for i, group in enumerate(kind.groups)
            ]
        else:
            figures = [draw_image(painter, theme, room, sample.signals, kind.reaches[0])]
        draw_bars(painter, theme, bars, kind.names, sample.probabilities, sample.truth)
        return _Card(box, sample, figures, bars)

    def _paint_title(self, painter: QPainter, box: QRectF, sample: Sample) -> None:
        """Write what is true and what was told, and which sequence it is."""
        names, metrics = self.kind.names, self._bold_metrics
        place = f"no. {sample.place + 1:,}"
        room = box.width() - self._metrics.horizontalAdvance(place) - 8
        truth, told = names[sample.truth], names[sample.told]
        text = f"✓ {truth}"
        if sample.truth != sample.told:
            text = f"✗ true {truth}, told {told}"
            if metrics.horizontalAdvance(text) > room:
                half = (room - metrics.horizontalAdvance("✗ true , told ")) / 2
                text = f"✗ true {fitted(truth, half, metrics)}, told {fitted(told, half, metrics)}"
        painter.setFont(self._bold)
        painter.setPen(QColor(self.theme.text))
        painter.drawText(box, _LEFT, metrics.elidedText(text, Qt.TextElideMode.ElideRight, room))
        painter.setFont(self._font)
        painter.drawText(box, _RIGHT, place)

    def boundingRect(self) -> QRectF:
        """Return the whole sheet."""
        return QRectF(QPointF(0, 0), self.size())

    def resizeEvent(self, event: Any) -> None:
        """Draw anew."""
        super().resizeEvent(event)
        self.update()
