"""Data frames and dicts of columns that a run is asked about: its features by name, its sequences by their column."""

from __future__ import annotations

from typing import Any

from rnnstudio.core.columns import as_frame, has_columns
from rnnstudio.core.errors import DataError


def from_frame(x: Any, features: tuple[str, ...], sequence: str = "") -> Any:
    """Return what the network reads of a data frame or dict of columns; anything else as it is.

    Args:
        x: Perhaps a frame.
        features: The features the run was trained on. Where none of the columns is called after one, all columns are
            read, in their order.
        sequence: The column that says which sequence a row belongs to; empty for one sequence.

    Returns:
        The columns, `(T, F)`, or a list of one array for each sequence, in the order they come in.

    Raises:
        DataError: Some of the features, or the column of sequences, are missing, or a row belongs to none; columns
            have the same name or differ in length.
    """
    if not has_columns(x):
        return x
    frame = as_frame(x)
    if sequence and sequence not in frame.columns:
        raise DataError(
            f"x must have the column {sequence}, which says which sequence a row belongs to, as in training. One "
            "sequence alone can be given as an array."
        )
    if sequence and frame[sequence].isna().any():
        raise DataError(
            f"The column {sequence} of x must say for each row which sequence it belongs to; some are missing."
        )
    missing = [name for name in features if name not in frame.columns]
    if not missing:
        chosen = list(features)
    elif len(missing) == len(features):
        chosen = [name for name in frame.columns if name != sequence]
    else:
        raise DataError(
            f"x must have the columns the run was trained on; {', '.join(missing[:10])} "
            f"{'is' if len(missing) == 1 else 'are'} missing."
        )
    if not sequence:
        return frame[chosen].to_numpy()
    return [part[chosen].to_numpy() for _, part in frame.groupby(sequence, sort=False)]
