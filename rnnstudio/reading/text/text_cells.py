"""The cells of a text table as columns of text, read by pyarrow: fast and small in memory, whatever the file's size."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from typing import Any

import numpy as np

from rnnstudio.core.errors import DataError
from rnnstudio.reading.text.long_bytes import count_bytes
from rnnstudio.reading.text.row_shapes import with_equal_rows
from rnnstudio.reading.text.standing_cells import with_blank_cells
from rnnstudio.reading.text.text_layout import blanks_as_tabs, ragged_row_error, rows_of, without_padding

_BLANKS = re.compile(rb"[ \t]+")
_MAX_CHECKED = 100  # cells of several lines in a column, whose quotation marks are checked
_QUOTED_CELL = re.compile(rb'"(?:[^"]|"")*"')
_ENDS = re.compile(rb"(?m)^[ \t]+|[ \t]+(?=\r?$)")


def read_cells(
    name: str,
    body: bytes | memoryview,
    separator: str,
    width: int,
    span: tuple[int, int],
    numbers: Collection[int] = (),
) -> tuple[list[Any], Sequence[int], str]:
    r"""Return the columns as text, the line in the file of each row, and what was done about rows of other lengths.

    Blank rows are left out.

    Args:
        name: Name of the file in messages.
        body: The rows of data in UTF-8, without header and closing rows.
        separator: The separator; a blank stands for any number of blanks and tabs.
        width: Number of columns.
        span: First and last line of the body in the file.
        numbers: Columns that are returned as float64, if all their cells are numbers with decimal points.

    Raises:
        DataError: A row has another number of cells.

    >>> columns, lines, _ = read_cells("a.csv", b"1;2\n\n3;4\n", ";", 2, (2, 4))
    >>> columns[1].to_pylist(), list(lines)
    (['2', '4'], [2, 4])
    """
    import pyarrow as pa
    import pyarrow.compute as pc
    from pyarrow import csv

    first_line = span[0]
    delimiter, standing = separator, body
    quotes = count_bytes(body, b'"')
    quoted = quotes > 0
    if separator == " ":
        body = blanks_as_tabs(str(body, "utf-8")).encode() if quoted else _BLANKS.sub(b"\t", _ENDS.sub(b"", body))
        delimiter = "\t"
    elif quoted and count_bytes(body, b' "'):
        body = without_padding(str(body, "utf-8"), separator).encode()
    names = [str(i) for i in range(width)]

    def parsed(body: bytes | memoryview, numbers: Collection[int]) -> Any:
        types = {name: pa.float64() if i in numbers else pa.string() for i, name in enumerate(names)}
        return csv.read_csv(
            pa.BufferReader(pa.py_buffer(body)),
            csv.ReadOptions(column_names=names, block_size=max(1 << 22, _longest_line(body) * 2)),
            csv.ParseOptions(delimiter=delimiter, newlines_in_values=quoted, ignore_empty_lines=True),
            csv.ConvertOptions(
                column_types=types, null_values=[""], strings_can_be_null=True, quoted_strings_can_be_null=True
            ),
        )

    note = ""
    try:
        try:
            table = parsed(body, numbers)
        except pa.ArrowInvalid:
            equal = with_blank_cells(bytes(standing), width, first_line) if separator == " " else None
            if equal := equal or with_equal_rows(bytes(body), delimiter, width, first_line):
                body, note = equal
            table = parsed(body, ())
    except pa.ArrowInvalid as error:
        rows = rows_of(bytes(body).decode("utf-8").splitlines(), delimiter, first_line)
        raise ragged_row_error(name, rows, width) or DataError(
            f"{name}: a table is expected whose rows have {width} cells; it cannot be read ({str(error)[:120]})."
        ) from None
    columns = [table.column(i) for i in range(width)]
    if quotes % 2 and any("\n" in str(column[-1].as_py()) for column in columns if len(column)):
        line = _lines(body, table.num_rows, delimiter, span, quoted)[-1]
        raise DataError(
            f"{name}, row {line}: a cell begins with a quotation mark, and none closes it before the end of the file."
        )
    if quoted:
        _check_quotes(name, columns, body, first_line, delimiter)
    lines = _lines(body, table.num_rows, delimiter, span, quoted)
    if columns[0].null_count and width > 1:
        blank = pc.is_null(columns[0])
        for column in columns[1:]:
            is_text = pa.types.is_string(column.type)
            empty = pc.fill_null(pc.equal(pc.utf8_trim_whitespace(column), ""), True) if is_text else pc.is_null(column)
            blank = pc.and_(blank, empty)
        keep = np.flatnonzero(~np.asarray(blank))
        if len(keep) < len(columns[0]):
            columns = [column.take(keep) for column in columns]
            lines = [lines[int(i)] for i in keep]
    return columns, lines, note


def _check_quotes(name: str, columns: Sequence[Any], body: bytes | memoryview, first_line: int, delimiter: str) -> None:
    """Check that the cells of several lines end with their closing quotation mark.

    Raises:
        DataError: Text follows the closing mark, so that a stray mark has joined rows.
    """
    import pyarrow as pa
    import pyarrow.compute as pc

    raw = b""
    for column in columns:
        if not pa.types.is_string(column.type):
            continue
        for cell in column.filter(pc.fill_null(pc.match_substring(column, "\n"), False)).slice(0, _MAX_CHECKED):
            raw = raw or bytes(body)
            begin = raw.find(('"' + str(cell).split("\n")[0].replace('"', '""')).encode())
            match = _QUOTED_CELL.match(raw, max(begin, 0))
            if (
                begin < 0
                or match is None
                or raw[match.end() : match.end() + 1] in (b"", b"\r", b"\n", delimiter.encode())
            ):
                continue
            line, last = (first_line + raw.count(b"\n", 0, end) for end in (begin, match.end()))
            raise DataError(
                f"{name}, row {line}: a quotation mark opens a cell that ends in row {last} within another cell. "
                "Delete the mark, or close it in its own row."
            )


def _longest_line(body: bytes | memoryview) -> int:
    """Return an upper bound of the bytes of the first lines, which a block of the parser must hold."""
    return max(map(len, bytes(body[: 1 << 22]).split(b"\n")))


def _lines(body: bytes | memoryview, rows: int, delimiter: str, span: tuple[int, int], quoted: bool) -> Sequence[int]:
    """Return the line of each row: consecutive, unless blank lines or line breaks within quotes come between."""
    first_line, last_line = span
    if last_line - first_line + 1 == rows:
        return range(first_line, first_line + rows)
    if quoted:
        numbers = [line for line, _ in rows_of(bytes(body).decode("utf-8").split("\n"), delimiter, first_line)]
        if len(numbers) == rows:
            return numbers
    buffer = np.frombuffer(body if body[-1:] == b"\n" else bytes(body) + b"\n", np.uint8)
    ends = np.flatnonzero(buffer == 10)
    lengths = np.diff(ends, prepend=-1) - 1
    filled = np.flatnonzero((lengths > 1) | ((lengths == 1) & (buffer[np.maximum(ends - 1, 0)] != 13)))
    return [int(line) for line in filled[:rows] + first_line]
