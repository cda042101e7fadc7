"""The index of the run list: rows that were read before, so that a long list need not be read again.

It is a cache, the file `.index.json` in the folder of the runs, which may be deleted at any time. A row counts only
while the files it was read from are the same: time of the last change, bytes and number on the disk of each. Any number
of processes may use it: it is written anew as a whole, and of two that write at once one wins.
"""

from __future__ import annotations

import hashlib
import json
import os
import time
from collections.abc import Iterable, Sequence
from contextlib import suppress
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Annotated, Any

from pydantic import TypeAdapter, ValidationError
from typing_extensions import TypedDict

from rnnstudio.core.durable import replacing
from rnnstudio.core.errors import DataError
from rnnstudio.core.paths import runs_folder
from rnnstudio.reading.archives import Folder
from rnnstudio.results.checked_files import NOTES_FILE
from rnnstudio.results.run_folder import is_locked, is_shared
from rnnstudio.results.store_entries import Entry
from rnnstudio.results.validation.value_types import Metrics, Name, NotNegative, Stamp, Text

_FILE = ".index.json"
_FORMAT = 2  # the next number where a row has other fields, or is made of the same files in another way
_FEW = 16  # runs that are read faster than an index is written
_SETTLED_NS = 2 * 10**9  # a file that was changed later may change again without another time
_ABSENT = (0, 0, 0)  # of a file that is not there
_SOURCE = Annotated[tuple[Name, int, int, int], "name, time in nanoseconds, bytes, number on the disk"]


class _Row(TypedDict):
    """A row, as `read_summary` returns it, but for the place of the run, which the list knows."""

    created: Stamp
    recipe: Name
    dataset: Name
    file: Text
    cell: Name
    units: int | None
    learning_rate: float | None
    seed: int | None
    outcome: Name
    seconds: NotNegative
    metrics: Metrics
    refit: bool
    chosen_on_test: bool
    name: Name
    note: Text
    note_problem: Text


class _Indexed(TypedDict):
    """A row, and the files that it was read from."""

    sources: list[_SOURCE]
    row: _Row


class _Index(TypedDict):
    """The content of the file."""

    format: int
    program: str
    rows: dict[str, _Indexed]


_ADAPTER = TypeAdapter(_Index)


class StoreIndex:
    """The rows of the run list that were read before, by the names of the runs."""

    def __init__(self) -> None:
        self._folder = str(runs_folder())
        self._rows = _read()
        self._new: dict[str, _Indexed] = {}

    def row(self, entry: Entry) -> dict[str, Any] | None:
        """Return the row of a run; None where it is not known, or its files have changed.

        Args:
            entry: Its folder.
        """
        indexed = self._rows.get(entry.folder.name)
        if indexed is None:
            return None
        folder = f"{self._folder}{os.sep}{entry.folder.name}"
        if indexed["sources"][0][1:] != entry.identity or not all(_is_same(folder, s) for s in indexed["sources"][1:]):
            return None
        row: dict[str, Any] = {"run": entry.folder.name, "path": folder, **indexed["row"], "problem": ""}
        if row["outcome"] in ("running", "interrupted"):
            row["outcome"] = "running" if is_locked(entry.folder) else "interrupted"
        return row

    def add(self, entry: Entry, row: dict[str, Any], names: Sequence[str]) -> None:
        """Add a row that was just read.

        Args:
            entry: The folder, as it was before.
            row: The row.
            names: Names of the files that it was read from, `run.json` first.
        """
        with suppress(OSError):
            sources = [(name, *_identity(entry.folder / name)) for name in names]
            sources.append((NOTES_FILE, *_identity_or_none(entry.folder / NOTES_FILE)))
            latest = max(source[1] for source in sources)
            if sources[0][1:] == entry.identity and time.time_ns() - latest > _SETTLED_NS:
                values = {name: row[name] for name in _Row.__annotations__}
                self._new[entry.folder.name] = {"sources": sources, "row": values}  # type: ignore[typeddict-item]

    def save(self, names: Iterable[str]) -> None:
        """Write the index, where many rows are new.

        Args:
            names: Names of the runs in the run list; the rows of others are left out.
        """
        if len(self._new) < _FEW:
            return
        known = {**self._rows, **self._new}
        rows = {name: known[name] for name in names if name in known}
        text = json.dumps({"format": _FORMAT, "program": _program(), "rows": rows}, separators=(",", ":"))
        content = text.encode()
        with suppress(OSError), replacing(Path(self._folder) / _FILE) as part:
            part.touch(0o666 if is_shared() else 0o600)
            part.write_bytes(hashlib.sha256(content).hexdigest().encode() + b"\n" + content)


@cache
def _program() -> str:
    """Return the version of the program, which may make other rows of the same files than another one."""
    try:
        return version("rnnstudio")
    except PackageNotFoundError:
        return ""


def _read() -> dict[str, _Indexed]:
    """Return the rows in the file; none where there is no file, another version wrote it, or it is damaged."""
    folder = Folder(runs_folder(), follows_links=False)
    with suppress(DataError, OSError, ValueError, RecursionError):
        if _FILE not in folder:
            return {}
        digest, _, content = folder.read(_FILE).partition(b"\n")
        if digest.decode() != hashlib.sha256(content).hexdigest():
            return {}
        with suppress(ValidationError):
            index = _ADAPTER.validate_json(content)
            if (index["format"], index["program"]) == (_FORMAT, _program()):
                return {name: indexed for name, indexed in index["rows"].items() if indexed["sources"]}
    return {}


def _is_same(folder: str, source: tuple[str, int, int, int]) -> bool:
    try:
        return _identity_or_none(f"{folder}{os.sep}{source[0]}") == source[1:]
    except OSError:
        return False


def _identity_or_none(path: str | Path) -> tuple[int, int, int]:
    """Return the identity of a file; zeros where it is not there."""
    try:
        return _identity(path)
    except FileNotFoundError:
        return _ABSENT


def _identity(path: str | Path) -> tuple[int, int, int]:
    status = os.stat(path)  # noqa: PTH116 - of thousands of files
    return status.st_mtime_ns, status.st_size, status.st_ino
