"""Downloads from a local server: interrupted, continued, altered and offline (downloads and http_download)."""

from __future__ import annotations

import hashlib
import re
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from rnnstudio.core.errors import DataError, StoppedError
from rnnstudio.core.events import Fetching
from rnnstudio.core.fetching import reporting_to
from rnnstudio.library.datasets import etth2, har, mnist_rows
from rnnstudio.reading import http_download
from rnnstudio.reading.downloads import DownloadSource, fetch
from tests.server import Server, serving

CONTENT = np.random.default_rng(0).bytes(1_000_000)
BLOCK = http_download._BLOCK
CHECKSUM = hashlib.sha256(CONTENT).hexdigest()


@pytest.fixture(autouse=True)
def without_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(http_download, "_PAUSE", 0.01)
    monkeypatch.setattr(http_download, "_REPORT_SECONDS", 0.0)
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")


def source_at(*servers: Server, checksum: str = CHECKSUM) -> DownloadSource:
    """Return a data set with one file on these servers."""
    return DownloadSource(
        "signals", {"signals.bin": checksum}, tuple(server.address for server in servers), len(CONTENT)
    )


def downloaded(home: Path) -> bytes:
    """Return the downloaded file after checking that no other file is beside it but its recorded checksum."""
    folder = home / "downloads" / "signals"
    assert {file.name for file in folder.iterdir()} - {"signals.bin.sha256"} == {"signals.bin"}
    return (folder / "signals.bin").read_bytes()


def test_a_file_is_downloaded_once_and_progress_is_reported(home: Path) -> None:
    events: list[Fetching] = []
    with serving(content=CONTENT) as server, reporting_to(events.append):
        assert fetch(source_at(server)) == ()
        assert fetch(source_at(server)) == ()
    assert downloaded(home) == CONTENT
    assert server.requested_ranges == [""]
    done = [event.done for event in events]
    assert done == sorted(done)
    assert len(done) > 10
    assert events[-1] == Fetching("signals", 1_000_000, 1_000_000)
    assert events[-1].text == "fetching signals: 1.0 of 1.0 MB"


def test_a_download_continues_after_the_connection_is_lost(home: Path) -> None:
    with serving(content=CONTENT, disconnect_after=[30 * BLOCK, 20 * BLOCK + 7]) as server:
        fetch(source_at(server))
    assert downloaded(home) == CONTENT
    assert server.requested_ranges == ["", f"bytes={30 * BLOCK}-", f"bytes={50 * BLOCK}-"]


def test_any_number_of_lost_connections_is_accepted_while_new_bytes_arrive(home: Path) -> None:
    with serving(content=CONTENT, disconnect_after=[100_000] * 9) as server:
        fetch(source_at(server))
    assert downloaded(home) == CONTENT
    assert len(server.requested_ranges) == 10


def test_a_server_without_ranges_sends_the_whole_file_again(home: Path) -> None:
    with serving(content=CONTENT, disconnect_after=[30 * BLOCK], supports_ranges=False) as server:
        fetch(source_at(server))
    assert downloaded(home) == CONTENT
    assert server.requested_ranges == ["", f"bytes={30 * BLOCK}-"]


def test_the_length_of_the_file_need_not_be_known(home: Path) -> None:
    events: list[Fetching] = []
    with serving(content=CONTENT, sends_length=False) as server, reporting_to(events.append):
        fetch(source_at(server))
    assert downloaded(home) == CONTENT
    assert events[-1].text == "fetching signals: 1.0 MB"


@pytest.mark.parametrize("status", [503, 500, 429])
def test_a_busy_server_is_asked_again(home: Path, status: int) -> None:
    with serving(content=CONTENT, statuses=[status, status]) as server:
        fetch(source_at(server))
    assert downloaded(home) == CONTENT
    assert len(server.requested_ranges) == 3


def test_the_next_url_is_used_if_the_first_one_does_not_have_the_file(home: Path) -> None:
    with serving(statuses=[404]) as without_file, serving(content=CONTENT) as server:
        fetch(source_at(without_file, server))
    assert downloaded(home) == CONTENT
    assert (len(without_file.requested_ranges), len(server.requested_ranges)) == (1, 1)


def test_a_download_continues_at_the_next_url(home: Path) -> None:
    with serving(content=CONTENT, disconnect_after=[24 * BLOCK]) as first, serving(content=CONTENT) as second:
        fetch(source_at(first, second))
    assert downloaded(home) == CONTENT
    assert second.requested_ranges == [f"bytes={24 * BLOCK}-"]


def test_an_altered_download_is_deleted_and_downloaded_again_with_a_note(home: Path) -> None:
    events: list[Fetching] = []
    with serving(content=CONTENT, altered_responses=1) as server, reporting_to(events.append):
        notes = fetch(source_at(server))
    assert downloaded(home) == CONTENT
    assert notes == (
        "signals.bin was truncated or altered (its checksum is different); it was deleted and downloaded again.",
    )
    assert notes[0] in [event.note for event in events]
    assert server.requested_ranges == ["", ""]


def test_a_download_that_is_altered_twice_is_refused_and_deleted(home: Path) -> None:
    with serving(content=CONTENT, altered_responses=9) as server, pytest.raises(DataError, match="is still damaged"):
        fetch(source_at(server))
    assert list((home / "downloads" / "signals").iterdir()) == []
    assert len(server.requested_ranges) == 2


@pytest.mark.parametrize("damaged", [CONTENT[:-1], CONTENT[:1000], b"", CONTENT[:-1] + b"?"])
def test_a_file_that_was_damaged_on_the_disk_is_downloaded_again(home: Path, damaged: bytes) -> None:
    with serving(content=CONTENT) as server:
        fetch(source_at(server))
        (home / "downloads" / "signals" / "signals.bin").write_bytes(damaged)
        assert "signals.bin was truncated or altered" in fetch(source_at(server))[0]
    assert downloaded(home) == CONTENT
    assert server.requested_ranges == ["", ""]


def test_the_content_is_checked_if_there_is_no_checksum(home: Path) -> None:
    def check(file: Path) -> None:
        if file.stat().st_size < len(CONTENT):
            raise DataError("signals.bin is not an archive.")

    with serving(content=CONTENT, disconnect_after=[10_000], sends_length=False) as server:
        notes = fetch(source_at(server, checksum=""), check)
    assert downloaded(home) == CONTENT
    assert notes == (
        "signals.bin was truncated or altered (signals.bin is not an archive); it was deleted and downloaded again.",
    )


def test_a_partial_file_that_is_too_long_is_replaced(home: Path) -> None:
    folder = home / "downloads" / "signals"
    folder.mkdir(parents=True)
    (folder / "signals.bin.part").write_bytes(CONTENT + b"more")
    with serving(content=CONTENT) as server:
        assert fetch(source_at(server)) == ()
    assert downloaded(home) == CONTENT


def test_a_partial_file_with_other_content_is_detected_by_the_checksum(home: Path) -> None:
    folder = home / "downloads" / "signals"
    folder.mkdir(parents=True)
    (folder / "signals.bin.part").write_bytes(b"x" * 1000)
    with serving(content=CONTENT) as server:
        assert len(fetch(source_at(server))) == 1
    assert downloaded(home) == CONTENT


def test_a_stopped_download_continues_at_the_next_start(home: Path) -> None:
    events: list[Fetching] = []
    with serving(content=CONTENT, pause=0.01) as server:
        with (
            reporting_to(events.append, lambda: events[-1].done > 300_000),
            pytest.raises(StoppedError, match=r"0\.3 MB of signals"),
        ):
            fetch(source_at(server))
        part = home / "downloads" / "signals" / "signals.bin.part"
        size = part.stat().st_size
        assert 250_000 < size < 400_000
        server.pause = 0
        fetch(source_at(server))
    assert server.requested_ranges == ["", f"bytes={size}-"]
    assert downloaded(home) == CONTENT


def test_a_download_can_be_stopped_while_it_waits_for_the_server(home: Path) -> None:
    events: list[Fetching] = []
    with (
        serving(statuses=[503] * 9) as server,
        reporting_to(events.append, lambda: len(events) > 1),
        pytest.raises(StoppedError, match="signals"),
    ):
        fetch(source_at(server))
    assert {event.text for event in events} == {"fetching signals: waiting for the server"}


def test_ctrl_c_leaves_the_partial_file(home: Path) -> None:
    def interrupt(event: Fetching) -> None:
        if event.done > 300_000:
            raise KeyboardInterrupt

    with serving(content=CONTENT) as server, reporting_to(interrupt), pytest.raises(KeyboardInterrupt):
        fetch(source_at(server))
    assert [file.name for file in (home / "downloads" / "signals").iterdir()] == ["signals.bin.part"]


def test_a_download_that_is_much_too_large_is_stopped(home: Path) -> None:
    with serving(content=CONTENT * 4) as server, pytest.raises(DataError, match="sends more than 3 MB"):
        fetch(source_at(server))
    assert list((home / "downloads" / "signals").iterdir()) == []


def test_offline_the_error_names_file_url_and_folder(home: Path) -> None:
    with serving() as server:
        pass  # no server listens at its port afterwards
    with pytest.raises(DataError) as caught:
        fetch(source_at(server))
    assert str(caught.value) == (
        "signals could not be downloaded (there is no connection to the server). Download signals.bin (1 MB) from "
        f"{server.address}signals.bin and put it into {home / 'downloads' / 'signals'}, or set file to its path."
    )


@pytest.mark.parametrize(("status", "response"), [(404, "404 Not Found"), (403, "403 Forbidden"), (503, "503 Service")])
def test_the_status_of_the_server_is_part_of_the_error(status: int, response: str) -> None:
    with serving(statuses=[status] * 9) as server, pytest.raises(DataError, match=f"the server responded {response}"):
        fetch(source_at(server))


def test_a_folder_without_write_permission_is_named(home: Path) -> None:
    home.mkdir()
    (home / "downloads").write_text("a file in the way")
    with serving(content=CONTENT) as server, pytest.raises(DataError, match="downloads/signals cannot be written to"):
        fetch(source_at(server))


@pytest.mark.parametrize("is_named", [True, False])
def test_redirects_are_followed_to_the_hosts_that_are_named_only(home: Path, is_named: bool) -> None:
    with serving(content=CONTENT) as other, serving(redirect=f"{other.address}signals.bin") as server:
        host = other.address.removeprefix("http://").rstrip("/")
        source = replace(source_at(server), hosts=(host,) if is_named else ())
        if is_named:
            fetch(source)
            assert downloaded(home) == CONTENT
        else:
            with pytest.raises(DataError, match=f"the server redirects to {other.address}signals.bin; .* is expected"):
                fetch(source)
            assert other.requested_ranges == []


@pytest.mark.parametrize("target", ["http://127.0.0.1:1/x", "file:///etc/passwd", "//example.org/x", "ftp://a/b", "/x"])
def test_redirects_elsewhere_and_without_end_are_refused(home: Path, target: str) -> None:
    with serving(redirect=target) as server, pytest.raises(DataError, match="the server redirects"):
        fetch(source_at(server))
    assert not (home / "downloads" / "signals" / "signals.bin").exists()


def test_a_link_in_place_of_a_partial_file_is_not_followed(home: Path, tmp_path: Path) -> None:
    folder = home / "downloads" / "signals"
    folder.mkdir(parents=True)
    (tmp_path / "valuable").write_bytes(b"mine")
    (folder / "signals.bin.part").symlink_to(tmp_path / "valuable")
    with serving(content=CONTENT) as server:
        fetch(source_at(server))
    assert (tmp_path / "valuable").read_bytes() == b"mine"
    assert downloaded(home) == CONTENT


def test_the_checksum_of_the_first_download_is_recorded_where_none_is_published(home: Path) -> None:
    checked: list[Path] = []
    with serving(content=CONTENT) as server:
        source = source_at(server, checksum="")
        fetch(source, checked.append)
        fetch(source, checked.append)
        folder = home / "downloads" / "signals"
        assert (folder / "signals.bin.sha256").read_text() == f"{CHECKSUM}  signals.bin\n"
        assert len(checked) == 1
        (folder / "signals.bin").write_bytes(CONTENT[:-1] + b"?")
        assert "its checksum is different" in fetch(source, checked.append)[0]
    assert len(checked) == 2
    assert downloaded(home) == CONTENT


def test_every_published_file_or_its_content_has_a_sha_256() -> None:
    sources = (etth2.DOWNLOAD, mnist_rows.DOWNLOAD, har.DOWNLOAD)
    checksums = [checksum for source in sources[:2] for checksum in source.files.values()]
    assert all(re.fullmatch("[0-9a-f]{64}", checksum) for checksum in [*checksums, har.PUBLISHED_SHA256])
    assert all(url.startswith("https://") for source in sources for url in source.urls)


def test_the_checksums_of_mnist_are_those_of_the_real_files(real_data: Path) -> None:
    for name, checksum in mnist_rows.DOWNLOAD.files.items():
        assert hashlib.sha256((real_data / "mnist" / name).read_bytes()).hexdigest() == checksum
