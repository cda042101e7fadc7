"""The controller passes every event of a training to the window."""

from __future__ import annotations

import time

from PySide6.QtWidgets import QLabel

from rnnstudio.core.errors import StoppedError
from rnnstudio.core.events import Fetching
from rnnstudio.core.experiment import compose
from rnnstudio.gui.controller import TrainingController
from tests.gui.driving import button, click, train, wait_until_ended
from tests.gui.scripted import ScriptedTrain


def record_signals(controller: TrainingController) -> list[str]:
    """Return a list that gets the name of each signal as it is emitted, `progressed` once in a row."""
    names: list[str] = []

    def record(name: str) -> None:
        if names[-1:] != [name]:
            names.append(name)

    controller.state_changed.connect(record)
    controller.started.connect(lambda *_: record("started"))
    controller.progressed.connect(lambda _: record("progressed"))
    controller.finished.connect(lambda _: record("finished"))
    controller.failed.connect(lambda _: record("failed"))
    return names


def test_signals_come_in_order(qtbot, tmp_path):
    for error, last in ((None, "finished"), (ZeroDivisionError("no idea"), "failed")):
        controller = TrainingController(ScriptedTrain(error=error))
        names = record_signals(controller)
        controller.start(compose("echo", {}))
        qtbot.waitUntil(lambda c=controller: not c.running)
        assert names == ["training", "started", "progressed", "idle", last]


def test_a_second_start_is_ignored(qtbot):
    scripted = ScriptedTrain(chunks=100_000)
    controller = TrainingController(scripted)
    controller.start(compose("echo", {}))
    controller.start(compose("toy", {}))
    qtbot.waitUntil(lambda: controller.history.step > 10)
    controller.close()
    assert [e.recipe for e in scripted.experiments] == ["echo"]
    assert controller.state == "idle"


def test_every_update_reaches_the_history_and_the_last_are_drawn(qtbot, studio):
    window = studio(ScriptedTrain(chunks=200, pace=0.0005))
    train(qtbot, window)
    assert window.controller.history.step == 2000
    assert window.controller.history.outcome == "completed"
    assert len(window.view.pages.live.plots["loss"].to_frame()) == 2000


def test_a_download_is_shown_in_the_status_bar_and_can_be_stopped(qtbot, studio):
    def download(experiment, emit, should_stop):
        while not should_stop():
            emit(Fetching("har", 12_000_000, 61_000_000))
            time.sleep(0.005)
        raise StoppedError("Stopped; 12.0 MB of har are kept, and the next start goes on from there.")

    window = studio(download)
    click(qtbot, window.panel, "Train")
    labels = window.status.findChildren(QLabel)
    progress = Fetching("har", 12_000_000, 61_000_000).text
    qtbot.waitUntil(lambda: progress in [label.text() for label in labels])
    click(qtbot, window.panel, "Stop")
    wait_until_ended(qtbot, window)
    assert "12.0 MB of har are kept" in window.banner.findChild(QLabel).text()
    assert progress not in [label.text() for label in labels]
    assert button(window.panel, "Train").isEnabled()


def test_pause_holds_the_training_and_resume_continues_it(qtbot, studio):
    scripted = ScriptedTrain(chunks=100_000)
    window = studio(scripted)
    click(qtbot, window.panel, "Train")
    qtbot.waitUntil(lambda: window.controller.history.step > 20)
    click(qtbot, window.panel, "Pause")
    qtbot.wait(200)  # until the current chunk has ended
    emitted = scripted.emitted
    qtbot.wait(200)
    assert scripted.emitted == emitted
    qtbot.waitUntil(lambda: window.controller.history.step == 10 * emitted)
    assert "paused" in [label.text() for label in window.status.findChildren(QLabel)]
    click(qtbot, window.panel, "Resume")
    qtbot.waitUntil(lambda: window.controller.history.step > 10 * emitted)
    click(qtbot, window.panel, "Stop")
    wait_until_ended(qtbot, window)
