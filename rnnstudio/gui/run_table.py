"""The saved runs as a table model: one row per run, newest first."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt, Signal

from rnnstudio.core.chosen_on_test import FOOTNOTE_OF_MANY, mark
from rnnstudio.core.visible_text import visible
from rnnstudio.core.wording import metric_label, setting_label
from rnnstudio.gui.labels import cell_label, start_label
from rnnstudio.gui.plain_text import tip
from rnnstudio.gui.status import duration

_Index = QModelIndex | QPersistentModelIndex
_Summary = dict[str, Any]  # what `list_runs` returns of a run


@dataclass(frozen=True)
class _Column:
    """One column: its heading, the value that sorting compares, and the text of a value."""

    heading: str
    value: Callable[[_Summary], Any]
    text: Callable[[Any], str] = str
    numeric: bool = False
    metric: str = ""  # flat name, of the columns that show one


def _outcome(run: _Summary) -> str:
    return str(run["outcome"]).replace("_", " ") + (", refit not tested" if run["refit"] else "")


def _setting(name: str) -> _Column:
    return _Column(setting_label(name), lambda run: run[name], _number, numeric=True)


def _metric(name: str, text: Callable[[Any], str]) -> _Column:
    return _Column(metric_label(name), lambda run: run["metrics"].get(name), text, numeric=True, metric=name)


def _number(value: float) -> str:
    return f"{value:.4g}" if isinstance(value, float) else str(value)


_COLUMNS = (
    _Column("Run", lambda run: run["name"] or run["run"], visible),
    _Column("Recipe or data", lambda run: run["file"] or start_label(run["recipe"] or run["dataset"])),
    _Column("Cell", lambda run: cell_label(run["cell"])),
    _setting("units"),
    _setting("learning_rate"),
    _setting("seed"),
    _metric("train_loss", _number),
    _metric("test_accuracy", lambda value: f"{value:.2%}"),
    _metric("test_rmse", _number),
    _metric("test_scaled_mse", _number),
    _Column("Outcome", _outcome),
    _Column("Time", lambda run: run["seconds"], duration, numeric=True),
    _Column("Created", lambda run: run["created"], lambda value: str(value)[:16].replace("T", " ")),
)


_ROLES = (
    Qt.ItemDataRole.DisplayRole,
    Qt.ItemDataRole.EditRole,
    Qt.ItemDataRole.UserRole,
    Qt.ItemDataRole.ToolTipRole,
)


def _tooltip(run: _Summary) -> str:
    """Return the problem of a run, else its other name and its note; a paragraph each."""
    folder = run["run"] if run["name"] else ""
    return run["problem"] or "\n".join(filter(None, (folder, run["note"], run["note_problem"], *run.get("notes", ()))))


class RunTable(QAbstractTableModel):
    """Summaries of runs as rows of a table, whose names can be edited.

    Attributes:
        runs: The summaries, newest first.
    """

    renamed = Signal(str, str)  # folder of a run, and its new name

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.runs: list[_Summary] = []

    def load(self, runs: list[_Summary]) -> None:
        """Replace all rows."""
        self.beginResetModel()
        self.runs = runs
        self.endResetModel()

    def is_empty(self, column: int) -> bool:
        """Return whether a column is of a metric that none of the runs has."""
        metric = _COLUMNS[column].metric
        return bool(metric and self.runs) and all(run["metrics"].get(metric) is None for run in self.runs)

    def rowCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: B008 - the signature is Qt's
        """Return the number of runs."""
        return 0 if parent.isValid() else len(self.runs)

    def columnCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: B008 - the signature is Qt's
        """Return the number of columns."""
        return 0 if parent.isValid() else len(_COLUMNS)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Return the heading of a column."""
        if role == Qt.ItemDataRole.DisplayRole and orientation == Qt.Orientation.Horizontal:
            heading = _COLUMNS[section].heading
            return heading.replace(" ", "\n", 1) if _COLUMNS[section].numeric else heading  # short, so that all fit
        return None

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Return the text of a cell, the value that sorting compares (`UserRole`), its tooltip or alignment."""
        column, run = _COLUMNS[index.column()], self.runs[index.row()]
        if role == Qt.ItemDataRole.TextAlignmentRole and column.numeric:
            return int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        if role not in _ROLES:
            return None
        if role == Qt.ItemDataRole.EditRole:
            return run["name"] or run["run"]
        value = column.value(run)
        marked = "" if value is None else mark(column.metric, run["chosen_on_test"])
        if role == Qt.ItemDataRole.ToolTipRole:
            return tip(_tooltip(run)) or (FOOTNOTE_OF_MANY if marked else None)
        if role == Qt.ItemDataRole.UserRole:
            return value
        return "–" if value is None else f"{column.text(value)}{marked}"

    def flags(self, index: _Index) -> Qt.ItemFlag:
        """Return what can be done with a cell: names can be edited."""
        flags = super().flags(index)
        return flags | Qt.ItemFlag.ItemIsEditable if index.isValid() and index.column() == 0 else flags

    def setData(self, index: _Index, value: Any, role: int = Qt.ItemDataRole.EditRole) -> bool:
        """Report the new name of a run; its row changes when the list is read again."""
        run = self.runs[index.row()]
        if role == Qt.ItemDataRole.EditRole and str(value).strip() != (run["name"] or run["run"]):
            name = str(value).strip()
            self.renamed.emit(str(run["path"]), "" if name == run["run"] else name)
        return False
