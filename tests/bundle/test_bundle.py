"""The bundle, used as by somebody without Python.   make test-bundle

It is copied to a read-only folder, and run by a user other than root if the tests may do that.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import h5py
import numpy as np
import pandas as pd
import pytest
from scipy.io import savemat, wavfile

from tests.xls_writer import xls_bytes

pytestmark = [pytest.mark.bundle, pytest.mark.skipif(not sys.platform.startswith("linux"), reason="a Linux bundle")]

_ROOT = os.geteuid() == 0
_USER = ("setpriv", "--reuid=65534", "--regid=65534", "--clear-groups") if _ROOT else ()
_XVFB = ("xvfb-run", "-a", "-s", "-screen 0 1366x768x24")

Start = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture(scope="session")
def bundle() -> Iterator[Path]:
    """Path of the program in a read-only copy of the bundle."""
    source = Path(os.environ.get("RNNSTUDIO_BUNDLE", Path(__file__).resolve().parents[2] / "dist" / "rnnstudio"))
    assert (source / "rnnstudio").is_file(), f"there is no bundle in {source}; run: make bundle"
    with tempfile.TemporaryDirectory(dir="/tmp", prefix="rnnstudio-bundle-") as parent:
        Path(parent).chmod(0o755)  # other users may not enter the folders of pytest
        folder = Path(parent) / "installed here, with blanks"
        shutil.copytree(source, folder, symlinks=True)
        for part in (folder, *folder.rglob("*")):
            if not part.is_symlink():
                part.chmod(part.stat().st_mode & ~0o222 | 0o444)
        yield folder / "rnnstudio"
        subprocess.run(["chmod", "-R", "u+w", parent], check=True)


@pytest.fixture
def user_home(tmp_path: Path) -> Iterator[Path]:
    """Home folder of the user who runs the bundle."""
    folder = Path("/tmp") / f"rnnstudio-test-{os.getpid()}-{tmp_path.name}"[:80]
    folder.mkdir()
    if _ROOT:
        os.chown(folder, 65534, 65534)
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def start(bundle: Path, user_home: Path) -> Start:
    """Return a function that runs the bundle in the home folder, with a minimal environment."""

    def run(
        *args: str, prefix: tuple[str, ...] = (), cwd: Path | None = None, **variables: str
    ) -> subprocess.CompletedProcess[str]:
        environment = {"HOME": str(user_home), "PATH": "/usr/bin:/bin", "LANG": "C.UTF-8", **variables}
        command = [*_USER, *prefix, str(bundle), *args]
        return subprocess.run(
            command, cwd=cwd or user_home, env=environment, text=True, capture_output=True, timeout=150, check=False
        )

    return run


def test_the_self_test_passes_and_leaves_no_files(start: Start, user_home: Path) -> None:
    result = start("--smoke", prefix=_XVFB)
    assert (result.returncode, result.stderr) == (0, "")
    assert result.stdout.startswith("rnnstudio ")
    assert result.stdout.count("\n") == 1
    assert "TensorFlow not loaded by then" in result.stdout
    assert list(user_home.rglob("*")) == []


def test_the_command_line_works(start: Start, user_home: Path) -> None:
    result = start("train", "echo", "--updates", "300", "--json")
    assert result.returncode == 0, result.stderr
    assert json.loads(result.stdout)["outcome"] == "completed"
    assert start("plot", "latest", "--kind", "echo", "-o", "echo.png").returncode == 0
    assert start("export", "latest", "-o", "history.csv").returncode == 0
    assert len(pd.read_csv(user_home / "history.csv")) == 300
    assert (user_home / "echo.png").read_bytes().startswith(b"\x89PNG")
    assert "echo-1" in start("list", "runs").stdout
    for kind in ("recipes", "datasets", "cells", "optimizers"):
        assert start("list", kind).stdout.count("\n") > 3


WAVE = np.sin(np.arange(400) / 5)


def _hdf5(path: Path) -> None:
    with h5py.File(path, "w") as file:
        file["v"] = WAVE


FILES: dict[str, Callable[[Path], object]] = {
    ".csv": lambda path: pd.DataFrame({"v": WAVE}).to_csv(path, index=False),
    ".xlsx": lambda path: pd.DataFrame({"v": WAVE}).to_excel(path, index=False),
    ".xls": lambda path: path.write_bytes(xls_bytes({"data": [["v"], *([value] for value in WAVE.tolist())]})),
    ".parquet": lambda path: pd.DataFrame({"v": WAVE, "s": "text"}).to_parquet(path),
    ".npy": lambda path: np.save(path, WAVE),
    ".npz": lambda path: np.savez(path, v=WAVE),
    ".mat": lambda path: savemat(path, {"v": WAVE}),
    ".h5": _hdf5,
    ".wav": lambda path: wavfile.write(path, 8000, (WAVE * 2000).astype(np.int16)),
    ".pkl": lambda path: pd.to_pickle(WAVE, path),
}


@pytest.mark.parametrize("ending", FILES)
def test_every_file_format_is_read(start: Start, user_home: Path, ending: str) -> None:
    FILES[ending](user_home / f"wave{ending}")
    result = start("train", f"wave{ending}", "--updates", "3")
    assert result.returncode == 0, result.stderr


def test_doctor_reports_the_bundle(start: Start) -> None:
    report = start("doctor").stdout
    assert "a bundle" in report
    assert "device      CPU: this TensorFlow is built for the CPU" in report
    assert "LD_LIBRARY_PATH" not in report


def test_libraries_of_other_programs_are_ignored(start: Start, user_home: Path) -> None:
    """Starters of other programs set LD_LIBRARY_PATH to folders with libraries of their own."""
    folder = user_home / "libraries"
    folder.mkdir()
    for name in ("libstdc++.so.6", "libQt6Core.so.6", "libxcb.so.1", "libpython3.11.so.1.0", "libGL.so.1"):
        (folder / name).write_bytes(b"not a library")
    variables = {"LD_LIBRARY_PATH": str(folder), "QT_PLUGIN_PATH": str(folder), "PYTHONPATH": str(folder)}
    result = start("--smoke", QT_QPA_PLATFORM="offscreen", **variables)
    assert result.returncode == 0, result.stderr


def test_a_missing_display_is_reported_in_one_line(start: Start) -> None:
    for variables in ({}, {"DISPLAY": ":97"}):
        result = start(**variables)
        assert result.returncode == 2
        assert result.stderr.startswith("Error: ")
        assert "display" in result.stderr
        assert result.stderr.count("\n") == 1


def test_missing_fonts_are_reported(start: Start, user_home: Path) -> None:
    (user_home / "none.conf").write_text("<fontconfig><dir>/nowhere</dir></fontconfig>")
    result = start("--smoke", prefix=_XVFB, FONTCONFIG_FILE=str(user_home / "none.conf"))
    assert result.returncode == 1
    assert "Error: There is no font on this computer" in result.stderr
    assert start("train", "echo", "--updates", "30").returncode == 0
    plot = start("plot", "latest", FONTCONFIG_FILE=str(user_home / "none.conf"))
    assert plot.returncode == 1
    assert "Error: There is no font on this computer" in plot.stderr


def test_a_read_only_home_folder_is_reported(start: Start) -> None:
    result = start("train", "echo", "--updates", "30", HOME="/proc/nobody")
    assert result.returncode == 1
    assert "could not be saved" in result.stdout + result.stderr
    assert "Traceback" not in result.stderr
    assert "cannot be written" in start("doctor", HOME="/proc/nobody").stdout


@pytest.mark.skipif(not _ROOT, reason="only root can create a folder of another user")
def test_a_home_folder_without_access_is_reported(start: Start, user_home: Path) -> None:
    os.chown(user_home, 0, 0)
    user_home.chmod(0o700)
    report = start("doctor", cwd=Path("/")).stdout
    assert "Permission denied" in report
    result = start("--smoke", cwd=Path("/"), prefix=_XVFB)
    assert result.returncode == 0, result.stderr
    assert start("list", "runs", cwd=Path("/")).stdout.startswith("No runs")


@pytest.mark.skipif(not _ROOT, reason="only root can mount a file system")
def test_a_full_disk_is_reported(start: Start, user_home: Path) -> None:
    disk = user_home / "disk"
    disk.mkdir()
    mount = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=64k,mode=777", "tmpfs", str(disk)], check=False)
    if mount.returncode:
        pytest.skip("no file system can be mounted here")
    try:
        for folders in ({"RNNSTUDIO_HOME": str(disk / "home")}, {"HOME": str(disk), "TMPDIR": str(disk)}):
            (disk / "filler").write_bytes(b"x" * 60_000)
            result = start("train", "echo", "--updates", "30", **folders)
            assert result.returncode == 1, (result.stdout, result.stderr)
            assert "No space left on device" in result.stdout + result.stderr
            assert "Traceback" not in result.stderr
            assert not [p for p in disk.rglob("*") if "saving" in p.name]
    finally:
        subprocess.run(["umount", str(disk)], check=True)


def test_runs_of_a_newer_version_are_reported(start: Start, user_home: Path) -> None:
    """The list of runs and commands for the run both name it."""
    assert start("train", "echo", "--updates", "30").returncode == 0
    [run_file] = user_home.rglob("run.json")
    newer = run_file.parent.with_name("echo-2")
    shutil.copytree(run_file.parent, newer)
    (newer / "run.json").write_text(json.dumps({**json.loads(run_file.read_text()), "schema_version": 99}))
    runs = start("list", "runs")
    assert "echo-1" in runs.stdout
    assert "echo-2" not in runs.stdout
    assert "update to open it" in runs.stderr
    plot = start("plot", "echo-2")
    assert plot.returncode == 1
    assert "newer rnnstudio" in plot.stderr
    assert start("train", "echo", "--updates", "30").returncode == 0
    assert newer.with_name("echo-3").is_dir()
