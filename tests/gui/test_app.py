"""What the system passes to the running program: files that are opened, and signals that end it."""

from __future__ import annotations

import signal
import subprocess
import sys

import pytest
from PySide6.QtGui import QFileOpenEvent

from rnnstudio import api
from rnnstudio.gui.app import FileOpenFilter
from tests.gui.driving import train
from tests.gui.scripted import ScriptedTrain


def test_a_file_passed_as_an_event_is_opened(qtbot, studio):
    window = studio(ScriptedTrain())
    train(qtbot, window)
    path = window.view.run.path
    event_filter = FileOpenFilter(window)
    window.view.run = None
    assert event_filter.eventFilter(window, QFileOpenEvent(path))
    assert window.view.run.name == "echo-1"


ENDED = """
import sys
from PySide6.QtCore import QTimer
from rnnstudio.gui import app, main_window

class Window(main_window.MainWindow):
    def __init__(self):
        super().__init__(preload=False)
        self.panel.form.begin("echo")
        QTimer.singleShot(0, self.train)
        self.controller.progressed.connect(self.report)

    def report(self, history):
        if history.step > 100:
            print("trains", flush=True)

app.MainWindow = Window
sys.exit(app.main(["rnnstudio"]))
"""


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such signals")
@pytest.mark.parametrize("name", ["SIGTERM", "SIGHUP"])
def test_a_window_that_is_ended_saves_its_run_without_a_question(home, name):
    process = subprocess.Popen([sys.executable, "-c", ENDED], stdout=subprocess.PIPE, text=True)
    next(line for line in process.stdout if line.startswith("trains"))
    process.send_signal(getattr(signal, name))
    process.communicate(timeout=60)
    assert process.returncode == 0
    assert [run["outcome"] for run in api.runs()] == ["stopped"]
