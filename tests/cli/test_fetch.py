"""`rnnstudio fetch` and what is told of a download: in a log, in a terminal, at Ctrl-C, and in Python."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import rnnstudio
from rnnstudio.core.errors import UnknownNameError
from tests.server import serving
from tests.small_har import outer_zip, write_har, zip_folder

posix = pytest.mark.skipif(sys.platform == "win32", reason="signals and terminals as POSIX has them")

# the command line, with another server in the publisher's place
_ELSEWHERE = """
import sys
from rnnstudio.cli import fetch
from rnnstudio.cli.main import main
from rnnstudio.library.datasets import har
from rnnstudio.reading import http_download
har.DOWNLOAD = har.downloads.DownloadSource("har", har.DOWNLOAD.files, (sys.argv.pop(1),), 1_000_000)
http_download._PAUSE = 0.01
fetch._LINE_SECONDS = 0.02
main()
"""


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    return outer_zip(zip_folder(write_har(tmp_path_factory.mktemp("har"), subjects=21)))


@pytest.fixture
def elsewhere(home: Path, tmp_path: Path) -> Callable[..., subprocess.Popen[str]]:
    """Starts `rnnstudio ARGS` in a process of its own that downloads from an address of ours."""

    def start(address: str, *args: str, **options: Any) -> subprocess.Popen[str]:
        environment = {k: v for k, v in os.environ.items() if k != "RNNSTUDIO_DATA"}
        environment |= {"PYTHONPATH": str(Path(__file__).resolve().parents[2]), "NO_PROXY": "*", "TERM": "xterm"}
        pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True} | options
        return subprocess.Popen(
            [sys.executable, "-c", _ELSEWHERE, address, *args], cwd=tmp_path, env=environment, **pipes
        )

    return start


def test_a_data_set_is_fetched_and_said_where_it_is(elsewhere: Any, archive: bytes, home: Path) -> None:
    with serving(content=archive) as server, elsewhere(server.address, "fetch", "har") as process:
        out, err = process.communicate(timeout=60)
    assert process.returncode == 0, err
    file = Path(out.strip())
    assert file.parent == home / "downloads" / "har"
    assert file.read_bytes() == archive
    size = f"{len(archive) / 1e6:.1f}"
    assert err.splitlines()[-1] == f"fetching har: {size} of {size} MB"


@posix
def test_ctrl_c_keeps_what_is_there_and_the_next_start_goes_on(elsewhere: Any, archive: bytes, home: Path) -> None:
    with serving(content=archive, pause=0.05) as server:
        with elsewhere(server.address, "fetch", "har_lstm") as process:
            next(line for line in process.stderr if line.endswith("MB\n"))
            process.send_signal(signal.SIGINT)
            _, err = process.communicate(timeout=30)
        assert process.returncode == 130
        assert err == "What was downloaded is kept, and the next start goes on from there.\nStopped.\n"
        (part,) = (home / "downloads" / "har").iterdir()
        there = part.stat().st_size
        server.pause = 0
        with elsewhere(server.address, "fetch", "har", "--quiet") as process:
            out, err = process.communicate(timeout=60)
    assert (process.returncode, err) == (0, "")
    assert server.requested_ranges == ["", f"bytes={there}-"]
    assert Path(out.strip()).read_bytes() == archive


@posix
def test_a_terminal_shows_a_bar(elsewhere: Any, archive: bytes) -> None:
    import pty

    ours, theirs = pty.openpty()
    with (
        serving(content=archive, pause=0.02) as server,
        elsewhere(server.address, "fetch", "har", stderr=theirs) as process,
    ):
        os.close(theirs)
        shown = b""
        with contextlib.suppress(OSError):  # Linux' way of saying that the other end is closed
            while more := os.read(ours, 65536):
                shown += more
    os.close(ours)
    assert process.returncode == 0
    assert b"fetching har" in shown
    assert "━".encode() in shown
    assert f"/{len(archive) / 1e3:.1f} kB".encode() in shown
    assert shown.rindex(b"\x1b[?25h") > shown.index(b"\x1b[?25l")  # the cursor is back


def test_training_downloads_first(elsewhere: Any, archive: bytes) -> None:
    with (
        serving(content=archive) as server,
        elsewhere(server.address, "train", "har", "--batch-size", "5", "--updates", "2", "--units", "2") as process,
    ):
        out, err = process.communicate(timeout=100)
    assert process.returncode == 0, err
    told = err.splitlines()
    assert told[0].startswith("fetching har: ")
    assert told.index("Loading TensorFlow ...") > 0
    assert "test_accuracy" in out


def test_offline_is_exit_2_with_the_file_to_get(elsewhere: Any, home: Path) -> None:
    with elsewhere("http://127.0.0.1:1/", "train", "har") as process:
        _, err = process.communicate(timeout=60)
    assert process.returncode == 2
    assert "Error: har could not be downloaded (there is no connection to the server). Download human+activity" in err
    assert f"from http://127.0.0.1:1/human+activity+recognition+using+smartphones.zip and put it into {home}" in err


def test_what_is_there_is_only_named(real_data: Path, monkeypatch: pytest.MonkeyPatch, invoke: Any) -> None:
    monkeypatch.setenv("RNNSTUDIO_DATA", str(real_data))
    assert invoke("fetch", "har").stdout == f"{real_data / 'har' / 'UCI HAR Dataset.zip'}\n"
    assert rnnstudio.fetch("mnist_rows_lstm") == str(real_data / "mnist")


@pytest.mark.parametrize("name", ["hra", "echo", "airline"])
def test_what_needs_no_files_is_told_with_what_does(name: str, invoke: Any) -> None:
    result = invoke("fetch", name)
    assert result.exit_code == 2
    assert "Known: har, mnist_rows" in result.stderr
    with pytest.raises(UnknownNameError, match="no data set to fetch called"):
        rnnstudio.fetch(name)
