"""The panel locks the form while an experiment trains, and its buttons never move."""

from __future__ import annotations

from tests.gui.driving import button, click, start_training, train, type_into, wait_until_ended
from tests.gui.scripted import ScriptedTrain


def test_the_form_is_locked_while_it_trains_until_a_copy_is_edited(qtbot, studio):
    scripted = ScriptedTrain(chunks=100_000)
    window = studio(scripted)
    start_training(qtbot, window)
    assert not window.panel.form.isEnabled()
    click(qtbot, window.panel, "Edit a copy for the next run")
    assert window.panel.form.isEnabled()
    window.controller.toggle_pause()
    window.controller.toggle_pause()
    assert window.panel.form.isEnabled()
    type_into(window, "units", "9")
    assert not button(window.panel, "Train").isEnabled()
    window.controller.stop()
    wait_until_ended(qtbot, window)
    assert window.panel.form.experiment.model.units == 9
    assert window.view.run.experiment.model.units == 4
    scripted.chunks = 1
    train(qtbot, window)
    assert window.view.run.experiment.model.units == 9


def test_the_buttons_never_move(qtbot, studio):
    window = studio(ScriptedTrain(chunks=100_000))
    train_button = button(window.panel, "Train")
    geometries = [train_button.geometry()]
    for text in ("8", "0"):
        type_into(window, "units", text)
        qtbot.wait(10)
        geometries.append(train_button.geometry())
    type_into(window, "units", "8")
    start_training(qtbot, window)
    assert [*geometries, train_button.geometry()] == [geometries[0]] * 4
    window.controller.stop()
    wait_until_ended(qtbot, window)


def test_focus_moves_from_train_to_pause_and_back(qtbot, studio):
    window = studio(ScriptedTrain(chunks=100_000))
    window.activateWindow()
    train_button, pause = button(window.panel, "Train"), button(window.panel, "Pause")
    train_button.setFocus()
    click(qtbot, window.panel, "Train")
    qtbot.waitUntil(lambda: window.controller.history.step > 10)
    assert window.focusWidget() is pause
    window.controller.stop()
    wait_until_ended(qtbot, window)
    assert window.focusWidget() is train_button
