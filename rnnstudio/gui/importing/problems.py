"""Problems of a file as sentences, with links to the rows where they stand and a button for each remedy."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QScrollArea, QStyle, QVBoxLayout, QWidget

from rnnstudio.core.wording import with_labels
from rnnstudio.gui.plain_text import shown, tip
from rnnstudio.results.import_problems import Place, Problem, Remedy

_MAX_SHOWN = 3  # problems below each other; the others are reached by scrolling
_SPACING = 4  # pixels between two


class Problems(QScrollArea):
    """The problems of a file; those that nothing is done about stand out."""

    chosen = Signal(object)  # Remedy
    place_clicked = Signal(int, str)  # row of the table, and column

    def __init__(self) -> None:
        super().__init__()
        self.problems: tuple[Problem, ...] = ()
        self._frames: list[QFrame] = []
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setAccessibleName("Problems of the file")
        self.hide()

    def show_problems(self, problems: Sequence[Problem], labels: Mapping[str, str]) -> None:
        """Show problems in place of those before.

        Args:
            problems: The problems.
            labels: Labels of settings by flat name.
        """
        if tuple(problems) == self.problems:
            return
        self.problems = tuple(problems)
        inside = QWidget()
        column = QVBoxLayout(inside)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(_SPACING)
        frames = [self._frame(problem, labels) for problem in problems]
        for frame in frames:
            column.addWidget(frame)
        self.setWidget(inside)
        column.addStretch(1)
        self._frames = frames[:_MAX_SHOWN]
        self._fit_height()
        self.setVisible(bool(problems))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Take the height of the sentences at the new width."""
        super().resizeEvent(event)
        self._fit_height()

    def _fit_height(self) -> None:
        heights = [frame.heightForWidth(self.viewport().width()) for frame in self._frames]
        self.setFixedHeight(sum(heights) + _SPACING * max(0, len(heights) - 1))

    def _frame(self, problem: Problem, labels: Mapping[str, str]) -> QFrame:
        frame = QFrame()
        frame.setObjectName("banner" if problem.is_open else "panel")
        row = QHBoxLayout(frame)
        row.setContentsMargins(12, 4, 6, 4)
        label = QLabel(_linked(problem, labels))
        label.setTextFormat(Qt.TextFormat.RichText)
        label.setWordWrap(True)
        label.setTextInteractionFlags(Qt.TextInteractionFlag.TextBrowserInteraction)
        label.setAccessibleName(problem.sentence)
        label.linkActivated.connect(lambda link: self._go_to(problem.places[int(link)]))
        row.addWidget(label, 1)
        for remedy in problem.remedies:
            row.addWidget(self._button(remedy))
        return frame

    def _button(self, remedy: Remedy) -> QPushButton:
        button = QPushButton(remedy.label)
        button.setCheckable(True)
        button.setChecked(remedy.is_chosen)
        if remedy.is_chosen:  # colour alone is not enough
            button.setIcon(self.style().standardIcon(QStyle.StandardPixmap.SP_DialogApplyButton))
        button.setToolTip(tip(remedy.meaning))
        button.setAccessibleDescription(remedy.meaning)
        button.setAutoDefault(False)
        button.clicked.connect(lambda: self._choose(button, remedy))
        return button

    def _choose(self, button: QPushButton, remedy: Remedy) -> None:
        button.setChecked(remedy.is_chosen)  # until the file has been checked with it
        self.chosen.emit(remedy)

    def _go_to(self, place: Place) -> None:
        self.place_clicked.emit(place.row, place.column)


def _linked(problem: Problem, labels: Mapping[str, str]) -> str:
    """Return the sentence of a problem as rich text with links to its places."""
    texts, count = [], 0
    for part in problem.parts:
        if isinstance(part, Place):
            texts.append(f'<a href="{count}">{shown(part.text)}</a>')
            count += 1
        else:
            texts.append(shown(with_labels(part, labels)))
    return "".join(texts)
