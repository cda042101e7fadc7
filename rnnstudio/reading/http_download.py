"""Download of one file over HTTP: several URLs, retries, and continuing a partial file."""

from __future__ import annotations

import os
import time
from collections.abc import Collection, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, BinaryIO
from urllib.parse import urljoin, urlsplit

from rnnstudio.core.durable import open_own_file
from rnnstudio.core.events import Fetching
from rnnstudio.core.fetching import report

_MAX_ATTEMPTS = 3  # in succession without a new byte
_PAUSE = 0.5  # seconds before the second attempt; doubled before each further one
_REPORT_SECONDS = 0.1
_TIMEOUTS = (10.0, 20.0)  # seconds to connect, and between two blocks
_MAX_REDIRECTS = 5
_BLOCK = 1 << 14  # bytes; a lost connection loses less than this
_TEMPORARY_STATUS = (408, 425, 429)  # the request may succeed later


class DownloadError(Exception):
    """The file could not be downloaded from any URL."""


class _RetryError(Exception):
    """The attempt failed, but another one may succeed."""


class _PermanentError(Exception):
    """Further attempts at this URL are useless."""


def download(urls: Sequence[str], part: Path, name: str, max_bytes: int, hosts: Collection[str] = ()) -> None:
    """Download a file to a partial file, and continue the partial file if it exists.

    Args:
        urls: URLs of the same file, which are tried in turn.
        hosts: Further hosts to which a server may redirect, beside those of the URLs.
        part: Path of the partial file. It is complete when the function returns.
        name: Name of the data set, for progress reports.
        max_bytes: The download is stopped if it is larger than this.

    Raises:
        DownloadError: No URL delivers the file; the message is the last cause.
        StoppedError: The user stopped the download.
    """
    remaining = list(urls)
    trusted = {*hosts, *(_host(url) for url in urls)}
    attempts, largest, turn = 0, _size(part), 0
    while True:
        url = remaining[turn % len(remaining)]
        try:
            _receive(url, part, name, max_bytes, trusted)
        except _PermanentError as error:
            remaining.remove(url)
            problem = str(error)
        except _RetryError as error:
            problem = str(error)
            turn += 1
        else:
            return
        if _size(part) > largest:
            largest, attempts = _size(part), 0
        attempts += 1
        if attempts >= _MAX_ATTEMPTS or not remaining:
            raise DownloadError(problem)
        _wait(name, _PAUSE * 2 ** (attempts - 1), _size(part))


def _receive(url: str, part: Path, name: str, max_bytes: int, trusted: Collection[str]) -> None:
    """Append the missing bytes to the partial file, or write it anew if the server cannot continue it."""
    import requests

    size = _size(part)
    report(Fetching(name, size))
    # "identity", because some servers would send a .gz file unpacked
    headers = {"Accept-Encoding": "identity", **({"Range": f"bytes={size}-"} if size else {})}
    try:
        with _response(url, headers, trusted) as response:
            status = response.status_code
            continues = status == 206 and response.headers.get("Content-Range", "").startswith(f"bytes {size}-")
            if status == 416 or (status == 206 and not continues):
                part.unlink(missing_ok=True)  # it is longer than the file, or the server sends other bytes
                raise _RetryError("the partial file does not match the file on the server")
            if 400 <= status < 500 and status not in _TEMPORARY_STATUS:
                raise _PermanentError(f"the server responded {status} {response.reason}")
            response.raise_for_status()
            length = response.headers.get("Content-Length", "")
            done = size if continues else 0
            total = done + int(length) if length.isdigit() else 0
            with open_own_file(part, append=continues) as out:
                done = _copy(response.iter_content(_BLOCK), out, name, done, total, max_bytes)
                out.flush()
                os.fsync(out.fileno())
    except _PermanentError:
        part.unlink(missing_ok=True)
        raise
    except requests.RequestException as error:
        raise _RetryError(_cause(error)) from None
    if done < total:
        raise _RetryError("the connection was lost")


def _response(url: str, headers: Mapping[str, str], trusted: Collection[str]) -> Any:
    """Return the response to a request, after redirects to trusted hosts; none leads from https to http."""
    import requests

    for _ in range(_MAX_REDIRECTS + 1):
        response = requests.get(url, headers=dict(headers), stream=True, timeout=_TIMEOUTS, allow_redirects=False)
        if not response.is_redirect:
            return response
        response.close()
        target = urljoin(url, response.headers["Location"])
        if _host(target) not in trusted or urlsplit(target).scheme not in ("https", urlsplit(url).scheme):
            expected = ", ".join(sorted(trusted))
            raise _PermanentError(f"the server redirects to {target[:100]}; {expected} is expected")
        url = target
    raise _PermanentError(f"the server redirects more than {_MAX_REDIRECTS} times")


def _host(url: str) -> str:
    """Return host and port of a URL.

    >>> _host("https://archive.ics.uci.edu/static/")
    'archive.ics.uci.edu'
    """
    return urlsplit(url).netloc.lower()


def _copy(blocks: Iterable[bytes], out: BinaryIO, name: str, done: int, total: int, max_bytes: int) -> int:
    """Write the blocks to a file and return the number of bytes it has then."""
    last_report = 0.0
    for block in blocks:
        out.write(block)
        done += len(block)
        if done > max_bytes:
            raise _PermanentError(f"the server sends more than {max_bytes / 1e6:,.0f} MB")
        if time.monotonic() - last_report > _REPORT_SECONDS:
            last_report = time.monotonic()
            report(Fetching(name, done, total))
    report(Fetching(name, done, total))
    return done


def _wait(name: str, seconds: float, done: int) -> None:
    """Wait before the next attempt; reports allow the user to stop."""
    end = time.monotonic() + seconds
    while (remaining := end - time.monotonic()) > 0:
        report(Fetching(name, done))
        time.sleep(min(remaining, _REPORT_SECONDS))


def _cause(error: Exception) -> str:
    """Return the cause of a failed request without names of Python classes."""
    import requests

    if isinstance(error, requests.HTTPError) and error.response is not None:
        return f"the server responded {error.response.status_code} {error.response.reason}"
    if isinstance(error, requests.Timeout):
        return "the server does not respond"
    if isinstance(error, requests.exceptions.ChunkedEncodingError):
        return "the connection was lost"
    return "there is no connection to the server"


def _size(file: Path) -> int:
    """Return the size of a partial file; 0 for none, and for a link, which is not followed."""
    return file.stat().st_size if file.is_file() and not file.is_symlink() else 0
