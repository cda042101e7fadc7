"""Text tables (.csv, .tsv, .txt): encoding, layout and what the cells are is found in the file, and said."""

from __future__ import annotations

import codecs
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from rnnstudio.core.account import Account
from rnnstudio.core.errors import DataError
from rnnstudio.core.read_options import ReadOptions
from rnnstudio.reading.file_checks import decoding, existing_file
from rnnstudio.reading.reading_progress import report_reading
from rnnstudio.reading.series.sequence_rows import with_rows_question
from rnnstudio.reading.table import Table
from rnnstudio.reading.text.gzip_text import unpacked
from rnnstudio.reading.text.long_bytes import count_bytes, has_byte

if TYPE_CHECKING:
    from rnnstudio.reading.text.text_encoding import Decoded
    from rnnstudio.reading.text.text_header import Layout
    from rnnstudio.reading.text.text_layout import Row

_KIND = "a text table such as a .csv file"
HEAD_BYTES = 1 << 18  # from which the layout is found
_HEAD_LINES = 500
_SIGNS = ("\t", ";", "|", ",")  # that separate the cells of rows that are quoted as a whole
_TAIL_LINES = 50  # among which closing rows are searched


def read_table(path: str | Path, options: ReadOptions | None = None) -> Table:
    """Return a text table.

    Args:
        path: The file.
        options: How it is read, where the file leaves it open or the guess is wrong.

    Raises:
        DataError: The file is missing, empty, not a text table, holds no numbers, or has rows of different lengths.
        SettingError: An option does not fit the file.

    >>> from rnnstudio.core.paths import resource
    >>> table = read_table(resource("data/airline.csv"))
    >>> table.numeric_columns(), len(table.cells), table.account.time.frequency
    (['Passengers'], 144, 'MS')
    """
    file = existing_file(path, _KIND)
    try:
        raw = file.read_bytes()
    except OSError as error:
        raise DataError(f"{file} cannot be read: {error.strerror}.") from None
    options = options or ReadOptions()
    return with_rows_question(table_of_text(file.name, unpacked(file.name, raw), options), options)


def read_first_rows(path: str | Path, options: ReadOptions) -> Table:
    """Return the table at the beginning of a text file, as it is read from these rows alone.

    Raises:
        DataError: As for `read_table`.
        SettingError: An option does not fit the file.
    """
    file = existing_file(path, _KIND)
    with decoding(file, _KIND), file.open("rb") as stream:
        raw = stream.read(HEAD_BYTES)
        is_whole = len(raw) < HEAD_BYTES
        if (text := unpacked(file.name, raw, HEAD_BYTES)) is not raw:
            raw = text[: text.rfind(b"\n") + 1] or text
        elif not is_whole:
            raw = _whole_lines(raw) or raw + stream.readline()
    return table_of_text(file.name, raw, options)


def table_of_text(name: str, raw: bytes, options: ReadOptions) -> Table:
    """Return the table in the bytes of a text file; see `read_table`."""
    from rnnstudio.reading.cells.columns import read_column
    from rnnstudio.reading.cells.plain_numbers import are_plain_numbers
    from rnnstudio.reading.table_of_columns import table_of_columns
    from rnnstudio.reading.text.further_tables import further_table
    from rnnstudio.reading.text.quoted_lines import without_quoted_lines
    from rnnstudio.reading.text.text_cells import read_cells
    from rnnstudio.reading.text.text_encoding import decode
    from rnnstudio.reading.text.text_header import column_names, find_layout
    from rnnstudio.reading.text.text_layout import SEPARATORS, detect_separator, rows_of, separator_line

    decoded = decode(name, raw, options.encoding)
    text = _with_usual_ends(decoded.utf8)
    head = _lines(text[: _end_of_line(text, HEAD_BYTES)])[:_HEAD_LINES]
    if not any(line.strip() for line in head):
        raise DataError(f"{name} is empty; a table with at least one row of numbers is expected.")
    if head[0].startswith('"') and (unquoted := without_quoted_lines(text, head, _SIGNS)) is not text:
        text, head = unquoted, _lines(unquoted[: _end_of_line(unquoted, HEAD_BYTES)])[:_HEAD_LINES]
    stated = separator_line(head[0])
    separator = stated or detect_separator(head) if options.separator == "auto" else options.separator
    sign = SEPARATORS[separator]
    rows = rows_of(head[1:], sign, 2) if stated else rows_of(head, sign)
    layout = find_layout(name, rows, options.header, sign)
    below = further_table(text, _start_of_line(text, layout.first_row), sign, layout.names) if layout.names else None
    if below is not None:
        text = text[: below[0]]
        rows = [row for row in rows if row[0] < below[1]]
        layout = find_layout(name, rows, options.header, sign)
    data_rows = [(line, row) for line, row in rows if line >= layout.first_row]
    body = _find_body(name, text, sign, layout, data_rows)
    names, unnamed = column_names(layout)
    numbers = [
        j
        for j, own in enumerate(names)
        if own not in options.names and are_plain_numbers([r[j] for _, r in data_rows if len(r) > j], options)
    ]
    cells, lines, note = read_cells(
        name, memoryview(text)[body.begin : body.end], sign, layout.width, body.lines, numbers
    )
    units = layout.units or ("",) * layout.width
    columns = {}
    for j, (own, column, unit) in enumerate(zip(names, cells, units, strict=True)):
        report_reading(j, layout.width, "columns")
        columns[own] = read_column(own, column, options, unit)
    about = _account(name, decoded, separator, layout, body, bool(stated))
    if options.separator == "auto" and not stated:
        about = _with_open_separator(about, head)
    about = replace(about, assumed=tuple(filter(None, (*about.assumed, below[2] if below else "", note))))
    return table_of_columns(columns, lines, options, about, unnamed)


@dataclass(frozen=True)
class _Body:
    """The rows of data in a text.

    Attributes:
        begin: Where the first one begins.
        end: Where the last one ends.
        lines: Lines of the first and the last one.
        closing: Number of rows below that hold no data.
        note: The sentence about these; empty for none.
    """

    begin: int
    end: int
    lines: tuple[int, int]
    closing: int
    note: str


def _find_body(name: str, text: bytes, sign: str, layout: Layout, data_rows: list[Row]) -> _Body:
    """Return the rows of data.

    Args:
        name: Name of the file.
        text: Its text.
        sign: What separates the columns.
        layout: What stands above the rows.
        data_rows: The first rows.

    Raises:
        DataError: There are none.
    """
    from rnnstudio.reading.text.closing_rows import closing_rows_note, count_closing_rows, dated_total_note
    from rnnstudio.reading.text.text_header import typed_columns
    from rnnstudio.reading.text.text_layout import is_time_column, no_numbers_error, rows_of

    begin = _start_of_line(text, layout.first_row)
    tail_begin = _tail(text, begin)
    last_line = count_bytes(text, b"\n") + (not text.endswith(b"\n"))
    tail_lines = _lines(text[tail_begin:])
    tail_line = last_line - len(tail_lines) + 1
    tail = rows_of(tail_lines, sign, tail_line)
    times = [j for j in range(layout.width) if is_time_column(data_rows, j)]
    typed = typed_columns([row for row in data_rows if len(row[1]) == layout.width], layout.width)
    closing = count_closing_rows(tail, times, typed)
    if closing:
        last_line = tail[-closing][0] - 1
        end = _start_of_line(text, last_line - tail_line + 2, tail_begin)
    else:
        end = _last_row_end(text, tail_begin, sign)
        last_line -= text.count(b"\n", end) + (end < len(text) and not text.endswith(b"\n"))
    if end <= begin:
        if layout.header and layout.width > 1 and not data_rows and not text.strip().count(b"\n"):
            raise DataError(
                f"{name}: rows of numbers are expected; its only row holds words, such as the names of columns."
            )
        raise no_numbers_error(name)
    note = closing_rows_note(tail, closing, sign) if closing else dated_total_note(tail, times, typed)
    return _Body(begin, end, (layout.first_row, last_line), closing, note)


def _account(name: str, decoded: Decoded, separator: str, layout: Layout, body: _Body, is_stated: bool) -> Account:
    """Return how a file was read, without its rows and columns."""
    return Account(
        name=name,
        format="text table",
        rows=0,
        columns=(),
        encoding=decoded.encoding,
        separator=separator,
        header=layout.header,
        units_row=layout.units_row,
        skipped_above=layout.skipped_above + is_stated,
        skipped_below=body.closing,
        assumed=tuple(filter(None, (decoded.note, *layout.notes, body.note))),
        questions=(layout.question,) if layout.question else (),
    )


def _with_open_separator(about: Account, head: list[str]) -> Account:
    """Return an account with what blanks and commas beside digits leave open."""
    from rnnstudio.reading.text.blank_groups import groups_note, groups_question
    from rnnstudio.reading.text.open_commas import open_comma_question

    assumed = filter(None, (*about.assumed, groups_note(head)))
    found = (groups_question(about.name, head), open_comma_question(about.name, head))
    questions = filter(None, (*about.questions, *found))
    return replace(about, assumed=tuple(assumed), questions=tuple(questions))


def _with_usual_ends(text: bytes) -> bytes:
    """Return text whose lines end with a line feed where they end as in old files of the Macintosh."""
    if has_byte(text, b"\r") and count_bytes(text, b"\r") != count_bytes(text, b"\r\n"):
        return text.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    return text


def _whole_lines(raw: bytes) -> bytes:
    """Return the bytes up to the end of the last line that is whole; none where there is no end of a line."""
    unit = 4 if raw.startswith((codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE)) else 2 if b"\0" in raw else 1
    end = raw.rfind(b"\n") + 1 or raw.rfind(b"\r") + 1
    return raw[: -(-end // unit) * unit]


def _lines(text: bytes) -> list[str]:
    return [line.removesuffix("\r") for line in text.decode("utf-8").removesuffix("\n").split("\n")]


def _end_of_line(text: bytes, limit: int) -> int:
    """Return the end of the last whole line within a number of bytes, or of the first line if it is longer."""
    if len(text) <= limit:
        return len(text)
    end = text.rfind(b"\n", 0, limit)
    if end < 0:
        end = text.find(b"\n", limit)
    return len(text) if end < 0 else end + 1


def _start_of_line(text: bytes, line: int, begin: int = 0) -> int:
    """Return where a line, counted from 1, starts after a position."""
    position = begin
    for _ in range(line - 1):
        found = text.find(b"\n", position)
        if found < 0:
            return len(text)
        position = found + 1
    return position


def _last_row_end(text: bytes, tail_begin: int, separator: str) -> int:
    """Return the end of the last line with more than separators and blanks."""
    filled = tail_begin + len(text[tail_begin:].rstrip(separator.encode() + b" \t\r\n"))
    end = text.find(b"\n", filled)
    return len(text) if end < 0 else end + 1


def _tail(text: bytes, begin: int) -> int:
    """Return where the last lines of the data start."""
    position = len(text)
    for _ in range(_TAIL_LINES):
        found = text.rfind(b"\n", begin, position)
        if found < 0:
            return begin
        position = found
    return position + 1
