"""Reading MATLAB files: 4 and 5 to 7 here, 7.3 (which is HDF5) by h5py.

SciPy reads them too, but a damaged one can end the whole program there; here nothing but numbers is decoded, by NumPy.
Layout: "MAT-File Format", The MathWorks.
"""

from __future__ import annotations

import struct
import zlib
from dataclasses import dataclass
from math import prod
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
from numpy.typing import NDArray

from rnnstudio.reading.file_checks import MAX_VALUES, check_size, decoding, existing_file, shape_text
from rnnstudio.reading.hdf5 import is_hdf5, read_hdf5
from rnnstudio.reading.variables import Variables

_KIND = "a MATLAB file"
_STORED = {1: "i1", 2: "u1", 3: "i2", 4: "u2", 5: "i4", 6: "u4", 7: "f4", 9: "f8", 12: "i8", 13: "u8"}
_CLASSES = {6: "f8", 7: "f4", 8: "i1", 9: "u1", 10: "i2", 11: "u2", 12: "i4", 13: "u4", 14: "i8", 15: "u8"}
_OTHERS = {1: "cell", 2: "struct", 3: "object", 4: "char", 5: "sparse", 16: "function", 17: "opaque"}
_MATRIX, _COMPRESSED = 14, 15
_COMPLEX, _LOGICAL = 0x0800, 0x0200
_HEAD = 4096  # bytes that hold what stands before the numbers
_TYPES_4 = ("f8", "f4", "i4", "i2", "u2", "u1")


@dataclass(frozen=True)
class _Element:
    """A variable, and where it stands in the file."""

    name: str
    shape: tuple[int, ...]
    kind: str
    offset: int
    length: int
    packed: bool = False


def read_matlab(path: str | Path) -> Variables:
    """Return the variables of a MATLAB file; text, cells, structures and objects are left unread.

    Raises:
        DataError: It is no such file or is damaged.
    """
    file = existing_file(path, _KIND)
    if is_hdf5(file):
        return read_hdf5(file)
    with decoding(file, _KIND), file.open("rb") as stream:
        header = stream.read(128)
        five = header[126:] in (b"IM", b"MI")
        order = (">" if header[126:] == b"MI" else "<") if five else _order_4(header)
        found = _elements_5(stream, order) if five else _elements_4(stream, order)
    numbers = {e.name: e for e in found if e.kind in _CLASSES.values()}
    for element in numbers.values():
        check_size(f"{element.name} in {file.name}", element.shape)

    def read(name: str) -> NDArray[Any]:
        with decoding(file, _KIND), file.open("rb") as stream:
            return _read_5(stream, numbers[name], order) if five else _read_4(stream, numbers[name], order)

    others = tuple(f"{e.name} ({e.kind} {shape_text(e.shape)})" for e in found if e.name not in numbers)
    return Variables(file.name, {name: element.shape for name, element in numbers.items()}, read, others)


def _elements_5(stream: BinaryIO, order: str) -> list[_Element]:
    """Return what a file of MATLAB 5 to 7 holds."""
    end = stream.seek(0, 2)
    place, found = 128, []
    while place + 8 <= end:
        stream.seek(place)
        kind, length = struct.unpack(f"{order}2I", stream.read(8))
        if place + 8 + length > end:
            raise ValueError("cut short")
        head = stream.read(min(length, _HEAD))
        if kind == _COMPRESSED:
            head = zlib.decompressobj().decompress(head, _HEAD)
            kind = struct.unpack_from(f"{order}I", head)[0]
            head = head[8:]
        elif kind != _MATRIX:
            raise ValueError(f"an element of type {kind}")
        if kind == _MATRIX and length:
            name, shape, what, _ = _described(head, order)
            packed = struct.unpack(f"{order}I", _at(stream, place, 4))[0] == _COMPRESSED
            found.append(_Element(name, shape, what, place + 8, length, packed))
        place += 8 + length
    return [e for e in found if e.name and not e.name.startswith("__")]


def _at(stream: BinaryIO, place: int, count: int) -> bytes:
    stream.seek(place)
    return stream.read(count)


def _part(raw: bytes, place: int, order: str) -> tuple[int, int, int, int]:
    """Return type, begin and end of the element at `place`, and where the next one begins."""
    kind, length = struct.unpack_from(f"{order}2I", raw, place)
    if kind >> 16:  # up to four bytes stand in the tag itself
        return kind & 0xFFFF, place + 4, place + 4 + min(kind >> 16, 4), place + 8
    return kind, place + 8, place + 8 + length, place + 8 + -(-length // 8) * 8


def _described(raw: bytes, order: str) -> tuple[str, tuple[int, ...], str, int]:
    """Return name, shape, kind and where the numbers begin, of a matrix."""
    kind, begin, end, place = _part(raw, 0, order)
    if kind != 6 or end - begin != 8:
        raise ValueError("a matrix without flags")
    flags = struct.unpack_from(f"{order}I", raw, begin)[0]
    kind, begin, end, place = _part(raw, place, order)
    if kind not in (5, 6) or (end - begin) % 4 or end > len(raw):
        raise ValueError("a matrix without a shape")
    shape = tuple(int(n) for n in np.frombuffer(raw[begin:end], f"{order}i4"))
    if min(shape, default=0) < 0 or len(shape) > 32:
        raise ValueError("a shape that cannot be")
    kind, begin, end, place = _part(raw, place, order)
    if kind not in (1, 2, 16) or end > len(raw):
        raise ValueError("a matrix without a name")
    name = raw[begin:end].decode("utf-8", errors="replace")
    code = flags & 0xFF
    what = _CLASSES.get(code) or _OTHERS.get(code, f"class {code}")
    return name, shape, "complex" if flags & _COMPLEX and code in _CLASSES else what, place


def _read_5(stream: BinaryIO, element: _Element, order: str) -> NDArray[Any]:
    raw = _at(stream, element.offset, element.length)
    if element.packed:  # no more than the numbers can take is unpacked
        unpacker = zlib.decompressobj()
        raw = unpacker.decompress(raw, 8 * min(prod(element.shape), MAX_VALUES) + _HEAD)[8:]
        if not unpacker.eof:  # only at its end the checksum has been compared
            raise ValueError("packed numbers that do not end as announced")
    _, shape, kind, place = _described(raw, order)
    flags = struct.unpack_from(f"{order}I", raw, 8)[0]
    stored, begin, end, _ = _part(raw, place, order)
    count, dtype = prod(shape), np.dtype(f"{order}{_STORED[stored]}")
    if end > len(raw) or end - begin != count * dtype.itemsize:
        raise ValueError("fewer numbers than announced")
    values = np.frombuffer(raw, dtype, count, begin).reshape(shape, order="F")
    return values.astype(bool if flags & _LOGICAL else kind)


def _order_4(header: bytes) -> str:
    return "<" if 0 <= struct.unpack_from("<i", header)[0] < 5000 else ">"


def _elements_4(stream: BinaryIO, order: str) -> list[_Element]:
    """Return what a file of MATLAB 4 holds."""
    end = stream.seek(0, 2)
    place, found = 0, []
    while place < end:
        code, rows, columns, imaginary, length = struct.unpack(f"{order}5i", _at(stream, place, 20))
        if min(code, rows, columns) < 0 or imaginary not in (0, 1) or not 0 < length < 1000 or code // 1000 > 1:
            raise ValueError("sizes that cannot be")
        kind = ("char", "sparse")[code % 10 - 1] if code % 10 in (1, 2) else _TYPES_4[code // 10 % 10]
        name = stream.read(length).split(b"\0")[0].decode("latin-1")
        begin = place + 20 + length
        count = rows * columns * np.dtype(_TYPES_4[code // 10 % 10]).itemsize
        place = begin + count * (1 + imaginary)
        if place > end:
            raise ValueError("cut short")
        found.append(_Element(name, (rows, columns), "complex" if imaginary else kind, begin, count))
    return found


def _read_4(stream: BinaryIO, element: _Element, order: str) -> NDArray[Any]:
    raw = _at(stream, element.offset, element.length)
    values = np.frombuffer(raw, f"{order}{element.kind}").reshape(element.shape, order="F")
    return values.astype(element.kind)
