"""How the caller wants a table to be read, where the file leaves it open or the guess is wrong."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from rnnstudio.core.trained_columns import TrainedColumn

Separator = Literal["auto", "comma", "semicolon", "tab", "bar", "blank"]
DecimalMark = Literal["auto", "point", "comma"]
ThousandsMark = Literal["auto", "none", "point", "comma", "blank", "apostrophe"]
DateOrder = Literal["auto", "day_first", "month_first", "year_first"]
Doubles = Literal["auto", "keep", "first", "last", "mean"]


@dataclass(frozen=True)
class ReadOptions:
    """How a table is read; the default of each is to find it out.

    Attributes:
        encoding: Encoding of the text, such as "gbk".
        separator: What stands between columns.
        header: Rows of the file that hold the names, such as "3" or "2-4"; "none" where it names no columns.
        decimal_mark: What stands before the decimals.
        thousands_mark: What stands between groups of three digits.
        missing_values: Further marks of missing values, such as "-999".
        date_order: The order of day, month and year in dates.
        time: The time column, or a date and a clock column separated by a comma; "none" where rows are in order.
        series: Columns whose values name the series of a row, separated by commas; "none" where the rows are one
            series; None where the caller does not ask.
        variable: The array, data frame or sheet to read, where a file holds several.
        doubles: What is done about rows with the time of another row.
        names: Columns whose cells are names, such as those of series, sequences or classes: 007 and 7 are two.
        frequency: Time from one row to the next as pandas writes it, where it is known from the training: a few rows
            from Monday to Friday do not say whether there are rows at weekends.
        keeps_empty: Whether columns without a name and without any value stay, as they must where each is a step.
        trained: How the columns of the training were written, which answers what new data leave open.

    >>> ReadOptions(separator="semicolon").decimal_mark
    'auto'
    """

    encoding: str = ""
    separator: Separator = "auto"
    header: str = ""
    decimal_mark: DecimalMark = "auto"
    thousands_mark: ThousandsMark = "auto"
    missing_values: tuple[str, ...] = ()
    date_order: DateOrder = "auto"
    time: str = ""
    series: str | None = None
    variable: str = ""
    doubles: Doubles = "auto"
    names: tuple[str, ...] = ()
    frequency: str = ""
    keeps_empty: bool = False
    trained: Mapping[str, TrainedColumn] = field(default_factory=dict, hash=False)
