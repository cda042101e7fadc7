"""The layout of a text table: its separator, its rows of cells, and rows at its end that hold no data."""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Sequence
from functools import lru_cache

from rnnstudio.core.errors import DataError
from rnnstudio.core.numerals import NEARLY_A_NUMBER, is_number
from rnnstudio.reading.missing_marks import is_missing_mark
from rnnstudio.reading.time_text import CLOCK_ONLY, is_written_as_time

SEPARATORS = {"tab": "\t", "semicolon": ";", "bar": "|", "comma": ",", "blank": " "}  # the comma may be a decimal mark
SIGN = re.compile(r"(?:USD|EUR|GBP|CHF|JPY|kr|zł|°C|°F|[%$€£¥₹])(?![a-z])")  # beside a number
TOTAL = re.compile(
    r"(?:grand |sub)?-?totals?|sum|mean|average|avg|median|min|max|std|count|gesamt\w*|summen?|zwischensumme|"
    r"mittelwert|durchschnitt|totale|totaal|somme|moyenne|suma|media|promedio|razem|celkem",
    re.IGNORECASE,
)
_TIME_SAMPLE = 100  # rows that decide whether a column holds dates
COMMENTS = ("#", "%", "//")
Row = tuple[int, list[str]]  # line in the file, from 1, and cells without blanks at the ends


@lru_cache(4096)
def is_typed(cell: str) -> bool:
    """Return whether a cell is a number, a date or a clock time rather than text.

    >>> [is_typed(cell) for cell in ("1.026,5 €", "31.12.2025", "12:30", "Total", "")]
    [True, True, True, False, False]
    """
    cell = SIGN.sub("", cell).strip()
    return bool(
        is_number(cell) or NEARLY_A_NUMBER.fullmatch(cell) or CLOCK_ONLY.fullmatch(cell) or is_written_as_time(cell)
    )


def rows_of(lines: Sequence[str], separator: str, first_line: int = 1) -> list[Row]:
    """Return the cells of lines that are not blank, each with its line in the file."""
    if separator == " ":
        cells = [(first_line + i, line.split()) for i, line in enumerate(lines)]
        return [(number, row) for number, row in cells if row]
    reader = csv.reader((line + "\n" for line in lines), delimiter=separator)
    rows, before = [], 0
    try:
        for row in reader:
            stripped = [cell.strip() for cell in row]
            if any(stripped):
                rows.append((first_line + before, stripped))
            before = reader.line_num
    except csv.Error:
        pass  # a quoted cell that ends after the sample
    return rows


def detect_separator(lines: Sequence[str]) -> str:
    """Return the name of the separator of a table.

    It is the one by which most lines have the same number of cells, at least two, and most cells are numbers or dates.
    A file of one column has a comma.

    >>> detect_separator(["Datum;Umsatz", "01.01.2023;598,84", "02.01.2023;1137,41"])
    'semicolon'
    """
    sample = [line for line in lines if line.strip() and not line.startswith(COMMENTS)] or list(lines)
    best, best_score = "comma", 0.0
    for name, sign in SEPARATORS.items():
        rows = [row for _, row in rows_of(sample, sign)]
        widths = Counter(len(row) for row in rows)
        if not widths:
            continue
        width, count = max(widths.items(), key=lambda item: (item[1], item[0]))
        if width < 2 or (count < 0.6 * len(rows) and count < len(rows) - 3):
            continue
        regular = [row for row in rows if len(row) == width]
        cells = [cell for row in regular[1:] or regular for cell in row if cell]
        typed = sum(is_typed(cell) for cell in cells) / len(cells) if cells else 0.0
        if name == "blank" and typed < 0.5:
            continue
        if name in ("comma", "blank") and _is_one_column(sample, rows, sign):
            best = "semicolon" if name == "comma" and best == "comma" else best  # a sign that does not occur
            continue
        score = count / len(rows) + 2 * typed
        if score > best_score + 0.05:
            best, best_score = name, score
    return best


def _is_one_column(lines: Sequence[str], rows: list[list[str]], sign: str) -> bool:
    """Return whether a comma or blank stands within the numbers of one column, under a header without it."""
    head, *body = [line.strip().strip('"') for line in lines]
    while body and not any(character.isdigit() for character in body[-1]):
        body.pop()
    return sign not in head and not is_typed(head) and bool(body) and all(
        is_number(line.replace(sign, "")) or is_number(line.replace(sign, ".")) for line in body
    )  # fmt: skip


def count_closing_rows(rows: list[Row], time_columns: Sequence[int]) -> int:
    """Return how many rows at the end hold no data: rows without numbers, and totals.

    Args:
        rows: The last rows.
        time_columns: Index of the columns of dates, in which the word above a total stands out.
    """
    usual = {cell for _, row in rows[: len(rows) // 2] for cell in row[:2]}
    count = 0
    for _, row in reversed(rows):
        names_total = any(TOTAL.fullmatch(cell.rstrip(":. ")) and cell not in usual for cell in row[:2])
        breaks_dates = any(j < len(row) and not is_missing_mark(row[j]) and not is_typed(row[j]) for j in time_columns)
        if any(map(is_typed, row)) and not names_total and not breaks_dates:
            break
        count += 1
    return count


def closing_rows_note(tail: Sequence[Row], closing: int, separator: str) -> str:
    """Return the sentence about closing rows that are left out; it shows the first."""
    line, row = tail[-closing]
    shown = separator.join(filter(None, row))[:60]
    if closing == 1:
        return f"Row {line} holds no data and is left out ({shown!r})."
    return f"The last {closing} rows, from row {line}, hold no data and are left out (the first: {shown!r})."


def is_time_column(rows: Sequence[Row], column: int) -> bool:
    """Return whether most cells of a column at the beginning of a table are dates."""
    cells = [row[column] for _, row in rows[:_TIME_SAMPLE] if len(row) > column and not is_missing_mark(row[column])]
    return bool(cells) and sum(map(is_written_as_time, cells)) > 0.5 * len(cells)


def no_numbers_error(name: str) -> DataError:
    """Return the error for a text file without numbers."""
    return DataError(
        f"{name}: a table with numeric columns is expected; it contains no numbers. The columns of a text file are "
        "separated by a comma, semicolon, tab, bar or blanks."
    )


def ragged_row_error(name: str, rows: Sequence[Row], width: int) -> DataError | None:
    """Return the error for the first row with another number of cells; None if there is none."""
    for line, row in rows:
        if len(row) != width:
            return DataError(
                f"{name}, row {line}: {width} columns are expected as in the other rows; received {len(row)}."
            )
    return None
