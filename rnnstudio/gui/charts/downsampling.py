"""Long lines reduced to a few points per pixel."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

Line = tuple[NDArray[np.int64], NDArray[Any]]  # indices and values
_BLOCK = 64  # values whose minimum and maximum `block_extremes` finds


def block_extremes(values: NDArray[Any]) -> NDArray[Any]:
    """Return minimum and maximum of each 64 values that follow each other, `(n // 64, 2)`; NaN where all are missing.

    With them, `downsample` is fast for a line of a million values.
    """
    return _extremes(values[: len(values) // _BLOCK * _BLOCK].reshape(-1, _BLOCK), values.dtype)


def downsample(
    values: NDArray[Any], begin: int, end: int, columns: int, extremes_of_blocks: NDArray[Any] | None = None
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
    if extremes_of_blocks is None or size < _BLOCK:
        extremes = _extremes(values[begin : begin + count * size].reshape(count, size), values.dtype)
    else:  # a bin is some of the blocks
        bins = extremes_of_blocks[begin // _BLOCK : (begin + count * size) // _BLOCK].reshape(count, 2 * size // _BLOCK)
        extremes = _extremes(bins, values.dtype)
    centers = np.repeat(begin + size // 2 + size * np.arange(count), 2)
    rest = np.arange(begin + count * size, end)
    return np.concatenate([centers, rest]), np.concatenate([extremes.ravel(), values[rest]])


def _extremes(bins: NDArray[Any], dtype: np.dtype[Any]) -> NDArray[Any]:
    extremes = np.empty((len(bins), 2), dtype)
    np.fmin.reduce(bins, axis=1, out=extremes[:, 0])
    np.fmax.reduce(bins, axis=1, out=extremes[:, 1])
    return extremes


def downsample_mean(values: NDArray[Any], begin: int, end: int, columns: int) -> Line:
    """Return the same as `downsample` with the mean of each bin, NaN where a bin holds one, and the last value."""
    size = _bin_size(begin, end, columns)
    if size <= 2:
        return np.arange(begin, max(begin, end)), values[begin:end]
    begin -= begin % size
    count = (end - begin) // size
    centers = begin + size // 2 + size * np.arange(count)
    means = values[begin : begin + count * size].reshape(count, size).mean(axis=1)
    return np.append(centers, end - 1), np.concatenate([means, values[end - 1 : end]])


def _bin_size(begin: int, end: int, columns: int) -> int:
    """Return the values per bin: a power of two, one pixel wide or a little more."""
    return 1 << max(0, max(0, end - begin) // max(1, columns)).bit_length() if end - begin > 2 * columns else 1
