"""Cells from a spreadsheet are pasted, and the files opened last are listed."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QUrl
from PySide6.QtGui import QGuiApplication

from tests.gui.driving import click, import_file, open_page, wait_until_read
from tests.gui.scripted import ScriptedTrain

CELLS = "day\tsales\n" + "".join(f"2024-03-{i + 1:02}\t{i * i % 31}\n" for i in range(31))


@pytest.fixture
def clipboard(qapp):
    """The clipboard, emptied after the test."""
    yield QGuiApplication.clipboard()
    QGuiApplication.clipboard().clear()


def test_pasted_cells_become_a_file_that_a_run_can_read_again(qtbot, studio, clipboard, tmp_path):
    window = studio(ScriptedTrain())
    clipboard.setText(CELLS)
    window.menus.paste.trigger()
    wait_until_read(qtbot, window.opener.page)
    click(qtbot, window.opener.page, "OK")
    data = window.panel.form.experiment.data
    assert data.target == "sales"
    assert Path(data.file).parent == tmp_path / "pasted"
    assert Path(data.file).read_text(encoding="utf-8") == CELLS
    assert Path(data.file).suffix == ".tsv"


def test_a_paste_that_is_cancelled_leaves_no_file(qtbot, studio, clipboard, tmp_path):
    window = studio(ScriptedTrain())
    clipboard.setText(CELLS)
    window.menus.paste.trigger()
    wait_until_read(qtbot, window.opener.page)
    assert len(list((tmp_path / "pasted").iterdir())) == 1
    click(qtbot, window.opener.page, "Cancel")
    assert list((tmp_path / "pasted").iterdir()) == []


def test_a_copied_file_is_opened_and_never_deleted(qtbot, studio, clipboard, tmp_path):
    window = studio(ScriptedTrain())
    file = tmp_path / "sales.tsv"
    file.write_text(CELLS)
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(file))])
    clipboard.setMimeData(mime)
    window.menus.paste.trigger()
    wait_until_read(qtbot, window.opener.page)
    click(qtbot, window.opener.page, "Cancel")
    assert file.read_text() == CELLS


def test_an_empty_clipboard_is_said(studio, clipboard):
    window = studio(ScriptedTrain())
    clipboard.clear()
    window.menus.paste.trigger()
    assert window.banner.text.startswith("The clipboard holds no table.")
    assert window.opener.page is None


def test_the_files_opened_last_are_listed_newest_first(qtbot, studio, tmp_path):
    window = studio(ScriptedTrain())
    assert not window.menus.recent.isEnabled()
    for name in ("a.tsv", "b.tsv", "a.tsv"):
        (tmp_path / name).write_text(CELLS)
        import_file(qtbot, window, tmp_path / name)
    assert [action.text() for action in window.menus.recent.actions()] == ["a.tsv", "b.tsv"]
    window.menus.recent.actions()[1].trigger()
    wait_until_read(qtbot, window.opener.page)
    assert window.opener.page.windowTitle() == "Import b.tsv"
    window.opener.page.reject()
    (tmp_path / "b.tsv").unlink()
    window.menus.recent.actions()[1].trigger()
    assert "b.tsv" in window.banner.text


def test_a_second_file_replaces_the_page_of_the_first(qtbot, studio, tmp_path):
    window = studio(ScriptedTrain())
    for name in ("a.tsv", "b.tsv"):
        (tmp_path / name).write_text(CELLS)
        page = open_page(qtbot, window, tmp_path / name)
    page.accept()
    assert window.panel.form.experiment.data.file == str(tmp_path / "b.tsv")
    assert window.opener.page is None
