"""From columns to a table: marks decided, times found, rows in order, and the account of all that."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from rnnstudio.core.account import Account, ColumnAccount
from rnnstudio.core.names import names_in
from rnnstudio.core.read_options import ReadOptions
from rnnstudio.core.roles import with_roles
from rnnstudio.core.trained_columns import date_order
from rnnstudio.core.wording import enumeration
from rnnstudio.reading.cells.column import Column
from rnnstudio.reading.cells.missing_codes import ask_about_codes, use_number_marks
from rnnstudio.reading.number_marks import decide_marks
from rnnstudio.reading.series.counted_series import column_that_orders, find_counted_series
from rnnstudio.reading.series.found_series import MIN_REPEATED, find_named_series, find_series_columns
from rnnstudio.reading.series.part_blocks import find_parts, parts_note
from rnnstudio.reading.series.series_columns import series_keys, series_question
from rnnstudio.reading.stamps.double_rows import are_all_copies
from rnnstudio.reading.stamps.elapsed_times import elapsed_times, uneven_steps_note
from rnnstudio.reading.stamps.stretched_rows import series_in_rows_question, stretch_question
from rnnstudio.reading.stamps.time_columns import FoundTime, find_time
from rnnstudio.reading.stamps.time_order import rows_in_time
from rnnstudio.reading.stamps.unread_times import UnreadTime, step_values, unread_time
from rnnstudio.reading.table import Table
from rnnstudio.reading.times.time_names import says_number
from rnnstudio.reading.total_rows import totals_question

_SAMPLE = 1_000  # rows at the beginning that show most columns to be no index
_MAX_UNREAD, _MAX_SHOWN = 3, 20  # cells that are no numbers in the account, and characters of each
_MAX_WITHOUT_TIME = 0.2  # share of rows without a time, beyond which a column does not order the rows
_MIN_BLOCKS = 20  # of equally many rows, from which on their number is no class
_INDEX_NAMES = {"", "index", "idx", "row", "rowid", "row_id", "row id", "rownum", "row number", "nr", "no", "no.", "#"}


def table_of_columns(
    columns: dict[str, Column], row_numbers: Sequence[int], options: ReadOptions, about: Account, unnamed: Sequence[str]
) -> Table:
    """Return the table of columns that have been read, sorted by time.

    Args:
        columns: The columns by name, in order.
        row_numbers: Number of each row in messages.
        options: How the caller wants it to be read.
        about: What is known of the file: name, format, encoding, separator, header, skipped rows, and assumptions.
        unnamed: Names of the columns that the file does not name.
    """
    if not options.keeps_empty:
        filled = {name: c for name, c in columns.items() if not (name in unnamed and c.account.kind == "empty")}
        columns = filled or columns
    decide_marks(columns, about.separator if len(columns) > 1 else "", options.trained)
    use_number_marks(list(columns.values()), options.missing_values)
    steps = step_values(columns, options.time)
    step = options.time if steps is not None else ""
    found = None if step else find_time(about.name, columns, options.time, row_numbers, options)
    assumed = [*about.assumed]
    unread = unread_time(columns) if found is None and not options.time else UnreadTime()
    assumed += [unread.note] if unread.note else []
    is_open = found is not None and found.question is not None
    if found is not None and not options.time and not is_open and np.isnat(found.stamps).mean() > _MAX_WITHOUT_TIME:
        listed = enumeration(list(found.columns))
        assumed.append(f"Column {listed} holds times in some rows only; the rows are read in the order of the file.")
        found = None
    series = tuple(names_in(options.series or ""))
    is_asked = not series and options.series is not None
    series = () if series == ("none",) else series
    others = {name: c.account for name, c in columns.items() if not (found and name in found.columns)}
    counter, parts = "", ""
    is_clock_open = found is not None and found.is_clock_open
    repeats = found is not None and not is_clock_open and _repeated(found.stamps) > MIN_REPEATED
    if is_asked and not repeats and not is_clock_open and options.series != "none":
        series = find_named_series(columns, others, found is not None)
        if not series and found is None and steps is None:
            name, counter = find_counted_series(columns, others)
            parts = "" if name else find_parts(columns, others)
            series = (name,) if name else (parts,) if parts else ()
            if not series and (note := parts_note(columns, others)):
                assumed.append(note)
    elif not series and found is not None and repeats:
        if options.series != "none":
            series = find_series_columns(columns, others, found.stamps)
        if not series and not _is_sorted_by(found, columns, options):
            listed = enumeration(list(found.columns))
            unnamed_series = "" if options.series == "none" else ", and no column names series in which they do not"
            assumed.append(
                f"The times in column {listed} repeat{unnamed_series}; the rows are read in the order of the file."
            )
            found = None
    in_time = found.columns if found else ()
    accounts = {name: replace(column.account, decimal_mark=column.decimal_mark) for name, column in columns.items()}
    accounts.update({name: replace(accounts[name], kind="time", decimal_mark="") for name in in_time})
    if found is not None and len(in_time) == 1 and date_order(found.written):  # of numbers
        accounts[in_time[0]] = replace(accounts[in_time[0]], written=found.written)
    numbers = sum(account.kind == "number" for account in accounts.values())
    rising = [] if found is not None or series else elapsed_times(columns)
    counters = list(dict.fromkeys([*_counters(columns, accounts, unnamed), *rising]))
    if len(counters) < numbers or any(_seems_of_numbers(c) for name, c in columns.items() if name not in in_time):
        accounts.update({name: replace(accounts[name], kind="index") for name in counters})
    _mark_copies(columns, accounts)
    numeric = [columns[name] for name, account in accounts.items() if account.kind == "number"]
    ask_about_codes(numeric, options.missing_values)
    for name, column in columns.items():
        if name not in in_time:  # find_time has those of the time column
            assumed += column.notes
    order = np.arange(len(row_numbers))
    if series and found is None and steps is None:
        step = column_that_orders(columns, others, series_keys(columns, series, about.name))
        steps = columns[step].values if step else None
    if steps is not None:
        order = np.argsort(steps, kind="stable")
        accounts[step] = replace(accounts[step], kind="index")
        if (np.diff(order) < 0).any():
            assumed.append(f"The rows are sorted by column {step}.")
    counted = steps if steps is not None and not series else columns[rising[0]].values if rising else None
    if counted is not None and options.series is not None:  # each of several sequences has steps of its own
        in_order = [row_numbers[row] for row in order.tolist()]
        assumed += filter(None, [uneven_steps_note(step or rising[0], counted[order], in_order)])
    times, time = None, None
    questions = [*about.questions, *(question for column in columns.values() for question in column.questions)]
    totals = None if options.time else totals_question(columns)
    questions += [question for question in (unread.question, totals) if question]
    if found is not None:
        keys = series_keys(columns, series, about.name) if series else None
        compared = [name for name, column in accounts.items() if name not in in_time and column.kind != "index"]
        rows = rows_in_time(found, columns, compared, row_numbers, keys, options)
        order, time, times = rows.order, rows.account, rows.times
        assumed += [*found.notes, *rows.sentences]
        stretch = None if options.time or time is None else stretch_question(about.name, _numbered(accounts), time)
        questions += [question for question in (found.question, rows.question, stretch) if question]
    elif not options.time and (turned := series_in_rows_question(about.name, _numbered(accounts))):
        questions.append(turned)
    if series and is_asked:
        questions.append(
            series_question(about.name, time.column if time and repeats else "", series, counter, in_blocks=bool(parts))
        )
    account = replace(
        about, rows=len(order), columns=tuple(accounts.values()), time=time, series=", ".join(series),
        assumed=tuple(assumed), questions=tuple(questions),
    )  # fmt: skip
    return _table(columns, with_roles(account), order, row_numbers, times)


def _table(
    columns: dict[str, Column],
    account: Account,
    order: NDArray[np.intp],
    row_numbers: Sequence[int],
    times: NDArray[np.datetime64] | None,
) -> Table:
    import pandas as pd

    values = {name: column.values for name, column in columns.items()}
    unread = {name: dict(column.unread) for name, column in columns.items() if column.unread}
    written = {name: column.names for name, column in columns.items() if column.names is not None}
    if len(order) < len(row_numbers) or (np.diff(order) != 1).any():
        new_row = {int(row): i for i, row in enumerate(order)}
        values = {name: column[order] for name, column in values.items()}
        unread = {
            name: {new_row[i]: text for i, text in cells.items() if i in new_row} for name, cells in unread.items()
        }
        written = {name: texts.take(order) for name, texts in written.items()}
        row_numbers = [row_numbers[int(row)] for row in order]
    found = tuple(_with_unread(column, unread.get(column.name, {}), row_numbers) for column in account.columns)
    account = replace(account, columns=found)
    # Text stays as it is: pandas would copy it to another kind of text, cell by cell.
    of_objects = {
        name: pd.Series(v, dtype=object, copy=False) if v.dtype == object else v for name, v in values.items()
    }
    cells = pd.DataFrame(of_objects, copy=False)
    return Table(
        account.name, cells, row_numbers, has_names=bool(account.header), account=account, times=times, unread=unread,
        written=written,
    )  # fmt: skip


def _with_unread(column: ColumnAccount, cells: Mapping[int, str], row_numbers: Sequence[int]) -> ColumnAccount:
    """Return the account of a column with the number of its cells that are no numbers, and the first of them."""
    first = sorted(cells)[:_MAX_UNREAD]
    shown = tuple(f"{cells[row][:_MAX_SHOWN]!r} in row {row_numbers[row]}" for row in first)
    return replace(column, unread=len(cells), unread_cells=shown) if cells else column


def _numbered(accounts: Mapping[str, ColumnAccount]) -> list[str]:
    return [name for name, account in accounts.items() if account.kind in ("number", "index")]


def _is_sorted_by(found: FoundTime, columns: dict[str, Column], options: ReadOptions) -> bool:
    """Return whether a column, whose times repeat without a series, orders the rows all the same.

    It does where the caller says what is done about such rows, and where they are copies. Rows in the order of coarse
    times, such as the day of each hour, stay as they are in the file; for others the caller is asked.
    """
    if options.doubles != "auto":
        return True
    known = found.stamps[~np.isnat(found.stamps)]
    compared = [name for name, column in columns.items() if name not in found.columns]
    if are_all_copies(columns, compared, found.stamps):
        return True
    return options.series == "" and not (np.diff(known) >= np.timedelta64(0)).all()


def _repeated(stamps: NDArray[np.datetime64]) -> float:
    """Return the share of rows that have the time of another row."""
    if (np.diff(stamps) > np.timedelta64(0)).all():
        return 0.0
    return 1.0 - len(np.unique(stamps)) / max(len(stamps), 1)


def _counters(columns: dict[str, Column], accounts: dict[str, ColumnAccount], unnamed: Sequence[str]) -> list[str]:
    """Return the columns that only count rows: whole numbers in steps of 1, or growing ones without a name.

    A number that rises by 1 after each block of equally many rows counts the blocks.
    """
    others = [name for name, account in accounts.items() if account.kind == "number"]
    found = []
    for name in others:
        values = columns[name].values
        if accounts[name].missing or (np.diff(values[:_SAMPLE]) < 0).any():
            continue
        if _counts_blocks(values):
            found.append(name)
            continue
        is_named_so = name in unnamed or name.strip().lower() in _INDEX_NAMES
        steps = np.diff(values)
        if len(values) < 3 or not (values == np.round(values)).all() or not (steps > 0).all():
            continue
        if ((steps == 1).all() and (values[0] in (0, 1) or says_number(name))) or is_named_so:
            found.append(name)
    return found


def _counts_blocks(values: NDArray[np.float64]) -> bool:
    """Return whether numbers rise from 0 or 1 by 1 after each block of equally many rows; the last may be shorter."""
    if len(values) < 2 * _MIN_BLOCKS or values[0] not in (0, 1) or values[1] != values[0]:
        return False
    ends = np.flatnonzero(np.diff(values)) + 1
    if len(ends) < _MIN_BLOCKS or (np.diff(values)[ends - 1] != 1).any():
        return False
    return bool((np.diff(ends) == ends[0]).all()) and len(values) - ends[-1] <= ends[0]


def _seems_of_numbers(column: Column) -> bool:
    """Return whether a column of text seems to hold numbers in a way that cannot be read, such as 4.8 × 10^3."""
    is_of_few = 0 < column.account.distinct * 2 < len(column.values)
    if column.account.kind != "text" or column.dates is not None or is_of_few:
        return False
    cells = [cell for cell in column.values[:_SAMPLE] if cell is not None]
    return bool(cells) and all(any(map(str.isdigit, cell)) for cell in cells)


def _mark_copies(columns: dict[str, Column], accounts: dict[str, ColumnAccount]) -> None:
    """Note for each column of numbers the first earlier one with the same values, in place."""
    seen: dict[bytes, list[str]] = {}
    for name, account in accounts.items():
        if account.kind != "number":
            continue
        values = columns[name].values
        key = values[:1000].tobytes() + values[-1000:].tobytes()
        same = next((o for o in seen.get(key, []) if np.array_equal(columns[o].values, values, equal_nan=True)), "")
        if same:
            accounts[name] = replace(account, same_as=same)
        seen.setdefault(key, []).append(name)
