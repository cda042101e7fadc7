"""Runs are deleted in the run list, and restored from the dialog of the trash."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QMessageBox, QPushButton

import rnnstudio as rs
from rnnstudio.gui.trash import TrashDialog
from rnnstudio.results.run_folder import locked
from tests.gui.driving import click, train, train_classes
from tests.gui.scripted import ScriptedTrain


@pytest.fixture
def window(qtbot, studio):
    """A window with two runs."""
    window = studio(ScriptedTrain())
    train_classes(qtbot, window)
    train(qtbot, window)
    return window


def listed(window) -> list[str]:
    model = window.runs.table.model()
    return [model.data(model.index(i, 0)) for i in range(model.rowCount())]


def select(window, *names: str) -> None:
    table = window.runs.table
    table.clearSelection()
    for i, name in enumerate(listed(window)):
        if name in names:
            table.selectionModel().select(
                table.model().index(i, 0),
                table.selectionModel().SelectionFlag.Select | table.selectionModel().SelectionFlag.Rows,
            )


def button(widget, text: str) -> QPushButton:
    return next(button for button in widget.findChildren(QPushButton) if button.text() == text)


def test_a_selected_run_is_deleted_and_comes_back_with_undo(qtbot, window):
    newest, oldest = listed(window)
    delete = button(window.runs, "Delete")
    assert not delete.isEnabled()
    select(window, newest)
    delete.click()
    assert listed(window) == [oldest]
    assert not delete.isEnabled()
    assert window.banner.text == f"{newest} is in the trash."
    assert [item["run"] for item in rs.trash()] == [newest]
    click(qtbot, window.banner, "Undo")
    assert listed(window) == [newest, oldest]
    assert rs.trash() == []


def test_several_runs_are_deleted_with_the_key(qtbot, window):
    select(window, *listed(window))
    window.runs.table.setFocus()
    qtbot.keyClick(window.runs.table, Qt.Key.Key_Delete)
    assert listed(window) == []
    assert window.banner.text == "2 runs are in the trash."
    assert len(rs.trash()) == 2


def test_a_damaged_run_can_be_deleted_and_not_opened(qtbot, window):
    newest, oldest = listed(window)
    shown = window.view.run
    path = next(Path(row["path"]) for row in rs.runs() if row["run"] == oldest)
    (path / "metrics.json").write_text("{")
    window.runs.reload()
    select(window, oldest)
    menu = window.runs._menu()
    enabled = {action.text(): action.isEnabled() for action in menu.actions()}
    assert enabled == {"&Open": False, "&Rename": True, "&Note …": True, "&Delete": True}
    menu.deleteLater()
    window.runs.table.activated.emit(window.runs.table.model().index(listed(window).index(oldest), 0))
    assert "metrics.json is not as it was saved" in window.banner.text
    assert window.view.run is shown
    click(qtbot, window.banner, "Delete")
    assert listed(window) == [newest]
    assert [item["run"] for item in rs.trash()] == [oldest]


def test_the_menu_of_a_run_opens_it(qtbot, window):
    _, oldest = listed(window)
    select(window, oldest)
    menu = window.runs._menu()
    with qtbot.waitSignal(window.runs.chosen) as chosen:
        menu.actions()[0].trigger()
    menu.deleteLater()
    assert Path(chosen.args[0]).name == oldest
    select(window, *listed(window))
    menu = window.runs._menu()
    assert [action.isEnabled() for action in menu.actions()] == [False, False, False, True]
    menu.deleteLater()


def test_a_run_in_use_stays_and_the_window_says_why(window):
    newest, oldest = listed(window)
    path = next(Path(row["path"]) for row in rs.runs() if row["run"] == oldest)
    select(window, oldest)
    with locked(path):
        button(window.runs, "Delete").click()
    assert f"{oldest} is in use by another process" in window.banner.text
    assert listed(window) == [newest, oldest]


def test_the_dialog_restores_and_empties(qtbot, window, monkeypatch):
    newest, oldest = listed(window)
    window.trash.delete([row["path"] for row in rs.runs()])
    dialogs: list[TrashDialog] = []
    asked: list[str] = []
    answers = ["Cancel"]

    def use(dialog: TrashDialog) -> int:
        dialogs.append(dialog)
        assert [dialog.table.item(i, 0).text() for i in range(2)] == [oldest, newest]
        restore, empty = button(dialog, "Restore"), button(dialog, "Empty trash …")
        assert (restore.isEnabled(), empty.isEnabled()) == (False, True)
        dialog.table.selectRow(1)
        restore.click()
        assert listed(window) == [newest]
        assert dialog.table.rowCount() == 1
        assert not restore.isEnabled()
        for answer, left in (("Cancel", 1), ("Delete for good", 0)):
            answers[:] = [answer]
            empty.click()
            assert dialog.table.rowCount() == len(rs.trash()) == left
        assert not empty.isEnabled()
        return 0

    def choose(box: QMessageBox) -> int:
        asked.append(box.text())
        next(b for b in box.buttons() if b.text() == answers[0]).click()
        return 0

    monkeypatch.setattr(TrashDialog, "exec", use)
    monkeypatch.setattr(QMessageBox, "exec", choose)
    button(window.runs, "Trash …").click()
    assert len(dialogs) == 1
    assert asked == [f"Delete {oldest} for good? This cannot be undone."] * 2
    assert listed(window) == [newest]
