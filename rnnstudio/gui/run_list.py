"""The saved runs as a table, newest first, with the one that trains on top."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, QSortFilterProxyModel, Qt, Signal
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QLineEdit,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from rnnstudio.gui.status import duration
from rnnstudio.results.store import list_runs

_COLUMNS = ("run", "data", "cell", "units", "learning rate", "seed", "train loss", "test", "ended", "time", "saved")
_NUMBERS = {3, 4, 5, 6, 7, 9}
_HOW = "Every run is kept here. Double-click one to look at it again."
_Index = QModelIndex | QPersistentModelIndex


class _Model(QAbstractTableModel):
    """Rows of the run list."""

    def __init__(self) -> None:
        super().__init__()
        self._runs: list[dict[str, Any]] = []

    def load(self, runs: list[dict[str, Any]]) -> None:
        self.beginResetModel()
        self._runs = runs
        self.endResetModel()

    def path(self, row: int) -> str:
        return str(self._runs[row]["path"])

    def rowCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature
        return 0 if parent.isValid() else len(self._runs)

    def columnCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature
        return 0 if parent.isValid() else len(_COLUMNS)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if role == Qt.ItemDataRole.DisplayRole and orientation == Qt.Orientation.Horizontal:
            return _COLUMNS[section]
        return None

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        run, column = self._runs[index.row()], index.column()
        if role == Qt.ItemDataRole.TextAlignmentRole and column in _NUMBERS:
            return int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        if role not in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.UserRole):
            return None
        metrics = run["metrics"]
        test = next((metrics[k] for k in ("test_accuracy", "test_rmse") if k in metrics), None)
        raw: tuple[Any, ...] = (
            run["run"],
            run["recipe"] or run["dataset"],
            run["cell"],
            run["units"],
            run["learning_rate"],
            run["seed"],
            metrics.get("train_loss"),
            test,
            run["outcome"].replace("_", " "),
            run["seconds"],
            run["created"],
        )
        value = raw[column]
        if role == Qt.ItemDataRole.UserRole:  # what sorting compares
            return value
        if value is None:
            return "–"
        if column == 7:
            return f"{value:.2%}" if "test_accuracy" in metrics else f"rmse {value:.4g}"
        if column == 9:
            return duration(value)
        if column == 10:
            return str(value)[:16].replace("T", " ")
        return f"{value:.4g}" if isinstance(value, float) else str(value)


def _left_out(count: int) -> str:
    return f"{count} cannot be read here: point at this line to see why." if count else ""


class RunList(QWidget):
    """A filter and the table; `chosen` tells the folder of a run that was double-clicked or confirmed."""

    chosen = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._model = _Model()
        self._proxy = QSortFilterProxyModel(self)
        self._proxy.setSourceModel(self._model)
        self._proxy.setFilterKeyColumn(-1)
        self._proxy.setFilterCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        self._proxy.setSortRole(Qt.ItemDataRole.UserRole)
        self._filter = QLineEdit()
        self._filter.setPlaceholderText("filter")
        self._filter.setAccessibleName("Filter runs")
        self._filter.setClearButtonEnabled(True)
        self._filter.setMaximumWidth(220)
        self._filter.textChanged.connect(self._proxy.setFilterFixedString)
        self._note = QLabel(_HOW)
        self._note.setEnabled(False)
        self.table = QTableView()
        self.table.setModel(self._proxy)
        self.table.setAccessibleName("Runs")
        self.table.setSortingEnabled(True)
        self.table.sortByColumn(-1, Qt.SortOrder.AscendingOrder)
        self.table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.table.setAlternatingRowColors(True)
        self.table.verticalHeader().hide()
        self.table.verticalHeader().setDefaultSectionSize(22)
        self.table.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        self.table.horizontalHeader().setStretchLastSection(True)
        self.table.activated.connect(self._activated)
        top = QHBoxLayout()
        top.addWidget(self._filter)
        top.addWidget(self._note)
        top.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(4, 2, 4, 4)
        column.setSpacing(3)
        column.addLayout(top)
        column.addWidget(self.table, 1)
        self.reload()

    def reload(self) -> None:
        """Read the run list from disk."""
        runs, problems = list_runs()
        self._model.load(runs)
        self._note.setText(f"{_HOW} {_left_out(len(problems))}".strip())
        self._note.setToolTip("\n".join(problems))

    def _activated(self, index: QModelIndex) -> None:
        self.chosen.emit(self._model.path(self._proxy.mapToSource(index).row()))
