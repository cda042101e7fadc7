"""What is known of the blocks of a line that grows without end, in memory that does not grow with it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rnnstudio.gui.charts.downsampling import FIRST_SIZE

_AT_ONCE = 1 << 16  # values


class GrowingBlocks:
    """A row for each block of values that follow each other; where there are too many, two become one.

    Args:
        width: Numbers of a row.
        row_of: Returns the rows of blocks `(n, size)`, which come in their order, `(n, width)`.
        merged: Returns the row of each two, `(n, width)`, from `(n, 2, width)`.

    Attributes:
        most: The largest number of blocks, even: many more than the pixels of a line.
        size: Number of values of each block, a power of two.
    """

    most = 1 << 15

    def __init__(
        self,
        width: int,
        row_of: Callable[[NDArray[Any]], NDArray[Any]],
        merged: Callable[[NDArray[Any]], NDArray[Any]],
    ) -> None:
        self.size = FIRST_SIZE
        self._row_of, self._merged = row_of, merged
        self._rows = np.empty((self.most, width))
        self._count = 0

    @property
    def rows(self) -> NDArray[Any]:
        """The rows, `(n, width)`."""
        return self._rows[: self._count]

    def extend(self, values: NDArray[Any]) -> None:
        """Take the blocks that are new.

        Args:
            values: All values, `(n,)`; it starts with those of the last call.
        """
        while len(values) >= (begin := self._count * self.size) + self.size:
            count = min((len(values) - begin) // self.size, len(self._rows) - self._count)
            count = min(count, max(1, _AT_ONCE // self.size))
            blocks = values[begin : begin + count * self.size].reshape(count, self.size)
            self._rows[self._count : self._count + count] = self._row_of(blocks)
            self._count += count
            if self._count == len(self._rows):
                self._count //= 2
                self._rows[: self._count] = self._merged(self._rows.reshape(self._count, 2, -1))
                self.size *= 2
