"""The window goes through the moments of a run, and back to its own weights."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from PySide6.QtCore import Qt

import rnnstudio as rs
from rnnstudio.core.errors import StoreError
from rnnstudio.results.run import Run
from tests.gui.driving import button, click, start_training, wait_until_ended
from tests.gui.scripted import ScriptedTrain

RNG = np.random.default_rng(2)
SERIES = pd.DataFrame({"day": pd.date_range("2024-01-01", periods=120), "sales": 50 + RNG.normal(size=120).cumsum()})
SETTINGS = {"window": 7, "units": 16, "learning_rate": 0.1, "updates": 60, "evaluate_every": 5, "levels": "none"}
SETTINGS |= {"patience": 0, "restore_best_weights": False, "linear_skip": False, "schedule": "constant", "verbose": 0}


def trained(folder: Path, **settings: Any) -> Run:
    SERIES.to_csv(folder / "sales.csv", index=False)
    run = rs.train(folder / "sales.csv", **{**SETTINGS, "val_fraction": 0.2, **settings})
    assert isinstance(run, Run)
    assert run.better_before is not None  # else this file shows nothing
    return run


@pytest.fixture
def window(studio, tmp_path):
    return studio(ScriptedTrain())


def show(qtbot, window, run: Run):
    window.show_run(run.path)
    moments = window.view.pages.moments
    qtbot.waitUntil(moments.bar.isVisible)
    return moments


def wait_for(qtbot, moments, step: int) -> None:
    qtbot.waitUntil(lambda: moments.shown.record.weights_step == step, timeout=30_000)


def drawn(window) -> np.ndarray:
    return window.view.pages.live.forecast.to_frame()["one_step"].to_numpy()


def test_the_slider_moves_the_plots_and_comes_back(qtbot, window, tmp_path):
    run = trained(tmp_path)
    moments = show(qtbot, window, run)
    own, live = drawn(window), window.view.pages.live
    assert moments.bar.slider.maximum() == len(run.kept_updates) - 1 == moments.bar.slider.value()
    moments.bar.slider.setFocus()
    qtbot.keyClick(moments.bar.slider, Qt.Key.Key_Home)
    qtbot.keyClick(moments.bar.slider, Qt.Key.Key_Right)
    wait_for(qtbot, moments, 5)
    expected = rs.train(tmp_path / "sales.csv", **{**SETTINGS, "val_fraction": 0.2, "updates": 5, "save": False})
    np.testing.assert_array_equal(drawn(window), expected.plot_table()["one_step"])
    assert not np.array_equal(drawn(window), own, equal_nan=True)
    assert live.plots["loss"].curves.moment_line.isVisible()
    assert live.plots["loss"].curves.moment_line.value() == 5
    assert len(live.plots["loss"].to_frame()) >= 60  # the whole curve
    text = f"validation RMSE {expected.metrics['val_rmse']:.4g}, test RMSE* {expected.metrics['test_rmse']:.4g}"
    assert moments.bar.shown.text() == f"After update 5 of 60: {text}"
    click(qtbot, moments.bar, "Go to &last")
    wait_for(qtbot, moments, 60)
    np.testing.assert_array_equal(drawn(window), own)
    assert not live.plots["loss"].curves.moment_line.isVisible()
    assert not button(moments.bar, "Go to &last").isEnabled()


def test_a_run_that_ends_worse_offers_its_best(qtbot, window, tmp_path):
    run = trained(tmp_path)
    moments = show(qtbot, window, run)
    sentence = run.better_before.sentence()
    assert sentence in run.conclusions
    assert moments.bar.shown.text() == f"After update 60 of 60 (last, weights of this run). {sentence}"
    pages = window.view.pages
    pages.setCurrentWidget(pages.result)
    click(qtbot, pages.result, "Go to best")
    assert pages.currentWidget() is pages.live
    wait_for(qtbot, moments, run.better_before.update)
    assert f"After update {run.better_before.update} of 60 (best): validation RMSE" in moments.bar.shown.text()
    assert "*" not in moments.bar.shown.text()


def test_without_a_validation_set_the_best_is_said_to_be_chosen_on_the_test_set_and_kept_with_a_mark(
    qtbot, window, tmp_path
):
    run = trained(tmp_path, val_fraction=0.0)
    moments = show(qtbot, window, run)
    assert "picks the weights on the test set" in moments.bar.best.toolTip()
    pages = window.view.pages
    pages.setCurrentWidget(pages.result)
    click(qtbot, pages.result, "Go to best, which picks on the test set")
    wait_for(qtbot, moments, run.better_before.update)
    assert "test RMSE* " in moments.bar.shown.text()
    assert "marked" in moments.bar.keep.toolTip()
    click(qtbot, moments.bar, "&Keep these weights")
    qtbot.waitUntil(lambda: "Saved as" in window.banner.text, timeout=10_000)
    rows = {row["run"]: row["chosen_on_test"] for row in rs.runs()}
    assert len(rows) == 2
    assert rows[run.name] is False
    click(qtbot, window.banner, "Show it")
    kept = window.view.run
    assert rows[kept.name] is True
    assert kept.record.weights_step == run.better_before.update
    assert "The best weights were chosen on the test set" in kept.footnote
    assert (
        {window.runs.model.index(row, 0).data() for row in range(2)} == set(rows)
        if hasattr(window.runs, "model")
        else True
    )


def test_a_run_without_other_moments_says_so(qtbot, window, tmp_path):
    run = trained(tmp_path)
    run.at(10).save()
    moments = show(qtbot, window, rs.load("latest"))
    assert not moments.bar.slider.isEnabled()
    assert "keeps no weights of earlier updates" in moments.bar.shown.text()


def test_nothing_is_evaluated_while_an_experiment_trains_and_a_new_training_hides_the_bar(qtbot, studio, tmp_path):
    run = trained(tmp_path)
    window = studio(ScriptedTrain(chunks=100_000))
    moments = show(qtbot, window, run)
    window.panel.form.begin("toy")
    start_training(qtbot, window)
    assert not moments.bar.isVisible()
    window.show_run(run.path)
    qtbot.waitUntil(moments.bar.isVisible)
    assert not moments.bar.slider.isEnabled()
    moments.go_to_best()  # as from the page Result
    assert "Other moments are shown when no experiment trains" in moments.bar.shown.text()
    window.controller.stop()
    wait_until_ended(qtbot, window)
    assert moments.bar.slider.isEnabled()
    wait_for(qtbot, moments, run.better_before.update)


def test_the_newest_position_is_shown_whatever_is_evaluated_meanwhile(qtbot, window, tmp_path, monkeypatch):
    run = trained(tmp_path)
    moments = show(qtbot, window, run)
    release, asked, at = threading.Event(), [], Run.at

    def slowly(self, step):
        asked.append(step)
        release.wait(10)
        return at(self, step)

    monkeypatch.setattr(Run, "at", slowly)
    for position in (1, 3, 7):
        moments.bar.slider.setValue(position)
    assert "evaluating" in moments.bar.shown.text()
    release.set()
    wait_for(qtbot, moments, run.kept_updates[7])
    assert asked == [run.kept_updates[1], run.kept_updates[7]]


def test_what_cannot_be_read_is_said_and_the_slider_goes_back(qtbot, window, tmp_path, monkeypatch):
    run = trained(tmp_path)
    moments = show(qtbot, window, run)

    def fail(self, step):
        raise StoreError("The weights after 5 updates cannot be read.")

    monkeypatch.setattr(Run, "at", fail)
    moments.bar.slider.setValue(1)
    qtbot.waitUntil(lambda: "cannot be read" in window.banner.text)
    assert moments.bar.slider.value() == moments.bar.slider.maximum()


def test_without_the_data_the_plots_stay_and_it_is_said_why(qtbot, window, tmp_path):
    run = trained(tmp_path)
    moments = show(qtbot, window, run)
    own = drawn(window)
    (tmp_path / "sales.csv").unlink()
    moments.bar.slider.setValue(2)
    wait_for(qtbot, moments, run.kept_updates[2])
    np.testing.assert_array_equal(drawn(window), own)
    assert "Only metrics of an evaluation in the training are known" in moments.bar.shown.text()
