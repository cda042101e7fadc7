"""The main window, driven as a user drives it, with a scripted `train` behind it."""

from __future__ import annotations

import threading

import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent
from PySide6.QtWidgets import QMessageBox, QPushButton

from rnnstudio import api
from rnnstudio.core.errors import SettingError
from tests.gui.driving import button, click, start_training, train, type_into, wait_until_ended, wait_until_read
from tests.gui.scripted import ScriptedTrain


def test_one_click_on_a_card_trains(qtbot, studio):
    scripted = ScriptedTrain()
    window = studio(scripted)
    first_card = next(b for b in window.cards.findChildren(QPushButton) if b.text() == "Train")
    qtbot.mouseClick(first_card, Qt.MouseButton.LeftButton)
    wait_until_ended(qtbot, window)
    assert [e.recipe for e in scripted.experiments] == ["echo"]
    assert window.view.pages.isVisible()
    assert window.view.run.outcome == "completed"


def test_a_card_shows_its_settings_first(qtbot, studio):
    window = studio(ScriptedTrain())
    window.cards.show_settings.emit("airline")
    assert window.panel.form.start == "airline"
    assert not window.controller.running


def test_stop_saves_the_run(qtbot, studio):
    window = studio(ScriptedTrain(chunks=100_000))
    click(qtbot, window.panel, "Train")
    qtbot.waitUntil(lambda: window.controller.history.step > 20)
    click(qtbot, window.panel, "Stop")
    wait_until_ended(qtbot, window)
    assert window.view.run.outcome == "stopped"
    assert [r["outcome"] for r in api.runs()] == ["stopped"]


def test_a_setting_that_does_not_suit_the_data_is_marked_and_named_by_its_label(qtbot, studio):
    error = SettingError("learning_rate must suit batch_size; received 0.3.", "learning_rate")
    window = studio(ScriptedTrain(error=error))
    train(qtbot, window)
    message = "Learning rate must suit Batch size; received 0.3."
    editor = window.panel.form.input("learning_rate").focusProxy()
    assert window.banner.text == message
    assert editor.property("invalid") is True
    assert editor.toolTip() == message


def test_an_unexpected_error_is_a_message_and_its_traceback_is_logged(qtbot, studio, tmp_path):
    window = studio(ScriptedTrain(error=ZeroDivisionError("no idea")))
    train(qtbot, window)
    assert window.banner.text.startswith("The training failed unexpectedly: no idea. The details are in ")
    assert "Traceback" not in window.banner.text
    assert "ZeroDivisionError" in (tmp_path / "studio.log").read_text()
    assert button(window.panel, "Train").isEnabled()


@pytest.mark.parametrize(
    ("error", "message"),
    [
        (
            SettingError("start must be 12 or more.", "start"),
            "The forecast failed: start must be 12 or more.",
        ),
        (ZeroDivisionError("no idea"), "The forecast failed unexpectedly: no idea. The details are in "),
    ],
)
def test_a_forecast_that_fails_is_not_called_a_training(qtbot, studio, monkeypatch, error, message):
    window = studio(ScriptedTrain())
    window.panel.form.begin("airline")
    train(qtbot, window)

    def fail(self, *arguments, **options):
        raise error

    monkeypatch.setattr(type(window.view.run), "forecast", fail)
    window.view.pages.live.forecast.start_chosen.emit(50)
    qtbot.waitUntil(lambda: window.banner.text.startswith(message))


def test_a_saved_run_opens_with_its_settings(qtbot, studio):
    window = studio(ScriptedTrain())
    type_into(window, "units", "9")
    train(qtbot, window)
    path = window.view.run.path
    window.panel.form.begin("airline")
    window.runs.chosen.emit(path)
    assert window.view.run.path == path
    assert window.panel.form.experiment.model.units == 9
    assert window.panel.form.start == "echo"
    assert window.view.run.record.step == 50


def test_another_run_can_be_opened_while_one_trains(qtbot, studio):
    scripted = ScriptedTrain()
    window = studio(scripted)
    train(qtbot, window)
    first = window.view.run.path
    scripted.chunks = 100_000
    start_training(qtbot, window)
    window.show_run(first)
    assert window.view.run.path == first
    step = window.controller.history.step
    qtbot.waitUntil(lambda: window.controller.history.step > step)
    click(qtbot, window.banner, "Back to the training")
    assert window.view.run is None
    window.controller.stop()
    wait_until_ended(qtbot, window)


def test_while_one_experiment_trains_another_cannot_start(qtbot, studio):
    scripted = ScriptedTrain(chunks=100_000)
    window = studio(scripted)
    start_training(qtbot, window)
    window.show_start_page()
    window.cards.train.emit("airline")
    assert window.banner.text == "An experiment is training. Stop it before you train another one."
    assert window.panel.form.start == "echo"
    click(qtbot, window.banner, "Show it")
    assert window.view.pages.isVisible()
    window.controller.stop()
    wait_until_ended(qtbot, window)
    assert len(scripted.experiments) == 1


def test_closing_while_training_asks_and_saves_the_run(qtbot, studio, monkeypatch):
    window = studio(ScriptedTrain(chunks=100_000))
    start_training(qtbot, window)
    answers = iter(["Continue training", "Stop and save"])

    def answer(box: QMessageBox) -> int:
        text = next(answers)
        next(b for b in box.buttons() if b.text() == text).click()
        return 0

    monkeypatch.setattr(QMessageBox, "exec", answer)
    assert not window.close()
    assert window.controller.running
    assert window.close()
    assert [t.name for t in threading.enumerate() if t.name == "training"] == []
    assert [r["outcome"] for r in api.runs()] == ["stopped"]


def test_a_dropped_table_is_ready_to_train(qtbot, studio, tmp_path):
    window = studio(ScriptedTrain())
    file = tmp_path / "beer.csv"
    file.write_text("day,sales\n" + "\n".join(f"{i},{100 + i % 7}" for i in range(200)) + "\n")
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(file))])
    pressed = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    window.dropEvent(QDropEvent(QPointF(5, 5), Qt.DropAction.CopyAction, mime, *pressed))
    wait_until_read(qtbot, window.opener.page)
    window.opener.page.accept()
    assert window.panel.form.experiment.data.file == str(file)
    assert window.panel.form.experiment.data.target == "sales"
    assert "200 rows" in window.banner.text


def test_a_message_disappears_when_something_else_is_shown(qtbot, studio):
    window = studio(ScriptedTrain())
    train(qtbot, window)
    path = window.view.run.path
    for action in (window.show_start_page, lambda: window.show_run(path), window.train):
        window.banner.show_message("an old message")
        action()
        assert window.banner.text == ""
    wait_until_ended(qtbot, window)


def test_a_home_that_cannot_be_written_is_reported_at_once(studio, tmp_path, monkeypatch):
    (tmp_path / "file").write_text("in the way")
    monkeypatch.setenv("RNNSTUDIO_HOME", str(tmp_path / "file" / "home"))
    window = studio(ScriptedTrain())
    assert "Nothing can be saved in" in window.banner.text
    assert "Not a directory" in window.banner.text


def test_the_window_fits_a_small_screen(qtbot, studio):
    window = studio(ScriptedTrain())
    train(qtbot, window)
    hint = window.minimumSizeHint()
    assert hint.width() <= 1366
    assert hint.height() <= 720
