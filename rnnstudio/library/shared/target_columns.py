"""Which columns of a table are predicted: one, several together, or several as series of their own."""

from __future__ import annotations

from collections.abc import Sequence

from rnnstudio.core.errors import SettingError
from rnnstudio.core.names import names_in
from rnnstudio.reading.table import Table


def named_targets(text: str, columns: Sequence[str]) -> list[str]:
    """Return the columns that the setting `target` names; a column whose name has commas is one column.

    >>> named_targets("load, price", ["load", "price"]), named_targets("sales, total", ["sales, total", "day"])
    (['load', 'price'], ['sales, total'])
    """
    return [text] if text in columns else names_in(text)


def first_target(text: str) -> str:
    """Return the first of the names in a setting; a name may be that of a variable, which no table lists."""
    return next(iter(names_in(text)), "")


def only_target(text: str, columns: Sequence[str], task: str) -> str:
    """Return the column to predict of a task that predicts one.

    Raises:
        SettingError: There are several.
    """
    names = named_targets(text, columns)
    if len(names) > 1:
        raise SettingError(
            f"target must name one column for task {task}; received {', '.join(names[:5])}. Several columns are "
            "predicted by the tasks forecast and regress.",
            "target",
        )
    return names[0] if names else ""


def columns_to_predict(table: Table, text: str, *, all_columns: bool) -> list[str]:
    """Return the columns to predict, without repeated ones: those that are named, else the default of the table.

    Args:
        table: The table.
        text: The setting `target`.
        all_columns: Whether all columns of numbers are predicted where none is named.

    Raises:
        DataError: A column is missing, or there is no column of numbers.
    """
    names = list(dict.fromkeys(named_targets(text, table.columns)))
    if not names:
        names = table.numeric_columns() if all_columns else [table.default_target()]
        if not names:
            raise table.no_numbers_error()
    table.check_columns(names)
    return names
