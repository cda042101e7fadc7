"""A shop owner forecasts the sales of the next 30 days in the real window, in 12 clicks, and types nothing but 30."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from shutil import copy

import numpy as np
import pandas as pd
import pytest
from PySide6.QtCore import QPoint, Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QComboBox, QFileDialog, QListView, QTableView, QTreeView, QWidget

from rnnstudio.gui.main_window import MainWindow
from tests.gui.driving import button

_LEFT, _NO_KEY = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
_PROMOTION = slice(2, 7)  # days of the plan


class Mouse:
    """Clicks, and remembers what was clicked."""

    def __init__(self) -> None:
        self.clicks: list[str] = []

    def click(self, widget: QWidget, what: str, at: QPoint | None = None) -> None:
        """Click a widget, in its centre unless a position is given."""
        assert widget.isVisible(), what
        assert widget.isEnabled(), what
        self.clicks.append(what)
        QTest.mouseClick(widget, _LEFT, _NO_KEY, widget.rect().center() if at is None else at)

    def drag(self, widget: QWidget, what: str, begin: QPoint, end: QPoint) -> None:
        """Press the mouse, move it and release it, which counts as one click."""
        self.clicks.append(what)
        QTest.mousePress(widget, _LEFT, _NO_KEY, begin)
        for at in (begin + (end - begin) / 2, end):
            QTest.mouseMove(widget, at)
        QTest.mouseRelease(widget, _LEFT, _NO_KEY, end)

    def click_tab(self, window: MainWindow, title: str) -> None:
        """Click a tab of the pages."""
        tabs = window.view.pages.tabBar()
        at = next(i for i in range(tabs.count()) if tabs.tabText(i).replace("&", "") == title)
        self.click(tabs, title, tabs.tabRect(at).center())

    def click_in_dialog(self, opener: QWidget, what: str, act: Callable[[QFileDialog], None]) -> None:
        """Click what opens a file dialog, which waits until the clicks in it have closed it."""

        def act_when_shown() -> None:
            dialog = QApplication.activeModalWidget()
            if isinstance(dialog, QFileDialog) and dialog.isVisible():
                act(dialog)
            else:
                QTimer.singleShot(50, act_when_shown)

        QTimer.singleShot(50, act_when_shown)
        self.click(opener, what)

    def choose_file(self, dialog: QFileDialog, file: Path) -> None:
        """Click a file in the folder that the dialog shows, and Open."""
        dialog.setDirectory(str(file.parent))  # where its owner keeps it
        views = dialog.findChild(QListView, "listView"), dialog.findChild(QTreeView, "treeView")
        view = next(view for view in views if view.isVisible())
        model, names = view.model(), list[str]()
        while file.name not in names:
            QTest.qWait(20)
            root = view.rootIndex()
            names = [str(model.index(i, 0, root).data()) for i in range(model.rowCount(root))]
        self.click(view.viewport(), file.name, view.visualRect(model.index(names.index(file.name), 0, root)).center())
        self.click(button(dialog, "&Open"), "Open")

    def save_as(self, dialog: QFileDialog, folder: Path, kind: str = "") -> None:
        """Choose the kind of file where one is given, and click Save."""
        dialog.setDirectory(str(folder))
        if kind:
            kinds = dialog.findChild(QComboBox, "fileTypeCombo")
            self.click(kinds, "kinds of files")
            QTest.qWait(QApplication.doubleClickInterval() + 100)  # in which Qt takes no click for a choice
            items = kinds.view()
            self.click(items.viewport(), kind, items.visualRect(items.model().index(kinds.findText(kind), 0)).center())
        self.click(button(dialog, "&Save"), "Save")


def box_at(table: QTableView, row: int, column: int) -> QPoint:
    """Return the position of the check box in a cell."""
    cell = table.visualRect(table.model().index(row, column))
    return QPoint(cell.left() + 10, cell.center().y())


@pytest.mark.xvfb
@pytest.mark.usefixtures("automatic_bands")
def test_a_month_with_a_promotion_and_bands_takes_12_clicks(qtbot, cases, tmp_path):
    file = Path(copy(cases / "shop_sales.csv", tmp_path))
    mouse = Mouse()
    window = MainWindow(preload=True)
    qtbot.addWidget(window, before_close_func=lambda w: w.controller.close())
    window.resize(1366, 768)
    window.show()
    qtbot.waitExposed(window)

    mouse.click_in_dialog(button(window.cards, "Open a file …"), "Open a file …", lambda d: mouse.choose_file(d, file))
    imported = window.opener.page
    qtbot.waitUntil(lambda: not imported.is_busy and imported.ok.isEnabled(), timeout=30_000)
    assert "Not used: Aktion." in imported.notes
    columns = imported.columns
    row = [columns.model().index(i, 0).data() for i in range(columns.model().rowCount())].index("Aktion")
    mouse.click(columns.viewport(), "use of Aktion", columns.visualRect(columns.model().index(row, 1)).center())
    menu = QApplication.activePopupWidget()
    known = next(action for action in menu.actions() if action.text() == "Known ahead")
    mouse.click(menu, "Known ahead", menu.actionGeometry(known).center())
    qtbot.waitUntil(lambda: not imported.is_busy and imported.ok.isEnabled(), timeout=30_000)
    assert "Not used" not in imported.notes
    mouse.click(imported.ok, "OK")
    mouse.click(button(window.panel, "Train"), "Train")
    qtbot.waitUntil(lambda: window.view.run is not None, timeout=400_000)
    run = window.view.run
    assert run.experiment.training.levels == [80, 95]
    window_field = window.panel.form.input("window").focusProxy()
    assert window_field.placeholderText() == f"automatic: {run.experiment.data.window}"

    page = window.view.pages.forecast
    window.activateWindow()  # as a window manager does when a dialog has closed
    qtbot.waitUntil(window.isActiveWindow)
    mouse.click_tab(window, "Forecast")
    mouse.click(page.controls.steps.lineEdit(), "Steps")
    qtbot.wait(20)
    QTest.keyClicks(page.controls.steps, "30")
    assert page.controls.steps.value() == 30
    rows, table = page.table.rows, page.table
    qtbot.waitUntil(lambda: rows.rowCount() == 30 and not page.is_busy, timeout=60_000)
    assert page.message.text.startswith("Aktion is empty in 30 of 30 rows.")
    assert page.controls.until.date().toPython().isoformat() == "2026-01-30"
    ends = [box_at(table, i, rows.first_planned) for i in (_PROMOTION.start, _PROMOTION.stop - 1)]
    mouse.drag(table.viewport(), "promotion", *ends)
    qtbot.waitUntil(lambda: page.result is not None and not page.is_busy, timeout=60_000)
    mouse.click_in_dialog(page.controls.save, "Save forecast …", lambda d: mouse.save_as(d, tmp_path))

    assert mouse.clicks == [
        "Open a file …", "shop_sales.csv", "Open", "use of Aktion", "Known ahead", "OK", "Train", "Forecast", "Steps",
        "promotion", "Save forecast …", "Save",
    ]  # fmt: skip
    assert len(mouse.clicks) <= 12
    plan = np.zeros((30, 1))
    plan[_PROMOTION] = 1
    saved = pd.read_csv(tmp_path / f"{run.name}-forecast.csv", parse_dates=["time"])
    assert list(saved["time"]) == list(pd.date_range("2026-01-01", periods=30))
    np.testing.assert_allclose(saved["Umsatz"], run.forecast(30, known=plan), rtol=1e-5)
    columns = ["lower_95", "lower_80", "Umsatz", "upper_80", "upper_95"]
    assert (np.diff(saved[columns].to_numpy(), axis=1) > 0).all()
    assert page.chart.legend.texts == ["Known", "Forecast", "80 % band", "95 % band"]
    drawn = page.chart.to_frame().tail(30)
    for name in columns:
        np.testing.assert_allclose(drawn[name], saved[name], rtol=1e-6)

    excel = "Excel (*.xlsx)"
    folder = tmp_path / "excel"
    folder.mkdir()
    mouse.click_in_dialog(page.controls.save, "Save forecast …", lambda d: mouse.save_as(d, folder, excel))
    again = pd.read_excel(folder / f"{run.name}-forecast.xlsx")
    np.testing.assert_allclose(again[columns], saved[columns], rtol=1e-6)
