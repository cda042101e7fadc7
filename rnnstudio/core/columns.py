"""The columns of a caller's data frames and dicts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from rnnstudio.core.errors import DataError

if TYPE_CHECKING:
    import pandas as pd


def has_columns(x: Any) -> bool:
    """Return whether `x` is a data frame or a dict of columns."""
    return isinstance(x, dict) or hasattr(x, "columns")


def as_frame(x: Any) -> pd.DataFrame:
    """Return a data frame or dict of columns as a data frame with text for column names; scalars become one row.

    Raises:
        DataError: Two columns have the same name, or columns differ in length.

    >>> as_frame({1: [5, 6]}).columns.tolist()
    ['1']
    """
    import pandas as pd

    try:
        frame = pd.DataFrame({k: np.atleast_1d(v) for k, v in x.items()} if isinstance(x, dict) else x)
    except ValueError as error:
        raise DataError(f"x must hold columns of one length ({error}).") from None
    frame = frame.set_axis([str(column) for column in frame.columns], axis=1)
    duplicates = frame.columns[frame.columns.duplicated()]
    if len(duplicates):
        raise DataError(f"x must have columns of different names; {duplicates[0]} occurs twice.")
    return frame
