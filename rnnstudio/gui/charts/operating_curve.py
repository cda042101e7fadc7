"""A curve over the thresholds of two classes: the base class of the ROC curve and the precision-recall curve."""

from __future__ import annotations

from abc import abstractmethod
from typing import TYPE_CHECKING

import numpy as np
import pyqtgraph as pg
from numpy.typing import NDArray
from PySide6.QtWidgets import QWidget

from rnnstudio.core.data_info import DataInfo
from rnnstudio.core.experiment import Experiment
from rnnstudio.core.history import History
from rnnstudio.core.operating_points import OperatingPoints
from rnnstudio.core.wording import split_label
from rnnstudio.gui.charts.axes import markers
from rnnstudio.gui.charts.cursor import Cursor
from rnnstudio.gui.charts.legend import Entry
from rnnstudio.gui.charts.numbers import number, percent
from rnnstudio.gui.charts.plot import Plot
from rnnstudio.gui.charts.update_note import update_note
from rnnstudio.gui.theme import LIGHT, RED, Theme

if TYPE_CHECKING:
    import pandas as pd

Doubles = NDArray[np.float64]
_MARGIN = 0.02  # beyond 0 and 1, so that a curve along the edge is visible
_MAX_NAME = 24  # letters of a class in a label
_DASH = [4, 4]
_EARLIER = (
    "This run has no curve: the set it was evaluated on has one class only, or an earlier version saved it. Train it "
    "again with both classes in the test set."
)


class OperatingCurve(Plot):
    """One point per threshold, from all targets of the held-out set; the threshold that decides is marked."""

    empty_message = "No evaluation yet. The curve appears after the first one."

    def __init__(self, theme: Theme = LIGHT, parent: QWidget | None = None) -> None:
        super().__init__(theme, parent)
        self._history = History()
        self._points: OperatingPoints | None = None
        self.axes = self.add_axes()
        self._chance = pg.PlotCurveItem()
        self._curve = pg.PlotCurveItem()
        self._mark = markers("o", 11.0)
        for z, item in enumerate((self._chance, self._curve, self._mark)):
            item.setZValue(10 + z)
            self.axes.addItem(item, ignoreBounds=True)
        self._cursor = Cursor(self.axes, self.readout)
        self.set_theme(theme)
        self.reset_view()

    @classmethod
    def suits(cls, experiment: Experiment) -> bool:
        """Return whether the network predicts classes."""
        return experiment.data.task in ("classify", "label")

    @classmethod
    def suits_data(cls, info: DataInfo | None) -> bool:
        """Return whether there are two classes, and a set that no training sees."""
        return info is not None and len(info.classes) == 2 and any(info.windows.get(s) for s in ("val", "test"))

    @abstractmethod
    def curve_of(self, points: OperatingPoints) -> tuple[Doubles, Doubles]:
        """Return the curve, two arrays `(n,)`."""

    @abstractmethod
    def chance_of(self, points: OperatingPoints) -> tuple[Doubles, Doubles]:
        """Return the curve of predictions without knowledge, two arrays `(2,)`."""

    @abstractmethod
    def mark_of(self, points: OperatingPoints) -> tuple[float, float]:
        """Return the position of the threshold that decides."""

    @abstractmethod
    def labels_of(self, positive: str, negative: str) -> tuple[str, str]:
        """Return the labels of the horizontal and the vertical axis for two classes."""

    @abstractmethod
    def entries_of(self, points: OperatingPoints) -> tuple[str, str]:
        """Return the texts of the legend for the curve and for predictions without knowledge."""

    @abstractmethod
    def index_at(self, points: OperatingPoints, x: float) -> int:
        """Return the index of the threshold at a position on the horizontal axis."""

    def begin(self, experiment: Experiment) -> None:
        """Clear the plot."""
        super().begin(experiment)
        self._history, self._points = History(), None
        self._cursor.hide()

    def show_history(self, history: History) -> None:
        """Draw the newest evaluation."""
        points = history.points
        if points is None or history.info is None:
            if history.outcome is not None and history.step:
                self.show_message(_EARLIER)
            return
        if points is self._points:
            self._show_legend()  # the weights may have become the final ones
            return
        self._history, self._points = history, points
        self._curve.setData(*corners(*self.curve_of(points)))
        self._chance.setData(*self.chance_of(points))
        x, y = self.mark_of(points)
        self._mark.setData([x], [y])
        positive, negative = self._names(points, history.info)
        bottom, left = self.labels_of(positive, negative)
        self.axes.getAxis("bottom").set_label(bottom)
        self.axes.getAxis("left").set_label(left)
        self._show_legend()
        self.show_message("")

    @staticmethod
    def _names(points: OperatingPoints, info: DataInfo) -> tuple[str, str]:
        names = [name if len(name) <= _MAX_NAME else f"{name[: _MAX_NAME - 1]}…" for name in info.classes]
        return names[points.positive], names[1 - points.positive]

    def _show_legend(self) -> None:
        points, info = self._points, self._history.info
        if points is None or info is None:
            return
        curve, chance = self.entries_of(points)
        positive, negative = self._names(points, info)
        chosen = "chosen on the validation set" if points.is_chosen else "the more probable class"
        counts = f"{_counted(points.positives, positive)}, {_counted(points.negatives, negative)}"
        split = split_label(points.split).capitalize()
        note = update_note(self._history, self.experiment, self._history.points_step)
        outline = pg.mkPen(self.theme.background, width=1)
        self.legend.show_entries(
            [
                Entry(curve, self._curve.opts["pen"]),
                Entry(chance, self._chance.opts["pen"]),
                Entry(f"Threshold {number(points.threshold, 3)} ({chosen})", outline, "o", RED, line=False),
                Entry(f"{split}: {counts}; {note[0].lower()}{note[1:]}"),
            ]
        )

    def readout(self, x: float) -> tuple[str, float]:
        """Return the text for a position on the horizontal axis, and the position of its threshold."""
        points, info = self._points, self._history.info
        if points is None or info is None or not 0 <= x <= 1:
            return "", 0.0
        i = self.index_at(points, x)
        positive, negative = self._names(points, info)
        lines = [
            f"Threshold {number(float(points.scores[i]))}",
            f"{positive} found: {points.true_positives[i]:,} of {points.positives:,} ({percent(points.recall[i])})",
            f"{negative} predicted as {positive}: {points.false_positives[i]:,} of {points.negatives:,} "
            f"({percent(points.false_positive_rate[i])})",
            f"Precision {percent(points.precision[i])}",
        ]
        return "\n".join(lines), x

    def hide_cursor(self) -> None:
        """Hide the readout at the mouse position."""
        self._cursor.hide()

    def reset_view(self) -> None:
        """Show the whole curve."""
        self.axes.setRange(xRange=(-_MARGIN, 1 + _MARGIN), yRange=(-_MARGIN, 1 + _MARGIN), padding=0)

    def set_theme(self, theme: Theme) -> None:
        """Change the colours."""
        super().set_theme(theme)
        self._curve.setPen(pg.mkPen(theme.blue, width=2))
        self._chance.setPen(pg.mkPen(theme.text, width=1, dash=_DASH))
        self._mark.setBrush(pg.mkBrush(RED))
        self._mark.setPen(pg.mkPen(theme.background, width=1))
        self._cursor.set_theme(theme)
        self._show_legend()

    def to_frame(self) -> pd.DataFrame:
        """Return one row per threshold: counts, recall, false positive rate and precision."""
        import pandas as pd

        return pd.DataFrame() if self._points is None else self._points.frame()


def _counted(count: int, name: str) -> str:
    """Return how many sequences or steps have a class, whose name may be a number.

    >>> _counted(76, "faulty"), _counted(76, "1")
    ('76 faulty', '76 of class 1')
    """
    return f"{count:,} {name}" if any(letter.isalpha() for letter in name) else f"{count:,} of class {name}"


def corners(x: Doubles, y: Doubles) -> tuple[Doubles, Doubles]:
    """Return a curve without the points along its horizontal and vertical lines, whose joints would be visible.

    >>> [values.tolist() for values in corners(np.array([0.0, 0.0, 0.0, 1.0]), np.array([0.0, 0.4, 0.9, 1.0]))]
    [[0.0, 0.0, 1.0], [0.0, 0.9, 1.0]]
    """
    differs = np.concatenate([[True], (np.diff(x) != 0) | (np.diff(y) != 0)])
    x, y = x[differs], y[differs]
    if len(x) < 3:
        return x, y
    across, up = np.diff(x), np.diff(y)
    vertical = (across[:-1] == 0) & (across[1:] == 0) & (up[:-1] * up[1:] >= 0)
    horizontal = (up[:-1] == 0) & (up[1:] == 0) & (across[:-1] * across[1:] >= 0)
    kept = np.concatenate([[True], ~(vertical | horizontal), [True]])
    return x[kept], y[kept]


def steps(x: Doubles, y: Doubles) -> tuple[Doubles, Doubles]:
    """Return a curve that keeps each value up to its position, two arrays `(2 n,)`.

    >>> [values.tolist() for values in steps(np.array([0.5, 1.0]), np.array([0.9, 0.4]))]
    [[0.0, 0.5, 0.5, 1.0], [0.9, 0.9, 0.4, 0.4]]
    """
    return np.repeat(np.concatenate([[0.0], x]), 2)[1:-1], np.repeat(y, 2)
