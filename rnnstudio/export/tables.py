"""Data frames as CSV, with decimal points or decimal commas, and as Parquet; also large ones in parts."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from rnnstudio.core.errors import SettingError
from rnnstudio.core.times import iso_texts
from rnnstudio.export.excel import write_excel
from rnnstudio.export.writing import write_file

if TYPE_CHECKING:
    import pandas as pd

TABLE_SUFFIXES = (".csv", ".parquet")
_MARKS = {"point": (",", "."), "comma": (";", ",")}  # between columns, and before decimals


def check_decimal(decimal: str) -> None:
    """Check the name of a decimal mark of CSV.

    Raises:
        SettingError: It is neither point nor comma.

    >>> check_decimal("comma")
    """
    if decimal not in _MARKS:
        raise SettingError(f"decimal must be one of {', '.join(_MARKS)}; received {decimal!r}.", "decimal")


def csv_text(table: pd.DataFrame, decimal: str = "point", *, header: bool = True) -> str:
    """Return a data frame as CSV.

    Args:
        table: The data frame. Stamps are written as ISO 8601.
        decimal: point separates columns by commas; comma separates them by semicolons, as spreadsheets expect where
            the comma is the decimal mark.
        header: Whether the names of the columns are the first line.

    Raises:
        SettingError: `decimal` is neither.

    >>> import pandas as pd
    >>> print(csv_text(pd.DataFrame({"step": [1], "value": [0.5]}), "comma"), end="")
    step;value
    1;0,5
    """
    check_decimal(decimal)
    separator, mark = _MARKS[decimal]
    stamps = table.select_dtypes("datetime").columns
    table = table.assign(**{name: iso_texts(table[name].to_numpy("datetime64[ns]")) for name in stamps})
    return str(table.to_csv(index=False, header=header, lineterminator="\n", sep=separator, decimal=mark))


def plain_rows(table: pd.DataFrame) -> list[dict[str, Any]]:
    """Return the rows of a data frame as plain values, with the numbers and stamps of `csv_text`.

    >>> import pandas as pd
    >>> plain_rows(pd.DataFrame({"step": [1], "time": pd.to_datetime(["2024-03-01"]), "value": np.float32([0.1])}))
    [{'step': 1, 'time': '2024-03-01', 'value': 0.1}]
    """
    columns = {str(name): _plain_values(table[name].to_numpy()) for name in table.columns}
    return [dict(zip(columns, row, strict=True)) for row in zip(*columns.values(), strict=True)]


def _plain_values(values: NDArray[Any]) -> list[Any]:
    if values.dtype.kind == "M":
        return iso_texts(values.astype("datetime64[ns]"))
    if values.dtype == np.float32:  # 0.1, not 0.10000000149011612
        return [float(str(value)) for value in values]
    return list(values.tolist())


def write_csv(table: pd.DataFrame, path: str | os.PathLike[str], decimal: str = "point") -> Path:
    """Write a data frame as UTF-8 CSV and return the path.

    Args:
        table: The data frame.
        path: The file.
        decimal: point or comma, as in `csv_text`.

    Raises:
        SettingError: `decimal` is neither.
        StoreError: It cannot be written. An existing file stays unchanged.
    """
    text = csv_text(table, decimal)
    return write_file(path, lambda file: file.write_text(text, encoding="utf-8", newline=""))


def write_table(table: pd.DataFrame, path: str | os.PathLike[str], decimal: str = "point") -> Path:
    """Write a data frame as the suffix says, .csv, .parquet or .xlsx, and return the path; other files are CSV.

    Args:
        table: The data frame.
        path: The file.
        decimal: point or comma, as in `csv_text`; other files than CSV have point.

    Raises:
        SettingError: `decimal` is neither, or comma for a file that is no CSV.
        StoreError: It cannot be written. An existing file stays unchanged.
    """
    check_decimal(decimal)
    suffix = Path(path).suffix.lower()
    if suffix == ".parquet":
        return write_blocks([table], path, decimal)
    if suffix != ".xlsx":
        return write_csv(table, path, decimal)
    if decimal != "point":
        raise SettingError(
            f"decimal applies to .csv files only, since the cells of {Path(path).name!r} are numbers; received "
            f"{decimal!r}.",
            "decimal",
        )
    return write_excel(table, path)


def write_blocks(tables: Iterable[pd.DataFrame], path: str | os.PathLike[str], decimal: str = "point") -> Path:
    """Write a table that comes in parts, one after the other, as CSV or Parquet, and return the path.

    Args:
        tables: The parts, with the same columns.
        path: The file; its suffix, .csv or .parquet, selects the format.
        decimal: point or comma, as in `csv_text`; Parquet has point.

    Raises:
        SettingError: `decimal` is neither, or comma for Parquet.
        StoreError: It cannot be written. An existing file stays unchanged.
    """
    check_decimal(decimal)
    if Path(path).suffix.lower() == ".parquet":
        if decimal != "point":
            raise SettingError(
                f"decimal applies to .csv files only; received {decimal!r} for {Path(path).name!r}.", "decimal"
            )
        return write_file(path, lambda file: _write_parquet(tables, file))

    def write(file: Path) -> None:
        with file.open("w", encoding="utf-8", newline="") as out:
            for i, table in enumerate(tables):
                out.write(csv_text(table, decimal, header=i == 0))

    return write_file(path, write)


def _write_parquet(tables: Iterable[pd.DataFrame], file: Path) -> None:
    from contextlib import ExitStack

    import pyarrow as pa
    from pyarrow.parquet import ParquetWriter

    with ExitStack() as stack:
        writer: Any = None
        for table in tables:
            if writer is None:  # a part without any text must not decide that a column has none
                found = pa.Schema.from_pandas(table, preserve_index=False)
                texts = {name for name in table.columns if table[name].dtype.kind == "O"}
                fields = [pa.field(f.name, pa.string()) if f.name in texts else f for f in found]
                writer = stack.enter_context(ParquetWriter(file, pa.schema(fields)))
            writer.write_table(pa.Table.from_pandas(table, schema=writer.schema, preserve_index=False))
