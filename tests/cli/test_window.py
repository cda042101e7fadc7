"""`rnnstudio` without a command opens the window, or explains why it cannot."""

from __future__ import annotations

import sys

import pytest

from rnnstudio.cli import main as command_line

linux = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="only Linux can be without a display")


@linux
def test_without_a_display_the_message_names_the_command_line(run):
    code, out, err = run()
    assert (code, out) == (2, "")
    assert "There is no display" in err
    assert "rnnstudio train" in err
    assert err.count("\n") == 1


@linux
@pytest.mark.parametrize("variable", ["DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"])
def test_a_display_that_does_not_exist_is_named_in_one_sentence(spawn, tmp_path, variable):
    code, out, err = _run(spawn, **{variable: ":97", "XDG_RUNTIME_DIR": str(tmp_path)})
    assert (code, out) == (2, "")
    assert err.startswith(f"Error: The window cannot open on this display ({variable}=:97): ")
    assert err.count("\n") == 1
    assert len(err) < 900


@linux
@pytest.mark.parametrize("flag", [(), ("--smoke",)])
def test_without_fonts_the_message_says_what_to_install(spawn, tmp_path, flag):
    (tmp_path / "none.conf").write_text("<fontconfig><dir>/nowhere</dir></fontconfig>")
    code, out, err = _run(spawn, *flag, QT_QPA_PLATFORM="offscreen", FONTCONFIG_FILE=str(tmp_path / "none.conf"))
    assert (code, out) == (1, "")
    assert err.startswith("Error: There is no font on this computer")
    assert "fonts-dejavu-core" in err
    assert err.count("\n") == 1


@linux
def test_a_missing_system_library_is_named(invoke, monkeypatch):
    monkeypatch.setenv("QT_QPA_PLATFORM", "offscreen")
    monkeypatch.delitem(sys.modules, "rnnstudio.gui.application", raising=False)
    monkeypatch.setitem(sys.modules, "PySide6.QtWidgets", None)
    result = invoke()
    assert result.exit_code == 2
    assert "a system library is missing" in result.output
    assert "apt-get install" in result.output


def _run(spawn, *args, **variables):
    with spawn(*args, before=("env", *(f"{k}={v}" for k, v in variables.items()))) as process:
        out, err = process.communicate(timeout=60)
    return process.returncode, out, err


@pytest.mark.parametrize("variable", ["DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"])
def test_with_a_display_the_window_opens_and_returns_the_exit_code(invoke, monkeypatch, variable):
    import rnnstudio.gui.app

    for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv(variable, "offscreen")
    opened = []
    monkeypatch.setattr(rnnstudio.gui.app, "main", lambda *args: opened.append(args) or 3)
    assert invoke().exit_code == 3
    assert invoke("open").exit_code == 3  # as the desktop entry does
    assert invoke("open", "my.rnnrun").exit_code == 3
    assert opened == [(sys.argv[:1], ""), (sys.argv[:1], ""), (sys.argv[:1], "my.rnnrun")]


def test_main_exits_with_the_exit_code(monkeypatch, capsys):
    monkeypatch.setattr(sys, "argv", ["rnnstudio", "list", "recipe"])
    with pytest.raises(SystemExit) as end:
        command_line.main()
    assert end.value.code == 2
    assert capsys.readouterr().err.startswith("Error: There is no list called 'recipe'.")
