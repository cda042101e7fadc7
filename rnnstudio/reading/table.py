"""A table of named columns, whatever kind of file it came from."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from rnnstudio.core.errors import DataError
from rnnstudio.core.labels import class_name
from rnnstudio.core.missing import ImputedSeries, Missing, impute_series
from rnnstudio.core.numerals import NEARLY_A_NUMBER, is_number
from rnnstudio.reading.file_checks import join_names

if TYPE_CHECKING:
    import pandas as pd  # takes 0.3 s to import: only once a table is read

_MISSING = {"", "na", "n/a", "nan", "<na>", "nat", "null", "none", "?", "-", "--"}  # cells that say there is no value
_WHAT_TO_DO = "Mend the file or choose another column."


@dataclass(frozen=True)
class Table:
    """A table whose cells have not yet been judged.

    Attributes:
        name: What messages call the file.
        cells: Text, or values of a type of their own; columns are named after the header, else column1, column2 ...
        row_numbers: What messages count each row as: its line in the file, counted from 1.
        footer_rows: Closing lines without numbers that were left out.
        preferred_target: The column that is told when nobody says; the last column of numbers when empty.
        rate: Rows per second; 0 where unknown.
    """

    name: str
    cells: pd.DataFrame
    row_numbers: Sequence[int]
    footer_rows: int = 0
    preferred_target: str = ""
    rate: float = 0.0

    @property
    def columns(self) -> list[str]:
        """Names of the columns."""
        return [str(c) for c in self.cells.columns]

    def numeric_columns(self) -> list[str]:
        """Return the columns that hold a number in most of their rows."""
        return list(self._numeric)

    @cached_property
    def _numeric(self) -> list[str]:
        return [column for column in self.columns if self._floats(column)[1] > 0.5]

    def default_target(self) -> str:
        """Return the column that is told when nobody says.

        Raises:
            DataError: There is no column of numbers.
        """
        if self.preferred_target:
            return self.preferred_target
        if not self._numeric:
            raise self.no_numbers_error()
        return self._numeric[-1]

    def no_numbers_error(self) -> DataError:
        """Return the error for a table without a column of numbers; it quotes the first cell that is nearly one."""
        rows = zip(self.row_numbers, self.cells.to_numpy().tolist(), strict=True)
        return number_format_error(self.name, rows, self.columns) or DataError(
            f"{self.name} has no column of numbers. Its columns: {join_names(self.columns)}."
        )

    def check_columns(self, columns: Iterable[str]) -> None:
        """Refuse columns that are not there.

        Raises:
            DataError: One is missing; the message names those there are.
        """
        for column in columns:
            if column not in self.columns:
                raise DataError(f"{self.name} has no column {column!r}. Its columns: {join_names(self.columns)}.")

    def numbers(self, columns: Sequence[str]) -> NDArray[np.float32]:
        """Return these columns as numbers, `(rows, len(columns))`.

        Raises:
            DataError: A cell is empty or no finite number; the message names file, row and column.
        """
        return self.series(columns).values

    def series(self, columns: Sequence[str], missing: Missing = "error", also: str = "") -> ImputedSeries:
        """Return these columns as numbers without missing values.

        Args:
            columns: Their names.
            missing: What is done about missing values.
            also: A column of classes, whose missing cells count as well.

        Raises:
            DataError: A cell is no finite number, or missing and not to be mended; the message names its place.
        """
        values = self.values(columns, missing)
        names = list(columns)
        if also:
            gaps = np.array([is_missing(cell) for cell in self.cells[also]])
            if gaps.any() and missing != "drop":
                hint = " A class cannot be filled in; set missing to drop."
                raise self._bad(also, np.flatnonzero(gaps), hint if missing == "interpolate" else "")
            values = np.column_stack([values, np.where(gaps, np.nan, 0.0)])
            names.append(also)
        found = impute_series(
            values, missing, lambda i, j: f"row {self.row_numbers[i]}, column {names[j]!r}", self.name
        )
        if also:
            return ImputedSeries(np.ascontiguousarray(found.values[:, :-1]), found.kept, found.notes)
        return found

    def values(self, columns: Sequence[str], missing: Missing = "error") -> NDArray[np.float64]:
        """Return these columns, `(rows, len(columns))`, with NaN where a value is missing and may be mended.

        Raises:
            DataError: A cell is no finite number, or missing and not to be mended.
        """
        self.check_columns(columns)
        out = np.empty((len(self.cells), len(columns)))
        for j, column in enumerate(columns):
            out[:, j], _ = self._floats(column)
            with np.errstate(over="ignore", invalid="ignore"):
                bad = np.flatnonzero(~np.isfinite(out[:, j].astype(np.float32)))
            if len(bad) and missing != "error":
                cells = self.cells[column].iloc[bad]
                bad = bad[[not is_missing(cell) for cell in cells]]
            if len(bad):
                raise self._bad(column, bad)
        return out

    def texts(self, column: str) -> NDArray[Any]:
        """Return a column as classes or names: whole numbers where all cells are, else text; missing cells are ''.

        Raises:
            DataError: There is no such column.
        """
        self.check_columns([column])
        cells = self.cells[column]
        if cells.dtype.kind in "iub":
            return np.asarray(cells.to_numpy())
        return np.array(["" if is_missing(cell) else class_name(cell).strip() for cell in cells], dtype=np.str_)

    def _floats(self, column: str) -> tuple[NDArray[np.float64], float]:
        """Return a column's numbers, NaN for whatever is none, and the share of its cells that are some."""
        import pandas as pd

        cells = self.cells[column]
        if cells.dtype.kind in "mM":  # dates would become numbers of nanoseconds
            return np.full(len(cells), np.nan), 0.0
        values = pd.to_numeric(cells, errors="coerce").to_numpy(np.float64, na_value=np.nan)
        return values, float(np.mean(~np.isnan(values))) if len(values) else 0.0

    def _bad(self, column: str, rows: NDArray[np.intp], hint: str = "") -> DataError:
        cell = self.cells[column].iloc[rows[0]]
        empty = cell is None or cell != cell or not str(cell).strip()
        what = "an empty cell" if empty else repr(str(cell)[:40])
        more = f" ({len(rows)} such cells in all)" if len(rows) > 1 else ""
        if not hint:
            hint = f" {_WHAT_TO_DO}"
            if is_missing(cell):
                hint = f"{hint[:-1]}, or set missing to drop or interpolate."
            elif not any(c.isdigit() for c in str(cell)):
                hint = f"{hint[:-1]}, or, where these are classes, set task to label."
        return DataError(
            f"{self.name}, row {self.row_numbers[int(rows[0])]}, column {column!r}: a number is expected; "
            f"received {what}{more}.{hint}"
        )


def is_missing(cell: object) -> bool:
    """Return whether a cell says that there is no value."""
    if isinstance(cell, str):
        return cell.strip().lower() in _MISSING
    return cell is None or cell != cell or type(cell).__name__ in ("NAType", "NaTType")


def number_format_error(name: str, rows: Iterable[tuple[int, list[Any]]], names: Sequence[str]) -> DataError | None:
    """Return the error that quotes the first cell that is nearly a number; None where there is none."""
    for number, row in rows:
        for j, cell in enumerate(map(str, row)):
            if not is_number(cell) and NEARLY_A_NUMBER.fullmatch(cell):
                column = names[j] if j < len(names) else f"column{j + 1}"
                return DataError(
                    f"{name}, row {number}, column {column!r}: a plain number such as 1101.5 is expected; received "
                    f"{cell[:40]!r}. Write it without signs for currency, percent or thousands."
                )
    return None
