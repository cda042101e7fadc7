"""`rnnstudio doctor`."""

from __future__ import annotations

import json
import os
from pathlib import Path

import numpy as np

from rnnstudio import __version__
from rnnstudio.cli import doctor


def test_the_report_has_device_versions_and_folders(invoke, home, qapp):
    result = invoke("doctor")
    assert result.exit_code == 0
    report = dict(line.split(None, 1) for line in result.stdout.splitlines())
    assert report["rnnstudio"].startswith(__version__)
    assert report["device"].startswith(("CPU: ", "GPU: "))
    assert report["numpy"] == np.__version__
    assert report["qt"].startswith("PySide6 ")
    assert report["home"] == f"{home} (does not exist yet, can be created)"
    assert report["runs"] == f"0, in {home / 'runs'}"
    assert report["system"].split(", ")[1].endswith(f"of {os.cpu_count()} cores")
    assert not home.exists()


def test_a_library_that_cannot_be_loaded_is_a_line_of_the_report(invoke, monkeypatch):
    def broken(name):
        raise ImportError("libEGL.so.1: cannot open shared object file\nmore")

    monkeypatch.setattr(doctor, "import_module", broken)
    report = invoke("doctor").stdout
    assert "none, TensorFlow cannot be loaded: libEGL.so.1: cannot open shared object file\n" in report
    assert "qt          cannot be loaded: libEGL.so.1" in report


def test_a_home_that_cannot_be_written_is_reported(invoke, tmp_path, monkeypatch):
    (tmp_path / "file").write_text("in the way")
    monkeypatch.setenv("RNNSTUDIO_HOME", str(tmp_path / "file"))
    monkeypatch.setattr(doctor, "_device", lambda: "")
    assert "cannot be written" in invoke("doctor").stdout


def test_all_runs_are_checked_and_the_exit_code_says_whether_damage_remains(invoke, fresh_airline, monkeypatch):
    monkeypatch.setattr(doctor, "_device", lambda: "CPU: for the test")
    good, bad = fresh_airline(), fresh_airline()
    good.save()
    bad.save()
    assert invoke("doctor").stdout.splitlines()[-1] == "checked     2 runs and groups, none damaged"
    file = Path(bad.path, "weights.npz")
    content = file.read_bytes()
    Path(bad.path, "copy.npz").write_bytes(content)
    file.write_bytes(content[:-1])
    result = invoke("doctor", "--no-repair")
    assert result.exit_code == 1
    assert result.stdout.splitlines()[-2:] == [
        f"{bad.name}: weights.npz is not as it was saved. Nothing was changed. rnnstudio doctor can repair it.",
        "checked     2 runs and groups, 1 damaged",
    ]
    result = invoke("doctor", "--json")
    assert result.exit_code == 0
    report = json.loads(result.stdout)
    assert report["checked"] == 2
    assert report["system"]["device"] == "CPU: for the test"
    assert [(row["run"], row["done"]) for row in report["findings"]] == [
        (bad.name, "weights.npz was written anew, as it had been.")
    ]
    assert file.read_bytes() == content
    file.write_bytes(content[:-1])
    assert invoke("doctor", "--json").exit_code == 1
