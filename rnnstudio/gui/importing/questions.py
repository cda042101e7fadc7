"""What a file leaves open, as sentences with a button for each answer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QStyle, QVBoxLayout, QWidget

from rnnstudio.core.account import Question
from rnnstudio.core.wording import with_task_labels
from rnnstudio.gui.plain_text import PlainLabel

EACH_ROW_A_SEQUENCE = "sequences"  # another answer to the question whether each row is a step
_EACH_ROW_A_VALUE = "values"
TASK_OF_ROWS = {EACH_ROW_A_SEQUENCE: "classify", _EACH_ROW_A_VALUE: "regress_sequence"}  # task of each answer
_ROWS = {
    EACH_ROW_A_SEQUENCE: "each row is a sequence with its class",
    _EACH_ROW_A_VALUE: "each row is a sequence with its value",
}


class Questions(QWidget):
    """The questions about a file. An answered question stays, so that the answer can be changed."""

    answered = Signal(str, str)  # setting and value

    def __init__(self) -> None:
        super().__init__()
        self._asked: dict[str, Question] = {}
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(4)
        self.hide()

    def show_questions(self, questions: Sequence[Question], settings: Mapping[str, str]) -> None:
        """Show the questions that are open, and those that were asked before, with the answers given."""
        self._asked = {setting: question for setting, question in self._asked.items() if _answer(setting, settings)}
        for question in questions:
            self._asked.setdefault(question.setting, question)
        while item := self._column.takeAt(0):
            widget = item.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        before: QWidget = self
        for setting, question in self._asked.items():
            also = [q.column for q in questions if q.setting == setting and q.column != question.column]
            frame = self._frame(question, also, _answer(setting, settings))
            self._column.addWidget(frame)
            frame.show()  # Qt would show it later
            for answer in frame.findChildren(QPushButton):  # in the order in which they stand on the page
                QWidget.setTabOrder(before, answer)
                before = answer
        self.setVisible(bool(self._asked))

    def focus_open(self) -> None:
        """Give the focus to the first answer of the first question that is open."""
        for frame in self.findChildren(QFrame, "banner", Qt.FindChildOption.FindDirectChildrenOnly):
            answers = frame.findChildren(QPushButton)
            if frame.isVisibleTo(self) and answers and not any(answer.isChecked() for answer in answers):
                answers[0].setFocus()
                return

    def clear(self) -> None:
        """Forget the questions of another way to read the file."""
        self._asked.clear()

    def _frame(self, question: Question, also: Sequence[str], answer: str) -> QFrame:
        frame = QFrame()
        frame.setObjectName("banner")
        row = QHBoxLayout(frame)
        row.setContentsMargins(12, 6, 6, 6)
        more = f" The same holds for {', '.join(also[:5])}." if also else ""
        sentence = PlainLabel(f"{question.sentence}{more}")
        sentence.setWordWrap(True)
        row.addWidget(sentence, 1)
        is_about_rows = set(question.choices) == {"none"}
        for value, meaning in ({**question.choices, **_ROWS} if is_about_rows else question.choices).items():
            is_column = question.setting == "target" or value == question.column
            text = f"{value}: {meaning}" if is_column and meaning else meaning or value
            button = QPushButton(with_task_labels(text))
            button.setCheckable(True)
            button.setChecked(value == answer)
            if value == answer:  # colour alone is not enough
                button.setIcon(self.style().standardIcon(QStyle.StandardPixmap.SP_DialogApplyButton))
            button.setAutoDefault(False)
            button.setAccessibleName(f"{question.sentence} {text}")
            chosen = "" if value == answer else value  # a second click takes the answer back
            button.clicked.connect(lambda _=False, chosen=chosen: self.answered.emit(question.setting, chosen))
            row.addWidget(button)
        return frame


def _answer(setting: str, settings: Mapping[str, str]) -> str:
    """Return the answer to the question about a setting; empty while it is open."""
    answers = {task: answer for answer, task in TASK_OF_ROWS.items()}
    about_rows = answers.get(settings.get("task", "")) if setting == "time" else None
    return about_rows or settings.get(setting, "")
