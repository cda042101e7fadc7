"""Unexpected errors are shown and logged."""

from __future__ import annotations

import sys

from rnnstudio.core.paths import home
from rnnstudio.gui.crash_log import report_unexpected_errors, write_crash_log
from tests.gui.scripted import ScriptedTrain


def test_an_unexpected_error_is_shown_and_its_traceback_logged(qtbot, studio, monkeypatch, capsys):
    window = studio(ScriptedTrain())
    monkeypatch.setattr(sys, "excepthook", sys.excepthook)
    report_unexpected_errors(window.banner.show_message)
    try:
        raise ZeroDivisionError("by nothing")
    except ZeroDivisionError as error:
        sys.excepthook(type(error), error, error.__traceback__)
    assert "An unexpected error occurred: by nothing." in window.banner.text
    log = home() / "studio.log"
    assert str(log) in window.banner.text
    assert "ZeroDivisionError: by nothing" in log.read_text()
    assert "ZeroDivisionError" in capsys.readouterr().err


def test_a_log_that_cannot_be_written_is_reported(tmp_path, monkeypatch):
    (tmp_path / "file").write_text("in the way")
    monkeypatch.setenv("RNNSTUDIO_HOME", str(tmp_path / "file" / "home"))
    assert "could not be written" in write_crash_log(ZeroDivisionError())
