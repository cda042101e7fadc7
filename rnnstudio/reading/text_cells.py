"""The cells of a text table as columns of text, read by pyarrow: fast and small in memory, whatever the file's size."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

import numpy as np

from rnnstudio.core.errors import DataError
from rnnstudio.reading.text_layout import ragged_row_error, rows_of

_BLANKS = re.compile(rb"[ \t]+")
_ENDS = re.compile(rb"(?m)^[ \t]+|[ \t]+$")


def read_cells(name: str, body: bytes, separator: str, width: int, first_line: int) -> tuple[list[Any], Sequence[int]]:
    r"""Return the columns as text, and the line in the file of each row; blank rows are left out.

    Args:
        name: Name of the file in messages.
        body: The rows of data in UTF-8, without header and closing rows.
        separator: The separator; a blank stands for any number of blanks and tabs.
        width: Number of columns.
        first_line: Line of the first row in the file.

    Raises:
        DataError: A row has another number of cells.

    >>> columns, lines = read_cells("a.csv", b"1;2\n\n3;4\n", ";", 2, 2)
    >>> columns[1].to_pylist(), list(lines)
    (['2', '4'], [2, 4])
    """
    import pyarrow as pa
    import pyarrow.compute as pc
    from pyarrow import csv

    delimiter = separator
    if separator == " ":
        body, delimiter = _BLANKS.sub(b"\t", _ENDS.sub(b"", body)), "\t"
    names = [str(i) for i in range(width)]
    quoted = b'"' in body
    try:
        table = csv.read_csv(
            pa.BufferReader(body),
            csv.ReadOptions(column_names=names, block_size=max(1 << 22, _longest_line(body) * 2)),
            csv.ParseOptions(delimiter=delimiter, newlines_in_values=quoted, ignore_empty_lines=True),
            csv.ConvertOptions(
                column_types=dict.fromkeys(names, pa.string()),
                null_values=[""],
                strings_can_be_null=True,
                quoted_strings_can_be_null=True,
            ),
        )
    except pa.ArrowInvalid as error:
        rows = rows_of(body.decode("utf-8").splitlines(), delimiter, first_line)
        raise ragged_row_error(name, rows, width) or DataError(
            f"{name}: a table is expected whose rows have {width} cells; it cannot be read ({str(error)[:120]})."
        ) from None
    columns = [table.column(i) for i in range(width)]
    if body.count(b'"') % 2 and any("\n" in (column[-1].as_py() or "") for column in columns if len(column)):
        line = _lines(body, table.num_rows, delimiter, first_line, quoted)[-1]
        raise DataError(
            f"{name}, row {line}: a cell begins with a quotation mark, and none closes it before the end of the file."
        )
    lines = _lines(body, table.num_rows, delimiter, first_line, quoted)
    if columns[0].null_count:
        blank = pc.is_null(columns[0])
        for column in columns[1:]:
            blank = pc.and_(blank, pc.fill_null(pc.equal(pc.utf8_trim_whitespace(column), ""), True))
        keep = np.flatnonzero(~np.asarray(blank))
        if len(keep) < len(columns[0]):
            columns = [column.take(keep) for column in columns]
            lines = [lines[int(i)] for i in keep]
    return columns, lines


def _longest_line(body: bytes) -> int:
    """Return an upper bound of the bytes of the first lines, which a block of the parser must hold."""
    return max(map(len, body[: 1 << 22].split(b"\n")))


def _lines(body: bytes, rows: int, delimiter: str, first_line: int, quoted: bool) -> Sequence[int]:
    """Return the line of each row: consecutive, unless blank lines or line breaks within quotes come between."""
    count = body.count(b"\n") + (not body.endswith(b"\n"))
    if count == rows:
        return range(first_line, first_line + rows)
    if quoted:
        numbers = [line for line, _ in rows_of(body.decode("utf-8").split("\n"), delimiter, first_line)]
        if len(numbers) == rows:
            return numbers
    buffer = np.frombuffer(body if body.endswith(b"\n") else body + b"\n", np.uint8)
    ends = np.flatnonzero(buffer == 10)
    lengths = np.diff(ends, prepend=-1) - 1
    filled = np.flatnonzero((lengths > 1) | ((lengths == 1) & (buffer[np.maximum(ends - 1, 0)] != 13)))
    return [int(line) for line in filled[:rows] + first_line]
