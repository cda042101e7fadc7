"""Runs are saved as one file or as a folder, and exported as scripts."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from PySide6.QtGui import QAction

import rnnstudio as rs
from tests.gui.driving import train, type_into
from tests.gui.scripted import ScriptedTrain

_DIALOG = "rnnstudio.gui.file_saving.QFileDialog.getSaveFileName"


def test_a_run_is_saved_as_one_file_and_opened_from_it(qtbot, studio, tmp_path, monkeypatch):
    window = studio(ScriptedTrain())
    train(qtbot, window)
    suggestions = []

    def choose(parent, title, suggestion, kinds):
        suggestions.append((suggestion, kinds))
        return str(tmp_path / "mine"), kinds.split(";;")[0]

    monkeypatch.setattr(_DIALOG, choose)
    window.menus.save_run.trigger()
    assert suggestions == [("echo-1.rnnrun", "One file, to send or to double-click (*.rnnrun);;A folder (*)")]
    assert window.banner.text == f"The run was saved in {tmp_path / 'mine.rnnrun'}."
    window.view.run = None
    window.opener.open(str(tmp_path / "mine.rnnrun"))
    assert window.view.run.name == "mine"
    assert window.view.run.record.step == 50


def test_a_file_that_the_dialog_did_not_ask_about_is_not_replaced(qtbot, studio, tmp_path, monkeypatch):
    window = studio(ScriptedTrain())
    train(qtbot, window)
    monkeypatch.setattr(_DIALOG, lambda *a: (str(tmp_path / "mine"), a[3].split(";;")[0]))
    window.menus.save_run.trigger()
    window.show_run("echo-1")
    before = (tmp_path / "mine.rnnrun").read_bytes()
    window.menus.save_run.trigger()
    assert str(tmp_path / "mine.rnnrun") in window.banner.text
    assert not window.banner.text.startswith("The run was saved")
    assert (tmp_path / "mine.rnnrun").read_bytes() == before


def test_a_folder_with_the_suggested_name_becomes_a_folder(qtbot, studio, tmp_path, monkeypatch):
    window = studio(ScriptedTrain())
    train(qtbot, window)
    monkeypatch.setattr(_DIALOG, lambda *_: (str(tmp_path / "other.rnnrun"), "A folder (*)"))
    window.menus.save_run.trigger()
    assert (tmp_path / "other" / "run.json").is_file()


def test_a_run_is_exported_as_a_script_from_the_file_menu(qtbot, studio, tmp_path, monkeypatch):
    window = studio(ScriptedTrain())
    actions = {a.text().replace("&", ""): a for a in window.findChildren(QAction)}
    assert not actions["Export as R script …"].isEnabled()
    type_into(window, "units", "9")
    train(qtbot, window)
    without_ending = tmp_path / "again"
    monkeypatch.setattr(_DIALOG, lambda *_: (str(without_ending), ""))
    actions["Export as R script …"].trigger()
    script = (tmp_path / "again.R").read_text()
    assert 'rnn_train("echo", units = 9' in script.replace("(\n  ", "(").replace(",\n ", ",")
    actions["Export as Python script …"].trigger()
    assert (tmp_path / "again.py").exists()
    assert "again.py" in window.banner.text
    actions["Export as Python script …"].trigger()
    assert window.banner.text == f"{tmp_path / 'again.py'} already exists. Enter its full name to replace it."


def test_the_history_is_exported_as_csv_and_the_decimal_mark_is_remembered(qtbot, studio, tmp_path, monkeypatch):
    window = studio(ScriptedTrain())
    train(qtbot, window)
    file, selected = tmp_path / "history.csv", []

    def choose(parent, title, suggestion, kinds, kind):
        selected.append(kind)
        return str(file), kinds.split(";;")[1]

    monkeypatch.setattr("rnnstudio.gui.csv_dialog.QFileDialog.getSaveFileName", choose)
    for _ in range(2):
        window.menus.export_history.trigger()
        assert window.banner.text == f"The history was written to {file}."
    assert "decimal points" in selected[0]
    assert "decimal commas" in selected[1]
    again = pd.read_csv(file, sep=";", decimal=",")
    np.testing.assert_allclose(again["train_loss"], window.view.run.history()["train_loss"], rtol=1e-6)


@pytest.mark.usefixtures("uncompiled")
def test_all_predictions_are_exported_in_the_background(qtbot, studio, tmp_path, monkeypatch):
    window = studio(ScriptedTrain())
    assert not window.menus.export_predictions.isEnabled()
    run = rs.train("airline", units=2, updates=2, verbose=0, save=True)
    window.show_run(run.name)
    name, kinds = tmp_path / "all", []

    def choose(parent, title, suggestion, offered, kind):
        kinds.extend(offered.split(";;"))
        return str(name), kinds[-1]

    monkeypatch.setattr("rnnstudio.gui.csv_dialog.QFileDialog.getSaveFileName", choose)
    window.menus.export_predictions.trigger()
    assert window.banner.text == "The predictions are computed and written …"
    file = tmp_path / "all.parquet"
    qtbot.waitUntil(lambda: window.banner.text == f"The predictions were written to {file}.", timeout=60_000)
    pd.testing.assert_frame_equal(pd.read_parquet(file), run.predictions())
    assert [kind.rpartition("*")[2] for kind in kinds] == [".csv)", ".csv)", ".parquet)"]
    name = tmp_path / "missing" / "all.csv"
    window.menus.export_predictions.trigger()
    qtbot.waitUntil(lambda: "cannot be written" in window.banner.text, timeout=60_000)
    window.menus.set_training_state("training")
    assert not window.menus.export_predictions.isEnabled()
