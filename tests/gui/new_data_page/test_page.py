"""The page of new data shows and saves what `evaluate` returns; a file dropped on a run in the list is used on it."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent
from PySide6.QtWidgets import QFileDialog

import rnnstudio as rs
from rnnstudio.gui.background import BackgroundThread
from rnnstudio.gui.csv_dialog import KINDS
from rnnstudio.gui.new_data_page.page import NewDataPage
from rnnstudio.gui.run_list import RunList

pytestmark = pytest.mark.usefixtures("uncompiled")
TINY: dict[str, Any] = {"units": 4, "updates": 3, "window": 6, "verbose": 0, "task": "forecast", "target": "sales"}


def sales(rows: int = 80) -> pd.DataFrame:
    n = np.arange(rows)
    return pd.DataFrame({"day": pd.date_range("2024-01-01", periods=rows), "sales": 50 + 9 * np.sin(n / 3)})


@pytest.fixture
def page(qtbot):
    thread = BackgroundThread()
    page = NewDataPage(thread)
    qtbot.addWidget(page)
    page.show()
    yield page
    thread.close()


def test_predictions_metrics_and_what_cannot_be_read(qtbot, page, tmp_path, monkeypatch):
    run = rs.train(sales(), save=False, **TINY)
    assert not page.choose.isEnabled()
    page.show_run(run)
    sales(30).to_csv(tmp_path / "newer.csv", index=False)
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: (str(tmp_path / "newer.csv"), ""))
    qtbot.mouseClick(page.choose, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: not page.is_busy, timeout=30_000)
    expected = run.evaluate(tmp_path / "newer.csv")
    assert page.summary.text().startswith("newer.csv: 25 rows of predictions. Compared with the 24 true values")
    assert f"RMSE {expected.metrics['rmse']:.4g}" in page.summary.text()
    pd.testing.assert_frame_equal(page.result.table, expected.table)
    assert page.rows.index(0, 1).data() == "2024-01-06"
    headers = [page.rows.headerData(i, Qt.Orientation.Horizontal) for i in range(4)]
    assert headers == ["rows read", "last row read", "truth", "prediction"], "the truth is of the row after it"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(tmp_path / "saved"), KINDS["point"]))
    with qtbot.waitSignal(page.saved):
        page.save.click()
    again = pd.read_csv(tmp_path / "saved.csv")
    np.testing.assert_allclose(again["prediction"], expected.table["prediction"], rtol=1e-6)
    page.use(str(tmp_path / "none.csv"))
    qtbot.waitUntil(lambda: not page.is_busy, timeout=30_000)
    assert "none.csv" in page.summary.text()
    assert (page.rows.rowCount(), page.save.isEnabled()) == (0, False)
    page.set_training(True)
    page.use(str(tmp_path / "newer.csv"))
    assert page.summary.text() == "The run can be used on new data when the training has ended."


def test_a_file_is_dropped_on_a_run_in_the_list(qtbot, tmp_path, monkeypatch):
    monkeypatch.setenv("RNNSTUDIO_HOME", str(tmp_path))
    run = rs.train(sales(), save=True, **TINY)
    runs = RunList()
    qtbot.addWidget(runs)
    runs.resize(900, 200)
    runs.show()
    at = QPointF(runs.table.visualRect(runs.table.model().index(0, 0)).center())
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(tmp_path / "newer.csv"))])
    buttons, keys = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    with qtbot.waitSignal(runs.file_dropped) as dropped:
        runs.table.dropEvent(QDropEvent(at, Qt.DropAction.CopyAction, data, buttons, keys))
    assert dropped.args == [run.path, str(tmp_path / "newer.csv")]
