"""Reading text tables (CSV, TSV and their kin) as they are found in the wild. The file itself is never changed."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from rnnstudio.core.errors import DataError

if TYPE_CHECKING:
    import pandas as pd  # takes 0.3 s to import: only once a table is read

_SEPARATORS = ";\t|,"  # the comma last: where another parts the columns it may be the decimal sign


@dataclass(frozen=True)
class Table:
    """A text table whose cells have been split but not yet read as numbers.

    Attributes:
        name: What messages call the file.
        cells: Text cells, one row per row of the table; columns are named after the header, else column1, column2 ...
        lines: Line of the file that each row stands in, counted from 1.
    """

    name: str
    cells: pd.DataFrame
    lines: tuple[int, ...]

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
    some are further down. Closing lines without any number (a note under the table) are left out.

    Raises:
        DataError: The file is missing, empty, not a text table, or has lines of different lengths.
    """
    file = Path(path).expanduser()
    text = _text(file)
    lines = text.splitlines()
    first = next((i for i, line in enumerate(lines) if line.strip()), None)
    if first is None:
        raise DataError(f"{file.name} is empty; a table with at least one row of numbers is expected.")
    sample = [line for line in lines[first : first + 50] if line.strip()]
    separator = max(_SEPARATORS, key=lambda s: sum(line.count(s) > 0 for line in sample))
    reader = csv.reader(lines, delimiter=separator)
    try:
        rows = [(reader.line_num, row) for row in reader if any(c.strip() for c in row)]
    except csv.Error as error:
        raise DataError(f"{file.name}, row {reader.line_num}: not a text table ({error}).") from None
    while rows and not any(_is_number(c) for c in rows[-1][1]):
        rows.pop()  # a closing note
    if not rows:
        raise DataError(
            f"{file.name} holds no numbers; a table with columns of numbers, parted by a comma, semicolon or "
            "tab, is expected."
        )
    head, header = rows[0][1], None
    if len(rows) > 1 and not any(_is_number(c) for c in head):
        header = [c.strip() or f"column{i}" for i, c in enumerate(head, start=1)]
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

    cells = pd.DataFrame([[c.strip() for c in row] for _, row in rows], columns=names, dtype=str)
    return Table(file.name, cells, tuple(number for number, _ in rows))


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
