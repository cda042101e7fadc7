"""The columns of a file as a list: what they hold, what is missing, a small plot, and what they are used for."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt, Signal
from PySide6.QtGui import QGuiApplication, QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QMenu, QTableView

from rnnstudio.core.account import Account, ColumnAccount
from rnnstudio.core.column_roles import ROLE_LABELS, ROLE_MEANINGS, Role, Roles, possible_roles
from rnnstudio.gui.importing.small_plots import PLOT_ROLE, SmallPlots
from rnnstudio.gui.importing.tables import changed_brush
from rnnstudio.reading.preview import Preview

_Index = QModelIndex | QPersistentModelIndex
_TITLES = ("Column", "Use", "Holds", "Unit", "Missing", "Course")
_NAME, _ROLE, _HOLDS, _UNIT, _MISSING, _PLOT = range(6)
_SHARES = {_NAME: 4, _ROLE: 4, _HOLDS: 5, _UNIT: 2, _MISSING: 2, _PLOT: 4}  # of the width of the list
_MARKED = (_HOLDS, _UNIT, _MISSING)
_KINDS = {"number": "numbers", "time": "times", "index": "row numbers", "empty": "nothing"}


class ColumnModel(QAbstractTableModel):
    """The columns of an account with their roles."""

    def __init__(self) -> None:
        super().__init__()
        self.columns: tuple[ColumnAccount, ...] = ()
        self.roles: Roles = {}
        self.preview: Preview | None = None
        self._changed: set[tuple[str, int]] = set()

    def show_account(self, account: Account, preview: Preview | None, before: Account | None) -> None:
        """Show the columns of an account, and mark what differs from the account before."""
        self.beginResetModel()
        self.columns, self.preview, self._changed = account.columns, preview, set()
        if before is not None:
            texts = {(c.name, j): _text(c, j) for c in before.columns for j in _MARKED}
            self._changed = {
                (c.name, j) for c in self.columns for j in _MARKED if texts.get((c.name, j)) != _text(c, j)
            }
        self.endResetModel()

    def show_roles(self, roles: Roles) -> None:
        """Show what the columns are used for."""
        self.roles = roles
        if self.columns:
            self.dataChanged.emit(self.index(0, _ROLE), self.index(len(self.columns) - 1, _ROLE))

    def rowCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: B008
        """Return the number of columns of the file."""
        return 0 if parent.isValid() else len(self.columns)

    def columnCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: B008
        """Return the number of columns of the list."""
        return 0 if parent.isValid() else len(_TITLES)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Return the titles."""
        if role == Qt.ItemDataRole.DisplayRole and orientation == Qt.Orientation.Horizontal:
            return _TITLES[section]
        return None

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Return the text of a cell, its tooltip, or its colour where it has changed."""
        column, j = self.columns[index.row()], index.column()
        if role == Qt.ItemDataRole.DisplayRole:
            return f"{ROLE_LABELS[self.roles.get(column.name, 'ignore')]}  ▾" if j == _ROLE else _text(column, j)
        if role == PLOT_ROLE and self.preview is not None and column.kind == "number":
            return self.preview.plots.get(column.name)
        if role == Qt.ItemDataRole.ToolTipRole:
            return self._tooltip(column, j)
        if role == Qt.ItemDataRole.BackgroundRole and (column.name, j) in self._changed:
            return changed_brush()
        if role == Qt.ItemDataRole.FontRole and j == _ROLE and self.roles.get(column.name) in ("target", "class"):
            font = QGuiApplication.font()
            font.setBold(True)
            return font
        return None

    def _tooltip(self, column: ColumnAccount, j: int) -> str:
        if j == _ROLE:
            return f"{ROLE_MEANINGS[self.roles.get(column.name, 'ignore')]} Click to choose another use."
        if j == _MISSING and column.missing:
            return ", ".join(f"{mark or 'empty'}: {count:,}" for mark, count in column.missing_marks.items())
        return _text(column, j)


class ColumnList(QTableView):
    """The list of columns; a click on a role offers the others."""

    role_chosen = Signal(str, str)  # name of the column, Role

    def __init__(self) -> None:
        super().__init__()
        self._model = ColumnModel()
        self.setModel(self._model)
        self.setItemDelegateForColumn(_PLOT, SmallPlots(self))
        self.setAccessibleName("Columns of the file")
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setTabKeyNavigation(False)
        self.setAlternatingRowColors(True)
        self.setShowGrid(False)
        self.setColumnHidden(_UNIT, True)
        self.verticalHeader().hide()
        self.verticalHeader().setDefaultSectionSize(self.fontMetrics().height() + 10)
        header = self.horizontalHeader()
        header.setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
        header.setStretchLastSection(True)
        header.setHighlightSections(False)
        self.clicked.connect(lambda index: self.offer_roles(index.row()) if index.column() == _ROLE else None)

    @property
    def roles(self) -> Roles:
        """The roles that are shown."""
        return self._model.roles

    def show_account(self, account: Account, preview: Preview | None, before: Account | None) -> None:
        """Show the columns of an account, and mark what differs from the account before."""
        self._model.show_account(account, preview, before)
        for j, is_shown in ((_UNIT, any(c.unit for c in account.columns)), (_ROLE, not account.sequences)):
            self.setColumnHidden(j, not is_shown)
        self.setColumnHidden(_PLOT, preview is None)
        self._share_width()

    def show_roles(self, roles: Roles) -> None:
        """Show what the columns are used for."""
        self._model.show_roles(roles)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Share the new width among the columns."""
        super().resizeEvent(event)
        self._share_width()

    def _share_width(self) -> None:
        width = self.viewport().width()
        shares = {j: share for j, share in _SHARES.items() if not self.isColumnHidden(j)}
        for j, share in shares.items():
            self.setColumnWidth(j, int(width * share / sum(shares.values())))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Offer the roles of the current column on Space or Return."""
        is_press = event.key() in (Qt.Key.Key_Space, Qt.Key.Key_Return, Qt.Key.Key_Enter)
        if is_press and self.currentIndex().isValid() and not self.isColumnHidden(_ROLE):
            self.offer_roles(self.currentIndex().row())
        else:
            super().keyPressEvent(event)

    def offer_roles(self, row: int) -> None:
        """Open the menu of the roles that the column in a row can have."""
        column = self._model.columns[row]
        menu = QMenu(column.name, self)
        menu.setToolTipsVisible(True)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for role in possible_roles(column):
            action = menu.addAction(ROLE_LABELS[role])
            action.setToolTip(ROLE_MEANINGS[role])
            action.setCheckable(True)
            action.setChecked(self.roles.get(column.name) == role)
            action.triggered.connect(lambda _=False, role=role: self._choose(column.name, role))
        cell = self.visualRect(self._model.index(row, _ROLE))
        menu.popup(self.viewport().mapToGlobal(cell.bottomLeft()))

    def _choose(self, name: str, role: Role) -> None:
        self.role_chosen.emit(name, role)


def _text(column: ColumnAccount, j: int) -> str:
    if j == _NAME:
        return column.name
    if j == _HOLDS:
        return _holds(column)
    if j == _UNIT:
        return column.unit
    return f"{column.missing:,}" if j == _MISSING and column.missing else ""


def _holds(column: ColumnAccount) -> str:
    few = {1: "all equal", 2: "two values"} if column.kind == "number" else {}
    several = f"{column.distinct:,} different" if column.distinct and column.kind == "text" else ""
    more = few.get(column.distinct, several)
    written = f": {column.written}" if column.written else ""
    same = f", same as {column.same_as}" if column.same_as else ""
    return f"{_KINDS.get(column.kind, column.kind)}{written}{f', {more}' if more else ''}{same}"
