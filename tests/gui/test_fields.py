"""The form's inputs, one by one."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog, QToolButton

from rnnstudio.core.experiment import schema
from rnnstudio.gui.fields import FieldInput


def file_input(qtbot, dataset: str, changes: list[str]) -> tuple[FieldInput, QToolButton]:
    made = FieldInput(schema(dataset, "rnn")["file"], "", lambda: changes.append("changed"))
    qtbot.addWidget(made)
    made.show()
    button = made.findChild(QToolButton)
    assert button is not None
    return made, button


def test_a_folder_or_an_archive_can_be_chosen_where_data_come_as_either(qtbot, monkeypatch):
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_: "/data/UCI HAR Dataset")
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *given: (f"/data/har.zip of {given[-1]}", ""))
    changes: list[str] = []
    made, button = file_input(qtbot, "har", changes)
    file, folder = button.menu().actions()
    folder.trigger()
    assert made.value() == "/data/UCI HAR Dataset"
    file.trigger()
    assert made.value() == "/data/har.zip of Data (*.zip);;All files (*)"
    assert len(changes) == 2
    assert button.accessibleName() == "Choose a file or a folder"


def test_one_click_chooses_where_data_are_one_file(qtbot, monkeypatch):
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *given: (given[-1], ""))
    changes: list[str] = []
    made, button = file_input(qtbot, "machinery", changes)
    assert button.menu() is None
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    assert "*.mat" in made.value()
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: ("", ""))  # dismissed
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    assert "*.mat" in made.value()
    assert len(changes) == 1
