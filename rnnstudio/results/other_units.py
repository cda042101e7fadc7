"""Whether new inputs have another unit than those of the training, where both files name one."""

from __future__ import annotations

from collections.abc import Sequence

from rnnstudio.core.data_info import DataInfo
from rnnstudio.reading.table import Table


def other_units_notes(table: Table, columns: Sequence[str], info: DataInfo) -> list[str]:
    """Return a sentence about each column whose unit is not that of the training.

    Args:
        table: The new data.
        columns: The column of each input feature, in order.
        info: What the run knows of its data.
    """
    trained = dict(zip(info.features, info.feature_units, strict=False))
    units = {column.name: column.unit for column in table.account.columns} if table.account is not None else {}
    return [
        f"Column {column!r} of {table.name} is in {units[column]}; the run was trained on {trained[feature]}."
        for feature, column in zip(info.column_names, columns, strict=True)
        if trained.get(feature) and units.get(column) and _plain(trained[feature]) != _plain(units[column])
    ]


def _plain(unit: str) -> str:
    """Return a unit without blanks and brackets."""
    return unit.strip(" ()[]").replace(" ", "")
