"""The recordings of UCI HAR from the publisher's folder or zip archive: text files with one window per row."""

from __future__ import annotations

import csv
import hashlib
import io
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from rnnstudio.core.errors import DataError
from rnnstudio.core.sequence import Ints
from rnnstudio.reading.archives import Archive, Folder
from rnnstudio.reading.array_cache import Arrays, cached_arrays

SIGNALS = tuple(f"{kind}_{axis}" for kind in ("body_acc", "body_gyro", "total_acc") for axis in "xyz")
STEPS = 128
ACTIVITIES = 6
_FOLDER = "UCI HAR Dataset"
_PARTS = ("train", "test")
_DIGEST = "5b227eb15117b1cce8f1ddd5bd2c6b2766ed13b2852b94c0fb25c75b8153a44b"  # of the publisher's numbers as float32


@dataclass(frozen=True)
class Recordings:
    """All windows, those of the training part first.

    Attributes:
        signals: `(N, 128, 9)` float32, in g and rad/s.
        activities: `(N,)`, 0 to 5.
        people: Number of the person, `(N,)`.
        train: Windows in the training part.
        original: Whether these are the publisher's own numbers.
    """

    signals: NDArray[np.float32]
    activities: Ints
    subjects: Ints
    train_windows: int
    original: bool


def find_recordings(folder: Path) -> Path | None:
    """Return the folder or archive of the recordings that is, or lies in, this folder; None where there is none."""
    for place in (folder, folder / _FOLDER):
        if (place / "train").is_dir():
            return place
    archives = sorted(folder.glob("*.zip")) if folder.is_dir() else []
    return next((file for file in archives if "har" in file.name.lower() or "activity" in file.name.lower()), None)


def read_recordings(path: Path) -> Recordings:
    """Return the recordings; the second time at once, from a copy of the numbers among the downloads.

    Args:
        path: The folder, or a zip archive of it, or a zip archive that holds that one, as the publisher has it.

    Raises:
        DataError: A file is missing or does not hold what it should; the message names file and row.
    """
    sources = [path / name for name in _names()] if path.is_dir() else [path]
    found = cached_arrays("har", sources, lambda: parse_recordings(path))
    return Recordings(
        found["signals"],
        found["activities"],
        found["subjects"],
        int(found["train"]),
        original=str(found["digest"]) == _DIGEST,
    )


def parse_recordings(path: Path) -> Arrays:
    """Return signals, activities, people, the number of training windows, and a checksum of all numbers."""
    with _opened(path) as (files, prefix):
        labels = {name: _whole_numbers(files, prefix, name) for name in _names() if "Inertial" not in name}
        counts = [len(labels[f"{part}/y_{part}.txt"]) for part in _PARTS]
        signals = np.empty((sum(counts), STEPS, len(SIGNALS)), np.float32)
        for part, first, count in zip(_PARTS, (0, counts[0]), counts, strict=True):
            for k, signal in enumerate(SIGNALS):
                name = _signal(part, signal)
                matrix = _matrix(_content(files, prefix, name), name, files.title)
                _same_rows(len(matrix), count, name, part, files.title)
                signals[first : first + count, :, k] = matrix
    people = [labels[f"{part}/subject_{part}.txt"] for part in _PARTS]
    for those, part, count in zip(people, _PARTS, counts, strict=True):
        _same_rows(len(those), count, f"{part}/subject_{part}.txt", part, files.title)
    both = np.intersect1d(people[0], people[1])
    if len(both):
        raise DataError(
            f"{files.title}: person {both[0]} is in the training part and in the test part; nobody may be in both."
        )
    found: Arrays = {
        "signals": signals,
        "activities": np.concatenate([labels[f"{part}/y_{part}.txt"] for part in _PARTS]) - 1,
        "subjects": np.concatenate(people),
        "train": np.array(counts[0]),
    }
    digest = hashlib.sha256()
    for array in found.values():
        digest.update(array.tobytes())
    return {**found, "digest": np.array(digest.hexdigest())}


def _signal(part: str, signal: str) -> str:
    return f"{part}/Inertial Signals/{signal}_{part}.txt"


def _names() -> list[str]:
    """Return the names of all files that are read, within the publisher's folder."""
    return [
        name
        for part in _PARTS
        for name in (f"{part}/y_{part}.txt", f"{part}/subject_{part}.txt", *(_signal(part, s) for s in SIGNALS))
    ]


@contextmanager
def _opened(path: Path) -> Iterator[tuple[Folder | Archive, str]]:
    """Give the files, and what stands before their names; macOS leaves a twin of the folder in archives."""
    with ExitStack() as stack:
        if path.is_dir():
            yield stack.enter_context(Folder(path)), ""
            return
        archive = stack.enter_context(Archive(path, path.name))
        inner = [n for n in archive.names if n.endswith(f"{_FOLDER}.zip") and not n.startswith("__MACOSX/")]
        if inner:
            archive = stack.enter_context(archive.inner(inner[0]))
        mark = "train/y_train.txt"
        found = [n for n in archive.names if n.endswith(mark) and not n.startswith("__MACOSX/")]
        if not found:
            raise DataError(f"{archive.title} does not hold the folder {_FOLDER!r} with a file {mark}.")
        yield archive, found[0].removesuffix(mark)


def _content(files: Folder | Archive, prefix: str, name: str) -> bytes:
    if prefix + name not in files:
        raise DataError(f"{files.title} has no file {name!r}, which belongs to UCI HAR.")
    return files.read(prefix + name)


def _same_rows(rows: int, expected: int, name: str, part: str, where: str) -> None:
    if rows != expected:
        raise DataError(
            f"{name} in {where} has {rows:,} rows; {expected:,} are expected, as many as y_{part}.txt has. "
            "One of them is truncated or altered."
        )


def _matrix(raw: bytes, name: str, where: str) -> NDArray[np.float32]:
    """Return the numbers of a signal file, `(rows, 128)`."""
    import pandas as pd

    try:
        frame = pd.read_csv(io.BytesIO(raw), sep=r"\s+", header=None, quoting=csv.QUOTE_NONE, low_memory=False)
        with np.errstate(over="ignore"):
            matrix = frame.to_numpy().astype(np.float32)
        if matrix.shape[1] == STEPS and np.isfinite(matrix).all():
            return matrix
    except (ValueError, OverflowError):  # pandas' own errors are among these; which row it is, is found out below
        pass
    raise _bad_row(raw, name, where)


def _bad_row(raw: bytes, name: str, where: str) -> DataError:
    """Return the error that names the first row that is not 128 numbers."""
    for row, line in enumerate(raw.decode("latin-1").splitlines(), start=1):
        cells = line.split()
        if cells and len(cells) != STEPS:
            return DataError(
                f"{name} in {where}, row {row}: {STEPS} numbers are expected, one per step; received {len(cells)}."
            )
        for i, cell in enumerate(cells, start=1):
            if not _is_finite(cell):
                return DataError(
                    f"{name} in {where}, row {row}, number {i}: a finite number is expected; received {cell[:40]!r}."
                )
    return DataError(f"{name} in {where} holds no rows of {STEPS} numbers.")


def _is_finite(cell: str) -> bool:
    try:
        return abs(float(cell)) <= float(np.finfo(np.float32).max)
    except ValueError:
        return False


def _whole_numbers(files: Folder | Archive, prefix: str, name: str) -> Ints:
    """Return the activity (1 to 6) or the number of the person (from 1 on) in each row."""
    label = "/y_" in name
    most, what = (ACTIVITIES, f"an activity from 1 to {ACTIVITIES}") if label else (9999, "the number of a person")
    found: list[int] = []
    for row, line in enumerate(_content(files, prefix, name).decode("latin-1").splitlines(), start=1):
        cell = line.strip()
        if not (cell.isascii() and cell.isdigit() and len(cell) < 5 and 1 <= int(cell) <= most):
            raise DataError(
                f"{name} in {files.title}, row {row}: {what} is expected; received {cell[:40] or 'an empty row'!r}."
            )
        found.append(int(cell))
    if not found:
        raise DataError(f"{name} in {files.title} is empty; {what} is expected in each row.")
    return np.array(found, np.int32)
