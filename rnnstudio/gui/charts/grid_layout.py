"""A grid of equal boxes, as many as fit into an area."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSizeF


def rows_and_columns(size: QSizeF, box: tuple[float, float], gap: float) -> tuple[int, int]:
    """Return how many rows and columns of boxes fit, at least one of each.

    Args:
        size: The area, in pixels as all numbers here.
        box: Smallest width and height of a box.
        gap: Distance between boxes.

    >>> rows_and_columns(QSizeF(100, 50), (30, 40), 5)
    (1, 3)
    """
    width, height = box
    return max(1, int((size.height() + gap) / (height + gap))), max(1, int((size.width() + gap) / (width + gap)))


def grid_boxes(size: QSizeF, count: int, rows: int, columns: int, gap: float, max_height: float) -> list[QRectF]:
    """Return boxes that fill the area row by row, each at most so high.

    Args:
        size: The area.
        count: Number of boxes; those beyond `rows` stand below the area.
        rows: Rows that share its height.
        columns: Columns that share its width.
        gap: Distance between boxes.
        max_height: Greatest height of a box.

    >>> [(box.x(), box.y(), box.width(), box.height()) for box in grid_boxes(QSizeF(100, 50), 2, 1, 2, 10, 20)]
    [(0.0, 0.0, 45.0, 20.0), (55.0, 0.0, 45.0, 20.0)]
    """
    width = (size.width() - gap * (columns - 1)) / columns
    height = min((size.height() - gap * (rows - 1)) / rows, max_height)
    return [QRectF((width + gap) * (i % columns), (height + gap) * (i // columns), width, height) for i in range(count)]
