"""Text files of UCI HAR: one window per row."""

from __future__ import annotations

import csv
import io

import numpy as np
from numpy.typing import NDArray

from rnnstudio.core.errors import DataError
from rnnstudio.core.sequence import Ints


def parse_signal(raw: bytes, name: str, steps: int) -> NDArray[np.float32]:
    """Return the numbers of a signal file, `(rows, steps)`.

    Args:
        raw: Content of the file: numbers separated by spaces.
        name: Name of the file in messages.
        steps: Numbers per row.

    Raises:
        DataError: A row does not have `steps` finite numbers; the message names the row.

    Example:
        >>> parse_signal(b" 1.0e-1  2.0e-1", "body_acc_x_train.txt", steps=2).shape
        (1, 2)
    """
    import pandas as pd

    try:
        frame = pd.read_csv(io.BytesIO(raw), sep=r"\s+", header=None, quoting=csv.QUOTE_NONE, low_memory=False)
        with np.errstate(over="ignore"):
            matrix = frame.to_numpy().astype(np.float32)
        if matrix.shape[1] == steps and np.isfinite(matrix).all():
            return matrix
    except (ValueError, OverflowError):  # includes pandas' own errors; the row is determined below
        pass
    raise _row_error(raw, name, steps)


def parse_integers(raw: bytes, name: str, maximum: int, content: str) -> Ints:
    """Return the positive integer in each row, `(rows,)`.

    Args:
        raw: Content of the file.
        name: Name of the file in messages.
        maximum: The largest allowed integer.
        content: What each row must contain, for messages.

    Raises:
        DataError: The file is empty, or a row is not an integer from 1 to `maximum`.
    """
    values: list[int] = []
    for row, line in enumerate(raw.decode("latin-1").splitlines(), start=1):
        cell = line.strip()
        if not (cell.isascii() and cell.isdigit() and len(cell) < 5 and 1 <= int(cell) <= maximum):
            raise DataError(f"{name}, row {row}: {content} is expected; received {cell[:40] or 'an empty row'!r}.")
        values.append(int(cell))
    if not values:
        raise DataError(f"{name} is empty; {content} is expected in each row.")
    return np.array(values, np.int32)


def _row_error(raw: bytes, name: str, steps: int) -> DataError:
    """Return the error for the first row that does not have `steps` finite numbers."""
    for row, line in enumerate(raw.decode("latin-1").splitlines(), start=1):
        cells = line.split()
        if cells and len(cells) != steps:
            return DataError(f"{name}, row {row}: {steps} numbers are expected, one per step; received {len(cells)}.")
        for i, cell in enumerate(cells, start=1):
            if not _is_finite(cell):
                return DataError(f"{name}, row {row}, number {i}: a finite number is expected; received {cell[:40]!r}.")
    return DataError(f"{name}: rows of {steps} numbers are expected; received none.")


def _is_finite(cell: str) -> bool:
    try:
        return abs(float(cell)) <= float(np.finfo(np.float32).max)
    except ValueError:
        return False
