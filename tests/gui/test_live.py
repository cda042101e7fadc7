"""Which plots a run has, in which order, and which is shown first."""

from __future__ import annotations

import pytest

from rnnstudio.core.experiment import compose
from rnnstudio.gui.live import Live
from rnnstudio.gui.plots import PLOTS
from rnnstudio.gui.theme import LIGHT
from tests.gui.histories import ARRAYS


@pytest.fixture
def live(qtbot):
    widget = Live(LIGHT)
    qtbot.addWidget(widget)
    return widget


def tabs(live: Live) -> list[str]:
    return [live._tabs.tabText(i) for i in range(live._tabs.count())]


def test_plots_are_sorted_by_order(live):
    orders = [plot.order for plot in live.plots.values()]
    assert orders == sorted(orders)
    assert list(live.plots)[:2] == ["loss", "accuracy"]


@pytest.mark.parametrize(
    ("recipe", "changes", "titles", "first"),
    [
        ("echo", {}, ["Echo"], "Echo"),
        ("airline", {}, ["Prediction and truth"], "Prediction and truth"),
        ("machinery", {}, ["Prediction and truth", "Multi-step forecast"], "Multi-step forecast"),
        ("arrays", ARRAYS["multi_step"], ["Prediction and truth", "Multi-step forecast"], "Prediction and truth"),
        ("har", {}, ["Confusion matrix", "Sequences"], "Confusion matrix"),
        ("arrays", ARRAYS["classes"], ["Confusion matrix", "Sequences"], "Confusion matrix"),
    ],
)
def test_the_first_tab_is_the_recipes_plot_or_the_first_in_order(live, recipe, changes, titles, first):
    live.begin(compose(recipe, changes))
    assert tabs(live) == titles
    assert live.tab == first


def test_a_plot_that_is_the_default_for_an_experiment_is_shown_first(live, monkeypatch):
    monkeypatch.setattr(PLOTS.get("multi_step"), "default_for", classmethod(lambda cls, experiment: True))
    live.begin(compose("arrays", ARRAYS["multi_step"]))
    assert live.tab == "Multi-step forecast"
