"""The view computes free-running forecasts where the user asks for them."""

from __future__ import annotations

import numpy as np

from tests.gui.driving import start_training, train, wait_until_ended
from tests.gui.scripted import ScriptedTrain


def test_the_free_running_forecast_starts_where_the_slider_is(qtbot, studio, monkeypatch):
    window = studio(ScriptedTrain())
    window.panel.form.begin("airline")
    train(qtbot, window)
    calls = []

    def forecast(self, steps, start, series):
        calls.append((steps, start, series))
        return np.ones(steps, np.float32)

    monkeypatch.setattr(type(window.view.run), "forecast", forecast)
    window.view.pages.live.forecast.start_chosen.emit(50)
    qtbot.waitUntil(lambda: calls == [(94, 50, "")])


def test_no_forecast_is_computed_while_an_experiment_trains(qtbot, studio, monkeypatch):
    scripted = ScriptedTrain()
    window = studio(scripted)
    window.panel.form.begin("airline")
    train(qtbot, window)
    path, calls = window.view.run.path, []
    monkeypatch.setattr(type(window.view.run), "forecast", lambda *a: calls.append(a))
    scripted.chunks = 100_000
    start_training(qtbot, window)
    window.show_run(path)
    window.view.pages.live.forecast.start_chosen.emit(50)
    window.controller.stop()
    wait_until_ended(qtbot, window)
    assert calls == []


def test_pages_are_created_part_by_part_and_are_complete_whenever_they_are_needed(qtbot, studio):
    window = studio(ScriptedTrain())
    view = window.view
    view.prepare_pages()
    view.prepare_pages()
    assert view._pages is None
    window.appearance.scheme = "dark"
    pages = view.pages
    assert list(pages.live.plots) == ["loss", "accuracy", "echo", "forecast", "multi_step", "confusion", "sequences"]
    assert {plot.theme.dark for plot in (*pages.live.plots.values(), pages.data.chart, pages.data.sequences)} == {True}
    assert [pages.tabText(i) for i in range(pages.count())] == ["Data", "Live", "Result"]
    qtbot.wait(100)  # the timer of the preparation does nothing any more
    assert view.pages is pages
