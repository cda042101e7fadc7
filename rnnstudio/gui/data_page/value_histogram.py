"""How many sequences have which value, by split: bars on each other."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pyqtgraph as pg
from numpy.typing import NDArray

from rnnstudio.gui.data_page.class_bars import split_brush
from rnnstudio.gui.theme import Theme
from rnnstudio.results.data_summary import SPLITS

_ROOM = 1.08  # above the longest bar


class ValueHistogram:
    """Bars of the number of sequences in each range of values; the splits stand on each other.

    Args:
        axes: Where they are drawn.

    Attributes:
        axes: Where they are drawn.
        bars: The bars of each split.
    """

    def __init__(self, axes: Any) -> None:
        self.axes = axes
        axes.setMouseEnabled(x=False, y=False)
        self.bars = {split: pg.BarGraphItem(x0=[], x1=[], height=[]) for split in SPLITS}
        for bars in self.bars.values():
            axes.addItem(bars, ignoreBounds=True)

    def show_values(self, counts: Mapping[str, NDArray[Any]], edges: NDArray[np.float64], label: str) -> None:
        """Draw the counts.

        Args:
            counts: Number of sequences of each split in each bin, `(bins,)`.
            edges: The ends of the bins, `(bins + 1,)`.
            label: What the values are.
        """
        below = np.zeros(len(edges) - 1)
        for split, bars in self.bars.items():
            bars.setOpts(x0=edges[:-1], x1=edges[1:], y0=below, height=counts[split].astype(float))
            below = below + counts[split]
        self.axes.vb.setRange(
            xRange=(float(edges[0]), float(edges[-1])), yRange=(0, max(1.0, float(below.max())) * _ROOM), padding=0
        )
        self.axes.getAxis("bottom").set_label(label)

    def set_theme(self, theme: Theme) -> None:
        """Change the colours."""
        for split, bars in self.bars.items():
            bars.setOpts(brush=split_brush(theme, split), pen=pg.mkPen(theme.faint))
