"""The forecast page by itself."""

from __future__ import annotations

import pytest

from rnnstudio.gui.background import BackgroundThread
from rnnstudio.gui.forecast_page.page import ForecastPage
from rnnstudio.gui.theme import LIGHT


@pytest.fixture
def page(qtbot):
    thread = BackgroundThread()
    page = ForecastPage(thread, LIGHT)
    qtbot.addWidget(page)
    page.resize(1000, 500)
    page.show()
    yield page
    thread.close()
