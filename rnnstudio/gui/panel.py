"""A frame around a plot, with its title and a menu to copy or save it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFileDialog, QFrame, QHBoxLayout, QMenu, QToolButton, QVBoxLayout, QWidget

from rnnstudio.core.errors import RnnStudioError
from rnnstudio.export.tables import write_csv
from rnnstudio.gui.charts.chart import Chart
from rnnstudio.gui.csv_dialog import ask_csv_file
from rnnstudio.gui.plain_text import Heading


class Panel(QFrame):
    """A titled frame around a plot.

    Args:
        plot: The plot.
        parent: Qt's parent.

    Attributes:
        failed: Emitted with a message when the plot cannot be saved.
    """

    failed = Signal(str)

    def __init__(self, plot: Chart, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("panel")
        self.plot = plot
        menu = QMenu(self)
        menu.addAction("Copy plot", plot.drawing.copy)
        menu.addAction("Save plot as PNG, SVG or PDF …", self._save_plot)
        menu.addAction("Save data as CSV …", self._save_data)
        button = QToolButton()
        button.setText("Save")
        button.setAutoRaise(True)
        button.setToolTip("Copy or save this plot or its data")
        button.setAccessibleName(f"Copy or save: {plot.title}")
        button.setMenu(menu)
        button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        header = self._header = QHBoxLayout()
        header.setContentsMargins(8, 2, 2, 0)
        self._title = Heading(plot.title)
        header.addWidget(self._title)
        header.addStretch(1)
        header.addWidget(button)
        column = QVBoxLayout(self)
        column.setContentsMargins(1, 1, 1, 1)
        column.setSpacing(0)
        column.addLayout(header)
        column.addWidget(plot, 1)
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)

    def show_title(self, title: str) -> None:
        """Show another title, also in the files of the plot."""
        self._title.show_text(title)
        self.plot.drawing.set_title(title)

    def add_control(self, control: QWidget) -> None:
        """Add a control to the header, between the title and the menu."""
        self._header.insertWidget(self._header.count() - 2, control)

    def _save_plot(self) -> None:
        filters = "PNG image (*.png);;SVG image (*.svg);;PDF document (*.pdf)"
        path, _ = QFileDialog.getSaveFileName(self, "Save plot", f"{self.plot.name}.png", filters)
        if path:
            self._report_failure(lambda: self.plot.save(Path(path)))

    def _save_data(self) -> None:
        path, decimal = ask_csv_file(self, "Save data", f"{self.plot.name}.csv")
        if path:
            self._report_failure(lambda: write_csv(self.plot.to_frame(), path, decimal))

    def _report_failure(self, save: Callable[[], object]) -> None:
        try:
            save()
        except RnnStudioError as error:
            self.failed.emit(str(error))
