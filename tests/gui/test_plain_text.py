"""Text of files and runs in the window is shown character by character: no HTML, no image that a file names."""

from __future__ import annotations

import ast
import re
from html import unescape
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import Qt as GuiQt
from PySide6.QtGui import QTextDocument
from PySide6.QtWidgets import QLabel, QWidget

import rnnstudio
from rnnstudio.core.errors import DataError
from rnnstudio.gui.banner import Banner
from rnnstudio.gui.data_page.notes_label import NotesLabel
from rnnstudio.gui.importing.placeholder import Placeholder
from rnnstudio.gui.plain_text import Heading, PlainLabel, shown, tip
from rnnstudio.gui.result import Result
from tests.gui.driving import train
from tests.gui.scripted import ScriptedTrain

GUI = Path(rnnstudio.__file__).parent / "gui"
HOSTILE = [
    "<img src='/etc/hostname'>",
    "<a href='file:///etc/passwd'>open</a>",
    "<h1>Big</h1>",
    "a < b && c > d",
    "&lt;b&gt;",
    "<!-- hidden -->visible",
    "\x1b[31m<b>red</b>\u202e",
]


def text_of(label: QLabel) -> str:
    """Return what a label shows."""
    if label.textFormat() == Qt.TextFormat.PlainText:
        return label.text()
    assert label.textFormat() == Qt.TextFormat.RichText
    document = QTextDocument()
    document.setHtml(label.text())
    return document.toPlainText()


def escaped(text: str) -> str:
    return text.replace("\x1b", r"\x1b").replace("\u202e", r"\u202e")


@pytest.mark.parametrize("text", HOSTILE)
def test_labels_headings_notes_and_tooltips_show_each_character(qtbot, text):
    widgets = Banner(), PlainLabel(text), Heading(text, text), NotesLabel(), Placeholder()
    for widget in widgets:
        qtbot.addWidget(widget)
    banner, plain, heading, notes, placeholder = widgets
    banner.show_message(text)
    notes.show_notes([text])
    placeholder.show_texts(text, text, text)
    for label in (plain, *banner.findChildren(QLabel), *placeholder.findChildren(QLabel)):
        assert text_of(label) == escaped(text)
    assert text_of(heading) == escaped(text + text)
    assert text_of(notes) == f"Note: {escaped(text)}"
    document = QTextDocument()
    document.setHtml(tip(text)) if GuiQt.mightBeRichText(tip(text)) else document.setPlainText(tip(text))
    assert document.toPlainText() == escaped(text)
    assert unescape(shown(text)) == escaped(text)


@pytest.mark.parametrize("text", HOSTILE[:3])
def test_a_run_and_an_error_with_html_in_their_texts_are_shown_as_they_are(qtbot, studio, text):
    window = studio(ScriptedTrain())
    train(qtbot, window)
    run = window.view.run
    run.name, run.warnings = text, [f"warning {text}"]
    result = Result()
    qtbot.addWidget(result)
    result.show_run(run)
    window.banner.show_message(str(DataError(f"{text} cannot be opened.")))
    labels = [text_of(label) for label in [*result.findChildren(QLabel), *window.findChildren(QLabel)]]
    for expected in (text, f"⚠ warning {text}", f"{text} cannot be opened."):
        assert any(label.startswith(expected) for label in labels)


def test_every_label_of_the_window_has_a_format_and_no_tooltip_has_other_tags(qtbot, studio):
    window = studio(ScriptedTrain())
    train(qtbot, window)
    for label in window.findChildren(QLabel):
        if type(label).__module__.startswith("rnnstudio") or label.text():
            assert label.textFormat() != Qt.TextFormat.AutoText, label.text()
    for widget in window.findChildren(QWidget):
        assert not re.search("<(?!/?p>|br>)", widget.toolTip()), widget.toolTip()


def test_labels_and_tooltips_are_made_in_one_place():
    for file in GUI.rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.Call):
                continue
            name = getattr(node.func, "id", getattr(node.func, "attr", ""))
            place = f"{file.relative_to(GUI)}, line {node.lineno}"
            if name == "QLabel" and file.name != "problems.py":
                pytest.fail(f"{place}: a PlainLabel or Heading is expected")
            if name == "setToolTip":
                source = ast.unparse(node.args[0])
                known = ("_SEEDS_TIP", "tooltip", "field_input.toolTip()", "self.toolTip()")
                is_shown = isinstance(node.args[0], ast.Constant) or "tip(" in source or source in known
                assert is_shown, place
