"""Lines of any length drawn with a few points per pixel, and the smooth line over a noisy one."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyqtgraph as pg
from numpy.typing import NDArray
from PySide6.QtCore import Qt

from rnnstudio.core.events import Floats
from rnnstudio.core.history import Column

_MOST_TRAVEL = 2500.0  # pixels up and down that a wide line with smooth edges may go: about 4 ms
_MOST_DASHED = 8000.0  # the same for a dashed line, which is drawn less often


def thin(values: NDArray[Any], begin: int, end: int, columns: int) -> tuple[NDArray[np.int64], NDArray[Any]]:
    """Return indices and values of a line that looks like `values[begin:end]` when drawn over `columns` pixels.

    Of each cell of values only the lowest and the highest are kept, so no spike is lost. Cells hold a power of two of
    values and begin at multiples of it, so that a growing line does not flicker. NaN only stays where it fills a cell.
    """
    cell = _cell(begin, end, columns)
    if cell <= 2:
        return np.arange(begin, max(begin, end)), values[begin:end]
    begin -= begin % cell
    whole = (end - begin) // cell
    cells = values[begin : begin + whole * cell].reshape(whole, cell)
    ends = np.empty((whole, 2), values.dtype)
    np.fmin.reduce(cells, axis=1, out=ends[:, 0])
    np.fmax.reduce(cells, axis=1, out=ends[:, 1])
    at = np.repeat(begin + cell // 2 + cell * np.arange(whole), 2)
    rest = np.arange(begin + whole * cell, end)
    return np.concatenate([at, rest]), np.concatenate([ends.ravel(), values[rest]])


def thin_mean(values: NDArray[Any], begin: int, end: int, columns: int) -> tuple[NDArray[np.int64], NDArray[Any]]:
    """Return the same as `thin` with the mean of each cell; NaN where a cell holds one."""
    cell = _cell(begin, end, columns)
    if cell <= 2:
        return np.arange(begin, max(begin, end)), values[begin:end]
    begin -= begin % cell
    whole = (end - begin) // cell
    at = begin + cell // 2 + cell * np.arange(whole)
    means = values[begin : begin + whole * cell].reshape(whole, cell).mean(axis=1)
    last = values[end - 1 : end]
    return np.append(at, end - 1), np.concatenate([means, last])


def _cell(begin: int, end: int, columns: int) -> int:
    """Return how many values share a cell: a power of two, at most a pixel's worth."""
    return 1 << max(0, max(0, end - begin) // max(1, columns)).bit_length() if end - begin > 2 * columns else 1


class Trace:
    """One line of a plot, thinned to the pixels it is drawn on.

    Args:
        plot: Where it is drawn.
        mean: Draw the mean of what shares a pixel instead of its lowest and highest.
    """

    def __init__(self, plot: Any, *, mean: bool = False) -> None:
        self._thin = thin_mean if mean else thin
        self._style: tuple[Any, ...] = ()
        self.pen: Any = None
        self._thin_pen: Any = None
        self.item = pg.PlotCurveItem(connect="finite")
        self._plot = plot
        plot.addItem(self.item, ignoreBounds=True)

    def paint(self, color: str, width: float = 1.5, dash: Any = None, alpha: int = 255) -> None:
        """Choose colour, width in pixels and dashes."""
        style = (color, width, dash, alpha)
        if style != self._style:
            self._style = style
            shade = pg.mkColor(color)
            shade.setAlpha(alpha)
            self.pen = pg.mkPen(shade, width=width, dash=dash)
            self._thin_pen = pg.mkPen(shade, width=1, dash=dash)

    def draw(self, values: NDArray[Any], at: NDArray[Any] | None = None, *, log: bool = False) -> None:
        """Draw what of a line lies in view.

        Args:
            values: `(n,)`; NaN interrupts the line.
            at: Where they stand, `(n,)`, rising; 0 to n - 1 when None.
            log: Draw the logarithms; what is not above zero interrupts the line.
        """
        (low, high), _ = self._plot.vb.viewRange()
        begin, end = (low, high) if at is None else np.searchsorted(at, (low, high))
        begin, end = (int(np.clip(edge, 0, len(values))) for edge in (begin - 1, end + 2))  # a point more on each side
        columns = max(64, int(self._plot.vb.width()))
        index, drawn = self._thin(values, begin, end, columns)
        y = drawn.astype(np.float64)
        y = np.log10(y, out=np.full(len(y), np.nan), where=y > 0) if log else y
        x = index.astype(np.float64) if at is None else at[index].astype(np.float64)
        self.item.setData(x, y, **self._pen_for(y))

    def _pen_for(self, y: NDArray[np.float64]) -> dict[str, Any]:
        """Return a cheaper pen for a line that goes up and down a lot: wide and smooth it can take Qt a second."""
        _, (low, high) = self._plot.vb.viewRange()
        travel = float(np.nansum(np.abs(np.diff(y)))) / max(high - low, 1e-300) * self._plot.vb.height()
        if self.pen.style() == Qt.PenStyle.SolidLine:
            return {"pen": self.pen, "antialias": self.pen.widthF() <= 1 or travel < _MOST_TRAVEL}
        return {"pen": self._thin_pen if travel > _MOST_DASHED else self.pen, "antialias": True}


class Smoothed:
    """A debiased exponential mean over a growing column; what is not finite does not count.

    The mean after n values is the sum of share**(n - i) * x_i over the sum of share**(n - i); the division takes away
    the bias of the start (Kingma & Ba 2015, section 3).

    Args:
        share: How much of the mean stays with each new value, 0 to below 1.
    """

    def __init__(self, share: float) -> None:
        self.share = share
        self._column = Column()
        self._sum = self._weight = 0.0

    def follow(self, raw: Floats) -> Floats:
        """Take in what is new in `raw`; return the mean after each value, NaN where the value is not finite."""
        new = raw[len(self._column) :].astype(np.float64)
        if len(new):
            finite = np.isfinite(new)
            kept = self.share ** np.arange(1, len(new) + 1)
            sums = self._decayed(np.where(finite, new, 0.0)) + kept * self._sum
            weights = self._decayed(finite.astype(np.float64)) + kept * self._weight
            self._sum, self._weight = float(sums[-1]), float(weights[-1])
            means = np.divide(sums, weights, out=np.full(len(new), np.nan), where=finite)
            self._column.extend(means.astype(np.float32))
        return self._column.values

    def _decayed(self, x: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return y with y_n = x_n + share * y_{n-1}, by doubling: log2(n) passes instead of a loop over n."""
        y, reach, factor = x.copy(), 1, self.share
        while reach < len(y) and factor > 1e-12:
            y[reach:] += factor * y[:-reach]
            reach, factor = 2 * reach, factor * factor
        return y
