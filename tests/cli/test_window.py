"""`rnnstudio` alone opens the window, or says why it cannot."""

from __future__ import annotations

import sys

import pytest

from rnnstudio.cli import main as command_line

linux = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="only Linux can be without a display")


@linux
def test_without_a_display_it_says_so_and_names_the_way_out(run):
    code, out, err = run()
    assert (code, out) == (2, "")
    assert "There is no display" in err
    assert "rnnstudio train" in err
    assert err.count("\n") == 1


@pytest.mark.parametrize("variable", ["DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"])
def test_with_a_display_the_window_opens_and_gives_the_exit_code(invoke, monkeypatch, variable):
    import rnnstudio.gui.app

    for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv(variable, "offscreen")
    opened = []
    monkeypatch.setattr(rnnstudio.gui.app, "main", lambda argv: opened.append(argv) or 3)
    assert invoke().exit_code == 3
    assert opened == [sys.argv[:1]]


def test_main_leaves_the_process_with_the_exit_code(monkeypatch, capsys):
    monkeypatch.setattr(sys, "argv", ["rnnstudio", "list", "recipe"])
    with pytest.raises(SystemExit) as end:
        command_line.main()
    assert end.value.code == 2
    assert capsys.readouterr().err.startswith("Error: There is no list called 'recipe'.")
