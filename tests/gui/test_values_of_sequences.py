"""Sequences with one value each in the window: opened, seen before training, trained, and seen after it."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from PySide6.QtCore import Qt

from rnnstudio.core.account import Account, ColumnAccount
from rnnstudio.core.column_roles import chosen_roles, roles_problem, roles_text, settings_of
from rnnstudio.gui.main_window import MainWindow
from tests.gui.driving import click, import_file, open_page, shown_page, wait_until_read
from tests.gui.scripted import ScriptedTrain
from tests.library.own_data import long_frame, with_sizes


def test_the_import_page_shows_ranges_of_values_in_place_of_classes(qtbot, studio, real_data):
    window = studio(ScriptedTrain())
    page = open_page(qtbot, window, real_data / "classify" / "Covid3Month_TRAIN.ts")
    assert page.summary == "Covid3Month_TRAIN.ts: 201 sequences with one value each, 84 steps each, 1 column."
    preview = page.classes.model().preview
    assert preview.has_values
    assert page.classes.model().headerData(0, Qt.Orientation.Horizontal) == "Value"
    assert sum(c.train for c in preview.classes) == 140
    assert sum(c.test for c in preview.classes) == 61
    assert "Each sequence has a value, 0 to 0.181818" in page.notes
    assert page.ok.isEnabled()
    page.accept()
    data = window.panel.form.experiment.data
    assert (data.dataset, data.task) == ("sequences", "regress_sequence")


def test_the_data_page_counts_values_by_split(qtbot, studio, real_data):
    window = studio(ScriptedTrain())
    import_file(qtbot, window, real_data / "classify" / "Covid3Month_TRAIN.ts")
    page = shown_page(qtbot, window)
    assert page.summary.startswith(
        "Covid3Month_TRAIN.ts: 201 sequences, 84 steps each. Predicted: target. Input: value."
    )
    chart = page.sequences
    assert chart.values.axes.isVisible()
    heights = {split: bars.opts["height"].sum() for split, bars in chart.values.bars.items()}
    assert heights == {"train": 126, "val": 14, "test": 61}
    assert list(chart.to_frame().columns) == ["sequence", "value", "split", "length"]


def test_a_column_of_numbers_is_the_value_of_each_sequence_of_a_table(qtbot, studio, tmp_path):
    file = tmp_path / "engines.csv"
    with_sizes(long_frame()).drop(columns=["who", "kind"]).to_csv(file, index=False)
    window = studio(ScriptedTrain())
    page = open_page(qtbot, window, file)
    page.choose_roles(("id",), "sequence")
    wait_until_read(qtbot, page)
    assert "class or value of each sequence" in page.message
    page.choose_roles(("size",), "target")
    wait_until_read(qtbot, page)
    assert page.message == ""
    page.accept()
    data = window.panel.form.experiment.data
    assert (data.task, data.sequence, data.target, data.features) == ("regress_sequence", "id", "size", "x")


def test_a_value_that_was_chosen_before_the_sequences_stays():
    columns = [ColumnAccount("id", "text"), ColumnAccount("kind", "text"), ColumnAccount("x", "number")]
    account = Account("a.csv", "text table", 9, (*columns, ColumnAccount("wear", "number")), target="x")
    roles = chosen_roles(account, [("wear", "target"), ("id", "sequence")])
    assert roles == {"id": "sequence", "kind": "ignore", "x": "input", "wear": "target"}
    assert settings_of(roles) == (
        "sequences", {"task": "regress_sequence", "sequence": "id", "target": "wear", "features": ["x"]}
    )  # fmt: skip
    assert roles_problem(roles) == ""
    assert roles_text(roles) == "The value of each sequence in column 'wear' is predicted from x."
    assert "Input" in roles_problem({**roles, "x": "ignore"})


@pytest.mark.xvfb
def test_values_are_trained_and_drawn_against_the_true_ones(qtbot, tmp_path):
    rng = np.random.default_rng(0)
    parts = []
    for i in range(40):
        hours = round(float(rng.uniform(5, 120)), 1)
        wear = 20 + np.arange(int(rng.integers(8, 16))) / hours
        parts.append(pd.DataFrame({"engine": f"e{i}", "wear": wear, "hours": hours}))
    file = tmp_path / "engines.csv"
    pd.concat(parts).to_csv(file, index=False)
    window = MainWindow(preload=True)
    qtbot.addWidget(window, before_close_func=lambda w: w.controller.close())
    window.resize(1366, 700)
    window.show()
    qtbot.waitExposed(window)
    columns = {"sequence": "engine", "target": "hours", "task": "regress_sequence"}
    window.panel.form.begin("sequences", file=str(file), **columns, epochs=10)
    click(qtbot, window.panel, "Train")
    qtbot.waitUntil(lambda: window.view.run is not None, timeout=120_000)
    plot = window.view.pages.live.plots["predicted_true"]
    assert plot.isVisible()
    table = window.view.run.predictions()
    np.testing.assert_array_equal(plot.points.getData()[0], table["truth"])
    assert window.view.pages.live.plots["sequences"].isEnabled()
