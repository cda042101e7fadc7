"""A table of named columns, whatever the file format it was read from."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from rnnstudio.core.account import Account
from rnnstudio.core.errors import DataError, SettingError
from rnnstudio.core.labels import class_name
from rnnstudio.core.missing import Missing
from rnnstudio.core.precision import Floats, as_floating
from rnnstudio.core.wording import enumeration
from rnnstudio.reading.cell_errors import missing_hint, number_format_error, quoted_cell
from rnnstudio.reading.cells.missing_marks import is_missing_mark
from rnnstudio.reading.cells.number_signs import unit_hint
from rnnstudio.reading.cells.yes_no import YES_NO
from rnnstudio.reading.file_checks import join_names
from rnnstudio.reading.reading_progress import report_reading

if TYPE_CHECKING:
    import pandas as pd  # the import takes 0.3 s, so it waits until a table is read

_MAX_CELLS = 5  # further cells that an error names


@dataclass(frozen=True)
class Table:
    """A table whose cells have not been checked yet.

    Attributes:
        name: Name of the file in messages.
        cells: Text, or values with a type. The columns have the names in the header, or column1, column2 ...
        row_numbers: Number of each row in messages: its line in the file from 1, or text for added rows.
        preferred_target: The column to predict if none is chosen; the last numeric column if empty.
        rate: Rows per second; 0 if unknown.
        has_names: Whether the file names its columns.
        account: How the file was read; None where nothing had to be found out.
        times: The stamp of each row, `(rows,)` of datetime64[ns]; None where no column holds times.
        added_rows: Whether a row was added because the clock of the series lacks it, `(rows,)`; None where none was.
        unread: By column of numbers and index of the row, the cells that are no numbers.
        written: By column of numbers whose cells are names, the text of each row (pyarrow), null where it is missing.

    Example:
        >>> import pandas as pd
        >>> table = Table("sales.csv", pd.DataFrame({"day": ["mon", "tue"], "sales": ["1", "2.5"]}), range(2, 4))
        >>> table.numeric_columns()
        ['sales']
        >>> table.numbers(["sales"]).tolist()
        [[1.0], [2.5]]
    """

    name: str
    cells: pd.DataFrame
    row_numbers: Sequence[int | str]
    preferred_target: str = ""
    rate: float = 0.0
    has_names: bool = True
    account: Account | None = None
    times: NDArray[np.datetime64] | None = None
    added_rows: NDArray[np.bool_] | None = None
    unread: Mapping[str, Mapping[int, str]] = field(default_factory=dict)
    written: Mapping[str, Any] = field(default_factory=dict)

    @property
    def columns(self) -> list[str]:
        """Names of the columns."""
        return [str(name) for name in self.cells.columns]

    def numeric_columns(self) -> list[str]:
        """Return the columns with a number in more than half of their rows."""
        return list(self._numeric_columns)

    @cached_property
    def _numeric_columns(self) -> list[str]:
        if self.account is None:
            return [column for column in self.columns if self.to_floats(column)[1] > 0.5]
        rows = max(self.account.rows, 1)
        return [
            column.name
            for column in self.account.columns
            if column.kind in ("number", "yes/no") and column.missing + len(self.unread.get(column.name, ())) < rows / 2
        ]

    def default_target(self) -> str:
        """Return the column to predict if none is chosen.

        Raises:
            DataError: There is no numeric column.
        """
        if self.preferred_target:
            return self.preferred_target
        if self.account and self.account.target:
            return self.account.target
        if not self._numeric_columns:
            raise self.no_numbers_error()
        return self._numeric_columns[-1]

    def refuse_open_questions(self, columns: Iterable[str]) -> None:
        """Refuse what the file leaves open about columns or about the time of the rows.

        Raises:
            SettingError: A wrong guess would change numbers; the message names the setting and its choices.
        """
        if self.account is None:
            return
        used = {"", *columns, *(self.account.time.column.split(", ") if self.account.time else ())}
        for question in self.account.questions:
            if question.column in used:
                raise SettingError(f"{question.sentence} {question.advice}", question.setting)

    def no_numbers_error(self) -> DataError:
        """Return the error for a table without a numeric column; it quotes a cell that holds no number."""
        rows = list(zip(self.row_numbers, self.cells.to_numpy().tolist(), strict=True))
        return number_format_error(self.name, rows, self.columns) or DataError(
            f"{self.name} must have a numeric column{quoted_cell(self.columns, rows)}. Its columns: "
            f"{join_names(self.columns)}."
        )

    def check_columns(self, columns: Iterable[str]) -> None:
        """Check that columns exist.

        Raises:
            DataError: A column is missing; the message lists all columns.
        """
        for column in columns:
            if column not in self.columns:
                raise DataError(f"{self.name} has no column {column!r}. Its columns: {join_names(self.columns)}.")

    def numbers(self, columns: Sequence[str]) -> Floats:
        """Return columns as numbers, `(rows, len(columns))`.

        Raises:
            DataError: A cell is empty or not a finite number; the message names file, row and column.
        """
        return as_floating(self.values(columns))

    def values(self, columns: Sequence[str], missing: Missing = "error") -> NDArray[np.float64]:
        """Return columns as numbers, `(rows, len(columns))`; missing values are NaN.

        Raises:
            DataError: A cell is not a finite number, or `missing` is `error` and a cell is missing.
        """
        self.check_columns(columns)
        self.refuse_open_questions(columns)
        values = np.empty((len(self.cells), len(columns)))
        for j, column in enumerate(columns):
            report_reading(j, len(columns), "columns")
            values[:, j], _ = self.to_floats(column)
            with np.errstate(over="ignore", invalid="ignore"):
                invalid = np.flatnonzero(~np.isfinite(values[:, j].astype(np.float32)))
            if len(invalid) and missing != "error":
                cells, unread = self.cells[column], self.unread.get(column, {})
                invalid = invalid[[i in unread or not is_missing(cells.iloc[i]) for i in invalid]]
            if len(invalid):
                raise self._cell_error(column, invalid)
        return values

    def texts(self, column: str) -> NDArray[Any]:
        """Return a column of classes or names, `(rows,)`: integers if all cells are integers, else text.

        Names that are written like numbers, such as 007, are text as they stand in the file. Missing cells are empty
        text.

        Raises:
            DataError: There is no such column.
        """
        import pandas as pd

        self.check_columns([column])
        cells = self.cells[column]
        if column in self.written:
            return np.array([text or "" for text in self.written[column].to_pylist()], dtype=np.str_)
        if cells.dtype.kind in "iub":
            return np.asarray(cells.to_numpy())
        unread = self.unread.get(column, {})
        if pd.api.types.is_string_dtype(cells.dtype) and not isinstance(cells.dtype, np.dtype) and not unread:
            return _texts(cells)
        texts = ["" if is_empty(cell) else class_name(cell).strip() for cell in cells]
        for row, text in unread.items():
            texts[row] = text
        return np.array(texts, dtype=np.str_)

    def to_floats(self, column: str) -> tuple[NDArray[np.float64], float]:
        """Return the numbers in a column, NaN for other cells, and the fraction of cells that are numbers."""
        import pandas as pd

        cells = self.cells[column]
        if cells.dtype.kind in "mM":  # pandas would convert dates to nanoseconds
            return np.full(len(cells), np.nan), 0.0
        if self.account and self.account.column(column).kind == "yes/no":
            cells = cells.map(lambda cell: YES_NO.get(str(cell).lower(), np.nan))
        values = pd.to_numeric(cells, errors="coerce").to_numpy(np.float64, na_value=np.nan)
        return values, float(np.mean(~np.isnan(values))) if len(values) else 0.0

    def place(self, row: int) -> str:
        """Return where a row stands in the file, for messages, such as "row 5"."""
        number = self.row_numbers[row]
        return number if isinstance(number, str) else f"row {number}"

    def first_rows(self, count: int) -> Table:
        """Return a table of the first rows."""
        rows = slice(count)
        return replace(
            self,
            cells=self.cells.iloc[rows],
            row_numbers=self.row_numbers[rows],
            times=None if self.times is None else self.times[rows],
            added_rows=None if self.added_rows is None else self.added_rows[rows],
            unread={name: {i: text for i, text in cells.items() if i < count} for name, cells in self.unread.items()},
            written={name: texts[rows] for name, texts in self.written.items()},
        )

    def _gap(self, column: str) -> str:
        """Return what stands in missing cells, for messages."""
        marks = self.account.column(column).missing_marks if self.account else {}
        others = [repr(mark) for mark in marks if mark]
        return f"a missing value ({enumeration(others[:3], 'or')})" if others else "an empty cell"

    @property
    def _has_guessed_encoding(self) -> bool:
        return any("encoding is not stated" in sentence for sentence in (self.account.assumed if self.account else ()))

    def _texts_at(self, column: str, rows: NDArray[np.intp]) -> list[str]:
        """Return the first of some cells as they are written."""
        unread = self.unread.get(column, {})
        return [str(unread.get(int(row), self.cells[column].iloc[row])) for row in rows[: 1 + _MAX_CELLS]]

    def _others(self, column: str, rows: NDArray[np.intp]) -> str:
        """Return the further cells that are no numbers, with their rows, to follow the first one."""
        if not len(rows):
            return ""
        unread = self.unread.get(column, {})
        cells = [
            (self.place(int(row)), unread.get(int(row), self.cells[column].iloc[row])) for row in rows[:_MAX_CELLS]
        ]
        listed = [
            place if is_missing(cell) or not str(cell).strip() else f"{str(cell)[:20]!r} in {place}"
            for place, cell in cells
        ]
        more = [f"{len(rows) - _MAX_CELLS:,} more"] if len(rows) > _MAX_CELLS else []
        return f" ({len(rows) + 1:,} such cells; the others: {enumeration([*listed, *more])})"

    def _cell_error(self, column: str, rows: NDArray[np.intp]) -> DataError:
        """Return the error for cells that are not numbers; it quotes the first one."""
        row = int(rows[0])
        cell = self.unread.get(column, {}).get(row, self.cells[column].iloc[row])
        is_blank = is_missing(cell) or not str(cell).strip()
        received = self._gap(column) if is_blank else repr(str(cell)[:40])
        count = self._others(column, rows[1:])
        hint = " Correct the file or choose another column."
        if is_missing(cell):
            hint = " Correct the file, choose another column, or set missing to past, mask or drop."
        elif self._has_guessed_encoding and not "".join(self._texts_at(column, rows)).isascii():
            hint = " Correct the file or choose another column, or set encoding, which was guessed."
        elif self.account is not None and self.account.column(column).kind == "number":
            cells = self.unread.get(column, {}).values()
            hint = unit_hint(str(cell), self.account.column(column).unit) + (missing_hint(cells) or hint)
        elif not any(character.isdigit() for character in str(cell)):
            hint = " Correct the file or choose another column. If the column contains classes, set task to label."
        return DataError(
            f"{self.name}, {self.place(row)}, column {column!r}: a number is expected; "
            f"received {received}{count}.{hint}"
        )


def _texts(cells: pd.Series[Any]) -> NDArray[Any]:
    """Return a column of text; each different text is converted once."""
    import pandas as pd

    codes, distinct = pd.factorize(cells)
    texts = np.array([*("" if is_empty(text) else str(text).strip() for text in distinct), ""], dtype=np.str_)
    return texts[codes]  # -1, a missing cell, is the last one


def is_empty(cell: object) -> bool:
    """Return whether a cell of names or classes is empty; NA, None and the like are names there.

    >>> is_empty(" "), is_empty(None), is_empty("None")
    (True, True, False)
    """
    return not cell.strip() if isinstance(cell, str) else is_missing(cell)


def is_missing(cell: object) -> bool:
    """Return whether a cell stands for a missing value.

    Example:
        >>> is_missing("n/a"), is_missing("0")
        (True, False)
    """
    if isinstance(cell, str):
        return is_missing_mark(cell)
    return cell is None or type(cell).__name__ in ("NAType", "NaTType") or cell != cell
