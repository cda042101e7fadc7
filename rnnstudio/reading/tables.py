"""Reading text tables (CSV, TSV and their kin) as they are found in the wild. The file itself is never changed."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from pathlib import Path

from rnnstudio.core.errors import DataError
from rnnstudio.core.numerals import DECIMAL_COMMA, DECIMAL_POINT, NEARLY_A_NUMBER, THOUSANDS, is_number
from rnnstudio.reading.opening import existing
from rnnstudio.reading.table import Table, nearly

_KIND = "a text table such as a .csv file"
_SEPARATORS = ";\t|,"  # the comma last: where another parts the columns it may be the decimal sign
_LARGE = 4_000_000  # bytes from which a table is read by pandas' parser, which is not so careful, if it can
_LARGEST = 400_000_000  # bytes that are read with care, which takes twenty times the memory

Rows = list[tuple[int, list[str]]]  # each row with its line in the file


def read_table(path: str | Path) -> Table:
    """Return a text table; separator, header, blank lines and a closing sentence are found out.

    The separator is a comma, semicolon, tab or bar. The first line is a header when none of its cells is a number but
    some are further down. Closing lines without any number (a note under the table) are left out and counted.

    Raises:
        DataError: The file is missing, empty, not a text table, or has lines of different lengths.
    """
    file = existing(path, _KIND)
    if file.stat().st_size > _LARGE:
        from rnnstudio.reading.large import read_large

        found = read_large(file)
        if found is not None:
            return found
        if file.stat().st_size > _LARGEST:
            raise DataError(
                f"{file.name} is no plain table of numbers: so large a file must have the same columns, parted by the "
                "same sign, in each of its lines, and be written in UTF-8. Convert it to .npy or Parquet."
            )
    lines = _text(file).splitlines()
    rows, separator = split(file.name, lines)
    if separator != ",":
        _read_decimal_commas(rows)
    return table_of(file.name, rows, "parted by a comma, semicolon or tab")


def split(name: str, lines: Sequence[str]) -> tuple[Rows, str]:
    """Return the rows that are not blank, each with its line, and the sign that parts their cells."""
    first = next((i for i, line in enumerate(lines) if line.strip()), None)
    if first is None:
        raise DataError(f"{name} is empty; a table with at least one row of numbers is expected.")
    separator = _separator([line for line in lines[first : first + 50] if line.strip()])
    reader = csv.reader(lines, delimiter=separator)
    try:
        return [(reader.line_num, cells) for row in reader if any(cells := [c.strip() for c in row])], separator
    except csv.Error as error:
        raise DataError(f"{name}, row {reader.line_num}: not a text table ({error}).") from None


def table_of(name: str, rows: Rows, form: str) -> Table:
    """Return the table of these rows of text: a header is found out, closing notes are left out.

    Raises:
        DataError: No cell is a number, or rows differ in length.
    """
    found = len(rows)
    if not any(is_number(c) for _, row in rows for c in row):
        raise nearly(name, rows, (header_of(rows) if rows else None) or []) or DataError(
            f"{name} holds no numbers; a table with columns of numbers, {form}, is expected."
        )
    while not any(is_number(c) or NEARLY_A_NUMBER.fullmatch(c) for c in rows[-1][1]):
        rows.pop()  # a closing note
    left_out = found - len(rows)
    header = header_of(rows)
    if header:
        rows = rows[1:]
    width = len(header or rows[0][1])
    for number, row in rows:
        if len(row) != width:
            raise DataError(
                f"{name}, row {number}: {width} columns are expected as in the first row; received {len(row)}."
            )
    import pandas as pd

    names = unlike(header or [f"column{i}" for i in range(1, width + 1)])
    cells = pd.DataFrame([row for _, row in rows], columns=names, dtype=str)
    return Table(name, cells, tuple(number for number, _ in rows), left_out)


def unlike(names: list[str]) -> list[str]:
    """Return the names of columns, those that are the same made different, without what steers a terminal."""
    names = ["".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in name) for name in names]
    if len(set(names)) == len(names):
        return names
    told = [name if names.count(name) == 1 else f"{name} {i}" for i, name in enumerate(names, start=1)]
    return told if len(set(told)) == len(told) else [f"column{i}" for i in range(1, len(names) + 1)]


def _separator(sample: Sequence[str]) -> str:
    """Return the sign in most lines; where a header without any stands over 10,57 and its like there is one column."""
    separator = max(_SEPARATORS, key=lambda s: sum(line.count(s) > 0 for line in sample))
    head, *body = [line.strip().strip('"') for line in sample]
    while body and not is_number(body[-1].replace(",", ".")):
        body.pop()  # a closing note
    one_column = bool(body) and all(DECIMAL_COMMA.fullmatch(c) or is_number(c) for c in body)
    if separator == "," and one_column and "," not in head and not is_number(head):
        return ";"
    return separator


def header_of(rows: Rows) -> list[str] | None:
    """Return the names of the columns where the first row holds them."""
    head = rows[0][1]
    if len(rows) == 1 or any(is_number(c) or NEARLY_A_NUMBER.fullmatch(c) for c in head):
        return None
    return [c or f"column{i}" for i, c in enumerate(head, start=1)]


def _read_decimal_commas(rows: Rows) -> None:
    """Turn decimal commas into points; a column that has both, or commas that part thousands, stays as it is."""
    commas = [c for _, row in rows for c in row if DECIMAL_COMMA.fullmatch(c)]
    points = {j for _, row in rows for j, c in enumerate(row) if DECIMAL_POINT.fullmatch(c)}
    if points and all(THOUSANDS.fullmatch(c) for c in commas):
        return
    mixed = {j for _, row in rows for j, c in enumerate(row) if j in points and DECIMAL_COMMA.fullmatch(c)}
    for _, row in rows:
        for j, cell in enumerate(row):
            if j not in mixed and DECIMAL_COMMA.fullmatch(cell):
                row[j] = cell.replace(",", ".")


def _text(file: Path) -> str:
    try:
        raw = file.read_bytes()
    except OSError as error:
        raise DataError(f"{file} cannot be read: {error.strerror}.") from None
    wide = raw.startswith((b"\xff\xfe", b"\xfe\xff"))
    if b"\0" in raw[:65536] and not wide:
        raise DataError(f"{file.name} is not a text table (it holds binary data); a .csv file or the like is expected.")
    for encoding in ("utf-16",) if wide else ("utf-8-sig", "cp1252", "latin-1"):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise DataError(f"{file.name} is not text in a known encoding; save it as UTF-8.")
