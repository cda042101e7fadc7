"""The window, driven as a user drives it, with a scripted `train` behind it."""

from __future__ import annotations

import sys
import threading
import time
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QMimeData, QPointF, QRect, Qt, QUrl
from PySide6.QtGui import QAction, QDropEvent, QFileOpenEvent, QScreen
from PySide6.QtWidgets import QLabel, QLineEdit, QMessageBox, QPushButton, QTableWidget, QToolButton
from scipy.io import wavfile

from rnnstudio import api
from rnnstudio.core.catalog import sorted_recipes
from rnnstudio.core.errors import SettingError, StoppedError
from rnnstudio.core.events import Fetching
from rnnstudio.core.experiment import compose
from rnnstudio.core.paths import home
from rnnstudio.gui.app import Opener
from rnnstudio.gui.main_window import MainWindow
from rnnstudio.gui.result import baseline_sentence
from rnnstudio.gui.unforeseen import say_by
from tests.gui.scripted import ScriptedTrain


@pytest.fixture
def studio(qtbot, tmp_path, monkeypatch):
    monkeypatch.setenv("RNNSTUDIO_HOME", str(tmp_path))
    monkeypatch.setattr(QScreen, "availableGeometry", lambda screen: QRect(0, 0, 1366, 768))

    def open_with(train: ScriptedTrain) -> MainWindow:
        window = MainWindow(train, preload=False)
        qtbot.addWidget(window, before_close_func=lambda w: w.controller.close())
        window.show()
        qtbot.waitExposed(window)
        return window

    return open_with


def button(window: MainWindow, text: str) -> QPushButton:
    return next(b for b in window.findChildren(QPushButton) if b.text() == text and b.isVisibleTo(window))


def click(qtbot, window: MainWindow, text: str) -> None:
    qtbot.mouseClick(button(window, text), Qt.MouseButton.LeftButton)


def type_into(window: MainWindow, field: str, text: str) -> None:
    editor = window.panel.form.input(field).focusProxy()
    assert isinstance(editor, QLineEdit)
    editor.setText(text)


def wait_until_ended(qtbot, window: MainWindow) -> None:
    qtbot.waitUntil(lambda: not window.controller.running, timeout=10_000)


def test_first_start_shows_the_works_as_cards_and_one_click_trains(qtbot, studio):
    train = ScriptedTrain()
    window = studio(train)
    cards = [b for b in window.cards.findChildren(QPushButton) if b.text() == "Train"]
    titles = [recipe.title for recipe in sorted_recipes() if not recipe.model_of]
    assert len(titles) == 6
    assert [b.accessibleName() for b in cards] == [f"Train {title}" for title in titles]
    qtbot.mouseClick(cards[0], Qt.MouseButton.LeftButton)
    wait_until_ended(qtbot, window)
    assert [e.recipe for e in train.experiments] == ["echo"]
    assert window.pages.isVisible()
    assert window.run is not None
    assert window.run.outcome == "completed"


def test_every_update_reaches_the_history_and_the_last_are_drawn(qtbot, studio):
    window = studio(ScriptedTrain(chunks=200, pace=0.0005))
    window.train()
    wait_until_ended(qtbot, window)
    assert window.controller.history.step == 2000
    assert window.controller.history.outcome == "completed"
    assert len(window.pages.live.plots["loss"].to_frame()) == 2000


def test_stop_keeps_the_run(qtbot, studio):
    window = studio(ScriptedTrain(chunks=100_000))
    click(qtbot, window.panel, "Train")
    qtbot.waitUntil(lambda: window.controller.history.step > 20)
    click(qtbot, window.panel, "Stop")
    wait_until_ended(qtbot, window)
    assert window.run is not None
    assert window.run.outcome == "stopped"
    assert [r["outcome"] for r in api.runs()] == ["stopped"]


def test_a_download_is_shown_in_the_status_bar_and_stop_is_heard(qtbot, studio):
    def download(experiment, emit, should_stop):
        while not should_stop():
            emit(Fetching("har", 12_000_000, 61_000_000))
            time.sleep(0.005)
        raise StoppedError("Stopped; 12.0 MB of har are kept, and the next start goes on from there.")

    window = studio(download)
    click(qtbot, window.panel, "Train")
    texts = window.status.findChildren(QLabel)
    qtbot.waitUntil(lambda: "fetching har: 12.0 of 61.0 MB" in [label.text() for label in texts])
    click(qtbot, window.panel, "Stop")
    wait_until_ended(qtbot, window)
    assert "12.0 MB of har are kept" in window.banner.findChild(QLabel).text()
    assert "fetching har: 12.0 of 61.0 MB" not in [label.text() for label in texts]
    assert button(window.panel, "Train").isEnabled()


def test_pause_holds_and_resume_goes_on(qtbot, studio):
    train = ScriptedTrain(chunks=100_000)
    window = studio(train)
    click(qtbot, window.panel, "Train")
    qtbot.waitUntil(lambda: window.controller.history.step > 20)
    click(qtbot, window.panel, "Pause")
    qtbot.wait(200)  # the chunk in hand ends
    held = train.told
    qtbot.wait(200)
    assert train.told == held
    qtbot.waitUntil(lambda: window.controller.history.step == 10 * held)
    click(qtbot, window.panel, "Resume")
    qtbot.waitUntil(lambda: window.controller.history.step > 10 * held)
    click(qtbot, window.panel, "Stop")
    wait_until_ended(qtbot, window)


def test_a_wrong_value_is_marked_and_train_says_why_not(qtbot, studio):
    window = studio(ScriptedTrain())
    type_into(window, "units", "0")
    assert not button(window.panel, "Train").isEnabled()
    assert "units must be a whole number from 1 to 65536; received" in window.panel.findChild(object, "problem").text()
    assert window.panel.form.input("units").focusProxy().property("wrong") is True
    type_into(window, "units", "8")
    assert button(window.panel, "Train").isEnabled()
    assert window.panel.form.changes() == ["units 4 → 8"]


def test_the_form_shows_what_the_cell_has(qtbot, studio):
    window = studio(ScriptedTrain())
    window.panel.form.input("cell").focusProxy().setCurrentText("lstm")
    assert window.panel.form.input("forget_bias").value() == "1"
    assert window.panel.form.experiment.model.cell == "lstm"
    assert window.panel.form.experiment.model.units == 4
    assert "cell rnn → lstm" in window.panel.form.changes()


def test_form_and_flags_know_the_same_settings(qtbot, studio):
    window = studio(ScriptedTrain())
    form = window.panel.form
    for recipe in api.recipes():
        form.begin(recipe["name"])
        for setting in api.describe("recipe", recipe["name"])["settings"]:
            assert form.input(setting["name"]).field.description == setting["description"]
        assert form.experiment == api.experiment(recipe["name"])
        assert form.changes() == []


def test_a_problem_with_the_data_marks_its_field(qtbot, studio):
    train = ScriptedTrain(error=SettingError("window must fit into the series: it has 144 steps.", "window"))
    window = studio(train)
    window.train()
    wait_until_ended(qtbot, window)
    assert window.banner.text.startswith("window must fit")
    assert window.panel.form.input("window").focusProxy().property("wrong") is True


def test_an_unforeseen_failure_is_a_sentence_and_the_details_are_kept(qtbot, studio, tmp_path):
    window = studio(ScriptedTrain(error=ZeroDivisionError("no idea")))
    window.train()
    wait_until_ended(qtbot, window)
    assert "no idea" in window.banner.text
    assert "Traceback" not in window.banner.text
    assert "ZeroDivisionError" in (tmp_path / "studio.log").read_text()
    assert button(window.panel, "Train").isEnabled()


def test_divergence_offers_a_smaller_learning_rate(qtbot, studio):
    train = ScriptedTrain(diverges=True)
    window = studio(train)
    window.train()
    wait_until_ended(qtbot, window)
    assert "NaN" in window.banner.text
    train.diverges = False
    click(qtbot, window.banner, "Try learning rate 0.03")
    wait_until_ended(qtbot, window)
    assert [e.training.learning_rate for e in train.experiments] == [0.3, 0.03]


def test_a_run_that_could_not_be_saved_can_be_saved_elsewhere(qtbot, studio, tmp_path, monkeypatch):
    window = studio(ScriptedTrain(saves=False))
    window.train()
    wait_until_ended(qtbot, window)
    assert "could not be saved" in window.banner.text
    elsewhere = tmp_path / "elsewhere"
    monkeypatch.setattr("rnnstudio.gui.files.QFileDialog.getSaveFileName", lambda *_: (str(elsewhere), ""))
    click(qtbot, window.banner, "Save as …")
    assert api.load(elsewhere).outcome == "completed"


def test_a_saved_run_is_shown_again_with_its_settings(qtbot, studio):
    window = studio(ScriptedTrain())
    type_into(window, "units", "9")
    window.train()
    wait_until_ended(qtbot, window)
    path = window.run.path
    window.panel.form.begin("airline")
    window.runs.chosen.emit(path)
    assert window.run.path == path
    assert window.panel.form.experiment.model.units == 9
    assert window.panel.form.start == "echo"
    assert window.run.record.step == 50


def test_another_run_can_be_looked_at_while_one_trains(qtbot, studio):
    train = ScriptedTrain()
    window = studio(train)
    window.train()
    wait_until_ended(qtbot, window)
    first = window.run.path
    train.chunks = 100_000
    window.train()
    qtbot.waitUntil(lambda: window.controller.history.step > 10)
    window.show_run(first)
    assert window.run.path == first
    step = window.controller.history.step
    qtbot.waitUntil(lambda: window.controller.history.step > step)
    click(qtbot, window.banner, "Back to the training")
    assert window.run is None
    window.controller.stop()
    wait_until_ended(qtbot, window)


def test_closing_while_training_asks_and_keeps_the_run(qtbot, studio, monkeypatch):
    window = studio(ScriptedTrain(chunks=100_000))
    window.train()
    qtbot.waitUntil(lambda: window.controller.history.step > 10)
    answers = iter(["Go on training", "Stop and keep"])

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
    held = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    window.dropEvent(QDropEvent(QPointF(5, 5), Qt.DropAction.CopyAction, mime, *held))
    assert window.panel.form.experiment.data.file == str(file)
    assert window.panel.form.experiment.data.target == "sales"
    assert "200 rows" in window.banner.text


def test_a_file_of_labelled_sequences_and_a_sound_are_ready_to_train(qtbot, studio, tmp_path):
    window = studio(ScriptedTrain())
    file = tmp_path / "Rise_TRAIN.ts"
    file.write_text("@classLabel true up down\n@data\n" + "1,2,3:up\n3,2:down\n" * 4)
    window.files.open_file(file)
    assert window.panel.form.start == "sequences"
    assert window.panel.form.experiment.data.file == str(file)
    assert window.banner.text.startswith("Rise_TRAIN.ts: 8 sequences of 2 classes.")
    wavfile.write(tmp_path / "hum.wav", 8000, np.sin(np.arange(200, dtype=np.float32)))
    window.files.open_file(tmp_path / "hum.wav")
    assert window.panel.form.start == "file"
    assert window.panel.form.experiment.data.target == "sound"
    assert "hum.wav: 200 rows. 'sound' was taken as the target" in window.banner.text


def test_a_bad_cell_is_told_when_the_table_is_opened(qtbot, studio, tmp_path):
    window = studio(ScriptedTrain())
    file = tmp_path / "beer.csv"
    file.write_text("day,sales\n" + "\n".join(f"{i},{'n/a' if i == 6 else i % 7}" for i in range(200)) + "\n")
    window.files.open_file(file)
    assert "beer.csv, row 8, column 'sales'" in window.banner.text
    assert window.panel.form.experiment.data.file == str(file)


def test_an_old_message_goes_when_something_else_is_shown(qtbot, studio):
    window = studio(ScriptedTrain())
    window.train()
    wait_until_ended(qtbot, window)
    for act in (window.show_cards, lambda: window.show_run(window.run.path), window.train):
        window.banner.say("old news")
        act()
        assert window.banner.text == ""
    wait_until_ended(qtbot, window)


def test_a_run_is_looked_for_among_the_runs(qtbot, studio, tmp_path, monkeypatch):
    window, asked = studio(ScriptedTrain()), []
    monkeypatch.setattr("rnnstudio.gui.files.QFileDialog.getOpenFileName", lambda *a: asked.append(a[2]) or ("", ""))
    window.files.open_run()
    assert asked == [str(tmp_path / "runs")]


def test_a_run_is_saved_as_one_file_and_opened_from_it(qtbot, studio, tmp_path, monkeypatch):
    window = studio(ScriptedTrain())
    window.train()
    wait_until_ended(qtbot, window)
    asked = []

    def choose(parent, title, suggestion, kinds):
        asked.append((suggestion, kinds))
        return str(tmp_path / "mine"), kinds.split(";;")[0]

    monkeypatch.setattr("rnnstudio.gui.files.QFileDialog.getSaveFileName", choose)
    window.files.save_run()
    assert asked == [("echo-1.rnnrun", "One file, to send or to double-click (*.rnnrun);;A folder (*)")]
    assert str(tmp_path / "mine.rnnrun") in window.banner.text
    window.show_run("echo-1")
    window.files.save_run()  # the dialog did not know that name
    assert "holds a run already" in window.banner.text
    # Who chooses a folder and leaves the suggested name gets a folder.
    monkeypatch.setattr(
        "rnnstudio.gui.files.QFileDialog.getSaveFileName", lambda *_: (str(tmp_path / "other.rnnrun"), "A folder (*)")
    )
    window.files.save_run()
    assert (tmp_path / "other" / "run.json").is_file()
    window.show_cards()
    window.run = None
    window.files.open(str(tmp_path / "mine.rnnrun"))
    assert window.run.name == "mine"
    assert window.run.record.step == 50


def test_what_the_system_asks_to_open_is_shown(qtbot, studio, tmp_path):
    window = studio(ScriptedTrain())
    window.train()
    wait_until_ended(qtbot, window)
    path = Path(window.run.path)
    (tmp_path / "series.csv").write_text("v\n" + "\n".join(str(i % 7) for i in range(60)))
    for what in ("echo-1", "latest", str(path), str(path / "run.json")):
        window.run = None
        window.files.open(what)
        assert window.run.name == "echo-1"
    window.files.open(str(tmp_path / "series.csv"))
    assert "60 rows" in window.banner.text
    for what in ("nothing.csv", "nothing.rnnrun", "nothing"):
        window.files.open(str(tmp_path / what))
        assert str(tmp_path / what) in window.banner.text
    opener = Opener(window)
    window.run = None
    assert opener.eventFilter(window, QFileOpenEvent(str(path)))
    assert window.run.name == "echo-1"


def test_a_home_that_cannot_be_written_is_said_at_once(studio, tmp_path, monkeypatch):
    (tmp_path / "file").write_text("in the way")
    monkeypatch.setenv("RNNSTUDIO_HOME", str(tmp_path / "file" / "home"))
    window = studio(ScriptedTrain())
    assert "Nothing can be kept in" in window.banner.text
    assert "Not a directory" in window.banner.text


def test_what_nobody_foresaw_is_said_and_kept(qtbot, studio, monkeypatch, capsys):
    window = studio(ScriptedTrain())
    monkeypatch.setattr(sys, "excepthook", sys.excepthook)
    say_by(window.banner.say)
    try:
        raise ZeroDivisionError("by nothing")
    except ZeroDivisionError as error:
        sys.excepthook(type(error), error, error.__traceback__)
    assert "by nothing" in window.banner.text
    log = home() / "studio.log"
    assert str(log) in window.banner.text
    assert "ZeroDivisionError: by nothing" in log.read_text()
    assert "ZeroDivisionError" in capsys.readouterr().err


def test_runs_that_cannot_be_read_are_counted(qtbot, studio):
    window = studio(ScriptedTrain())
    window.train()
    wait_until_ended(qtbot, window)
    Path(window.run.path, "metrics.json").write_text("{")
    window.runs.reload()
    note = next(label for label in window.runs.findChildren(QLabel) if "Every run" in label.text())
    assert "1 cannot be read here" in note.text()
    assert "metrics.json" in note.toolTip()


def test_the_buttons_stay_where_they_are(qtbot, studio):
    window = studio(ScriptedTrain(chunks=100_000))
    train = button(window.panel, "Train")
    places = [train.geometry()]
    for text in ("8", "0"):
        type_into(window, "units", text)
        qtbot.wait(10)
        places.append(train.geometry())
    type_into(window, "units", "8")
    window.train()
    qtbot.waitUntil(lambda: window.controller.history.step > 10)
    assert [*places, train.geometry()] == [places[0]] * 4
    window.controller.stop()
    wait_until_ended(qtbot, window)


def test_focus_goes_from_train_to_pause_and_back(qtbot, studio):
    window = studio(ScriptedTrain(chunks=100_000))
    window.activateWindow()
    train, pause = button(window.panel, "Train"), button(window.panel, "Pause")
    train.setFocus()
    click(qtbot, window.panel, "Train")
    qtbot.waitUntil(lambda: window.controller.history.step > 10)
    assert window.focusWidget() is pause
    window.controller.stop()
    wait_until_ended(qtbot, window)
    assert window.focusWidget() is train


def test_a_file_that_is_no_table_is_refused_in_one_sentence(qtbot, studio, tmp_path):
    window = studio(ScriptedTrain())
    file = tmp_path / "photo.csv"
    file.write_bytes(bytes(range(256)) * 10)
    window.files.open_file(Path(file))
    assert "photo.csv is not a text table" in window.banner.text


def test_the_chosen_colours_and_size_come_back(qtbot, studio):
    window = studio(ScriptedTrain())
    window.appearance.scheme = "dark"
    window.resize(1111, 666)
    window.close()
    again = studio(ScriptedTrain())
    assert (again.width(), again.height()) == (1111, 666)
    assert again.appearance.theme.dark
    again.appearance.scheme = "light"


def test_first_and_remembered_size_fit_the_screen(qtbot, studio, monkeypatch):
    window = studio(ScriptedTrain())
    assert (window.width(), window.height()) == (1280, 720)
    window.resize(1366, 732)
    window.close()
    monkeypatch.setattr(QScreen, "availableGeometry", lambda screen: QRect(0, 0, 1092, 614))  # 1366 x 768 at 1.25
    again = studio(ScriptedTrain())
    assert again.width() == 1092
    assert again.height() < 614
    stop = button(again.panel, "Stop")
    assert stop.mapTo(again, stop.rect().bottomLeft()).y() < again.height()


def test_the_layout_can_be_reset(qtbot, studio):
    window = studio(ScriptedTrain())
    window._runs_dock.close()
    assert not window.runs.isVisible()
    window.reset_layout()
    assert window.runs.isVisible()


def test_the_window_fits_a_small_screen(qtbot, studio):
    window = studio(ScriptedTrain())
    window.train()
    wait_until_ended(qtbot, window)
    hint = window.minimumSizeHint()
    assert hint.width() <= 1366
    assert hint.height() <= 720


def test_every_control_has_a_name_for_screen_readers(qtbot, studio):
    window = studio(ScriptedTrain())
    for setting in api.describe("recipe", "echo")["settings"]:
        editor = window.panel.form.input(setting["name"]).focusProxy()
        assert editor.accessibleName()
        assert editor.accessibleDescription() == setting["description"]


def test_free_running_starts_where_the_slider_says(qtbot, studio, monkeypatch):
    train = ScriptedTrain()
    window = studio(train)
    window.panel.form.begin("airline")
    window.train()
    wait_until_ended(qtbot, window)
    asked = []

    def forecast(self, steps, start):
        asked.append((steps, start))
        return np.ones(steps, np.float32)

    monkeypatch.setattr(type(window.run), "forecast", forecast)
    window.pages.live.forecast.start_chosen.emit(50)
    qtbot.waitUntil(lambda: asked == [(94, 50)])


def train_classes(qtbot, window: MainWindow) -> None:
    window.panel.form.show_experiment(compose("arrays", {"task": "classify"}))
    window.train()
    wait_until_ended(qtbot, window)


def test_a_cell_of_the_confusion_matrix_opens_its_sequences_and_comes_back(qtbot, studio):
    window = studio(ScriptedTrain())
    train_classes(qtbot, window)
    live = window.pages.live
    assert live.confusion.isVisible()
    matrix, view = live.confusion.matrix, live.confusion.canvas
    place = view.mapFromScene(matrix.mapToScene(matrix.arrangement.box((0, 1)).center()))
    qtbot.mouseMove(view.viewport(), place)
    qtbot.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert live.sequences.isVisible()
    assert live.sequences.browser.range_label.text() == "1–2 of 2"
    assert window.focusWidget() is live.sequences
    qtbot.keyClick(window.focusWidget(), Qt.Key.Key_Escape)
    assert live.sequences.browser.range_label.text().endswith("of 30")
    assert matrix.selected is None


def test_the_matrix_goes_on_while_it_trains(qtbot, studio):
    window = studio(ScriptedTrain(chunks=100_000))
    window.panel.form.show_experiment(compose("arrays", {"task": "classify"}))
    window.train()
    live = window.pages.live
    qtbot.waitUntil(lambda: live.confusion.message == "" and window.controller.history.step > 100)
    seen = live.confusion.legend.texts[-1]
    qtbot.waitUntil(lambda: live.confusion.legend.texts[-1] != seen)
    window.controller.stop()
    wait_until_ended(qtbot, window)
    assert f"after {window.controller.history.step} updates" in live.confusion.legend.texts[-1].replace(",", "")


def test_the_result_says_in_words_and_class_by_class_how_good_it_is(qtbot, studio):
    window = studio(ScriptedTrain())
    train_classes(qtbot, window)
    window.pages.setCurrentIndex(1)
    words = [label.text() for label in window.pages.result.findChildren(QLabel)]
    assert (
        "Test accuracy: 80.0\u202f%. Best baseline: majority class, 33.3\u202f%. "
        "The network makes 70\u202f% fewer errors."
    ) in words
    tables = window.pages.result.findChildren(QTableWidget)
    rows = [[table.item(i, j).text() for j in range(table.columnCount())] for table in tables for i in range(3)]
    assert ["sit", "20", *["80.0\u202f%"] * 3, "stand (4 of 20)"] in rows


def test_a_worse_run_than_the_naive_answer_is_called_so(qtbot, studio):
    window = studio(ScriptedTrain())
    window.panel.form.begin("airline")
    window.train()
    wait_until_ended(qtbot, window)
    assert baseline_sentence(window.run) == (
        "Test RMSE: 50 thousand passengers. Best baseline: naive last value, 45 thousand passengers. "
        "The network's error is not lower."
    )


def test_published_numbers_stand_beside_the_runs_own_at_the_same_updates(qtbot, studio):
    window = studio(ScriptedTrain(chunks=15))
    window.panel.form.begin("airline")
    window.train()
    wait_until_ended(qtbot, window)
    table = window.pages.result.findChildren(QTableWidget)[-1]
    heads = [table.horizontalHeaderItem(j).text() for j in range(table.columnCount())]
    sources = ("published", "this run")
    assert heads == ["Update", *(f"{metric}, {who}" for metric in ("Training loss", "Test loss") for who in sources)]
    rows = {table.item(i, 0).text(): [table.item(i, j).text() for j in range(1, 5)] for i in range(table.rowCount())}
    assert rows["100"] == ["0.0422", "0.06364", "0.2425", "0.1"]
    assert rows["400"] == ["0.0375", "–", "0.2427", "–"]
    window.pages.setCurrentIndex(1)
    qtbot.waitUntil(table.isVisible)
    assert table.viewport().width() >= table.horizontalHeader().length()


def test_the_other_models_of_a_work_are_a_menu_on_its_card(qtbot, studio):
    train = ScriptedTrain()
    window = studio(train)
    menu = next(b.menu() for b in window.cards.findChildren(QToolButton) if "Human activities" in b.accessibleName())
    assert [action.text() for action in menu.actions()][:2] == ["LSTM", "GRU"]
    menu.actions()[1].trigger()
    wait_until_ended(qtbot, window)
    assert [e.recipe for e in train.experiments] == ["har_gru"]
    assert window.panel.form.start == "har_gru"


def test_cards_stand_in_one_column_where_two_have_no_room(qtbot, studio):
    window = studio(ScriptedTrain())
    for width, columns in ((1366, 2), (1000, 1)):
        window.resize(width, 700)
        trains = [b for b in window.cards.findChildren(QPushButton) if b.text() == "Train"]
        qtbot.waitUntil(lambda b=trains, n=columns: len({t.mapTo(window, t.rect().topLeft()).x() for t in b}) == n)
        qtbot.waitUntil(lambda: not window.cards.horizontalScrollBar().isVisible())


def test_a_recipe_without_a_picture_has_a_card(qtbot, studio, monkeypatch):
    monkeypatch.setattr("rnnstudio.gui.cards.resource", lambda name: Path("/nowhere"))
    window = studio(ScriptedTrain())
    assert button(window.cards, "Train").isVisible()


def test_a_training_that_ends_while_another_run_is_shown_says_so(qtbot, studio):
    train = ScriptedTrain()
    window = studio(train)
    window.train()
    wait_until_ended(qtbot, window)
    first, train.chunks = window.run.path, 100_000
    window.train()
    qtbot.waitUntil(lambda: window.controller.history.step > 10)
    window.show_run(first)
    window.controller.stop()
    wait_until_ended(qtbot, window)
    assert window.run.path == first
    assert window.banner.text == "echo-2 has ended: stopped."
    click(qtbot, window.banner, "Show it")
    assert window.run.name == "echo-2"
    assert window.run.record.step == window.controller.history.step


def test_a_run_is_exported_as_a_script_from_the_file_menu(qtbot, studio, tmp_path, monkeypatch):
    window = studio(ScriptedTrain())
    actions = {a.text().replace("&", ""): a for a in window.findChildren(QAction)}
    assert not actions["Export as R script …"].isEnabled()
    type_into(window, "units", "9")
    window.train()
    wait_until_ended(qtbot, window)
    chosen = tmp_path / "again"  # without an ending
    monkeypatch.setattr("rnnstudio.gui.files.QFileDialog.getSaveFileName", lambda *_: (str(chosen), ""))
    actions["Export as R script …"].trigger()
    assert 'rnn_train("echo", units = 9' in (tmp_path / "again.R").read_text().replace("(\n  ", "(").replace(
        ",\n ", ","
    )
    actions["Export as Python script …"].trigger()
    assert (tmp_path / "again.py").exists()
    assert "again.py" in window.banner.text
