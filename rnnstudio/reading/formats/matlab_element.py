"""Description of a variable in a MATLAB file."""

from __future__ import annotations

from dataclasses import dataclass
from typing import BinaryIO


@dataclass(frozen=True)
class Element:
    """A variable and its position in the file.

    Attributes:
        name: Name of the variable.
        shape: Shape of the array.
        kind: NumPy type code such as "f8" if it is numeric, else a name such as "char".
        offset: Position of its data in the file, in bytes.
        length: Length of its data in the file, in bytes.
        is_compressed: Whether the data are compressed.
    """

    name: str
    shape: tuple[int, ...]
    kind: str
    offset: int
    length: int
    is_compressed: bool = False


def read_at(stream: BinaryIO, offset: int, length: int) -> bytes:
    """Return the bytes at a position of a file."""
    stream.seek(offset)
    return stream.read(length)
