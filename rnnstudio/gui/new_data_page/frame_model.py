"""A data frame as a table model, of a long one the first rows."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from rnnstudio.core.times import resolution_of, time_text
from rnnstudio.gui.charts.numbers import number

if TYPE_CHECKING:
    import pandas as pd

MAX_ROWS = 100_000
_NO_HEADERS: Mapping[str, str] = {}
_Index = QModelIndex | QPersistentModelIndex


class FrameModel(QAbstractTableModel):
    """The rows of a data frame; cells are written when they are shown."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._names: list[str] = []
        self._columns: list[Any] = []
        self._rows = 0

    def show_frame(
        self, frame: pd.DataFrame | None, frequency: str = "", headers: Mapping[str, str] = _NO_HEADERS
    ) -> None:
        """Show a data frame; None shows nothing.

        Args:
            frame: The data frame.
            frequency: pandas' alias for the distance of its times; empty where unknown.
            headers: What is shown in place of the names of columns.
        """
        self.beginResetModel()
        self._names, self._columns, self._rows = [], [], 0
        if frame is not None:
            shown = frame.iloc[:MAX_ROWS]
            self._names = [headers.get(str(name), str(name)) for name in frame.columns]
            self._columns = [_column(shown.iloc[:, i], frequency) for i in range(shown.shape[1])]
            self._rows = len(shown)
        self.endResetModel()

    def rowCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: B008 - the signature is Qt's
        """Return the number of rows."""
        return 0 if parent.isValid() else self._rows

    def columnCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: B008 - the signature is Qt's
        """Return the number of columns."""
        return 0 if parent.isValid() else len(self._names)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Return the name of a column."""
        if role == Qt.ItemDataRole.DisplayRole and orientation == Qt.Orientation.Horizontal:
            return self._names[section]
        return None

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Return the text of a cell, or its alignment."""
        value = self._columns[index.column()][index.row()]
        is_number = isinstance(value, (int, float, np.integer, np.floating))
        if role == Qt.ItemDataRole.TextAlignmentRole and is_number:
            return int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        if role != Qt.ItemDataRole.DisplayRole:
            return None
        if isinstance(value, (float, np.floating)):
            return number(float(value)) if np.isfinite(value) else "–"
        return f"{value:,}" if is_number else str(value)


def _column(column: pd.Series, frequency: str) -> Any:
    """Return the cells of a column: texts of times, and other values as they are."""
    if column.dtype.kind != "M":
        return column.to_numpy()
    times = column.to_numpy("datetime64[ns]")
    unit = resolution_of(times, frequency)
    return [time_text(time, unit) for time in times]
