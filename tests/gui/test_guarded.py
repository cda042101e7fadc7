"""No exception leaves a function that Qt calls: it is reported once, and the window lives."""

from __future__ import annotations

import subprocess
import sys

import pytest
from PySide6.QtCore import QAbstractTableModel, QModelIndex, QRectF, QSortFilterProxyModel, Qt
from PySide6.QtWidgets import QGraphicsObject, QHeaderView, QTableView, QWidget

from rnnstudio.gui import guarded
from rnnstudio.gui.crash_log import report_unexpected_errors
from tests.gui.scripted import ScriptedTrain

# Without the guard this process ends by SIGSEGV.
_RAISING = """
import sys
import rnnstudio.gui
from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QSortFilterProxyModel, QTimer
from PySide6.QtWidgets import QApplication, QHeaderView, QStyledItemDelegate, QTableView, QWidget
app = QApplication([])
kinds = set()
sys.excepthook = lambda kind, error, trace: kinds.add(str(error))
class Model(QAbstractTableModel):
    def rowCount(self, parent=QModelIndex()): return 9
    def columnCount(self, parent=QModelIndex()): return 3
    def data(self, index, role=0): raise ValueError("data")
    def headerData(self, *arguments): raise ValueError("headerData")
class Delegate(QStyledItemDelegate):
    def paint(self, *arguments): raise ValueError("paint")
class Widget(QWidget):
    def paintEvent(self, event): raise ValueError("paintEvent")
    def sizeHint(self): raise ValueError("sizeHint")
    def resizeEvent(self, event): raise ValueError("resizeEvent")
class Filter(QObject):
    def eventFilter(self, watched, event): raise ValueError("eventFilter")
table, proxy, widget, filter_ = QTableView(), QSortFilterProxyModel(), Widget(), Filter()
proxy.setSourceModel(Model())
table.setModel(proxy)
table.setItemDelegateForColumn(1, Delegate(table))
table.setSortingEnabled(True)
table.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
widget.installEventFilter(filter_)
for shown in (table, widget):
    shown.show()
steps = iter(range(30))
def step():
    number = next(steps, None)
    if number is None:
        app.quit()
        return
    table.resize(300 + number, 200)
    widget.resize(300 + number, 200)
    raise ValueError("slot")
timer = QTimer()
timer.timeout.connect(step)
timer.start(5)
app.exec()
print(*sorted(kinds))
"""


def test_a_window_whose_functions_all_raise_lives_on() -> None:
    process = subprocess.run([sys.executable, "-c", _RAISING], capture_output=True, text=True, check=False, timeout=100)
    expected = "data eventFilter headerData paint paintEvent resizeEvent sizeHint slot"
    assert (process.returncode, process.stdout.strip()) == (0, expected), process.stderr[-2000:]


class _Raising(QAbstractTableModel):
    def rowCount(self, parent=QModelIndex()) -> int:  # noqa: B008 - the signature is Qt's
        return 5

    def columnCount(self, parent=QModelIndex()) -> int:  # noqa: B008 - the signature is Qt's
        return 2

    def data(self, index, role=Qt.ItemDataRole.DisplayRole):
        raise RuntimeError("no value here")


def test_the_error_is_shown_once_however_often_qt_asks(qtbot, studio, monkeypatch, capsys):
    window = studio(ScriptedTrain())
    monkeypatch.setattr(sys, "excepthook", sys.excepthook)
    monkeypatch.setattr(guarded, "_reported", set())
    shown = []
    report_unexpected_errors(lambda text: (shown.append(text), window.banner.show_message(text)))
    table, proxy = QTableView(), QSortFilterProxyModel()
    qtbot.addWidget(table)
    proxy.setSourceModel(_Raising(proxy))
    table.setModel(proxy)
    table.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
    table.show()
    for width in range(200, 260, 10):
        table.resize(width, 150)
        table.grab()
    assert len(shown) == 1
    assert "An unexpected error occurred: no value here." in window.banner.text
    assert capsys.readouterr().err.count("Traceback") == 1


def test_overrides_of_the_window_are_guarded_and_other_functions_are_not() -> None:
    from rnnstudio.gui.charts.matrix import Matrix
    from rnnstudio.gui.forecast_page.table_model import ForecastTableModel
    from rnnstudio.gui.run_table import RunTable

    for function in (RunTable.data, RunTable.rowCount, ForecastTableModel.data, Matrix.paint):
        assert function.__globals__["__name__"] == "rnnstudio.gui.guarded", function
    assert RunTable.load.__globals__["__name__"] == "rnnstudio.gui.run_table"


def test_a_caller_in_python_sees_errors_of_functions_that_qt_does_not_call() -> None:
    class Widget(QWidget):
        def load(self) -> None:
            raise KeyError("x")

    with pytest.raises(KeyError):
        Widget.load(None)


def test_what_other_bases_do_with_a_class_is_done(qapp):
    seen = []

    class Registered:
        def __init_subclass__(cls, **options):
            super().__init_subclass__(**options)
            seen.append(cls.__name__)

    class Widget(QWidget, Registered):
        def sizeHint(self):
            raise ValueError("no size")

    class Item(Registered, QGraphicsObject):
        def boundingRect(self):
            return QRectF(0, 0, 1, 1)

    assert seen == ["Widget", "Item"]
    assert Widget.sizeHint.__wrapped__.__qualname__.endswith("Widget.sizeHint")
    assert not hasattr(Item.boundingRect.__wrapped__, "__wrapped__")  # guarded once, though it has two bases of Qt
