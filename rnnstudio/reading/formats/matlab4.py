"""MATLAB files of version 4. Layout: "MAT-File Format", The MathWorks."""

from __future__ import annotations

import struct
from typing import Any, BinaryIO

import numpy as np
from numpy.typing import NDArray

from rnnstudio.reading.formats.matlab_element import Element, read_at

TYPES = ("f8", "f4", "i4", "i2", "u2", "u1")
_HEADER = 20  # bytes
_MAX_NAME = 1000  # bytes


def byte_order(header: bytes) -> str:
    """Return "<" or ">"; the type code at the beginning is small in the correct byte order."""
    return "<" if 0 <= struct.unpack_from("<i", header)[0] < 5000 else ">"


def elements(stream: BinaryIO, order: str) -> list[Element]:
    """Return all variables of a file.

    Args:
        stream: The file.
        order: Byte order, "<" or ">".

    Raises:
        ValueError: The file is damaged; other errors are possible too.
    """
    end = stream.seek(0, 2)
    offset, variables = 0, []
    while offset < end:
        code, rows, columns, is_complex, length = struct.unpack(f"{order}5i", read_at(stream, offset, _HEADER))
        if min(code, rows, columns) < 0 or is_complex not in (0, 1) or not 0 < length < _MAX_NAME or code // 1000 > 1:
            raise ValueError("a variable has an invalid header")
        number_type = TYPES[code // 10 % 10]
        kind = ("char", "sparse")[code % 10 - 1] if code % 10 in (1, 2) else number_type
        name = stream.read(length).split(b"\0")[0].decode("latin-1")
        begin = offset + _HEADER + length
        size = rows * columns * np.dtype(number_type).itemsize
        offset = begin + size * (1 + is_complex)
        if offset > end:
            raise ValueError("it is truncated")
        variables.append(Element(name, (rows, columns), "complex" if is_complex else kind, begin, size))
    return variables


def read_element(stream: BinaryIO, element: Element, order: str) -> NDArray[Any]:
    """Return the values of a numeric variable, `(rows, columns)`."""
    raw = read_at(stream, element.offset, element.length)
    values = np.frombuffer(raw, f"{order}{element.kind}").reshape(element.shape, order="F")
    return values.astype(element.kind)
