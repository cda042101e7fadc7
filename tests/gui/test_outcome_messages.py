"""Runs that were not saved, diverged or ended out of sight are reported."""

from __future__ import annotations

from rnnstudio import api
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
