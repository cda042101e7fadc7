"""A card that shows one sequence: its signals with its classes and their probabilities, or with its values."""

from __future__ import annotations

from dataclasses import dataclass

import pyqtgraph as pg
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter

from rnnstudio.core.events import Floats
from rnnstudio.core.predictions import Times
from rnnstudio.core.times import Resolution, time_text
from rnnstudio.gui.charts.feature_groups import FeatureGroup
from rnnstudio.gui.charts.numbers import number, percent
from rnnstudio.gui.charts.probability_bars import bar_boxes, bars_are_upright, bars_width, draw_bars
from rnnstudio.gui.charts.signals import Range, draw_image, draw_lines, image_shape
from rnnstudio.gui.charts.text import bold_font, shorten, small_font
from rnnstudio.gui.theme import RED, Theme

_PADDING = 6.0  # pixels, as all sizes here
_GROUP_WIDTH, _MIN_LINES_WIDTH, _MAX_BARS_WIDTH = 96.0, 130.0, 190.0
_VALUES_WIDTH = 110.0  # by which a card is wider so that its title has room for two values
_IMAGE_CARD, _LINES_CARD_HEIGHT = (150.0, 92.0), 104.0
_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter


@dataclass(frozen=True)
class ClassifiedSequence:
    """One sequence with its prediction.

    Attributes:
        index: Index among all predicted sequences.
        truth: Index of the true class.
        predicted: Index of the predicted class.
        probabilities: Probability of each class, `(classes,)`.
        signals: Inputs in original units without padding, `(steps, features)`.
        times: Dates of its steps, `(steps,)`; None where unknown.
    """

    index: int
    truth: int
    predicted: int
    probabilities: Floats
    signals: Floats
    times: Times | None = None

    @property
    def correct(self) -> bool:
        """Whether the predicted class is the true class."""
        return self.truth == self.predicted


@dataclass(frozen=True)
class RegressedSequence:
    """One sequence with its value.

    Attributes:
        index: Index among all sequences of the data.
        truth: True value, in original units.
        predicted: Predicted value, likewise.
        signals: Inputs in original units without padding, `(steps, features)`.
        times: Dates of its steps, `(steps,)`; None where unknown.
    """

    index: int
    truth: float
    predicted: float
    signals: Floats
    times: Times | None = None


ShownSequence = ClassifiedSequence | RegressedSequence


@dataclass(frozen=True)
class SequenceInfo:
    """What all sequences of a run have in common.

    Attributes:
        classes: Class names; empty for values.
        features: Names of the features.
        groups: Features that share one small plot; empty if sequences are drawn as images.
        ranges: Lowest and highest value of each group, or of the image.
        steps: Steps of the longest sequence.
        step_name: Name of one step, such as "sample".
        rate: Steps per second; 0 where unknown.
        resolution: The unit that dates are written with.
        unit: Unit of the values of sequences; empty for classes.
    """

    classes: tuple[str, ...] = ()
    features: tuple[str, ...] = ()
    groups: tuple[FeatureGroup, ...] = ()
    ranges: tuple[Range, ...] = ()
    steps: int = 1
    step_name: str = "step"
    rate: float = 0.0
    resolution: Resolution = "day"
    unit: str = ""

    @property
    def min_card_size(self) -> tuple[float, float]:
        """Smallest width and height of a card in pixels."""
        if not self.groups and (not self.classes or bars_are_upright(self.classes)):
            return _IMAGE_CARD
        lines = max(max(1, len(self.groups)) * _GROUP_WIDTH, _MIN_LINES_WIDTH)
        beside = min(bars_width(self.classes), _MAX_BARS_WIDTH) if self.classes else _VALUES_WIDTH
        return lines + beside + 2 * _PADDING, _LINES_CARD_HEIGHT

    def step_text(self, step: int) -> str:
        """Return a step with its time, such as "sample 10 (0.2 s)"."""
        seconds = f" ({number(step / self.rate, 3)} s)" if self.rate else ""
        return f"{self.step_name} {step:,}{seconds}"


@dataclass(frozen=True)
class SequenceCard:
    """A card and where its parts were drawn.

    Attributes:
        box: Area of the card.
        sequence: The sequence on it.
        info: What the sequence shares with the others.
        signal_boxes: Area of the lines of each group, or of the image.
        bars_box: Area of the probability bars; empty for values.
    """

    box: QRectF
    sequence: ShownSequence
    info: SequenceInfo
    signal_boxes: list[QRectF]
    bars_box: QRectF

    def readout(self, position: QPointF) -> tuple[str, QRectF]:
        """Return the text for a mouse position and the area it describes; an empty text where there is nothing."""
        sequence, classes = self.sequence, self.info.classes
        if isinstance(sequence, ClassifiedSequence) and self.bars_box.contains(position):
            for c, bar in bar_boxes(self.bars_box, classes, sequence.probabilities, sequence.truth):
                if bar.contains(position):
                    return f"probability of {classes[c]}: {percent(float(sequence.probabilities[c]))}", bar
        for i, box in enumerate(self.signal_boxes):
            if box.contains(position):
                text, x = self._signal_text(i, box, position)
                return text, QRectF(x, box.top(), 1, box.height())
        return "", QRectF()

    def _step_text(self, step: int) -> str:
        text, date = self.info.step_text(step), _date(self.sequence, self.info, step)
        return f"{date} ({text})" if date else text

    def _signal_text(self, group_index: int, box: QRectF, position: QPointF) -> tuple[str, float]:
        """Return the values at a position in a small plot, and their position on the horizontal axis."""
        across, down = (position.x() - box.left()) / box.width(), (position.y() - box.top()) / box.height()
        signals, info, step_text = self.sequence.signals, self.info, self._step_text
        if not info.groups:
            rows, columns = image_shape(signals)
            row, column = min(int(down * rows), rows - 1), min(int(across * columns), columns - 1)
            step, feature = (row, column) if (rows, columns) == signals.shape else (column, row)
            value = number(float(signals[step, feature]), 3)
            return f"{step_text(step)}, {info.features[feature]}: {value}", position.x()
        last = max(1, info.steps - 1)
        step = round(across * last)
        if step >= len(signals):
            return f"{step_text(step)}: after the end of the sequence", position.x()
        group = info.groups[group_index]
        values = [number(float(signals[step, feature]), 3) for feature in group.features]
        labelled = [f"{label} {value}".strip() for label, value in zip(group.labels, values, strict=True)]
        unit = f" {group.unit}" if group.unit else ""
        return f"{step_text(step)}: {', '.join(labelled)}{unit}", box.left() + box.width() * step / last


def _date(sequence: ShownSequence, info: SequenceInfo, step: int) -> str:
    """Return the date of a step; empty where it is unknown."""
    known = sequence.times is not None and step < len(sequence.times)
    return time_text(sequence.times[step], info.resolution) if known and sequence.times is not None else ""


def draw_card(
    painter: QPainter, theme: Theme, box: QRectF, sequence: ShownSequence, info: SequenceInfo
) -> SequenceCard:
    """Draw a sequence as a card; a red border marks a misclassified one.

    Args:
        painter: Where to draw.
        theme: The colours.
        box: Area of the card.
        sequence: The sequence.
        info: What it shares with the others.
    """
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    is_incorrect = isinstance(sequence, ClassifiedSequence) and not sequence.correct
    painter.setPen(pg.mkPen(RED, width=2) if is_incorrect else pg.mkPen(theme.faint, width=1))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawRoundedRect(box.adjusted(1, 1, -1, -1), 4, 4)
    inside = box.adjusted(_PADDING, 3, -_PADDING, -_PADDING)
    line = QFontMetricsF(small_font()).height()
    _draw_title(painter, theme, QRectF(inside.left(), inside.top(), inside.width(), line), sequence, info)
    body = inside.adjusted(0, line + 2, 0, 0)
    if isinstance(sequence, RegressedSequence):
        return SequenceCard(box, sequence, info, _draw_signals(painter, theme, body, sequence, info), QRectF())
    rows_are_steps = not info.groups and image_shape(sequence.signals) == sequence.signals.shape
    max_share = 0.55 if rows_are_steps else 0.36 if len(info.groups) > 2 else 0.46
    bars = QRectF(body)
    bars.setLeft(body.right() - min(bars_width(info.classes), body.width() * max_share))
    signals = QRectF(body.left(), body.top(), bars.left() - body.left() - 10, body.height())
    signal_boxes = _draw_signals(painter, theme, signals, sequence, info)
    draw_bars(painter, theme, bars, info.classes, sequence.probabilities, sequence.truth, sequence.predicted)
    return SequenceCard(box, sequence, info, signal_boxes, bars)


def _draw_signals(
    painter: QPainter, theme: Theme, box: QRectF, sequence: ShownSequence, info: SequenceInfo
) -> list[QRectF]:
    if not info.groups:
        return [draw_image(painter, theme, box, sequence.signals, info.ranges[0])]
    width = box.width() / len(info.groups)
    end = f"{number(info.steps / info.rate, 3)} s" if info.rate else f"{info.steps - 1:,}"
    signal_boxes = []
    for i, (group, value_range) in enumerate(zip(info.groups, info.ranges, strict=True)):
        group_box = QRectF(box.left() + i * width, box.top(), width - 8, box.height())
        signal_boxes.append(
            draw_lines(painter, theme, group_box, sequence.signals, group, value_range, info.steps, end)
        )
    return signal_boxes


def _title_parts(sequence: ShownSequence, info: SequenceInfo) -> tuple[str, str, str]:
    """Return the title of a card, and its two names where it may shorten these."""
    if isinstance(sequence, RegressedSequence):
        unit = f" {info.unit}" if info.unit else ""
        return f"true {number(sequence.truth)}, predicted {number(sequence.predicted)}{unit}", "", ""
    truth, predicted = info.classes[sequence.truth], info.classes[sequence.predicted]
    return (f"✓ {truth}", "", "") if sequence.correct else (f"✗ true {truth}, predicted {predicted}", truth, predicted)


def _draw_title(painter: QPainter, theme: Theme, box: QRectF, sequence: ShownSequence, info: SequenceInfo) -> None:
    metrics, (title, truth, predicted) = QFontMetricsF(bold_font()), _title_parts(sequence, info)
    date, number_text, small = _date(sequence, info, 0), f"no. {sequence.index + 1:,}", QFontMetricsF(small_font())
    room = box.width() - metrics.horizontalAdvance(title) - 8
    dated = f"{date} · {number_text}"
    index = dated if date and small.horizontalAdvance(dated) <= room else number_text  # the classes come first
    width = box.width() - small.horizontalAdvance(index) - 8
    if truth and metrics.horizontalAdvance(title) > width:
        half = (width - metrics.horizontalAdvance("✗ true , predicted ")) / 2
        title = f"✗ true {shorten(truth, half, metrics)}, predicted {shorten(predicted, half, metrics)}"
    painter.setFont(bold_font())
    painter.setPen(QColor(theme.text))
    painter.drawText(box, _LEFT, metrics.elidedText(title, Qt.TextElideMode.ElideRight, width))
    painter.setFont(small_font())
    painter.drawText(box, _RIGHT, index)
