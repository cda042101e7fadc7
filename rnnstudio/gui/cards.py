"""What a newcomer sees first: the published works as cards, and a way to open one's own data."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QPixmap, QResizeEvent
from PySide6.QtWidgets import (
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QMenu,
    QPushButton,
    QScrollArea,
    QSizePolicy,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from rnnstudio.core.catalog import RECIPES, Recipe, models, sorted_recipes
from rnnstudio.core.paths import resource
from rnnstudio.gui.theme import Theme

_PICTURE = (176, 99)


class Cards(QScrollArea):
    """One card per recipe, one for the user's own file."""

    train = Signal(str)
    look = Signal(str)
    open_file = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        page = QWidget()
        grid = QGridLayout(page)
        grid.setContentsMargins(16, 8, 16, 8)
        grid.setSpacing(12)
        heading = QWidget()
        words = QVBoxLayout(heading)
        words.setContentsMargins(0, 0, 0, 0)
        words.addWidget(QLabel("<h2>What shall it learn?</h2>"))
        hint = QLabel("Pick a published work and watch a recurrent network repeat it, or bring data of your own.")
        hint.setWordWrap(True)
        words.addWidget(hint)
        words.addStretch(1)
        self._pictures: dict[str, QLabel] = {}
        recipes = [self._recipe_card(recipe) for recipe in sorted_recipes() if not recipe.model_of]
        self._cells: list[QWidget] = [heading, self._file_card(), *recipes]
        self._grid, self._columns = grid, 0
        self.setWidget(page)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Put the cards side by side where there is room for two."""
        super().resizeEvent(event)
        widest = max(cell.minimumSizeHint().width() for cell in self._cells)
        margins = self._grid.contentsMargins()
        room = self.viewport().width() - margins.left() - margins.right()
        columns = 2 if 2 * widest + self._grid.horizontalSpacing() <= room else 1
        if columns != self._columns:
            self._columns = columns
            for i, cell in enumerate(self._cells):
                self._grid.addWidget(cell, i // columns, i % columns)
            for row in range(len(self._cells) + 1):
                self._grid.setRowStretch(row, 1 if row == -(-len(self._cells) // columns) else 0)
            for column in range(2):
                self._grid.setColumnStretch(column, 1 if column < columns else 0)

    def set_theme(self, theme: Theme) -> None:
        """Change the colours of the pictures."""
        for name, label in self._pictures.items():
            file = resource("cards") / f"{name}{'-dark' if theme.dark else ''}.png"
            label.setVisible(file.is_file())  # a recipe somebody adds needs no picture
            if file.is_file():
                label.setPixmap(_pixmap(file, label.devicePixelRatioF()))

    def _recipe_card(self, recipe: Recipe) -> QWidget:
        picture = QLabel()
        picture.setAccessibleName(f"Picture of {recipe.title}")
        self._pictures[recipe.name] = picture
        card, column = _frame(picture)
        column.addWidget(QLabel(f"<b>{recipe.title}</b>"))
        sentence = QLabel(recipe.summary)
        sentence.setWordWrap(True)
        column.addWidget(sentence)
        work = QLabel(f"<small>{recipe.publication}</small>")
        work.setWordWrap(True)
        column.addWidget(work)
        column.addStretch(1)
        train = QPushButton("Train")
        train.setAccessibleName(f"Train {recipe.title}")
        train.clicked.connect(lambda: self.train.emit(recipe.name))
        look = QPushButton("Settings first")
        look.setFlat(True)
        look.setAccessibleName(f"Look at the settings of {recipe.title}")
        look.clicked.connect(lambda: self.look.emit(recipe.name))
        others = [name for name in models(recipe.name) if name != recipe.name]
        column.addLayout(_row(train, look, *([self._others(recipe, others)] if others else [])))
        return card

    def _others(self, recipe: Recipe, names: list[str]) -> QToolButton:
        """Return a button whose menu trains the work's other models."""
        button = QToolButton()
        button.setText("Models")
        button.setToolTip("The work's other models")
        button.setAutoRaise(True)
        button.setAccessibleName(f"Train another model of {recipe.title}")
        button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        menu = QMenu(button)
        for name in names:
            menu.addAction(RECIPES.get(name).title.removeprefix(f"{recipe.title}: "), partial(self.train.emit, name))
        button.setMenu(menu)
        return button

    def _file_card(self) -> QWidget:
        card, column = _frame()
        column.addWidget(QLabel("<b>Your own data</b>"))
        text = QLabel("A file with a number, or a class, per row and step. It can also be dropped anywhere here.")
        text.setWordWrap(True)
        column.addWidget(text)
        button = QPushButton("Open a file…")
        button.clicked.connect(self.open_file)
        beside = card.layout()
        assert isinstance(beside, QHBoxLayout)
        beside.addWidget(button, 0, Qt.AlignmentFlag.AlignVCenter)
        return card


def _frame(picture: QWidget | None = None) -> tuple[QFrame, QVBoxLayout]:
    """Return a card, and the column beside its picture for what it says."""
    card = QFrame()
    card.setObjectName("card")
    card.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
    row = QHBoxLayout(card)
    row.setContentsMargins(12, 10, 12, 10)
    row.setSpacing(12)
    if picture is not None:
        row.addWidget(picture, 0, Qt.AlignmentFlag.AlignTop)
    column = QVBoxLayout()
    column.setSpacing(4)
    row.addLayout(column, 1)
    return card, column


def _row(*widgets: QWidget) -> QGridLayout:
    row = QGridLayout()
    for i, widget in enumerate(widgets):
        row.addWidget(widget, 0, i)
    row.setColumnStretch(len(widgets), 1)
    return row


def _pixmap(file: Path, ratio: float) -> QPixmap:
    pixmap = QPixmap(str(file)).scaled(
        round(_PICTURE[0] * ratio),
        round(_PICTURE[1] * ratio),
        Qt.AspectRatioMode.KeepAspectRatio,
        Qt.TransformationMode.SmoothTransformation,
    )
    pixmap.setDevicePixelRatio(ratio)
    return pixmap
