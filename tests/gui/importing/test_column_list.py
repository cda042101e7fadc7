"""The columns of a file: uses for several at once, texts that fit, and names that can be read."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QItemSelectionModel, Qt
from PySide6.QtWidgets import QMenu, QPushButton

from tests.gui.driving import open_page, wait_until_read
from tests.gui.scripted import ScriptedTrain

USE, HOLDS = 1, 2


@pytest.fixture(autouse=True)
def no_popups(monkeypatch):
    """Menus stay closed: Qt warns that popups do not work without a display."""
    monkeypatch.setattr(QMenu, "popup", lambda menu, position: None)


def use_of_selected(qtbot, page, rows, use):
    """Select rows of the list of columns, click the use of the last one, and choose another."""
    columns, model = page.columns, page.columns.model()
    for row in rows:
        columns.selectionModel().select(
            model.index(row, 0), QItemSelectionModel.SelectionFlag.Select | QItemSelectionModel.SelectionFlag.Rows
        )
    cell = columns.visualRect(model.index(rows[-1], USE)).center()
    qtbot.mouseClick(columns.viewport(), Qt.MouseButton.LeftButton, pos=cell)
    menu = columns.findChildren(QMenu)[-1]
    next(action for action in menu.actions() if action.text() == use).trigger()
    wait_until_read(qtbot, page)
    return [action.text() for action in menu.actions()]


def sensors(folder, count):
    """Write hourly values of some sensors with long names, which differ at the end."""
    file = folder / "sensors.csv"
    names = [f"Temperature of the bearing at the drive end of line {i}" for i in range(count)]
    rows = [",".join(str((i * (j + 3)) % 31 + 0.5) for j in range(count)) for i in range(200)]
    times = [f"2024-01-{1 + i // 24:02} {i % 24:02}:00" for i in range(200)]
    lines = [f"{time},{row}" for time, row in zip(times, rows, strict=True)]
    file.write_text(f"time,{','.join(names)}\n" + "\n".join(lines) + "\n")
    return file, names


def test_many_columns_become_inputs_by_one_choice(qtbot, studio, tmp_path):
    window = studio(ScriptedTrain())
    file, names = sensors(tmp_path, 59)
    page = open_page(qtbot, window, file)
    page.choose_roles(names[:1], "target")
    wait_until_read(qtbot, page)
    use_of_selected(qtbot, page, range(2, 60), "Input")
    page.accept()
    data = window.panel.form.experiment.data
    assert data.features.split(",") == names
    assert data.target == names[0]


def test_several_columns_are_predicted_by_one_choice_or_one_after_the_other(qtbot, studio, tmp_path):
    window = studio(ScriptedTrain())
    file, names = sensors(tmp_path, 6)
    page = open_page(qtbot, window, file)
    use_of_selected(qtbot, page, range(2, 5), "Predict this")
    assert [name for name, role in page.columns.roles.items() if role == "target"] == names[1:4]
    page.columns.clearSelection()
    assert "Predict this, too" in use_of_selected(qtbot, page, [6], "Predict this, too")
    page.accept()
    data = window.panel.form.experiment.data
    assert data.target.split(",") == [*names[1:4], names[5]]
    assert data.features == ""


def test_two_columns_name_a_sequence_together(qtbot, studio, tmp_path):
    window = studio(ScriptedTrain())
    file = tmp_path / "steps.csv"
    rows = [
        f"p{i},t{k},{(i + 1) * (j if k % 2 else -j)},{'up' if k % 2 else 'down'}"
        for i in range(6)
        for k in range(6)
        for j in range(8)
    ]
    file.write_text("who,part,x,trend\n" + "\n".join(rows) + "\n")
    page = open_page(qtbot, window, file)
    for row in (0, 1):  # one after the other
        use_of_selected(qtbot, page, [row], "Sequence")
        page.columns.clearSelection()
    assert page.message == ""
    page.accept()
    data = window.panel.form.experiment.data
    assert (data.sequence, data.target, data.features) == ("who,part", "trend", "x")


def test_no_use_and_no_kind_of_column_is_cut_off(qtbot, studio, tmp_path):
    window = studio(ScriptedTrain())
    page = open_page(qtbot, window, sensors(tmp_path, 4)[0])
    page.choose_roles([page.columns.model().index(2, 0).data()], "class")
    wait_until_read(qtbot, page)
    for column in (USE, HOLDS):
        assert page.columns.sizeHintForColumn(column) <= page.columns.columnWidth(column)
    assert sum(page.columns.columnWidth(j) for j in range(6)) <= page.columns.viewport().width()


def test_the_numbers_of_rows_are_whole_after_the_rest_of_a_long_file_was_read(qtbot, studio, tmp_path):
    window = studio(ScriptedTrain())
    file = tmp_path / "long.csv"
    file.write_text("a,b\n" + "".join(f"{i * i % 97}.25,{i * 7 % 89}.75\n" for i in range(120_000)))
    page = open_page(qtbot, window, file)
    header = page.rows.verticalHeader()
    last = page.rows.model().headerData(page.rows.model().rowCount() - 1, Qt.Orientation.Vertical)
    assert last == "120,001"
    assert header.width() > page.rows.fontMetrics().horizontalAdvance(last)


def test_a_long_name_over_the_rows_ends_with_dots_and_its_tooltip_is_whole(qtbot, studio, tmp_path):
    window = studio(ScriptedTrain())
    file, names = sensors(tmp_path, 3)
    rows = open_page(qtbot, window, file).rows
    assert rows.horizontalHeader().textElideMode() == Qt.TextElideMode.ElideRight
    tips = [rows.model().headerData(j, Qt.Orientation.Horizontal, Qt.ItemDataRole.ToolTipRole) for j in range(4)]
    assert tips == ["time", *names]


def test_answers_to_questions_have_the_focus_first_and_come_before_the_controls(qtbot, studio, tmp_path):
    window = studio(ScriptedTrain())
    file = tmp_path / "people.csv"
    rows = [f"p{i},{j},{j * j % 31}.5,{'walk' if j // 50 % 2 else 'sit'}" for i in range(4) for j in range(200)]
    file.write_text("person,t,x,activity\n" + "\n".join(rows) + "\n")
    page = open_page(qtbot, window, file)
    assert page.message == "Answer the questions at the top first."
    answers = [b for b in page.findChildren(QPushButton) if b.isCheckable() and b.isVisibleTo(page)]
    assert len(answers) == 4
    assert page.focusWidget() is answers[0]
    order = [answers[0]]
    while len(order) < 5:
        widget = order[-1].nextInFocusChain()
        while not (widget.focusPolicy() & Qt.FocusPolicy.TabFocus and widget.isVisibleTo(page)):
            widget = widget.nextInFocusChain()
        order.append(widget)
    assert order[:4] == answers
    assert page.controls.isAncestorOf(order[4])


def test_a_file_that_changes_while_its_page_is_open_is_read_again_before_it_is_used(qtbot, studio, tmp_path):
    window = studio(ScriptedTrain())
    file = tmp_path / "load.csv"
    file.write_text("load\n" + "".join(f"{i * i % 31}.5\n" for i in range(200)))
    page = open_page(qtbot, window, file)
    file.write_text("load\n" + "".join(f"{i * i % 29}.5\n" for i in range(150)))
    page.accept()
    wait_until_read(qtbot, page)
    assert window.opener.page is page
    assert page.summary.startswith("load.csv: 150 rows")
    assert "The file has changed since it was read." in page.notes
    page.accept()
    assert window.opener.page is None
    assert window.banner.text.startswith("load.csv: 150 rows.")


def test_the_summary_counts_the_series_once_they_are_named(qtbot, studio, tmp_path):
    window = studio(ScriptedTrain())
    file = tmp_path / "stores.csv"
    rows = [f"2024-{1 + i // 28:02}-{1 + i % 28:02} 06:00,{store},{i * i % 31}" for store in "ABC" for i in range(150)]
    file.write_text("time,store,sales\n" + "\n".join(rows) + "\n")
    page = open_page(qtbot, window, file)
    assert page.summary.startswith("stores.csv: 450 rows, 3 columns. Time: time")
    page.set_setting("series", "store")
    wait_until_read(qtbot, page)
    assert page.summary.startswith("stores.csv: 450 rows of 3 series, 3 columns. Time: time")
    assert "2024-01-01 06:00 to 2024-06-10 06:00" in page.summary
