"""A table as NumPy arrays without objects, and back, for the files of a run."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    import pandas as pd


def table_as_arrays(table: pd.DataFrame) -> dict[str, NDArray[Any]]:
    """Return a table as arrays without objects: numbers, stamps, and texts as numbers of the different ones.

    >>> import pandas as pd
    >>> table = pd.DataFrame({"step": [3, 4], "truth": ["up", None]})
    >>> arrays = table_as_arrays(table)
    >>> table_of_arrays(arrays).equals(table)
    True
    """
    import pandas as pd

    arrays: dict[str, NDArray[Any]] = {"columns": np.array([str(name) for name in table.columns], np.str_)}
    for i, name in enumerate(table.columns):
        values = table[name]
        if values.dtype.kind == "O":  # texts, of any type that pandas has for them
            codes, texts = pd.factorize(values)
            arrays[f"texts{i}"], arrays[f"values{i}"] = np.array(texts.tolist(), np.str_), codes.astype(np.int32)
        else:
            arrays[f"values{i}"] = values.to_numpy()
    return arrays


def table_of_arrays(arrays: Mapping[str, NDArray[Any]]) -> pd.DataFrame:
    """Return the table of `table_as_arrays`.

    Raises:
        LookupError: The arrays are not those of a table.
    """
    import pandas as pd

    columns: dict[str, NDArray[Any]] = {}
    for i, name in enumerate(arrays["columns"].tolist()):
        values = arrays[f"values{i}"]
        if f"texts{i}" in arrays:
            texts = np.array([*arrays[f"texts{i}"].tolist(), None], object)
            values = texts[values]  # -1, no text, is the last entry
        columns[name] = values
    return pd.DataFrame(columns)
