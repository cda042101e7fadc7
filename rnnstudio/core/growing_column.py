"""A column of a history, which grows while a training runs."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]


class Column:
    """A float32 column with appending in amortised constant time."""

    def __init__(self) -> None:
        self._buffer = np.empty(1024, np.float32)
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
            self._buffer, self._leader = self.values, None  # of a copy, such as in another process
        if end > len(self._buffer):
            grown = np.empty(max(end, 2 * len(self._buffer)), np.float32)
            grown[: self._size] = self._buffer[: self._size]
            self._buffer = grown
        self._buffer[self._size : end] = values
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
        column._buffer = self.values[:size]
        column._size = len(column._buffer)
        return column

    @property
    def values(self) -> Floats:
        """A read-only view of the values, `(n,)`."""
        view = (self._buffer if self._leader is None else self._leader._buffer)[: self._size]
        view.flags.writeable = False
        return view
