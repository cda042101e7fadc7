"""Data frames in HDF5 files, as pandas writes them with `to_hdf` in its fixed and its table format."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from rnnstudio.core.byte_budget import ByteBudget, array_bytes
from rnnstudio.core.errors import DataError, RnnStudioError
from rnnstudio.core.read_options import ReadOptions
from rnnstudio.core.variable_account import VariableAccount
from rnnstudio.reading.file_checks import decoding, existing_file, join_names
from rnnstudio.reading.formats.unpickler import unpickle
from rnnstudio.reading.table import Table
from rnnstudio.reading.text.unique_names import unique_names
from rnnstudio.reading.value_columns import frame_table

_KIND = "an HDF5 file of pandas"
_MAX_DEPTH, _MAX_GROUPS = 4, 1_000
_DATES = re.compile(r"datetime64(?:\[(s|ms|us|ns)[^\]]*\])?")
_NO_NAME = b"N."  # None, pickled


def read_pandas_hdf5(path: str | Path, options: ReadOptions | None = None) -> Table | None:
    """Return a data frame or series that pandas wrote into a file; None if it wrote none.

    It is the first one, or that which `options.variable` names.

    Columns of Python objects, which pandas pickles, are left out. Nothing pickled is run.

    Raises:
        DataError: The file is damaged, stores its numbers in another file, has no data frame of that name, or holds
            frames without columns of numbers.
    """
    import h5py

    file = existing_file(path, _KIND)
    with decoding(file, _KIND), h5py.File(file, "r") as store:
        groups = dict(_frames(store))
        if not groups:
            return None
        name = (options.variable if options else "") or next(iter(groups))
        if name not in groups:
            raise DataError(f"{file.name} has no data frame {name!r}. Its data frames: {join_names([*groups])}.")
        group = groups[name]
        reader = _Reader(file.name, ByteBudget.of_file(file))
        columns = {
            "frame": reader.fixed_frame, "series": reader.fixed_series, "frame_table": reader.table,
            "series_table": reader.table,
        }[_text(group.attrs["pandas_type"])](group)  # fmt: skip
        frame = pd.DataFrame(dict(zip(unique_names([*columns]), columns.values(), strict=True)), index=reader.index)
    if frame.empty:
        raise DataError(
            f"{file.name}: a data frame with columns of numbers or text is expected; received {name!r} without any. "
            "Write it with format='table'."
        )
    table = frame_table(file.name, frame, options, "HDF5 file of pandas")
    assert table.account is not None
    notes = []
    if len(groups) > 1:
        others = join_names([other for other in groups if other != name])
        notes.append(f"The data frame {name!r} is read, of {len(groups)}; set variable to read another one ({others}).")
    if reader.left_out:
        notes.append(
            f"Python objects are left out: {join_names(reader.left_out)}. format='table' of to_hdf writes text."
        )
    about: dict[str, Any] = {}
    if len(groups) > 1:
        about = {"variables": tuple(VariableAccount(n, "data frame") for n in groups), "variable": name}
    account = replace(table.account, assumed=(*notes, *table.account.assumed), **about)
    return replace(table, account=account)


def _frames(group: Any, prefix: str = "", depth: int = 0) -> Iterator[tuple[str, Any]]:
    """Yield path and group of each data frame or series of pandas; links out of the file are not followed."""
    import h5py

    kinds = ("frame", "series", "frame_table", "series_table")
    for number, name in enumerate(group):
        if number >= _MAX_GROUPS or not isinstance(group.get(name, getlink=True), h5py.HardLink):
            continue
        item = group.get(name)
        if isinstance(item, h5py.Group):
            if _text(item.attrs.get("pandas_type", b"")) in kinds:
                yield f"{prefix}{name}", item
            elif depth < _MAX_DEPTH:
                yield from _frames(item, f"{prefix}{name}/", depth + 1)


class _Reader:
    """Reads the arrays of one data frame.

    Attributes:
        index: The index of the frame, once its columns are read.
        left_out: Columns of Python objects.
    """

    def __init__(self, name: str, budget: ByteBudget) -> None:
        self._name, self._budget = name, budget
        self.index: pd.Index[Any] | None = None
        self.left_out: list[str] = []

    def fixed_frame(self, group: Any) -> dict[str, NDArray[Any]]:
        """Return the columns of a frame in the fixed format: blocks of one type each."""
        if "axis1" not in group:
            raise DataError(
                f"{self._name}: a data frame with an index of one level is expected. Write it with reset_index(), or "
                "with format='table'."
            )
        self.index = self._index(group["axis1"])
        found: dict[str, NDArray[Any]] = {}
        for i in range(int(group.attrs.get("nblocks", 0))):
            values = group[f"block{i}_values"]
            if values.dtype.kind in "biuf" and values.ndim == 2:
                labels = [_label(label) for label in self._array(group[f"block{i}_items"])]
                array = _dated(self._array(values), _text(values.attrs.get("value_type", b"")))
                found |= {label: array[:, j] for j, label in enumerate(labels)}
        order = [_label(label) for label in self._array(group["axis0"])]
        self.left_out = [label for label in order if label not in found]
        return {label: found[label] for label in order if label in found}

    def fixed_series(self, group: Any) -> dict[str, NDArray[Any]]:
        """Return a series in the fixed format as a column."""
        self.index = self._index(group["index"])
        values = group["values"]
        if values.dtype.kind not in "biuf":
            return {}
        name = group.attrs.get("name", _NO_NAME)
        array = _dated(self._array(values), _text(values.attrs.get("value_type", b"")))
        return {_text(name) if name != _NO_NAME else "value": array}

    def table(self, group: Any) -> dict[str, NDArray[Any]]:
        """Return the columns of a frame in the table format: one dataset of records."""
        records = group["table"]
        values = self._array(records)
        found: dict[str, NDArray[Any]] = {}
        for field in values.dtype.names or ():
            about, array = records.attrs, values[field]
            if field == "index":
                name = _unpickled(group.attrs.get("info", b"")).get("index", {}).get("index_name")
                kind = _text(about.get("index_kind", b""))
                self.index = pd.Index(_decoded(_dated(array, kind)), name=name if isinstance(name, str) else None)
                continue
            labels = _unpickled(about.get(f"{field}_kind", b""))
            array = array.reshape(len(array), -1)
            array = _decoded(_dated(array, _text(about.get(f"{field}_dtype", b""))))
            is_named = isinstance(labels, list) and len(labels) == array.shape[1]
            names = [str(label) for label in labels] if is_named else [f"{field}{j}" for j in range(array.shape[1])]
            found |= {label: array[:, j] for j, label in enumerate(names)}
        axes = _unpickled(group.attrs.get("non_index_axes", b""))
        order = [str(label) for label in axes[0][1]] if isinstance(axes, list) and axes else []
        return {label: found[label] for label in [*order, *(other for other in found if other not in order)]}

    def _index(self, dataset: Any) -> pd.Index[Any]:
        name = dataset.attrs.get("name", _NO_NAME)
        values = _decoded(_dated(self._array(dataset), _text(dataset.attrs.get("kind", b""))))
        index: pd.Index[Any] = pd.Index(values, name=None if name == _NO_NAME else _text(name))
        return index

    def _array(self, dataset: Any) -> NDArray[Any]:
        if dataset.is_virtual or dataset.external:
            raise DataError(
                f"{self._name} must hold its numbers itself; those of {dataset.name} are in another file, which is not "
                "read."
            )
        name, dtype = f"{dataset.name} in {self._name}", dataset.dtype
        self._budget.check_array(name, dataset.chunks or (), dtype.itemsize)
        self._budget.take(name, _bytes_of(dataset.shape, dtype), f"an array of {dataset.shape[0]:,} rows")
        return np.asarray(dataset[()])


def _bytes_of(shape: tuple[int, ...], dtype: np.dtype[Any]) -> int:
    """Return the bytes that an array takes, of numbers and texts or of records of them."""
    parts = [part for part, *_ in (dtype.fields or {"": (dtype,)}).values()]
    return sum(array_bytes((*shape, *part.shape), part.base.itemsize, part.base.kind) for part in parts)


def _text(value: Any) -> str:
    return value.decode(errors="replace") if isinstance(value, bytes) else str(value)


def _label(value: Any) -> str:
    return _text(value.item() if isinstance(value, np.generic) else value)


def _decoded(values: NDArray[Any]) -> NDArray[Any]:
    """Return text for bytes, and other values as they are."""
    if values.dtype.kind != "S":
        return values
    texts = [cell.decode(errors="replace") for cell in values.ravel()]
    return np.array([None if text == "nan" else text for text in texts], object).reshape(values.shape)


def _dated(values: NDArray[Any], kind: str) -> NDArray[Any]:
    """Return dates for whole numbers of a kind such as datetime64[us], and other values as they are."""
    match = _DATES.fullmatch(kind)
    if not match or values.dtype != np.int64:
        return values.astype(bool) if kind == "bool" else values
    return values.view(f"datetime64[{match[1] or 'ns'}]")


def _unpickled(raw: Any) -> Any:
    """Return a list or dict that pandas pickled; empty where it holds anything but plain values."""
    try:
        return unpickle(bytes(raw), "")
    except (RnnStudioError, TypeError, ValueError):
        return {}
