"""The start page: one card per publication, and one to open the user's own data."""

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
from rnnstudio.gui.plain_text import Heading, PlainLabel
from rnnstudio.gui.theme import Theme

_IMAGE_WIDTH, _IMAGE_HEIGHT = 176, 99  # pixels


class Cards(QScrollArea):
    """Cards in one or two columns.

    Attributes:
        train: Emitted with the name of a recipe to train.
        show_settings: Emitted with the name of a recipe to show in the form.
        open_file: Emitted when the user wants to open a file.
    """

    train = Signal(str)
    show_settings = Signal(str)
    open_file = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        page = QWidget()
        self._grid, self._columns = QGridLayout(page), 0
        self._grid.setContentsMargins(16, 8, 16, 8)
        self._grid.setSpacing(12)
        self._images: dict[str, QLabel] = {}
        recipes = [self._recipe_card(recipe) for recipe in sorted_recipes() if not recipe.model_of]
        self._cells: list[QWidget] = [_heading(), self._file_card(), *recipes]
        self.setWidget(page)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Arrange the cards in two columns if they fit, else in one."""
        super().resizeEvent(event)
        min_width = max(cell.minimumSizeHint().width() for cell in self._cells)
        margins = self._grid.contentsMargins()
        width = self.viewport().width() - margins.left() - margins.right()
        columns = 2 if 2 * min_width + self._grid.horizontalSpacing() <= width else 1
        if columns != self._columns:
            self._columns = columns
            self._arrange()

    def _arrange(self) -> None:
        for i, cell in enumerate(self._cells):
            self._grid.addWidget(cell, i // self._columns, i % self._columns)
        last_row = -(-len(self._cells) // self._columns)
        for row in range(len(self._cells) + 1):
            self._grid.setRowStretch(row, 1 if row == last_row else 0)
        for column in range(2):
            self._grid.setColumnStretch(column, 1 if column < self._columns else 0)

    def set_theme(self, theme: Theme) -> None:
        """Change the images to those of a theme; a recipe without an image has none on its card."""
        for name, label in self._images.items():
            file = resource("cards") / f"{name}{'-dark' if theme.dark else ''}.png"
            label.setVisible(file.is_file())
            if file.is_file():
                label.setPixmap(_pixmap(file, label.devicePixelRatioF()))

    def _recipe_card(self, recipe: Recipe) -> QWidget:
        image = PlainLabel()
        image.setAccessibleName(f"Plot of {recipe.title}")
        self._images[recipe.name] = image
        card, column = _card(image)
        column.addWidget(Heading(recipe.title))
        for label in (PlainLabel(recipe.summary), Heading(recipe.publication, size="small")):
            label.setWordWrap(True)
            column.addWidget(label)
        column.addStretch(1)
        train = QPushButton("Train")
        train.setAccessibleName(f"Train {recipe.title}")
        train.clicked.connect(lambda: self.train.emit(recipe.name))
        settings = QPushButton("Settings")
        settings.setFlat(True)
        settings.setToolTip("Show the settings of this experiment before training it")
        settings.setAccessibleName(f"Show the settings of {recipe.title}")
        settings.clicked.connect(lambda: self.show_settings.emit(recipe.name))
        other_models = [name for name in models(recipe.name) if name != recipe.name]
        buttons = [train, settings, *([self._models_button(recipe, other_models)] if other_models else [])]
        column.addLayout(_row(*buttons))
        return card

    def _models_button(self, recipe: Recipe, names: list[str]) -> QToolButton:
        """Return a button whose menu trains the publication's other models."""
        button = QToolButton()
        button.setText("Models")
        button.setToolTip("Train another model of this publication")
        button.setAutoRaise(True)
        button.setAccessibleName(f"Train another model of {recipe.title}")
        button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        menu = QMenu(button)
        for name in names:
            menu.addAction(RECIPES.get(name).title.removeprefix(f"{recipe.title}: "), partial(self.train.emit, name))
        button.setMenu(menu)
        return button

    def _file_card(self) -> QWidget:
        card, column = _card()
        column.addWidget(Heading("Your own data"))
        text = PlainLabel("A table with one row per time step, or labelled sequences. You can also drop the file here.")
        text.setWordWrap(True)
        column.addWidget(text)
        button = QPushButton("Open a file …")
        button.clicked.connect(self.open_file)
        layout = card.layout()
        assert isinstance(layout, QHBoxLayout)
        layout.addWidget(button, 0, Qt.AlignmentFlag.AlignVCenter)
        return card


def _heading() -> QWidget:
    heading = QWidget()
    column = QVBoxLayout(heading)
    column.setContentsMargins(0, 0, 0, 0)
    column.addWidget(Heading("Choose an experiment", size="title"))
    hint = PlainLabel("Train the recurrent network of a publication, or open your own data.")
    hint.setWordWrap(True)
    column.addWidget(hint)
    column.addStretch(1)
    return heading


def _card(image: QWidget | None = None) -> tuple[QFrame, QVBoxLayout]:
    """Return a card, and its column for text and buttons beside the image."""
    card = QFrame()
    card.setObjectName("card")
    card.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
    row = QHBoxLayout(card)
    row.setContentsMargins(12, 10, 12, 10)
    row.setSpacing(12)
    if image is not None:
        row.addWidget(image, 0, Qt.AlignmentFlag.AlignTop)
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
        round(_IMAGE_WIDTH * ratio),
        round(_IMAGE_HEIGHT * ratio),
        Qt.AspectRatioMode.KeepAspectRatio,
        Qt.TransformationMode.SmoothTransformation,
    )
    pixmap.setDevicePixelRatio(ratio)
    return pixmap
