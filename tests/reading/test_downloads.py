"""Downloads from a real server on this computer: whole, broken off, altered, gone on with, and offline."""

from __future__ import annotations

import hashlib
from pathlib import Path

import numpy as np
import pytest

from rnnstudio.core.errors import DataError, StoppedError
from rnnstudio.core.events import Fetching
from rnnstudio.core.fetching import reporting_to
from rnnstudio.reading import downloads
from rnnstudio.reading.downloads import DownloadSource, fetch
from tests.server import Server, serving

CONTENT = np.random.default_rng(0).bytes(1_000_000)
BLOCK = downloads._BLOCK
SHA = f"sha256:{hashlib.sha256(CONTENT).hexdigest()}"


@pytest.fixture(autouse=True)
def quickly(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(downloads, "_PAUSE", 0.01)
    monkeypatch.setattr(downloads, "_TELL_SECONDS", 0.0)
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")


def published(*servers: Server, checksum: str = SHA) -> DownloadSource:
    return DownloadSource("signals", {"signals.bin": checksum}, tuple(s.address for s in servers), len(CONTENT))


def fetched(home: Path) -> bytes:
    folder = home / "downloads" / "signals"
    assert [file.name for file in folder.iterdir()] == ["signals.bin"]  # nothing is left lying about
    return (folder / "signals.bin").read_bytes()


def test_a_file_is_fetched_once_with_progress(home: Path) -> None:
    told: list[Fetching] = []
    with serving(content=CONTENT) as server, reporting_to(told.append):
        assert fetch(published(server)) == ()
        assert fetch(published(server)) == ()
    assert fetched(home) == CONTENT
    assert server.asked == [""]
    done = [event.done for event in told]
    assert done == sorted(done)
    assert len(done) > 10
    assert told[-1] == Fetching("signals", 1_000_000, 1_000_000)
    assert told[-1].text == "fetching signals: 1.0 of 1.0 MB"


def test_a_connection_that_breaks_off_is_gone_on_with(home: Path) -> None:
    with serving(content=CONTENT, breaks=[30 * BLOCK, 20 * BLOCK + 7]) as server:
        fetch(published(server))
    assert fetched(home) == CONTENT
    assert server.asked == ["", f"bytes={30 * BLOCK}-", f"bytes={50 * BLOCK}-"]


def test_breaking_off_again_and_again_is_endured_as_long_as_something_comes(home: Path) -> None:
    with serving(content=CONTENT, breaks=[100_000] * 9) as server:
        fetch(published(server))
    assert fetched(home) == CONTENT
    assert len(server.asked) == 10


def test_a_server_that_cannot_begin_in_the_middle_is_asked_for_all(home: Path) -> None:
    with serving(content=CONTENT, breaks=[30 * BLOCK], ranges=False) as server:
        fetch(published(server))
    assert fetched(home) == CONTENT
    assert server.asked == ["", f"bytes={30 * BLOCK}-"]


def test_a_server_that_does_not_say_how_long_the_file_is_will_do(home: Path) -> None:
    told: list[Fetching] = []
    with serving(content=CONTENT, lengths=False) as server, reporting_to(told.append):
        fetch(published(server))
    assert fetched(home) == CONTENT
    assert told[-1].text == "fetching signals: 1.0 MB"


@pytest.mark.parametrize("status", [503, 500, 429])
def test_a_server_that_is_busy_is_asked_again(home: Path, status: int) -> None:
    with serving(content=CONTENT, says=[status, status]) as server:
        fetch(published(server))
    assert fetched(home) == CONTENT
    assert len(server.asked) == 3


def test_the_next_address_is_tried_where_one_has_not_got_it(home: Path) -> None:
    with serving(says=[404]) as gone, serving(content=CONTENT) as server:
        fetch(published(gone, server))
    assert fetched(home) == CONTENT
    assert (len(gone.asked), len(server.asked)) == (1, 1)


def test_an_address_that_breaks_off_is_gone_on_with_at_the_next(home: Path) -> None:
    with serving(content=CONTENT, breaks=[24 * BLOCK]) as one, serving(content=CONTENT) as other:
        fetch(published(one, other))
    assert fetched(home) == CONTENT
    assert other.asked == [f"bytes={24 * BLOCK}-"]


def test_an_altered_download_is_deleted_said_and_fetched_again(home: Path) -> None:
    told: list[Fetching] = []
    with serving(content=CONTENT, altered=1) as server, reporting_to(told.append):
        notes = fetch(published(server))
    assert fetched(home) == CONTENT
    assert notes == ("signals.bin was truncated or altered (its checksum is wrong); it was deleted and fetched again.",)
    assert notes[0] in [event.note for event in told]
    assert server.asked == ["", ""]


def test_a_download_that_stays_altered_is_refused_and_not_kept(home: Path) -> None:
    with serving(content=CONTENT, altered=9) as server, pytest.raises(DataError, match="still not as published"):
        fetch(published(server))
    assert list((home / "downloads" / "signals").iterdir()) == []
    assert len(server.asked) == 2


@pytest.mark.parametrize("damaged", [CONTENT[:-1], CONTENT[:1000], b"", CONTENT[:-1] + b"?"])
def test_a_file_damaged_on_the_disk_is_fetched_again(home: Path, damaged: bytes) -> None:
    with serving(content=CONTENT) as server:
        fetch(published(server))
        (home / "downloads" / "signals" / "signals.bin").write_bytes(damaged)
        assert "signals.bin was truncated or altered" in fetch(published(server))[0]
    assert fetched(home) == CONTENT
    assert server.asked == ["", ""]


def test_without_a_checksum_a_look_at_the_content_decides(home: Path) -> None:
    def look(file: Path) -> None:
        if file.stat().st_size < len(CONTENT):
            raise DataError("signals.bin is no archive.")

    with serving(content=CONTENT, breaks=[10_000], lengths=False) as server:
        notes = fetch(published(server, checksum=""), look)
    assert fetched(home) == CONTENT
    assert notes == (
        "signals.bin was truncated or altered (signals.bin is no archive); it was deleted and fetched again.",
    )


def test_a_partial_file_that_is_too_long_is_begun_anew(home: Path) -> None:
    folder = home / "downloads" / "signals"
    folder.mkdir(parents=True)
    (folder / "signals.bin.part").write_bytes(CONTENT + b"more")
    with serving(content=CONTENT) as server:
        assert fetch(published(server)) == ()
    assert fetched(home) == CONTENT


def test_a_partial_file_of_something_else_is_found_out_by_the_checksum(home: Path) -> None:
    folder = home / "downloads" / "signals"
    folder.mkdir(parents=True)
    (folder / "signals.bin.part").write_bytes(b"x" * 1000)
    with serving(content=CONTENT) as server:
        assert len(fetch(published(server))) == 1
    assert fetched(home) == CONTENT


def test_stopping_leaves_the_partial_file_and_the_next_start_goes_on_from_there(home: Path) -> None:
    told: list[Fetching] = []
    with serving(content=CONTENT, pause=0.01) as server:
        with (
            reporting_to(told.append, lambda: told[-1].done > 300_000),
            pytest.raises(StoppedError, match=r"0\.3 MB of signals are kept, and the next start goes on from there"),
        ):
            fetch(published(server))
        part = home / "downloads" / "signals" / "signals.bin.part"
        there = part.stat().st_size
        assert 250_000 < there < 400_000
        server.pause = 0
        fetch(published(server))
    assert server.asked == ["", f"bytes={there}-"]
    assert fetched(home) == CONTENT


def test_stopping_before_anything_has_come_is_heard_while_it_waits(home: Path) -> None:
    told: list[Fetching] = []
    with (
        serving(says=[503] * 9) as server,
        reporting_to(told.append, lambda: len(told) > 1),
        pytest.raises(StoppedError, match="nothing of signals had come yet"),
    ):
        fetch(published(server))
    assert {event.text for event in told} == {"fetching signals: waiting for the server"}


def test_ctrl_c_leaves_the_partial_file(home: Path) -> None:
    def interrupt(event: Fetching) -> None:
        if event.done > 300_000:
            raise KeyboardInterrupt

    with serving(content=CONTENT) as server, reporting_to(interrupt), pytest.raises(KeyboardInterrupt):
        fetch(published(server))
    assert [file.name for file in (home / "downloads" / "signals").iterdir()] == ["signals.bin.part"]


def test_a_server_that_sends_without_end_is_left(home: Path) -> None:
    with serving(content=CONTENT * 4) as server, pytest.raises(DataError, match="sends more than 3 MB"):
        fetch(published(server))
    assert list((home / "downloads" / "signals").iterdir()) == []


def test_offline_one_sentence_names_the_file_the_address_and_the_folder(home: Path) -> None:
    with serving() as server:
        pass  # whose port nobody listens on any more
    with pytest.raises(DataError) as caught:
        fetch(published(server))
    assert str(caught.value) == (
        "signals could not be downloaded (there is no connection to the server): get signals.bin (1 MB) from "
        f"{server.address}signals.bin and put it into {home / 'downloads' / 'signals'}, or name where it is by the "
        "setting file."
    )


@pytest.mark.parametrize(("status", "why"), [(404, "404 Not Found"), (403, "403 Forbidden"), (503, "503 Service")])
def test_a_server_that_will_not_is_quoted(status: int, why: str) -> None:
    with serving(says=[status] * 9) as server, pytest.raises(DataError, match=f"the server says {why}"):
        fetch(published(server))


def test_a_folder_that_cannot_be_written_to_is_named(home: Path) -> None:
    home.mkdir()
    (home / "downloads").write_text("a file in the way")
    with serving(content=CONTENT) as server, pytest.raises(DataError, match="downloads/signals cannot be written to"):
        fetch(published(server))
