"""Interrupted runs are offered at the start, and any run can be trained further."""

from __future__ import annotations

import pytest
from PySide6.QtWidgets import QInputDialog, QLabel

import rnnstudio as rs
from rnnstudio import api
from rnnstudio.core.experiment import compose
from tests.gui.driving import click, wait_until_ended
from tests.interrupted import crashed, crashed_seeds


def shown(widget):
    return [label.text() for label in widget.findChildren(QLabel)]


SETTINGS = {"updates": 60, "units": 3, "evaluate_every": 3}


def test_an_interrupted_run_goes_on_with_one_click(qtbot, studio, home):
    folder = crashed("airline", **SETTINGS)
    window = studio(api.train_experiment)
    assert window.banner.text.startswith("The process of airline-1 ended before its training; updates saved: ")
    assert window.banner.text.endswith(" of 60.")
    click(qtbot, window.banner, "Continue")
    wait_until_ended(qtbot, window)
    whole = rs.train("airline", **SETTINGS, verbose=0, save=False)
    assert (window.view.run.name, window.view.run.outcome) == (folder.name, "completed")
    assert window.view.run.metrics == whole.metrics
    assert window.controller.history.loss.values.tobytes() == whole.record.loss.values.tobytes()
    assert [run["outcome"] for run in api.runs()] == ["completed"]


def test_an_interrupted_training_with_several_seeds_ends_with_its_group(qtbot, studio, home):
    crashed_seeds(compose("airline", SETTINGS), 3, in_run=1, after=10)
    window = studio(api.train_experiment)
    groups = []
    window.seeds.grouped.connect(groups.append)
    assert window.banner.text.startswith("The process of airline-3 ended before its training")
    click(qtbot, window.banner, "Continue")
    qtbot.waitUntil(lambda: bool(groups), timeout=60_000)
    whole = rs.train("airline", **SETTINGS, seeds=3, verbose=0, save=False)
    assert groups[0].seeds == [0, 1, 2]
    assert groups[0].metrics == whole.metrics
    assert [(row["group"], len(row["runs"]), row["untrained"]) for row in rs.groups()] == [("airline-seeds-1", 3, [])]


def test_a_group_with_seeds_that_are_left_goes_on_from_the_menu(qtbot, studio, home):
    crashed_seeds(compose("airline", SETTINGS), 2, in_run=1, after=None)
    for row in api.runs():
        if row["outcome"] == "interrupted":
            api.delete(row["path"])  # as where the process ended between two runs
    window = studio(api.train_experiment)
    groups = []
    window.seeds.grouped.connect(groups.append)
    window.opener.open("airline-seeds-1")
    assert "⚠ Seed 1 was not trained to its end: resume the group to go on with it." in shown(window.view.pages.result)
    assert window.menus.go_on.isEnabled()
    window.menus.go_on.trigger()
    qtbot.waitUntil(lambda: bool(groups), timeout=60_000)
    assert groups[0].seeds == [0, 1]
    assert groups[0].metrics == rs.train("airline", **SETTINGS, seeds=2, verbose=0, save=False).metrics
    qtbot.waitUntil(lambda: not window.menus.go_on.isEnabled())


def test_an_interrupted_run_is_kept_or_deleted(qtbot, studio, home):
    kept, deleted = crashed("toy", **SETTINGS), crashed("airline", **SETTINGS)
    window = studio(api.train_experiment)
    assert window.banner.text.startswith("The process of airline-1 ended")
    assert window.banner.text.endswith("Other interrupted runs: 1.")
    click(qtbot, window.banner, "Delete")
    assert not deleted.exists()
    assert window.banner.text.startswith("The process of toy-1 ended")
    click(qtbot, window.banner, "Keep as it is")
    assert window.banner.text == ""
    assert [(run["run"], run["outcome"]) for run in api.runs()] == [(kept.name, "stopped")]
    assert any("The process ended before" in warning for warning in rs.load(kept).warnings)
    assert rs.resume(kept, verbose=0).metrics == rs.train("toy", **SETTINGS, verbose=0, save=False).metrics


def test_an_interrupted_run_can_be_opened_and_trained_from_its_menu(qtbot, studio, home):
    crashed("toy", **SETTINGS)
    window = studio(api.train_experiment)
    window.show_run("toy-1")
    assert "interrupted" in shown(window.status)
    assert not any(text.endswith("left") for text in shown(window.status))
    window.menus.go_on.trigger()
    wait_until_ended(qtbot, window)
    assert "completed" in shown(window.status)


def test_a_complete_run_is_trained_further(qtbot, studio, home, monkeypatch: pytest.MonkeyPatch):
    run = rs.train("toy", **SETTINGS, verbose=0)
    window = studio(api.train_experiment)
    assert window.banner.text == ""
    assert not window.menus.go_on.isEnabled()
    window.show_run(run.name)
    assert window.menus.go_on.isEnabled()
    asked = []
    monkeypatch.setattr(QInputDialog, "getInt", lambda *arguments: asked.append(arguments) or (0, False))
    window.menus.go_on.trigger()
    assert not window.controller.running
    assert "toy-1 has done 60 updates" in asked[0][2]
    monkeypatch.setattr(QInputDialog, "getInt", lambda *arguments: (25, True))
    window.menus.go_on.trigger()
    wait_until_ended(qtbot, window)
    assert (window.view.run.name, window.view.run.record.step) == ("toy-1", 85)


def test_a_run_of_one_file_is_trained_further_in_the_file(qtbot, studio, home, tmp_path, monkeypatch):
    file = tmp_path / "mine.rnnrun"
    rs.train("toy", **SETTINGS, verbose=0, save=file)
    window = studio(api.train_experiment)
    window.show_run(str(file))
    monkeypatch.setattr(QInputDialog, "getInt", lambda *arguments: (25, True))
    window.menus.go_on.trigger()
    wait_until_ended(qtbot, window)
    assert (window.view.run.path, window.view.run.record.step) == (str(file), 85)
    assert api.load(file).record.step == 85
    assert api.runs() == []


def test_the_weights_of_an_interrupted_run_are_evaluated_when_it_is_opened(qtbot, studio, home):
    crashed("airline", after=30, updates=4000, units=3, evaluate_every=1000, patience=0)
    window = studio(api.train_experiment)
    window.show_run("airline-1")
    run = rs.load("airline-1")
    assert run.metrics == {}
    step = run.record.weights_step
    qtbot.waitUntil(
        lambda: window.view.pages.moments.shown is not None and window.view.pages.moments.shown.metrics != {},
        timeout=20_000,
    )
    assert window.view.pages.moments.shown.metrics == run.at(step).metrics
    plot = window.view.pages.live.forecast
    qtbot.waitUntil(lambda: any(f"fter update {step:,}" in text for text in plot.legend.texts), timeout=5_000)
