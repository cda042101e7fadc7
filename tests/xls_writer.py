"""Writes Excel workbooks of before 2007 (BIFF 8 in a compound file) from their specification, for tests."""

from __future__ import annotations

import datetime
import struct
from collections.abc import Sequence
from typing import Any

_EPOCHS = {0: datetime.datetime(1899, 12, 30), 1: datetime.datetime(1904, 1, 1)}
_FORMATS = (0, 14, 22, 21)  # general, date, date and time, time: numbers of Excel's own formats
_SECTOR, _FREE, _END, _FAT = 512, 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD


def xls_bytes(sheets: dict[str, Sequence[Sequence[Any]]], datemode: int = 0) -> bytes:
    """Return a workbook.

    Args:
        sheets: Rows of cells of each sheet: numbers, text, True and False, dates, times, an error "#N/A", or None.
        datemode: 0 where dates count from 1900, 1 where they count from 1904.
    """
    formats = b"".join(_record(0xE0, struct.pack("<3H4BIiH", 0, key, 1, 0, 0, 0, 0, 0, 0, 0)) for key in _FORMATS)
    globals_ = _begin(5) + _record(0x42, struct.pack("<H", 1200)) + _record(0x22, struct.pack("<H", datemode)) + formats
    contents = [_sheet(rows, datemode) for rows in sheets.values()]
    names = [struct.pack("<2BBB", 0, 0, len(name), 0) + name.encode("latin-1") for name in sheets]
    position = len(globals_) + sum(8 + len(name) for name in names) + 4
    for name, content in zip(names, contents, strict=True):
        globals_ += _record(0x85, struct.pack("<I", position) + name)
        position += len(content)
    return _compound(globals_ + _record(0x0A) + b"".join(contents))


def _record(number: int, content: bytes = b"") -> bytes:
    return struct.pack("<2H", number, len(content)) + content


def _begin(kind: int) -> bytes:
    return _record(0x809, struct.pack("<4H2I", 0x600, kind, 0, 1997, 0, 0x600))


def _sheet(rows: Sequence[Sequence[Any]], datemode: int) -> bytes:
    cells = [
        _cell(i, j, cell, datemode) for i, row in enumerate(rows) for j, cell in enumerate(row) if cell is not None
    ]
    return _begin(0x10) + b"".join(cells) + _record(0x0A)


def _cell(row: int, column: int, cell: Any, datemode: int) -> bytes:
    def at(style: int) -> bytes:
        return struct.pack("<3H", row, column, style)

    if cell == "#N/A":
        return _record(0x205, at(0) + struct.pack("<2B", 42, 1))
    if isinstance(cell, str):
        return _record(0x204, at(0) + struct.pack("<HB", len(cell), 1) + cell.encode("utf-16-le"))
    if isinstance(cell, bool):
        return _record(0x205, at(0) + struct.pack("<2B", cell, 0))
    if isinstance(cell, datetime.time):
        seconds = cell.hour * 3600 + cell.minute * 60 + cell.second
        return _record(0x203, at(3) + struct.pack("<d", seconds / 86_400))
    if isinstance(cell, datetime.datetime):
        days = (cell - _EPOCHS[datemode]) / datetime.timedelta(days=1)
        return _record(0x203, at(1 if days == int(days) else 2) + struct.pack("<d", days))
    return _record(0x203, at(0) + struct.pack("<d", cell))


def _compound(stream: bytes) -> bytes:
    """Return a compound file with one stream, "Workbook", of at most 126 sectors."""
    stream = stream.ljust(4096, b"\0")  # shorter streams are stored in another way
    stream += b"\0" * (-len(stream) % _SECTOR)
    count = len(stream) // _SECTOR
    chain = [_FAT, _END, *range(3, count + 2), _END]
    header = bytes.fromhex("d0cf11e0a1b11ae1") + bytes(16)
    header += struct.pack("<5H6x9I", 0x3E, 3, 0xFFFE, 9, 6, 0, 1, 1, 0, 4096, _END, 0, _END, 0)
    header += struct.pack("<109I", 0, *[_FREE] * 108)
    folder = _entry("Root Entry", 5, 1, _END, 0) + _entry("Workbook", 2, _FREE, 2, len(stream)) + bytes(256)
    return header + struct.pack("<128I", *chain, *[_FREE] * (128 - len(chain))) + folder + stream


def _entry(name: str, kind: int, child: int, start: int, size: int) -> bytes:
    text = (name + "\0").encode("utf-16-le")
    links = struct.pack("<3I", _FREE, _FREE, child)
    return text.ljust(64, b"\0") + struct.pack("<HBB", len(text), kind, 1) + links + bytes(36) + struct.pack(
        "<2I", start, size
    ) + bytes(4)  # fmt: skip
