"""The page that uses a run on a file: predictions, probabilities, and metrics where the truth is in the file."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import (
    QFileDialog,
    QHBoxLayout,
    QHeaderView,
    QPushButton,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from rnnstudio.core.errors import RnnStudioError
from rnnstudio.export.tables import write_table
from rnnstudio.gui.background import BackgroundThread
from rnnstudio.gui.csv_dialog import ask_forecast_file
from rnnstudio.gui.file_button import files_filter
from rnnstudio.gui.new_data_page.frame_model import MAX_ROWS, FrameModel
from rnnstudio.gui.plain_text import PlainLabel
from rnnstudio.reading.files import ENDINGS
from rnnstudio.results.new_evaluation import NewEvaluation, metrics_in_words
from rnnstudio.results.run import Run

_NO_RUN = "A run can be used on new data after its training, or when it is double-clicked in the list."
_HINT = "Choose a file, or drop one here. It is read as the file of the training was."
_OF_FORECASTS = {"step": "rows read", "time": "last row read"}  # the values are those after it
_TRAINS = "The run can be used on new data when the training has ended."


class NewDataPage(QWidget):
    """Shows what the run that is shown predicts for a file.

    Args:
        background: Computes predictions.
    """

    failed = Signal(object)  # BaseException
    save_failed = Signal(str)
    saved = Signal(str)  # a message that names the file

    def __init__(self, background: BackgroundThread) -> None:
        super().__init__()
        self._background = background
        self.run: Run | None = None
        self.result: NewEvaluation | None = None
        self._file, self._is_computing, self._may_compute = "", False, True
        self.choose = QPushButton("Choose a file …")
        self.choose.clicked.connect(self.ask_for_file)
        self.save = QPushButton("Save predictions …")
        self.save.setToolTip("Save the table as CSV or Excel")
        self.save.clicked.connect(self._save)
        self.summary, self.notes = PlainLabel(), PlainLabel()
        for label in (self.summary, self.notes):
            label.setWordWrap(True)
        self.rows = FrameModel(self)
        self.table = QTableView()
        self.table.setModel(self.rows)
        self.table.setAccessibleName("Predictions")
        self.table.setAlternatingRowColors(True)
        self.table.verticalHeader().hide()
        self.table.verticalHeader().setDefaultSectionSize(self.fontMetrics().height() + 6)
        self.table.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
        self.table.horizontalHeader().setHighlightSections(False)
        self.setAcceptDrops(True)
        row = QHBoxLayout()
        row.addWidget(self.choose)
        row.addWidget(self.summary, 1)
        row.addWidget(self.save)
        column = QVBoxLayout(self)
        column.setContentsMargins(8, 6, 8, 6)
        column.addLayout(row)
        column.addWidget(self.notes)
        column.addWidget(self.table, 1)
        self.show_run(None)

    @property
    def is_busy(self) -> bool:
        """Whether predictions are computed."""
        return self._is_computing

    def show_run(self, run: Run | None) -> None:
        """Use another run; None for none."""
        self.run, self.result, self._file = run, None, ""
        self.choose.setEnabled(run is not None)
        self._show_nothing(_NO_RUN if run is None else _HINT)

    def set_training(self, training: bool) -> None:
        """Compute nothing while an experiment trains: one network computes at a time."""
        self._may_compute = not training

    def ask_for_file(self) -> None:
        """Ask for a file, and use the run on it."""
        name, _ = QFileDialog.getOpenFileName(self, "Use the run on new data", "", files_filter(ENDINGS))
        if name:
            self.use(name)

    def use(self, path: str) -> None:
        """Predict from the data in a file."""
        run = self.run
        if run is None or self._is_computing:
            return
        if not self._may_compute:
            self._show_nothing(_TRAINS)
            return
        self._file, self._is_computing = path, True
        self._show_nothing(f"Predicting from {Path(path).name} …")
        self._background.submit(lambda: run.evaluate(path), self._then(run, self._take), self._then(run, self._fail))

    def _then(self, run: Run, show: Callable[[object], None]) -> Callable[[object], None]:
        """Return what is done with a result, unless another run is shown by then."""

        def deliver(result: object) -> None:
            self._is_computing = False
            if run is self.run:
                show(result)

        return deliver

    def _take(self, result: object) -> None:
        assert isinstance(result, NewEvaluation)
        assert self.run is not None
        self.result = result
        self.save.setEnabled(True)
        self.summary.setText(summary_of(result, Path(self._file).name))
        left_out = len(result.table) - MAX_ROWS
        more = (
            [f"The first {MAX_ROWS:,} of {len(result.table):,} rows are shown; all are saved."] if left_out > 0 else []
        )
        self.notes.setText(" ".join([*more, *result.notes]))
        self.notes.setVisible(bool(self.notes.text()))
        headers = _OF_FORECASTS if self.run.info.task == "forecast" else {}
        self.rows.show_frame(result.table, self.run.info.frequency, headers)
        self.table.resizeColumnsToContents()

    def _fail(self, error: object) -> None:
        self._show_nothing(str(error) if isinstance(error, RnnStudioError) else _HINT)
        if not isinstance(error, RnnStudioError):
            self.failed.emit(error)

    def _show_nothing(self, text: str) -> None:
        self.result = None
        self.save.setEnabled(False)
        self.summary.setText(text)
        self.notes.hide()
        self.rows.show_frame(None)

    def _save(self) -> None:
        """Ask for a file and save the table."""
        if self.result is None:
            return
        name, decimal = ask_forecast_file(self, "Save predictions", f"{Path(self._file).stem}-predictions.csv")
        try:
            if name:
                self.saved.emit(f"The predictions were saved in {write_table(self.result.table, name, decimal)}.")
        except RnnStudioError as error:
            self.save_failed.emit(str(error))

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Accept a file."""
        if event.mimeData().hasUrls() and self.run is not None:
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """Use the run on a dropped file."""
        self.use(event.mimeData().urls()[0].toLocalFile())


def summary_of(result: NewEvaluation, file: str) -> str:
    """Return the metrics in words, or that the truth is unknown."""
    count = len(result.table)
    rows = f"{file}: {count:,} {'row' if count == 1 else 'rows'} of predictions."
    if not result.metrics:
        return f"{rows} The file does not hold what is predicted, so there are no metrics."
    return f"{rows} {metrics_in_words(result, 'the file')}"
