"""The columns of a file as a list: what they hold, what is missing, a small plot, and what they are used for."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt, Signal
from PySide6.QtGui import QFont, QFontMetrics, QGuiApplication, QKeyEvent, QMouseEvent, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QMenu, QTableView

from rnnstudio.core.account import Account, ColumnAccount
from rnnstudio.core.column_roles import ROLE_LABELS, ROLE_MEANINGS, Role, Roles, common_roles
from rnnstudio.gui.importing.small_plots import PLOT_ROLE, SmallPlots
from rnnstudio.gui.importing.tables import changed_brush
from rnnstudio.gui.plain_text import tip
from rnnstudio.reading.preview import Preview

_Index = QModelIndex | QPersistentModelIndex
_TITLES = ("Column", "Use", "Holds", "Unit", "Missing", "Plot")
_NAME, _ROLE, _HOLDS, _UNIT, _MISSING, _PLOT = range(6)
_SPARE = {_NAME: 2, _ROLE: 1, _HOLDS: 2, _UNIT: 1, _MISSING: 1, _PLOT: 3}  # shares of the width that no text needs
_SHORTENED = (_NAME, _HOLDS)  # where the list is too narrow for all texts
_PADDING, _PLOT_WIDTH, _MIN_WIDTH = 16, 80, 90  # pixels: beside a text, of a plot, of a shortened column
_MAX_MEASURED = 100  # columns of the file that decide about the widths
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
            return tip(self._tooltip(column, j))
        if role == Qt.ItemDataRole.BackgroundRole and (column.name, j) in self._changed:
            return changed_brush()
        if role == Qt.ItemDataRole.FontRole and j == _ROLE and self.roles.get(column.name) in ("target", "class"):
            return _bold()
        return None

    def _tooltip(self, column: ColumnAccount, j: int) -> str:
        if j == _ROLE:
            meaning = ROLE_MEANINGS[self.roles.get(column.name, "ignore")]
            return f"{meaning} Click to choose another use, also for several selected columns."
        if j == _MISSING and column.missing:
            return ", ".join(f"{mark or 'empty'}: {count:,}" for mark, count in column.missing_marks.items())
        return _text(column, j)


class ColumnList(QTableView):
    """The list of columns; a click on a role offers the others, for all selected columns at once."""

    role_chosen = Signal(object, str)  # names of the columns, Role

    def __init__(self) -> None:
        super().__init__()
        self._model = ColumnModel()
        self._needed: dict[int, int] = {}  # width by column of the list
        self.setModel(self._model)
        self.setItemDelegateForColumn(_PLOT, SmallPlots(self))
        self.setAccessibleName("Columns of the file")
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
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
        self._measure(account.columns[:_MAX_MEASURED])
        self._share_width()

    def show_roles(self, roles: Roles) -> None:
        """Show what the columns are used for."""
        self._model.show_roles(roles)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Share the new width among the columns."""
        super().resizeEvent(event)
        self._share_width()

    def _measure(self, columns: Sequence[ColumnAccount]) -> None:
        """Find the width that each column of the list needs for its texts."""
        plain, bold = self.fontMetrics(), QFontMetrics(_bold())
        texts = {j: [_TITLES[j], *(_text(column, j) for column in columns)] for j in (_NAME, *_MARKED)}
        self._needed = {j: max(map(plain.horizontalAdvance, of_column)) + _PADDING for j, of_column in texts.items()}
        self._needed[_ROLE] = max(bold.horizontalAdvance(f"{label}  ▾") for label in ROLE_LABELS.values()) + _PADDING
        self._needed[_PLOT] = _PLOT_WIDTH

    def _share_width(self) -> None:
        widths = {j: width for j, width in self._needed.items() if not self.isColumnHidden(j)}
        spare = self.viewport().width() - sum(widths.values())
        if spare >= 0:
            shares = {j: _SPARE[j] for j in widths}
            widths = {j: width + spare * shares[j] // sum(shares.values()) for j, width in widths.items()}
        for j in sorted(_SHORTENED, key=lambda j: -widths.get(j, 0)) if spare < 0 else ():
            taken = min(-spare, max(0, widths[j] - _MIN_WIDTH))
            widths[j], spare = widths[j] - taken, spare + taken
        for j, width in widths.items():
            self.setColumnWidth(j, width)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Keep the selection on a click on the role of one of several selected columns."""
        index = self.indexAt(event.position().toPoint())
        is_on_role = index.column() == _ROLE and event.modifiers() == Qt.KeyboardModifier.NoModifier
        if is_on_role and index.row() in self._selected_rows() and len(self._selected_rows()) > 1:
            self.offer_roles(index.row())
        else:
            super().mousePressEvent(event)

    def _selected_rows(self) -> list[int]:
        return [index.row() for index in self.selectionModel().selectedRows()]

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Offer the roles of the current column on Space or Return."""
        is_press = event.key() in (Qt.Key.Key_Space, Qt.Key.Key_Return, Qt.Key.Key_Enter)
        if is_press and self.currentIndex().isValid() and not self.isColumnHidden(_ROLE):
            self.offer_roles(self.currentIndex().row())
        else:
            super().keyPressEvent(event)

    def offer_roles(self, row: int) -> None:
        """Open the menu of the roles of the column in a row, or of all selected columns if it is one of them."""
        selected = self._selected_rows()
        columns = [self._model.columns[i] for i in (selected if row in selected else [row])]
        names = tuple(column.name for column in columns)
        menu = QMenu(names[0] if len(names) == 1 else f"{len(names)} columns", self)
        menu.setToolTipsVisible(True)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        predicted = {name for name, role in self.roles.items() if role == "target"}
        has_others = predicted.difference(names) and "sequence" not in self.roles.values()
        for role in common_roles(columns):
            if role == "target too" and not has_others:
                continue
            action = menu.addAction(ROLE_LABELS[role])
            action.setToolTip(tip(ROLE_MEANINGS[role]))
            action.setCheckable(True)
            action.setChecked(all(self.roles.get(name) == role for name in names))
            action.triggered.connect(lambda _=False, role=role: self._choose(names, role))
        cell = self.visualRect(self._model.index(row, _ROLE))
        menu.popup(self.viewport().mapToGlobal(cell.bottomLeft()))

    def _choose(self, names: tuple[str, ...], role: Role) -> None:
        self.role_chosen.emit(names, role)


def _bold() -> QFont:
    font = QGuiApplication.font()
    font.setBold(True)
    return font


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
