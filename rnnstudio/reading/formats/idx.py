"""IDX files, the format of MNIST, plain or compressed with gzip."""

from __future__ import annotations

import gzip
import math
import struct
import zlib
from pathlib import Path
from typing import IO, Any

import numpy as np
from numpy.typing import NDArray

from rnnstudio.core.byte_budget import ByteBudget
from rnnstudio.core.errors import DataError
from rnnstudio.reading.file_checks import shape_text

_TYPES = {0x08: "u1", 0x09: "i1", 0x0B: ">i2", 0x0C: ">i4", 0x0D: ">f4", 0x0E: ">f8"}
_MAX_RATIO = 1032  # the best that the deflate method can compress
_BLOCK = 1 << 20


def read_idx(path: Path) -> NDArray[Any]:
    """Return the array of an IDX file. No more is decompressed than the header declares.

    Args:
        path: The file; compressed with gzip if it ends in `.gz`.

    Raises:
        DataError: The file is not an IDX file, is truncated, or is longer than its header declares.
    """
    is_gzip = path.suffix == ".gz"
    try:
        with gzip.open(path) if is_gzip else path.open("rb") as stream:
            budget = ByteBudget.of_file(path)
            return _read(stream, path.name, budget.size * (_MAX_RATIO if is_gzip else 1), budget)
    except FileNotFoundError:
        raise DataError(f"There is no file {path}. Check the path.") from None
    except (OSError, EOFError, zlib.error) as error:
        raise DataError(f"{path.name} is damaged or cannot be read ({str(error)[:200]}).") from None


def _read(stream: IO[bytes] | gzip.GzipFile, name: str, max_bytes: int, budget: ByteBudget) -> NDArray[Any]:
    magic = stream.read(4)
    if len(magic) < 4 or magic[:2] != b"\0\0" or magic[2] not in _TYPES or not 1 <= magic[3] <= 8:
        raise DataError(
            f"{name} is not an IDX file: two zero bytes, a type and a number of axes are expected at its beginning."
        )
    axes = magic[3]
    dtype, header = np.dtype(_TYPES[magic[2]]), stream.read(4 * axes)
    if len(header) < 4 * axes:
        raise DataError(f"{name} is truncated: it ends within its header.")
    shape = struct.unpack(f">{axes}I", header)
    if dtype.itemsize * math.prod(max(1, length) for length in shape) > max_bytes:
        raise DataError(
            f"{name} was not read: its header declares {shape_text(shape)} values, more than a file of its size can "
            "contain."
        )
    budget.check_array(name, shape, dtype.itemsize)
    size = dtype.itemsize * math.prod(shape)
    raw = np.empty(size, np.uint8)
    buffer, done = raw.data, 0
    while done < size:
        count = stream.readinto(buffer[done : done + _BLOCK])  # type: ignore[union-attr]
        if not count:
            raise DataError(f"{name} is truncated: {size:,} bytes are expected after its header; received {done:,}.")
        done += count
    if stream.read(1):
        raise DataError(f"{name} is longer than its header declares ({shape_text(shape)} values).")
    array: NDArray[Any] = raw.view(dtype).reshape(shape)
    return array.astype(dtype.newbyteorder("="), copy=False)
