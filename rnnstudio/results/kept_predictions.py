"""The predictions of a run of arrays, which are saved with it, because its data are not: a table as NumPy arrays."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from rnnstudio.core.errors import DataError

if TYPE_CHECKING:
    import pandas as pd

    from rnnstudio.results.held_out_table import HeldOutTable

MAX_KEPT = 300_000  # rows of the table of a run; about 15 MB of a forecast


def arrays_to_keep(table: HeldOutTable) -> dict[str, NDArray[Any]] | None:
    """Return the predictions of a run as arrays for its files; None where there are more than `MAX_KEPT`."""
    import pandas as pd

    if table.rows > MAX_KEPT:
        return None
    return table_as_arrays(pd.concat(table.blocks(), ignore_index=True))


def kept_table(arrays: Mapping[str, NDArray[Any]] | None) -> pd.DataFrame:
    """Return the predictions that a run was saved with.

    Raises:
        DataError: It was saved without them, because there are too many, or by an earlier version.
    """
    if arrays is None:
        raise DataError(
            "The predictions of this run are not known: it was trained on arrays, whose values are not saved, and it "
            f"was saved without its predictions, because these are more than {MAX_KEPT:,}, or by an earlier version. "
            "Call predictions, or export with table predictions, of the run that train returns; or call predict with "
            "the arrays."
        )
    return table_of_arrays(arrays)


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
