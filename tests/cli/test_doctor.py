"""`rnnstudio doctor`: what a bug report needs."""

from __future__ import annotations

import os

import numpy as np

from rnnstudio import __version__
from rnnstudio.cli import doctor


def test_the_report_has_device_versions_and_folders(invoke, home, qapp):
    result = invoke("doctor")
    assert result.exit_code == 0
    told = dict(line.split(None, 1) for line in result.stdout.splitlines())
    assert told["rnnstudio"].startswith(__version__)
    assert told["device"].startswith(("CPU: ", "GPU: "))
    assert told["numpy"] == np.__version__
    assert told["qt"].startswith("PySide6 ")
    assert told["home"] == f"{home} (not there yet, can be made)"
    assert told["runs"] == f"0, in {home / 'runs'}"
    assert told["system"].split(", ")[1].endswith(f"of {os.cpu_count()} cores")
    assert not home.exists()


def test_a_part_that_cannot_be_loaded_is_a_line_of_the_report(invoke, monkeypatch):
    def broken(name):
        raise ImportError("libEGL.so.1: cannot open shared object file\nmore")

    monkeypatch.setattr(doctor, "import_module", broken)
    told = invoke("doctor").stdout
    assert "none, TensorFlow cannot be loaded: libEGL.so.1: cannot open shared object file\n" in told
    assert "qt          cannot be loaded: libEGL.so.1" in told


def test_a_home_that_cannot_be_written_is_told(invoke, tmp_path, monkeypatch):
    (tmp_path / "file").write_text("in the way")
    monkeypatch.setenv("RNNSTUDIO_HOME", str(tmp_path / "file"))
    monkeypatch.setattr(doctor, "_device", lambda: "")
    assert "cannot be written" in invoke("doctor").stdout
