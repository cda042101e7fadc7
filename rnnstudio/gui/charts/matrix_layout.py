"""Where the cells, class names and margins of a confusion matrix stand."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, QSizeF
from PySide6.QtGui import QFontMetricsF

from rnnstudio.gui.charts.text import bold_font, small_font, split_name

Cell = tuple[int, int]  # index of the true class (row) and of the predicted class (column); MARGIN for the margin
MARGIN = -1
_MAX_NAMES = 0.26  # share of width or height that class names may use


class MatrixLayout:
    """The geometry of a confusion matrix, in pixels.

    Args:
        names: Class names.
        size: Size of the whole drawing.

    Attributes:
        cells: Area of all cells together.
        column_names: Class names above the columns, each as one or two lines.
        upright: Whether the names above the columns are rotated by 90 degrees.
        line_height: Height of a line of text.
    """

    def __init__(self, names: tuple[str, ...], size: QSizeF) -> None:
        self.names, self.size = names, size
        self._metrics = QFontMetricsF(small_font())
        self.line_height = line = self._metrics.height()
        self.cells, self.upright = QRectF(), False
        self.column_names = [split_name(name) for name in names]
        if not names:
            return
        width, height = size.width(), size.height()
        left = line + 4 + min(max(self.text_width(name) for name in names), width * _MAX_NAMES) + 12
        left = max(left, QFontMetricsF(bold_font()).horizontalAdvance("precision") + 10)
        right = width - max(self.text_width("recall"), self.text_width("100.0 %")) - 8
        names_height = self._place_column_names((right - left) / len(names), height)
        top = line + 2 + names_height
        self.cells = QRectF(left, top, right - left, max(8.0, height - top - line - 6))

    def _place_column_names(self, cell_width: float, height: float) -> float:
        """Decide how the names above the columns are written, and return their height."""
        line, lines = self.line_height, max(len(name) for name in self.column_names)
        widest = self._widest_line()
        self.upright = widest > cell_width - 4
        if not self.upright:
            return lines * line + 4
        if lines * line > cell_width or widest > height * _MAX_NAMES:
            self.column_names = [[name] for name in self.names]
            widest = self._widest_line()
        return min(widest, height * _MAX_NAMES) + 8

    def _widest_line(self) -> float:
        return max(self.text_width(line) for name in self.column_names for line in name)

    def text_width(self, text: str) -> float:
        """Return the width of a text."""
        return self._metrics.horizontalAdvance(text)

    @property
    def cell_size(self) -> QSizeF:
        """Width and height of one cell."""
        return QSizeF(self.cells.width() / len(self.names), self.cells.height() / len(self.names))

    def box(self, cell: Cell) -> QRectF:
        """Return the area of a cell or of a part of the margin."""
        row, column = cell
        size, cells = self.cell_size, self.cells
        x = cells.right() + 4 if column == MARGIN else cells.left() + column * size.width()
        y = cells.bottom() + 3 if row == MARGIN else cells.top() + row * size.height()
        width = self.size.width() - x if column == MARGIN else size.width()
        height = self.size.height() - y if row == MARGIN else size.height()
        return QRectF(x, y, width, height)

    def cell_at(self, position: QPointF) -> Cell | None:
        """Return the cell, or the part of the margin, at a position."""
        cells, count = self.cells, len(self.names)
        if not count or position.x() < cells.left() or position.y() < cells.top():
            return None
        column = int((position.x() - cells.left()) / cells.width() * count)
        row = int((position.y() - cells.top()) / cells.height() * count)
        if row >= count and column >= count:
            return None
        return (row if row < count else MARGIN), (column if column < count else MARGIN)
