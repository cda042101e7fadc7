"""Rows of the run list for runs that cannot be read: each says what is wrong."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path
from typing import Any

from rnnstudio.core.errors import NewerVersionError, StoreError
from rnnstudio.results.run_notes import RunNotes, notes_at
from rnnstudio.results.store_entries import Entry, entry_of


def row_of_error(folder: Path, error: StoreError) -> dict[str, Any] | None:
    """Return the row of a run that could not be read; None where another process has deleted it meanwhile.

    Args:
        folder: The folder of the run.
        error: Why it could not be read.
    """
    entry = entry_of(folder)
    if entry is None or entry.problem:
        return None if entry is None else damaged_row(entry, entry.kind, entry.problem)
    return damaged_row(entry, outcome_of_error(folder, error), str(error))


def outcome_of_error(folder: Path, error: StoreError) -> str:
    """Return what the error of a run that cannot be read means: damaged, unreadable or newer."""
    if isinstance(error, NewerVersionError):
        return "newer"
    return "unreadable" if any(not _may_be_read(file) for file in _files_of(folder)) else "damaged"


def _files_of(folder: Path) -> list[Path]:
    with suppress(OSError):
        return list(folder.iterdir())
    return []


def _may_be_read(file: Path) -> bool:
    try:
        os.close(os.open(file, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0)))
    except PermissionError:
        return False
    except OSError:
        pass
    return True


def damaged_row(entry: Entry, outcome: str, problem: str) -> dict[str, Any]:
    """Return the row of a run that cannot be read.

    Args:
        entry: Its folder.
        outcome: damaged, unreadable or newer.
        problem: What is wrong, a sentence.
    """
    return {
        "run": entry.folder.name,
        "path": str(entry.folder),
        "created": entry.changed,
        **dict.fromkeys(("recipe", "dataset", "file", "cell"), ""),
        **dict.fromkeys(("units", "learning_rate", "seed")),
        "outcome": outcome,
        "seconds": None,
        "metrics": {},
        "refit": False,
        "chosen_on_test": False,
        **(RunNotes() if entry.kind == "unreadable" else notes_at(entry.folder)).to_row(),
        "problem": problem,
    }
