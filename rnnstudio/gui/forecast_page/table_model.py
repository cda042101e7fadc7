"""The rows of a forecast as a table model: time, what is known ahead, which can be edited, and the forecast values."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt, Signal
from PySide6.QtGui import QColor

from rnnstudio.core.predictions import Times
from rnnstudio.core.times import resolution_of, time_text
from rnnstudio.core.typed_numbers import TypedNumberError, typed_number
from rnnstudio.gui.theme import RED

if TYPE_CHECKING:
    import pandas as pd

_Index = QModelIndex | QPersistentModelIndex
_EMPTY = "empty"
_BOUND = re.compile(r"(?:(?P<target>.+)_)?(?P<side>lower|upper)_(?P<level>\d+)")
_DIGITS = 5  # significant ones of the largest value of a column


class ForecastTableModel(QAbstractTableModel):
    """Rows of steps, of one or several series.

    Attributes:
        plan: Values of the columns that are known ahead, `(rows, K)`; NaN where a cell is empty.
    """

    edited = Signal()  # a cell of the plan
    refused = Signal(str)  # a text that is no number

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._fixed: list[tuple[str, list[str]]] = []  # series, step and time
        self._planned: tuple[str, ...] = ()
        self._switches: frozenset[int] = frozenset()
        self._values: list[tuple[str, list[str]]] = []
        self._rows = 0
        self.plan = np.empty((0, 0))

    @property
    def planned(self) -> tuple[str, ...]:
        """Names of the columns that are known ahead."""
        return self._planned

    @property
    def first_planned(self) -> int:
        """Index of the first column that is known ahead."""
        return len(self._fixed)

    def show_steps(
        self, names: Sequence[str], steps: int, times: list[Times], frequency: str, plan: NDArray[Any], **columns: Any
    ) -> None:
        """Show the steps that will be forecast, without values.

        Args:
            names: Names of the series; one empty name for a single series.
            steps: Number of steps of each.
            times: Stamps of the steps of each, `(steps,)`; NaT where unknown.
            frequency: pandas' alias; empty where unknown.
            plan: What is known ahead, `(len(names) * steps, K)`; NaN where a cell is empty.
            columns: `planned`, names of the columns of the plan, and `switches`, the indices of those that are 0 or 1.
        """
        self.beginResetModel()
        stamps = np.concatenate(times)
        unit = resolution_of(stamps, frequency)
        self._fixed = [("series", list(np.repeat(np.array(names, object), steps)))] if any(names) else []
        self._fixed.append(("step", [f"{i + 1:,}" for _ in names for i in range(steps)]))
        if not np.isnat(stamps).all():
            self._fixed.append(("time", [time_text(stamp, unit) for stamp in stamps]))
        self._planned, self._switches = tuple(columns["planned"]), frozenset(columns["switches"])
        self.plan, self._values, self._rows = np.array(plan, float), [], len(names) * steps
        self.endResetModel()

    def show_values(self, table: pd.DataFrame | None) -> None:
        """Show the values of a forecast, what `Run.forecast_table` returns; None shows none."""
        values: list[tuple[str, list[str]]] = []
        if table is not None and len(table) == self._rows:
            names = [name for name in table.columns if name not in ("series", "step", "time", "not_tested")]
            values = [(str(name), _texts(table[name].to_numpy(float))) for name in names]
        first, count = len(self._fixed) + len(self._planned), len(self._values)
        if [name for name, _ in values] == [name for name, _ in self._values]:  # a cell may be edited meanwhile
            self._values = values
            if values:
                self.dataChanged.emit(self.index(0, first), self.index(self._rows - 1, first + count - 1))
            return
        if count:
            self.beginRemoveColumns(QModelIndex(), first, first + count - 1)
            self._values = []
            self.endRemoveColumns()
        if values:
            self.beginInsertColumns(QModelIndex(), first, first + len(values) - 1)
            self._values = values
            self.endInsertColumns()

    def set_plan(self, plan: NDArray[Any]) -> None:
        """Replace all values that are known ahead."""
        self._show_plan(plan)
        self.edited.emit()

    def _show_plan(self, plan: NDArray[Any]) -> None:
        self.plan = np.array(plan, float)
        if self._rows:
            last = self.index(self._rows - 1, self.first_planned + len(self._planned) - 1)
            self.dataChanged.emit(self.index(0, self.first_planned), last)

    def tick(self, rows: range, column: int, is_ticked: bool, before: NDArray[Any] | None = None) -> None:
        """Tick check boxes or clear them, without reporting it; the empty ones of the column become 0: not ticked.

        Args:
            rows: The rows.
            column: The column of the plan.
            is_ticked: Whether they are ticked.
            before: The plan that they belong to; the present one where None.
        """
        plan = np.array(self.plan if before is None else before)
        plan[:, column] = np.nan_to_num(plan[:, column], nan=0.0)
        plan[rows.start : rows.stop, column] = float(is_ticked)
        self._show_plan(plan)

    def switch_at(self, index: _Index) -> int:
        """Return the column of the plan whose check box is in a cell; -1 where the cell has none."""
        column = self._planned_column(index)
        return column if column in self._switches else -1

    def paste(self, text: str, at: QModelIndex) -> None:
        """Put cells of a spreadsheet into the plan, from a cell on; cells beside the plan are left out."""
        rows = [line.split("\t") for line in text.splitlines() if line.strip()]
        first, column = max(0, at.row()), max(0, at.column() - self.first_planned)
        plan = self.plan.copy()
        if rows and all(_number_of(cell) is None and cell.strip() for cell in rows[0]):
            rows = rows[1:]  # the names of the columns
        for i, cells in enumerate(rows[: self._rows - first]):
            for j, cell in enumerate(cells[: len(self._planned) - column]):
                value = _number_of(cell)
                if value is None and cell.strip():
                    self.refused.emit(f"The cell {cell.strip()[:40]!r} is no number, so nothing was pasted.")
                    return
                plan[first + i, column + j] = np.nan if value is None else value
        self.set_plan(plan)

    def rowCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: B008 - the signature is Qt's
        """Return the number of steps."""
        return 0 if parent.isValid() else self._rows

    def columnCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: B008 - the signature is Qt's
        """Return the number of columns."""
        return 0 if parent.isValid() else len(self._fixed) + len(self._planned) + len(self._values)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Return the name of a column."""
        if orientation != Qt.Orientation.Horizontal or role != Qt.ItemDataRole.DisplayRole:
            return None
        names = [*(name for name, _ in self._fixed), *self._planned, *(_label(name) for name, _ in self._values)]
        return names[section] if section < len(names) else None

    def _planned_column(self, index: _Index) -> int:
        """Return which column of the plan a cell is in; -1 for none."""
        column = index.column() - self.first_planned
        return column if 0 <= column < len(self._planned) else -1

    def flags(self, index: _Index) -> Qt.ItemFlag:
        """Return whether a cell can be edited or checked."""
        flags = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable
        column = self._planned_column(index)
        if column < 0:
            return flags
        is_switch = column in self._switches
        return flags | (Qt.ItemFlag.ItemIsUserCheckable if is_switch else Qt.ItemFlag.ItemIsEditable)

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Return the text of a cell, its alignment, colour or check mark."""
        column = self._planned_column(index)
        if column >= 0:
            return self._planned_data(float(self.plan[index.row(), column]), column in self._switches, role)
        if role == Qt.ItemDataRole.TextAlignmentRole:
            is_text = index.column() < len(self._fixed) and self._fixed[index.column()][0] != "step"
            side = Qt.AlignmentFlag.AlignLeft if is_text else Qt.AlignmentFlag.AlignRight
            return int(side | Qt.AlignmentFlag.AlignVCenter)
        if role != Qt.ItemDataRole.DisplayRole:
            return None
        if index.column() < len(self._fixed):
            return self._fixed[index.column()][1][index.row()]
        return self._values[index.column() - len(self._fixed) - len(self._planned)][1][index.row()]

    def _planned_data(self, value: float, is_switch: bool, role: int) -> Any:
        is_empty = np.isnan(value)
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return _EMPTY if is_empty else "" if is_switch else f"{value:g}"
            case Qt.ItemDataRole.EditRole:
                return "" if is_empty else f"{value:g}"
            case Qt.ItemDataRole.CheckStateRole if is_switch:
                return Qt.CheckState.Checked if value > 0 else Qt.CheckState.Unchecked
            case Qt.ItemDataRole.ForegroundRole if is_empty:
                return QColor(RED)
            case Qt.ItemDataRole.ToolTipRole if is_empty:
                return "The forecast needs a value here: enter or paste it."
            case Qt.ItemDataRole.TextAlignmentRole if not is_switch:
                return int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        return None

    def setData(self, index: _Index, value: Any, role: int = Qt.ItemDataRole.EditRole) -> bool:
        """Change a cell of the plan; return whether it is one, and the value a number."""
        column = self._planned_column(index)
        if column < 0:
            return False
        if role == Qt.ItemDataRole.CheckStateRole:
            self.tick(range(index.row(), index.row() + 1), column, Qt.CheckState(value) == Qt.CheckState.Checked)
            self.edited.emit()
            return True
        number = _number_of(str(value)) if str(value).strip() else np.nan
        if number is None:
            self.refused.emit(f"{str(value)[:40]!r} is no number.")
            return False
        self.plan[index.row(), column] = number
        self.dataChanged.emit(index, index)
        self.edited.emit()
        return True


def _label(name: str) -> str:
    """Return the header of a column of values.

    >>> _label("lower_80"), _label("sales_upper_95"), _label("sales")
    ('80 % lower', 'sales 95 % upper', 'sales')
    """
    if (match := _BOUND.fullmatch(name)) is None:
        return name
    return f"{match['target'] or ''} {match['level']} % {match['side']}".strip()


def _number_of(text: str) -> float | None:
    """Return the number in a text; None where there is none."""
    try:
        value = typed_number(text, whole=False)
    except TypedNumberError:
        return None
    return None if isinstance(value, str) else float(value)


def _texts(values: NDArray[np.float64]) -> list[str]:
    """Return numbers with the same decimals, so that they can be compared; a dash for none."""
    finite = np.abs(values[np.isfinite(values)])
    largest = float(finite.max()) if len(finite) else 0.0
    decimals = int(np.clip(_DIGITS - 1 - np.floor(np.log10(largest)), 0, 8)) if largest > 0 else 0
    return [f"{value:,.{decimals}f}".replace("-", "−") if np.isfinite(value) else "–" for value in values]
