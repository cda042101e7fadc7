"""Whether 1.026 is a thousand or a little more than one: what the column and the rest of the file say."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from rnnstudio.core.account import Question
from rnnstudio.core.trained_columns import TrainedColumn, trained_column
from rnnstudio.reading.cells.column import Column
from rnnstudio.reading.cells.number_text import THOUSANDS_MARKS, NumberFormat
from rnnstudio.reading.stamps.time_numbers import times_of_numbers
from rnnstudio.reading.times.decimal_years import POINTED

_MARK_NAMES = {mark: name for name, marks in THOUSANDS_MARKS.items() for mark in marks}
_MIN_CELLS = 5  # with and without the mark, from which on the range of the numbers decides


def decide_marks(
    columns: Mapping[str, Column], separator: str, trained: Mapping[str, TrainedColumn] | None = None
) -> None:
    """Decide the columns whose numbers can be read in two ways, in place; what stays open becomes a question.

    Args:
        columns: The columns of a file.
        separator: Name of the separator between them; empty where the file has none.
        trained: How the columns of the training were written: new data are, unless one of their columns shows another
            decimal mark.
    """
    decimal_marks = _decimal_marks(columns) if any(column.formats for column in columns.values()) else set()
    known = {name: trained_column(trained or {}, name).decimal_mark for name in columns}
    is_as_trained = not any(known[name] and c.decimal_mark not in ("", known[name]) for name, c in columns.items())
    for name, column in columns.items():
        if not column.formats or column.text is None:
            continue
        cells = column.text.number_texts
        decimals, thousands = column.formats
        example = _example(cells, thousands.thousands)
        chosen: NumberFormat | None
        of_training = [form for form in column.formats if form.decimal == known[name] and not form.has_either_mark]
        if is_as_trained and len(of_training) == 1:
            chosen, reason = of_training[0], "they were so in the training"
        else:
            chosen, reason = _decided(cells, decimals, thousands, decimal_marks, separator)
            reason += ", unlike in the training" if chosen and known[name] not in ("", chosen.decimal) else ""
        shown = [_plain(form, example) for form in (decimals, thousands)]
        if chosen is None:
            column.questions.append(
                Question(
                    "thousands_mark",
                    {"none": f"{example} is {shown[0]}", _MARK_NAMES[thousands.thousands]: f"{example} is {shown[1]}"},
                    f"The numbers in column {name!r}, such as {example}, can have decimals or thousands marks.",
                    name,
                )
            )
            continue
        column.use(chosen)
        if chosen is decimals and thousands.thousands in decimal_marks and "training" not in reason:
            continue  # as everywhere in the file
        value = shown[column.formats.index(chosen)]
        column.notes.append(f"Numbers in column {name!r} such as {example} are read as {value}, because {reason}.")


def _decimal_marks(columns: Mapping[str, Column]) -> set[str]:
    """Return the decimal marks of the columns that leave no doubt; the point in dates such as 2024.01 is none."""
    marks = set()
    for i, (name, column) in enumerate(columns.items()):
        if not column.decimal_mark or (column.decimal_mark == "." and _are_dates(column, name, is_first=i == 0)):
            continue
        marks.add(column.decimal_mark)
    return marks


def _are_dates(column: Column, name: str, is_first: bool) -> bool:
    return any(reading.written in POINTED for reading in times_of_numbers(column, name, is_first, is_named=True))


def _decided(
    cells: Any, decimals: NumberFormat, thousands: NumberFormat, decimal_marks: set[str], separator: str
) -> tuple[NumberFormat | None, str]:
    """Return the format of a column and why; None where nothing decides."""
    mark = thousands.thousands
    is_marked = pc.match_substring(cells, mark)
    unmarked = cells.filter(pc.invert(is_marked))
    is_of_one_size = False  # with thousands marks
    if len(unmarked):
        ranges = [_range(form.parse(cells)) for form in (decimals, thousands)]
        is_of_one_size = ranges[0] > 10 * ranges[1]
    has_enough = min(len(unmarked), len(cells) - len(unmarked)) >= _MIN_CELLS
    # Whoever writes thousands marks writes them in all numbers of four digits.
    if len(unmarked) and pc.any(pc.match_substring_regex(unmarked, "^[^.,]*[0-9]{4}")).as_py():
        if is_of_one_size and has_enough:
            return None, ""
        return decimals, f"other numbers of the column have four digits without a {_MARK_NAMES[mark]}"
    if not decimals.has_either_mark:
        if decimal_marks == {mark}:  # a size that contradicts it leaves the question open
            return (None, "") if is_of_one_size else (decimals, f"other columns have a decimal {_MARK_NAMES[mark]}")
        if len(decimal_marks) == 1 and (separator != "comma" or mark == ","):
            return thousands, f"other columns have a decimal {_MARK_NAMES[next(iter(decimal_marks))]}"
    if not len(unmarked) and mark == "." and separator in ("comma", "blank") and not decimal_marks:
        return decimals, "each has three digits after the point"
    if is_of_one_size and has_enough:
        return thousands, "the numbers are then of the same size as those without the mark"
    return None, ""


def _example(cells: Any, mark: str) -> str:
    return str(cells.filter(pc.match_substring(cells, mark))[0].as_py())


def _plain(form: NumberFormat, cell: str) -> str:
    return f"{form.parse(pa.array([cell]))[0].as_py():,.10g}".replace(",", "")


def _range(numbers: Any) -> float:
    """Return the largest over the smallest size of a number other than 0."""
    sizes = pc.abs(numbers)
    ends = pc.min_max(sizes.filter(pc.greater(sizes, 0))).as_py()
    return ends["max"] / ends["min"] if ends["min"] else 1.0
