"""The forecast page: the future of a run's series as a chart and a table, which follow each change at once."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QShowEvent
from PySide6.QtWidgets import QFileDialog, QSplitter, QVBoxLayout, QWidget

from rnnstudio.core.errors import RnnStudioError, SettingError
from rnnstudio.export.tables import write_table
from rnnstudio.gui.background import BackgroundThread
from rnnstudio.gui.csv_dialog import ask_forecast_file
from rnnstudio.gui.file_button import files_filter
from rnnstudio.gui.forecast_page.chart import ForecastChart
from rnnstudio.gui.forecast_page.controls import ForecastControls
from rnnstudio.gui.forecast_page.job import ForecastResult, Request, compute, series_forecast, value_columns
from rnnstudio.gui.forecast_page.message_line import MessageLine
from rnnstudio.gui.forecast_page.plan import EnteredPlan, PlannedSteps, default_steps, planned_steps
from rnnstudio.gui.forecast_page.refit_button import RefitButton
from rnnstudio.gui.forecast_page.table_view import ForecastTable
from rnnstudio.gui.panel import Panel
from rnnstudio.gui.theme import Theme
from rnnstudio.reading.files import ENDINGS
from rnnstudio.results.forecast_steps import counted_steps
from rnnstudio.results.run import Run

_NO_RUN = "The forecast of a run appears here after its training, or when a run in the list is double-clicked."
_NO_FUTURE = "This run predicts no future values. The page New data uses it on another file."
_TRAINS = "The forecast is computed when the training has ended."
_REST_MS = 250  # after a change, which may be followed by another one


class ForecastPage(QWidget):
    """Shows the forecast of the run that is shown; it is computed while the page is visible.

    Args:
        background: Computes forecasts.
        theme: Colours of the chart.
    """

    failed = Signal(object)  # BaseException
    plot_failed = Signal(str)  # why something could not be saved
    saved = Signal(str)  # a message that names the file
    refitted = Signal()  # the run has weights that were trained on all rows
    settings_chosen = Signal(object, object)  # Experiment, and the settings to change by flat name

    def __init__(self, background: BackgroundThread, theme: Theme) -> None:
        super().__init__()
        self._background = background
        self.run: Run | None = None
        self._newer = ""
        self._may_compute, self._is_stale, self._is_computing = True, False, False
        self._steps: PlannedSteps | None = None
        self.result: ForecastResult | None = None
        self.refit = RefitButton(background)
        self.controls, self.chart, self.table = ForecastControls(self.refit), ForecastChart(theme), ForecastTable()
        self.message = MessageLine()
        self.setAcceptDrops(True)
        self._rest = QTimer(self)
        self._rest.setSingleShot(True)
        self._rest.setInterval(_REST_MS)
        self._rest.timeout.connect(self._compute)
        self._lay_out()
        self._connect()
        self.show_run(None)

    def _lay_out(self) -> None:
        panel = Panel(self.chart)
        panel.failed.connect(self.plot_failed)
        split = QSplitter(Qt.Orientation.Horizontal)
        for widget, share in ((panel, 3), (self.table, 2)):
            split.addWidget(widget)
            split.setStretchFactor(split.count() - 1, share)
        split.setChildrenCollapsible(False)
        column = QVBoxLayout(self)
        column.setContentsMargins(4, 0, 4, 4)
        column.setSpacing(4)
        column.addWidget(self.controls)
        column.addWidget(self.message)
        column.addWidget(split, 1)

    def _connect(self) -> None:
        controls = self.controls
        controls.steps_changed.connect(self._change)
        controls.until_changed.connect(self._forecast_until)
        controls.newer_wanted.connect(self._ask_for_newer)
        controls.newer_dropped.connect(lambda: self.use_newer(""))
        controls.save_wanted.connect(self.save)
        controls.shown_changed.connect(self._draw)
        self.refit.done.connect(self._plan_changed)
        self.refit.done.connect(self.refitted)
        self.refit.failed.connect(self.failed)
        self.table.rows.edited.connect(self._plan_changed)
        self.table.rows.refused.connect(self.message.say)

    # -- what is shown ------------------------------------------------------------------------------------------------

    def show_run(self, run: Run | None) -> None:
        """Forecast another run; None for none."""
        self.run, self._newer, self.result, self._steps, self._entered = run, "", None, None, EnteredPlan()
        info = None if run is None else run.info
        can = info is not None and (info.task == "forecast" or info.autoregressive)
        self.controls.setEnabled(can)
        self.refit.show_run(run if can else None)
        self.table.setVisible(can)
        self.controls.show_newer("")
        if run is None or not can:
            self.controls.show_until(None)
            self.controls.show_choices([], [])
            self._show_nothing(_NO_RUN if run is None else _NO_FUTURE)
            return
        self.controls.show_steps(default_steps(run))
        self.controls.show_choices(run.info.series, value_columns(run))
        self._change()

    @property
    def is_busy(self) -> bool:
        """Whether a forecast is computed, or will be after a rest."""
        return self._is_computing or self._rest.isActive()

    def set_theme(self, theme: Theme) -> None:
        """Change the colours."""
        self.chart.set_theme(theme)

    def set_training(self, training: bool) -> None:
        """Compute nothing while an experiment trains: one network computes at a time."""
        self._may_compute = not training
        self.refit.set_training(training)
        if not training and self._is_stale:
            self._change()

    def showEvent(self, event: QShowEvent) -> None:
        """Compute what has changed while the page was hidden."""
        super().showEvent(event)
        if self._is_stale:
            self._rest.start()

    def use_newer(self, path: str) -> None:
        """Continue newer data; those of the training where the path is empty."""
        self._newer = path
        self._entered.remember(self.table.rows.plan)
        self._entered.begin_newer_data()
        self.controls.show_newer(Path(path).name)
        self._change()

    def _change(self) -> None:
        """Forecast anew: steps or data have changed, and with them the rows of the plan."""
        self._steps = None
        self._plan_changed()

    def _plan_changed(self) -> None:
        self._is_stale = True
        self.controls.save.setEnabled(False)
        if self.isVisible():
            self._rest.start()

    # -- computing ----------------------------------------------------------------------------------------------------

    def _compute(self) -> None:
        """Compute the rows of the plan first, then the forecast, on the background thread."""
        run = self.run
        if run is None or not self.controls.isEnabled() or self._is_computing or not self._is_stale:
            return
        if not self._may_compute:
            self._show_nothing(_TRAINS)
            return
        self._is_stale, self._is_computing = False, True
        steps, newer, known = self.controls.steps.value(), self._newer, self._steps
        if known is None:
            self._background.submit(
                lambda: planned_steps(run, steps, newer),
                lambda planned: self._take_steps(run, planned),
                lambda error: self._fail(run, error),
            )
            return
        if empty := known.empty_cells(self.table.rows.plan):
            self._is_computing = False
            self._show_nothing("The forecast appears when no cell is empty.")
            self.message.say(empty, "Set empty cells to 0", self._fill_empty)
            return
        request = Request(run, steps, newer, known.argument(self.table.rows.plan))
        if self.result is None:
            self.chart.show_forecast(None, "The forecast is computed …")
        self.message.say("Computing …")
        self._background.submit(
            lambda: compute(request), lambda result: self._take(run, result), lambda error: self._fail(run, error)
        )

    def _take_steps(self, run: Run, planned: PlannedSteps) -> None:
        """Show the rows of the plan, with what the user has entered before, and forecast them."""
        self._is_computing = False
        if run is not self.run or self._is_stale:
            self._rest.start()
            return
        self._entered.remember(self.table.rows.plan)
        self._steps, plan = planned, self._entered.show(planned)
        self.controls.show_until(planned.last_time)
        self.table.rows.show_steps(
            planned.names, planned.steps, planned.times, run.info.frequency, plan, planned=planned.columns,
            switches=planned.switches,
        )  # fmt: skip
        self._is_stale = True
        self._compute()

    def _take(self, run: Run, result: ForecastResult) -> None:
        self._is_computing = False
        if run is not self.run or self._is_stale:
            self._rest.start()
            return
        self.result = result
        names = [own.name for own in result.recent if own.name]
        shown = self.controls.series.currentText()
        self.controls.show_choices(names, value_columns(run))
        if shown in names:
            self.controls.series.setCurrentText(shown)
        self.controls.save.setEnabled(True)
        marked = [run.refitted.sentence] if run.refitted is not None else []
        self.message.say(" ".join([*marked, *result.notes]))
        self._show_values(result)
        self._draw()

    def _fail(self, run: Run, error: BaseException) -> None:
        self._is_computing = False
        if run is not self.run:
            self._rest.start()
            return
        if isinstance(error, SettingError) and error.field == "horizon" and error.suggestion:
            horizon = int(error.suggestion)
            train = partial(self.settings_chosen.emit, run.requested, {"horizon": horizon})
            self._show_nothing("Choose fewer steps, or train again for this horizon.")
            sentence = str(error).partition(" Name with known")[0]  # the button does what the command would
            self.message.say(sentence, f"Train for {horizon} steps", train)
            return
        self._show_nothing(str(error) if isinstance(error, RnnStudioError) else "")
        if not isinstance(error, RnnStudioError):
            self.failed.emit(error)

    def _show_nothing(self, text: str) -> None:
        self.result = None
        self.controls.save.setEnabled(False)
        self._show_values(None)
        self.message.say("")
        self.chart.show_forecast(None, text)

    def _show_values(self, result: ForecastResult | None) -> None:
        self.table.rows.show_values(None if result is None else result.table)

    def _draw(self) -> None:
        if self.result is not None and self.run is not None:
            column = self.controls.column.currentText() or value_columns(self.run)[0]
            self.chart.show_forecast(series_forecast(self.result, self.controls.series.currentText(), column))

    def _fill_empty(self) -> None:
        self.table.rows.set_plan(np.nan_to_num(self.table.rows.plan, nan=0.0))

    # -- what the user does -------------------------------------------------------------------------------------------

    def _forecast_until(self, date: Any) -> None:
        """Forecast up to a date."""
        if self._steps is None or self.run is None:
            return
        first = self._steps.first_times
        try:  # the number of steps from before the first one
            counts = counted_steps(None, date, self.run.info, [stamp - np.timedelta64(1, "ns") for stamp in first])
        except SettingError as error:
            self.message.say(str(error))
            self.controls.show_until(self._steps.last_time)
            return
        self.controls.steps.setValue(max(counts))

    def _ask_for_newer(self) -> None:
        name, _ = QFileDialog.getOpenFileName(self, "Newer data", "", files_filter(ENDINGS))
        if name:
            self.use_newer(name)

    def save(self) -> None:
        """Ask for a file and save the table."""
        if self.result is None or self.run is None:
            return
        name, decimal = ask_forecast_file(self, "Save forecast", f"{self.run.name or 'run'}-forecast.csv")
        try:
            if name:
                self.saved.emit(f"The forecast was saved in {write_table(self.result.table, name, decimal)}.")
        except RnnStudioError as error:
            self.plot_failed.emit(str(error))

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Accept a file with newer data."""
        if event.mimeData().hasUrls() and self.controls.isEnabled():
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """Continue the data in a dropped file."""
        self.use_newer(event.mimeData().urls()[0].toLocalFile())
