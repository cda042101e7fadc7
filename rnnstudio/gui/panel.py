"""A picture with its title and a menu to take it away: copy, picture file, numbers."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFileDialog, QFrame, QHBoxLayout, QLabel, QMenu, QToolButton, QVBoxLayout, QWidget

from rnnstudio.core.errors import RnnStudioError
from rnnstudio.export.tables import write_csv
from rnnstudio.gui.charts.plot import Plot


class Panel(QFrame):
    """A titled frame around a picture."""

    failed = Signal(str)

    def __init__(self, picture: Plot, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("panel")
        self.picture = picture
        menu = QMenu(self)
        menu.addAction("Copy picture", picture.copy)
        menu.addAction("Save picture as PNG, SVG or PDF …", self._save_picture)
        menu.addAction("Save numbers as CSV …", self._save_numbers)
        button = QToolButton()
        button.setText("Save")
        button.setAutoRaise(True)
        button.setToolTip("Copy or save this picture, or its numbers")
        button.setAccessibleName(f"Copy or save: {picture.title}")
        button.setMenu(menu)
        button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        top = QHBoxLayout()
        top.setContentsMargins(8, 2, 2, 0)
        top.addWidget(QLabel(f"<b>{picture.title}</b>"))
        top.addStretch(1)
        top.addWidget(button)
        column = QVBoxLayout(self)
        column.setContentsMargins(1, 1, 1, 1)
        column.setSpacing(0)
        column.addLayout(top)
        column.addWidget(picture, 1)
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)

    def _save_picture(self) -> None:
        suggestion = f"{self.picture.name}.png"
        name, _ = QFileDialog.getSaveFileName(
            self, "Save picture", suggestion, "Picture (*.png);;Drawing (*.svg);;Document (*.pdf)"
        )
        if name:
            self._try(lambda: self.picture.save(Path(name)))

    def _save_numbers(self) -> None:
        name, _ = QFileDialog.getSaveFileName(self, "Save numbers", f"{self.picture.name}.csv", "Table (*.csv)")
        if name:
            self._try(lambda: write_csv(self.picture.to_frame(), name))

    def _try(self, work: Callable[[], object]) -> None:
        try:
            work()
        except RnnStudioError as error:
            self.failed.emit(str(error))
