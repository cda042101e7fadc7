"""Columns of text as inputs: one input of 0 and 1 for each value, named column=value."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from rnnstudio.core.account import ColumnAccount
from rnnstudio.core.errors import DataError
from rnnstudio.core.input_columns import is_same_name
from rnnstudio.core.missing import count_of
from rnnstudio.core.wording import enumeration
from rnnstudio.reading.table import Table

if TYPE_CHECKING:
    import pandas as pd

MAX_CATEGORIES = 50
_MAX_NAMED = 5


def learn_categories(
    table: Table, features: Sequence[str], trained: slice | NDArray[np.bool_] | None
) -> tuple[Table, list[str], list[str]]:
    """Return a table in which columns of text among the inputs became numbers, their names, and sentences about it.

    Args:
        table: The table.
        features: The inputs.
        trained: The rows of the training set, from which the values of a column are learned. None where these rows are
            not known yet: each column becomes one input, 0 where there is a text.

    Raises:
        DataError: A column has too many values.

    >>> import pandas as pd
    >>> from rnnstudio.reading.value_columns import frame_table
    >>> table = frame_table("x", pd.DataFrame({"sky": ["sun", "rain", "sun", "fog"], "a": [1.5, 2, 3, 4]}))
    >>> learn_categories(table, ["a", "sky"], slice(3))[1]
    ['a', 'sky=rain', 'sky=sun']
    """
    names: list[str] = []
    notes = []
    for feature in features:
        if feature not in _text_columns(table):
            names.append(feature)
            continue
        if trained is None:
            names.append(f"{feature}=")
            continue
        known = sorted({str(cell) for cell in table.cells[feature][trained].dropna()})
        if len(known) > MAX_CATEGORIES:
            raise DataError(
                f"{table.name}: column {feature!r} has {len(known):,} different texts in the training set; at most "
                f"{MAX_CATEGORIES} can be inputs. Leave it out of features."
            )
        names += [f"{feature}={value}" for value in known]
        notes.append(f"Column {feature!r} is text: each of its {len(known)} values is an input of 0 and 1.")
    table, unknown = with_categories(table, names)
    return table, names, [*notes, *(unknown if trained is not None else ())]


def has_categories(table: Table, features: Sequence[str]) -> bool:
    """Return whether columns of text are among the inputs."""
    return not set(_text_columns(table)).isdisjoint(features)


def column_of(table: Table, name: str) -> str:
    """Return the column of text that an input of 0 and 1 was made of; other names unchanged."""
    return next((column for column in _text_columns(table) if name.startswith(f"{column}=")), name)


def with_categories(table: Table, names: Sequence[str]) -> tuple[Table, list[str]]:
    """Return a table with the inputs that a training made of its columns of text, and sentences about unknown values.

    Args:
        table: The table.
        names: Names of the inputs; those like column=value are added where the table has such a column of text.
    """
    known: dict[str, dict[str, str]] = {}  # column of text -> name of the input -> its value
    table = _with_few_texts(table, names)
    text_columns = _text_columns(table)
    for name in names:
        if name in table.columns:
            continue
        if column := next((c for c in text_columns if name.startswith(f"{c}=")), ""):
            known.setdefault(column, {})[name] = name.removeprefix(f"{column}=")
        elif len(similar := [c for c in text_columns if is_same_name(c, name.partition("=")[0])]) == 1:
            known.setdefault(similar[0], {})[name] = name.partition("=")[2]
    if not known or table.account is None:
        return table, []
    cells = table.cells.copy(deep=False)
    added, notes = [], []
    for column, value_of in known.items():
        texts, feature = cells[column], next(iter(value_of)).partition("=")[0]
        if not next(iter(value_of)).startswith(f"{column}="):
            notes.append(f"{table.name} has no column {feature!r}; the column {column!r} is read.")
        for name, value in value_of.items():
            cells[name] = (texts == value).astype(float).where(texts.notna())
            added.append(ColumnAccount(name, "number"))
        notes += _unknown(table, texts, list(value_of.values()))
    account = replace(table.account, columns=(*table.account.columns, *added))
    return replace(table, cells=cells, account=account), notes


def _with_few_texts(table: Table, names: Sequence[str]) -> Table:
    """Return a table in which columns that were text in the training are text, whatever few rows seem to hold.

    A plan without any event has an empty column, and one with a few codes may have numbers only.

    Args:
        table: The table.
        names: Names of the inputs.
    """
    import pandas as pd

    account, columns = table.account, set(table.columns)
    wanted = {name[: name.index("=")] for name in names if "=" in name and name not in columns} & columns
    few = [] if account is None else [c for c in account.columns if c.name in wanted and c.kind not in ("text", "time")]
    if account is None or not few:
        return table
    cells = table.cells.copy(deep=False)
    for column in few:
        texts = pd.Series(table.texts(column.name).astype(str), index=cells.index, dtype=object)
        cells[column.name] = texts.where(texts != "", None)
    as_text = {column.name: replace(column, kind="text") for column in few}
    account = replace(account, columns=tuple(as_text.get(column.name, column) for column in account.columns))
    return replace(table, cells=cells, account=account)


def _text_columns(table: Table) -> list[str]:
    return [column.name for column in table.account.columns if column.kind == "text"] if table.account else []


def _unknown(table: Table, texts: pd.Series, known: Sequence[str]) -> list[str]:
    """Return a sentence about the values that the training set does not have."""
    unknown = texts.dropna()
    unknown = unknown[~unknown.isin(list(known))]
    if unknown.empty:
        return []
    values = [repr(str(value)) for value in dict.fromkeys(unknown)]
    rows = count_of(len(unknown), "row")
    return [
        f"The training set has no {enumeration(values, 'or', _MAX_NAMED)} in column {texts.name!r}; {rows} of "
        f"{table.name} with such a value {'has' if len(unknown) == 1 else 'have'} 0 in all of its inputs."
    ]
