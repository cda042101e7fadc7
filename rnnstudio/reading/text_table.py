"""Text tables (.csv, .tsv, .txt): separator, header, encoding and decimal sign are detected."""

from __future__ import annotations

from pathlib import Path

from rnnstudio.core.errors import DataError
from rnnstudio.core.numerals import DECIMAL_COMMA, DECIMAL_POINT, THOUSANDS
from rnnstudio.reading.file_checks import existing_file
from rnnstudio.reading.large_text_table import read_large_table
from rnnstudio.reading.table import Table
from rnnstudio.reading.text_rows import Rows, split_rows, table_from_rows

_KIND = "a text table such as a .csv file"
_LARGE_BYTES = 4_000_000  # larger files are read with pandas' parser if they are regular
_MAX_BYTES = 400_000_000  # of an irregular table, which takes twenty times the memory
_BINARY_SAMPLE = 65_536  # bytes searched for a zero byte


def read_table(path: str | Path) -> Table:
    """Return a text table.

    The separator is a comma, semicolon, tab or vertical bar. The first row is the header if none of its cells is a
    number but later cells are. Blank rows are left out, and so are footer rows: closing rows without a number.

    Raises:
        DataError: The file is missing, empty, not a text table, or has rows of different lengths.

    Example:
        >>> from rnnstudio.core.paths import resource
        >>> table = read_table(resource("data/airline.csv"))
        >>> table.numeric_columns(), len(table.cells)
        (['Passengers'], 144)
    """
    file = existing_file(path, _KIND)
    size = file.stat().st_size
    if size > _LARGE_BYTES:
        table = read_large_table(file)
        if table is not None:
            return table
        if size > _MAX_BYTES:
            raise DataError(
                f"{file.name}: a table of more than {_MAX_BYTES / 1e6:,.0f} MB must be encoded in UTF-8 and have the "
                "same columns and the same separator in each row; received another format. Convert it to .npy or "
                "Parquet."
            )
    rows, separator = split_rows(file.name, _decode(file).splitlines())
    if separator != ",":
        _replace_decimal_commas(rows)
    return table_from_rows(file.name, rows)


def _replace_decimal_commas(rows: Rows) -> None:
    """Replace decimal commas by points, in place.

    Columns with both signs stay as they are, and so do commas that may separate thousands.
    """
    cells_with_comma = [cell for _, row in rows for cell in row if DECIMAL_COMMA.fullmatch(cell)]
    columns_with_point = {j for _, row in rows for j, cell in enumerate(row) if DECIMAL_POINT.fullmatch(cell)}
    if columns_with_point and all(THOUSANDS.fullmatch(cell) for cell in cells_with_comma):
        return
    ambiguous = {
        j for _, row in rows for j, cell in enumerate(row) if j in columns_with_point and DECIMAL_COMMA.fullmatch(cell)
    }
    for _, row in rows:
        for j, cell in enumerate(row):
            if j not in ambiguous and DECIMAL_COMMA.fullmatch(cell):
                row[j] = cell.replace(",", ".")


def _decode(file: Path) -> str:
    try:
        raw = file.read_bytes()
    except OSError as error:
        raise DataError(f"{file} cannot be read: {error.strerror}.") from None
    is_utf16 = raw.startswith((b"\xff\xfe", b"\xfe\xff"))
    if b"\0" in raw[:_BINARY_SAMPLE] and not is_utf16:
        raise DataError(f"{file.name}: {_KIND} is expected; received binary data.")
    for encoding in ("utf-16",) if is_utf16 else ("utf-8-sig", "cp1252", "latin-1"):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise DataError(f"{file.name}: text in a known encoding is expected. Save the file as UTF-8.")
