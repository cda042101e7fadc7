"""Text and web pages that are called .xls or .xlsx, as many programs export them, and read as what they are."""

from __future__ import annotations

import csv
import io
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

from rnnstudio.core.errors import DataError
from rnnstudio.core.read_options import ReadOptions
from rnnstudio.reading.table import Table

_WORKBOOKS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0", b"\x09\x00", b"\x09\x02", b"\x09\x04", b"\x09\x08")
_WIDE_TEXT = (b"\xff\xfe", b"\xfe\xff")
_HEAD_BYTES = 4096
_MAX_COLSPAN = 100


def read_misnamed(file: Path, options: ReadOptions | None) -> Table | None:
    """Return the table of a text file or web page that is called a workbook; None for a workbook or other bytes.

    Raises:
        DataError: The text holds no table.
        SettingError: An option does not fit the file.
    """
    from rnnstudio.reading.text.text_encoding import decode
    from rnnstudio.reading.text.text_table import read_table, table_of_text

    try:
        with file.open("rb") as stream:
            head = stream.read(_HEAD_BYTES)
    except OSError as error:
        raise DataError(f"{file} cannot be read: {error.strerror}.") from None
    if head.startswith(_WORKBOOKS) or (b"\0" in head and not head.startswith(_WIDE_TEXT)):
        return None
    options = options or ReadOptions()
    start = head.replace(b"\0", b"").lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n").lower()
    if b"urn:schemas-microsoft-com:office:spreadsheet" in start:
        raise DataError(f"{file.name}: a workbook is expected; received an XML spreadsheet. Save it as .xlsx.")
    if not start.startswith(b"<"):
        kind, table = "text", read_table(file, options)
    else:
        page = _Page()
        page.feed(decode(file.name, file.read_bytes(), options.encoding).utf8.decode("utf-8"))
        rows = max(page.tables, key=len, default=[])
        if not any(rows):
            raise DataError(f"{file.name}: a workbook is expected; received a web page without a table.")
        text = io.StringIO()
        csv.writer(text, delimiter="\t", lineterminator="\n").writerows(rows)
        kind = "a web page"
        table = table_of_text(file.name, text.getvalue().encode(), replace(options, encoding="", separator="tab"))
    assert table.account is not None
    said = f"{file.name} is no workbook; it is read as {kind}."
    return replace(table, account=replace(table.account, assumed=(said, *table.account.assumed)))


class _Page(HTMLParser):
    """The cells of the tables of a web page.

    Attributes:
        tables: The rows of each table.
    """

    def __init__(self) -> None:
        super().__init__()
        self.tables: list[list[list[str]]] = []
        self._cell: list[str] | None = None
        self._span = 1

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Begin a table, row or cell."""
        if tag in ("table", "tr", "td", "th"):
            self._end_cell()
        if tag == "table" or (tag == "tr" and not self.tables):
            self.tables.append([])
        if tag == "tr":
            self.tables[-1].append([])
        elif tag in ("td", "th") and self.tables and self.tables[-1]:
            span = dict(attrs).get("colspan") or "1"
            self._span = min(int(span), _MAX_COLSPAN) if span.isdecimal() else 1
            self._cell = []
        elif tag == "br" and self._cell is not None:
            self._cell.append(" ")

    def handle_endtag(self, tag: str) -> None:
        """End a cell."""
        if tag in ("td", "th", "tr", "table"):
            self._end_cell()

    def handle_data(self, data: str) -> None:
        """Add text to the cell."""
        if self._cell is not None:
            self._cell.append(data)

    def _end_cell(self) -> None:
        if self._cell is not None:
            self.tables[-1][-1] += [" ".join("".join(self._cell).split()), *[""] * (self._span - 1)]
            self._cell = None
