"""The whole product once: the real window on a real display server, real clicks, real training."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QFontDatabase, QGuiApplication
from PySide6.QtWidgets import QPushButton

from rnnstudio import api
from rnnstudio.gui.main_window import MainWindow


def press(qtbot, widget, text):
    found = next(b for b in widget.findChildren(QPushButton) if b.text() == text and b.isVisible())
    qtbot.mouseClick(found, Qt.MouseButton.LeftButton)


def colours(widget) -> int:
    """How many different colours a picture shows: one for an empty one."""
    image = widget.grab().toImage()
    return len({image.pixel(x, y) for x in range(0, image.width(), 3) for y in range(0, image.height(), 3)})


@pytest.mark.xvfb
def test_a_newcomer_trains_the_echo_stops_it_and_comes_back_to_it(qtbot):
    assert QGuiApplication.platformName() == "xcb"
    assert QFontDatabase.families(), "without fonts every letter is an empty box"
    window = MainWindow(preload=True)
    qtbot.addWidget(window, before_close_func=lambda w: w.controller.close())
    window.resize(1366, 700)
    window.show()
    qtbot.waitExposed(window)

    press(qtbot, window.cards, "Train")
    qtbot.waitUntil(lambda: window.controller.history.step > 3000, timeout=60_000)
    echo = window.pages.live.plots["echo"]
    assert echo.isVisible()
    assert colours(echo) > 10
    assert colours(window.pages.live.plots["loss"]) > 10

    press(qtbot, window.panel, "Pause")
    qtbot.wait(500)
    held = window.controller.history.step
    qtbot.wait(300)
    assert window.controller.history.step == held
    press(qtbot, window.panel, "Resume")
    qtbot.waitUntil(lambda: window.controller.history.step > held, timeout=10_000)

    press(qtbot, window.panel, "Stop")
    qtbot.waitUntil(lambda: not window.controller.running, timeout=10_000)
    assert window.run.outcome == "stopped"
    assert window.run.record.step == window.controller.history.step
    assert window.run.metrics["train_loss"] < 0.69

    window.panel.form.begin("airline", units=8, updates=100)
    press(qtbot, window.panel, "Train")
    qtbot.waitUntil(lambda: window.run is not None and window.run.experiment.recipe == "airline", timeout=60_000)
    forecast = window.pages.live.forecast
    assert forecast.isVisible()
    assert colours(forecast) > 10

    [airline, stopped] = api.runs()
    window.show_run(stopped["path"])
    assert echo.isVisible()
    assert window.panel.form.experiment == window.run.experiment
    window.show_run(airline["path"])
    told = window.run.forecast(20)
    assert told.shape == (20,)
