"""A column of a history, which grows while a training runs.

A small network trains 50 million updates in an hour. So that its training takes no more memory than a short one, the
values of a long column are in a temporary file, of which only the parts that are read come into memory.
"""

from __future__ import annotations

import mmap
import tempfile
import weakref
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]

_IN_MEMORY = 1 << 20  # values of a column without a file: 4 MB


class Column:
    """A float32 column with appending in amortised constant time."""

    def __init__(self) -> None:
        self._storage: _Memory | _File = _Memory()
        self._size = 0
        self._leader: Column | None = None

    def __len__(self) -> int:
        return self._size

    def extend(self, values: Floats) -> None:
        """Append `values`, `(k,)`."""
        end = self._size + len(values)
        if self._leader is not None:
            if end <= len(self._leader):
                self._size = end
                return
            self._storage, self._leader = _Memory(self.values), None  # of a copy, such as in another process
        if end > _IN_MEMORY and isinstance(self._storage, _Memory) and not self._storage.is_needed:
            self._storage = _File.of(self.values) or _Memory(self.values, is_needed=True)
        try:
            self._storage.append(values, self._size)
        except OSError:  # the disk is full
            self._storage = _Memory(self.values, is_needed=True)
            self._storage.append(values, self._size)
        self._size = end

    def follower(self) -> Column:
        """Return an empty column, to which the values of this one are appended later, in their order.

        It does not copy them. This column may grow on another thread meanwhile.

        >>> column = Column()
        >>> follower = column.follower()
        >>> column.extend(np.array([1, 2], np.float32))
        >>> follower.extend(np.array([1], np.float32))
        >>> follower.values
        array([1.], dtype=float32)
        """
        column = Column()
        column._leader = self
        return column

    def until(self, size: int) -> Column:
        """Return a column of the first values, which are not copied."""
        column = Column()
        column._storage = _Memory(self.values[:size])
        column._size = min(size, self._size)
        return column

    @property
    def values(self) -> Floats:
        """A read-only view of the values, `(n,)`."""
        storage = self._storage if self._leader is None else self._leader._storage
        view = storage.values(self._size)
        view.flags.writeable = False
        return view

    def __getstate__(self) -> dict[str, Any]:
        return {"_storage": _Memory(self.values.copy()), "_size": self._size, "_leader": None}


class _Memory:
    """Values in memory.

    Args:
        values: The first ones, which are not changed.
        is_needed: Whether a file is not possible.
    """

    def __init__(self, values: Floats | None = None, *, is_needed: bool = False) -> None:
        self._buffer = np.empty(1024, np.float32) if values is None else values
        self.is_needed = is_needed

    def append(self, values: Floats, size: int) -> None:
        """Append values to the first ones of a number."""
        end = size + len(values)
        if end > len(self._buffer):
            grown = np.empty(max(end, 2 * len(self._buffer)), np.float32)
            grown[:size] = self._buffer[:size]
            self._buffer = grown
        self._buffer[size:end] = values

    def values(self, size: int) -> Floats:
        """Return a view of the first values."""
        return self._buffer[:size]


class _File:
    """Values in a temporary file, which is deleted when they and all views of it are.

    Args:
        file: The file, empty.
    """

    def __init__(self, file: Any) -> None:
        self._file = file
        weakref.finalize(self, file.close)

    @classmethod
    def of(cls, values: Floats) -> _File | None:
        """Return a file of some values; None where none can be written."""
        try:
            # In the system's own folder, which cannot be unplugged: a map of a file that is gone would end the process.
            storage = cls(tempfile.TemporaryFile())  # noqa: SIM115
            storage.append(values, 0)
        except OSError:
            return None
        return storage

    def append(self, values: Floats, size: int) -> None:
        """Append values to the first ones of a number, which are all that the file has.

        Raises:
            OSError: They cannot be written.
        """
        self._file.seek(size * np.float32().itemsize)
        self._file.write(np.ascontiguousarray(values, np.float32))
        self._file.flush()

    def values(self, size: int) -> Floats:
        """Return the first values, of which those that are read come into memory while the view exists."""
        if not size:
            return np.empty(0, np.float32)
        length = size * np.float32().itemsize
        return np.frombuffer(mmap.mmap(self._file.fileno(), length, access=mmap.ACCESS_READ), np.float32)
