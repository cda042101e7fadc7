"""MATLAB files of versions 5 to 7. Layout: "MAT-File Format", The MathWorks."""

from __future__ import annotations

import struct
import zlib
from math import prod
from typing import Any, BinaryIO, NamedTuple

import numpy as np
from numpy.typing import NDArray

from rnnstudio.core.byte_budget import MAX_BYTES, array_bytes
from rnnstudio.reading.formats.matlab_element import Element, read_at

CLASSES = {6: "f8", 7: "f4", 8: "i1", 9: "u1", 10: "i2", 11: "u2", 12: "i4", 13: "u4", 14: "i8", 15: "u8"}
_STORED_TYPES = {1: "i1", 2: "u1", 3: "i2", 4: "u2", 5: "i4", 6: "u4", 7: "f4", 9: "f8", 12: "i8", 13: "u8"}
_OTHER_CLASSES = {1: "cell", 2: "struct", 3: "object", 4: "char", 5: "sparse", 16: "function", 17: "opaque"}
_MATRIX, _COMPRESSED = 14, 15
_COMPLEX, _LOGICAL = 0x0800, 0x0200  # flags
_FILE_HEADER = 128  # bytes
_MATRIX_HEADER = 4096  # bytes that contain everything before the numbers of a matrix


class _Tag(NamedTuple):
    """Type of a data element, and positions in bytes: its data, and the next element."""

    kind: int
    begin: int
    end: int
    next: int


class _Matrix(NamedTuple):
    """Header of a matrix; `offset` is the position of its numbers."""

    name: str
    shape: tuple[int, ...]
    kind: str
    offset: int


def elements(stream: BinaryIO, order: str) -> list[Element]:
    """Return all variables of a file.

    Args:
        stream: The file.
        order: Byte order, "<" or ">".

    Raises:
        ValueError: The file is damaged; other errors are possible too.
    """
    end = stream.seek(0, 2)
    offset, variables = _FILE_HEADER, []
    while offset + 8 <= end:
        kind, length = struct.unpack(f"{order}2I", read_at(stream, offset, 8))
        is_compressed = kind == _COMPRESSED
        if offset + 8 + length > end:
            raise ValueError("it is truncated")
        head = stream.read(min(length, _MATRIX_HEADER))
        if is_compressed:
            head = zlib.decompressobj().decompress(head, _MATRIX_HEADER)
            kind = struct.unpack_from(f"{order}I", head)[0]
            head = head[8:]
        elif kind != _MATRIX:
            raise ValueError(f"an element has the unknown type {kind}")
        if kind == _MATRIX and length:
            matrix = _parse_matrix(head, order)
            variables.append(Element(matrix.name, matrix.shape, matrix.kind, offset + 8, length, is_compressed))
        offset += 8 + length
    return [variable for variable in variables if variable.name and not variable.name.startswith("__")]


def read_element(stream: BinaryIO, element: Element, order: str) -> NDArray[Any]:
    """Return the values of a numeric variable.

    Raises:
        ValueError: The data are damaged; other errors are possible too.
    """
    raw = read_at(stream, element.offset, element.length)
    if element.is_compressed:  # no more is decompressed than the numbers need
        decompressor = zlib.decompressobj()
        max_bytes = min(array_bytes(element.shape), MAX_BYTES) + _MATRIX_HEADER
        raw = decompressor.decompress(raw, max_bytes)[8:]
        if not decompressor.eof:  # the checksum is compared only at the end
            raise ValueError("compressed numbers have a different length than declared")
    matrix = _parse_matrix(raw, order)
    flags = struct.unpack_from(f"{order}I", raw, 8)[0]
    numbers = _parse_tag(raw, matrix.offset, order)
    count, dtype = prod(matrix.shape), np.dtype(f"{order}{_STORED_TYPES[numbers.kind]}")
    if numbers.end > len(raw) or numbers.end - numbers.begin != count * dtype.itemsize:
        raise ValueError("it has fewer numbers than declared")
    values = np.frombuffer(raw, dtype, count, numbers.begin).reshape(matrix.shape, order="F")
    return values.astype(bool if flags & _LOGICAL else matrix.kind)


def _parse_tag(raw: bytes, offset: int, order: str) -> _Tag:
    kind, length = struct.unpack_from(f"{order}2I", raw, offset)
    if kind >> 16:  # a small element: its data, up to four bytes, are in the tag itself
        return _Tag(kind & 0xFFFF, offset + 4, offset + 4 + min(kind >> 16, 4), offset + 8)
    return _Tag(kind, offset + 8, offset + 8 + length, offset + 8 + -(-length // 8) * 8)


def _parse_matrix(raw: bytes, order: str) -> _Matrix:
    tag = _parse_tag(raw, 0, order)
    if tag.kind != 6 or tag.end - tag.begin != 8:
        raise ValueError("a matrix has no flags")
    flags = struct.unpack_from(f"{order}I", raw, tag.begin)[0]
    tag = _parse_tag(raw, tag.next, order)
    if tag.kind not in (5, 6) or (tag.end - tag.begin) % 4 or tag.end > len(raw):
        raise ValueError("a matrix has no shape")
    shape = tuple(int(n) for n in np.frombuffer(raw[tag.begin : tag.end], f"{order}i4"))
    if min(shape, default=0) < 0 or len(shape) > 32:
        raise ValueError("a matrix has an invalid shape")
    tag = _parse_tag(raw, tag.next, order)
    if tag.kind not in (1, 2, 16) or tag.end > len(raw):
        raise ValueError("a matrix has no name")
    name = raw[tag.begin : tag.end].decode("utf-8", errors="replace")
    code = flags & 0xFF
    kind = CLASSES.get(code) or _OTHER_CLASSES.get(code, f"class {code}")
    return _Matrix(name, shape, "complex" if flags & _COMPLEX and code in CLASSES else kind, tag.next)
