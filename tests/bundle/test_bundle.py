"""The packaged program, as somebody meets it who never sees Python.   make test-bundle

It is copied to a folder that cannot be written, and started by a user who is not root, where the tests may do that.
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

pytestmark = [pytest.mark.bundle, pytest.mark.skipif(not sys.platform.startswith("linux"), reason="a Linux bundle")]

_ROOT = os.geteuid() == 0
_USER = ("setpriv", "--reuid=65534", "--regid=65534", "--clear-groups") if _ROOT else ()
_XVFB = ("xvfb-run", "-a", "-s", "-screen 0 1366x768x24")

Start = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture(scope="session")
def bundle() -> Iterator[Path]:
    """The program of the bundle."""
    built = Path(os.environ.get("RNNSTUDIO_BUNDLE", Path(__file__).resolve().parents[2] / "dist" / "rnnstudio"))
    assert (built / "rnnstudio").is_file(), f"there is no bundle in {built}; make bundle"
    with tempfile.TemporaryDirectory(dir="/tmp", prefix="rnnstudio-bundle-") as place:
        Path(place).chmod(0o755)  # pytest's own folders are closed to other users
        folder = Path(place) / "installed here, with blanks"
        shutil.copytree(built, folder, symlinks=True)
        for part in (folder, *folder.rglob("*")):
            if not part.is_symlink():
                part.chmod(part.stat().st_mode & ~0o222 | 0o444)
        yield folder / "rnnstudio"
        subprocess.run(["chmod", "-R", "u+w", place], check=True)


@pytest.fixture
def user_home(tmp_path: Path) -> Iterator[Path]:
    """The home of the user who starts it."""
    folder = Path("/tmp") / f"rnnstudio-test-{os.getpid()}-{tmp_path.name}"[:80]
    folder.mkdir()
    if _ROOT:
        os.chown(folder, 65534, 65534)
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def start(bundle: Path, user_home: Path) -> Start:
    """Runs it with arguments, in the user's home and with next to nothing in its environment."""

    def run(
        *args: str, before: tuple[str, ...] = (), at: Path | None = None, **variables: str
    ) -> subprocess.CompletedProcess[str]:
        environment = {"HOME": str(user_home), "PATH": "/usr/bin:/bin", "LANG": "C.UTF-8", **variables}
        command = [*_USER, *before, str(bundle), *args]
        return subprocess.run(
            command, cwd=at or user_home, env=environment, text=True, capture_output=True, timeout=150, check=False
        )

    return run


def test_the_whole_program_works_and_nothing_is_left(start: Start, user_home: Path) -> None:
    done = start("--smoke", before=_XVFB)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("rnnstudio ")
    assert done.stdout.count("\n") == 1
    assert "TensorFlow not loaded by then" in done.stdout
    assert list(user_home.rglob("*")) == []


def test_the_command_line_works(start: Start, user_home: Path) -> None:
    done = start("train", "echo", "--updates", "300", "--json")
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["outcome"] == "completed"
    assert start("plot", "latest", "--kind", "echo", "-o", "echo.png").returncode == 0
    assert start("export", "latest", "-o", "history.csv").returncode == 0
    assert len(pd.read_csv(user_home / "history.csv")) == 300
    assert (user_home / "echo.png").read_bytes().startswith(b"\x89PNG")
    assert "echo-1" in start("list", "runs").stdout
    for what in ("recipes", "datasets", "cells", "optimizers"):
        assert start("list", what).stdout.count("\n") > 3


WAVE = np.sin(np.arange(400) / 5)


def _hdf5(path: Path) -> None:
    with h5py.File(path, "w") as file:
        file["v"] = WAVE


FILES: dict[str, Callable[[Path], object]] = {
    ".csv": lambda path: pd.DataFrame({"v": WAVE}).to_csv(path, index=False),
    ".xlsx": lambda path: pd.DataFrame({"v": WAVE}).to_excel(path, index=False),
    ".parquet": lambda path: pd.DataFrame({"v": WAVE, "s": "text"}).to_parquet(path),
    ".npy": lambda path: np.save(path, WAVE),
    ".npz": lambda path: np.savez(path, v=WAVE),
    ".mat": lambda path: savemat(path, {"v": WAVE}),
    ".h5": _hdf5,
    ".wav": lambda path: wavfile.write(path, 8000, (WAVE * 2000).astype(np.int16)),
    ".pkl": lambda path: pd.to_pickle(WAVE, path),
}


@pytest.mark.parametrize("ending", FILES)
def test_every_kind_of_file_is_read(start: Start, user_home: Path, ending: str) -> None:
    FILES[ending](user_home / f"wave{ending}")
    done = start("train", f"wave{ending}", "--updates", "3")
    assert done.returncode == 0, done.stderr


def test_doctor_says_that_it_is_a_bundle(start: Start) -> None:
    told = start("doctor").stdout
    assert "a bundle" in told
    assert "device      CPU: this TensorFlow is built for the CPU" in told
    assert "LD_LIBRARY_PATH" not in told


def test_libraries_of_another_program_are_left_alone(start: Start, user_home: Path) -> None:
    """They lie where many a program's starter points LD_LIBRARY_PATH to, and are of no use to ours."""
    theirs = user_home / "theirs"
    theirs.mkdir()
    for name in ("libstdc++.so.6", "libQt6Core.so.6", "libxcb.so.1", "libpython3.11.so.1.0", "libGL.so.1"):
        (theirs / name).write_bytes(b"not even a library")
    variables = {"LD_LIBRARY_PATH": str(theirs), "QT_PLUGIN_PATH": str(theirs), "PYTHONPATH": str(theirs)}
    done = start("--smoke", QT_QPA_PLATFORM="offscreen", **variables)
    assert done.returncode == 0, done.stderr


def test_without_a_display_a_sentence_says_so(start: Start) -> None:
    for variables in ({}, {"DISPLAY": ":97"}):
        done = start(**variables)
        assert done.returncode == 2
        assert done.stderr.startswith("Error: ")
        assert "display" in done.stderr
        assert done.stderr.count("\n") == 1


def test_without_fonts_a_sentence_says_so(start: Start, user_home: Path) -> None:
    (user_home / "none.conf").write_text("<fontconfig><dir>/nowhere</dir></fontconfig>")
    done = start("--smoke", before=_XVFB, FONTCONFIG_FILE=str(user_home / "none.conf"))
    assert done.returncode == 1
    assert "Error: There is no font on this computer" in done.stderr
    assert start("train", "echo", "--updates", "30").returncode == 0
    drawn = start("plot", "latest", FONTCONFIG_FILE=str(user_home / "none.conf"))
    assert drawn.returncode == 1
    assert "Error: There is no font on this computer" in drawn.stderr


def test_a_home_that_cannot_be_written_keeps_nothing_and_says_so(start: Start) -> None:
    done = start("train", "echo", "--updates", "30", HOME="/proc/nobody")
    assert done.returncode == 1
    assert "could not be saved" in done.stdout + done.stderr
    assert "Traceback" not in done.stderr
    assert "cannot be written" in start("doctor", HOME="/proc/nobody").stdout


@pytest.mark.skipif(not _ROOT, reason="root's home is closed to others only for others")
def test_a_home_that_may_not_be_entered_is_said(start: Start, user_home: Path) -> None:
    os.chown(user_home, 0, 0)
    user_home.chmod(0o700)
    told = start("doctor", at=Path("/")).stdout
    assert "Permission denied" in told
    done = start("--smoke", at=Path("/"), before=_XVFB)
    assert done.returncode == 0, done.stderr
    assert start("list", "runs", at=Path("/")).stdout.startswith("No runs")


@pytest.mark.skipif(not _ROOT, reason="only root can make a disk to fill")
def test_a_full_disk_is_said(start: Start, user_home: Path) -> None:
    disk = user_home / "disk"
    disk.mkdir()
    made = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=64k,mode=777", "tmpfs", str(disk)], check=False)
    if made.returncode:
        pytest.skip("no disk can be mounted here")
    try:
        for folders in ({"RNNSTUDIO_HOME": str(disk / "home")}, {"HOME": str(disk), "TMPDIR": str(disk)}):
            (disk / "filler").write_bytes(b"x" * 60_000)
            done = start("train", "echo", "--updates", "30", **folders)
            assert done.returncode == 1, (done.stdout, done.stderr)
            assert "No space left on device" in done.stdout + done.stderr
            assert "Traceback" not in done.stderr
            assert not [p for p in disk.rglob("*") if "saving" in p.name]
    finally:
        subprocess.run(["umount", str(disk)], check=True)


def test_two_versions_share_the_runs(start: Start, user_home: Path) -> None:
    """What a newer one saved is named, by the list and by whoever asks for it."""
    assert start("train", "echo", "--updates", "30").returncode == 0
    [mark] = user_home.rglob("run.json")
    newer = mark.parent.with_name("echo-2")
    shutil.copytree(mark.parent, newer)
    (newer / "run.json").write_text(json.dumps({**json.loads(mark.read_text()), "schema_version": 99}))
    listed = start("list", "runs")
    assert "echo-1" in listed.stdout
    assert "echo-2" not in listed.stdout
    assert "update to open it" in listed.stderr
    asked = start("plot", "echo-2")
    assert asked.returncode == 1
    assert "newer rnnstudio" in asked.stderr
    assert start("train", "echo", "--updates", "30").returncode == 0
    assert newer.with_name("echo-3").is_dir()
