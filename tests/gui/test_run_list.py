"""The list of runs names what it shows and counts what it cannot read."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QLabel, QLineEdit

import rnnstudio as rs
from rnnstudio.core.chosen_on_test import FOOTNOTE_OF_MANY
from rnnstudio.core.paths import runs_folder
from rnnstudio.gui.run_heading import RunHeading
from rnnstudio.gui.run_notes import NoteDialog
from rnnstudio.gui.seeds_table import seeds_table
from rnnstudio.results import store_entries
from rnnstudio.results.run_group import RunGroup
from tests.gui.driving import import_file, start_training, train, train_classes, wait_until_ended
from tests.gui.scripted import ScriptedTrain


def rows(window) -> list[dict[str, str]]:
    """Return the texts of all rows of the run list by heading."""
    model = window.runs.table.model()
    headings = [model.headerData(j, Qt.Orientation.Horizontal) for j in range(model.columnCount())]
    headings = [heading.replace("\n", " ") for heading in headings]
    return [
        {heading: model.data(model.index(i, j)) for j, heading in enumerate(headings)} for i in range(model.rowCount())
    ]


def test_settings_and_metrics_have_their_labels(qtbot, studio):
    window = studio(ScriptedTrain())
    window.panel.form.begin("airline")
    train(qtbot, window)
    [row] = rows(window)
    assert row.pop("Created")
    assert row == {
        "Run": "airline-1",
        "Recipe or data": "Airline passengers",
        "Cell": "LSTM",
        "Units": "100",
        "Learning rate": "0.01",
        "Seed": "0",
        "Training loss": "0.1",
        "Test accuracy": "–",
        "Test RMSE": "50*",
        "Test scaled MSE": "–",
        "Outcome": "completed",
        "Time": "0:02",
    }
    train_classes(qtbot, window)
    assert [row["Test accuracy"] for row in rows(window)] == ["80.00%", "–"]


def test_metrics_that_were_chosen_on_the_test_set_are_marked_and_explained(qtbot, studio):
    window = studio(ScriptedTrain())
    train_classes(qtbot, window)
    assert "*" not in window.runs._note.text()
    window.panel.form.begin("airline")
    train(qtbot, window)
    assert window.runs._note.text().endswith(" * chosen on the test set.")
    assert window.runs._note.toolTip() == FOOTNOTE_OF_MANY
    model = window.runs.table.model()
    tips = [model.data(model.index(0, j), Qt.ItemDataRole.ToolTipRole) for j in range(model.columnCount())]
    marked = [model.data(model.index(0, j)).endswith("*") for j in range(model.columnCount())]
    assert [tip == FOOTNOTE_OF_MANY for tip in tips] == marked
    assert sum(marked) == 1
    assert model.data(model.index(0, marked.index(True)), Qt.ItemDataRole.UserRole) == 50.0


def test_the_filter_searches_all_columns(qtbot, studio):
    window = studio(ScriptedTrain())
    train(qtbot, window)
    window.panel.form.begin("airline")
    train(qtbot, window)
    window.runs._filter.setText("passengers")
    assert [row["Run"] for row in rows(window)] == ["airline-1"]


def note(window) -> QLabel:
    """Return the text beside the filter."""
    return window.runs._note


def row_of(window, name: str) -> int:
    """Return the row of a run in the list."""
    return next(i for i, row in enumerate(rows(window)) if row["Run"] == name)


def test_a_damaged_run_is_a_row_that_says_what_is_wrong(qtbot, studio):
    window = studio(ScriptedTrain())
    train_classes(qtbot, window)
    bad = window.view.run
    train(qtbot, window)
    good = window.view.run
    Path(bad.path, "metrics.json").write_text("{")
    window.runs.reload()
    assert {row["Run"]: row["Outcome"] for row in rows(window)} == {bad.name: "damaged", good.name: "completed"}
    assert {rows(window)[row_of(window, bad.name)][name] for name in ("Units", "Seed", "Time", "Test RMSE")} == {"–"}
    assert note(window).text().endswith(" 1 run cannot be read; select it to see why.")
    table = window.runs.table
    table.selectRow(row_of(window, bad.name))
    assert f"The run in {bad.path} is damaged: metrics.json is not as it was saved" in note(window).text()
    assert "metrics.json" in note(window).toolTip()
    index = table.model().index(row_of(window, bad.name), 0)
    assert "metrics.json" in table.model().data(index, Qt.ItemDataRole.ToolTipRole)
    assert not table.takes_files(index)
    assert table.takes_files(table.model().index(row_of(window, good.name), 0))
    table.selectRow(row_of(window, good.name))
    assert "1 run cannot be read" in note(window).text()
    window.runs.chosen.emit(bad.path)  # as a double-click
    assert "metrics.json is not as it was saved" in window.banner.text
    assert window.view.run is good
    for column in range(table.model().columnCount()):  # values of damaged runs can be compared with others
        table.sortByColumn(column, Qt.SortOrder.DescendingOrder)
        assert len(rows(window)) == 2


def test_a_store_that_cannot_be_read_is_named(qtbot, studio, monkeypatch):
    window = studio(ScriptedTrain())
    train(qtbot, window)

    def refuse(path):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(store_entries.os, "scandir", refuse)
    window.runs.reload()
    assert rows(window) == []
    assert f"{runs_folder()}, where the runs are, cannot be read: Permission denied." in note(window).text()


def test_a_run_of_a_file_is_listed_with_the_name_of_the_file(qtbot, studio, tmp_path):
    window = studio(ScriptedTrain())
    file = tmp_path / "shop_sales.csv"
    file.write_text("day,sales\n" + "".join(f"{i},{i * i % 31}\n" for i in range(150)))
    import_file(qtbot, window, file)
    train(qtbot, window)
    assert rows(window)[0]["Recipe or data"] == "shop_sales.csv"


@pytest.mark.parametrize("width", [1400, 1000, 748, 600])
def test_the_list_never_scrolls_sideways(qtbot, studio, width):
    window = studio(ScriptedTrain())
    train(qtbot, window)
    runs = window.runs
    runs.setParent(None)
    qtbot.addWidget(runs)
    runs.resize(width, 200)
    runs.show()
    shown = [j for j in range(runs.table.model().columnCount()) if not runs.table.isColumnHidden(j)]
    headings = [runs.table.model().headerData(j, Qt.Orientation.Horizontal) for j in shown]
    assert {"Run", "Recipe or data", "Created"} <= set(headings)
    assert not {"Test\naccuracy", "Test\nRMSE", "Test\nscaled MSE"} & set(headings)  # which the run does not have
    assert runs.table.horizontalScrollBar().maximum() == 0
    assert len(shown) == runs.table.model().columnCount() - 3 or width < 1400


def shown_names(window) -> list[str]:
    model = window.runs.table.model()
    return [model.data(model.index(i, 0)) for i in range(model.rowCount())]


def rename(qtbot, window, name):
    """Type a name into the row that is selected."""
    table = window.runs.table
    table.setFocus()
    qtbot.keyClick(table, Qt.Key.Key_F2)
    editor = table.findChild(QLineEdit)
    assert editor.maxLength() == 120
    editor.selectAll()
    qtbot.keyClicks(editor, name)
    qtbot.keyClick(editor, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: table.findChild(QLineEdit) is None)


def test_f2_names_a_run_in_place(qtbot, studio):
    window = studio(ScriptedTrain())
    window.panel.form.begin("airline")
    for _ in range(2):
        train(qtbot, window)
    table = window.runs.table
    table.selectRow(1)
    opened = []
    window.runs.chosen.connect(opened.append)
    rename(qtbot, window, "GRU <b>one</b>")
    qtbot.waitUntil(lambda: shown_names(window) == ["airline-2", "GRU <b>one</b>"])
    assert opened == []
    assert rs.load("GRU <b>one</b>").name == "airline-1"
    rs.note("airline-1", "its <b>note</b>")
    window.show_run("airline-1")
    labels = [label.text() for label in window.view.pages.result.findChildren(QLabel)]
    assert any("GRU &lt;b&gt;one&lt;/b&gt; – completed" in text for text in labels)
    assert "its <b>note</b>" in labels
    assert [index.row() for index in table.selectionModel().selectedRows()] == [1]
    model = table.model()
    assert "airline-1" in model.data(model.index(1, 0), Qt.ItemDataRole.ToolTipRole)
    rename(qtbot, window, "airline-2")
    qtbot.waitUntil(lambda: "name must not be 'airline-2'" in window.banner.text)
    assert shown_names(window) == ["airline-2", "GRU <b>one</b>"]
    rename(qtbot, window, "airline-1")
    qtbot.waitUntil(lambda: shown_names(window) == ["airline-2", "airline-1"])
    assert rs.runs()[1]["name"] == ""


def test_escape_leaves_a_name_as_it_is(qtbot, studio):
    window = studio(ScriptedTrain())
    window.panel.form.begin("airline")
    train(qtbot, window)
    table = window.runs.table
    table.selectRow(0)
    table.setFocus()
    qtbot.keyClick(table, Qt.Key.Key_F2)
    editor = table.findChild(QLineEdit)
    qtbot.keyClicks(editor, "other")
    qtbot.keyClick(editor, Qt.Key.Key_Escape)
    assert shown_names(window) == ["airline-1"]
    assert rs.runs()[0]["name"] == ""


def test_the_note_of_a_run_is_written_in_a_dialog(qtbot, studio, monkeypatch):
    window = studio(ScriptedTrain())
    window.panel.form.begin("airline")
    train(qtbot, window)
    window.runs.table.selectRow(0)
    rs.note("airline-1", "first")
    seen = []

    def write(dialog):
        seen.append(dialog.note())
        dialog.text.setPlainText("<i>second</i>\nline")
        return NoteDialog.DialogCode.Accepted

    monkeypatch.setattr(NoteDialog, "exec", write)
    actions = {action.text(): action for action in window.runs._menu().actions()}
    assert list(actions) == ["&Open", "&Rename", "&Note …", "&Delete"]
    actions["&Note …"].trigger()
    assert seen == ["first"]
    assert rs.note("airline-1") == "<i>second</i>\nline"
    model = window.runs.table.model()
    assert "&lt;i&gt;second" in model.data(model.index(0, 3), Qt.ItemDataRole.ToolTipRole)
    monkeypatch.setattr(NoteDialog, "exec", lambda dialog: NoteDialog.DialogCode.Rejected)
    actions["&Note …"].trigger()
    assert rs.note("airline-1") == "<i>second</i>\nline"


def test_a_note_that_is_too_long_cannot_be_saved(qtbot):
    dialog = NoteDialog("airline-1", "x" * 9_999)
    qtbot.addWidget(dialog)
    assert dialog._save.isEnabled()
    dialog.text.appendPlainText("xx")
    assert not dialog._save.isEnabled()
    assert "10,002 of 10,000 characters" in [label.text() for label in dialog.findChildren(QLabel)]


def heading(window) -> str:
    """Return the heading of the result page and the note below it."""
    labels = window.view.pages.result.findChild(RunHeading).findChildren(QLabel)
    return " | ".join(label.text() for label in labels if not label.isHidden())


def test_the_run_that_is_shown_follows_its_name(qtbot, studio):
    window = studio(ScriptedTrain())
    window.panel.form.begin("airline")
    for _ in range(2):
        train(qtbot, window)
    window.show_run("airline-1")
    assert heading(window).startswith("<h3>airline-1 – completed after")
    window.runs.table.selectRow(1)
    rename(qtbot, window, "GRU <b>one</b>")
    qtbot.waitUntil(lambda: heading(window).startswith("<h3>GRU &lt;b&gt;one&lt;/b&gt; – completed after"))
    rs.note("airline-1", "written by another process")
    rs.rename("airline-1", "elsewhere")
    rs.rename("airline-2", "not shown")
    QGuiApplication.instance().applicationStateChanged.emit(Qt.ApplicationState.ApplicationActive)
    assert heading(window).startswith("<h3>elsewhere – completed after")
    assert heading(window).endswith("</h3> | written by another process")
    assert shown_names(window) == ["not shown", "elsewhere"]
    rs.rename("airline-1", "")
    rs.note("airline-1", "")
    window.runs.reload()
    assert heading(window).startswith("<h3>airline-1 – completed after")
    assert heading(window).endswith("</h3>")


def test_messages_call_a_run_by_its_name(qtbot, studio):
    window = studio(ScriptedTrain(chunks=10_000))
    window.panel.form.begin("airline")
    for _ in range(2):
        start_training(qtbot, window)
        if rs.runs():
            rs.rename("airline-1", "my first")
            window.show_run("airline-1")
            assert window.banner.text == "This is my first. The training continues."
        window.controller.stop()
        wait_until_ended(qtbot, window)
    rs.rename("airline-2", "my second")
    window.outcomes.show(rs.load("airline-2"), visible=False)
    assert window.banner.text == "my second has ended: stopped."
    window.trash.delete([rs.load("airline-2").path])
    assert window.banner.text == "my second is in the trash."


def test_the_runs_of_a_group_have_their_names(qtbot, fresh_airline, home):
    run = fresh_airline()
    run.save()
    run.rename("best <i>one</i>")
    table = seeds_table(RunGroup([run]))
    qtbot.addWidget(table)
    assert table.item(0, 1).text() == "best <i>one</i>"
