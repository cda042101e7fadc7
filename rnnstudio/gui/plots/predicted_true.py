"""Predicted against true values of sequences, with the diagonal on which they are equal."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pyqtgraph as pg
from numpy.typing import NDArray
from PySide6.QtCore import QPointF
from PySide6.QtWidgets import QWidget

from rnnstudio.core.experiment import Experiment
from rnnstudio.core.history import History
from rnnstudio.core.predicted_split import predicted_split
from rnnstudio.core.predictions import ValuePredictions
from rnnstudio.core.wording import split_label
from rnnstudio.gui.charts.axes import markers
from rnnstudio.gui.charts.legend import Entry
from rnnstudio.gui.charts.numbers import label_with_unit, number
from rnnstudio.gui.charts.text import small_font
from rnnstudio.gui.charts.update_note import update_note
from rnnstudio.gui.plots import Plot, plot
from rnnstudio.gui.theme import LIGHT, ORANGE, Theme

if TYPE_CHECKING:
    import pandas as pd

_SIZE, _HOVERED_SIZE = 8.0, 13.0  # pixels
_REACH = 24.0  # pixels from a point within which it is read out
_MARGIN = 0.04  # of the range, around the points
_ALPHA = 150  # of 255: points that lie on each other are darker


@plot
class PredictedTruePlot(Plot):
    """A point for each sequence: its true value to the right, its predicted value upwards.

    Attributes:
        points: The sequences.

    >>> from rnnstudio.core.experiment import compose
    >>> [PredictedTruePlot.suits(compose("arrays", {"task": task})) for task in ("regress_sequence", "classify")]
    [True, False]
    """

    name = "predicted_true"
    title = "Predicted against true"
    order = 55
    empty_message = "No prediction yet. The points appear after the first evaluation."

    def __init__(self, theme: Theme = LIGHT, parent: QWidget | None = None) -> None:
        super().__init__(theme, parent)
        self._history = History()
        self._predictions: ValuePredictions | None = None
        self._is_moved = False  # whether the user chose what is in view
        self.axes = self.add_axes(bottom="true value", left="predicted value")
        self.diagonal = pg.InfiniteLine(pos=(0, 0), angle=45)
        self.baseline = pg.InfiniteLine(angle=0)
        self.points = markers("o", _SIZE)
        self.hovered = markers("o", _HOVERED_SIZE)
        self.readout = pg.TextItem()
        self.readout.setFont(small_font())
        for z, item in enumerate((self.diagonal, self.baseline, self.points, self.hovered, self.readout)):
            item.setZValue(z)
            self.axes.addItem(item, ignoreBounds=True)
        self.axes.vb.sigRangeChangedManually.connect(self._moved)
        self.canvas.scene().sigMouseMoved.connect(self._mouse_moved)
        self.hide_cursor()
        self.set_theme(theme)

    @classmethod
    def suits(cls, experiment: Experiment) -> bool:
        """Return whether each sequence has one value."""
        return experiment.data.task == "regress_sequence"

    @classmethod
    def default_for(cls, experiment: Experiment) -> bool:
        """Return whether this is the first plot to show; it is for values of sequences."""
        return cls.suits(experiment)

    def begin(self, experiment: Experiment) -> None:
        """Clear the plot."""
        super().begin(experiment)
        self._history, self._predictions, self._is_moved = History(), None, False
        self.points.setData([], [])
        self.hide_cursor()

    def show_history(self, history: History) -> None:
        """Draw the newest predictions."""
        predictions, info = history.predictions, history.info
        if not isinstance(predictions, ValuePredictions) or info is None:
            return
        if predictions is self._predictions:
            self._show_legend()  # the weights may have become the final ones
            return
        self._history, self._predictions = history, predictions
        self.points.setData(predictions.truth.astype(np.float64), predictions.predicted.astype(np.float64))
        self.baseline.setValue(float(predictions.baseline[0]) if len(predictions.baseline) else 0.0)
        name = info.target_names[0] if info.target_names else "value"
        for side, which in (("bottom", "true"), ("left", "predicted")):
            self.axes.getAxis(side).set_label(label_with_unit(f"{which} {name}", info.unit))
        if not self._is_moved:
            self.reset_view()
        self.hide_cursor()
        self._show_legend()
        self.show_message("")

    def _show_legend(self) -> None:
        predictions = self._predictions
        if predictions is None:
            return
        note, split = update_note(self._history, self.experiment), predicted_split(self._history)
        count, mean = len(predictions.truth), number(float(predictions.baseline[0]))
        total = self._history.info.windows.get(split, 0) if self._history.info else 0
        part = f"{count:,} of {total:,}" if count < total else f"{count:,}"
        sequences = "1 sequence" if part == "1" else f"{part} sequences"
        self.legend.show_entries(
            [
                Entry(
                    f"{sequences} of the {split_label(split)}",
                    pg.mkPen(self.theme.background),
                    "o",
                    self.theme.blue,
                    line=False,
                ),
                Entry("Predicted = true", self.diagonal.pen),
                Entry(f"Mean of the training set: {mean}", self.baseline.pen),
                Entry(note),
            ]
        )

    def reset_view(self) -> None:
        """Show all points; both axes have one range where the predictions vary enough to be seen in it."""
        self._is_moved = False
        low, high = self._limits()
        self.axes.vb.setRange(xRange=(low, high), yRange=(low, high), padding=_MARGIN)

    def _limits(self) -> tuple[float, float]:
        """Return the least and greatest of all values, true and predicted."""
        values: NDArray[np.float64] = np.empty(0)
        if self._predictions is not None:
            shown = (self._predictions.truth, self._predictions.predicted, self._predictions.baseline)
            values = np.concatenate(shown).astype(np.float64)
            values = values[np.isfinite(values)]
        if not len(values):
            return 0.0, 1.0
        low, high = float(values.min()), float(values.max())
        return (low, high) if high > low else (low - 0.5, high + 0.5)

    def _moved(self, *_: Any) -> None:
        self._is_moved = True

    def _mouse_moved(self, scene_position: QPointF) -> None:
        """Read out the point that is nearest to the mouse."""
        predictions, view = self._predictions, self.axes.vb
        if predictions is None or not len(predictions.truth) or not view.sceneBoundingRect().contains(scene_position):
            self.hide_cursor()
            return
        mouse, (width, height) = view.mapSceneToView(scene_position), view.viewPixelSize()
        across = (predictions.truth.astype(np.float64) - mouse.x()) / width
        up = (predictions.predicted.astype(np.float64) - mouse.y()) / height
        distances = np.where(np.isfinite(up), np.hypot(across, up), np.inf)
        nearest = int(distances.argmin())
        if distances[nearest] > _REACH:
            self.hide_cursor()
            return
        self.show_sequence(nearest)

    def show_sequence(self, index: int) -> None:
        """Read out one of the predicted sequences, beside its point."""
        predictions = self._predictions
        if predictions is None:
            return
        truth, predicted = float(predictions.truth[index]), float(predictions.predicted[index])
        unit = f" {self._history.info.unit}" if self._history.info and self._history.info.unit else ""
        name = f"Sequence {int(predictions.sequence[index]):,}"
        self.readout.setText(f"{name}\ntrue {number(truth)}{unit}\npredicted {number(predicted)}{unit}")
        (left, right), (low, high) = self.axes.vb.viewRange()
        # The text lies on the side towards the middle, so that it is never cut off.
        self.readout.setAnchor(
            (1.1 if truth > (left + right) / 2 else -0.1, 0.0 if predicted > (low + high) / 2 else 1.0)
        )
        self.readout.setPos(truth, predicted)
        self.hovered.setData([truth], [predicted])
        self.readout.show()
        self.hovered.show()

    def hide_cursor(self) -> None:
        """Hide the readout."""
        self.readout.hide()
        self.hovered.hide()

    def set_theme(self, theme: Theme) -> None:
        """Change the colours."""
        super().set_theme(theme)
        color = pg.mkColor(theme.blue)
        color.setAlpha(_ALPHA)
        self.points.setPen(pg.mkPen(theme.background, width=0.5))
        self.points.setBrush(color)
        self.hovered.setPen(pg.mkPen(theme.text, width=1.5))
        self.hovered.setBrush(pg.mkBrush(theme.blue))
        self.diagonal.setPen(pg.mkPen(theme.text, width=1))
        self.baseline.setPen(pg.mkPen(ORANGE, width=1.5, style=pg.QtCore.Qt.PenStyle.DashLine))
        self.readout.setColor(theme.text)
        self.readout.fill, self.readout.border = pg.mkBrush(theme.background), pg.mkPen(theme.faint)
        self._show_legend()

    def to_frame(self) -> pd.DataFrame:
        """Return one row per sequence: number in the data, true and predicted value, and mean of the training set."""
        import pandas as pd

        predictions = self._predictions
        if predictions is None:
            return pd.DataFrame(columns=["sequence", "truth", "prediction", "baseline"])
        columns = {"truth": predictions.truth, "prediction": predictions.predicted, "baseline": predictions.baseline}
        return pd.DataFrame({"sequence": predictions.sequence, **columns})
