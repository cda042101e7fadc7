"""Drives the window as a user does: clicks, keys and waiting."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLineEdit, QPushButton, QWidget

from rnnstudio.core.experiment import compose
from rnnstudio.gui.importing.dialog import ImportDialog
from rnnstudio.gui.main_window import MainWindow


def button(widget: QWidget, text: str) -> QPushButton:
    """Return the visible button with a text."""
    return next(b for b in widget.findChildren(QPushButton) if b.text() == text and b.isVisibleTo(widget))


def click(qtbot, widget: QWidget, text: str) -> None:
    """Click the visible button with a text."""
    qtbot.mouseClick(button(widget, text), Qt.MouseButton.LeftButton)


def open_page(qtbot, window: MainWindow, path: Path | str) -> ImportDialog:
    """Open a data file and wait until the import page has read all of it, and checked it."""
    window.opener.open_data(Path(path))
    assert window.opener.page is not None
    wait_until_read(qtbot, window.opener.page)
    return window.opener.page


def wait_until_read(qtbot, page: ImportDialog) -> None:
    """Wait until the import page has read the whole file, or says why it cannot, and no check waits."""
    qtbot.waitUntil(lambda: not page.is_busy, timeout=20_000)


def shown_page(qtbot, window):
    """Return the data page once it shows the data of the form."""
    page = window.view.pages.data
    qtbot.waitUntil(
        lambda: page.isVisible() and not page.is_busy and page.updatesEnabled() and page.summary != "", timeout=20_000
    )
    return page


def import_file(qtbot, window: MainWindow, path: Path | str) -> None:
    """Open a data file and press OK on the import page."""
    qtbot.mouseClick(open_page(qtbot, window, path).ok, Qt.MouseButton.LeftButton)


def type_into(window: MainWindow, setting: str, text: str) -> None:
    """Replace the text of a field of the form."""
    editor = window.panel.form.input(setting).focusProxy()
    assert isinstance(editor, QLineEdit)
    editor.setText(text)


def wait_until_ended(qtbot, window: MainWindow) -> None:
    """Wait until no experiment trains."""
    qtbot.waitUntil(lambda: not window.controller.running, timeout=10_000)


def train(qtbot, window: MainWindow) -> None:
    """Train the experiment in the form and wait until it has ended."""
    window.train()
    wait_until_ended(qtbot, window)


def train_classes(qtbot, window: MainWindow) -> None:
    """Train on sequences of three classes and wait until it has ended."""
    window.panel.form.show_experiment(compose("arrays", {"task": "classify"}))
    train(qtbot, window)


def start_training(qtbot, window: MainWindow) -> None:
    """Train the experiment in the form and wait for the first updates."""
    window.train()
    qtbot.waitUntil(lambda: window.controller.history.step > 10)
