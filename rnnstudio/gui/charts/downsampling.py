"""Long lines reduced to a few points per pixel."""

from __future__ import annotations

from typing import Any, NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

Line = tuple[NDArray[np.int64], NDArray[Any]]  # indices and values
FIRST_SIZE = 64  # values of a block


class Blocks(NamedTuple):
    """What is known of blocks of values that follow each other, for a fast drawing of a line of millions.

    Attributes:
        size: Number of values of each block, a power of two.
        values: Minimum and maximum of each, `(n, 2)`, NaN where all are missing; or the mean of each, `(n, 1)`.
    """

    size: int
    values: NDArray[Any]

    def bins(self, begin: int, end: int, size: int) -> NDArray[Any] | None:
        """Return a row for each bin of a part, `(count, k)`; None where bins are smaller than blocks.

        Args:
            begin: The first value, a multiple of the bin size.
            end: The last value and 1, a multiple of it too.
            size: Values of a bin, a power of two.
        """
        if size < self.size:
            return None
        rows = self.values[begin // self.size : end // self.size]
        return rows.reshape(-1, size // self.size * rows.shape[1])


class Values(Protocol):
    """The values of a line: an array `(n,)`, or what computes the part of one that is drawn."""

    def __len__(self) -> int:
        """Return the number of values."""

    def __getitem__(self, part: slice, /) -> NDArray[Any]:
        """Return the values of a part."""


def block_extremes(values: NDArray[Any]) -> Blocks:
    """Return minimum and maximum of each 64 values that follow each other."""
    return Blocks(FIRST_SIZE, extremes(values[: len(values) // FIRST_SIZE * FIRST_SIZE].reshape(-1, FIRST_SIZE)))


def downsample(values: Values, begin: int, end: int, columns: int, blocks: Blocks | None = None) -> Line:
    """Return indices and values of a line that draws `values[begin:end]` on `columns` pixels without visible loss.

    Each bin of values is reduced to its minimum and maximum, so no spike is lost. Bins hold a power of two of values
    and start at multiples of it, so that a growing line does not flicker. A bin is NaN only if all its values are.

    Args:
        values: The whole line, `(n,)`.
        begin: First index to draw.
        end: Index after the last one to draw.
        columns: Width in pixels.
        blocks: The `block_extremes` of the line, where they are known.
    """
    size = _bin_size(begin, end, columns)
    if size <= 2:
        return np.arange(begin, max(begin, end)), values[begin:end]
    begin -= begin % size
    count = (end - begin) // size
    end_of_bins = begin + count * size
    bins = None if blocks is None else blocks.bins(begin, end_of_bins, size)
    found = extremes(values[begin:end_of_bins].reshape(count, size) if bins is None else bins)
    centers = np.repeat(begin + size // 2 + size * np.arange(count), 2)
    indices = np.concatenate([centers, np.arange(end_of_bins, end)])
    return indices, np.concatenate([found.ravel(), values[end_of_bins:end]])


def extremes(bins: NDArray[Any]) -> NDArray[Any]:
    """Return minimum and maximum of each row, `(n, 2)`; NaN where all its values are missing."""
    found = np.empty((len(bins), 2), bins.dtype)
    np.fmin.reduce(bins, axis=1, out=found[:, 0])
    np.fmax.reduce(bins, axis=1, out=found[:, 1])
    return found


def downsample_mean(values: Values, begin: int, end: int, columns: int, blocks: Blocks | None = None) -> Line:
    """Return the same as `downsample` with the mean of each bin, NaN where a bin holds one, and the last value.

    Args:
        values: The whole line, `(n,)`.
        begin: First index to draw.
        end: Index after the last one to draw.
        columns: Width in pixels.
        blocks: The means of blocks of the line, where they are known.
    """
    size = _bin_size(begin, end, columns)
    if size <= 2:
        return np.arange(begin, max(begin, end)), values[begin:end]
    begin -= begin % size
    count = (end - begin) // size
    centers = begin + size // 2 + size * np.arange(count)
    end_of_bins = begin + count * size
    bins = None if blocks is None else blocks.bins(begin, end_of_bins, size)
    means = (values[begin:end_of_bins].reshape(count, size) if bins is None else bins).mean(axis=1)
    return np.append(centers, end - 1), np.concatenate([means, values[end - 1 : end]])


def _bin_size(begin: int, end: int, columns: int) -> int:
    """Return the values per bin: a power of two, one pixel wide or a little more."""
    return 1 << max(0, max(0, end - begin) // max(1, columns)).bit_length() if end - begin > 2 * columns else 1
