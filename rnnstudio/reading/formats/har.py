"""Recordings of UCI HAR, from the publisher's folder or zip archive."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from rnnstudio.core.errors import DataError
from rnnstudio.core.sequence import Ints
from rnnstudio.reading.archives import Archive, Folder
from rnnstudio.reading.formats.array_cache import Arrays, cached_arrays
from rnnstudio.reading.formats.har_text import parse_integers, parse_signal

SIGNALS = tuple(f"{kind}_{axis}" for kind in ("body_acc", "body_gyro", "total_acc") for axis in "xyz")
STEPS = 128
ACTIVITIES = 6
_MAX_SUBJECT = 9999
_FOLDER = "UCI HAR Dataset"
_SPLITS = ("train", "test")
PUBLISHED_SHA256 = "5b227eb15117b1cce8f1ddd5bd2c6b2766ed13b2852b94c0fb25c75b8153a44b"  # of all numbers


@dataclass(frozen=True)
class Recordings:
    """All windows, the training set first.

    Attributes:
        signals: `(N, 128, 9)` float32, in g and rad/s.
        activities: Class of each window, 0 to 5, `(N,)`.
        subjects: Number of the person in each window, `(N,)`.
        train_windows: Number of windows in the training set.
        original: Whether the numbers are identical to the published ones.
    """

    signals: NDArray[np.float32]
    activities: Ints
    subjects: Ints
    train_windows: int
    original: bool


def find_recordings(folder: Path) -> Path | None:
    """Return the folder or zip archive of the recordings in a folder, or None if there is none."""
    for candidate in (folder, folder / _FOLDER):
        if (candidate / "train").is_dir():
            return candidate
    archives = sorted(folder.glob("*.zip")) if folder.is_dir() else []
    return next((file for file in archives if "har" in file.name.lower() or "activity" in file.name.lower()), None)


def read_recordings(path: Path) -> Recordings:
    """Return the recordings, from a cache if they were read before.

    Args:
        path: The folder, a zip archive of it, or a zip archive that contains this archive, as published.

    Raises:
        DataError: A file is missing or not as expected; the message names the file and the row.
    """
    sources = [path / name for name in _file_names()] if path.is_dir() else [path]
    arrays = cached_arrays("har", sources, lambda: parse_recordings(path))
    return Recordings(
        arrays["signals"],
        arrays["activities"],
        arrays["subjects"],
        int(arrays["train_windows"]),
        original=str(arrays["digest"]) == PUBLISHED_SHA256,
    )


def parse_recordings(path: Path) -> Arrays:
    """Return the fields of `Recordings` as arrays by name, and the SHA-256 checksum of all numbers as `digest`.

    Raises:
        DataError: A file is missing or not as expected; the message names the file and the row.
    """
    with _open(path) as (files, prefix):

        def integers(name: str, maximum: int, content: str) -> Ints:
            return parse_integers(_content(files, prefix, name), f"{name} in {files.title}", maximum, content)

        activities = [
            integers(f"{split}/y_{split}.txt", ACTIVITIES, f"an activity from 1 to {ACTIVITIES}") for split in _SPLITS
        ]
        subjects = [
            integers(f"{split}/subject_{split}.txt", _MAX_SUBJECT, "the number of a person") for split in _SPLITS
        ]
        counts = [len(labels) for labels in activities]
        signals = np.empty((sum(counts), STEPS, len(SIGNALS)), np.float32)
        for split, first, count in zip(_SPLITS, (0, counts[0]), counts, strict=True):
            for k, signal in enumerate(SIGNALS):
                name = _signal_file(split, signal)
                matrix = parse_signal(_content(files, prefix, name), f"{name} in {files.title}", STEPS)
                _check_row_count(len(matrix), count, name, split, files.title)
                signals[first : first + count, :, k] = matrix
    for split, count, numbers in zip(_SPLITS, counts, subjects, strict=True):
        _check_row_count(len(numbers), count, f"{split}/subject_{split}.txt", split, files.title)
    in_both = np.intersect1d(subjects[0], subjects[1])
    if len(in_both):
        raise DataError(
            f"{files.title}: a person must be in the training set or the test set, not in both; received person "
            f"{in_both[0]} in both."
        )
    arrays: Arrays = {
        "signals": signals,
        "activities": np.concatenate(activities) - 1,
        "subjects": np.concatenate(subjects),
        "train_windows": np.array(counts[0]),
    }
    digest = hashlib.sha256()
    for array in arrays.values():
        digest.update(array.tobytes())
    return {**arrays, "digest": np.array(digest.hexdigest())}


def _signal_file(split: str, signal: str) -> str:
    return f"{split}/Inertial Signals/{signal}_{split}.txt"


def _file_names() -> list[str]:
    """Return the names of all files that are read, relative to the published folder."""
    return [
        name
        for split in _SPLITS
        for name in (
            f"{split}/y_{split}.txt",
            f"{split}/subject_{split}.txt",
            *(_signal_file(split, signal) for signal in SIGNALS),
        )
    ]


@contextmanager
def _open(path: Path) -> Iterator[tuple[Folder | Archive, str]]:
    """Open the folder or archive, and return it with the prefix of its file names.

    Archives made with macOS have a second, useless copy of each name under __MACOSX.
    """
    with ExitStack() as stack:
        if path.is_dir():
            yield stack.enter_context(Folder(path)), ""
            return
        archive = stack.enter_context(Archive(path, path.name))
        inner = [n for n in archive.names if n.endswith(f"{_FOLDER}.zip") and not n.startswith("__MACOSX/")]
        if inner:
            archive = stack.enter_context(archive.inner(inner[0]))
        labels_file = "train/y_train.txt"
        matches = [n for n in archive.names if n.endswith(labels_file) and not n.startswith("__MACOSX/")]
        if not matches:
            raise DataError(f"{archive.title} must contain the folder {_FOLDER!r} with the file {labels_file}.")
        yield archive, matches[0].removesuffix(labels_file)


def _content(files: Folder | Archive, prefix: str, name: str) -> bytes:
    if prefix + name not in files:
        raise DataError(f"{files.title} must contain the file {name!r} of UCI HAR; it is missing.")
    return files.read(prefix + name)


def _check_row_count(rows: int, expected: int, name: str, split: str, title: str) -> None:
    if rows != expected:
        raise DataError(
            f"{name} in {title}: {expected:,} rows are expected, as in y_{split}.txt; received {rows:,}. One of the "
            "files is truncated or altered."
        )
