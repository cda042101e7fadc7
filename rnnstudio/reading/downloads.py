"""Downloads with checksum, progress, retry, and a partial file that is gone on with the next time."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from rnnstudio.core.errors import DataError
from rnnstudio.core.events import Fetching
from rnnstudio.core.fetching import report
from rnnstudio.core.paths import downloads_folder

_TRIES = 3  # in a row without a new byte
_PAUSE = 0.5  # seconds before the second of them; each pause is twice the one before
_TELL_SECONDS = 0.1
_TIMEOUTS = (10.0, 20.0)  # seconds to connect, and between two blocks
_BLOCK = 1 << 14  # what is lost where a connection breaks off is less than this
_LATER = (408, 425, 429)  # what a server says when it may be asked again

Check = Callable[[Path], None]


@dataclass(frozen=True)
class DownloadSource:
    """Files that a publisher offers.

    Attributes:
        name: The data set; also its folder in `RNNSTUDIO_DATA` and among the downloads.
        files: Checksum of each file by its name, such as "sha256:12ab..."; empty where a look at the content must do.
        urls: Where they are, to be followed by a file's name; the next where one fails.
        size: How much it is in all, in bytes; a download that goes far beyond is broken off.
    """

    name: str
    files: Mapping[str, str]
    urls: tuple[str, ...]
    size: int

    @property
    def folder(self) -> Path:
        """Where downloads go."""
        return downloads_folder() / self.name


class _UnreachableError(DataError):
    """No address gave the file."""


class _AgainError(Exception):
    """This try gave nothing, the next may."""


class _GoneError(Exception):
    """This address will not give it."""


def fetch(source: DownloadSource, check: Check | None = None) -> tuple[str, ...]:
    """Make sure that all files of a publication are in its folder and whole; download what is not.

    Args:
        source: What to fetch.
        check: Looks into a file that has no checksum; raises DataError where it is damaged.

    Returns:
        Sentences on what was found damaged and was mended.

    Raises:
        DataError: It cannot be had; the message names the files, where they are and where to put them.
        StoppedError: Whoever listens wants it to stop.
    """
    notes = []
    for file in source.files:
        target = source.folder / file
        for last in (False, True):
            if not target.is_file():
                _download(source, file)
            wrong = _wrong(source, file, check)
            if not wrong:
                break
            _remove(target)
            if last:
                raise DataError(
                    f"{file} was fetched from {source.urls[0]} again and is still not as published "
                    f"({wrong}); it was deleted. Get it by hand and put it into {source.folder}."
                )
            notes.append(f"{file} was truncated or altered ({wrong}); it was deleted and fetched again.")
            report(Fetching(source.name, note=notes[-1]))
    return tuple(notes)


def local_data_error(source: DownloadSource, path: Path, problem: DataError, *, chosen: bool) -> DataError:
    """Return an error about data that were found rather than downloaded, with their place and what to do.

    Args:
        source: What they should be.
        path: Where they were found.
        problem: What is wrong with them.
        chosen: Whether the user named the place.
    """
    advice = f"Without the setting file they are looked for elsewhere, or downloaded (rnnstudio fetch {source.name})."
    if not chosen:
        advice = "Mend or remove them there: what is not found is downloaded."
    return DataError(f"{problem} The data of {source.name} were read from {path}. {advice}")


def _wrong(source: DownloadSource, file: str, check: Check | None) -> str:
    """Return what is wrong with a file that is there; nothing where it is as published."""
    import pooch

    checksum, target = source.files[file], source.folder / file
    if checksum:
        return "" if pooch.hashes.hash_matches(str(target), checksum) else "its checksum is wrong"
    try:
        if check is not None:
            check(target)
    except DataError as error:
        return str(error).rstrip(".")
    return ""


def _download(source: DownloadSource, file: str) -> None:
    import logging

    import pooch

    pooch.get_logger().setLevel(logging.WARNING)  # it would tell every step; that is `report`'s
    try:
        pooch.retrieve(
            source.urls[0] + file,
            known_hash=None,  # judged after the download, which is another sentence than one that failed
            fname=file,
            path=source.folder,
            downloader=partial(_to_file, source, file),
        )
    except OSError as error:
        raise DataError(f"{source.folder} cannot be written to: {error.strerror or error}.") from None


def _to_file(source: DownloadSource, file: str, url: str, output: str, pooch: Any) -> None:
    """Do what pooch asks its downloaders for: bring `file` to the path `output`."""
    part = source.folder / f"{file}.part"
    addresses = [address + file for address in source.urls]
    tries, most, turn = 0, _size(part), 0
    while True:
        address = addresses[turn % len(addresses)]
        try:
            _receive(source, address, part)
            break
        except _GoneError as error:
            addresses.remove(address)
            problem = str(error)
        except _AgainError as error:
            problem = str(error)
            turn += 1
        if _size(part) > most:
            most, tries = _size(part), 0
        tries += 1
        if tries >= _TRIES or not addresses:
            raise _UnreachableError(_by_hand(source, problem))
        _wait(source, _PAUSE * 2 ** (tries - 1), _size(part))
    part.replace(output)


def _receive(source: DownloadSource, address: str, part: Path) -> None:
    """Append to the partial file what is missing, or write it anew where the server cannot begin in the middle."""
    import requests

    there = _size(part)
    report(Fetching(source.name, there))
    # "identity", because some servers would send a .gz file unpacked
    headers = {"Accept-Encoding": "identity", **({"Range": f"bytes={there}-"} if there else {})}
    try:
        with requests.get(address, headers=headers, stream=True, timeout=_TIMEOUTS) as answer:
            status = answer.status_code
            resumes = status == 206 and answer.headers.get("Content-Range", "").startswith(f"bytes {there}-")
            if status == 416 or (status == 206 and not resumes):
                part.unlink(missing_ok=True)  # it is longer than the file, or the server means other bytes
                raise _AgainError("the partial file did not fit")
            if 400 <= status < 500 and status not in _LATER:
                raise _GoneError(f"the server says {status} {answer.reason}")
            answer.raise_for_status()
            length = answer.headers.get("Content-Length", "")
            done = there if resumes else 0
            total = done + int(length) if length.isdigit() else 0
            with part.open("ab" if resumes else "wb") as out:
                done = _copy(source, answer.iter_content(_BLOCK), out, done, total)
    except _GoneError:
        part.unlink(missing_ok=True)
        raise
    except requests.RequestException as error:
        raise _AgainError(_why(error)) from None
    if done < total:
        raise _AgainError("the connection broke off")


def _copy(source: DownloadSource, blocks: Any, out: Any, done: int, total: int) -> int:
    told = 0.0
    for block in blocks:
        out.write(block)
        done += len(block)
        if done > 3 * source.size:
            raise _GoneError(f"it sends more than {3 * source.size / 1e6:,.0f} MB")
        if time.monotonic() - told > _TELL_SECONDS:
            told = time.monotonic()
            report(Fetching(source.name, done, total))
    report(Fetching(source.name, done, total))
    return done


def _wait(source: DownloadSource, seconds: float, done: int) -> None:
    end = time.monotonic() + seconds
    while (left := end - time.monotonic()) > 0:
        report(Fetching(source.name, done))
        time.sleep(min(left, _TELL_SECONDS))


def _by_hand(source: DownloadSource, problem: str) -> str:
    """Return the one sentence for somebody who is offline."""
    files = list(source.files)
    which = files[0] if len(files) == 1 else f"{', '.join(files[:-1])} and {files[-1]}"
    return (
        f"{source.name} could not be downloaded ({problem}): get {which} ({source.size / 1e6:,.0f} MB) from "
        f"{source.urls[0] + (files[0] if len(files) == 1 else '')} and put "
        f"{'it' if len(files) == 1 else 'them'} into {source.folder}, or name where "
        f"{'it is' if len(files) == 1 else 'they are'} by the setting file."
    )


def _why(error: Exception) -> str:
    """Return the cause of a failed request without the names of Python's classes."""
    import requests

    if isinstance(error, requests.HTTPError) and error.response is not None:
        return f"the server says {error.response.status_code} {error.response.reason}"
    if isinstance(error, requests.Timeout):
        return "the server does not answer"
    if isinstance(error, requests.exceptions.ChunkedEncodingError):
        return "the connection broke off"
    return "there is no connection to the server"


def _size(file: Path) -> int:
    return file.stat().st_size if file.is_file() else 0


def _remove(file: Path) -> None:
    try:
        file.unlink()
    except OSError as error:
        raise DataError(f"{file} is damaged and cannot be deleted: {error.strerror}. Delete it by hand.") from None
