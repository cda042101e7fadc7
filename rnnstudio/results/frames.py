"""Inputs of a prediction from a data frame or a dict of columns."""

from __future__ import annotations

import warnings
from typing import Any

from rnnstudio.core.columns import as_frame, has_columns
from rnnstudio.core.errors import DataError
from rnnstudio.core.input_columns import input_columns


def from_frame(x: Any, features: tuple[str, ...], sequence: str = "") -> Any:
    """Return the input columns of a data frame or dict of columns as arrays; anything else unchanged.

    Args:
        x: A data frame, a dict of columns, or something else.
        features: Names of the features the run was trained on. Columns are used by position only if the columns or the
            features have no names; a warning says so.
        sequence: The column that identifies the sequence of each row; empty for one sequence.

    Returns:
        The columns, `(T, F)`, or a list of one such array per sequence, in order of first appearance.

    Raises:
        DataError: Some features or the sequence column are missing, a row has no sequence, or columns have the same
            name or different lengths.

    >>> from_frame({"a": [1, 2], "b": [3, 4]}, ("b",)).tolist()
    [[3], [4]]
    """
    if not has_columns(x):
        return x
    frame = as_frame(x)
    if sequence and sequence not in frame.columns:
        raise DataError(
            f"x must have the column {sequence}, which identifies the sequence of each row, as in training. A single "
            "sequence can be passed as an array."
        )
    if sequence and frame[sequence].isna().any():
        raise DataError(f"The column {sequence} of x must identify the sequence of every row; some are missing.")
    inputs = [str(name) for name in frame.columns if name != sequence]
    by_text = {str(name): name for name in frame.columns}
    found, assumed = input_columns(features, inputs, inputs, "x")
    if assumed:
        warnings.warn(assumed, UserWarning, stacklevel=3)
    columns = [by_text[name] for name in found]
    if not sequence:
        return frame[columns].to_numpy()
    return [rows[columns].to_numpy() for _, rows in frame.groupby(sequence, sort=False)]
