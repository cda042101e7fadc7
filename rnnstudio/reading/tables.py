"""Reading text tables (CSV, TSV and their kin) as they are found in the wild. The file itself is never changed."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from rnnstudio.core.errors import DataError

if TYPE_CHECKING:
    import pandas as pd  # takes 0.3 s to import: only once a table is read

_SEPARATORS = ";\t|,"  # the comma last: where another parts the columns it may be the decimal sign
_DECIMAL_COMMA = re.compile(r"[-+]?\d+,\d+(?:[eE][-+]?\d+)?")
_DECIMAL_POINT = re.compile(r"[-+]?\d+\.\d+(?:[eE][-+]?\d+)?")
_THOUSANDS = re.compile(r"[-+]?\d{1,3},\d{3}")
_NEARLY_A_NUMBER = re.compile(  # 1.101,00 or 10% or $10.00, but no date
    r"[-+]?[^\w\s]?\s*[-+]?(?:\d{1,3}(?:[.,'\s]\d{3})+|\d+)(?:[.,]\d+)?\s*[^\w\s]?"
)

Rows = list[tuple[int, list[str]]]  # each row with its line in the file


@dataclass(frozen=True)
class Table:
    """A text table whose cells have been split but not yet read as numbers.

    Attributes:
        name: What messages call the file.
        cells: Text cells, one row per row of the table; columns are named after the header, else column1, column2 ...
        lines: Line of the file that each row stands in, counted from 1.
        left_out: Closing lines without numbers that were left out.
    """

    name: str
    cells: pd.DataFrame
    lines: tuple[int, ...]
    left_out: int = 0

    @property
    def columns(self) -> list[str]:
        """Names of the columns."""
        return [str(c) for c in self.cells.columns]

    def numeric_columns(self) -> list[str]:
        """Return the columns that hold a number in most of their rows."""
        import pandas as pd

        found = []
        for column in self.columns:
            values = pd.to_numeric(self.cells[column], errors="coerce")
            if values.notna().mean() > 0.5:
                found.append(column)
        return found

    def no_numbers(self) -> DataError:
        """Return the error for a table without a column of numbers; it quotes the first cell that is nearly one."""
        rows = zip(self.lines, self.cells.to_numpy().tolist(), strict=True)
        return _nearly(self.name, rows, self.columns) or DataError(
            f"{self.name} has no column of numbers. Its columns: {', '.join(self.columns)}."
        )

    def numbers(self, columns: Sequence[str]) -> NDArray[np.float32]:
        """Return these columns as numbers, `(rows, len(columns))`.

        Raises:
            DataError: A cell is empty or no finite number; the message names file, row and column.
        """
        missing = [c for c in columns if c not in self.columns]
        if missing:
            raise DataError(f"{self.name} has no column {missing[0]!r}. Its columns: {', '.join(self.columns)}.")
        import pandas as pd

        out = np.empty((len(self.cells), len(columns)), np.float32)
        for j, column in enumerate(columns):
            values = pd.to_numeric(self.cells[column], errors="coerce").to_numpy(np.float64)
            with np.errstate(over="ignore"):
                out[:, j] = values
            bad = np.flatnonzero(~np.isfinite(out[:, j]))
            if len(bad):
                cell = self.cells[column].iloc[bad[0]]
                what = "an empty cell" if pd.isna(cell) or not str(cell).strip() else repr(str(cell)[:40])
                more = f" ({len(bad)} such cells in all)" if len(bad) > 1 else ""
                raise DataError(
                    f"{self.name}, row {self.lines[int(bad[0])]}, column {column!r}: a number is expected; "
                    f"received {what}{more}. Mend the file or choose another column."
                )
        return out


def read_table(path: str | Path) -> Table:
    """Return a text table; separator, header, blank lines and a closing sentence are found out.

    The separator is a comma, semicolon, tab or bar. The first line is a header when none of its cells is a number but
    some are further down. Closing lines without any number (a note under the table) are left out and counted.

    Raises:
        DataError: The file is missing, empty, not a text table, or has lines of different lengths.
    """
    file = Path(path).expanduser()
    text = _text(file)
    lines = text.splitlines()
    first = next((i for i, line in enumerate(lines) if line.strip()), None)
    if first is None:
        raise DataError(f"{file.name} is empty; a table with at least one row of numbers is expected.")
    separator = _separator([line for line in lines[first : first + 50] if line.strip()])
    reader = csv.reader(lines, delimiter=separator)
    try:
        rows = [(reader.line_num, [c.strip() for c in row]) for row in reader if any(c.strip() for c in row)]
    except csv.Error as error:
        raise DataError(f"{file.name}, row {reader.line_num}: not a text table ({error}).") from None
    if separator != ",":
        _read_decimal_commas(rows)
    found = len(rows)
    if not any(_is_number(c) for _, row in rows for c in row):
        raise _nearly(file.name, rows, _header(rows) or []) or DataError(
            f"{file.name} holds no numbers; a table with columns of numbers, parted by a comma, semicolon or "
            "tab, is expected."
        )
    while not any(_is_number(c) or _NEARLY_A_NUMBER.fullmatch(c) for c in rows[-1][1]):
        rows.pop()  # a closing note
    left_out = found - len(rows)
    header = _header(rows)
    if header:
        rows = rows[1:]
    width = len(header or rows[0][1])
    for number, row in rows:
        if len(row) != width:
            raise DataError(
                f"{file.name}, row {number}: {width} columns are expected as in the first row; received {len(row)}."
            )
    names = header or [f"column{i}" for i in range(1, width + 1)]
    if len(set(names)) < len(names):
        names = [name if names.count(name) == 1 else f"{name} {i}" for i, name in enumerate(names, start=1)]
    import pandas as pd

    cells = pd.DataFrame([row for _, row in rows], columns=names, dtype=str)
    return Table(file.name, cells, tuple(number for number, _ in rows), left_out)


def _separator(sample: Sequence[str]) -> str:
    """Return the sign in most lines; where a header without any stands over 10,57 and its like there is one column."""
    separator = max(_SEPARATORS, key=lambda s: sum(line.count(s) > 0 for line in sample))
    head, *body = [line.strip().strip('"') for line in sample]
    while body and not _is_number(body[-1].replace(",", ".")):
        body.pop()  # a closing note
    one_column = bool(body) and all(_DECIMAL_COMMA.fullmatch(c) or _is_number(c) for c in body)
    if separator == "," and one_column and "," not in head and not _is_number(head):
        return ";"
    return separator


def _header(rows: Rows) -> list[str] | None:
    head = rows[0][1]
    if len(rows) == 1 or any(_is_number(c) or _NEARLY_A_NUMBER.fullmatch(c) for c in head):
        return None
    return [c or f"column{i}" for i, c in enumerate(head, start=1)]


def _read_decimal_commas(rows: Rows) -> None:
    """Turn decimal commas into points; a column that has both, or commas that part thousands, stays as it is."""
    commas = [c for _, row in rows for c in row if _DECIMAL_COMMA.fullmatch(c)]
    points = {j for _, row in rows for j, c in enumerate(row) if _DECIMAL_POINT.fullmatch(c)}
    if points and all(_THOUSANDS.fullmatch(c) for c in commas):
        return
    mixed = {j for _, row in rows for j, c in enumerate(row) if j in points and _DECIMAL_COMMA.fullmatch(c)}
    for _, row in rows:
        for j, cell in enumerate(row):
            if j not in mixed and _DECIMAL_COMMA.fullmatch(cell):
                row[j] = cell.replace(",", ".")


def _nearly(name: str, rows: Iterable[tuple[int, list[str]]], names: Sequence[str]) -> DataError | None:
    """Return the error that quotes the first cell that is nearly a number; None where there is none."""
    for number, row in rows:
        for j, cell in enumerate(row):
            if not _is_number(cell) and _NEARLY_A_NUMBER.fullmatch(cell):
                column = names[j] if j < len(names) else f"column{j + 1}"
                return DataError(
                    f"{name}, row {number}, column {column!r}: a plain number such as 1101.5 is expected; received "
                    f"{cell[:40]!r}. Write it without signs for currency, percent or thousands."
                )
    return None


def _text(file: Path) -> str:
    try:
        raw = file.read_bytes()
    except FileNotFoundError:
        raise DataError(f"There is no file {file}. Check the path.") from None
    except IsADirectoryError:
        raise DataError(f"{file} is a folder; a text table such as a .csv file is expected.") from None
    except OSError as error:
        raise DataError(f"{file} cannot be read: {error.strerror}.") from None
    if b"\0" in raw[:65536] and not raw.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise DataError(f"{file.name} is not a text table (it holds binary data); a .csv file or the like is expected.")
    for encoding in ("utf-16",) if raw.startswith((b"\xff\xfe", b"\xfe\xff")) else ("utf-8-sig", "cp1252", "latin-1"):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise DataError(f"{file.name} is not text in a known encoding; save it as UTF-8.")


def _is_number(cell: str) -> bool:
    try:
        return bool(np.isfinite(float(cell)))
    except ValueError:
        return False
