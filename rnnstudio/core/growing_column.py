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

    def __len__(self) -> int:
        return self._size

    def extend(self, values: Floats) -> None:
        """Append `values`, `(k,)`."""
        end = self._size + len(values)
        if end > len(self._buffer):
            grown = np.empty(max(end, 2 * len(self._buffer)), np.float32)
            grown[: self._size] = self._buffer[: self._size]
            self._buffer = grown
        self._buffer[self._size : end] = values
        self._size = end

    def until(self, size: int) -> Column:
        """Return a column of the first values, which are not copied."""
        column = Column()
        column._buffer = self.values[:size]
        column._size = len(column._buffer)
        return column

    @property
    def values(self) -> Floats:
        """A read-only view of the values, `(n,)`."""
        view = self._buffer[: self._size]
        view.flags.writeable = False
        return view
