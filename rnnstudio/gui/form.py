"""The experiment as a form, made from the schema: settings, ranges and units are written nowhere else."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QComboBox,
    QFormLayout,
    QFrame,
    QLabel,
    QScrollArea,
    QSizePolicy,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from rnnstudio.core.catalog import CELLS, DATASETS, RECIPES, sorted_recipes
from rnnstudio.core.errors import RnnStudioError, SettingError
from rnnstudio.core.experiment import Experiment, compose, schema
from rnnstudio.core.schema import Field
from rnnstudio.gui.fields import FieldInput

_SECTIONS = {"data": "Data", "model": "Model", "training": "Training"}


class ExperimentForm(QWidget):
    """Recipe or data set, and every setting of the experiment.

    The form holds text; `experiment` is what the text means, or None with `problem` saying why not.
    """

    changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.experiment: Experiment | None = None
        self.problem: RnnStudioError | None = None
        self._inputs: dict[str, FieldInput] = {}
        self._open: dict[str, bool] = {}
        self._start = QComboBox()
        self._start.setAccessibleName("Recipe or data set")
        self._start.setToolTip("A published work with its own settings, or a data set with usual ones.")
        for recipe in sorted_recipes():
            self._start.addItem(recipe.title, recipe.name)
        self._start.insertSeparator(self._start.count())
        in_works = {recipe.defaults["dataset"] for recipe in sorted_recipes()}
        for data in DATASETS:
            if data.name not in in_works and data.name != "arrays":  # arrays come from Python and R only
                self._start.addItem(data.title, data.name)
        self._start.currentIndexChanged.connect(lambda _: self.begin(str(self._start.currentData())))
        self._scroll = QScrollArea()
        self._scroll.setWidgetResizable(True)
        self._scroll.setFrameShape(QFrame.Shape.NoFrame)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self._start)
        layout.addWidget(self._scroll, 1)
        self.begin("echo")

    @property
    def start(self) -> str:
        """Name of the recipe or data set the form began with."""
        return str(self._start.currentData())

    def begin(self, start: str, **settings: Any) -> None:
        """Show a recipe or data set, with some settings changed."""
        self._start.blockSignals(True)
        self._start.setCurrentIndex(max(0, self._start.findData(start)))
        self._start.blockSignals(False)
        self._build(compose(start, settings))

    def show_experiment(self, experiment: Experiment) -> None:
        """Show the settings of an experiment, such as a saved run's."""
        name = experiment.recipe or experiment.data.dataset
        if self._start.findData(name) < 0:
            self._start.addItem(DATASETS.get(name).title, name)
        self._start.blockSignals(True)
        self._start.setCurrentIndex(self._start.findData(name))
        self._start.blockSignals(False)
        self._build(experiment)

    def changes(self) -> list[str]:
        """Return what differs from the recipe or the data set's usual settings, such as "units 4 → 8"."""
        if self.experiment is None:
            return []
        before, now = compose(self.start, {"cell": self.experiment.model.cell}).flat(), self.experiment.flat()
        first = compose(self.start, {}).model.cell
        found = [f"cell {first} → {now['cell']}"] if now["cell"] != first else []
        return found + [
            f"{k} {_show(before[k])} → {_show(v)}" for k, v in now.items() if k in before and before[k] != v
        ]

    def mark(self, problem: RnnStudioError | None) -> None:
        """Mark the field a problem belongs to, and no other."""
        name = problem.field if isinstance(problem, SettingError) else ""
        for field, widget in self._inputs.items():
            widget.mark(str(problem) if field == name else "")
        if name in self._inputs:
            self._scroll.ensureWidgetVisible(self._inputs[name])

    def input(self, name: str) -> FieldInput:
        """Return the input of one setting."""
        return self._inputs[name]

    def _build(self, experiment: Experiment) -> None:
        """Make a row for every setting of this data set and cell."""
        place = self._scroll.verticalScrollBar().value()
        values = experiment.flat()
        fields = schema(experiment.data.dataset, experiment.model.cell)
        self._inputs = {}
        page = QWidget()
        column = QVBoxLayout(page)
        column.setContentsMargins(2, 4, 8, 4)
        column.setSpacing(6)
        for section, title in _SECTIONS.items():
            mine = [f for f in fields.values() if f.section == section]
            if section == "model":
                mine.insert(0, _cell_field(experiment.model.cell))
            if mine:
                column.addWidget(self._section(section, title, mine, values))
        column.addStretch(1)
        old = self._scroll.takeWidget()
        if old is not None:
            old.deleteLater()  # later, because the change that led here may have come from an input on it
        self._scroll.setWidget(page)
        self._scroll.verticalScrollBar().setValue(place)
        self.rejudge()

    def _section(self, section: str, title: str, fields: list[Field], values: dict[str, Any]) -> QWidget:
        box = QWidget()
        column = QVBoxLayout(box)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2)
        heading = QLabel(f"<b>{title}</b>")
        column.addWidget(heading)
        column.addLayout(self._rows([f for f in fields if not f.advanced], values))
        minor = [f for f in fields if f.advanced]
        if minor:
            more, toggle = QWidget(), QToolButton()
            more.setLayout(self._rows(minor, values))
            toggle.setText("More")
            toggle.setCheckable(True)
            toggle.setAutoRaise(True)
            toggle.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
            toggle.setAccessibleName(f"More {title.lower()} settings")

            def unfold(opened: bool) -> None:
                self._open[section] = opened
                more.setVisible(opened)
                toggle.setArrowType(Qt.ArrowType.DownArrow if opened else Qt.ArrowType.RightArrow)

            toggle.toggled.connect(unfold)
            toggle.setChecked(self._open.get(section, False))
            unfold(self._open.get(section, False))
            column.addWidget(toggle)
            column.addWidget(more)
        return box

    def _rows(self, fields: list[Field], values: dict[str, Any]) -> QFormLayout:
        rows = QFormLayout()
        rows.setContentsMargins(0, 0, 0, 0)
        rows.setVerticalSpacing(4)
        rows.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        rows.setLabelAlignment(Qt.AlignmentFlag.AlignLeft)
        for field in fields:
            changed = self._cell_changed if field.name == "cell" else self.rejudge
            widget = FieldInput(field, values[field.name], changed)
            label = QLabel(field.label)
            label.setMinimumWidth(96)
            label.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Preferred)
            label.setToolTip(field.description)
            label.setBuddy(widget)
            rows.addRow(label, widget)
            self._inputs[field.name] = widget
        return rows

    def _cell_changed(self) -> None:
        """Another cell has other settings: keep what they share, build the rest anew."""
        cell = str(self._inputs["cell"].value())
        fields = schema(self._dataset(), cell)
        kept = {k: w.value() for k, w in self._inputs.items() if k in fields}
        try:
            experiment = compose(self.start, {**kept, "cell": cell})
        except RnnStudioError:
            experiment = compose(self.start, {"cell": cell})
        self._build(experiment)
        self._inputs["cell"].setFocus()

    def _dataset(self) -> str:
        return str(RECIPES.get(self.start).defaults["dataset"]) if self.start in RECIPES else self.start

    def rejudge(self) -> None:
        """Ask the schema what the text means; done by itself after each change of the user's."""
        try:
            self.experiment = compose(self.start, {name: widget.value() for name, widget in self._inputs.items()})
            self.problem = None
        except RnnStudioError as problem:
            self.experiment, self.problem = None, problem
        self.mark(self.problem)
        self.changed.emit()


def _cell_field(cell: str) -> Field:
    return Field("cell", "model", "choice", cell, "The recurrent cell.", label="cell", choices=tuple(CELLS.names()))


def _show(value: Any) -> str:
    if isinstance(value, list):
        return "[" + ", ".join(map(str, value)) + "]"
    return f"{value:g}" if isinstance(value, float) else str(value)
