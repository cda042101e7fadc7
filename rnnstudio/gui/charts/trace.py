"""A line of any length, drawn with a few points per pixel."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyqtgraph as pg
from numpy.typing import NDArray
from PySide6.QtCore import Qt

from rnnstudio.gui.charts.downsampling import Blocks, Values, downsample, downsample_mean

_MAX_SMOOTH_LENGTH = 2500.0  # vertical pixels of a wide line with antialiasing, which takes about 4 ms to paint
_MAX_DASHED_LENGTH = 8000.0  # vertical pixels of a wide dashed line, which is drawn less often


class Trace:
    """One line on a pair of axes, downsampled to the pixels it is drawn on.

    Args:
        axes: Where it is drawn.
        mean: Draw the mean of the values that share a pixel instead of their minimum and maximum.
    """

    def __init__(self, axes: Any, *, mean: bool = False) -> None:
        self._is_mean = mean
        self._style: tuple[Any, ...] = ()
        self.pen: Any = None
        self._narrow_pen: Any = None
        self.item = pg.PlotCurveItem(connect="finite")
        self._axes = axes
        axes.addItem(self.item, ignoreBounds=True)

    def set_style(self, color: str, width: float = 1.5, dash: Any = None, alpha: int = 255) -> None:
        """Set colour, width in pixels, dashes and opacity (0 to 255)."""
        style = (color, width, dash, alpha)
        if style != self._style:
            self._style = style
            shade = pg.mkColor(color)
            shade.setAlpha(alpha)
            self.pen = pg.mkPen(shade, width=width, dash=dash)
            self._narrow_pen = pg.mkPen(shade, width=1, dash=dash)

    def draw(
        self,
        values: Values,
        positions: NDArray[Any] | None = None,
        *,
        log: bool = False,
        blocks: Blocks | None = None,
    ) -> None:
        """Draw the visible part of a line.

        Args:
            values: `(n,)`; NaN interrupts the line.
            positions: Their rising positions on the horizontal axis, `(n,)`; 0 to n - 1 when None.
            log: Draw the logarithms to base 10; values of zero and below interrupt the line.
            blocks: The `block_extremes` of a long line, or its means of blocks, where they are known.
        """
        (left, right), _ = self._axes.vb.viewRange()
        begin, end = (left, right) if positions is None else np.searchsorted(positions, (left, right))
        begin, end = (
            int(np.clip(edge, 0, len(values))) for edge in (begin - 1, end + 2)
        )  # one point more on each side
        columns = max(64, int(self._axes.vb.width()))
        reduce = downsample_mean if self._is_mean else downsample
        indices, visible = reduce(values, begin, end, columns, blocks)
        y = visible.astype(np.float64)
        y = np.log10(y, out=np.full(len(y), np.nan), where=y > 0) if log else y
        x = indices.astype(np.float64) if positions is None else positions[indices].astype(np.float64)
        self.item.setData(x, y, **self._pen_for(y))

    def _pen_for(self, y: NDArray[np.float64]) -> dict[str, Any]:
        """Return a cheaper pen for a line that oscillates: Qt can take a second for a wide antialiased one."""
        _, (low, high) = self._axes.vb.viewRange()
        length = float(np.nansum(np.abs(np.diff(y)))) / max(high - low, 1e-300) * self._axes.vb.height()
        if self.pen.style() == Qt.PenStyle.SolidLine:
            return {"pen": self.pen, "antialias": self.pen.widthF() <= 1 or length < _MAX_SMOOTH_LENGTH}
        return {"pen": self._narrow_pen if length > _MAX_DASHED_LENGTH else self.pen, "antialias": True}
