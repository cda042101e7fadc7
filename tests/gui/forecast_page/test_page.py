"""The forecast page shows what `forecast_table` returns, for each choice on it, and saves it."""

from __future__ import annotations

import datetime
from typing import Any

import numpy as np
import pandas as pd
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog

import rnnstudio as rs
from rnnstudio.gui.csv_dialog import EXCEL, KINDS
from rnnstudio.gui.forecast_page.job import ForecastResult, Request, series_forecast
from rnnstudio.gui.forecast_page.page import ForecastPage
from rnnstudio.gui.theme import DARK

pytestmark = pytest.mark.usefixtures("uncompiled")
SMALL: dict[str, Any] = {"units": 4, "updates": 3, "window": 6, "verbose": 0, "save": False, "task": "forecast"}


def sales(rows: int = 80, begin: str = "2024-01-01") -> pd.DataFrame:
    """Return two columns with times."""
    n = np.arange(rows)
    return pd.DataFrame({
        "day": pd.date_range(begin, periods=rows), "sales": 50 + 9 * np.sin(n / 3), "visits": 400 + 30 * np.cos(n / 5)
    })  # fmt: skip


@pytest.fixture(scope="module")
def own_past() -> rs.Run:
    return rs.train(sales(), target="sales", horizon=4, **SMALL)


@pytest.fixture(scope="module")
def two_inputs() -> rs.Run:
    return rs.train(sales(), target="sales", features="visits,sales", horizon=4, **SMALL)


def wait(qtbot, page: ForecastPage) -> None:
    """Wait until nothing is computed or waits."""
    qtbot.waitUntil(lambda: not page.is_busy, timeout=30_000)


def column(page: ForecastPage, name: str) -> list[str]:
    """Return the texts of a column of the table."""
    rows = page.table.rows
    names = [rows.headerData(i, Qt.Orientation.Horizontal) for i in range(rows.columnCount())]
    return [rows.index(i, names.index(name)).data() for i in range(rows.rowCount())]


def test_steps_dates_and_newer_data(qtbot, page, own_past, tmp_path):
    page.show_run(own_past)
    wait(qtbot, page)
    assert page.controls.steps.value() == 20
    expected = own_past.forecast_table(20)
    assert column(page, "sales") == [f"{value:,.3f}" for value in expected["sales"]]
    assert column(page, "time")[0] == "2024-03-21"
    drawn = page.chart.to_frame()
    np.testing.assert_allclose(drawn["sales"].to_numpy()[-20:], expected["sales"])
    known = drawn["sales"].to_numpy()[:-20]
    assert len(known) >= 60
    np.testing.assert_allclose(known, sales()["sales"].to_numpy()[-len(known) :])
    page.controls.steps.setValue(7)
    wait(qtbot, page)
    assert len(column(page, "sales")) == 7
    assert page.controls.until.date().toPython() == datetime.date(2024, 3, 27)
    page.controls.until.setDate(datetime.date(2024, 4, 9))
    wait(qtbot, page)
    assert (page.controls.steps.value(), column(page, "time")[-1]) == (20, "2024-04-09")
    page.controls.until.setDate(datetime.date(2023, 4, 9))
    assert "until must be at least 2024-03-21" in page.message.text
    assert page.controls.until.date().toPython() == datetime.date(2024, 4, 9)
    sales(30, "2025-01-01").to_csv(tmp_path / "newer.csv", index=False)
    page.use_newer(str(tmp_path / "newer.csv"))
    wait(qtbot, page)
    assert column(page, "time")[0] == "2025-01-31"
    np.testing.assert_allclose(page.result.table["sales"], own_past.forecast(20, input=tmp_path / "newer.csv"))
    assert page.controls.newer.text() == "After newer.csv"
    page.controls.newer_dropped.emit()
    wait(qtbot, page)
    assert column(page, "time")[0] == "2024-03-21"
    page.use_newer(str(tmp_path / "none.csv"))
    wait(qtbot, page)
    assert "none.csv" in page.chart.message
    assert not page.controls.save.isEnabled()


def test_beyond_the_horizon_a_button_trains_again(qtbot, page, two_inputs):
    page.show_run(two_inputs)
    wait(qtbot, page)
    assert page.controls.steps.value() == 4, "as far as the inputs reach"
    page.controls.steps.setValue(30)
    wait(qtbot, page)
    assert page.message.text.endswith("values of visits, which the run reads and does not predict.")
    assert page.result is None
    with qtbot.waitSignal(page.settings_chosen) as chosen:
        page.message.remedy.click()
    assert page.message.remedy.text() == "Train for 30 steps"
    assert chosen.args == [two_inputs.requested, {"horizon": 30}]


def test_steps_that_cannot_be_forecast_are_refused_before_they_are_planned(qtbot, page):
    data = sales().assign(promo=lambda t: (np.arange(len(t)) % 7 == 0) * 1)
    run = rs.train(data, target="sales", features="visits", known="promo", horizon=4, **SMALL)
    page.show_run(run)
    wait(qtbot, page)
    assert page.message.text.startswith("promo is empty in 4 of 4 rows.")
    page.controls.steps.setValue(30)
    wait(qtbot, page)
    assert page.message.text.endswith("values of visits, which the run reads and does not predict.")
    assert page.message.remedy.text() == "Train for 30 steps"
    page.controls.steps.setValue(3)
    wait(qtbot, page)
    assert page.message.text.startswith("promo is empty in 3 of 3 rows.")


@pytest.mark.parametrize(("kind", "name"), [(KINDS["comma"], "next.csv"), (KINDS["point"], "next"), (EXCEL, "next")])
def test_the_table_is_saved(qtbot, page, own_past, tmp_path, monkeypatch, kind, name):
    page.show_run(own_past)
    wait(qtbot, page)
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(tmp_path / name), kind))
    with qtbot.waitSignal(page.saved) as message:
        page.controls.save.click()
    [file] = tmp_path.glob("next*")
    assert str(file) in message.args[0]
    expected = own_past.forecast_table(20)
    read = pd.read_excel if kind == EXCEL else pd.read_csv
    marks = {"sep": ";", "decimal": ","} if kind == KINDS["comma"] else {}
    again = read(file, **marks)
    assert file.suffix == (".xlsx" if kind == EXCEL else ".csv")
    np.testing.assert_allclose(again["sales"], expected["sales"], rtol=1e-6)
    assert pd.to_datetime(again["time"]).tolist() == expected["time"].tolist()


def test_several_series_are_chosen_for_the_chart(qtbot, page):
    both = pd.concat([sales(60).assign(shop="north"), sales(50).assign(shop="south", sales=lambda t: t["sales"] * 3)])
    run = rs.train(both, target="sales", series="shop", horizon=2, **SMALL)
    page.show_run(run)
    wait(qtbot, page)
    assert column(page, "series") == ["north"] * 20 + ["south"] * 20
    page.controls.series.setCurrentText("south")
    np.testing.assert_allclose(page.chart.to_frame()["sales"].to_numpy()[-20:], run.forecast(20, series="south"))
    page.set_theme(DARK)


def test_a_button_trains_on_all_rows(qtbot, page):
    run = rs.train(sales(), target="sales", horizon=4, **SMALL)
    before = run.forecast_table(20)["sales"]
    page.show_run(run)
    wait(qtbot, page)
    with qtbot.waitSignal(page.refitted, timeout=60_000):
        qtbot.mouseClick(page.refit, Qt.MouseButton.LeftButton)
    wait(qtbot, page)
    assert not np.allclose(page.result.table["sales"], before)
    np.testing.assert_array_equal(page.result.table["sales"], run.forecast(20, refit=True))
    assert "are not tested" in page.message.text
    assert page.result.table["not_tested"].all(), "also in what is saved"
    assert (page.refit.text(), page.refit.isEnabled()) == ("Uses all rows (not tested)", False)


def test_other_runs_have_no_forecast_and_a_training_delays_it(qtbot, page, own_past):
    labels = rs.train(np.zeros((20, 6, 1)), np.arange(20) % 2, task="classify", updates=1, verbose=0, save=False)
    page.show_run(labels)
    assert not page.controls.isEnabled()
    assert "predicts no future values" in page.chart.message
    page.set_training(True)
    page.show_run(own_past)
    qtbot.waitUntil(lambda: page.chart.message == "The forecast is computed when the training has ended.")
    page.set_training(False)
    wait(qtbot, page)
    assert page.result is not None
    page.show_run(None)
    assert "after its training" in page.chart.message


def test_what_is_known_ahead_is_entered_pasted_and_filled(qtbot, page):
    data = sales().assign(promo=lambda t: (np.arange(len(t)) % 7 == 0) * 1, price=lambda t: 2.0 + np.arange(len(t)) % 5)
    run = rs.train(data, target="sales", known="promo,price", horizon=4, **SMALL)
    page.show_run(run)
    page.controls.steps.setValue(6)
    wait(qtbot, page)
    assert page.message.text.startswith(
        "promo is empty in 6 of 6 rows; price is empty in 6 of 6 rows. Enter them in the table, or paste"
    )
    rows = page.table.rows
    first = rows.first_planned
    assert column(page, "price") == ["empty"] * 6
    assert rows.flags(rows.index(0, first)) & Qt.ItemFlag.ItemIsUserCheckable, "0 and 1 are check boxes"
    rows.paste("promo\tprice\n1\t2,5\n0\t3\n", rows.index(0, first))
    rows.paste("1\t4\n1\t4\n0\t4\n0\t4", rows.index(2, first))
    wait(qtbot, page)
    expected = np.array([[1, 2.5], [0, 3], [1, 4], [1, 4], [0, 4], [0, 4]])
    np.testing.assert_array_equal(rows.plan, expected)
    np.testing.assert_array_equal(page.result.table["sales"], run.forecast(6, known=expected))
    rows.setData(rows.index(1, first), Qt.CheckState.Checked.value, Qt.ItemDataRole.CheckStateRole)
    rows.setData(rows.index(1, first + 1), "9.5")
    wait(qtbot, page)
    expected[1] = 1, 9.5
    np.testing.assert_array_equal(page.result.table["sales"], run.forecast(6, known=expected))
    assert not rows.setData(rows.index(1, first + 1), "many")
    assert page.message.text == "'many' is no number."
    page.controls.steps.setValue(8)
    wait(qtbot, page)
    assert "promo is empty in 2 of 8 rows" in page.message.text, "what was entered before is kept"
    page.message.remedy.click()
    wait(qtbot, page)
    np.testing.assert_array_equal(
        page.result.table["sales"], run.forecast(8, known=np.vstack([expected, [[0, 0]] * 2]))
    )


def test_bands_are_drawn_and_listed(qtbot, page, own_past):
    table = own_past.forecast_table(3)
    values = table["sales"]
    for level, margin in ((80, 2.0), (95, 4.0)):
        table = table.assign(**{f"lower_{level}": values - margin, f"upper_{level}": values + margin})
    table = table[["step", "time", "sales", "lower_95", "upper_95", "lower_80", "upper_80"]]
    result = ForecastResult(Request(own_past, 3), table, (), own_past.recent_values(30))
    page.chart.show_forecast(series_forecast(result, "", "sales"))
    assert page.chart.legend.texts == ["Known", "Forecast", "80 % band", "95 % band"]
    drawn = page.chart.to_frame()
    np.testing.assert_allclose(drawn["upper_95"].to_numpy()[-3:], values + 4)
    assert drawn["upper_95"].isna().sum() == 30
    text, at = page.chart.readout(30.2)
    assert (at, text.splitlines()[0]) == (30.0, "2024-03-21")
    assert "80 % band" in text
