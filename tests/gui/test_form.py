"""The form shows, validates and composes the experiment."""

from __future__ import annotations

import pytest
import shiboken6
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QCheckBox, QComboBox, QLabel, QToolButton

from rnnstudio import api
from rnnstudio.core.catalog import CELLS, DATASETS, RECIPES
from rnnstudio.core.errors import RnnStudioError
from rnnstudio.core.experiment import compose, schema
from rnnstudio.gui.fields import FieldInput
from tests.gui.driving import button, click, start_training, type_into, wait_until_ended
from tests.gui.scripted import ScriptedTrain


@pytest.fixture
def form(qtbot):
    from rnnstudio.gui.form import ExperimentForm

    created = ExperimentForm()
    yield created
    shiboken6.delete(created)


@pytest.fixture
def compositions(monkeypatch):
    """Counts how often the form composes an experiment."""
    calls: list[str] = []

    def counted(start, overrides):
        calls.append(start)
        return compose(start, overrides)

    monkeypatch.setattr("rnnstudio.gui.form.compose", counted)
    monkeypatch.setattr("rnnstudio.core.differences.compose", counted)
    return calls


def test_an_invalid_value_is_marked_and_keeps_train_disabled(qtbot, studio):
    window = studio(ScriptedTrain())
    type_into(window, "learning_rate", "0")
    assert not button(window.panel, "Train").isEnabled()
    message = window.panel.findChild(object, "problem").text()
    editor = window.panel.form.input("learning_rate").focusProxy()
    assert message.startswith("Learning rate must be a number above 0 and up to 1000, or auto; received")
    assert editor.toolTip() == message
    assert editor.property("invalid") is True
    type_into(window, "learning_rate", "0.5")
    assert button(window.panel, "Train").isEnabled()
    assert editor.property("invalid") is False
    assert window.panel.form.changes() == ["Learning rate 0.3 → 0.5"]


def test_a_problem_with_an_advanced_setting_unfolds_it(qtbot, studio):
    window = studio(ScriptedTrain())
    window.panel.form.begin("airline")
    field = window.panel.form.input("val_fraction")
    assert not field.isVisible()
    type_into(window, "val_fraction", "2")
    assert field.isVisible()


def test_one_keystroke_composes_the_experiment_once(qtbot, studio, compositions):
    window = studio(ScriptedTrain())
    editor = window.panel.form.input("units").focusProxy()
    editor.clear()
    for key in "12":
        compositions.clear()
        QTest.keyClick(editor, key)
        assert compositions == ["echo"]
    assert window.panel.form.experiment.model.units == 12


def test_training_composes_nothing(qtbot, studio, compositions):
    window = studio(ScriptedTrain(chunks=100_000))
    compositions.clear()
    start_training(qtbot, window)
    step = window.controller.history.step
    qtbot.waitUntil(lambda: window.controller.history.step > step + 200)
    window.controller.toggle_pause()
    window.controller.toggle_pause()
    assert compositions == []
    window.controller.stop()
    wait_until_ended(qtbot, window)


def test_another_cell_shows_its_own_settings_and_keeps_the_shared_ones(form):
    cells = form.input("cell").focusProxy()
    assert [cells.itemText(i) for i in range(cells.count())][:2] == ["GRU", "LSTM"]
    form.set_value("units", "6")
    cells.setCurrentIndex(cells.findData("lstm"))
    assert form.input("forget_bias").value() == "1"
    assert form.experiment.model.cell == "lstm"
    assert form.experiment.model.units == 6
    assert form.changes() == ["Cell Simple RNN → LSTM", "Units 4 → 6"]


def test_form_and_flags_have_the_same_settings(form):
    for recipe in api.recipes():
        form.begin(recipe["name"])
        for setting in api.describe("recipe", recipe["name"])["settings"]:
            assert form.input(setting["name"]).field.description == setting["description"]
        assert form.experiment == api.experiment(recipe["name"])
        assert form.changes() == []


def test_an_empty_field_is_automatic_and_shows_what_is_chosen(form):
    from rnnstudio.core.automatic import Choice

    form.begin("airline")
    form.input("window").focusProxy().setText("")
    assert form.experiment.automatic == ("window",)
    assert form.input("window").focusProxy().placeholderText() == "automatic"
    assert form.changes() == ["Window 5 → automatic"]
    choices = (Choice("window", 24, "two seasons of 12 rows"),)
    form.show_choices(choices, form.experiment)
    assert form.input("window").focusProxy().placeholderText() == "automatic: 24"
    assert "two seasons of 12 rows" in form.input("window").toolTip()
    form.show_choices((), form.experiment.model_copy(update={"seed": 4}))  # the form has changed since
    assert form.input("window").focusProxy().placeholderText() == "automatic: 24"
    data = form.experiment.data.model_copy(update={"window": 30})
    saved = form.experiment.model_copy(update={"data": data})  # what a run was asked for, with the value chosen for it
    form.show_choices((Choice("window", 30, "as long as a month"),), saved)
    assert form.input("window").focusProxy().placeholderText() == "automatic: 30"


def test_a_data_set_can_be_chosen_without_the_settings_of_its_recipe(form):
    box = form._start
    labels = [box.itemText(i) for i in range(box.count())]
    box.setCurrentIndex(labels.index("Airline passengers: automatic settings"))
    assert form.experiment.recipe == ""
    assert form.experiment.data.dataset == "airline"
    assert "window" in form.experiment.automatic
    assert form.changes() == []
    form.set_value("window", 7)
    assert form.changes() == ["Window automatic → 7"]
    shown = form.experiment
    form.begin("echo")
    form.show_experiment(shown)
    assert form.experiment == shown


def test_every_data_set_of_the_window_can_be_shown_with_automatic_settings(form):
    for name in ("file", "sequences", "echo", "toy", "airline", "har", "machinery", "mnist_rows", "etth2"):
        form.begin(name, recipe="none")
        assert form.experiment is not None, name
        assert (form.experiment.data.dataset, form.experiment.recipe) == (name, "")
        assert "learning_rate" in form.experiment.automatic


def test_values_have_labels(form):
    form.begin("airline")
    weights, stateful = form.input("restore_best_weights"), form.input("stateful")
    choices = weights.focusProxy()
    assert isinstance(choices, QComboBox)
    assert [choices.itemText(i) for i in range(choices.count())] == ["automatic", "last", "best"]
    assert isinstance(stateful.focusProxy(), QCheckBox)
    task = form.input("task").focusProxy()
    assert [task.itemText(i) for i in range(task.count())] == ["Regress each step", "Forecast"]
    sampling = form.input("sampling").focusProxy()
    assert "shuffle once" in [sampling.itemText(i) for i in range(sampling.count())]
    before = form.experiment.training.restore_best_weights
    choices.setCurrentIndex(1 if before else 2)
    assert form.experiment.training.restore_best_weights is not before
    change = "Final weights best → last" if before else "Final weights last → best"
    assert form.changes() == [change]


def test_every_setting_has_a_label_in_the_form(form):
    for recipe in api.recipes():
        form.begin(recipe["name"])
        for name, field in form.fields.items():
            assert field.label
            assert "_" not in field.label
            assert field.label[0].isupper(), name


@pytest.mark.parametrize("dataset", ["airline", "file", "har"])
def test_messages_name_settings_by_their_labels(form, dataset):
    form.begin(dataset)
    for name, field in form.fields.items():
        assert form.message(RnnStudioError(f"{name} must be right.")) == f"{field.label} must be right."


def test_every_control_has_a_name_for_screen_readers(form):
    for setting in api.describe("recipe", "echo")["settings"]:
        editor = form.input(setting["name"]).focusProxy()
        assert editor.accessibleName() == schema("echo", "rnn")[setting["name"]].label
        assert editor.accessibleDescription() == setting["description"]


def test_a_number_keeps_all_its_digits(form):
    experiment = compose("echo", {"learning_rate": 0.123456789})
    form.show_experiment(experiment)
    assert form.experiment == experiment


def test_the_wheel_changes_no_choice(qtbot, form):
    form.resize(320, 900)
    form.show()
    optimizer = form.input("optimizer").focusProxy()
    before = optimizer.currentText()
    position = optimizer.mapTo(form, optimizer.rect().center())
    QTest.wheelEvent(form.windowHandle(), position, QPoint(0, -120))
    assert optimizer.currentText() == before
    QTest.keyClick(optimizer, Qt.Key.Key_Down)
    assert optimizer.currentText() != before


def test_a_saved_choice_that_was_replaced_is_shown_and_marked_with_what_replaced_it(form):
    experiment = compose("file", {"file": "sales.csv", "target": "sales"})
    data = experiment.data.model_copy(update={"missing": "interpolate"})
    form.show_experiment(experiment.model_copy(update={"data": data}))
    assert form.input("missing").value() == "interpolate"
    assert form.experiment is None
    assert "interpolate was replaced by past" in str(form.problem)
    form.set_value("missing", "past")
    assert form.experiment.data.missing == "past"
    form.begin("file", file="other.csv")
    choices = form.input("missing").focusProxy()
    assert choices.findData("interpolate") < 0
    assert choices.toolTip() == form.input("missing").toolTip()


def test_the_settings_of_another_recipe_stand_in_its_order_with_its_values(form):
    form.resize(300, 3000)
    form.show()
    for name in ("airline", "file", "har_gru", "echo", "file", "airline"):
        form.begin(name)
        for more in form.findChildren(QToolButton):
            if more.isCheckable():
                more.setChecked(True)
        fields = list(schema(form.experiment.data.dataset, form.experiment.model.cell))
        assert sorted(form.fields) == sorted([*fields, "cell"])
        values = form.experiment.flat()
        assert all(
            str(form.input(name).value()) == str(FieldInput(form.fields[name], values[name]).value()) for name in fields
        )
        QTest.qWait(1)
        shown = [widget for widget in form.findChildren(FieldInput) if widget.isVisible()]
        assert {widget.field.name for widget in shown} == set(form.fields)
        tops = {widget: widget.mapTo(form, QPoint(0, 0)).y() for widget in shown}
        from_top = [widget.field.name for widget in sorted(shown, key=tops.__getitem__)]
        assert len(set(tops.values())) == len(shown)
        assert tab_order(form) == from_top


def tab_order(form):
    """Return the settings in the order in which the Tab key reaches them."""
    reached: list[str] = []
    widget = first = form.input(next(iter(form.fields))).focusProxy()
    while True:
        field_input = widget.parent()
        if isinstance(field_input, FieldInput) and widget.isVisible() and field_input.field.name not in reached:
            reached.append(field_input.field.name)
        widget = widget.nextInFocusChain()
        if widget is first:
            return reached


def test_a_file_and_its_columns_are_no_changes_and_the_name_of_the_file_is_seen(form, tmp_path):
    file = tmp_path / "load.csv"
    file.write_text("load\n" + "1\n2\n" * 50)
    form.begin("file", file=str(file), target="load", window=12)
    assert form.changes() == ["Window automatic → 12"]
    editor = form.input("file").focusProxy()
    assert editor.cursorPosition() == len(str(file))


def test_rows_made_beforehand_are_invisible_and_enough_for_every_recipe_data_set_and_cell(qtbot, studio):
    form = studio(ScriptedTrain()).panel.form
    shown = {name: form.input(name) for name in form.fields}
    form.prepare()
    qtbot.waitUntil(lambda: form._to_make == [])
    made = set(form.findChildren(FieldInput))
    rest = [row for row in made if row not in shown.values()]
    assert len(rest) > 50
    assert not [row.field.name for row in rest if not row.isHidden()]
    for start in [*RECIPES.names(), *(name for name in DATASETS.names() if name != "arrays")]:
        for cell in CELLS.names():
            form.begin(start, cell=cell)
    assert set(form.findChildren(FieldInput)) == made
    form.begin("echo")
    assert {name: form.input(name) for name in form.fields} == shown


WRONG = {"window": "0", "units": "many", "dropout": "7", "learning_rate": "-1", "epochs": "1,000", "seed": "x"}


@pytest.mark.parametrize("count", range(1, len(WRONG) + 1))
def test_all_settings_that_are_not_allowed_are_marked_each_with_its_sentence(qtbot, studio, count):
    window = studio(ScriptedTrain())
    form = window.panel.form
    form.begin("airline")
    wrong = dict(list(WRONG.items())[-count:])
    for name, text in wrong.items():
        type_into(window, name, text)
    marked = {name: form.input(name).problem for name in form.fields if form.input(name).problem}
    assert marked.keys() == wrong.keys()
    for name, sentence in marked.items():
        field = form.fields[name]
        assert sentence.startswith(f"{field.label} must be {field.allowed}; received ")
        label = next(label for label in form.input(name).findChildren(QLabel) if label.text() == sentence)
        assert label.isVisible()
        qtbot.waitUntil(lambda label=label: label.height() >= label.heightForWidth(label.width()))
        assert form.input(name).focusProxy().property("invalid") is True
    said = window.panel.findChild(QLabel, "problem", Qt.FindChildOption.FindDirectChildrenOnly).text()
    assert all(form.fields[name].label in said for name in wrong)
    assert not button(window.panel, "Train").isEnabled()
    window.banner.show_message("A file was opened.", "Train", window.train)
    click(qtbot, window.banner, "Train")
    assert window.banner.text in marked.values()
    assert not window.controller.running
    for name in wrong:
        assert form.input(name).problem
        type_into(window, name, str(compose("airline", {}).flat()[name]))
        assert form.input(name).problem == ""
    assert button(window.panel, "Train").isEnabled()


def test_only_the_setting_that_is_typed_is_marked_where_it_contradicts_another_one(studio):
    window = studio(ScriptedTrain())
    type_into(window, "stride", "99")
    assert window.panel.form.invalid == ["Stride"]
    assert "where Stateful is true" in window.panel.form.input("stride").problem
