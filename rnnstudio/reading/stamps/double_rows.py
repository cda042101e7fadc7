"""Rows with the time of another row: copies are left out; of others one stays, or all, or their mean, as is chosen."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from rnnstudio.core.account import Question
from rnnstudio.core.missing import count_of
from rnnstudio.core.read_options import Doubles
from rnnstudio.core.wording import enumeration
from rnnstudio.reading.cells.column import Column
from rnnstudio.reading.times.clock_changes import doubled_hours
from rnnstudio.reading.times.time_parts import Stamps

if TYPE_CHECKING:
    import pandas as pd

_CHOICES = {
    "keep": "all stay, in the order of the file",
    "first": "the first one in the file",
    "last": "the last one in the file",
    "mean": "the mean of their numbers",
}
_DONE = {
    "keep": "all are kept, in the order of the file",
    "first": "the first one in the file is read",
    "last": "the last one in the file is read",
    "mean": "their numbers are averaged",
}


@dataclass(frozen=True)
class SettledRows:
    """The rows after those with the same time were dealt with.

    Attributes:
        order: Indices of the rows that stay, in the order of time.
        sentence: What was done; empty where no time occurs twice.
        question: What is open; None where nothing is.
    """

    order: NDArray[np.intp]
    sentence: str = ""
    question: Question | None = None


def settle_double_rows(
    columns: Mapping[str, Column],
    compared: Sequence[str],
    order: NDArray[np.intp],
    stamps: Stamps,
    keys: NDArray[Any] | None,
    row_numbers: Sequence[int],
    doubles: Doubles,
    time: str,
    counters: Sequence[str] = (),
) -> SettledRows:
    """Return the rows that stay where times occur twice; for `mean`, the numbers of the columns are changed in place.

    Args:
        columns: The columns of the table.
        compared: Names of those that can differ in rows of the same time.
        order: Indices of the rows with a time, in the order of time.
        stamps: The time of each row of the table.
        keys: For each row the number of its series; None for one series.
        row_numbers: Number of each row in messages.
        doubles: What the caller wants; auto leaves out copies of rows and asks about others.
        time: The time column in messages.
        counters: Names of columns that only count the rows; copies may differ in them, which is said.
    """
    import pandas as pd

    sorted_stamps = stamps[order]
    if (np.diff(sorted_stamps) > np.timedelta64(0)).all():
        return SettledRows(order)
    rows = pd.DataFrame({"series": 0 if keys is None else keys[order], "stamp": sorted_stamps})
    shared = np.flatnonzero(rows.duplicated(keep=False))
    if not len(shared):
        return SettledRows(order)
    members = order[shared]
    group = rows.iloc[shared].groupby(["series", "stamp"], sort=False).ngroup().to_numpy()
    cells = cells_of_rows(columns, compared, members).assign(**{"": group})
    extra = pd.Series(group).duplicated().to_numpy()
    if doubles == "auto":
        is_copy = cells.duplicated().to_numpy()
        if bool(is_copy[extra].all()):
            place = _place(members, group, row_numbers)
            count, are = int(extra.sum()), "is" if extra.sum() == 1 else "are"
            changed = [n for n in counters if not cells.assign(n=columns[n].values[members]).duplicated()[extra].all()]
            but_for = f" but for column {enumeration(changed)}, which only counts rows" if changed else ""
            return SettledRows(
                np.delete(order, shared[~_kept(members, group, "first")]),
                f"{count_of(count, 'row')} {'repeats' if count == 1 else 'repeat'} another row{but_for}, {place}; "
                f"{'it' if count == 1 else 'they'} {are} left out.",
            )
        doubles = "keep"
        question: Question | None = Question("doubles", _CHOICES, _sentence(members, group, stamps, row_numbers, time))
    else:
        question = None
    done = f"{count_of(int(extra.sum()), 'row')} with the time of another row: {_DONE[doubles]}."
    if doubles == "keep":
        return SettledRows(order, "" if question else done, question)
    kept = _kept(members, group, doubles)
    if doubles == "mean":
        _average(columns, compared, members, group, members[kept])
    return SettledRows(np.delete(order, shared[~kept]), done)


def _kept(members: NDArray[np.intp], group: NDArray[Any], doubles: Doubles) -> NDArray[np.bool_]:
    """Return a mask of the row of each group that stays: the last one in the file, or else the first one."""
    import pandas as pd

    by_group = pd.Series(members).groupby(group)
    kept = np.zeros(len(members), bool)
    kept[(by_group.idxmax() if doubles == "last" else by_group.idxmin()).to_numpy()] = True
    return kept


def are_all_copies(columns: Mapping[str, Column], compared: Sequence[str], stamps: Stamps) -> bool:
    """Return whether each row with the time of an earlier one is a copy of it."""
    import pandas as pd

    times = pd.Series(stamps)
    shared = np.flatnonzero(times.duplicated(keep=False) & times.notna())
    cells = cells_of_rows(columns, compared, shared).assign(**{"": stamps[shared]})
    return bool(cells.duplicated().to_numpy()[times.iloc[shared].duplicated().to_numpy()].all())


def cells_of_rows(columns: Mapping[str, Column], names: Sequence[str], rows: NDArray[np.intp]) -> pd.DataFrame:
    """Return some rows of columns, with cells that are no numbers as text in columns of their own."""
    import pandas as pd

    cells: dict[Any, Any] = {name: columns[name].values[rows] for name in names}
    for name in names:
        if columns[name].unread:
            texts = dict(columns[name].unread)
            cells[name, "text"] = np.array([texts.get(int(row), "") for row in rows], object)
    return pd.DataFrame(dict(enumerate(cells.values())))


def _average(
    columns: Mapping[str, Column],
    names: Sequence[str],
    members: NDArray[np.intp],
    group: NDArray[Any],
    kept: NDArray[np.intp],
) -> None:
    """Write the means of rows of the same time into the row of each that stays.

    Missing values do not count; where a cell is no number, there is no mean.
    """
    import pandas as pd

    row_of_group = {int(group[i]): int(members[i]) for i in np.flatnonzero(np.isin(members, kept))}
    rows = np.array(list(row_of_group.values()))
    group_of = dict(zip(members.tolist(), group.tolist(), strict=True))
    for name in names:
        column = columns[name]
        if column.values.dtype.kind != "f":
            continue
        means = pd.Series(column.values[members]).groupby(group).mean()
        column.values = column.values.copy()
        column.values[rows] = means.loc[list(row_of_group)].to_numpy()
        for row, text in [cell for cell in column.unread if cell[0] in group_of]:
            stays = row_of_group[group_of[row]]
            column.values[stays] = np.nan
            column.unread = [cell for cell in column.unread if cell[0] not in (row, stays)] + [(stays, text)]


def _first_pair(members: NDArray[np.intp], group: NDArray[Any]) -> tuple[int, int]:
    """Return the first row in the file with the time of an earlier row, and that row."""
    in_file = np.argsort(members, kind="stable")
    seen: dict[int, int] = {}
    for i in in_file:
        earlier = seen.setdefault(int(group[i]), int(members[i]))
        if earlier != int(members[i]):
            return int(members[i]), earlier
    raise AssertionError("no row has the time of another one")


def _place(members: NDArray[np.intp], group: NDArray[Any], row_numbers: Sequence[int]) -> str:
    row, earlier = _first_pair(members, group)
    return f"the first one row {row_numbers[row]}, which repeats row {row_numbers[earlier]}"


def _sentence(
    members: NDArray[np.intp], group: NDArray[Any], stamps: Stamps, row_numbers: Sequence[int], time: str
) -> str:
    row, earlier = _first_pair(members, group)
    count = len(members) - len(np.unique(group))
    stamp = str(stamps[row].astype("datetime64[s]")).replace("T", " ").removesuffix(" 00:00:00").removesuffix(":00")
    days = doubled_hours(np.unique(stamps[members]))
    at_change = f" The hour that occurs twice on {enumeration(days[:3])} is that of a clock change." if days else ""
    have = "row has" if count == 1 else "rows have"
    return (
        f"{count:,} {have} the time of another row in column {time}, but other values: the first one is row "
        f"{row_numbers[row]}, with the time {stamp} of row {row_numbers[earlier]}.{at_change}"
    )
