"""New data of a run whose series are columns of a table."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from rnnstudio.core.columns import has_columns
from rnnstudio.core.data_info import DataInfo


def with_column_names(info: DataInfo, named: str = "") -> DataInfo:
    """Return a description whose inputs are the columns that are read of new data; of other runs as it is.

    Args:
        info: The description of the data of the run.
        named: The only one of the series that is wanted; empty for all.
    """
    if not info.columns_as_series:
        return info
    own = (named,) if named else info.series
    others = tuple(name for name in info.column_names if name not in info.target_names)
    return replace(info, features=(*own, *others), masked_features=(), calendar=(), feature_units=())


def columns_of_series(columns: Sequence[str], info: DataInfo, named: str = "") -> dict[str, list[str]]:
    """Return the columns that are the inputs of each series, by its name.

    Args:
        columns: The columns of new data, in the order of the features of `with_column_names`.
        info: The description of the data of the run.
        named: As for `with_column_names`.
    """
    found = dict(zip(with_column_names(info, named).features, columns, strict=True))
    return {
        name: [found[name if feature in info.target_names else feature] for feature in info.column_names]
        for name in ((named,) if named else info.series)
    }


def with_names(x: Any, info: DataInfo) -> Any:
    """Return a matrix with a column for each series of a run as columns of these names; anything else as it is.

    Args:
        x: What a caller passes.
        info: The description of the data of the run.
    """
    if not info.columns_as_series or len(info.input_names) > 1 or has_columns(x):
        return x
    matrix = np.asarray(x) if isinstance(x, (list, tuple, np.ndarray)) else None
    if matrix is None or matrix.ndim != 2 or matrix.shape[1] != len(info.series):
        return x
    import pandas as pd

    return pd.DataFrame(matrix, columns=list(info.series))
