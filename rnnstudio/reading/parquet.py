"""Parquet files."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from rnnstudio.core.errors import DataError
from rnnstudio.core.read_options import ReadOptions
from rnnstudio.reading.file_checks import MAX_VALUES, check_size, decoding, existing_file, join_names
from rnnstudio.reading.table import Table
from rnnstudio.reading.text_header import unique_names

_KIND = "a Parquet file"
_UNNAMED_INDEX = re.compile(r"__index_level_\d+__")  # the running number of the rows, which pandas writes
_COLUMN_TYPES = ("integer", "floating", "boolean", "decimal", "string", "large_string", "date", "timestamp")


def read_parquet(path: str | Path, options: ReadOptions | None = None) -> Table:
    """Return the columns of a Parquet file with numbers, text or dates. Lists and structures are left out.

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
            if _is_supported(field.type, pa.types) and not _UNNAMED_INDEX.fullmatch(field.name)
        ]
        if len(set(schema.names)) < len(schema.names):
            raise DataError(f"{file.name} has two columns with the same name. Write the file with unique names.")
        if not columns or not parquet.metadata.num_rows:
            raise DataError(
                f"{file.name} must have rows, and a column with numbers or text. Its columns: "
                f"{join_names(schema.names) or 'none'}; its rows: {parquet.metadata.num_rows:,}."
            )
        check_size(file.name, (len(columns), parquet.metadata.num_rows), MAX_VALUES)
        table = parquet.read(columns, use_threads=False, use_pandas_metadata=False)
        table.validate(full=True)  # otherwise invalid text fails later, on first use
        names = unique_names([str(name) for name in table.column_names])
        cells = {
            name: values.to_pandas(ignore_metadata=True) if hasattr(values, "to_pandas") else values
            for name, values in zip(names, table.columns, strict=True)
        }
    return frame_table(file.name, pd.DataFrame(cells), options, "Parquet file")


def _is_supported(column_type: Any, types: Any) -> bool:
    if types.is_dictionary(column_type):
        column_type = column_type.value_type
    return any(getattr(types, f"is_{name}")(column_type) for name in _COLUMN_TYPES)
