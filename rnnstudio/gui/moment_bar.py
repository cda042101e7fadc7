"""The bar under the plots with which one goes through the moments of a training."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QRect, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QPolygon
from PySide6.QtWidgets import (
    QHBoxLayout,
    QPushButton,
    QSlider,
    QStyle,
    QStyleOptionSlider,
    QVBoxLayout,
    QWidget,
)

from rnnstudio.gui.plain_text import PlainLabel

_MARK = 4  # pixels, half of the width of a mark


class MomentSlider(QSlider):
    """A slider over moments, with a mark above the best one and the last one.

    Attributes:
        marked: Positions of the marks, and whether each is filled.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self.setTickPosition(QSlider.TickPosition.TicksBelow)
        self.setTickInterval(1)
        self.setPageStep(1)
        self.marked: dict[int, bool] = {}

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the slider, then the marks."""
        super().paintEvent(event)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        color = self.palette().text().color()
        painter.setPen(color)
        for position, filled in self.marked.items():
            painter.setBrush(color if filled else Qt.BrushStyle.NoBrush)
            painter.drawPolygon(_triangle(self._x(position)))

    def _x(self, position: int) -> int:
        """Return where the handle is at a position."""
        option = QStyleOptionSlider()
        self.initStyleOption(option)
        style, control = self.style(), QStyle.ComplexControl.CC_Slider
        groove: QRect = style.subControlRect(control, option, QStyle.SubControl.SC_SliderGroove, self)
        handle: QRect = style.subControlRect(control, option, QStyle.SubControl.SC_SliderHandle, self)
        span = groove.width() - handle.width()
        offset = QStyle.sliderPositionFromValue(self.minimum(), self.maximum(), position, span)
        return groove.x() + offset + handle.width() // 2


def _triangle(x: int) -> QPolygon:
    """Return a triangle that points down at a position."""
    return QPolygon([QPoint(x - _MARK, 0), QPoint(x + _MARK, 0), QPoint(x, 2 * _MARK - 1)])


class MomentBar(QWidget):
    """A slider over the moments of a run, what is shown, and buttons for the best and the last one."""

    moved = Signal(int)  # position
    keep_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.slider = MomentSlider()
        self.slider.setAccessibleName("Update whose weights the plots show")
        self.slider.setMinimumWidth(120)
        self.slider.valueChanged.connect(self.moved)
        self.shown = PlainLabel()
        self.shown.setWordWrap(True)
        self.best = _button("Go to &best")
        self.last = _button("Go to &last")
        self.keep = _button("&Keep these weights")
        self.keep.clicked.connect(self.keep_requested)
        row = QHBoxLayout()
        row.addWidget(PlainLabel("Update"))
        row.addWidget(self.slider, 1)
        for button in (self.best, self.last, self.keep):
            row.addWidget(button)
        column = QVBoxLayout(self)
        column.setContentsMargins(8, 2, 8, 4)
        column.setSpacing(2)
        column.addLayout(row)
        column.addWidget(self.shown)

    def show_text(self, text: str) -> None:
        """Say what the plots show."""
        self.shown.setText(text)

    def show_positions(self, count: int, marked: dict[int, bool], position: int) -> None:
        """Have the slider go through so many moments, without moving the plots.

        Args:
            count: Number of moments.
            marked: Positions of the best (filled) and the last one.
            position: The position to show.
        """
        self.slider.blockSignals(True)
        self.slider.setRange(0, max(0, count - 1))
        self.slider.marked = marked
        self.slider.setValue(position)
        self.slider.blockSignals(False)
        self.slider.update()

    def enable(self, *, moments: bool, best: bool, last: bool, keep: bool) -> None:
        """Enable the slider and the buttons."""
        pairs = (self.slider, moments), (self.best, best), (self.last, last), (self.keep, keep)
        for widget, enabled in pairs:
            widget.setEnabled(enabled)


def _button(text: str) -> QPushButton:
    button = QPushButton(text)
    button.setAutoDefault(False)
    return button
