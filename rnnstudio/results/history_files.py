"""The files of a run's history: `history.npz`, and of long trainings `updates-0.npz` and so on.

The columns of updates are written in parts of a fixed length, of which only the last one changes: a checkpoint of a
training of millions of updates writes no more than one of a short training.
"""

from __future__ import annotations

import re
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rnnstudio.core.history import History
from rnnstudio.results.checked_files import RunFiles, read_arrays
from rnnstudio.results.file_writers import arrays_writer
from rnnstudio.results.run_folder import Write
from rnnstudio.results.validation.array_forms import Form, Sizes, check_form, check_forms

HISTORY_FILE = "history.npz"
UPDATES_OF_PART = 1 << 18
_PART = re.compile(r"updates-(0|[1-9][0-9]{0,5})\.npz")
_BEFORE = "updates_before"  # number of updates in the other files
_COLUMNS = ("loss", "accuracy")  # with a value for each update; accuracy may have none


def full_parts(updates: int) -> list[str]:
    """Return the names of the files of a history that further updates do not change.

    >>> full_parts(600_000)
    ['updates-0.npz', 'updates-1.npz']
    """
    return [f"updates-{part}.npz" for part in range(updates // UPDATES_OF_PART)]


def history_writers(history: History) -> dict[str, Write]:
    """Return the functions that write a history, by the names of the files."""
    arrays = history.to_arrays()
    columns = {name: arrays.pop(name) for name in _COLUMNS}

    def updates(begin: int, end: int | None) -> dict[str, NDArray[Any]]:
        return {name: values[begin:end] for name, values in columns.items()}

    names = full_parts(history.step)
    begins = [part * UPDATES_OF_PART for part in range(len(names) + 1)]
    writers = {
        name: arrays_writer(updates(begin, end)) for name, (begin, end) in zip(names, pairwise(begins), strict=True)
    }
    if names:
        arrays[_BEFORE] = np.array(begins[-1])
    return writers | {HISTORY_FILE: arrays_writer(updates(begins[-1], None) | arrays)}


def read_history(files: RunFiles) -> dict[str, NDArray[Any]]:
    """Return the arrays of a history, as `History.to_arrays` does.

    Raises:
        StoreError: A file cannot be read.
        ValueError: The parts are not those of one history.
    """
    arrays = read_arrays(files, HISTORY_FILE)
    before = arrays.pop(_BEFORE, np.array(0))
    check_form(before, Form("i", ()), _BEFORE, {})
    found = {name for name in files.names if _PART.fullmatch(name)}
    names = full_parts(len(found) * UPDATES_OF_PART)
    if set(names) != found or int(before) != len(found) * UPDATES_OF_PART:
        raise ValueError(f"the {int(before):,} updates before those in {HISTORY_FILE} are not in its other files")
    if not found:
        return arrays
    parts = [read_arrays(files, name) for name in names]
    sizes: Sizes = {}
    for part in parts:
        check_forms(part, {"loss": Form("f", (UPDATES_OF_PART,)), "accuracy": Form("f", ("accuracies",))}, sizes)
    if sizes["accuracies"] not in (0, UPDATES_OF_PART):
        raise ValueError(f"accuracy must have {UPDATES_OF_PART:,} values in each of {names[0]} to {names[-1]}")
    return arrays | {column: np.concatenate([*(part[column] for part in parts), arrays[column]]) for column in _COLUMNS}
