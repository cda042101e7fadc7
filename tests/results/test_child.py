"""Processes that rnnstudio starts: they run no file of the current folder, and find their own libraries."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from rnnstudio.results import child

ROOT = Path(__file__).resolve().parents[2]
MODULES = ("click", "numpy", "json", "rich", "pydantic", "argparse", "rnnstudio_plugin", "sitecustomize", "PySide6")


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The current folder, with files that have the names of modules; each leaves a trace when it is run."""
    folder = tmp_path / "current"
    folder.mkdir()
    for name in MODULES:
        trace = str(tmp_path / "trace")
        (folder / f"{name}.py").write_text(f"open({trace!r}, 'a').write({name!r})\n")
    monkeypatch.chdir(folder)
    return folder


@pytest.mark.parametrize("python_path", [str(ROOT), f"{ROOT}{os.pathsep}", f"{os.pathsep}{ROOT}"])
@pytest.mark.parametrize("arguments", [("list", "cells"), ("--version",), ("plot", "absent", "--kind", "loss")])
def test_a_started_process_runs_no_file_of_the_current_folder(
    folder: Path, monkeypatch: pytest.MonkeyPatch, python_path: str, arguments: tuple[str, ...]
) -> None:
    monkeypatch.setenv("PYTHONPATH", python_path)
    result = subprocess.run(
        child.command(*arguments), env=child.environment(), capture_output=True, text=True, check=False
    )
    assert "Traceback" not in result.stderr
    assert result.returncode == (2 if "absent" in arguments else 0)
    assert not (folder.parent / "trace").exists()


def test_python_m_rnnstudio_runs_no_file_of_the_current_folder_either(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (folder / "sitecustomize.py").unlink()  # Python imports it before anything of rnnstudio
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    command = [sys.executable, "-m", "rnnstudio", "list", "cells"]
    result = subprocess.run(command, capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stderr
    assert not (folder.parent / "trace").exists()


def test_every_process_of_the_package_is_started_by_this_command_line() -> None:
    sources = [file for file in (ROOT / "rnnstudio").rglob("*.py") if file.name != "child.py"]
    assert [file.name for file in sources if "[sys.executable" in file.read_text(encoding="utf-8")] == []
    starting = {file.name for file in sources if "import subprocess" in file.read_text(encoding="utf-8")}
    assert starting == {"api.py", "plot_process.py"}


def test_child_processes_do_not_use_the_libraries_of_r(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LD_LIBRARY_PATH", "/usr/lib/R/lib")
    assert "LD_LIBRARY_PATH" not in child.environment()
    assert child.environment(QT_QPA_PLATFORM="offscreen")["QT_QPA_PLATFORM"] == "offscreen"
    assert child.command("doctor")[0] == sys.executable


def test_python_itself_runs_a_module_of_the_current_folder_unless_it_is_safe(
    folder: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """What SECURITY.md says: it is Python that finds `rnnstudio.py`, before anything of the package runs."""
    for name in ("rnnstudio", "importlib"):
        trace = str(tmp_path / "trace")
        (folder / f"{name}.py").write_text(f"open({trace!r}, 'a').write({name!r})\nraise SystemExit(9)\n")
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    (tmp_path / "bin").mkdir()
    installed = tmp_path / "bin" / "rnnstudio"  # as an installer writes the command
    installed.write_text("from rnnstudio.__main__ import main\nmain()\n")
    for command in ([sys.executable, str(installed)], [sys.executable, "-P", "-m", "rnnstudio"]):
        result = subprocess.run([*command, "list", "cells"], capture_output=True, text=True, check=False)
        assert result.returncode == 0, result.stderr
        assert not (tmp_path / "trace").exists()
    subprocess.run([sys.executable, "-m", "rnnstudio", "list", "cells"], capture_output=True, check=False)
    assert (tmp_path / "trace").exists()
