"""The layout of a text table: its separator, its rows of cells, and its columns of dates."""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Sequence
from functools import lru_cache
from itertools import dropwhile, takewhile

from rnnstudio.core.errors import DataError
from rnnstudio.core.numerals import NEARLY_A_NUMBER, is_number
from rnnstudio.reading.cells.missing_marks import is_missing_mark
from rnnstudio.reading.cells.number_signs import ANY_SIGN, NO_CENTS, SIGNS
from rnnstudio.reading.cells.yes_no import YES_NO
from rnnstudio.reading.text.blank_groups import read_groups
from rnnstudio.reading.times.time_text import CLOCK_ONLY, is_written_as_time

SEPARATORS = {"tab": "\t", "semicolon": ";", "bar": "|", "comma": ",", "blank": " "}  # the comma may be a decimal mark
SIGN = re.compile(r"(?:USD|EUR|GBP|CHF|JPY|kr|zł|°C|°F|[%$€£¥₹￡￥\\])(?![a-z])")  # beside a number
_SIGN_INSIDE = re.compile(f"[0-9][,;|]{SIGN.pattern}|{SIGN.pattern}[,;|]")  # of two cells
_SIGN_BEFORE_DECIMALS = re.compile(rf"[-+\N{{MINUS SIGN}}]?{SIGN.pattern},\d+")  # as $,25
_BETWEEN_DIGITS = re.compile(rf"[0-9][^\w]*{ANY_SIGN.pattern}[^\w]*[0-9]")  # a sign between two numbers
_MAX_REMARKS = 5  # lines at the end without a separator
_MIN_WITHIN = 0.3  # share of the texts between blanks with another separator that are no numbers
_MIN_NUMBERS = 0.9  # share of the lines of one column that are numbers
_TIME_SAMPLE = 100  # rows that decide whether a column holds dates
_BLANKS = re.compile("[ \t]+")
_QUOTED_OR_BLANKS = re.compile(r'(?m)(?:(?<=[ \t])|^)("(?:[^"]|"")*")(?=[ \t\r]|$)|^[ \t]+|[ \t]+(?=\r?$)|([ \t]+)')
_MINUS = str.maketrans("\N{MINUS SIGN}\N{FULLWIDTH HYPHEN-MINUS}", "--")
_QUOTED = re.compile('"[^"]*"')
_QUOTED_FIRST = re.compile(r'"[^"]*"[ \t]+[^ \t]')
_GROUPED = re.compile(r"[0-9][ '\N{NO-BREAK SPACE}\N{NARROW NO-BREAK SPACE}][0-9]{3}")
COMMENTS = ("#", "%", "//")
Row = tuple[int, list[str]]  # line in the file, from 1, and cells without blanks at the ends


@lru_cache(1 << 16)  # for the names of wide tables, which are tried several times
def is_typed(cell: str) -> bool:
    """Return whether a cell is a number, a date or a clock time rather than text.

    >>> [is_typed(cell) for cell in ("1.026,5 €", "31.12.2025", "12:30", "Total", "")]
    [True, True, True, False, False]
    """
    number = (
        NO_CENTS.sub("", cell if _BETWEEN_DIGITS.search(cell) else ANY_SIGN.sub("", cell)).strip().translate(_MINUS)
    )
    return bool(
        is_number(number.replace(",", "."))
        or NEARLY_A_NUMBER.fullmatch(number)
        or CLOCK_ONLY.fullmatch(cell.strip())
        or is_written_as_time(cell)
    )


def rows_of(lines: Sequence[str], separator: str, first_line: int = 1) -> list[Row]:
    """Return the cells of lines that are not blank, each with its line in the file."""
    if separator == " ":
        if not any('"' in line for line in lines):
            cells = [(first_line + i, _BLANKS.split(line.strip(" \t"))) for i, line in enumerate(lines)]
            return [(number, row) for number, row in cells if row != [""]]
        lines, separator = blanks_as_tabs("\n".join(lines)).split("\n"), "\t"
    reader = csv.reader((line + "\n" for line in lines), delimiter=separator, skipinitialspace=separator != "\t")
    rows, before = [], 0
    try:
        for row in reader:
            stripped = [cell.strip() for cell in row]
            if any(stripped) or (len(row) == 1 and '"' in lines[before]):
                rows.append((first_line + before, stripped))
            before = reader.line_num
    except csv.Error:
        pass  # a quoted cell that ends after the sample
    return rows


def separator_line(line: str) -> str:
    """Return the name of the separator that the first line of a file states for spreadsheets; empty for others.

    >>> separator_line("sep=;"), separator_line("day;sales")
    ('semicolon', '')
    """
    match = re.fullmatch(r'"?sep=(.)"?', line.strip("\r\n"), re.IGNORECASE)
    return next((name for name, sign in SEPARATORS.items() if match and sign == match[1]), "")


def blanks_as_tabs(text: str) -> str:
    r"""Return text of columns that blanks separate with one tab between the columns; blanks within quotes remain.

    >>> blanks_as_tabs('  1   "New York"\n 2  Rome ')
    '1\t"New York"\n2\tRome'
    """
    return _QUOTED_OR_BLANKS.sub(lambda match: match[1] or ("\t" if match[2] else ""), text)


def without_padding(text: str, separator: str) -> str:
    r"""Return text without the blanks between a separator and a quotation mark.

    >>> without_padding('1, "a, b"', ",")
    '1,"a, b"'
    """
    return re.sub(f'(?m)(?:(?<={re.escape(separator)})|^) *("(?:[^"]|"")*")', r"\1", text)


def detect_separator(lines: Sequence[str]) -> str:
    """Return the name of the separator of a table.

    It is the one by which most lines have the same number of cells, at least two, and most cells are numbers or dates.
    A file of one column has a comma.

    >>> detect_separator(["Datum;Umsatz", "01.01.2023;598,84", "02.01.2023;1137,41"])
    'semicolon'
    """
    filled = [line for line in lines if line.strip()]
    sample = list(dropwhile(lambda line: line.startswith(COMMENTS), filled)) or filled
    best, best_score, is_certain, has_comma_everywhere = "comma", 0.0, False, False
    for name, sign in SEPARATORS.items():
        if _breaks_quotes(sample, sign):
            continue
        rows = [row for _, row in rows_of(sample, sign)]
        widths = Counter(len(row) for row in rows)
        if not widths:
            continue
        width, count = max(widths.items(), key=lambda item: (item[1], item[0]))
        remarks = sum(1 for _ in takewhile(lambda row: len(row) == 1, reversed(rows[-_MAX_REMARKS:])))
        if width < 2 or (count < 0.6 * (len(rows) - remarks) and count < len(rows) - 3):
            continue
        regular = [row for row in rows if len(row) == width]
        cells = [cell for row in regular[1:] or regular for cell in row if not is_missing_mark(cell)]
        typed = sum(is_typed(cell) or cell.lower() in YES_NO for cell in cells) / len(cells) if cells else 0.0
        is_everywhere = count == len(rows) > 2
        least_typed = 0.1 if is_everywhere else 0.5  # else it is prose
        if (name == "blank" and typed < least_typed) or (name in ("comma", "blank") and is_certain):
            continue
        has_decimal_commas = is_everywhere and not has_comma_everywhere  # which the header lacks
        if name == "blank" and _is_within_cells(sample, regular[1:] or regular, has_decimal_commas):
            continue
        are_columns = name == "blank" and read_groups(lines) in ("columns", "named")
        if name in ("comma", "blank") and not are_columns and _is_one_column(sample, sign):
            best = "semicolon" if name == "comma" and best == "comma" else best  # a sign that does not occur
            continue
        if name == "comma":  # which can be a decimal mark, but not in names
            has_comma_everywhere = count == len(rows)
            is_certain = count == len(rows) > 1 and not any(map(is_typed, rows[0])) and typed > 0.2
        else:
            is_certain = count >= 0.6 * len(rows) and typed > 0.2
        score = count / len(rows) + 2 * typed
        if name == "blank":
            score += 1 if has_decimal_commas else 0.1
        if score > best_score + 0.05:
            best, best_score = name, score
    return "semicolon" if not best_score and _is_one_column(sample, ",") else best


def _breaks_quotes(lines: Sequence[str], sign: str) -> bool:
    """Return whether in most lines a quoted cell would be followed by more than the separator."""
    between = "[ \t]" if sign == " " else re.escape(sign)
    begins = re.compile(rf'(?:^|{between}) *"(?:[^"]|"")*" *(?P<end>{between}|$)?')
    found = [match["end"] is None for line in lines if '"' in line for match in begins.finditer(line)]
    return sign != " " and sum(found) > len(lines) / 2


def _is_within_cells(lines: Sequence[str], rows: list[list[str]], has_decimal_commas: bool) -> bool:
    """Return whether blanks stand within the cells of another separator, or between numbers and their signs."""
    if any(all(cell in SIGNS for cell in column) for column in zip(*rows, strict=True)):
        return True
    marked = [cell for cell in _QUOTED.sub("", "\n".join(lines)).split() if set(",;|") & set(cell)]
    if has_decimal_commas:
        marked = [cell for cell in marked if not _SIGN_BEFORE_DECIMALS.fullmatch(cell)]
    within = sum(cell[-1] in ",;|" or not is_typed(cell) or bool(_SIGN_INSIDE.search(cell)) for cell in marked)
    return within > 0.5 * len(rows) and within > _MIN_WITHIN * len(marked)


def _is_one_column(lines: Sequence[str], sign: str) -> bool:
    """Return whether a comma or blank stands within the numbers of one column.

    They have a header without it, or are written with thousands marks or signs. A quoted cell before a blank is a
    column of its own.
    """
    if sign == " " and len(lines) > 1 and all(map(_QUOTED_FIRST.match, lines[1:])):
        return False
    body = [line.strip().strip('"') for line in lines]
    while len(body) > 1 and not any(character.isdigit() for character in body[-1]):
        body.pop()
    are_single = sign == " " and any(map(is_missing_mark, body[1:]))  # a row of two columns would have two marks
    has_header = True
    if is_typed(body[0]):
        has_header = any(_GROUPED.search(line) or SIGN.search(line) for line in body)
    while has_header and body and not is_typed(body[0]) and not is_missing_mark(body[0]):
        has_header = sign not in body.pop(0) or are_single  # names and units
    numbers = [
        is_number(line.replace(sign, "")) or is_number(line.replace(sign, ".")) or is_typed(line)
        for line in body
        if not is_missing_mark(line)
    ]
    return has_header and any(sign in line for line in body) and sum(numbers) >= _MIN_NUMBERS * len(numbers)


def is_time_column(rows: Sequence[Row], column: int) -> bool:
    """Return whether most cells of a column at the beginning of a table are dates."""
    cells = [row[column] for _, row in rows[:_TIME_SAMPLE] if len(row) > column and not is_missing_mark(row[column])]
    dates = sum(not is_number(cell) and is_written_as_time(cell) for cell in cells)  # numbers are checked fast
    return dates > 0.5 * len(cells)


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
