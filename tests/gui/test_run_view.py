"""The view computes free-running forecasts where the user asks for them."""

from __future__ import annotations

import numpy as np
import pytest

from tests.gui.driving import shown_page, start_training, train, wait_until_ended
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
    view.prepare()
    view.prepare()
    qtbot.waitUntil(lambda: view._builder is not None)
    assert view._pages is None
    window.appearance.scheme = "dark"
    pages = view.pages
    names = ["loss", "accuracy", "echo", "forecast", "multi_step", "by_step", "predicted_true", "confusion"]
    assert list(pages.live.plots) == [*names, "sequences", "roc", "precision_recall"]
    assert {
        plot.theme.dark
        for plot in (*pages.live.plots.values(), pages.data.chart, pages.data.sequences, pages.forecast.chart)
    } == {True}
    assert [pages.tabText(i) for i in range(pages.count())] == ["Data", "Live", "Result", "Forecast", "New data"]
    qtbot.wait(100)  # the timer of the preparation does nothing any more
    assert view.pages is pages


@pytest.mark.parametrize("kind", ["data", "training", "run", "run, then data", "data, then start page"])
def test_what_is_chosen_before_the_pages_exist_is_shown_once_they_do(qtbot, studio, fresh_airline, kind):
    window = studio(ScriptedTrain(chunks=100_000))
    view = window.view
    if "run" in kind:
        view.show_run(fresh_airline())
    if "training" in kind:
        window.train()
    if "data" in kind:
        window.panel.form.begin("airline")
    if "start page" in kind:
        window.show_start_page()
    assert view._pages is None  # what would block the window for a second waits
    qtbot.waitUntil(lambda: view._pages is not None)
    assert view.currentWidget() is (window.cards if "start page" in kind else view.pages)
    tab, run = view.pages.currentWidget(), view.run
    if "data" in kind:
        assert (tab, run) == (view.pages.data, None)
        assert len(view.pages.live.plots["loss"].to_frame()) == 0
    else:
        assert tab is view.pages.live
        assert (run is None) == (kind == "training")
    if kind.endswith("data"):
        assert "144" in shown_page(qtbot, window).summary
    if kind == "training":
        qtbot.waitUntil(lambda: len(view.pages.live.plots["loss"].to_frame()) > 0)
        window.controller.stop()
        wait_until_ended(qtbot, window)
    if kind == "run":
        assert view.pages.live.plots["loss"].to_frame()["update"].max() == 60


def test_the_plots_of_a_run_say_why_its_weights_are_the_final_ones_also_where_that_is_automatic(qtbot, studio):
    def resolved(experiment, *how):
        training = experiment.training.model_copy(update={"restore_best_weights": True})
        return ScriptedTrain()(experiment.model_copy(update={"training": training}), *how)

    window = studio(resolved)
    window.panel.form.begin("airline")
    train(qtbot, window)
    assert not window.panel.form.experiment.training.restore_best_weights
    assert window.view.pages.live.forecast.legend.texts[-1].startswith("After update 50 (best weights")
