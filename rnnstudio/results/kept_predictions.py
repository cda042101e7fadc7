"""The predictions of a run of arrays, which are saved with it, because its data are not: a table as NumPy arrays."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from numpy.typing import NDArray

from rnnstudio.core.errors import DataError
from rnnstudio.export.table_arrays import table_as_arrays, table_of_arrays

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
