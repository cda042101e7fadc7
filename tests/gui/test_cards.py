"""The start page shows the recipes as cards."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtWidgets import QPushButton, QToolButton

from rnnstudio.core.catalog import sorted_recipes
from tests.gui.driving import button, wait_until_ended
from tests.gui.scripted import ScriptedTrain


def test_the_start_page_has_a_card_for_each_publication(studio):
    window = studio(ScriptedTrain())
    buttons = [b for b in window.cards.findChildren(QPushButton) if b.text() == "Train"]
    titles = [recipe.title for recipe in sorted_recipes() if not recipe.model_of]
    assert len(titles) == 7
    assert [b.accessibleName() for b in buttons] == [f"Train {title}" for title in titles]


def test_the_other_models_of_a_publication_are_a_menu_on_its_card(qtbot, studio):
    scripted = ScriptedTrain()
    window = studio(scripted)
    menu = next(b.menu() for b in window.cards.findChildren(QToolButton) if "Human activities" in b.accessibleName())
    assert [action.text() for action in menu.actions()][:2] == ["LSTM", "GRU"]
    menu.actions()[1].trigger()
    wait_until_ended(qtbot, window)
    assert [e.recipe for e in scripted.experiments] == ["har_gru"]
    assert window.panel.form.start == "har_gru"


def test_cards_form_one_column_where_there_is_no_room_for_two(qtbot, studio):
    window = studio(ScriptedTrain())
    for width, columns in ((1366, 2), (1000, 1)):
        window.resize(width, 700)
        buttons = [b for b in window.cards.findChildren(QPushButton) if b.text() == "Train"]
        qtbot.waitUntil(lambda b=buttons, n=columns: len({t.mapTo(window, t.rect().topLeft()).x() for t in b}) == n)
        qtbot.waitUntil(lambda: not window.cards.horizontalScrollBar().isVisible())


def test_a_recipe_without_an_image_has_a_card(studio, monkeypatch):
    monkeypatch.setattr("rnnstudio.gui.cards.resource", lambda name: Path("/nowhere"))
    window = studio(ScriptedTrain())
    assert button(window.cards, "Train").isVisible()
