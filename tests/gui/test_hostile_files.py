"""Files and runs that were made to do harm are listed, opened and clicked in the window, which says what is wrong."""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from rnnstudio.results.file_writers import arrays_writer
from tests.altered_runs import alter, rewrite
from tests.gui.driving import wait_until_read
from tests.gui.scripted import ScriptedTrain

RUNS = ("list_deep_run.json", "list_outcome_null", "list_seconds_NaN")
ARCHIVES = {
    "bomb_16GB_inside_weights.rnnrun": "may take at most",
    "rnnrun_ctx_huge50.rnnrun": "may take at most|damaged|truncated",
    "rnnrun_deep_run_json.rnnrun": "damaged",
}
DATA = ("one_long.ts", "text_3GB.parquet", "u1_268M.npz", "wide_300_bytes.npz")


def altered_copies(fresh_airline) -> int:
    """Save runs whose checksums are right and whose values are wrong, and return how many."""
    changes = (
        lambda f: rewrite(f, change=lambda rest: rest["history"].update(wall_seconds=float("nan"))),
        lambda f: rewrite(f, change=lambda rest: rest["history"].update(wall_seconds="nan s")),
        lambda f: rewrite(f, change=lambda rest: rest.update(created=3)),
        lambda f: alter(f, {"metrics.json": {"metrics": {"test_loss": None, "test_rmse": "x"}}}),
        lambda f: alter(f, {"experiment.json": {"model": {"units": [1], "cell": None}}}),
        lambda f: alter(f, {"experiment.json": {"training": {"learning_rate": {}}}}),
        lambda f: rewrite(f, {"history.npz": arrays_writer({"loss": np.zeros((2, 2))})}),
    )
    for change in changes:
        change(Path(fresh_airline().save()))
    return len(changes)


def test_hostile_runs_are_listed_selected_sorted_and_opened(qtbot, studio, fresh_airline, cases, tmp_path):
    fresh_airline().save()
    count = 1 + altered_copies(fresh_airline)
    for name in RUNS:
        shutil.copytree(cases / "hostile" / name, tmp_path / "runs" / name.replace(".", "_"))
    window = studio(ScriptedTrain())
    table, model = window.runs.table, window.runs.table.model()
    assert model.rowCount() == count + len(RUNS)
    for column in range(model.columnCount()):
        for order in (Qt.SortOrder.AscendingOrder, Qt.SortOrder.DescendingOrder):
            table.sortByColumn(column, order)
            table.grab()
    opened = []
    for row in range(model.rowCount()):
        index = model.index(row, 0)
        table.scrollTo(index)
        at = table.visualRect(index).center()
        QTest.mouseClick(table.viewport(), Qt.MouseButton.LeftButton, pos=at)
        window.banner.hide()
        QTest.mouseDClick(table.viewport(), Qt.MouseButton.LeftButton, pos=at)
        if window.banner.text:
            assert "damaged" in window.banner.text
        else:
            opened.append(index.data())
    assert opened == ["airline-1"]
    window.grab()


@pytest.mark.parametrize("name", ARCHIVES)
def test_a_hostile_run_file_is_refused_in_the_banner(qtbot, studio, cases, name):
    import re

    window = studio(ScriptedTrain())
    window.opener.open(str(cases / "hostile" / name))
    assert re.search(ARCHIVES[name], window.banner.text), window.banner.text
    assert window.view.run is None


def test_control_characters_of_a_run_file_are_shown_as_text(qtbot, studio, cases):
    window = studio(ScriptedTrain())
    window.opener.open(str(cases / "hostile" / "esc.rnnrun"))
    assert "\x1b" not in window.banner.text + window.windowTitle()
    window.grab()


@pytest.mark.parametrize("name", DATA)
def test_a_hostile_data_file_is_refused_on_the_import_page(qtbot, studio, cases, name):
    window = studio(ScriptedTrain())
    window.opener.open(str(cases / "hostile" / name))
    page = window.opener.page
    wait_until_read(qtbot, page)
    assert page.message
    assert not page.ok.isEnabled() or name == "one_long.ts"  # some of its sequences can be trained on
    window.grab()
