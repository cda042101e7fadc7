"""Which plots a run has, in which order, and how they are connected with each other and with the training."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel

from rnnstudio.core.experiment import compose
from rnnstudio.gui.live import Live
from rnnstudio.gui.plots import PLOTS
from rnnstudio.gui.theme import LIGHT
from tests.gui.driving import train_classes, wait_until_ended
from tests.gui.histories import ARRAYS
from tests.gui.scripted import ScriptedTrain

BY_STEP = "Error by step ahead"


@pytest.fixture
def live(qtbot):
    widget = Live({kind.name: kind(LIGHT) for kind in sorted(PLOTS, key=lambda kind: kind.order)})
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
        ("machinery", {}, ["Prediction and truth", "Multi-step forecast", BY_STEP], "Multi-step forecast"),
        (
            "arrays",
            ARRAYS["multi_step"],
            ["Prediction and truth", "Multi-step forecast", BY_STEP],
            "Prediction and truth",
        ),
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


def test_a_cell_of_the_confusion_matrix_opens_its_sequences(qtbot, studio):
    window = studio(ScriptedTrain())
    train_classes(qtbot, window)
    live = window.view.pages.live
    assert live.confusion.isVisible()
    qtbot.wait(200)  # until the plots are laid out
    matrix, canvas = live.confusion.matrix, live.confusion.canvas
    position = canvas.mapFromScene(matrix.mapToScene(matrix.arrangement.box((0, 1)).center()))
    qtbot.mouseMove(canvas.viewport(), position)
    qtbot.mouseClick(canvas.viewport(), Qt.MouseButton.LeftButton, pos=position)
    assert live.sequences.isVisible()
    assert live.sequences.browser.range_label.text() == "1–2 of 2"
    assert window.focusWidget() is live.sequences
    qtbot.keyClick(window.focusWidget(), Qt.Key.Key_Escape)
    assert live.sequences.browser.range_label.text().endswith("of 30")
    assert matrix.selected is None


def test_the_confusion_matrix_follows_the_training(qtbot, studio):
    window = studio(ScriptedTrain(chunks=100_000))
    window.panel.form.show_experiment(compose("arrays", {"task": "classify"}))
    window.train()
    live = window.view.pages.live
    qtbot.waitUntil(lambda: live.confusion.message == "" and window.controller.history.step > 100)
    text = live.confusion.legend.texts[-1]
    qtbot.waitUntil(lambda: live.confusion.legend.texts[-1] != text)
    window.controller.stop()
    wait_until_ended(qtbot, window)
    assert f"after update {window.controller.history.step}" in live.confusion.legend.texts[-1].replace(",", "")


def test_the_curves_of_evaluations_are_called_after_what_the_network_predicts(live):
    for task, title in (("classify", "Accuracy"), ("forecast", "Error")):
        live.begin(compose("arrays", {"task": task}))
        headings = [label.text() for label in live._panels["accuracy"].findChildren(QLabel)]
        assert f"<b>{title}</b>" in headings
