"""Lines of any length drawn with a few points per pixel, and the smooth line over a noisy one."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyqtgraph as pg
from numpy.typing import NDArray

from rnnstudio.core.events import Floats
from rnnstudio.core.history import Column


def thin(values: NDArray[Any], begin: int, end: int, columns: int) -> tuple[NDArray[np.int64], NDArray[Any]]:
    """Return indices and values of a line that looks like `values[begin:end]` when drawn over `columns` pixels.

    Of each cell of values only the lowest and the highest are kept, so no spike is lost. Cells hold a power of two of values
    and begin at multiples of it, so that a line that grows does not flicker. NaN is left out where a cell holds anything else.
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
        smooth: Whether its edges are smoothed, which costs time on a line as dense as noise.
        mean: Draw the mean of what shares a pixel instead of its lowest and highest.
    """

    def __init__(self, plot: Any, *, smooth: bool = True, mean: bool = False) -> None:
        self._thin = thin_mean if mean else thin
        self.item = pg.PlotCurveItem(connect="finite", antialias=smooth)
        self._plot = plot
        plot.addItem(self.item, ignoreBounds=True)

    def paint(self, color: str, width: float = 1.5, dash: Any = None, alpha: int = 255) -> None:
        """Choose colour, width in pixels and dashes."""
        shade = pg.mkColor(color)
        shade.setAlpha(alpha)
        pen = pg.mkPen(shade, width=width)
        if dash is not None:
            pen.setDashPattern(dash)
        self.item.setPen(pen)

    def draw(self, values: NDArray[Any], at: NDArray[Any] | None = None, *, log: bool = False) -> NDArray[Any]:
        """Draw what of a line lies in view, and return the values drawn.

        Args:
            values: `(n,)`; NaN interrupts the line, and nothing but NaN may be below or at zero where `log` is set.
            at: Where they stand, `(n,)`, rising; 0 to n - 1 when None.
            log: Whether the axis is logarithmic.
        """
        (low, high), _ = self._plot.vb.viewRange()
        if at is None:
            begin, end = (
                max(0, int(min(low, len(values))) - 1),
                min(len(values), max(0, int(min(high, len(values)))) + 2),
            )
        else:
            begin, end = max(0, int(np.searchsorted(at, low)) - 1), min(len(at), int(np.searchsorted(at, high)) + 1)
        index, drawn = self._thin(values, begin, end, max(64, int(self._plot.vb.width())))
        y = np.log10(drawn.astype(np.float64)) if log else drawn.astype(np.float64)
        x = index.astype(np.float64) if at is None else at[index].astype(np.float64)
        self.item.setData(x, y)
        return drawn


class Smoothed:
    """A debiased exponential mean over a growing column; what is not finite does not count.

    The mean after n values is the sum of share**(n - i) * x_i over the sum of share**(n - i) (Kingma & Ba 2015, section 3, for
    the division that takes away the bias of the start).

    Args:
        share: How much of the mean stays with each new value, 0 to below 1.
    """

    def __init__(self, share: float) -> None:
        self.share = share
        self._column = Column()
        self._sum = self._weight = 0.0

    def follow(self, raw: Floats) -> Floats:
        """Take in what `raw` holds beyond the last call, and return the mean after each value, of the same shape."""
        new = raw[len(self._column) :].astype(np.float64)
        if len(new):
            finite = np.isfinite(new)
            kept = self.share ** np.arange(1, len(new) + 1)
            sums = self._decayed(np.where(finite, new, 0.0)) + kept * self._sum
            weights = self._decayed(finite.astype(np.float64)) + kept * self._weight
            self._sum, self._weight = float(sums[-1]), float(weights[-1])
            means = np.divide(sums, weights, out=np.full(len(new), np.nan), where=weights > 1e-12)
            self._column.extend(means.astype(np.float32))
        return self._column.values

    def _decayed(self, x: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return y with y_n = x_n + share * y_{n-1}, by doubling: log2(n) passes over the array instead of a loop over n."""
        y, reach, factor = x.copy(), 1, self.share
        while reach < len(y) and factor > 1e-12:
            y[reach:] += factor * y[:-reach]
            reach, factor = 2 * reach, factor * factor
        return y
