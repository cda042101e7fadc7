"""Inputs of a prediction from a data frame or a dict of columns."""

from __future__ import annotations

from typing import Any

from rnnstudio.core.columns import as_frame, has_columns
from rnnstudio.core.errors import DataError

_MAX_LISTED = 10  # names of columns in a message


def from_frame(x: Any, features: tuple[str, ...], sequence: str = "") -> Any:
    """Return the input columns of a data frame or dict of columns as arrays; anything else unchanged.

    Args:
        x: A data frame, a dict of columns, or something else.
        features: Names of the features the run was trained on. If no column has one of these names, all columns are
            used in their order.
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
    missing = [name for name in features if name not in frame.columns]
    if not missing:
        columns = list(features)
    elif len(missing) == len(features):
        columns = [name for name in frame.columns if name != sequence]
    else:
        raise DataError(
            f"x must have the columns the run was trained on; {', '.join(missing[:_MAX_LISTED])} "
            f"{'is' if len(missing) == 1 else 'are'} missing."
        )
    if not sequence:
        return frame[columns].to_numpy()
    return [rows[columns].to_numpy() for _, rows in frame.groupby(sequence, sort=False)]
