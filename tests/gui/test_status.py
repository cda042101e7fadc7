"""What the status bar says while a training begins, trains and is followed by something."""

from __future__ import annotations

import numpy as np
from PySide6.QtWidgets import QLabel

from rnnstudio.core.events import Finished, FollowUp, StepsDone
from rnnstudio.gui.status import StatusBar
from tests.gui.histories import started_history


def test_a_training_is_shown_from_the_click_to_what_follows_it(qtbot):
    bar = StatusBar()
    qtbot.addWidget(bar)

    def texts() -> list[str]:
        return [label.text() for label in bar.findChildren(QLabel)[1:-1] if label.text()]

    bar.set_training_state("training")
    assert texts() == ["reading the data and choosing settings"]
    history = started_history("airline", 60, 20)
    bar.show_training(history)
    assert texts()[0] == "compiling"
    history.apply(StepsDone(0, np.ones(30, np.float32), seconds=1.0))
    bar.show_training(history)
    assert texts() == ["training", "epoch 2 of 3", "update 30 of 60", "30 updates/s", "0:01 left"]
    bar.set_training_state("paused")
    bar.show_training(history)
    bar.set_training_state("training")
    assert texts()[:2] == ["paused", "epoch 2 of 3"], "the next event of the training replaces it"
    history.apply(Finished("completed", seconds=4.0))
    history.apply(FollowUp("calibrating the bands, network 1 of 3"))
    bar.show_training(history)
    assert texts() == ["calibrating the bands, network 1 of 3"], "the epochs are not those of this network"
    history.apply(FollowUp(""))
    bar.show_training(history)
    assert texts()[0] == "completed"
