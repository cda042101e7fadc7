"""Rows of text cells: splitting lines into cells, header, footer and column names."""

from __future__ import annotations

import csv
from collections.abc import Sequence

from rnnstudio.core.errors import DataError
from rnnstudio.core.numerals import DECIMAL_COMMA, NEARLY_A_NUMBER, is_number
from rnnstudio.reading.table import Table, number_format_error

_SEPARATORS = ";\t|,"  # the comma is last: with another separator it may be the decimal sign
_SAMPLE_LINES = 50

Rows = list[tuple[int, list[str]]]  # line number in the file, and cells


def split_rows(name: str, lines: Sequence[str]) -> tuple[Rows, str]:
    """Split lines into cells. Blank lines are left out.

    Args:
        name: Name of the file in messages.
        lines: Its lines.

    Returns:
        The rows, each with its line number counted from 1, and the separator that was detected.

    Raises:
        DataError: All lines are blank, or a line is not valid CSV.

    Example:
        >>> split_rows("sales.csv", ["day;sales", "1;2,5"])
        ([(1, ['day', 'sales']), (2, ['1', '2,5'])], ';')
    """
    first = next((i for i, line in enumerate(lines) if line.strip()), None)
    if first is None:
        raise DataError(f"{name} is empty; a table with at least one row of numbers is expected.")
    separator = _detect_separator([line for line in lines[first : first + _SAMPLE_LINES] if line.strip()])
    reader = csv.reader(lines, delimiter=separator)
    try:
        return [(reader.line_num, cells) for row in reader if any(cells := [c.strip() for c in row])], separator
    except csv.Error as error:
        raise DataError(f"{name}, row {reader.line_num}: a row of a text table is expected ({error}).") from None


def table_from_rows(name: str, rows: Rows) -> Table:
    """Return a table after detecting the header and removing footer rows, which are closing rows without numbers.

    Raises:
        DataError: No cell is a number, or rows have different numbers of columns.
    """
    import pandas as pd

    row_count = len(rows)
    if not any(is_number(cell) for _, row in rows for cell in row):
        raise number_format_error(name, rows, (header_of(rows) if rows else None) or []) or DataError(
            f"{name}: a table with numeric columns is expected; it contains no numbers. The columns of a text file "
            "are separated by a comma, semicolon or tab."
        )
    while not any(is_number(cell) or NEARLY_A_NUMBER.fullmatch(cell) for cell in rows[-1][1]):
        rows.pop()
    footer_rows = row_count - len(rows)
    header = header_of(rows)
    if header:
        rows = rows[1:]
    width = len(header or rows[0][1])
    for number, row in rows:
        if len(row) != width:
            raise DataError(
                f"{name}, row {number}: {width} columns are expected as in the first row; received {len(row)}."
            )
    names = unique_names(header or [f"column{i}" for i in range(1, width + 1)])
    cells = pd.DataFrame([row for _, row in rows], columns=names, dtype=str)
    return Table(name, cells, tuple(number for number, _ in rows), footer_rows, has_names=bool(header))


def header_of(rows: Rows) -> list[str] | None:
    """Return the column names in the first row, or None if the first row is not a header.

    Example:
        >>> header_of([(1, ["day", ""]), (2, ["1", "2.5"])])
        ['day', 'column2']
    """
    first_row = rows[0][1]
    if len(rows) == 1 or any(is_number(cell) or NEARLY_A_NUMBER.fullmatch(cell) for cell in first_row):
        return None
    return [cell or f"column{i}" for i, cell in enumerate(first_row, start=1)]


def unique_names(names: list[str]) -> list[str]:
    r"""Return unique column names without control characters, which could change the state of a terminal.

    Example:
        >>> unique_names(["sales", "sales", "day"])
        ['sales 1', 'sales 2', 'day']
    """
    names = ["".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in name) for name in names]
    if len(set(names)) == len(names):
        return names
    numbered = [name if names.count(name) == 1 else f"{name} {i}" for i, name in enumerate(names, start=1)]
    return numbered if len(set(numbered)) == len(numbered) else [f"column{i}" for i in range(1, len(names) + 1)]


def _detect_separator(sample: Sequence[str]) -> str:
    """Return the separator that occurs in most lines.

    A single column of decimal commas under a header (10,57 and so on) is read as one column, not as two.
    """
    separator = max(_SEPARATORS, key=lambda sign: sum(line.count(sign) > 0 for line in sample))
    head, *body = [line.strip().strip('"') for line in sample]
    while body and not is_number(body[-1].replace(",", ".")):
        body.pop()  # footer
    is_single_column = bool(body) and all(DECIMAL_COMMA.fullmatch(cell) or is_number(cell) for cell in body)
    if separator == "," and is_single_column and "," not in head and not is_number(head):
        return ";"
    return separator
