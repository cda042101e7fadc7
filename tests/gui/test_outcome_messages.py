"""Runs that were not saved, diverged or ended out of sight are reported."""

from __future__ import annotations

from rnnstudio import api
from rnnstudio.core.events import NotSaved
from tests.gui.driving import click, start_training, train, wait_until_ended
from tests.gui.scripted import ScriptedTrain


def test_divergence_offers_a_smaller_learning_rate(qtbot, studio):
    scripted = ScriptedTrain(diverges=True)
    window = studio(scripted)
    train(qtbot, window)
    assert "NaN" in window.banner.text
    scripted.diverges = False
    click(qtbot, window.banner, "Try learning rate 0.03")
    wait_until_ended(qtbot, window)
    assert [e.training.learning_rate for e in scripted.experiments] == [0.3, 0.03]


def test_a_run_that_could_not_be_saved_can_be_saved_elsewhere(qtbot, studio, tmp_path, monkeypatch):
    window = studio(ScriptedTrain(saves=False))
    train(qtbot, window)
    assert "could not be saved" in window.banner.text
    elsewhere = tmp_path / "elsewhere"
    monkeypatch.setattr("rnnstudio.gui.file_saving.QFileDialog.getSaveFileName", lambda *_: (str(elsewhere), ""))
    click(qtbot, window.banner, "Save as …")
    assert api.load(elsewhere).outcome == "completed"


def test_a_training_that_ends_while_another_run_is_shown_is_reported(qtbot, studio):
    scripted = ScriptedTrain()
    window = studio(scripted)
    train(qtbot, window)
    first, scripted.chunks = window.view.run.path, 100_000
    start_training(qtbot, window)
    window.show_run(first)
    window.controller.stop()
    wait_until_ended(qtbot, window)
    assert window.view.run.path == first
    assert window.banner.text == "echo-2 has ended: stopped."
    click(qtbot, window.banner, "Show it")
    assert window.view.run.name == "echo-2"
    assert window.view.run.record.step == window.controller.history.step


def test_a_training_that_cannot_be_saved_says_so_until_it_is_saved_again(qtbot, studio):
    scripted = ScriptedTrain(chunks=100_000)
    window = studio(scripted)
    start_training(qtbot, window)
    history, sentence = window.controller.history, NotSaved("No space left on device", "Free some space").text

    def state() -> str:
        return window.status._labels["state"].text()

    history.apply(NotSaved("No space left on device", "Free some space"))
    qtbot.waitUntil(lambda: window.banner.text == sentence)
    assert state() == "training, not saved: No space left on device"
    assert sentence in window.status._labels["state"].toolTip()
    history.apply(NotSaved(""))
    qtbot.waitUntil(lambda: not window.banner.text)
    assert (state(), window.status._labels["state"].toolTip()) == ("training", "")
    history.apply(NotSaved("a reason " * 100))
    qtbot.waitUntil(lambda: "a reason" in state())
    assert len(state()) < 80, "the other texts and a narrow window keep their room"
    window.banner.hide()
    seen = scripted.emitted
    qtbot.waitUntil(lambda: scripted.emitted > seen + 20)
    assert not window.banner.text, "a message that was closed does not come back"
    window.controller.stop()
    wait_until_ended(qtbot, window)
    assert (window.banner.text, state()) == ("", "stopped")
