"""The experiment as a form. The schema describes every setting, with its range, unit and label."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QComboBox, QFrame, QScrollArea, QVBoxLayout, QWidget

from rnnstudio.core.automatic import Choice
from rnnstudio.core.catalog import CELLS, DATASETS, RECIPES, sorted_recipes
from rnnstudio.core.differences import differences_from
from rnnstudio.core.errors import RnnStudioError, SettingError
from rnnstudio.core.experiment import Experiment, compose, schema
from rnnstudio.core.schema import Field, fields_of
from rnnstudio.core.wording import with_labels
from rnnstudio.gui.fields import FieldInput
from rnnstudio.gui.form_section import FormSection
from rnnstudio.gui.labels import difference_text, labels_of

_OF_FILE = {"file", "target", "features", "series", "sequence", "group"}  # settings without a default worth a word
_LONGEST_LABEL = "Validation fraction"  # longer labels are wrapped
_ROWS_AT_ONCE, _PREPARE_MS = 4, 10  # rows that are made beforehand, and the pause after them
_SECTIONS = {"data": "Data", "model": "Model", "training": "Training"}


@dataclass(frozen=True)
class _Start:
    """An entry of the list: a recipe or data set, or the data set of a recipe without its settings."""

    name: str
    without_recipe: bool = False

    @property
    def settings(self) -> dict[str, str]:
        """What `compose` needs beside the name."""
        return {"recipe": "none"} if self.without_recipe else {}


class ExperimentForm(QWidget):
    """A list of recipes and data sets, and an input for every setting of the experiment.

    Attributes:
        experiment: The experiment in the form; None while a value is invalid.
        problem: Why the form has no experiment; None while it has one.
    """

    changed = Signal()  # after the new values were validated
    data_chosen = Signal()  # a recipe, data set or file was chosen, after `changed`

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.experiment: Experiment | None = None
        self.problem: RnnStudioError | None = None
        self._sections: dict[str, FormSection] = {}
        self._references: dict[tuple[_Start, str], Experiment] = {}
        self._to_make: list[Field] | None = None  # settings whose rows `prepare` has not made yet
        self._start = _start_box()
        self._start.currentIndexChanged.connect(lambda _: self.begin(self.start, **self._chosen.settings))
        self._scroll = QScrollArea()
        self._scroll.setWidgetResizable(True)
        self._scroll.setFrameShape(QFrame.Shape.NoFrame)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._scroll.setWidget(self._new_page())
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self._start)
        layout.addWidget(self._scroll, 1)
        self.begin("echo")

    @property
    def start(self) -> str:
        """Name of the recipe or data set that the form shows."""
        return self._chosen.name

    @property
    def fields(self) -> dict[str, Field]:
        """All settings by flat name."""
        return {name: field_input.field for name, field_input in self._inputs().items()}

    def prepare(self) -> None:
        """Make the rows of all data sets and cells, a few at a time: all at once would block the window."""
        if self._to_make is None:
            self._to_make = [
                *(field for data in DATASETS for field in fields_of(data.settings, "data").values()),
                *(field for cell in CELLS for field in fields_of(cell.settings, "model").values()),
            ]
        for field in self._to_make[:_ROWS_AT_ONCE]:
            self._sections[field.section].prepare(field)
        del self._to_make[:_ROWS_AT_ONCE]
        if self._to_make:
            QTimer.singleShot(_PREPARE_MS, self, self.prepare)

    def begin(self, start: str, **settings: Any) -> None:
        """Show a recipe or data set, with some settings changed."""
        self._select(_Start(start, start in RECIPES and str(settings.get("recipe", start)) == "none"))
        self._show(compose(start, settings))
        self._scroll.verticalScrollBar().setValue(0)
        self.data_chosen.emit()

    def show_experiment(self, experiment: Experiment, **changes: Any) -> None:
        """Show the settings of an experiment, such as that of a saved run, with some settings changed."""
        name = experiment.recipe or experiment.data.dataset
        start = _Start(name, not experiment.recipe and name in RECIPES)
        if start not in [self._start.itemData(i) for i in range(self._start.count())]:
            self._start.addItem(DATASETS.get(name).title, start)
        self._select(start)
        self._show(experiment)
        for name, value in changes.items():
            self.input(name).set_value(value)
        if changes:
            self._validate()
        self._scroll.verticalScrollBar().setValue(0)

    def set_value(self, name: str, value: Any) -> None:
        """Change one setting, as if the user had."""
        self.input(name).set_value(value)
        self._validate()

    def show_choices(self, choices: Sequence[Choice], experiment: Experiment) -> None:
        """Show which values are chosen for the settings that are automatic, and why, unless the form has changed.

        Args:
            choices: The values; those that are missing are not known.
            experiment: The experiment for which they were chosen.
        """
        if self.experiment is None or experiment.flat() != self.experiment.flat():  # automatic ones are alike
            return
        chosen = {choice.setting: choice for choice in choices}
        for name, field_input in self._inputs().items():
            if field_input.field.automatic:
                choice = chosen.get(name)
                field_input.show_automatic(choice.value if choice else None, choice.reason if choice else "")

    def input(self, name: str) -> FieldInput:
        """Return the input of one setting."""
        return self._inputs()[name]

    def changes(self) -> list[str]:
        """Return what differs from the recipe or from the defaults of the data set, such as "Units 4 → 8".

        File and columns are left out: they have no defaults.
        """
        if self.experiment is None:
            return []
        reference, default_cell = self._reference(self.experiment.model.cell), self._reference("").model.cell
        fields = self.fields
        differences = differences_from(self.experiment, reference, default_cell)
        return [difference_text(d, fields) for d in differences if d.name not in _OF_FILE]

    def message(self, error: BaseException | str) -> str:
        """Return the text of an error with the labels of the form in place of the flat names of settings."""
        return with_labels(str(error), labels_of(self.fields))

    def show_problem(self, problem: RnnStudioError) -> None:
        """Mark the setting that a problem is about; without such a setting in the form, all marks stay."""
        if isinstance(problem, SettingError) and problem.field in self._inputs():
            self._mark(problem)

    @property
    def invalid(self) -> list[str]:
        """Labels of the settings that are marked, from top to bottom."""
        return [field_input.field.label for field_input in self._inputs().values() if field_input.problem]

    def _mark(self, problem: RnnStudioError | None) -> None:
        """Mark the settings that a problem is about, each with its sentence, and no other setting."""
        errors = [problem, *problem.others] if isinstance(problem, SettingError) else []
        texts = {error.field: self.message(error) for error in errors}
        for section in self._sections.values():
            for name, field_input in section.inputs.items():
                field_input.mark(texts.get(name, ""))
                if name in texts:
                    section.reveal(name)
        marked = [field_input for name, field_input in self._inputs().items() if name in texts]
        if marked and not any(field_input.isAncestorOf(self.focusWidget()) for field_input in marked):
            self._scroll.ensureWidgetVisible(marked[0])

    def _inputs(self) -> dict[str, FieldInput]:
        return {name: widget for section in self._sections.values() for name, widget in section.inputs.items()}

    @property
    def _chosen(self) -> _Start:
        start = self._start.currentData()
        assert isinstance(start, _Start)
        return start

    def _compose(self, values: Mapping[str, Any]) -> Experiment:
        """Return the experiment of the chosen recipe or data set with these values."""
        return compose(self.start, {**values, **self._chosen.settings})

    def _select(self, start: _Start) -> None:
        self._start.blockSignals(True)
        entries = [self._start.itemData(i) for i in range(self._start.count())]
        self._start.setCurrentIndex(entries.index(start) if start in entries else 0)
        self._start.blockSignals(False)

    def _new_page(self) -> QWidget:
        """Return the page of all sections, which have no settings yet."""
        label_width = self.fontMetrics().horizontalAdvance(_LONGEST_LABEL) + 4
        page = QWidget()
        column = QVBoxLayout(page)
        column.setContentsMargins(2, 4, 8, 4)
        column.setSpacing(6)
        for name, title in _SECTIONS.items():
            section = FormSection(title, label_width)
            section.changed.connect(self._setting_changed)
            column.addWidget(section)
            self._sections[name] = section
        column.addStretch(1)
        return page

    def _show(self, experiment: Experiment) -> None:
        """Show the settings of an experiment: those of its data set and cell."""
        scroll_position = self._scroll.verticalScrollBar().value()
        fields = [*schema(experiment.data.dataset, experiment.model.cell).values()]
        fields.insert(0, _cell_field())
        values = experiment.flat()
        for name, section in self._sections.items():
            section.show_fields([field for field in fields if field.section == name], values)
        in_order = [widget for section in self._sections.values() for widget in section.in_order]
        for before, after in pairwise([self._start, self._scroll, *in_order]):
            self.setTabOrder(before, after)
        self._scroll.verticalScrollBar().setValue(scroll_position)
        self._validate()

    def _setting_changed(self, name: str) -> None:
        if name == "cell":
            self._change_cell()
        else:
            self._validate()
        if name == "file" and self.experiment is not None:
            self.data_chosen.emit()

    def _change_cell(self) -> None:
        """Show the settings of another cell; settings that both cells have keep their values."""
        cell = str(self.input("cell").value())
        dataset = str(RECIPES.get(self.start).defaults["dataset"]) if self.start in RECIPES else self.start
        fields = schema(dataset, cell)
        values = {name: widget.value() for name, widget in self._inputs().items() if name in fields}
        try:
            experiment = self._compose({**values, "cell": cell})
        except RnnStudioError:
            experiment = self._reference(cell)
        self._show(experiment)
        self.input("cell").setFocus()

    def _reference(self, cell: str) -> Experiment:
        """Return the experiment of the recipe or data set with its own settings, for a cell or, when empty, its own."""
        key = self._chosen, cell
        if key not in self._references:
            self._references[key] = self._compose({"cell": cell} if cell else {})
        return self._references[key]

    def _validate(self) -> None:
        """Compose the experiment of the values in the form; runs once after each change."""
        try:
            self.experiment = self._compose({name: widget.value() for name, widget in self._inputs().items()})
            self.problem = None
        except RnnStudioError as problem:
            self.experiment, self.problem = None, problem
        self._mark(self.problem)
        self.changed.emit()


def _start_box() -> QComboBox:
    """Return a list of all recipes, of the user's own data, and of the recipes' data sets with automatic settings."""
    box = QComboBox()
    box.setAccessibleName("Recipe or data set")
    box.setToolTip("A published recipe with its own settings, or a data set with settings chosen from its data.")
    for recipe in sorted_recipes():
        box.addItem(recipe.title, _Start(recipe.name))
    box.insertSeparator(box.count())
    used = dict.fromkeys(str(recipe.defaults["dataset"]) for recipe in sorted_recipes())
    own = [data.name for data in DATASETS if data.name not in used and data.name != "arrays"]  # from Python and R only
    for name in own:
        box.addItem(DATASETS.get(name).title, _Start(name))
    box.insertSeparator(box.count())
    for name in used:
        box.addItem(f"{DATASETS.get(name).title}: automatic settings", _Start(name, without_recipe=True))
    return box


def _cell_field() -> Field:
    return Field("cell", "model", "choice", "lstm", "The recurrent cell.", label="Cell", choices=tuple(CELLS.names()))
