"""Several seeds in the window: the trainings follow each other, and their group has a table and a place in the list."""

from __future__ import annotations

import shutil
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QTableWidget

from rnnstudio import api
from rnnstudio.core.errors import StoreError
from tests.gui.driving import click, wait_until_ended
from tests.gui.scripted import ScriptedTrain


def train_seeds(qtbot, window, count, recipe="airline"):
    window.panel.form.begin(recipe)
    window.panel.seeds.setValue(count)
    window.made = []
    window.seeds.grouped.connect(window.made.append)
    click(qtbot, window.panel, "Train")


def wait_for_group(qtbot, window):
    """Wait until the group of a training is saved and shown, or offered."""
    qtbot.waitUntil(
        lambda: bool(window.made) and any(name.startswith("airline-seeds") for name in listed(window)), timeout=20_000
    )


def listed(window):
    model = window.runs.table.model()
    return [model.data(model.index(row, 0)) for row in range(model.rowCount())]


def texts(page):
    return " ".join(label.text() for label in page.findChildren(QLabel))


def test_three_seeds_are_trained_one_after_the_other_and_their_table_is_shown(qtbot, studio):
    scripted = ScriptedTrain()
    window = studio(scripted)
    train_seeds(qtbot, window, 3)
    wait_for_group(qtbot, window)
    assert [experiment.seed for experiment in scripted.experiments] == [0, 1, 2]
    assert [experiment.data_seed for experiment in scripted.experiments] == [-1, 0, 0]
    assert listed(window) == ["airline-seeds-1", "airline-3", "airline-2", "airline-1"]
    assert window.view.run is None  # no single run, whose script or history could be exported
    assert not window.menus.save_run.isEnabled()
    result = window.view.pages.result
    assert window.view.pages.currentWidget() is result
    assert "airline-seeds-1 – 3 runs that differ by seed" in texts(result)
    assert (
        "Mean over 3 seeds: Test RMSE* 50 thousand passengers is 11% worse than repeating the last value (45). "
        "None of the 3 is better."
    ) in texts(result)
    [table] = result.findChildren(QTableWidget)
    first = [table.item(row, 0).text() for row in range(table.rowCount())]
    assert first == [
        "Seed 0", "Seed 1", "Seed 2", "Mean", "Standard deviation", "Minimum", "Maximum", "Baseline: naive last value"
    ]  # fmt: skip
    assert table.item(3, 4).text() == "50"
    assert table.item(4, 4).text() == "0"
    assert window.status._part == ""


def test_a_group_opens_from_the_list_with_the_settings_of_its_first_run(qtbot, studio):
    window = studio(ScriptedTrain())
    train_seeds(qtbot, window, 2)
    wait_for_group(qtbot, window)
    window.show_start_page()
    window.runs.chosen.emit(api.groups()[0]["path"])
    assert "airline-seeds-1" in texts(window.view.pages.result)
    assert window.panel.form.experiment.seed == 0
    assert window.view.pages.forecast.run.name == "airline-seeds-1"
    assert window.view.predictor is window.view.pages.forecast.run
    menus = window.menus
    assert all(action.isEnabled() for action in (menus.export_predictions, menus.backtest, menus.new_data))
    assert not any(action.isEnabled() for action in (menus.save_run, menus.export_history, menus.export_python))
    shutil.rmtree(api.load("airline-2").path)
    window.runs.reload()
    window.runs.chosen.emit(api.groups()[0]["path"])
    assert "1 of the 2 runs of this group does not exist any more" in texts(window.view.pages.result)


def test_a_group_with_a_damaged_run_opens_with_the_others(qtbot, studio):
    window = studio(ScriptedTrain())
    train_seeds(qtbot, window, 2)
    wait_for_group(qtbot, window)
    (Path(api.load("airline-2").path) / "run.json").write_text("[]")
    window.runs.reload()
    row = next(row for row in window.runs._model.runs if row["run"] == "airline-seeds-1")
    assert row["outcome"] == "mean of 1 of 2 seeds, 1 damaged"
    window.runs.chosen.emit(row["path"])
    page = window.view.pages.result
    assert "1 of 2 runs that differ by seed" in texts(page)
    assert "airline-2" in texts(page)
    assert "⚠ airline-2 (seed 1) cannot be read: mean, spread" in texts(page)
    [table] = [own for own in page.findChildren(QTableWidget) if own.accessibleName() == "Runs that differ by seed"]
    assert [table.item(1, j).text() for j in range(4)] == ["Seed 1", "airline-2", "damaged", "–"]


def test_stop_keeps_the_group_of_the_finished_runs(qtbot, studio):
    scripted = ScriptedTrain()

    def train(experiment, emit, should_stop, group):
        scripted.chunks = 100_000 if len(scripted.experiments) == 2 else 5
        return scripted(experiment, emit, should_stop, group)

    window = studio(train)
    train_seeds(qtbot, window, 5)
    qtbot.waitUntil(lambda: len(scripted.experiments) == 3 and window.controller.history.step > 20, timeout=10_000)
    assert window.status._part == "run 3 of 5"
    click(qtbot, window.panel, "Stop")
    wait_for_group(qtbot, window)
    assert len(scripted.experiments) == 3
    [group] = api.groups()
    assert group["seeds"] == [0, 1]
    assert "The training was stopped when 2 of 5 seeds were finished" in texts(window.view.pages.result)


def test_closing_the_window_trains_no_further_seed(qtbot, studio, monkeypatch):
    scripted = ScriptedTrain(chunks=100_000)
    window = studio(scripted)
    monkeypatch.setattr("rnnstudio.gui.dialogs.confirm_stop", lambda parent: True)
    train_seeds(qtbot, window, 4)
    qtbot.waitUntil(lambda: window.controller.history.step > 20)
    window.close()
    assert not window.controller.running
    assert len(scripted.experiments) == 1


def test_another_run_that_is_shown_stays_and_the_group_is_offered(qtbot, studio):
    scripted = ScriptedTrain()
    window = studio(scripted)
    train_seeds(qtbot, window, 1)
    wait_until_ended(qtbot, window)
    old = window.view.run
    scripted.chunks, scripted.pace = 30, 0.01
    train_seeds(qtbot, window, 2)
    qtbot.waitUntil(lambda: window.controller.history.step > 20)
    window.show_run(old.path)
    wait_for_group(qtbot, window)
    assert window.view.run.name == old.name
    qtbot.waitUntil(lambda: "seeds" in window.banner.text)
    assert window.banner.text == "airline-seeds-1 has ended: 2 runs that differ by seed."
    click(qtbot, window.banner, "Show it")
    assert "airline-seeds-1" in texts(window.view.pages.result)


def test_a_failed_training_ends_the_group(qtbot, studio):
    scripted = ScriptedTrain()
    window = studio(scripted)
    train_seeds(qtbot, window, 3)
    qtbot.waitUntil(lambda: len(scripted.experiments) == 1)
    scripted.error = ValueError("no idea")
    wait_until_ended(qtbot, window)
    qtbot.waitUntil(lambda: not window.controller.running and window.seeds._plan is None, timeout=10_000)
    assert len(scripted.experiments) <= 2
    scripted.error = None
    window.panel.seeds.setValue(1)
    window.train()
    wait_until_ended(qtbot, window)
    assert window.view.run.outcome == "completed"


def test_the_number_of_seeds_is_reached_by_the_keyboard_and_says_what_it_is(studio):
    window = studio(ScriptedTrain())
    seeds = window.panel.seeds
    assert seeds.accessibleName() == "Number of seeds"
    assert seeds.focusPolicy() & Qt.FocusPolicy.TabFocus
    assert (seeds.minimum(), seeds.maximum(), seeds.value()) == (1, 1000, 1)


def test_a_group_opens_by_its_folder_and_by_its_name(qtbot, studio):
    window = studio(ScriptedTrain())
    train_seeds(qtbot, window, 2)
    wait_for_group(qtbot, window)
    for name in (api.groups()[0]["path"], "airline-seeds-1"):
        window.view.show_run(api.load("airline-1"))
        window.opener.open(name)
        assert "airline-seeds-1" in texts(window.view.pages.result)


def test_a_group_that_could_not_be_saved_says_why(qtbot, studio, monkeypatch):
    def full(*arguments, **options):
        raise StoreError("The group could not be saved in /somewhere: No space left on device.")

    monkeypatch.setattr("rnnstudio.results.run_group.save_group", full)
    monkeypatch.setattr("rnnstudio.results.group_training.save_group", full)
    window = studio(ScriptedTrain())
    train_seeds(qtbot, window, 2)
    qtbot.waitUntil(lambda: "The group could not be saved" in window.banner.text, timeout=20_000)
