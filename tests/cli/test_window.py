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


@linux
@pytest.mark.parametrize("variable", ["DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"])
def test_a_display_that_is_not_there_is_named_in_a_sentence(spawn, tmp_path, variable):
    code, out, err = _alone(spawn, **{variable: ":97", "XDG_RUNTIME_DIR": str(tmp_path)})
    assert (code, out) == (2, "")
    assert err.startswith(f"Error: The window cannot open on this display ({variable}=:97): ")
    assert err.count("\n") == 1
    assert len(err) < 900


@linux
@pytest.mark.parametrize("flag", [(), ("--smoke",)])
def test_without_fonts_it_says_what_to_install(spawn, tmp_path, flag):
    (tmp_path / "none.conf").write_text("<fontconfig><dir>/nowhere</dir></fontconfig>")
    code, out, err = _alone(spawn, *flag, QT_QPA_PLATFORM="offscreen", FONTCONFIG_FILE=str(tmp_path / "none.conf"))
    assert (code, out) == (1, "")
    assert err.startswith("Error: There is no font on this computer")
    assert "fonts-dejavu-core" in err
    assert err.count("\n") == 1


@linux
def test_a_missing_system_library_is_named(invoke, monkeypatch):
    monkeypatch.setenv("QT_QPA_PLATFORM", "offscreen")
    monkeypatch.delitem(sys.modules, "rnnstudio.gui.application", raising=False)
    monkeypatch.setitem(sys.modules, "PySide6.QtWidgets", None)
    found = invoke()
    assert found.exit_code == 2
    assert "a library of the system is missing" in found.output
    assert "apt-get install" in found.output


def _alone(spawn, *args, **variables):
    with spawn(*args, before=("env", *(f"{k}={v}" for k, v in variables.items()))) as process:
        out, err = process.communicate(timeout=60)
    return process.returncode, out, err


@pytest.mark.parametrize("variable", ["DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"])
def test_with_a_display_the_window_opens_and_gives_the_exit_code(invoke, monkeypatch, variable):
    import rnnstudio.gui.app

    for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv(variable, "offscreen")
    opened = []
    monkeypatch.setattr(rnnstudio.gui.app, "main", lambda *given: opened.append(given) or 3)
    assert invoke().exit_code == 3
    assert invoke("open").exit_code == 3  # as the menu's entry does
    assert invoke("open", "my.rnnrun").exit_code == 3
    assert opened == [(sys.argv[:1], ""), (sys.argv[:1], ""), (sys.argv[:1], "my.rnnrun")]


def test_main_leaves_the_process_with_the_exit_code(monkeypatch, capsys):
    monkeypatch.setattr(sys, "argv", ["rnnstudio", "list", "recipe"])
    with pytest.raises(SystemExit) as end:
        command_line.main()
    assert end.value.code == 2
    assert capsys.readouterr().err.startswith("Error: There is no list called 'recipe'.")
