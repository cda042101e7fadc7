"""IDX files, as MNIST has them (plain or gzipped), and NumPy's `.npz`."""

from __future__ import annotations

import gzip
import io
import math
import struct
import zlib
from pathlib import Path
from typing import IO, Any

import numpy as np
from numpy.typing import NDArray

from rnnstudio.core.errors import DataError
from rnnstudio.reading.archives import Archive

_TYPES = {0x08: "u1", 0x09: "i1", 0x0B: ">i2", 0x0C: ">i4", 0x0D: ">f4", 0x0E: ">f8"}
_MOST_BYTES = 2 << 30
_MOST_RATIO = 1032  # deflate cannot pack tighter
_BLOCK = 1 << 20


def read_idx(path: Path) -> NDArray[Any]:
    """Return the array of an IDX file; its header says how much there is, and no more is ever unpacked.

    Raises:
        DataError: It is no IDX file, truncated, or longer than its header says.
    """
    packed = path.suffix == ".gz"
    try:
        with gzip.open(path) if packed else path.open("rb") as file:
            return _read(file, path.name, path.stat().st_size * (_MOST_RATIO if packed else 1))
    except FileNotFoundError:
        raise DataError(f"There is no file {path}. Check the path.") from None
    except (OSError, EOFError, zlib.error) as error:
        raise DataError(f"{path.name} is damaged or cannot be read ({str(error)[:200]}).") from None


def _read(file: IO[bytes] | gzip.GzipFile, name: str, most: int) -> NDArray[Any]:
    magic = file.read(4)
    if len(magic) < 4 or magic[:2] != b"\0\0" or magic[2] not in _TYPES or not 1 <= magic[3] <= 8:
        raise DataError(f"{name} is no IDX file: it should begin with two zeros, a type and a number of axes.")
    dtype, header = np.dtype(_TYPES[magic[2]]), file.read(4 * magic[3])
    if len(header) < 4 * magic[3]:
        raise DataError(f"{name} is truncated: it ends within its header.")
    shape = struct.unpack(f">{magic[3]}I", header)
    if dtype.itemsize * math.prod(max(1, length) for length in shape) > min(most, _MOST_BYTES):
        raise DataError(
            f"{name} says it holds {' x '.join(map(str, shape))} values, more than it has room for; it was not read."
        )
    count = dtype.itemsize * math.prod(shape)
    values = np.empty(count, np.uint8)
    room, done = values.data, 0
    while done < count:
        got = file.readinto(room[done : done + _BLOCK])  # type: ignore[union-attr]
        if not got:
            raise DataError(f"{name} is truncated: {count:,} bytes of values should follow its header, {done:,} do.")
        done += got
    if file.read(1):
        raise DataError(f"{name} is longer than its header says ({' x '.join(map(str, shape))} values).")
    found: NDArray[Any] = values.view(dtype).reshape(shape)
    return found.astype(dtype.newbyteorder("="), copy=False)


def read_npz(path: Path) -> dict[str, NDArray[Any]]:
    """Return the arrays of an `.npz` file by name; none of them is unpickled.

    Raises:
        DataError: It is no such file, damaged, or holds objects.
    """
    with Archive(path, path.name) as archive:
        found = {}
        for name in archive.names:
            try:
                array = np.lib.format.read_array(io.BytesIO(archive.read(name)), allow_pickle=False)
            except DataError:
                raise
            except Exception as error:  # a damaged header fails in any way
                raise DataError(
                    f"{name} in {path.name} is no array of plain numbers, or it is damaged ({str(error)[:200]})."
                ) from None
            found[name.removesuffix(".npy")] = array
    return found
