"""Entering steps and what is known ahead by mouse and keyboard."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest

import rnnstudio as rs
from rnnstudio.gui.forecast_page.plan import EnteredPlan, PlannedSteps
from tests.gui.forecast_page.test_page import SMALL, sales, wait

pytestmark = pytest.mark.usefixtures("uncompiled")
_LEFT, _NO_KEY = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier


@pytest.fixture(scope="module")
def with_promotion() -> rs.Run:
    data = sales().assign(promo=(np.arange(80) % 7 == 0) * 1)
    return rs.train(data, target="sales", known="promo", horizon=4, **SMALL)


@pytest.fixture(scope="module")
def with_price() -> rs.Run:
    return rs.train(sales().assign(price=2.0 + np.arange(80) % 5), target="sales", known="price", horizon=4, **SMALL)


def box_at(table, row: int) -> QPoint:
    """Return the position of a check box of the first column of the plan."""
    cell = table.visualRect(table.rows.index(row, table.rows.first_planned))
    return QPoint(cell.left() + 10, cell.center().y())


def test_a_click_and_digits_set_the_steps_at_once(qtbot, page, with_promotion):
    page.show_run(with_promotion)
    wait(qtbot, page)
    assert page.controls.until.isVisible(), "the dates are known before the plan is"
    QTest.mouseClick(page.controls.steps.lineEdit(), _LEFT, _NO_KEY)
    QTest.keyClicks(page.controls.steps, "12")
    assert page.controls.steps.value() == 12, "the digits replace the number, and no key ends them"
    wait(qtbot, page)
    assert page.table.rows.rowCount() == 12
    assert page.controls.until.date().toPython().isoformat() == "2024-04-01"
    page.controls.until.setDate(page.controls.until.date().addDays(-2))
    assert page.controls.steps.value() == 10, "also while cells are empty"
    wait(qtbot, page)


def test_one_movement_of_the_mouse_ticks_a_promotion(qtbot, page, with_promotion):
    page.show_run(with_promotion)
    page.controls.steps.setValue(10)
    wait(qtbot, page)
    table, rows = page.table, page.table.rows
    qtbot.wait(100)  # until the first forecast is laid out
    left = table.mapTo(page, QPoint(0, 0))
    QTest.mousePress(table.viewport(), _LEFT, _NO_KEY, box_at(table, 2))
    for row in (6, 4):
        QTest.mouseMove(table.viewport(), box_at(table, row))
    QTest.mouseRelease(table.viewport(), _LEFT, _NO_KEY, box_at(table, 4))
    expected = np.zeros((10, 1))
    expected[2:5] = 1
    np.testing.assert_array_equal(rows.plan, expected)  # empty boxes are not ticked
    wait(qtbot, page)
    np.testing.assert_array_equal(page.result.table["sales"], with_promotion.forecast(10, known=expected))
    assert table.mapTo(page, QPoint(0, 0)) == left, "the boxes stay where they are"
    assert table.currentIndex() == rows.index(2, rows.first_planned)
    QTest.mouseClick(table.viewport(), _LEFT, _NO_KEY, box_at(table, 3))
    QTest.mouseDClick(table.viewport(), _LEFT, _NO_KEY, box_at(table, 8))
    QTest.mousePress(table.viewport(), _LEFT, _NO_KEY, box_at(table, 9))
    QTest.mouseMove(table.viewport(), QPoint(20, table.viewport().height() + 40))
    QTest.mouseRelease(table.viewport(), _LEFT, _NO_KEY)
    assert rows.plan[:, 0].tolist() == [0, 0, 1, 0, 1, 0, 0, 0, 1, 1]
    wait(qtbot, page)


def test_a_forecast_does_not_end_the_editing_of_a_cell(qtbot, page, with_price):
    page.show_run(with_price)
    page.controls.steps.setValue(3)
    wait(qtbot, page)
    page.message.remedy.click()
    wait(qtbot, page)
    table, rows = page.table, page.table.rows
    rows.setData(rows.index(0, rows.first_planned), "3")
    table.edit(rows.index(1, rows.first_planned))
    editor = table.viewport().focusWidget() or table.focusWidget()
    wait(qtbot, page)
    assert table.state() == table.State.EditingState
    assert editor is not None
    assert page.result.table["sales"].to_numpy() == pytest.approx(
        with_price.forecast(3, known=np.array([[3.0], [0], [0]]))
    )


def test_what_is_entered_keeps_its_dates_when_newer_data_are_continued(qtbot, page, with_promotion, tmp_path):
    page.show_run(with_promotion)
    page.controls.steps.setValue(6)
    wait(qtbot, page)
    rows = page.table.rows
    rows.tick(range(3, 5), 0, is_ticked=True)  # 24 and 25 March
    rows.edited.emit()
    wait(qtbot, page)
    page.controls.steps.setValue(2)
    wait(qtbot, page)
    page.controls.steps.setValue(6)
    wait(qtbot, page)
    assert rows.plan[:, 0].tolist() == [0, 0, 0, 1, 1, 0], "fewer steps forget nothing"
    newer = sales(82).assign(promo=0)
    newer.to_csv(tmp_path / "newer.csv", index=False)
    page.use_newer(str(tmp_path / "newer.csv"))
    wait(qtbot, page)
    assert [rows.index(i, 1).data() for i in (0, 5)] == ["2024-03-23", "2024-03-28"]
    np.testing.assert_array_equal(rows.plan[:, 0], [0, 1, 1, 0, np.nan, np.nan])


def test_without_times_newer_data_begin_an_empty_plan():
    times = [np.full(2, np.datetime64("NaT", "ns"))]
    steps = PlannedSteps(("",), 2, times, ("promo",), frozenset({0}), np.full((2, 1), np.nan))
    entered = EnteredPlan()
    entered.show(steps)
    entered.remember(np.array([[1.0], [0.0]]))
    np.testing.assert_array_equal(entered.show(steps), [[1], [0]])
    assert steps.last_time is None
    entered.begin_newer_data()
    assert np.isnan(entered.show(steps)).all()


def test_bounds_of_bands_are_named_in_words(page, with_promotion):
    table = with_promotion.forecast_table(1, known=np.zeros((1, 1)))
    rows = page.table.rows
    day = np.array(["2024-03-21"], "datetime64[ns]")
    rows.show_steps(("",), 1, [day], "D", np.zeros((1, 1)), planned=("promo",), switches=())
    rows.show_values(table.assign(lower_80=1.0, upper_80=3.0))
    headers = [rows.headerData(i, Qt.Orientation.Horizontal) for i in range(rows.columnCount())]
    assert headers == ["step", "time", "promo", "sales", "80 % lower", "80 % upper"]
