"""Functions that write a file of a run, as `run_folder.commit` takes them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rnnstudio.core.plain_arrays import save_arrays
from rnnstudio.results.run_folder import Write


def json_writer(value: Any) -> Write:
    """Return a function that writes a value as JSON."""
    text = json.dumps(value, indent=2) + "\n"
    return lambda file: file.write(text.encode())


def arrays_writer(arrays: Mapping[str, NDArray[Any]]) -> Write:
    """Return a function that writes arrays by name, without pickle."""
    return lambda file: save_arrays(file, arrays)


def array_writer(array: NDArray[Any]) -> Write:
    """Return a function that writes one array, without pickle."""
    return lambda file: np.save(file, array, allow_pickle=False)
