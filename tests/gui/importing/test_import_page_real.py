"""A newcomer opens a shop's table on a real display and trains it, by clicks alone."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt, QTimer
from PySide6.QtWidgets import QApplication, QMenu

from rnnstudio.gui.main_window import MainWindow
from tests.gui.driving import button, wait_until_ended, wait_until_read
from tests.gui.scripted import ScriptedTrain


class Clicks:
    """Clicks widgets with the mouse, and counts."""

    def __init__(self, qtbot):
        self.qtbot, self.count = qtbot, 0

    def __call__(self, widget, position=None):
        self.count += 1
        self.qtbot.mouseClick(widget, Qt.MouseButton.LeftButton, pos=position or QPoint())


@pytest.mark.xvfb
def test_a_shop_is_trained_on_its_sales_with_the_promotion_as_input_in_six_clicks(qtbot, tmp_path, monkeypatch):
    rng = np.random.default_rng(0)
    lines = ["Datum;Umsatz;Aktion;Temperatur"]
    for i in range(400):
        numbers = f"{rng.uniform(300, 1900):.2f};{int(i % 7 < 2)};{rng.normal(9, 5):.1f}".replace(".", ",")
        lines.append(f"{date(2023, 1, 1) + timedelta(i):%d.%m.%Y};{numbers}")
    file = tmp_path / "shop_sales.csv"
    file.write_text("\n".join(lines) + "\n")
    scripted = ScriptedTrain()
    window = MainWindow(scripted, preload=False)
    qtbot.addWidget(window, before_close_func=lambda w: w.controller.close())
    window.resize(1366, 700)
    window.show()
    qtbot.waitExposed(window)
    click = Clicks(qtbot)

    monkeypatch.setattr("rnnstudio.gui.file_opening.QFileDialog.getOpenFileName", lambda *_: (str(file), ""))
    click(button(window.cards, "Open a file …"))
    click.count += 1  # the double-click on the file in the system's dialog
    page = window.opener.page
    wait_until_read(qtbot, page)
    assert page.isVisible()

    cell = page.columns.visualRect(page.columns.model().index(2, 1))
    click(page.columns.viewport(), cell.center())
    menu = QApplication.activePopupWidget()
    assert isinstance(menu, QMenu)
    action = next(a for a in menu.actions() if a.text() == "Input")
    click(menu, menu.actionGeometry(action).center())
    wait_until_read(qtbot, page)
    click(page.ok)
    click(button(window.banner, "Train"))
    wait_until_ended(qtbot, window)

    assert click.count <= 6
    [experiment] = scripted.experiments
    assert (experiment.data.target, experiment.data.features) == ("Umsatz", "Umsatz,Aktion")


@pytest.mark.xvfb
def test_the_window_answers_while_a_long_file_is_read(qtbot, tmp_path):
    file = tmp_path / "long.csv"
    row = "".join(f",{i}.25" for i in range(6))
    file.write_text("n,a,b,c,d,e,f\n" + "".join(f"{i % 1000}{row}\n" for i in range(600_000)))
    window = MainWindow(ScriptedTrain(), preload=False)
    qtbot.addWidget(window, before_close_func=lambda w: w.controller.close())
    window.show()
    qtbot.waitExposed(window)
    window.opener.open(str(file))
    page, shown, ticks = window.opener.page, [], []
    page.rows.model().modelReset.connect(lambda: shown.append(page.is_busy))
    timer = QTimer()
    timer.timeout.connect(lambda: ticks.append(1))
    timer.start(10)
    wait_until_read(qtbot, page)
    timer.stop()
    assert shown[0], "the first rows stand there before the whole file has been read"
    assert len(shown) >= 2
    assert len(ticks) > 10
    assert page.ok.isEnabled()
