"""The data of a run of arrays or of a data frame, which no file of the user holds, in the folder of the run."""

from __future__ import annotations

from dataclasses import fields
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray

from rnnstudio.core.data_info import DataInfo
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
_NOT_COMPARED = ("account", "last_time", "last_times")  # of the description: what is computed, or not kept


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


def read_array_data(files: Files, info: DataInfo) -> SequenceData | None:
    """Return the data of arrays among the files of a run; None where they are not there.

    Args:
        files: The files.
        info: The description of the data of the run.

    Raises:
        StoreError: They are damaged, or not those that the run describes.
    """
    if ARRAY_FILES[0] not in files:
        return None
    plain = read_json(files, ARRAY_FILES[0])
    arrays = read_arrays(files, ARRAY_FILES[1])
    values: dict[str, Any] = {name: tuple(v) if isinstance(v, list) else v for name, v in plain.items()}
    try:
        validated(StoredArrays, plain, ARRAY_FILES[0])
        check_array_data(arrays, len(plain["classes"]))
        data = SequenceData(**values, **cast("dict[str, Any]", arrays))
        _check_described(data, info)
        return data
    except Exception as error:  # what is read is not known before it is validated
        raise damaged(files, error) from None


def _check_described(data: SequenceData, info: DataInfo) -> None:
    """Check that data are those that a run describes.

    Raises:
        ValueError: They are not.
    """
    found = DataInfo.of(data)
    for field in fields(DataInfo):
        if field.name not in _NOT_COMPARED and getattr(found, field.name) != getattr(info, field.name):
            raise ValueError(f"{field.name} of the arrays is not that of the run")
    if data.target_per_sequence:
        is_other = data.missing_targets  # each of these windows has its target
    else:
        missing = data.targets < 0 if data.classes else np.isnan(data.targets)
        is_other = bool(missing.any()) and not data.missing_targets
    if is_other:
        raise ValueError(f"missing_targets of the arrays is {str(data.missing_targets).lower()}, and should not be")
