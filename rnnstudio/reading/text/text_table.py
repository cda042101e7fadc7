"""Text tables (.csv, .tsv, .txt): encoding, layout and what the cells are is found in the file, and said."""

from __future__ import annotations

import codecs
from dataclasses import replace
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
    from rnnstudio.reading.text.text_rows import TextRows

_KIND = "a text table such as a .csv file"
HEAD_BYTES = 1 << 18  # from which the layout is found
_HEAD_LINES = 500
_SIGNS = ("\t", ";", "|", ",")  # that separate the cells of rows that are quoted as a whole


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
    from rnnstudio.reading.table_of_columns import table_of_columns
    from rnnstudio.reading.text.open_commas import quotes_numbers
    from rnnstudio.reading.text.quoted_lines import without_quoted_lines
    from rnnstudio.reading.text.text_encoding import decode
    from rnnstudio.reading.text.text_header import column_names, without_open_commas
    from rnnstudio.reading.text.text_layout import SEPARATORS, detect_separator, rows_of, separator_line
    from rnnstudio.reading.text.text_rows import first_table, lines_of_text

    decoded = decode(name, raw, options.encoding)
    text = _with_usual_ends(decoded.utf8)
    head = lines_of_text(text[: _end_of_line(text, HEAD_BYTES)])[:_HEAD_LINES]
    if not any(line.strip() for line in head):
        raise DataError(f"{name} is empty; a table with at least one row of numbers is expected.")
    if head[0].startswith('"') and (unquoted := without_quoted_lines(text, head, _SIGNS)) is not text:
        text, head = unquoted, lines_of_text(unquoted[: _end_of_line(unquoted, HEAD_BYTES)])[:_HEAD_LINES]
    stated = separator_line(head[0])
    separator = stated or detect_separator(head) if options.separator == "auto" else options.separator
    sign = SEPARATORS[separator]
    rows = rows_of(head[1:], sign, 2) if stated else rows_of(head, sign)
    layout, found = first_table(name, text, sign, rows, options)
    names, unnamed = column_names(layout)
    units = layout.units or ("",) * layout.width
    columns = {}
    for j, (own, column, unit) in enumerate(zip(names, found.columns, units, strict=True)):
        report_reading(j, layout.width, "columns")
        columns[own] = read_column(own, column, options, unit)
    data = [] if layout.names or options.header or sign != "," else [r for r in rows if r[0] >= layout.first_row]
    if any(map(quotes_numbers, head[layout.first_row - 1 : layout.first_row])):
        layout, data = without_open_commas(layout), []
    about = _account(name, decoded, separator, layout, found, bool(stated))
    if options.separator == "auto" and not stated:
        about = _with_open_separator(about, head, [row for row in data if len(row[1]) == layout.width])
    return table_of_columns(columns, found.lines, options, about, unnamed)


def _account(name: str, decoded: Decoded, separator: str, layout: Layout, found: TextRows, is_stated: bool) -> Account:
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
        skipped_below=found.closing,
        assumed=tuple(filter(None, (decoded.note, *layout.notes, *found.notes))),
        questions=(layout.question,) if layout.question else (),
    )


def _with_open_separator(about: Account, head: list[str], data: list[Row]) -> Account:
    """Return an account with what blanks and commas beside digits leave open, in lines and in rows without names."""
    from rnnstudio.reading.text.blank_groups import groups_note, groups_question
    from rnnstudio.reading.text.open_commas import open_comma_question, open_decimals_question

    assumed = filter(None, (*about.assumed, groups_note(head)))
    commas = open_comma_question(about.name, head) or open_decimals_question(about.name, data)
    found = (groups_question(about.name, head), commas)
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


def _end_of_line(text: bytes, limit: int) -> int:
    """Return the end of the last whole line within a number of bytes, or of the first line if it is longer."""
    if len(text) <= limit:
        return len(text)
    end = text.rfind(b"\n", 0, limit)
    if end < 0:
        end = text.find(b"\n", limit)
    return len(text) if end < 0 else end + 1
