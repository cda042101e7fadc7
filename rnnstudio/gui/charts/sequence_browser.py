"""The row above the sequences: back and forth, only the wrong ones, only those of one cell."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QLabel, QToolButton, QWidget


class Browser(QWidget):
    """What a user can change about which sequences are shown.

    Attributes:
        turned: Emitted with the pages to go on, -1 or 1.
        changed: Emitted when another choice of sequences is wanted.
        wrong_only: Whether only those are shown that were told wrongly.
        cell: Names the cell of the confusion matrix that is shown alone; a click shows all again. Hidden without one.
    """

    turned = Signal(int)
    changed = Signal()
    cell_left = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.back = self._button(Qt.ArrowType.LeftArrow, "Sequences before these (Page Up)", -1)
        self.forth = self._button(Qt.ArrowType.RightArrow, "More sequences (Page Down)", 1)
        self.place = QLabel()
        self.place.setToolTip("Of each cell of the confusion matrix some sequences are kept to be looked at.")
        self.wrong_only = QCheckBox("wrong only")
        self.wrong_only.setAccessibleName("Show wrong ones only")
        self.wrong_only.setToolTip("Show only sequences whose class was told wrongly.")
        self.wrong_only.toggled.connect(lambda _: self.changed.emit())
        self.cell = QToolButton()
        self.cell.setToolTip("Only these are shown. A click shows all again (Escape).")
        self.cell.clicked.connect(self.cell_left)
        self.cell.hide()
        row = QHBoxLayout(self)
        row.setContentsMargins(8, 2, 8, 0)
        row.setSpacing(6)
        for widget in (self.back, self.place, self.forth):
            row.addWidget(widget)
        row.addSpacing(8)
        row.addWidget(self.wrong_only)
        row.addWidget(self.cell)
        row.addStretch(1)

    def _button(self, arrow: Qt.ArrowType, tip: str, pages: int) -> QToolButton:
        button = QToolButton()
        button.setArrowType(arrow)
        button.setToolTip(tip)
        button.setAccessibleName(tip)
        button.clicked.connect(lambda: self.turned.emit(pages))
        return button

    def show_place(self, begin: int, end: int, count: int) -> None:
        """Show that sequences `begin` to `end` of `count` are seen, counted from 0, `end` not among them."""
        self.place.setText(f"{begin + 1:,}–{end:,} of {count:,}" if count else "none")
        self.back.setEnabled(begin > 0)
        self.forth.setEnabled(end < count)

    def show_cell(self, text: str) -> None:
        """Show which cell is looked at; none with an empty text."""
        self.cell.setText(f"{text}  ✕")
        self.cell.setAccessibleName(f"Only {text}; show all again")
        self.cell.setVisible(bool(text))
        self.wrong_only.setEnabled(not text)
