"""One series before training: all of it with its splits on the left, one window and what is around it on the right."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from typing import TYPE_CHECKING

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from rnnstudio.core.gaps import EMPTY, LEFT_OUT, NO_ROW
from rnnstudio.core.missing import count_of
from rnnstudio.gui.charts.axes import paint_axes
from rnnstudio.gui.charts.chart import Chart
from rnnstudio.gui.charts.cursor import Cursor
from rnnstudio.gui.charts.legend import Entry
from rnnstudio.gui.charts.numbers import number
from rnnstudio.gui.data_page.plotted_series import PlottedSeries, Quantity
from rnnstudio.gui.data_page.quantity_axes import GAP_SYMBOLS, TARGET_DASH, QuantityAxes
from rnnstudio.gui.data_page.window_stepper import WindowStepper
from rnnstudio.gui.theme import GREEN, LIGHT, ORANGE, PURPLE, RED, Theme
from rnnstudio.results.data_summary import SPLIT_NAMES, SeriesWindows, WindowSpan

if TYPE_CHECKING:
    import pandas as pd
    from pyqtgraph.GraphicsScene.mouseEvents import MouseClickEvent

_GAP_TEXTS = {
    EMPTY: "Values missing in {}", NO_ROW: "{} missing in the file", LEFT_OUT: "Left out before {}",
}  # fmt: skip
_UNLIMITED, _MIN_HEIGHT = 1e6, 60.0  # sizes in the grid
_ROWS = 2  # quantities
_WIDTHS = (300, 200)  # of all of the series, and of the part around one window


class SeriesChart(Chart):
    """The predicted quantity of one series, and one of its inputs below; `create_axes` makes it complete.

    Attributes:
        stepper: Chooses the window.
        rows: The axes of each quantity: all of it, and the part around the window.
    """

    name = "data"
    title = "Data before training"
    columns = 2
    empty_message = "Reading …"

    def __init__(self, theme: Theme = LIGHT, parent: QWidget | None = None) -> None:
        super().__init__(theme, parent)
        self._plotted: PlottedSeries | None = None
        self._window: WindowSpan | None = None
        self.rows: list[tuple[QuantityAxes, QuantityAxes]] = []
        self._cursors: list[Cursor] = []
        self.canvas.scene().sigMouseClicked.connect(self._clicked)
        self.canvas.ci.layout.setHorizontalSpacing(10)
        self.share_width(_WIDTHS)
        self.stepper = WindowStepper()
        self.stepper.chosen.connect(self.show_window)
        self.stepper.hide()
        self.column.addWidget(self.stepper)
        self.set_theme(theme)

    @property
    def is_complete(self) -> bool:
        """Whether all axes have been created."""
        return len(self.rows) == _ROWS

    def create_axes(self) -> None:
        """Create the axes of one more quantity; all of them at once would block the window."""
        row = len(self.rows) + 1
        whole, near = (QuantityAxes(self.add_axes(row, j, whole_numbers=True), movable=j == 0) for j in range(2))
        whole.axes.setMouseEnabled(x=True, y=False)
        near.axes.setMouseEnabled(x=False, y=False)
        for signal in (whole.window.sigRegionChanged, whole.window.sigRegionChangeFinished):
            signal.connect(self._dragged)
        self.rows.append((whole, near))
        whole.axes.getAxis("left").label_broken.connect(self._align_axes)
        for drawn, first in zip((whole, near), self.rows[0], strict=True):
            cursor = Cursor(drawn.axes, partial(self._readout, drawn))
            self._cursors.append(cursor)
            paint_axes(drawn.axes, self.theme)
            for part in (drawn, cursor):
                part.set_theme(self.theme)
            if drawn is not first:
                drawn.axes.setXLink(first.axes)

    # -- what is shown ------------------------------------------------------------------------------------------------

    @contextmanager
    def _drawn_once(self) -> Iterator[None]:
        """Draw at the end what changes within: each change of a range, a size or a window would draw anew."""
        all_axes = [axes for row in self.rows for axes in row]
        for axes in all_axes:
            axes.hold()
        yield
        self.canvas.ci.layout.activate()
        self._align_axes()  # labels have as many lines as their axes leave them
        for axes in all_axes:
            axes.axes.layout.activate()
        for axes in all_axes:
            axes.release()
        self.canvas.scene().prepareForPaint()  # within a paint, it would have all be painted a second time

    def show_series(self, plotted: PlottedSeries, *, keep_view: bool) -> None:
        """Draw a series.

        Args:
            plotted: The series.
            keep_view: Whether to show the same part, and a window at the same place, as before.
        """
        with self._drawn_once():
            self._show_series(plotted, keep_view)

    def _show_series(self, plotted: PlottedSeries, keep_view: bool) -> None:
        before, self._plotted = self._window, plotted
        windows = plotted.windows
        self._lay_out_rows(len(plotted.quantities), whole=not plotted.is_generated, near=windows is not None)
        for drawn, quantity, line in zip(self.rows, plotted.quantities, plotted.lines, strict=False):
            for axes in drawn:
                axes.axes.getAxis("bottom").set_times(plotted.time_scale)
                axes.show_quantity(quantity, line, plotted.spans, plotted.gaps)
            drawn[0].axes.getAxis("left").set_label(quantity.label)
            drawn[1].axes.getAxis("left").set_label(quantity.label if plotted.is_generated else "")
        self.show_message("")
        if not keep_view:
            self.reset_view()
        self._window = None
        if windows is not None:
            default = 0 if plotted.is_generated else windows.last_of_training
            index = default
            if keep_view and before is not None:  # of a forecast, the window that predicts the same samples
                data = plotted.data
                place = before.begin if data.return_sequences else before.target_begin - data.target_offset
                index = windows.nearest(place)
            self._window = windows[index]
        self._show_window()

    def clear(self, message: str) -> None:
        """Draw nothing, and say why."""
        self._plotted = self._window = None
        self.stepper.hide()
        self.legend.show_entries([])
        self.show_message(message)

    def show_window(self, index: int) -> None:
        """Show another window of the series."""
        if self._windows is not None:
            self._window = self._windows[index]
            with self._drawn_once():
                self._show_window()

    def _show_window(self) -> None:
        window, plotted = self._window, self._plotted
        self.stepper.setVisible(window is not None)
        if window is not None and plotted is not None and self._windows is not None:
            self.stepper.show_window(window.index, len(self._windows), self._windows.text(window, plotted.noun))
            end = max(window.end, window.target_end)
            margin = max(3.0, (end - window.begin) * 0.4)
            self.rows[0][1].axes.vb.setXRange(window.begin - margin, end + margin, padding=0)
        for whole, near in self.rows:
            whole.show_window(window)
            near.show_window(window, frame=plotted.data.frame if plotted else 0)
        self._show_legend()

    @property
    def _windows(self) -> SeriesWindows | None:
        return self._plotted.windows if self._plotted else None

    def _lay_out_rows(self, count: int, *, whole: bool, near: bool) -> None:
        """Show so many quantities: the whole of each, and the part around the window."""
        layout, plotted = self.canvas.ci.layout, self._plotted
        bottom = "" if plotted is None or plotted.time_scale else plotted.noun  # dates need no label
        shown = whole, near
        for i, drawn in enumerate(self.rows):
            for column, axes in enumerate(drawn):
                visible = i < count and shown[column]
                axes.axes.setVisible(visible)
                axes.axes.setMinimumHeight(_MIN_HEIGHT if visible else 0.0)
                axes.axes.setMaximumHeight(_UNLIMITED if i < count else 0.0)
                axes.axes.getAxis("bottom").set_label(bottom if i + 1 == count else "")
            layout.setRowStretchFactor(i + 1, 1 if i < count else 0)
        self.share_width([width if is_shown else 0 for width, is_shown in zip(_WIDTHS, shown, strict=True)])

    def _align_axes(self, *_: object) -> None:
        """Let the quantities of a column begin at the same place from the left."""
        for column in zip(*self.rows, strict=True):
            shown = [drawn for drawn in column if drawn.quantity is not None]
            width = max((drawn.left_width for drawn in shown), default=0.0)
            for axis in (drawn.axes.getAxis("left") for drawn in shown):
                if axis.fixedWidth != width:
                    axis.setWidth(width)

    def _show_legend(self) -> None:
        plotted, border = self._plotted, pg.mkPen(self.theme.faint)
        if plotted is None:
            return
        shades = {"train": "", "val": GREEN, "test": self.theme.blue}
        names = {span.name for span in plotted.spans}
        entries = []
        for split, name in SPLIT_NAMES.items():
            if name in names:
                text = f"{name.capitalize()}: {plotted.counts[split]:,}"
                entries.append(Entry(text, border, "s", shades[split], line=False))
        if self._window is not None:
            read = count_of(self._window.end - self._window.begin, plotted.noun)
            predicted = count_of(self._window.target_end - self._window.target_begin, plotted.noun)
            dashed = pg.mkPen(RED, width=2, dash=TARGET_DASH)
            entries += [
                Entry(f"One window: {read}", pg.mkPen(ORANGE, width=2), "s", ORANGE),
                Entry(f"Predicted: {predicted}", dashed, "o", RED),
            ]
        for mark, positions in plotted.gaps.items():
            text = _GAP_TEXTS[mark].format(count_of(len(positions), plotted.noun))
            entries.append(Entry(text, pg.mkPen(PURPLE), GAP_SYMBOLS[mark], PURPLE, line=False))
        self.legend.show_entries(entries)

    # -- mouse --------------------------------------------------------------------------------------------------------

    def _dragged(self, region: pg.LinearRegionItem) -> None:
        if self._windows is not None:
            self.show_window(self._windows.nearest(region.getRegion()[0] + 0.5))

    def _clicked(self, event: MouseClickEvent) -> None:
        """Show the window that begins where the whole series was clicked."""
        if self._windows is None or event.button() != Qt.MouseButton.LeftButton:
            return
        for whole, _ in self.rows:
            view = whole.axes.vb
            if whole.axes.isVisible() and view.sceneBoundingRect().contains(event.scenePos()):
                position = view.mapSceneToView(event.scenePos()).x()
                self.show_window(self._windows.nearest(position))

    def reset_view(self) -> None:
        """Show the whole series."""
        if self._plotted is not None:
            steps = self._plotted.data.inputs.shape[1]
            margin = max(0.5, 0.01 * steps)
            self.rows[0][0].axes.vb.setXRange(-margin, steps - 1 + margin, padding=0)

    def _readout(self, drawn: QuantityAxes, x: float) -> tuple[str, int]:
        """Return the value at the step nearest to a position on the horizontal axis, and that step."""
        step, quantity, plotted = round(x), drawn.quantity, self._plotted
        if quantity is None or plotted is None or not 0 <= step < len(quantity.values):
            return "", step
        value = quantity.values[step]
        date = plotted.time_scale.text(step) if plotted.time_scale else ""
        heading = f"{date} ({plotted.noun} {step:,})" if date else f"{plotted.noun} {step:,}"
        text = "missing" if np.isnan(value) else quantity.classes[int(value)] if quantity.classes else number(value)
        return f"{heading}\n{quantity.name} {text}", step

    def hide_cursor(self) -> None:
        """Hide the readout at the mouse position."""
        for cursor in self._cursors:
            cursor.hide()

    # -- the rest -----------------------------------------------------------------------------------------------------

    def set_theme(self, theme: Theme) -> None:
        """Change the colours."""
        super().set_theme(theme)
        for drawn in self.rows:
            for axes in drawn:
                axes.set_theme(theme)
        for cursor in self._cursors:
            cursor.set_theme(theme)
        self._show_legend()

    def to_frame(self) -> pd.DataFrame:
        """Return one row per sample: its time, its split, targets and features in original units."""
        import pandas as pd

        if self._plotted is None:
            return pd.DataFrame(columns=["step", "split"])
        data = self._plotted.data
        steps = data.inputs.shape[1]
        split = np.full(steps, "", dtype=object)
        for span in self._plotted.spans:
            split[round(span.begin + 0.5) : round(span.end + 0.5)] = span.name
        table = pd.DataFrame({"step": np.arange(steps), "split": split})
        if data.times is not None:
            table.insert(1, "time", data.times[0])
        for name in dict.fromkeys([*data.target_names, *data.features]):
            quantity = Quantity(data, name)
            if quantity.classes:
                numbers = np.nan_to_num(quantity.values, nan=-1).astype(int)
                table[name] = [quantity.classes[i] if i >= 0 else "" for i in numbers]
            else:
                table[name] = quantity.values
        return table
