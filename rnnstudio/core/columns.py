"""The columns of a caller's data frames and dicts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from rnnstudio.core.errors import DataError

if TYPE_CHECKING:
    import pandas as pd

TIME_INDEXES = ("DatetimeIndex", "PeriodIndex")  # indexes of data frames that hold times


class NamedMatrix(dict[str, Any]):
    """The columns of a matrix of R by name: an array, of which a forecast predicts all columns, unlike a table.

    >>> NamedMatrix(a=[1.0, 2.0], b=[3.0, 4.0])["b"]
    [3.0, 4.0]
    """


def has_columns(x: Any) -> bool:
    """Return whether `x` is a data frame or a dict of columns."""
    return isinstance(x, dict) or hasattr(x, "columns")


def is_series(x: Any) -> bool:
    """Return whether `x` is a column of pandas."""
    return type(x).__module__.partition(".")[0] == "pandas" and not has_columns(x) and hasattr(x, "iloc")


def has_named_rows(x: Any) -> bool:
    """Return whether the index of a data frame or column holds more than numbers of rows: times, text, several levels.

    >>> import pandas as pd
    >>> has_named_rows(pd.Series([1.0])), has_named_rows(pd.Series([1.0], pd.to_datetime(["2024-01-01"])))
    (False, True)
    """
    index: Any = getattr(x, "index", None)
    return hasattr(index, "nlevels") and (index.nlevels > 1 or index.dtype.kind not in "iuf")


def as_columns(x: Any, name: str = "value") -> Any:
    """Return a table of another library, or a column whose rows have names, as a data frame; anything else unchanged.

    Args:
        x: Anything.
        name: Name of a column that has none.

    >>> import pyarrow as pa
    >>> as_columns(pa.table({"sales": [1.5, 2.0]}))["sales"].tolist()
    [1.5, 2.0]
    """
    if hasattr(x, "columns") and hasattr(x, "to_pandas"):  # pyarrow, polars
        return x.to_pandas()
    return x.to_frame(name if x.name is None else str(x.name)) if is_series(x) and has_named_rows(x) else x


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
    frame = plain_frame(frame).set_axis([str(column) for column in frame.columns], axis=1)
    duplicates = frame.columns[frame.columns.duplicated()]
    if len(duplicates):
        raise DataError(f"x must have columns of different names; {duplicates[0]} occurs twice.")
    return frame


def plain_frame(frame: pd.DataFrame) -> pd.DataFrame:
    """Return a frame with NumPy's types in place of pandas' nullable, Arrow-backed and categorical ones.

    >>> import pandas as pd
    >>> plain_frame(pd.DataFrame({"a": pd.array([1.5, None], "Float64")}))["a"].tolist()
    [1.5, nan]
    """
    import pandas as pd

    columns = {i: plain_column(frame.iloc[:, i]) for i in range(frame.shape[1])}
    if all(column is frame.iloc[:, i] or column.dtype == frame.dtypes.iloc[i] for i, column in columns.items()):
        return frame
    return pd.DataFrame(columns, index=frame.index).set_axis(frame.columns, axis=1)


def plain_column(column: pd.Series) -> pd.Series:
    """Return a column with a type of NumPy: missing numbers are NaN, other missing values None."""
    import pandas as pd

    dtype = column.dtype
    if isinstance(dtype, pd.CategoricalDtype):
        values = plain_column(pd.Series(dtype.categories))
        codes = column.cat.codes.to_numpy()
        taken = values.take(codes).set_axis(column.index)  # code -1, a missing value, takes the last category here
        return (
            taken.where(codes >= 0)
            if dtype.categories.dtype.kind in "iuf"
            else taken.astype(object).where(codes >= 0, None)
        )
    if isinstance(dtype, np.dtype | pd.DatetimeTZDtype):
        return column
    missing = column.isna()
    if dtype.kind in "iuf" or (dtype.kind == "b" and not missing.any()):
        kept = bool(dtype.kind == "b") or (dtype.kind in "iu" and not missing.any())
        numbers = (
            column.to_numpy({"b": "bool", "i": "int64", "u": "uint64"}[dtype.kind])
            if kept
            else column.to_numpy("float64", na_value=np.nan)
        )
        return pd.Series(numbers, column.index, name=column.name)
    if dtype.kind == "M":
        return pd.to_datetime(column).astype("datetime64[ns]")
    values = column.astype(object)
    values[missing] = None
    return values
