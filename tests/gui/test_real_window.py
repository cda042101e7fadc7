"""The whole product once: the real window on a real display server, real clicks, real training."""

from __future__ import annotations

import pytest
from PySide6.QtGui import QFontDatabase, QGuiApplication
from PySide6.QtWidgets import QWidget

from rnnstudio import api
from rnnstudio.gui.main_window import MainWindow
from tests.gui.driving import click


def count_colours(widget: QWidget) -> int:
    """Return how many colours a widget shows: one for an empty plot."""
    image = widget.grab().toImage()
    return len({image.pixel(x, y) for x in range(0, image.width(), 3) for y in range(0, image.height(), 3)})


@pytest.mark.xvfb
def test_a_newcomer_trains_stops_and_opens_the_run_again(qtbot):
    assert QGuiApplication.platformName() == "xcb"
    assert QFontDatabase.families(), "without fonts every letter is an empty box"
    window = MainWindow(preload=True)
    qtbot.addWidget(window, before_close_func=lambda w: w.controller.close())
    window.resize(1366, 700)
    window.show()
    qtbot.waitExposed(window)

    click(qtbot, window.cards, "Train")
    qtbot.waitUntil(lambda: window.controller.history.step > 6000, timeout=60_000)
    echo = window.view.pages.live.plots["echo"]
    assert echo.isVisible()
    assert count_colours(echo) > 10
    assert count_colours(window.view.pages.live.plots["loss"]) > 10

    click(qtbot, window.panel, "Pause")
    qtbot.wait(500)
    step = window.controller.history.step
    qtbot.wait(300)
    assert window.controller.history.step == step
    click(qtbot, window.panel, "Resume")
    qtbot.waitUntil(lambda: window.controller.history.step > step, timeout=10_000)

    click(qtbot, window.panel, "Stop")
    qtbot.waitUntil(lambda: not window.controller.running, timeout=10_000)
    assert window.view.run.outcome == "stopped"
    assert window.view.run.record.step == window.controller.history.step
    assert window.view.run.metrics["train_loss"] < 0.69

    window.panel.form.begin("airline", units=8, updates=100)
    click(qtbot, window.panel, "Train")
    qtbot.waitUntil(
        lambda: window.view.run is not None and window.view.run.experiment.recipe == "airline", timeout=60_000
    )
    forecast = window.view.pages.live.forecast
    assert forecast.isVisible()
    assert count_colours(forecast) > 10

    [airline, stopped] = api.runs()
    window.show_run(stopped["path"])
    assert echo.isVisible()
    assert window.panel.form.experiment == window.view.run.experiment
    window.show_run(airline["path"])
    assert window.view.run.forecast(20).shape == (20,)
