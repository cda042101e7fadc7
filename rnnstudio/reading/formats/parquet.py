"""Parquet files."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from rnnstudio.core.errors import DataError
from rnnstudio.core.read_options import ReadOptions
from rnnstudio.reading.file_checks import MAX_VALUES, check_size, decoding, existing_file, join_names
from rnnstudio.reading.table import Table
from rnnstudio.reading.text.unique_names import unique_names

_KIND = "a Parquet file"
_MAX_BYTES = 8 * MAX_VALUES  # of text, which a small file can hold many times over
_UNNAMED_INDEX = re.compile(
    r"__index_level_\d+__"
)  # the index of a data frame of pandas, often the numbers of the rows
_COLUMN_TYPES = (
    "integer",
    "floating",
    "boolean",
    "decimal",
    "string",
    "large_string",
    "date",
    "timestamp",
    "time",
    "duration",
)


def read_parquet(path: str | Path, options: ReadOptions | None = None) -> Table:
    """Return the columns of a Parquet file with numbers, text, dates or durations; the account names the others.

    Raises:
        DataError: The file is not a Parquet file, is damaged, or has no such columns.
    """
    import pandas as pd
    import pyarrow as pa
    import pyarrow.parquet as pq

    from rnnstudio.reading.value_columns import frame_table

    file = existing_file(path, _KIND)
    with decoding(file, _KIND), pq.ParquetFile(file) as parquet:
        schema = parquet.schema_arrow
        columns = [
            field.name
            for field in schema
            if _is_supported(field.type, pa.types)
            and not (_UNNAMED_INDEX.fullmatch(field.name) and _is_number(field.type, pa.types))
        ]
        index = _index_columns(schema.metadata or {})
        unread = [field for field in schema if not _is_supported(field.type, pa.types)]
        assumed = [
            f"Column {field.name!r} is left out: it holds {_other_kind(field.type, pa.types)}." for field in unread
        ]
        columns.sort(key=lambda name: index.index(name) if name in index else len(index))
        if len(set(schema.names)) < len(schema.names):
            raise DataError(f"{file.name} has two columns with the same name. Write the file with unique names.")
        if not columns or not parquet.metadata.num_rows:
            raise DataError(
                f"{file.name} must have rows, and a column with numbers or text. Its columns: "
                f"{join_names(schema.names) or 'none'}; its rows: {parquet.metadata.num_rows:,}."
            )
        check_size(file.name, (len(columns), parquet.metadata.num_rows), MAX_VALUES)
        table = parquet.read(columns, use_threads=False, use_pandas_metadata=False)
        size = sum(map(_size, table.columns))
        if size > _MAX_BYTES:
            raise DataError(
                f"{file.name}: at most {_MAX_BYTES:,} bytes can be read; its columns hold {size:,}. Leave out "
                "columns of long text."
            )
        table.validate(full=True)  # otherwise invalid text fails later, on first use
        names = unique_names([_label(str(field.name), field.type, pa.types) for field in table.schema])
        cells = {
            name: values.to_pandas(ignore_metadata=True) if hasattr(values, "to_pandas") else values
            for name, values in zip(names, table.columns, strict=True)
        }
    return frame_table(file.name, pd.DataFrame(cells), options, "Parquet file", assumed)


def _size(column: Any) -> int:
    """Return the bytes of a column; of one with a dictionary, those that its text takes when it is written out."""
    import pyarrow as pa
    import pyarrow.compute as pc

    if not pa.types.is_dictionary(column.type) or not _is_text(column.type.value_type, pa.types):
        return int(column.nbytes)
    lengths = (pc.binary_length(chunk.dictionary).take(chunk.indices) for chunk in column.chunks)
    return sum(pc.sum(pc.cast(length, pa.int64())).as_py() or 0 for length in lengths)


def _is_text(column_type: Any, types: Any) -> bool:
    return bool(types.is_string(column_type) or types.is_large_string(column_type))


def _is_supported(column_type: Any, types: Any) -> bool:
    if types.is_dictionary(column_type):
        column_type = column_type.value_type
    return any(getattr(types, f"is_{name}")(column_type) for name in _COLUMN_TYPES)


def _other_kind(column_type: Any, types: Any) -> str:
    """Return what a column holds that is not read."""
    kinds = {"list": "lists", "large_list": "lists", "fixed_size_list": "lists", "struct": "structures", "map": "maps"}
    kinds |= {"binary": "bytes", "large_binary": "bytes", "null": "no values"}
    return next((kind for name, kind in kinds.items() if getattr(types, f"is_{name}")(column_type)), f"{column_type}")


def _index_columns(metadata: Mapping[bytes, bytes]) -> list[str]:
    """Return the columns that are the index of a data frame of pandas, which writes them last."""
    pandas = json.loads(metadata.get(b"pandas", b"{}"))
    return [name for name in pandas.get("index_columns", []) if isinstance(name, str)]


def _is_number(column_type: Any, types: Any) -> bool:
    return bool(types.is_integer(column_type) or types.is_floating(column_type))


def _label(name: str, column_type: Any, types: Any) -> str:
    """Return what a column is called: an index without a name is called by what it holds."""
    if not _UNNAMED_INDEX.fullmatch(name):
        return name
    return "time" if types.is_timestamp(column_type) or types.is_date(column_type) else "index"
