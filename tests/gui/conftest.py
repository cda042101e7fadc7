"""The window's tests need no display: without one Qt draws into memory."""

from __future__ import annotations

import os

import pytest

if not os.environ.get("DISPLAY"):
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")


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
