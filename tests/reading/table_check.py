"""Compare what was read from a generated table with what is right: equal, asked, refused, or silently different."""

from __future__ import annotations

import re
import traceback
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from rnnstudio.core.errors import RnnStudioError, SettingError
from rnnstudio.core.read_options import ReadOptions
from rnnstudio.reading.table import Table
from rnnstudio.reading.text.text_table import read_table
from tests.reading.table_columns import Column
from tests.reading.table_files import TableFile

FAILURES = ("different", "crashed", "asked in vain", "vague")
_MAX_QUESTIONS = 4
_CAUSES = {"columns are expected": "rows of different lengths", "contains no numbers": "no numbers"}  # by their words


@dataclass(frozen=True)
class Outcome:
    """What came of reading a file.

    Attributes:
        kind: "equal"; "asked", where every question, answered as the writer meant it, leads to equal values;
            "refused", with a sentence that names the cause; "asked in vain", where a careful reader has no doubt;
            "vague", for a refusal without a cause; "different", for wrong values; "crashed".
        cause: The setting asked about, or the reason of the refusal.
        sentence: The question, refusal or difference.
    """

    kind: str
    cause: str = ""
    sentence: str = ""


class _DifferenceError(Exception):
    """Values are not those of the writer."""


@dataclass
class _Reader:
    """Reads a file and answers the questions of the reader as the writer would."""

    path: Path
    file: TableFile

    def __post_init__(self) -> None:
        self.tables: dict[ReadOptions, Table] = {}
        self.asked: dict[str, str] = {}

    def table(self, options: ReadOptions) -> Table:
        """Return the table as it is read with options."""
        if options not in self.tables:
            self.tables[options] = read_table(self.path, options)
        return self.tables[options]

    def answered(self, column: Column | None, position: int, want: Any) -> Any:
        """Return what `want(table, name)` gives once all questions about a column are answered."""
        options = self.file.options
        for _ in range(_MAX_QUESTIONS):
            table = self.last = self.table(options)
            try:
                table.refuse_open_questions([])
                name = "" if column is None else _name(table, self.file, position)
                return want(table, name)
            except SettingError as error:
                answers = {**self.file.answers, **(column.answers if column else {})}
                if error.field not in answers:
                    raise _DifferenceError(f"asked in vain: {error}") from None
                self.asked[error.field] = str(error)
                answer = _answer(str(error), answers[error.field], getattr(options, error.field))
                options = replace(options, **{error.field: answer})
        raise _DifferenceError(f"asked again and again: {self.asked}")


def _answer(sentence: str, right: Any, before: Any) -> Any:
    """Return the right answer to a question, which must be one of those that its sentence names.

    Args:
        sentence: The sentence, which ends in the setting and its choices.
        right: The value that is right; for marks of missing values, all that may be such.
        before: The value so far.
    """
    choices = sentence.rpartition("Set ")[2]
    if right == "month_first" and right not in choices:
        right = "day_first"  # where both are the same
    if isinstance(right, str):
        if not re.search(rf"(?<!\w){re.escape(right)}(?!\w)", choices):
            raise _DifferenceError(f"asked in vain: {right!r} is no choice of: {sentence}")
        return right
    named = re.findall(r"(?:to |, |or )(\S+) \(", choices)
    for marks in sorted((tuple(choice.split(",")) for choice in named), key=lambda marks: "none" in marks):
        if set(marks) - set(before) - {"none"} <= set(right):
            return marks
    raise _DifferenceError(f"asked in vain: none of {named} is right of: {sentence}")


def compare(file: TableFile, folder: Path) -> Outcome:
    """Write a file, read it, and return what came of it."""
    path = folder / "table.csv"
    path.write_bytes(file.raw())
    reader = _Reader(path, file)
    try:
        if file.is_split and (asked := _asked_about_commas(reader)):
            return asked
        refused = _compare(reader)
    except _DifferenceError as difference:
        sentence = str(difference)
        return Outcome("asked in vain" if sentence.startswith("asked in vain") else "different", "", sentence)
    except RnnStudioError as error:
        cause = next((cause for words, cause in _CAUSES.items() if words in str(error)), "")
        return Outcome("refused" if cause else "vague", cause, str(error))
    except Exception:
        return Outcome("crashed", "", traceback.format_exc())
    if refused:
        return Outcome("refused", "cells that are no numbers", refused)
    if reader.asked:
        return Outcome("asked", ", ".join(sorted(reader.asked)), " ".join(reader.asked.values()))
    return Outcome("equal")


def _asked_about_commas(reader: _Reader) -> Outcome | None:
    """Return that the reader asks whether the commas stand within numbers; None where it does not."""
    questions = reader.table(reader.file.options).account.questions
    asked = next((q for q in questions if q.setting in ("header", "separator") and not q.column), None)
    return Outcome("asked", f"commas, {asked.setting}", asked.sentence) if asked else None


def _compare(reader: _Reader) -> str:
    """Raise what differs; return the refusal of cells that are no numbers, if there was one."""
    file, refused = reader.file, ""
    reader.table(file.options)
    for position, column in enumerate(_read_columns(file)):
        if column.kind == "empty":
            continue
        if column.kind in ("text", "yes/no"):
            order, got = reader.answered(column, position, lambda t, name: (_order(t, file), t.texts(name)))
            if not _has_guessed_letters(reader.last, file):
                _equal(column, order, _text_cells(column), got, "text")
        is_number = column.kind == "time" and not file.is_named and _is_plain_number(column.cells[0])
        if is_number and reader.answered(None, position, lambda t, _: t.times) is None:
            values = reader.answered(None, position, lambda t, _, at=position: t.values([t.columns[at]], "past")[:, 0])
            _equal(
                column,
                range(len(values)),
                [float(cell.replace(",", ".") or "nan") for cell in column.cells],
                values,
                "number",
            )
            continue  # nothing says what the numbers are
        if column.kind == "id":
            order, texts = reader.answered(column, position, lambda t, name: (_order(t, file), t.texts(name)))
            _equal(column, order, column.cells, texts, "text")
        if column.kind in ("number", "yes/no", "index", "id"):
            try:
                order, values = reader.answered(
                    column, position, lambda t, name: (_order(t, file), t.values([name], "past")[:, 0])
                )
            except SettingError:
                raise
            except RnnStudioError as error:
                if "set encoding, which was guessed" in str(error) and file.style["encoding"] == "few letters":
                    refused = str(error)
                    continue
                row = _row_named(reader, file, column)
                if not column.unread or f"row {row}, column" not in str(error):
                    raise _DifferenceError(f"column {position + 1} is refused: {error}") from None
                refused = str(error)
                continue
            if set(column.unread) & set(order):
                raise _DifferenceError(f"column {position + 1}: cells that are no numbers are read")
            _equal(column, order, [np.nan if v is None else v for v in column.values], values, "number")
        if column.kind == "time":
            order, times = reader.answered(column, position, lambda t, name: (_order(t, file), _asked(t, name).times))
            if times is None:
                raise _DifferenceError(f"no time is found, right: column {column.name!r} ({column.cells[:3]})")
            _compare_times(column, order, times, reader)
    return refused


def _is_plain_number(cell: str) -> bool:
    return re.fullmatch(r"\d+([.,]\d+)?", cell) is not None


def _asked(table: Table, name: str) -> Table:
    table.refuse_open_questions([name])
    return table


def _read_columns(file: TableFile) -> list[Column]:
    """Return the columns that a reader keeps: those with a name or a value."""
    kept = [c for c in file.columns if c.kind != "empty" or (c.name and file.is_named)]
    return kept or list(file.columns)


def _name(table: Table, file: TableFile, position: int) -> str:
    columns = _read_columns(file)
    if len(table.columns) != len(columns):
        raise _DifferenceError(f"{len(table.columns)} columns ({table.columns[:9]}), right: {len(columns)}")
    name, right = table.columns[position], " ".join(columns[position].name.split())
    if _has_guessed_letters(table, file):
        return name
    is_double = sum(column.name == columns[position].name for column in columns) > 1
    if file.is_named and right and not is_double and not " ".join(name.split()).endswith(right):
        raise _DifferenceError(f"column {position + 1} is called {name!r}, right: {right!r}")
    return name


def _has_guessed_letters(table: Table, file: TableFile) -> bool:
    """Return whether a file has too few letters for a sure encoding, and the account names the assumed one."""
    is_said = table.account is not None and any("The encoding is not stated" in s for s in table.account.assumed)
    return is_said and file.style["encoding"] == "few letters"


def _order(table: Table, file: TableFile) -> list[int]:
    """Return the rows of the file in the order in which they must be: that of the time, if the reader has one."""
    table.refuse_open_questions([])
    time = next((column.values for column in file.columns if column.kind == "time"), None)
    rows = list(range(len(file.columns[0].cells)))
    if time is None or table.times is None:
        return rows
    rows = _without_copies([i for i in rows if time[i] is not None], file)
    if file.style["order"] == "newest first":
        rows.reverse()
    return sorted(rows, key=lambda i: time[i])


def _without_copies(rows: list[int], file: TableFile) -> list[int]:
    """Return the rows without those that repeat another one, if all rows with the time of another row do."""
    time = next(column.values for column in file.columns if column.kind == "time")
    has_numbers = any(  # else a count is the only column of them
        c.kind in ("number", "id") or (c.kind == "yes/no" and {"0", "1"} & {*c.cells}) for c in file.columns
    )
    kept_apart = ("time", "clock", "empty", *(["index"] if has_numbers else []))
    compared = [c for c in file.columns if c.kind not in kept_apart]
    seen, times = set(), set()
    kept, are_copies = [], True
    for i in rows:
        cells = (time[i], *((c.cells[i] if i in c.unread else c.values[i]) for c in compared))
        if time[i] in times:
            are_copies = are_copies and cells in seen
        else:
            kept.append(i)
        times.add(time[i])
        seen.add(cells)
    return kept if are_copies else rows


def _text_cells(column: Column) -> list[str]:
    if column.kind == "yes/no":
        return ["" if v is None else cell for v, cell in zip(column.values, column.cells, strict=True)]
    return ["" if value is None else value for value in column.values]


def _equal(column: Column, order: Sequence[int], right: Sequence[Any], got: Any, kind: str) -> None:
    if len(got) != len(order):
        raise _DifferenceError(f"{len(got)} rows, right: {len(order)}")
    for i, (row, value) in enumerate(zip(order, got, strict=True)):
        wanted = right[row]
        if value != wanted and not (kind == "number" and np.isnan(value) and np.isnan(wanted)):
            if kind == "text" and str(value) == wanted:
                continue
            raise _DifferenceError(
                f"{kind} {column.name!r}, row {i + 1}: {value!r}, right: {wanted!r} ({column.cells[row]!r})"
            )


def _compare_times(column: Column, order: Sequence[int], times: Any, reader: _Reader) -> None:
    got = times.astype("datetime64[ns]").astype(np.int64)
    right = np.array([column.values[i] for i in order])
    if len(got) != len(right):
        raise _DifferenceError(f"{len(got)} times, right: {len(right)}")
    differs = np.flatnonzero(got != right)
    if len(differs):
        i = int(differs[0])
        raise _DifferenceError(
            f"time {column.name!r}, row {i + 1}: {times[i]}, right: {right[i].astype('datetime64[ns]')}"
        )


def _row_named(reader: _Reader, file: TableFile, column: Column) -> int:
    """Return the line of the first cell that is no number, in the order in which the rows are read."""
    first = next((i for i, row in enumerate(_order(reader.last, file)) if row in column.unread), 0)
    return reader.last.row_numbers[first]
