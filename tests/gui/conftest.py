"""Fixtures of the tests of the window. Without a display, Qt draws into memory."""

from __future__ import annotations

import os

import pytest

if not os.environ.get("DISPLAY"):
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")


@pytest.fixture
def studio(qtbot, tmp_path, monkeypatch):
    """Opens a main window with a scripted `train`, an empty home and a screen of 1366 x 768.

    The fixture deletes the windows, and collects the garbage, at the end of the test. Otherwise the training thread of
    the next test could do it.
    """
    import gc

    import shiboken6
    from PySide6.QtCore import QRect
    from PySide6.QtGui import QScreen

    from rnnstudio.gui.main_window import MainWindow

    monkeypatch.setenv("RNNSTUDIO_HOME", str(tmp_path))
    monkeypatch.setattr(QScreen, "availableGeometry", lambda screen: QRect(0, 0, 1366, 768))

    windows: list[MainWindow] = []

    def open_with(train) -> MainWindow:
        window = MainWindow(train, preload=False)
        windows.append(window)
        window.show()
        qtbot.waitExposed(window)
        return window

    yield open_with
    for window in windows:
        window.controller.close()
        window.close()
        shiboken6.delete(window)
    windows.clear()
    gc.collect()


@pytest.fixture
def draw_plot(qtbot):
    """Return a function that creates a plot, draws a history, and returns the plot."""
    from rnnstudio.gui.plots import PLOTS
    from rnnstudio.gui.theme import LIGHT
    from tests.gui.histories import experiment_of

    def draw(name, kind, history=None, theme=LIGHT, size=(480, 260)):
        plot = PLOTS.get(name)(theme)
        qtbot.addWidget(plot)
        plot.resize(*size)
        plot.begin(experiment_of(kind))
        if history is not None:
            plot.show_history(history)
        plot.grab()
        return plot

    return draw
