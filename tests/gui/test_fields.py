"""The inputs of settings that are files or lists."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog, QToolButton

from rnnstudio.core.experiment import schema
from rnnstudio.gui.fields import FieldInput


def file_input(qtbot, dataset: str, values: list[str]) -> tuple[FieldInput, QToolButton]:
    """Return the input of the setting `file` and its button; `values` gets each new value."""
    field_input = FieldInput(schema(dataset, "rnn")["file"], "")
    field_input.changed.connect(lambda: values.append(field_input.value()))
    qtbot.addWidget(field_input)
    field_input.show()
    button = field_input.findChild(QToolButton)
    assert button is not None
    return field_input, button


def test_a_folder_or_an_archive_can_be_chosen_where_both_are_accepted(qtbot, monkeypatch):
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_: "/data/UCI HAR Dataset")
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *arguments: (f"/data/har.zip of {arguments[-1]}", ""))
    values: list[str] = []
    _, button = file_input(qtbot, "har", values)
    file, folder = button.menu().actions()
    folder.trigger()
    file.trigger()
    assert values == ["/data/UCI HAR Dataset", "/data/har.zip of Data (*.zip);;All files (*)"]
    assert button.accessibleName() == "Choose a file or a folder"


def test_one_click_chooses_where_only_files_are_accepted(qtbot, monkeypatch):
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *arguments: (arguments[-1], ""))
    values: list[str] = []
    field_input, button = file_input(qtbot, "machinery", values)
    assert button.menu() is None
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    assert "*.mat" in field_input.value()
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: ("", ""))  # cancelled
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    assert "*.mat" in field_input.value()
    assert len(values) == 1


def test_levels_are_automatic_where_nothing_is_typed_and_none_means_no_bands(qtbot):
    field_input = FieldInput(schema("airline", "rnn")["levels"], "auto")
    qtbot.addWidget(field_input)
    assert field_input.value() == "auto"
    field_input.show_automatic([80, 95], "the usual levels")
    editor = field_input.focusProxy()
    assert editor.placeholderText() == "automatic: 80,95"
    for value, text in (([], "none"), ([50, 90], "50, 90")):
        field_input.set_value(value)
        assert editor.text() == field_input.value() == text
    assert "Must be whole numbers from 1 to 99, or none, or auto." in field_input.toolTip()
