"""Parquet files."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from rnnstudio.core.bounded_json import bounded_json
from rnnstudio.core.byte_budget import ByteBudget, array_bytes
from rnnstudio.core.errors import DataError
from rnnstudio.core.read_options import ReadOptions
from rnnstudio.reading.file_checks import decoding, existing_file, join_names
from rnnstudio.reading.formats.parquet_pages import page_bytes
from rnnstudio.reading.table import Table
from rnnstudio.reading.text.unique_names import unique_names

_KIND = "a Parquet file"
_BATCH_ROWS = 65_536
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
        table = _read(file, parquet, columns, ByteBudget.of_file(file))
        table.validate(full=True)  # otherwise invalid text fails later, on first use
        names = unique_names([_label(str(field.name), field.type, pa.types) for field in table.schema])
        cells = {
            name: values.to_pandas(ignore_metadata=True) if hasattr(values, "to_pandas") else values
            for name, values in zip(names, table.columns, strict=True)
        }
    return frame_table(file.name, pd.DataFrame(cells), options, "Parquet file", assumed)


def _read(file: Path, parquet: Any, columns: list[str], budget: ByteBudget) -> Any:
    """Return columns as a table.

    What numbers take follows from the number of rows. Of text, the file stores each value once, however often it
    occurs, and it is read so: the bytes of all rows are known before they are written out.

    Raises:
        DataError: They would take too much memory.
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    schema, metadata = parquet.schema_arrow, parquet.metadata
    rows, types = metadata.num_rows, [schema.field(column).type for column in columns]
    fixed = rows * sum(_value_bytes(one, pa.types) for one in types)
    budget.take(file.name, fixed, f"{rows:,} rows of {len(columns):,} columns")
    unpacked = page_bytes(file, metadata, columns, ByteBudget.of_file(file))
    texts = [column for column, one in zip(columns, types, strict=True) if _is_text(one, pa.types)]
    chunks = [
        chunk for group in range(metadata.num_row_groups) for j in range(metadata.num_columns)
        if (chunk := metadata.row_group(group).column(j)).path_in_schema in texts
    ]  # fmt: skip
    stored = sum(unpacked[column] for column in texts)
    budget.check(file.name, stored, "its text")
    if any("DELTA_BYTE_ARRAY" in chunk.encodings for chunk in chunks):  # texts stored as their ends
        return _in_batches(file.name, parquet, columns, budget, max(1, budget.most // max(1, stored)))
    if not texts or rows * stored <= budget.most:
        return _checked(file.name, parquet.read(columns, use_threads=False, use_pandas_metadata=False), budget)
    with pq.ParquetFile(file, read_dictionary=texts) as once:
        table = once.read(columns, use_threads=False, use_pandas_metadata=False)
    return _checked(file.name, table, budget).cast(pa.schema([schema.field(column) for column in columns]))


def _in_batches(name: str, parquet: Any, columns: list[str], budget: ByteBudget, rows: int) -> Any:
    """Return columns, read so many rows at a time, none of whose texts is longer than all texts in the file."""
    import pyarrow as pa

    batches = []
    for batch in parquet.iter_batches(min(rows, _BATCH_ROWS), columns=columns, use_threads=False):
        budget.take(name, batch.nbytes, "its text")
        batches.append(batch)
    return pa.Table.from_batches(batches)


def _checked(name: str, table: Any, budget: ByteBudget) -> Any:
    """Return a table whose text fits into memory when it is written out."""
    budget.check(name, sum(map(_size, table.columns)), "its text")
    return table


def _value_bytes(column_type: Any, types: Any) -> int:
    """Return the bytes of a value, without the letters of a text."""
    if types.is_dictionary(column_type):
        column_type = column_type.value_type
    is_object = any(getattr(types, f"is_{kind}")(column_type) for kind in ("decimal", "date", "time"))
    return array_bytes((1,), kind="O" if is_object or _is_text(column_type, types) else "f")


def _size(column: Any) -> int:
    """Return the bytes of the text in a column when it is written out; 0 for a column of something else."""
    import pyarrow as pa
    import pyarrow.compute as pc

    if not _is_text(column.type, pa.types):
        return 0
    if not pa.types.is_dictionary(column.type):
        return int(column.nbytes)
    lengths = (pc.binary_length(chunk.dictionary).take(chunk.indices) for chunk in column.chunks)
    return sum(pc.sum(pc.cast(length, pa.int64())).as_py() or 0 for length in lengths)


def _is_text(column_type: Any, types: Any) -> bool:
    """Return whether a column holds text, whose values may be stored once each."""
    if types.is_dictionary(column_type):
        column_type = column_type.value_type
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
    pandas = bounded_json(metadata.get(b"pandas", b"{}"))
    named = pandas.get("index_columns", []) if isinstance(pandas, dict) else []
    return [name for name in named if isinstance(name, str)] if isinstance(named, list) else []


def _is_number(column_type: Any, types: Any) -> bool:
    return bool(types.is_integer(column_type) or types.is_floating(column_type))


def _label(name: str, column_type: Any, types: Any) -> str:
    """Return what a column is called: an index without a name is called by what it holds."""
    if not _UNNAMED_INDEX.fullmatch(name):
        return name
    return "time" if types.is_timestamp(column_type) or types.is_date(column_type) else "index"
