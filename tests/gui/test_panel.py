"""The frame around a plot: saving and its errors."""

from __future__ import annotations

import pandas as pd
import pytest
from PySide6.QtWidgets import QFileDialog, QLabel, QMenu

from rnnstudio.gui.csv_dialog import KINDS
from rnnstudio.gui.panel import Panel
from tests.gui.histories import finished_history


@pytest.fixture
def panel(qtbot, draw_plot):
    widget = Panel(draw_plot("loss", "airline", finished_history("airline", 100)))
    qtbot.addWidget(widget)
    return widget


def choose(panel: Panel, action: str) -> None:
    next(a for menu in panel.findChildren(QMenu) for a in menu.actions() if a.text().startswith(action)).trigger()


def test_the_title_is_the_plots(panel):
    assert panel.findChild(QLabel).text() == "<b>Loss</b>"


def test_plot_and_data_are_saved_where_the_user_says(panel, monkeypatch, tmp_path):
    kinds = {"loss.svg": "", "loss.csv": KINDS["point"], "comma.csv": KINDS["comma"]}
    for action, file in (("Save plot", "loss.svg"), ("Save data", "loss.csv"), ("Save data", "comma.csv")):
        answer = str(tmp_path / file), kinds[file]
        monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_, answer=answer: answer)
        choose(panel, action)
    assert (tmp_path / "loss.svg").stat().st_size > 1000
    header, *rows = (tmp_path / "loss.csv").read_text(encoding="utf-8").splitlines()
    assert header.split(",")[0] == "update"
    assert len(rows) == 101, "a row per update, and one for the last evaluation"
    commas = pd.read_csv(tmp_path / "comma.csv", sep=";", decimal=",")
    pd.testing.assert_frame_equal(commas, pd.read_csv(tmp_path / "loss.csv"))


def test_a_plot_that_cannot_be_saved_is_reported(panel, qtbot, monkeypatch, tmp_path):
    missing = str(tmp_path / "missing" / "loss.png")
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (missing, ""))
    with qtbot.waitSignal(panel.failed) as failed:
        choose(panel, "Save plot")
    assert "cannot be written" in failed.args[0]
