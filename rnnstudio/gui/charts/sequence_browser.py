"""The row of controls above the sequences: previous and next page, misclassified only, one cell only.

For values in place of classes it orders the sequences by their errors.
"""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QToolButton, QWidget

from rnnstudio.gui.plain_text import PlainLabel, tip


class SequenceBrowser(QWidget):
    """Controls that choose which sequences are shown.

    Attributes:
        page_turned: Emitted with -1 for the previous page and 1 for the next.
        filter_changed: Emitted when `misclassified_only` changes.
        cell_cleared: Emitted when the user wants to see all cells of the confusion matrix again.
        misclassified_only: Whether correctly classified sequences are hidden; of values, whether the largest errors
            come first.
        cell: Button that names the only cell shown; a click shows all cells. Hidden while all are shown.
    """

    page_turned = Signal(int)
    filter_changed = Signal()
    cell_cleared = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.previous_page = self._page_button(Qt.ArrowType.LeftArrow, "Previous page (Page Up)", -1)
        self.next_page = self._page_button(Qt.ArrowType.RightArrow, "Next page (Page Down)", 1)
        self.range_label = PlainLabel()
        self.misclassified_only = QCheckBox()
        self.show_kind(has_classes=True)
        self.misclassified_only.toggled.connect(lambda _: self.filter_changed.emit())
        self.cell = QToolButton()
        self.cell.setToolTip("Only sequences of this cell are shown. Click to show all (Escape).")
        self.cell.clicked.connect(self.cell_cleared)
        self.cell.hide()
        row = QHBoxLayout(self)
        row.setContentsMargins(8, 2, 8, 0)
        row.setSpacing(6)
        for widget in (self.previous_page, self.range_label, self.next_page):
            row.addWidget(widget)
        row.addSpacing(8)
        row.addWidget(self.misclassified_only)
        row.addWidget(self.cell)
        row.addStretch(1)

    def _page_button(self, arrow: Qt.ArrowType, text: str, pages: int) -> QToolButton:
        button = QToolButton()
        button.setArrowType(arrow)
        button.setToolTip(tip(text))
        button.setAccessibleName(text)
        button.clicked.connect(lambda: self.page_turned.emit(pages))
        return button

    def show_kind(self, *, has_classes: bool) -> None:
        """Fit the texts to sequences with classes, or with values."""
        kept = "in each cell of the confusion matrix" if has_classes else "over the range of their values"
        self.range_label.setToolTip(tip(f"A run keeps a sample of the sequences {kept}."))
        self.misclassified_only.setText("Misclassified only" if has_classes else "Largest errors first")
        what = "Show only sequences whose predicted class is incorrect"
        self.misclassified_only.setToolTip(tip(f"{what if has_classes else 'Sort the sequences by their error'} (W)."))

    def show_range(self, begin: int, end: int, count: int) -> None:
        """Show that sequences `begin` to `end` (exclusive, counted from 0) of `count` are visible."""
        self.range_label.setText(f"{begin + 1:,}–{end:,} of {count:,}" if count else "none")
        self.previous_page.setEnabled(begin > 0)
        self.next_page.setEnabled(end < count)

    def show_cell(self, text: str) -> None:
        """Name the only cell shown; an empty text hides the button."""
        self.cell.setText(f"{text}  ✕")
        self.cell.setAccessibleName(f"Only {text}; show all")
        self.cell.setVisible(bool(text))
        self.misclassified_only.setEnabled(not text)
