"""The dialog that backtests a run, and shows the scores of network and baselines, and their errors."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import (
    QCheckBox,
    QDialog,
    QHBoxLayout,
    QPushButton,
    QSpinBox,
    QSplitter,
    QTabWidget,
    QVBoxLayout,
    QWidget,
)

from rnnstudio.core.errors import RnnStudioError, StoppedError
from rnnstudio.core.visible_text import visible
from rnnstudio.gui.background import BackgroundThread
from rnnstudio.gui.backtest.errors_chart import CHARTS
from rnnstudio.gui.backtest.scores_table import scores_table
from rnnstudio.gui.csv_dialog import ask_table_file
from rnnstudio.gui.panel import Panel
from rnnstudio.gui.plain_text import Heading, PlainLabel, tip
from rnnstudio.gui.run_heading import shown_name
from rnnstudio.gui.theme import Theme

if TYPE_CHECKING:
    from rnnstudio.results.backtest_result import Backtest
    from rnnstudio.results.run import Run

_WIDTH, _HEIGHT = 1080, 620  # pixels
_MAX = 1_000_000
_INTRODUCTION = "Forecasts from origins in the past, by the network and by simple methods, which read no later row."


class BacktestDialog(QDialog):
    """Settings of a backtest, a button that computes it, and its result.

    The dialog is modal, because one network computes at a time.

    Args:
        run: The run.
        background: Computes the backtest.
        theme: Colours of the plots.
        parent: The window.
    """

    _progressed = Signal(int, int, str)  # parts done, of how many, and what is computed

    def __init__(self, run: Run, background: BackgroundThread, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(visible(f"Backtest of {shown_name(run) or 'this run'}"))
        self.setModal(True)
        self.resize(_WIDTH, _HEIGHT)
        self._run, self._background = run, background
        self._is_stopped = self._is_closing = False
        self._running = False
        self.result_shown: Backtest | None = None
        self.steps = _number("Steps ahead", "the horizon")
        self.origins = _number("Origins", "over the test set")
        self.every = _number("Rows from one origin to the next", "spread")
        self.refit = QCheckBox("Train again at each origin")
        self.refit.setToolTip("Train the network at each origin on all rows before it; else once, before the first one")
        self.start = QPushButton("Run backtest")
        self.start.setDefault(True)
        self.start.clicked.connect(self._start_or_stop)
        self.save = QPushButton("Save table …")
        self.save.clicked.connect(self._save)
        self.conclusion = Heading("", _INTRODUCTION)
        self.conclusion.setWordWrap(True)
        self.description = PlainLabel()
        self.description.setWordWrap(True)
        self.notes = PlainLabel()
        self.notes.setWordWrap(True)
        self.charts = [chart(theme) for chart in CHARTS.values()]
        self._progressed.connect(self._show_progress)
        self._lay_out()
        self.show_result(run.last_backtest)

    def _lay_out(self) -> None:
        settings = QHBoxLayout()
        for text, field in (("Steps ahead", self.steps), ("Origins", self.origins), ("Rows apart", self.every)):
            label = PlainLabel(text)
            label.setBuddy(field)
            settings.addWidget(label)
            settings.addWidget(field)
            settings.addSpacing(8)
        settings.addWidget(self.refit)
        settings.addStretch(1)
        settings.addWidget(self.start)
        self._table = QVBoxLayout()
        self._table.setContentsMargins(0, 0, 0, 0)
        left = QWidget()
        column = QVBoxLayout(left)
        column.setContentsMargins(0, 0, 0, 0)
        column.addLayout(self._table)
        column.addWidget(self.notes)
        column.addStretch(1)
        row = QHBoxLayout()
        row.addWidget(self.save)
        row.addStretch(1)
        column.addLayout(row)
        tabs = QTabWidget()
        for chart in self.charts:
            panel = Panel(chart)
            panel.failed.connect(self._show_failure)
            tabs.addTab(panel, chart.title)
        body = QSplitter(Qt.Orientation.Horizontal)
        body.addWidget(left)
        body.addWidget(tabs)
        body.setStretchFactor(1, 1)
        body.setChildrenCollapsible(False)
        page = QVBoxLayout(self)
        page.addLayout(settings)
        page.addWidget(self.conclusion)
        page.addWidget(self.description)
        page.addWidget(body, 1)

    def show_result(self, backtest: Backtest | None) -> None:
        """Show a backtest; None for none."""
        self.result_shown = backtest
        while (item := self._table.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.deleteLater()
        for chart in self.charts:
            chart.show_backtest(backtest)
        self.save.setEnabled(backtest is not None)
        self.notes.setText("" if backtest is None else "\n".join(backtest.notes))
        self.description.setText("" if backtest is None else backtest.description)
        if backtest is not None:
            self.conclusion.show_text(backtest.conclusion)
            self._table.addWidget(scores_table(backtest))

    def _start_or_stop(self) -> None:
        if self._running:
            self._is_stopped = True
            self.start.setEnabled(False)
            return
        self._is_stopped, self._running = False, True
        self.start.setText("Stop")
        for field in (self.steps, self.origins, self.every, self.refit):
            field.setEnabled(False)
        self.conclusion.show_text("", "The backtest begins …")
        self.description.setText("")
        origins, steps, every = (field.value() or None for field in (self.origins, self.steps, self.every))
        refit = self.refit.isChecked()

        def compute() -> Backtest:
            return self._run.compute_backtest(
                origins,
                steps,
                every,
                refit,
                should_stop=lambda: self._is_stopped,
                report=self._progressed.emit,
            )

        self._background.submit(compute, self._finished, self._failed)

    def _show_progress(self, done: int, of: int, text: str) -> None:
        if text and self._running:
            self.conclusion.show_text("", f"Part {done + 1} of {of}: {text} …")

    def _finished(self, backtest: Backtest) -> None:
        self._end()
        self.show_result(backtest)

    def _failed(self, error: BaseException) -> None:
        self._end()
        self.show_result(self.result_shown)
        if isinstance(error, StoppedError):
            self.description.setText("The backtest was stopped.")
        else:
            self._show_failure(str(error) if isinstance(error, RnnStudioError) else f"The backtest failed: {error}")

    def _end(self) -> None:
        self._running = False
        self.start.setText("Run backtest")
        self.start.setEnabled(True)
        for field in (self.steps, self.origins, self.every, self.refit):
            field.setEnabled(True)
        if self._is_closing:
            self.reject()

    def _show_failure(self, text: str) -> None:
        self.description.setText(f"⚠ {text}")

    def _save(self) -> None:
        """Ask for a file and write the long table there."""
        if self.result_shown is None:
            return
        suggestion = f"{self._run.name or 'run'}-backtest.csv"
        name, decimal = ask_table_file(self, "Save the forecasts of the backtest", suggestion)
        if name:
            self._try(partial(self.result_shown.export, name, decimal=decimal))

    def _try(self, write: Callable[[], Any]) -> None:
        try:
            self.description.setText(f"The forecasts were written to {write()}.")
        except RnnStudioError as error:
            self._show_failure(str(error))

    def reject(self) -> None:
        """Close the dialog; where a backtest runs, once it has stopped."""
        if self._running:
            self._is_stopped = self._is_closing = True
            self.start.setEnabled(False)
            self.conclusion.show_text("", "The backtest stops …")
        else:
            super().reject()

    def closeEvent(self, event: QCloseEvent) -> None:
        """Stop a backtest that runs before the dialog closes."""
        if self._running:
            event.ignore()
            self.reject()
        else:
            super().closeEvent(event)


def _number(name: str, when_zero: str) -> QSpinBox:
    """Return a field for a whole number; 0 leaves it open."""
    field = QSpinBox()
    field.setRange(0, _MAX)
    field.setSpecialValueText(when_zero)
    field.setAccessibleName(name)
    field.setToolTip(tip(name))
    field.setMinimumWidth(field.fontMetrics().horizontalAdvance(when_zero) + 48)
    return field
