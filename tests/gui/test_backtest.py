"""The backtest of a run in the window: its dialog, its table and its plots."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QFileDialog

import rnnstudio as rs
from rnnstudio.core.wording import method_label
from rnnstudio.gui.backtest.dialog import BacktestDialog
from rnnstudio.gui.backtest.errors_chart import CHARTS
from rnnstudio.gui.theme import DARK, LIGHT
from tests.gui.scripted import ScriptedTrain
from tests.without_xla import without_xla


@pytest.fixture(scope="module")
def trained():
    days = pd.date_range("2024-01-01", periods=100)
    sales = 20 + np.arange(100) % 7 + np.random.default_rng(0).normal(size=100)
    frame = pd.DataFrame({"day": days, "sales": sales})
    quick = {"cell": "rnn", "units": 2, "updates": 2, "window": 7, "horizon": 3, "verbose": 0, "save": False}
    with without_xla():
        return rs.train(frame, target="sales", **quick)


@pytest.fixture(scope="module")
def backtest(trained):
    with without_xla():
        return trained.backtest(5, verbose=0)


@pytest.mark.parametrize("theme", [LIGHT, DARK])
@pytest.mark.parametrize("kind", CHARTS)
def test_a_plot_draws_each_method_and_has_its_numbers(qtbot, backtest, kind, theme):
    chart = CHARTS[kind](theme)
    qtbot.addWidget(chart)
    assert chart.message == "No backtest yet."
    chart.show_backtest(backtest)
    assert not chart.message
    scores = backtest.by_origin() if kind == "error_by_origin" else backtest.by_step()
    table = chart.to_frame()
    for method in backtest.methods:
        np.testing.assert_array_equal(table[method], scores[scores["method"] == method]["mase"])
        x, y = chart._lines[method].getData()
        np.testing.assert_array_equal(x, table[chart.key])
        np.testing.assert_array_equal(y, table[method])
    assert chart.legend.texts[: len(backtest.methods)] == [method_label(name) for name in backtest.methods]
    text, x = chart.readout(1.2)
    assert x == 1
    assert f"network {table['network'][0]:.4g}"[:12] in text
    assert QColor(chart._lines["network"].opts["pen"].color()).name() == theme.blue.lower()
    chart.show_backtest(None)
    assert chart.message


@pytest.mark.parametrize("kind", CHARTS)
def test_a_plot_is_exported(backtest, kind, tmp_path):
    file = Path(backtest.plot(kind, tmp_path / f"{kind}.svg"))
    assert "<svg" in file.read_text(encoding="utf-8")
    with pytest.raises(rs.SettingError, match=r"\.png or \.svg|kind must be"):
        backtest.plot("loss")


def test_the_dialog_computes_shows_and_saves_a_backtest(qtbot, studio, trained, backtest, tmp_path, monkeypatch):
    window = studio(ScriptedTrain())
    window.view.run = window.view.predictor = trained
    window.view.run_shown.emit(True, True, True)
    assert window.menus.backtest.isEnabled()
    trained.last_backtest = None
    window.menus.backtest.trigger()
    dialog = window.backtests.dialog
    assert dialog.isVisible()
    assert not dialog.save.isEnabled()
    dialog.origins.setValue(5)
    with without_xla():
        dialog.start.click()
        assert dialog.start.text() == "Stop"
        qtbot.waitUntil(lambda: dialog.result_shown is not None, timeout=60_000)
    result = dialog.result_shown
    assert result is trained.last_backtest
    pd.testing.assert_frame_equal(result.metrics(), backtest.metrics())
    assert result.conclusion in dialog.conclusion.text()
    table = dialog._table.itemAt(0).widget()
    best = result.metrics().sort_values("mase").iloc[0]
    assert table.item(0, 0).text() == method_label(best["method"])
    assert table.item(0, 3).text() == f"{best['mase']:.4g}"
    assert table.item(0, 4).text() == f"{best['smape']:.4g}\u202f%"
    file = tmp_path / "forecasts.csv"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *a, **k: (str(file), "CSV"))
    dialog.save.click()
    with file.open(encoding="utf-8", newline="") as lines:
        assert len(list(csv.reader(lines))) == 1 + 5 * 3
    dialog.reject()
    window.menus.backtest.trigger()
    assert window.backtests.dialog.result_shown is result


def test_an_error_is_shown_in_the_dialog_and_a_stop_ends_the_backtest(qtbot, studio, trained):
    window = studio(ScriptedTrain())
    dialog = BacktestDialog(trained, window.background, LIGHT, window)
    qtbot.addWidget(dialog)
    dialog.open()
    dialog.origins.setValue(90)
    dialog.start.click()
    qtbot.waitUntil(lambda: "Choose at most" in dialog.description.text(), timeout=30_000)
    dialog.origins.setValue(3)
    dialog._is_stopped = False
    dialog.start.click()
    dialog.start.click()
    qtbot.waitUntil(lambda: dialog.start.text() == "Run backtest", timeout=30_000)
    dialog.start.click()
    dialog.close()
    qtbot.waitUntil(lambda: not dialog.isVisible(), timeout=30_000)


def test_a_run_that_forecasts_nothing_is_refused_with_a_sentence(studio):
    window = studio(ScriptedTrain())
    window.view.run = None
    window.backtests.open(None)
    assert window.backtests.dialog is None
    assert "A backtest needs a run that forecasts" in window.banner.text
