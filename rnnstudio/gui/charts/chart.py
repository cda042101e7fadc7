"""What every drawing of the window has: axes, a legend, a message in their place, colours, and its files."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

from PySide6.QtCore import QEvent, QObject
from PySide6.QtGui import QColor, QGuiApplication, QPalette
from PySide6.QtWidgets import QVBoxLayout, QWidget

from rnnstudio.gui.charts.axes import add_axes, paint_axes
from rnnstudio.gui.charts.drawing import Drawing
from rnnstudio.gui.charts.legend import Legend
from rnnstudio.gui.theme import LIGHT, Theme

if TYPE_CHECKING:
    import pandas as pd

_UNLIMITED = 1e6  # width of a column


class Chart(QWidget):
    """Draws on `canvas` below the legend; exported files do not show the controls, which are widgets of `column`.

    Attributes:
        name: Name of exported files.
        title: Title of its panel.
        columns: Columns of the canvas' grid, all of which the legend spans.
        empty_message: Message shown while there is nothing to draw.
        drawing: Canvas or message; copies itself and saves itself as a file.
        canvas: The grid of graphics items; its first row is the legend.
        legend: The legend above the axes.
        column: The layout of controls and drawing, from top to bottom.
    """

    name: ClassVar[str]
    title: ClassVar[str]
    columns: ClassVar[int] = 1
    empty_message: ClassVar[str]

    def __init__(self, theme: Theme = LIGHT, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.theme = theme
        self.drawing = Drawing(self.title)
        self.canvas = self.drawing.canvas
        self.canvas.viewport().installEventFilter(self)
        self.legend = Legend()
        self.canvas.addItem(self.legend, 0, 0, 1, self.columns)
        self._axes: list[Any] = []
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(0, 0, 0, 0)
        self.column.setSpacing(0)
        self.column.addWidget(self.drawing, 1)
        self.setAutoFillBackground(True)
        self.setAccessibleName(self.title)
        self.show_message(self.empty_message)

    def reset_view(self) -> None:
        """Undo zooming and panning; called on a double-click."""

    def hide_cursor(self) -> None:
        """Hide what follows the mouse; called when the mouse leaves the canvas."""

    def share_width(self, widths: Sequence[int]) -> None:
        """Share the width of the canvas among the columns of its grid.

        Args:
            widths: Preferred width of each column, in pixels, to which its share is proportional; 0 hides it.
        """
        layout = self.canvas.ci.layout
        for column, width in enumerate(widths):
            layout.setColumnStretchFactor(column, width)
            layout.setColumnMaximumWidth(column, _UNLIMITED if width else 0.0)
            layout.setColumnPreferredWidth(column, width)

    def to_frame(self) -> pd.DataFrame:
        """Return the numbers drawn as a table; without rows while nothing is drawn."""
        raise NotImplementedError

    def set_theme(self, theme: Theme) -> None:
        """Change the colours."""
        self.theme = theme
        self.drawing.set_theme(theme)
        self.legend.set_theme(theme)
        for axes in self._axes:
            paint_axes(axes, theme)
        palette = QPalette(self.palette())
        palette.setColor(QPalette.ColorRole.Window, QColor(theme.background))
        palette.setColor(QPalette.ColorRole.WindowText, QColor(theme.text))
        self.setPalette(palette)

    def add_axes(
        self, row: int = 1, column: int = 0, *, bottom: str = "", left: str = "", whole_numbers: bool = False
    ) -> Any:
        """Add a pair of axes in the colours of the theme and return its `PlotItem`; arguments as in `charts.axes`."""
        axes = add_axes(self.canvas, row, column, bottom=bottom, left=left, whole_numbers=whole_numbers)
        self._axes.append(axes)
        return axes

    @property
    def message(self) -> str:
        """The message shown instead of a drawing; empty while there is a drawing."""
        return self.drawing.message

    def show_message(self, text: str) -> None:
        """Show a message instead of the drawing; an empty text shows the drawing."""
        self.drawing.show_message(text)

    def lay_out(self, width: int, height: int) -> None:
        """Give the drawing, without its controls, a fixed size in pixels, and lay it out without a window."""
        self.drawing.setFixedSize(width, height)
        self.adjustSize()
        for _ in range(2):  # an axis knows its width only once its numbers are drawn
            self.grab()
            QGuiApplication.processEvents()

    def save(self, path: Path, scale: float = 2.0) -> None:
        """Save the drawing as a file; see `Drawing.save`."""
        self.drawing.save(path, scale)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """React to a new size of the canvas, to double-clicks on it, and to the mouse leaving it."""
        if event.type() == QEvent.Type.Resize:
            self.legend.fit_into(self.canvas.viewport().height())
        elif event.type() == QEvent.Type.MouseButtonDblClick:
            self.reset_view()
        elif event.type() == QEvent.Type.Leave:
            self.hide_cursor()
        return super().eventFilter(watched, event)
