"""Whether a table holds several series below each other: dates that repeat for each shop, machine or person."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from rnnstudio.core.account import ColumnAccount
from rnnstudio.reading.columns import Column

MIN_REPEATED = 0.3  # share of rows with the time of another row, from which on dates repeat by series


def find_series_column(
    columns: Mapping[str, Column], accounts: Mapping[str, ColumnAccount], stamps: NDArray[np.datetime64]
) -> str:
    """Return the column within whose values no time occurs twice; empty if there is none.

    Args:
        columns: The columns of a table.
        accounts: What they are.
        stamps: The time of each row, most of which occur more than once.
    """
    import pandas as pd

    for name, account in accounts.items():
        values = columns[name].values
        if account.kind not in ("text", "number") or account.missing:
            continue
        if account.kind == "number" and not (values == np.round(values)).all():
            continue
        keys = pd.factorize(values)[0]
        if not 2 <= keys.max() + 1 <= len(keys) // 2:
            continue
        if not pd.DataFrame({"key": keys, "stamp": stamps}).duplicated().any():
            return name
    return ""
