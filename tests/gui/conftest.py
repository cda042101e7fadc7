"""The window's tests need no display: without one Qt draws into memory."""

from __future__ import annotations

import os

import pytest

if not os.environ.get("DISPLAY"):
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")


@pytest.fixture
def show(qtbot):
    """Makes a picture of a kind that has drawn a history."""
    from rnnstudio.gui.plots import PLOTS
    from rnnstudio.gui.theme import LIGHT
    from tests.gui.histories import chosen

    def make(kind, recipe, history=None, theme=LIGHT, size=(480, 260)):
        picture = PLOTS.get(kind)(theme)
        qtbot.addWidget(picture)
        picture.resize(*size)
        picture.begin(chosen(recipe))
        if history is not None:
            picture.show_history(history)
        picture.grab()
        return picture

    return make
