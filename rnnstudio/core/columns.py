"""The caller's data frames and dicts of columns."""

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
    """Return a data frame or dict of columns as a data frame whose columns have texts for names; scalars are one row.

    Raises:
        DataError: Two columns have one name, or they differ in length.
    """
    import pandas as pd

    try:
        frame = pd.DataFrame({k: np.atleast_1d(v) for k, v in x.items()} if isinstance(x, dict) else x)
    except ValueError as error:
        raise DataError(f"x must hold columns of one length ({error}).") from None
    frame = frame.set_axis([str(column) for column in frame.columns], axis=1)
    twice = frame.columns[frame.columns.duplicated()]
    if len(twice):
        raise DataError(f"x must have columns of different names; {twice[0]} is there twice.")
    return frame
