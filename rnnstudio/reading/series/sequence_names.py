"""The names of the sequences in a long table: in one column, or in several that identify a sequence only together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rnnstudio.core.account import ColumnAccount
from rnnstudio.core.errors import SettingError
from rnnstudio.core.names import names_in, text_of
from rnnstudio.core.wording import enumeration
from rnnstudio.reading.series.series_names import names_series
from rnnstudio.reading.table import Table

_MIN_BLOCK = 3  # mean rows of a block, below which the rows of sequences are mixed


def with_joined_names(table: Table, sequence: str) -> Table:
    """Return a table with a column that joins those whose cells together name a sequence; for one column the same.

    Args:
        table: The table.
        sequence: The column, or several separated by commas; the new column is called so.

    >>> import pandas as pd
    >>> rows = pd.DataFrame({"who": ["p", "p", "q"], "trial": ["1", "2", "1"]})
    >>> with_joined_names(Table("x", rows, range(3)), "who,trial").texts("who,trial").tolist()
    ['p, 1', 'p, 2', 'q, 1']
    """
    parts = names_in(sequence)
    if sequence in table.columns or len(parts) < 2 or not set(parts) <= set(table.columns):
        return table
    texts = [table.texts(part).astype(str) for part in parts]
    is_known = np.all([part != "" for part in texts], axis=0)
    joined = np.array([", ".join(cells) for cells in zip(*texts, strict=True)], object)
    joined[~is_known] = None
    account = table.account
    if account is not None:
        account = replace(account, columns=(*account.columns, ColumnAccount(sequence, "text")))
    return replace(table, cells=table.cells.assign(**{sequence: joined}), account=account)


def check_one_recording(table: Table, sequence: str, names: NDArray[Any], taken: Sequence[str]) -> str:
    """Refuse a column that names several recordings alike, such as the trial of each person; return a sentence or "".

    Its rows stand in several blocks of the file, and another column has one value in each block, which differs between
    the blocks of a name. Where that column is not called like names, the sentence says so.

    Args:
        table: The table.
        sequence: The column that identifies the sequence of each row.
        names: Its text, `(rows,)`.
        taken: Columns in which blocks may not differ, such as the classes.

    Raises:
        SettingError: The other column is called like names of persons, machines and the like.
    """
    codes = np.unique(names, return_inverse=True)[1]
    begins = np.flatnonzero(np.diff(codes, prepend=-1) != 0)
    if len(begins) in (0, codes.max() + 1) or len(codes) < _MIN_BLOCK * len(begins):
        return ""
    found = [
        name
        for name in table.columns
        if name not in {sequence, *names_in(sequence), *taken} and _separates(table, name, codes, begins)
    ]
    named = next((name for name in found if names_series(name)), "")
    other = named or next(iter(found), "")
    if not other:
        return ""
    cells = table.texts(other)
    of_name = begins[codes[begins] == codes[begins[np.argmax(np.bincount(codes[begins])[codes[begins]] > 1)]]][:2]
    rows = [f"{str(cells[row])!r} in {table.place(int(row))}" for row in of_name]
    together = text_of([*names_in(other), *names_in(sequence)])
    first = f"{table.name}: {sequence} {str(names[of_name[0]])[:40]!r}"
    sentence = f"{first} has several blocks of rows, with {enumeration(rows)} in column {other!r}"
    if named:
        raise SettingError(
            f"{sentence}; the name of one sequence is expected. Set sequence to {together}, which together name each "
            f"one, or leave out the column {other!r}.",
            "sequence",
        )
    return f"{sentence}; they are read as one sequence. Set sequence to {together} where each block is one."


def _separates(table: Table, name: str, codes: NDArray[np.intp], begins: NDArray[np.intp]) -> bool:
    """Return whether a column has one value in each block of rows, and another one in each block of a sequence."""
    if table.account is not None and table.account.column(name).kind not in ("text", "number"):
        return False
    if table.account is not None and table.account.column(name).kind == "number" and name not in table.written:
        values = table.to_floats(name)[0]
        if np.isnan(values).any() or not (values == np.round(values)).all():
            return False
        keys = np.unique(values, return_inverse=True)[1]
    else:
        keys = np.unique(table.texts(name).astype(str), return_inverse=True)[1]
    if (np.diff(keys) != 0).sum() > len(begins) - 1 or not np.isin(np.flatnonzero(np.diff(keys)) + 1, begins).all():
        return False
    pairs = np.stack([codes[begins], keys[begins]], axis=1)
    return len(np.unique(pairs, axis=0)) == len(begins)
