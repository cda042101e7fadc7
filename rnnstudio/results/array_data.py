"""The data of a run of arrays or of a data frame, which no file of the user holds, in the folder of the run."""

from __future__ import annotations

from dataclasses import fields
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray

from rnnstudio.core.sequence import SequenceData
from rnnstudio.results.checked_files import Files, read_arrays, read_json
from rnnstudio.results.file_writers import arrays_writer, json_writer
from rnnstudio.results.run_files import damaged
from rnnstudio.results.run_folder import Write
from rnnstudio.results.validation.run_checks import check_array_data
from rnnstudio.results.validation.training_models import StoredArrays
from rnnstudio.results.validation.value_types import validated

MAX_BYTES = 256 << 20
ARRAY_FILES = ("arrays.json", "arrays.npz")
_NOT_KEPT = ("account", "refresh")  # the account is in the description of the data


def array_writers(data: SequenceData) -> dict[str, Write]:
    """Return the functions that write the data of arrays, by the names of the files; none where they are too large."""
    plain: dict[str, Any] = {}
    arrays: dict[str, NDArray[Any]] = {}
    for field in fields(data):
        value = getattr(data, field.name)
        if field.name in _NOT_KEPT or value is None:
            continue
        if isinstance(value, np.ndarray):
            arrays[field.name] = value.astype(str) if value.dtype == object else value
        else:
            plain[field.name] = value
    if sum(values.nbytes for values in arrays.values()) > MAX_BYTES:
        return {}
    return {ARRAY_FILES[0]: json_writer(plain), ARRAY_FILES[1]: arrays_writer(arrays)}


def read_array_data(files: Files) -> SequenceData | None:
    """Return the data of arrays among the files of a run; None where they are not there.

    Raises:
        StoreError: They are damaged.
    """
    if ARRAY_FILES[0] not in files:
        return None
    plain = read_json(files, ARRAY_FILES[0])
    arrays = read_arrays(files, ARRAY_FILES[1])
    values: dict[str, Any] = {name: tuple(v) if isinstance(v, list) else v for name, v in plain.items()}
    try:
        validated(StoredArrays, plain, ARRAY_FILES[0])
        check_array_data(arrays, len(plain["classes"]))
        return SequenceData(**values, **cast("dict[str, Any]", arrays))
    except Exception as error:  # what is read is not known before it is validated
        raise damaged(files, error) from None
