"""Downloads of published data sets: checksums, repeated downloads of damaged files, and advice for offline use."""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from rnnstudio.core.durable import replacing
from rnnstudio.core.errors import DataError
from rnnstudio.core.events import Fetching
from rnnstudio.core.fetching import report
from rnnstudio.core.paths import downloads_folder
from rnnstudio.reading.http_download import DownloadError, download

Check = Callable[[Path], None]


@dataclass(frozen=True)
class DownloadSource:
    """The files of a data set and where they can be downloaded.

    Attributes:
        name: The data set; also the name of its folder in `RNNSTUDIO_DATA` and in the downloads folder.
        files: SHA-256 of each file by its name; empty where the publisher packs the file anew now and then. Its content
            is checked then, and the checksum of the first download is recorded beside the file.
        urls: URLs of the folders that contain the files. The next one is used if a download from the first one fails.
        size: Size of all files together in bytes. A download that is much larger is stopped.
        hosts: Further hosts to which the servers may redirect.
    """

    name: str
    files: Mapping[str, str]
    urls: tuple[str, ...]
    size: int
    hosts: tuple[str, ...] = ()

    @property
    def folder(self) -> Path:
        """The folder for the downloaded files."""
        return downloads_folder() / self.name


def fetch(source: DownloadSource, check: Check | None = None) -> tuple[str, ...]:
    """Download the files that are missing or damaged in the folder of a data set.

    Args:
        source: The data set.
        check: Called with the path of a file without a checksum; raises DataError if the file is damaged.

    Returns:
        Notes on files that were damaged and downloaded again.

    Raises:
        DataError: A file cannot be downloaded; the message names the file, its URL and the folder to put it into.
        StoppedError: The user stopped the download.
    """
    notes = []
    for file in source.files:
        target = source.folder / file
        for is_second_attempt in (False, True):
            if not target.is_file():
                _retrieve(source, file)
            damage = _damage(source, file, check)
            if not damage:
                break
            _delete(target)
            _recorded(target).unlink(missing_ok=True)
            if is_second_attempt:
                raise DataError(
                    f"{file} from {source.urls[0]} was downloaded again and is still damaged ({damage}); it was "
                    f"deleted. Download it manually and put it into {source.folder}."
                )
            notes.append(f"{file} was truncated or altered ({damage}); it was deleted and downloaded again.")
            report(Fetching(source.name, note=notes[-1]))
    return tuple(notes)


def local_data_error(source: DownloadSource, path: Path, problem: DataError, *, chosen: bool) -> DataError:
    """Return an error for local files of a data set that cannot be read, with their path and what to do.

    Args:
        source: The data set.
        path: Where the files are.
        problem: Why they cannot be read.
        chosen: Whether the user chose the path with the setting `file`.
    """
    if chosen:
        advice = (
            f"Without the setting file, other folders are searched, or the data are downloaded (rnnstudio fetch "
            f"{source.name})."
        )
    else:
        advice = "Correct or delete the files there; missing data are downloaded."
    return DataError(f"{problem} The data of {source.name} were read from {path}. {advice}")


def _damage(source: DownloadSource, file: str, check: Check | None) -> str:
    """Return what is wrong with a file; empty if it is correct."""
    target = source.folder / file
    found = _sha256(target)
    if known := source.files[file] or _read_record(target):
        return "" if found == known else "its checksum is different"
    try:
        if check is not None:
            check(target)
    except DataError as error:
        return str(error).rstrip(".")
    with suppress(OSError), replacing(_recorded(target)) as record:  # else the content is checked again
        record.write_text(f"{found}  {file}\n", encoding="utf-8")
    return ""


def _sha256(file: Path) -> str:
    try:
        with file.open("rb") as stream:
            return hashlib.file_digest(stream, "sha256").hexdigest()
    except OSError as error:
        raise DataError(f"{file} cannot be read: {error.strerror}.") from None


def _recorded(file: Path) -> Path:
    """Return the file with the checksum of a download whose content was correct, as `sha256sum` writes it."""
    return file.with_name(f"{file.name}.sha256")


def _read_record(file: Path) -> str:
    with suppress(OSError, ValueError):
        return _recorded(file).read_text(encoding="utf-8")[:64]
    return ""


def _retrieve(source: DownloadSource, file: str) -> None:
    """Download one file, without checking its content."""
    import pooch

    pooch.get_logger().setLevel(logging.WARNING)  # progress is reported by `report` instead
    try:
        pooch.retrieve(
            source.urls[0] + file,
            known_hash=None,  # `_damage` checks it, with a message of its own
            fname=file,
            path=source.folder,
            downloader=partial(_pooch_downloader, source, file),
        )
    except DownloadError as error:
        raise DataError(_manual_download(source, str(error))) from None
    except OSError as error:
        raise DataError(f"{source.folder} cannot be written to: {error.strerror or error}.") from None


def _pooch_downloader(source: DownloadSource, file: str, url: str, output: str, pooch: Any) -> None:
    """Download `file` to the path `output`, with the signature that pooch expects."""
    part = source.folder / f"{file}.part"
    download([url + file for url in source.urls], part, source.name, max_bytes=3 * source.size, hosts=source.hosts)
    part.replace(output)


def _manual_download(source: DownloadSource, problem: str) -> str:
    """Return how to get the files without a connection."""
    files = list(source.files)
    is_single = len(files) == 1
    names = files[0] if is_single else f"{', '.join(files[:-1])} and {files[-1]}"
    return (
        f"{source.name} could not be downloaded ({problem}). Download {names} ({source.size / 1e6:,.0f} MB) from "
        f"{source.urls[0] + (files[0] if is_single else '')} and put {'it' if is_single else 'them'} into "
        f"{source.folder}, or set file to {'its' if is_single else 'their'} path."
    )


def _delete(file: Path) -> None:
    try:
        file.unlink()
    except OSError as error:
        raise DataError(f"{file} is damaged and cannot be deleted: {error.strerror}. Delete it manually.") from None
