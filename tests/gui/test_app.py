"""Files that the system passes to the running program are opened."""

from __future__ import annotations

from PySide6.QtGui import QFileOpenEvent

from rnnstudio.gui.app import FileOpenFilter
from tests.gui.driving import train
from tests.gui.scripted import ScriptedTrain


def test_a_file_passed_as_an_event_is_opened(qtbot, studio):
    window = studio(ScriptedTrain())
    train(qtbot, window)
    path = window.view.run.path
    event_filter = FileOpenFilter(window)
    window.view.run = None
    assert event_filter.eventFilter(window, QFileOpenEvent(path))
    assert window.view.run.name == "echo-1"
