"""The menus offer only what can be done."""

from __future__ import annotations

from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu, QMessageBox

from rnnstudio import __version__
from tests.gui.driving import start_training, type_into, wait_until_ended
from tests.gui.scripted import ScriptedTrain


def test_actions_are_enabled_when_they_can_be_used(qtbot, studio):
    window = studio(ScriptedTrain(chunks=100_000))
    menus = window.menus
    assert menus.train.isEnabled()
    assert not any(action.isEnabled() for action in (menus.pause, menus.stop, menus.save_run, menus.export_r))
    type_into(window, "units", "0")
    assert not menus.train.isEnabled()
    type_into(window, "units", "4")
    start_training(qtbot, window)
    assert not menus.train.isEnabled()
    assert menus.pause.isEnabled()
    menus.stop.trigger()
    wait_until_ended(qtbot, window)
    assert menus.train.isEnabled()
    assert not menus.stop.isEnabled()
    assert all(action.isEnabled() for action in (menus.save_run, menus.export_r, menus.export_python))


def test_every_menu_opens_with_a_key_of_its_own(studio):
    window = studio(ScriptedTrain())
    for menu in window.menuBar().findChildren(QMenu):
        keys = [a.text().partition("&")[2][:1].lower() for a in menu.actions() if "&" in a.text()]
        assert len(keys) == len(set(keys)), [a.text() for a in menu.actions()]


def test_shortcuts_are_unique(studio):
    window = studio(ScriptedTrain())
    shortcuts = [a.shortcut().toString() for a in window.findChildren(QAction) if a.shortcut().toString()]
    assert {"F5", "F6", "Shift+F5", "Ctrl+O", "Ctrl+S", "Ctrl+E", "F1"} <= set(shortcuts)
    assert len(shortcuts) == len(set(shortcuts))


def test_the_dialogs_of_the_help_menu_open(studio, monkeypatch):
    window, texts = studio(ScriptedTrain()), []
    monkeypatch.setattr(QMessageBox, "information", lambda parent, title, text: texts.append(text))
    monkeypatch.setattr(QMessageBox, "about", lambda parent, title, text: texts.append(text))
    window.menus.how_to.trigger()
    window.menus.about.trigger()
    assert "Shift+F5" in texts[0]
    assert __version__ in texts[1]
