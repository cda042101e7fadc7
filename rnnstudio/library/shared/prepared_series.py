"""The series of a table, with their missing values handled, before windows are laid over them."""

from __future__ import annotations

from dataclasses import dataclass, field

from rnnstudio.core.account import Account
from rnnstudio.library.shared.chosen_columns import ChosenColumns
from rnnstudio.library.shared.series_columns import SeriesColumns
from rnnstudio.reading.table import Table


@dataclass(frozen=True)
class PreparedSeries:
    """One series, or several; other windows or another horizon need no more work than laying them.

    Attributes:
        table: The table, of one series with the rows that its clock lacks.
        columns: The input columns and the column to predict.
        series: The values of each series by name; one series has no name, "".
        names: The columns whose values name the series; empty for one series.
        tables: The rows of each of several series, with the rows that its clock lacks.
        account: How the table was read.
        depends_on_windows: Whether other windows or splits need another preparation, because the values of columns of
            text are learned from the training windows.
        are_columns: Whether each series is a column of the table, and `names` are these columns.
    """

    table: Table
    columns: ChosenColumns
    series: dict[str, SeriesColumns]
    names: tuple[str, ...] = ()
    tables: dict[str, Table] = field(default_factory=dict)
    account: Account | None = None
    depends_on_windows: bool = False
    are_columns: bool = False
