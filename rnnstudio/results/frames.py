"""Data frames and dicts of columns that a run is asked about: its features by name, its sequences by their column."""

from __future__ import annotations

from typing import Any

import numpy as np

from rnnstudio.core.errors import DataError


def from_frame(x: Any, features: tuple[str, ...], sequence: str = "") -> Any:
    """Return what the network reads of a data frame or dict of columns; anything else as it is.

    Args:
        x: Perhaps a frame.
        features: The features the run was trained on. Where none of the columns is called after one, all columns are
            read, in their order.
        sequence: The column that says which sequence a row belongs to; empty, or no such column, for one sequence.

    Returns:
        The columns, `(T, F)`, or a list of one array for each sequence, in the order they come in.

    Raises:
        DataError: Some of the features are there and others are missing, or columns differ in length.
    """
    if not (isinstance(x, dict) or hasattr(x, "columns")):
        return x
    import pandas as pd

    try:
        frame = pd.DataFrame({k: np.atleast_1d(v) for k, v in x.items()})
    except ValueError as error:
        raise DataError(f"x must hold columns of one length ({error}).") from None
    frame.columns = [str(column) for column in frame.columns]
    parts = frame.groupby(sequence, sort=False) if sequence in frame.columns else None
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
    if parts is None:
        return frame[chosen].to_numpy()
    return [part[chosen].to_numpy() for _, part in parts]
