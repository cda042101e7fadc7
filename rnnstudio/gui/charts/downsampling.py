"""Long lines reduced to a few points per pixel."""

from __future__ import annotations

from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

Line = tuple[NDArray[np.int64], NDArray[Any]]  # indices and values
BLOCK = 64  # values whose minimum and maximum `block_extremes` finds


class Values(Protocol):
    """The values of a line: an array `(n,)`, or what computes the part of one that is drawn."""

    def __len__(self) -> int:
        """Return the number of values."""

    def __getitem__(self, part: slice, /) -> NDArray[Any]:
        """Return the values of a part."""


def block_extremes(values: NDArray[Any]) -> NDArray[Any]:
    """Return minimum and maximum of each 64 values that follow each other, `(n // 64, 2)`; NaN where all are missing.

    With them, `downsample` is fast for a line of a million values.
    """
    return _extremes(values[: len(values) // BLOCK * BLOCK].reshape(-1, BLOCK))


def downsample(
    values: Values, begin: int, end: int, columns: int, extremes_of_blocks: NDArray[Any] | None = None
) -> Line:
    """Return indices and values of a line that draws `values[begin:end]` on `columns` pixels without visible loss.

    Each bin of values is reduced to its minimum and maximum, so no spike is lost. Bins hold a power of two of values
    and start at multiples of it, so that a growing line does not flicker. A bin is NaN only if all its values are.

    Args:
        values: The whole line, `(n,)`.
        begin: First index to draw.
        end: Index after the last one to draw.
        columns: Width in pixels.
        extremes_of_blocks: The `block_extremes` of the line, where they are known.
    """
    size = _bin_size(begin, end, columns)
    if size <= 2:
        return np.arange(begin, max(begin, end)), values[begin:end]
    begin -= begin % size
    count = (end - begin) // size
    if extremes_of_blocks is None or size < BLOCK:
        extremes = _extremes(values[begin : begin + count * size].reshape(count, size))
    else:  # a bin is some of the blocks
        bins = extremes_of_blocks[begin // BLOCK : (begin + count * size) // BLOCK].reshape(count, 2 * size // BLOCK)
        extremes = _extremes(bins)
    centers = np.repeat(begin + size // 2 + size * np.arange(count), 2)
    rest = begin + count * size
    return np.concatenate([centers, np.arange(rest, end)]), np.concatenate([extremes.ravel(), values[rest:end]])


def _extremes(bins: NDArray[Any]) -> NDArray[Any]:
    extremes = np.empty((len(bins), 2), bins.dtype)
    np.fmin.reduce(bins, axis=1, out=extremes[:, 0])
    np.fmax.reduce(bins, axis=1, out=extremes[:, 1])
    return extremes


def downsample_mean(
    values: Values, begin: int, end: int, columns: int, means_of_blocks: NDArray[Any] | None = None
) -> Line:
    """Return the same as `downsample` with the mean of each bin, NaN where a bin holds one, and the last value.

    Args:
        values: The whole line, `(n,)`.
        begin: First index to draw.
        end: Index after the last one to draw.
        columns: Width in pixels.
        means_of_blocks: The mean of each 64 values that follow each other, where they are known.
    """
    size = _bin_size(begin, end, columns)
    if size <= 2:
        return np.arange(begin, max(begin, end)), values[begin:end]
    begin -= begin % size
    count = (end - begin) // size
    centers = begin + size // 2 + size * np.arange(count)
    if means_of_blocks is None or size < BLOCK:
        means = values[begin : begin + count * size].reshape(count, size).mean(axis=1)
    else:  # a bin is some of the blocks
        bins = means_of_blocks[begin // BLOCK : (begin + count * size) // BLOCK].reshape(count, size // BLOCK)
        means = bins.mean(axis=1)
    return np.append(centers, end - 1), np.concatenate([means, values[end - 1 : end]])


def _bin_size(begin: int, end: int, columns: int) -> int:
    """Return the values per bin: a power of two, one pixel wide or a little more."""
    return 1 << max(0, max(0, end - begin) // max(1, columns)).bit_length() if end - begin > 2 * columns else 1
