"""The colour scheme is saved."""

from __future__ import annotations

from tests.gui.scripted import ScriptedTrain


def test_the_chosen_scheme_is_restored(studio):
    window = studio(ScriptedTrain())
    window.appearance.scheme = "dark"
    window.close()
    second = studio(ScriptedTrain())
    assert second.appearance.theme.dark
    second.appearance.scheme = "light"
    assert not second.appearance.theme.dark
