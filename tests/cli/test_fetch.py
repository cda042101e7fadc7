"""`rnnstudio fetch` and the progress of downloads: in a log, in a terminal, after Ctrl-C, and in Python."""

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
from rnnstudio.library.datasets import har
from tests.server import serving
from tests.small_har import outer_zip, write_har, zip_folder

posix = pytest.mark.skipif(sys.platform == "win32", reason="signals and terminals as POSIX has them")

# The command line with a test server instead of the publisher's.
_WITH_TEST_SERVER = """
import sys
from rnnstudio.cli import fetch
from rnnstudio.cli.main import main
from rnnstudio.library.datasets import har
from rnnstudio.reading import http_download
har.DOWNLOAD = har.downloads.DownloadSource("har", har.DOWNLOAD.files, (sys.argv.pop(1),), 1_000_000)
har._check = har.parse_recordings  # its numbers are not the published ones
http_download._PAUSE = 0.01
fetch._LINE_SECONDS = 0.02
main()
"""


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    return outer_zip(zip_folder(write_har(tmp_path_factory.mktemp("har"), subjects=21)))


@pytest.fixture
def with_server(home: Path, tmp_path: Path) -> Callable[..., subprocess.Popen[str]]:
    """A function that starts `rnnstudio ARGS` in another process, which downloads from a given address."""

    def start(address: str, *args: str, **options: Any) -> subprocess.Popen[str]:
        environment = {k: v for k, v in os.environ.items() if k != "RNNSTUDIO_DATA"}
        environment |= {"PYTHONPATH": str(Path(__file__).resolve().parents[2]), "NO_PROXY": "*", "TERM": "xterm"}
        pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True} | options
        return subprocess.Popen(
            [sys.executable, "-c", _WITH_TEST_SERVER, address, *args], cwd=tmp_path, env=environment, **pipes
        )

    return start


def test_a_data_set_is_downloaded_and_its_path_printed(with_server: Any, archive: bytes, home: Path) -> None:
    with serving(content=archive) as server, with_server(server.address, "fetch", "har") as process:
        out, err = process.communicate(timeout=60)
    assert process.returncode == 0, err
    file = Path(out.strip())
    assert file.parent == home / "downloads" / "har"
    assert file.read_bytes() == archive
    size = f"{len(archive) / 1e6:.1f}"
    assert err.splitlines()[-1] == f"fetching har: {size} of {size} MB"


@posix
def test_after_ctrl_c_the_next_download_continues(with_server: Any, archive: bytes, home: Path) -> None:
    with serving(content=archive, pause=0.05) as server:
        with with_server(server.address, "fetch", "har_lstm") as process:
            next(line for line in process.stderr if line.endswith("MB\n"))
            process.send_signal(signal.SIGINT)
            _, err = process.communicate(timeout=30)
        assert process.returncode == 130
        assert err == "The partial download is saved; the next download continues from there.\nStopped.\n"
        (part,) = (home / "downloads" / "har").iterdir()
        downloaded = part.stat().st_size
        server.pause = 0
        with with_server(server.address, "fetch", "har", "--quiet") as process:
            out, err = process.communicate(timeout=60)
    assert (process.returncode, err) == (0, "")
    assert server.requested_ranges == ["", f"bytes={downloaded}-"]
    assert Path(out.strip()).read_bytes() == archive


@posix
def test_a_terminal_shows_a_bar(with_server: Any, archive: bytes) -> None:
    import pty

    ours, theirs = pty.openpty()
    with (
        serving(content=archive, pause=0.02) as server,
        with_server(server.address, "fetch", "har", stderr=theirs) as process,
    ):
        os.close(theirs)
        output = b""
        with contextlib.suppress(OSError):  # Linux reports a closed terminal as an error
            while more := os.read(ours, 65536):
                output += more
    os.close(ours)
    assert process.returncode == 0
    assert b"fetching har" in output
    assert "━".encode() in output
    assert f"/{len(archive) / 1e3:.1f} kB".encode() in output
    assert output.rindex(b"\x1b[?25h") > output.index(b"\x1b[?25l")  # the cursor is visible again


@pytest.mark.usefixtures("uncompiled")
def test_training_downloads_first(archive: bytes, invoke: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("RNNSTUDIO_DATA", raising=False)
    monkeypatch.setenv("NO_PROXY", "*")
    with serving(content=archive) as server:
        source = har.downloads.DownloadSource("har", har.DOWNLOAD.files, (server.address,), 1_000_000)
        monkeypatch.setattr(har, "DOWNLOAD", source)
        monkeypatch.setattr(har, "_check", har.parse_recordings)
        result = invoke("train", "har", "--batch-size", "5", "--updates", "2", "--units", "2")
    assert result.exit_code == 0, result.stderr
    lines = result.stderr.splitlines()
    assert lines[0].startswith("fetching har: ")
    assert lines.index("Loading TensorFlow ...") > 0
    assert "Test accuracy" in result.stdout


def test_without_a_connection_the_exit_code_is_2_and_the_file_to_get_is_named(with_server: Any, home: Path) -> None:
    with with_server("http://127.0.0.1:1/", "train", "har") as process:
        _, err = process.communicate(timeout=60)
    assert process.returncode == 2
    assert "Error: har could not be downloaded (there is no connection to the server). Download human+activity" in err
    assert f"from http://127.0.0.1:1/human+activity+recognition+using+smartphones.zip and put it into {home}" in err


def test_files_of_the_user_are_not_downloaded(real_data: Path, monkeypatch: pytest.MonkeyPatch, invoke: Any) -> None:
    monkeypatch.setenv("RNNSTUDIO_DATA", str(real_data))
    assert invoke("fetch", "har").stdout == f"{real_data / 'har' / 'UCI HAR Dataset.zip'}\n"
    assert rnnstudio.fetch("mnist_rows_lstm") == str(real_data / "mnist")
    assert rnnstudio.fetch("etth2") == str(real_data / "series" / "ETTh2.csv")


@pytest.mark.parametrize("name", ["hra", "echo", "airline"])
def test_a_name_without_files_is_refused_with_the_known_ones(name: str, invoke: Any) -> None:
    result = invoke("fetch", name)
    assert result.exit_code == 2
    assert "Known: etth2, har, mnist_rows" in result.stderr
    with pytest.raises(UnknownNameError, match="no data set to fetch called"):
        rnnstudio.fetch(name)
