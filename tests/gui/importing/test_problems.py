"""Problems of a file stand at their rows on the import page, with a button for each remedy."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pandas as pd
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QMenu, QProgressBar

from rnnstudio.gui.theme import RED
from tests.gui.driving import button, click, open_page, shown_page, wait_until_read
from tests.gui.scripted import ScriptedTrain

DAYS = [f"{date(2023, 1, 1) + timedelta(i)}" for i in range(150)]


@pytest.fixture(autouse=True)
def no_popups(monkeypatch):
    """Menus stay closed: Qt warns that popups do not work without a display."""
    monkeypatch.setattr(QMenu, "popup", lambda menu, position: None)


@pytest.fixture
def page_of(qtbot, studio, tmp_path):
    """Return a function that opens a table with some cells replaced and some rows left out."""

    def open_table(cells, left_out=()):
        file = tmp_path / "a.csv"
        rows = [f"{DAYS[i]},{cells.get(i, i * i % 31)}" for i in range(150) if i not in left_out]
        file.write_text("day,load\n" + "\n".join(rows) + "\n")
        return open_page(qtbot, studio(ScriptedTrain()), file)

    return open_table


def cell(page, number, column=1):
    """Return the cell of a row of the file, by its number there."""
    model = page.rows.model()
    numbers = [model.headerData(i, Qt.Orientation.Vertical) for i in range(model.rowCount())]
    return model.index(numbers.index(str(number)), column)


def sentences(page):
    return [problem.sentence for problem in page.problems.problems]


def test_a_missing_value_stands_in_its_row_with_the_value_that_fills_it(qtbot, page_of):
    page = page_of({70: "", 71: ""})
    assert sentences(page) == ["Values are missing: column 'load' (2, first in row 72). "]
    assert cell(page, 72).data() == f"{69 * 69 % 31} (filled)"
    assert cell(page, 71).data() == str(69 * 69 % 31)
    assert button(page.problems, "Fill").isChecked()
    click(qtbot, page, "Drop")
    wait_until_read(qtbot, page)
    assert button(page.problems, "Drop").isChecked()
    assert cell(page, 72).data() == "missing"
    assert cell(page, 72).data(Qt.ItemDataRole.FontRole).strikeOut()
    assert not (cell(page, 71).data(Qt.ItemDataRole.FontRole) or page.font()).strikeOut()
    assert "2 steps of a.csv with missing values were dropped" in page.notes
    page.accept()


def test_a_gap_that_is_too_long_is_open_until_it_is_filled_or_dropped(qtbot, page_of):
    page = page_of(dict.fromkeys(range(60, 80), ""))
    [problem] = page.problems.problems
    assert problem.is_open
    assert "The longest gap has 20 steps; Fill sets max_gap to 20." in problem.sentence
    assert page.message == "Choose Fill or Drop first."
    assert not page.ok.isEnabled()
    click(qtbot, page, "Fill")
    wait_until_read(qtbot, page)
    assert page.message == ""
    assert page.choice.settings == {"missing": "past", "max_gap": "20"}
    click(qtbot, page, "OK")
    data = page.parent().panel.form.experiment.data
    assert (data.missing, data.max_gap) == ("past", 20)


def test_the_link_of_a_problem_goes_to_its_cell(page_of):
    page = page_of({70: ""})
    page.problems.place_clicked.emit(70, "load")
    assert page.rows.currentIndex() == cell(page, 72)


def test_a_problem_can_be_treated_at_its_cell(qtbot, page_of):
    page = page_of({70: "broken"})
    index = cell(page, 72)
    assert index.data() == "broken"
    assert index.data(Qt.ItemDataRole.ForegroundRole).color() == QColor(RED)
    page.rows.scrollTo(index)
    qtbot.mouseClick(page.rows.viewport(), Qt.MouseButton.LeftButton, pos=page.rows.visualRect(index).center())
    [menu] = page.rows.findChildren(QMenu)
    assert [action.text() for action in menu.actions()] == ["Treat as missing", "Treat as class"]
    menu.actions()[0].trigger()
    wait_until_read(qtbot, page)
    assert page.message == ""
    assert cell(page, 72).data() == f"{69 * 69 % 31} (filled)"


def test_a_cell_without_a_problem_has_no_menu(page_of):
    page = page_of({70: "broken"})
    page.rows.offer_remedies(cell(page, 71))
    assert page.rows.findChildren(QMenu) == []


def test_a_column_is_made_one_of_classes_by_a_button(qtbot, page_of):
    page = page_of({70: "off"})
    click(qtbot, page, "Treat as class")
    wait_until_read(qtbot, page)
    assert ("load", "class") in page.choice.roles
    assert page.problems.problems == ()


def test_rows_that_the_clock_lacks_are_a_problem_after_their_row(qtbot, page_of):
    page = page_of({}, left_out=range(70, 73))
    assert sentences(page) == ["3 rows of one day are missing, at most 3 in a row, the first after row 71. "]
    assert cell(page, 71).data() == str(69 * 69 % 31)
    click(qtbot, page, "Drop")
    wait_until_read(qtbot, page)
    assert page.choice.settings == {"missing": "drop"}


def test_classes_are_drawn_with_a_few_sequences(qtbot, studio, tmp_path):
    file = tmp_path / "a.npz"
    np.savez(file, x=np.random.default_rng(0).normal(size=(30, 50, 2)), y=np.arange(30) % 3)
    page = open_page(qtbot, studio(ScriptedTrain()), file)
    assert [page.classes.model().index(i, 1).data() for i in range(3)] == ["10", "10", "10"]
    cell_of_plots = page.classes.visualRect(page.classes.model().index(0, 4))
    picture = page.classes.viewport().grab(cell_of_plots).toImage()
    colors = {picture.pixelColor(x, y).name() for x in range(picture.width()) for y in range(picture.height())}
    assert len(colors) > 10  # two lines with smooth edges


def test_a_workbook_shows_its_progress_and_stops_when_the_page_is_closed(qtbot, studio, tmp_path):
    rows = np.arange(40_000)
    pd.DataFrame({"load": rows % 7, "price": rows % 11}).to_excel(tmp_path / "a.xlsx", index=False)
    window = studio(ScriptedTrain())
    window.opener.open_data(tmp_path / "a.xlsx")
    page = window.opener.page
    bar = page.findChild(QProgressBar)
    qtbot.waitUntil(lambda: bar.maximum() == 100 and 0 < bar.value() < 90, timeout=20_000)
    page.reject()
    (tmp_path / "b.csv").write_text("load\n" + "1\n2\n" * 50)
    page = open_page(qtbot, window, tmp_path / "b.csv")  # does not wait for the workbook
    assert page.summary.startswith("b.csv: 100 rows")


def test_a_short_series_opens_with_an_automatic_window_and_is_ready_to_train(qtbot, studio, tmp_path):
    window = studio(ScriptedTrain())
    file = tmp_path / "months.csv"
    rows = [f"{2015 + i // 12}-{1 + i % 12:02},{i * i % 31}" for i in range(28)]
    file.write_text("Month,Units sold\n" + "\n".join(rows) + "\n")
    page = open_page(qtbot, window, file)
    assert page.message == ""
    click(qtbot, page, "OK")
    shown_page(qtbot, window)
    assert "window" in window.panel.form.experiment.automatic
    assert window.panel.form.input("window").focusProxy().placeholderText() == "automatic: 5"
    assert button(window.banner, "Train").isEnabled()
