"""The plot of the echo publication (E. Hallström 2017): the loss, and five rows of the newest batch as bars."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pyqtgraph as pg
from PySide6.QtWidgets import QWidget

from rnnstudio.core.experiment import Experiment
from rnnstudio.core.history import History
from rnnstudio.core.plot_table import plot_table
from rnnstudio.core.predictions import LabelPredictions
from rnnstudio.gui.charts.axes import markers
from rnnstudio.gui.charts.curve_values import CurveValues
from rnnstudio.gui.charts.label_row import TOP, LabelRow
from rnnstudio.gui.charts.legend import Entry
from rnnstudio.gui.charts.numbers import percent
from rnnstudio.gui.charts.text import small_font
from rnnstudio.gui.charts.time_scale import TimeScale
from rnnstudio.gui.charts.trace import Trace
from rnnstudio.gui.charts.update_note import update_note
from rnnstudio.gui.plots import Plot, plot
from rnnstudio.gui.theme import GREEN, LIGHT, RED, Theme

if TYPE_CHECKING:
    import pandas as pd

_ROWS = 5
_HIDDEN, _UNLIMITED = 0.0, 1e6  # heights of the second row of panels


@plot
class EchoPlot(Plot):
    """The loss, and input, true class and predicted class of each step in five rows of the batch.

    Attributes:
        rows: The bars of each row.

    >>> from rnnstudio.core.experiment import compose
    >>> EchoPlot.suits(compose("echo", {})), EchoPlot.suits(compose("airline", {}))
    (True, False)
    """

    name = "echo"
    title = "Echo"
    order = 30
    columns = 3
    empty_message = "No prediction yet. The bars appear with the first updates."

    def __init__(self, theme: Theme = LIGHT, parent: QWidget | None = None) -> None:
        super().__init__(theme, parent)
        self._history, self._losses = History(), CurveValues(log=False, smoothing=0.0)
        self._drawn_step = -1
        self._predictions: LabelPredictions | None = None
        self._loss_axes = self.add_axes(1, 0, bottom="update", left="loss", whole_numbers=True)
        self._loss_axes.setMouseEnabled(x=False, y=False)
        self._loss, self._first_loss = Trace(self._loss_axes), markers("o", 4)
        self._loss_axes.addItem(self._first_loss, ignoreBounds=True)
        self._loss_axes.vb.sigResized.connect(self._draw_loss)
        self._row_axes, self.rows, self._row_texts = [], [], []
        for i in range(_ROWS):
            row, column = divmod(i + 1, self.columns)  # the first panel is the loss
            axes, bars, text = (
                self.add_axes(row + 1, column, bottom="step", whole_numbers=True),
                LabelRow(),
                pg.TextItem(),
            )
            axes.setMouseEnabled(x=True, y=False)
            axes.getAxis("left").setTicks([[(0, "0"), (1, "1"), (2, "2")]])
            text.setFont(small_font())
            for item in (bars, text):
                axes.addItem(item, ignoreBounds=True)
            self._row_axes.append(axes)
            self.rows.append(bars)
            self._row_texts.append(text)
        layout = self.canvas.ci.layout
        layout.setHorizontalSpacing(8)
        for column in range(self.columns):
            layout.setColumnStretchFactor(column, 1)
            layout.setColumnPreferredWidth(column, 100)
        for row in (1, 2):
            layout.setRowStretchFactor(row, 1)
            layout.setRowPreferredHeight(row, 100)
        self.set_theme(theme)

    @classmethod
    def suits(cls, experiment: Experiment) -> bool:
        """Return whether each step has a class."""
        return experiment.data.task == "label"

    def begin(self, experiment: Experiment) -> None:
        """Clear the plot."""
        super().begin(experiment)
        self._history, self._predictions, self._drawn_step = History(), None, -1
        self._losses = CurveValues(log=False, smoothing=0.0)

    def show_history(self, history: History) -> None:
        """Draw the loss and the newest predictions."""
        if history is not self._history:
            self._history, self._losses = history, CurveValues(log=False, smoothing=0.0)
        predictions = history.predictions
        if not isinstance(predictions, LabelPredictions):
            return
        if history.step == self._drawn_step and predictions is self._predictions:
            return
        self._drawn_step = history.step
        self.show_message("")
        self._draw_loss()
        if predictions is not self._predictions:
            self._predictions = predictions
            self._draw_rows()

    def reset_view(self) -> None:
        """Show all steps of each row."""
        self._draw_rows()

    def set_theme(self, theme: Theme) -> None:
        """Change the colours."""
        super().set_theme(theme)
        self._loss.set_style(theme.blue, 1)
        self._first_loss.setBrush(theme.blue)
        self._first_loss.setPen(None)
        for bars, text in zip(self.rows, self._row_texts, strict=True):
            bars.theme = theme
            text.setColor(theme.text)
        self._draw_rows()

    def to_frame(self) -> pd.DataFrame:
        """Return one row per step of each row of the batch: input, true class, predicted class."""
        import pandas as pd

        if self._predictions is None or self._history.info is None:
            return pd.DataFrame(columns=["row", "step", "input", "truth", "prediction"])
        return plot_table(self._predictions, self._history.info.classes, self._history.info.frequency)

    def _draw_loss(self, *_: object) -> None:
        losses = self._history.loss.values
        self._losses.extend(self._history, losses, ())
        if len(self._losses.not_finite) == len(losses):
            return
        top = max(self._losses.extent(np.empty(0))[1], 1e-12)
        self._loss_axes.vb.setRange(xRange=(0, max(1, len(losses))), yRange=(0, top * 1.05), padding=0)
        single = len(losses) == 1  # one loss is a dot, because a line needs two
        self._first_loss.setData([0.0] if single else [], losses if single else [])
        self._loss.draw(self._losses, blocks=self._losses.blocks)

    def _draw_rows(self) -> None:
        if self._predictions is None:
            return
        inputs, truth, predicted = self._predictions.inputs, self._predictions.truth, self._predictions.predicted
        info = self._history.info
        classes = len(info.classes) if info and info.classes else int(max(truth.max(), predicted.max())) + 1
        highest = max(1.0, float(inputs.max())) if inputs.max() > 0 else 1.0
        input_range = (min(0.0, float(inputs.min())), highest)
        known = (
            truth >= 0
        )  # not at padding, which is at the end of a row and has no prediction, nor where it is missing
        correct, lengths = (truth == predicted) & known, (predicted >= 0).sum(axis=1)
        layout, two_lines = self.canvas.ci.layout, len(truth) >= self.columns
        layout.setRowMaximumHeight(2, _UNLIMITED if two_lines else _HIDDEN)
        layout.setRowPreferredHeight(2, 100 if two_lines else _HIDDEN)
        for i, (axes, bars, text) in enumerate(zip(self._row_axes, self.rows, self._row_texts, strict=True)):
            axes.setVisible(i < len(truth))
            if i < len(truth):
                n = lengths[i]
                bars.show_row(inputs[i, :n], truth[i, :n], predicted[i, :n], input_range, max(1, classes - 1))
                times, frequency = self._predictions.times, info.frequency if info else ""
                scale = TimeScale.of(None if times is None else times[i, :n], 0, int(n), frequency)
                axes.getAxis("bottom").set_times(scale)
                axes.getAxis("bottom").set_label("time" if scale else "step")
                axes.vb.setRange(xRange=(0, truth.shape[1]), yRange=(0, TOP), padding=0)
                text.setText(
                    f"row {i + 1}: {correct[i].sum():,} of {known[i].sum():,}"
                )  # the legend says that these are correct
                text.setPos(0, TOP)
        self._show_legend(int(correct.sum()), int(known.sum()))

    def _show_legend(self, correct: int, count: int) -> None:
        border = pg.mkPen(self.theme.background)
        self.legend.show_entries(
            [
                Entry(f"{correct:,} of {count:,} correct ({percent(correct / max(1, count))})"),
                Entry("Input", border, "s", self.theme.blue, line=False),
                Entry("Truth", border, "s", RED, line=False),
                Entry("Prediction", border, "s", GREEN, line=False),
                Entry("Error", pg.mkPen(self.theme.text, width=2.5), "s", line=False),
                Entry(update_note(self._history, self.experiment)),
            ]
        )
