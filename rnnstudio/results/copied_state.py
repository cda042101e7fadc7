"""The state of a training in a copy of its run, so that the training can go on from the copy, too."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import BinaryIO

import numpy as np

from rnnstudio.core.errors import DataError, StoreError
from rnnstudio.results.checked_files import RunFiles, read_arrays
from rnnstudio.results.contents import RunContents
from rnnstudio.results.run_archive import MAX_STATE_BYTES, STATE_FILES, open_run
from rnnstudio.results.run_folder import Write


def state_writers(run: RunContents) -> dict[str, Write]:
    """Return the functions that write the state of the training of a saved run, by the names of the files.

    None where there is no such state, where the run at its path has other weights by now, or where it is too large.
    """
    if not run.path:
        return {}
    try:
        with open_run(Path(run.path)) as files:
            stored = files.rest.get("files", {})
            if not all(name in stored for name in STATE_FILES) or not has_weights_of(run, files):
                return {}
            if sum(stored[name]["bytes"] for name in STATE_FILES) > MAX_STATE_BYTES:
                return {}
            return {name: partial(_write, files.read(name)) for name in STATE_FILES}
    except (OSError, DataError, StoreError):
        return {}


def has_weights_of(run: RunContents, files: RunFiles) -> bool:
    """Return whether the weights among files are those of a run."""
    weights = read_arrays(files, "weights.npz")
    own = run.weights
    return weights.keys() == own.keys() and all(np.array_equal(weights[name], own[name]) for name in own)


def _write(content: bytes, file: BinaryIO) -> None:
    file.write(content)
