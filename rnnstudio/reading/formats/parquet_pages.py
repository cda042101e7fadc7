"""The headers of the pages of a Parquet file: how large each page is, before it is unpacked.

A page can declare, or unpack to, far more than the sizes of its column in the footer; pyarrow allocates what the page
declares. A header is a structure in the compact protocol of Thrift.
"""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path
from typing import Any, BinaryIO

from rnnstudio.core.byte_budget import ByteBudget
from rnnstudio.core.errors import DataError

_BLOCK = 1 << 16  # bytes that are read for a header; statistics in it can be long texts
_MAX_HEADER = 16 << 20
_MAX_DEPTH = 8
_MAX_PAGES = 1_000_000
_STOP, _TRUE, _FALSE, _BYTE, _I16, _I32, _I64, _DOUBLE, _BINARY, _LIST, _SET, _MAP, _STRUCT = range(13)
_UNCOMPRESSED, _COMPRESSED = 2, 3  # fields of a header


class _TooShortError(Exception):
    """A header goes on after the bytes that were read."""


class _Header:
    """Reads the structure at the beginning of some bytes."""

    def __init__(self, content: bytes) -> None:
        self._content, self.position = content, 0

    def sizes(self) -> dict[int, int]:
        """Return the whole numbers of the structure by the numbers of their fields."""
        numbers: dict[int, int] = {}
        self._structure(numbers, 0)
        return numbers

    def _structure(self, numbers: dict[int, int], depth: int) -> None:
        if depth > _MAX_DEPTH:
            raise ValueError("a header is nested too deeply")
        field = 0
        while (head := self._byte()) & 0x0F != _STOP:
            field = field + (head >> 4) if head >> 4 else self._zigzag()
            value = self._value(head & 0x0F, depth)
            if value is not None:
                numbers[field] = value

    def _value(self, kind: int, depth: int, *, is_element: bool = False) -> int | None:
        """Read a value, and return it where it is a whole number."""
        if kind in (_TRUE, _FALSE):
            if is_element:
                self._skip(1)
        elif kind in (_I16, _I32, _I64):
            return self._zigzag()
        elif kind in (_BYTE, _DOUBLE):
            self._skip(1 if kind == _BYTE else 8)
        elif kind == _BINARY:
            self._skip(self._varint())
        elif kind == _STRUCT:
            self._structure({}, depth + 1)
        elif kind in (_LIST, _SET):
            head = self._byte()
            count = head >> 4 if head >> 4 < 15 else self._varint()
            for _ in range(self._within(count)):
                self._value(head & 0x0F, depth + 1, is_element=True)
        else:
            raise ValueError(f"a header has a value of an unknown type ({kind})")
        return None

    def _byte(self) -> int:
        self._skip(1)
        return self._content[self.position - 1]

    def _skip(self, count: int) -> None:
        self.position += count
        if self.position > len(self._content):
            raise _TooShortError

    def _within(self, count: int) -> int:
        if count > len(self._content):
            raise _TooShortError
        return count

    def _varint(self) -> int:
        value, shift = 0, 0
        while (byte := self._byte()) & 0x80:
            value |= (byte & 0x7F) << shift
            shift += 7
            if shift > 63:
                raise ValueError("a number in a header is too long")
        return value | byte << shift

    def _zigzag(self) -> int:
        value = self._varint()
        return value >> 1 ^ -(value & 1)


def page_bytes(file: Path, metadata: Any, columns: Collection[str], budget: ByteBudget) -> dict[str, int]:
    """Return the bytes that the pages of each column unpack to, after each group of rows was found to fit.

    Args:
        file: The file.
        metadata: Its footer, from pyarrow.
        columns: The columns that are read.
        budget: What the file may take in memory; pages are unpacked one group of rows after the other.

    Raises:
        DataError: A column is damaged, or its pages would take too much memory.
    """
    unpacked = dict.fromkeys(columns, 0)
    with file.open("rb") as stream:
        for group in range(metadata.num_row_groups):
            row_group = metadata.row_group(group)
            for j in range(metadata.num_columns):
                chunk = row_group.column(j)
                if (name := chunk.path_in_schema) in unpacked:
                    size = _chunk_bytes(file, stream, chunk)
                    budget.check(file.name, size, f"the pages of column {name!r:.80}")
                    unpacked[name] += size
    return unpacked


def _chunk_bytes(file: Path, stream: BinaryIO, chunk: Any) -> int:
    """Return the bytes that the pages of a column in one group of rows unpack to."""
    at = chunk.data_page_offset
    if chunk.has_dictionary_page and chunk.dictionary_page_offset is not None:
        at = min(at, chunk.dictionary_page_offset)
    end, unpacked, pages = at + chunk.total_compressed_size, 0, 0
    while at < end:
        try:
            length, sizes = _header_at(stream, at)
            size, packed = sizes[_UNCOMPRESSED], sizes[_COMPRESSED]
        except (ValueError, KeyError) as error:
            raise _damaged(file, chunk, f"it has no page where it names one ({error})") from None
        at, pages = at + length + packed, pages + 1
        if size < 0 or packed < 0 or at > end or pages > _MAX_PAGES:
            raise _damaged(file, chunk, "its pages are larger than it is")
        unpacked += size
    return unpacked


def _header_at(stream: BinaryIO, at: int) -> tuple[int, dict[int, int]]:
    """Return the length of the header at a position, and its whole numbers."""
    block = _BLOCK
    while True:
        stream.seek(at)
        content = stream.read(block)
        header = _Header(content)
        try:
            sizes = header.sizes()
        except _TooShortError:
            if len(content) < block or block >= _MAX_HEADER:
                raise ValueError("a header ends after the file") from None
            block *= 16
        else:
            return header.position, sizes


def _damaged(file: Path, chunk: Any, reason: str) -> DataError:
    return DataError(
        f"{file.name} was not read: column {chunk.path_in_schema!r:.80} is damaged, {reason}. Write the file again."
    )
