"""The page of the data before a training: what was read in words, and as a plot, which follows the form."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QSignalBlocker, Qt, QTimer, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from rnnstudio.core.errors import SettingError
from rnnstudio.core.experiment import Experiment
from rnnstudio.core.missing import count_of
from rnnstudio.gui.background import BackgroundThread
from rnnstudio.gui.data_page.loader import DataLoader, LoadedData
from rnnstudio.gui.data_page.notes_label import NotesLabel
from rnnstudio.gui.data_page.plotted_series import PlottedSeries, input_names
from rnnstudio.gui.data_page.sequences_chart import SequencesChart
from rnnstudio.gui.data_page.series_chart import SeriesChart
from rnnstudio.gui.panel import Panel
from rnnstudio.gui.plain_text import PlainLabel
from rnnstudio.gui.theme import Theme
from rnnstudio.results.data_reader import DataReader, DataView
from rnnstudio.results.data_summary import sample_name, sequence_lengths

_NO_DATA = (
    "Choose a recipe or a data set on the left, or open a file (Ctrl+O): its data appear here before the training."
)
_NO_FILE = "Choose a file on the left, or open one (Ctrl+O): its data appear here before the training."

_LAYOUT_MS = 10  # after which new data are painted: before, Qt lays out what has become visible
_REST_MS = 50  # after a change in the form, which may be followed by another one


class DataPage(QWidget):
    """Shows the data of the experiment in the form; they are loaded only while the page is visible.

    Args:
        chart: The plot of a series.
        reader: Reads the data.
        thread: Where they are read.
        message_of: Returns the text of an error with the labels of the form.

    Attributes:
        failed: Emitted with an unexpected error.
        save_failed: Emitted with a message when a plot cannot be saved.
        resolved: Emitted with the DataView of the data that are shown.
        chart: The plot of a series.
        sequences: The plot of separate sequences.
    """

    failed = Signal(object)
    save_failed = Signal(str)
    resolved = Signal(object)

    def __init__(
        self,
        chart: SeriesChart,
        reader: DataReader,
        thread: BackgroundThread,
        message_of: Callable[[BaseException | str], str],
    ) -> None:
        super().__init__()
        self.setAutoFillBackground(True)  # a page of tabs would be drawn in another colour than the other pages
        self._message_of = message_of
        self._experiment: Experiment | None = None
        self._view: DataView | None = None
        self._reading: tuple[str, str] | None = None
        self._drawn: object = None
        self._plotted: PlottedSeries | None = None
        self._loader = DataLoader(reader, thread, self)
        self._loader.loaded.connect(self._show)
        self._loader.failed.connect(self._show_failure)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._load)
        self._summary, self._problem, self._notes = PlainLabel(_NO_DATA), PlainLabel(), NotesLabel()
        self._series, self._below = QComboBox(), QComboBox()
        self._choices = QWidget()
        self.chart, self.sequences = chart, SequencesChart(chart.theme)
        self._stack = QStackedWidget()
        self._series_panel, self._sequences_panel = Panel(self.chart, self), Panel(self.sequences, self)
        for panel in (self._series_panel, self._sequences_panel):
            panel.failed.connect(self.save_failed)
            self._stack.addWidget(panel)
        self._series_panel.add_control(self._choices)
        self._sequences_panel.add_control(self.sequences.controls)
        self._lay_out()
        self._series.currentIndexChanged.connect(lambda _: self._choose())
        self._below.currentIndexChanged.connect(lambda _: self._choose())

    @property
    def is_busy(self) -> bool:
        """Whether data are being loaded."""
        return self._loader.is_busy or self._timer.isActive()

    @property
    def summary(self) -> str:
        """What is said about the data."""
        return self._summary.text()

    @property
    def notes(self) -> str:
        """What was assumed; empty where nothing was."""
        return "\n".join(self._notes.notes)

    @property
    def problem(self) -> str:
        """Why the experiment could not be trained on them; empty where it can."""
        return self._problem.text()

    def _lay_out(self) -> None:
        self._notes.setAccessibleName("What was assumed")
        for label, name in ((self._summary, "What was read"), (self._problem, "What prevents a training")):
            label.setWordWrap(True)
            label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            label.setAccessibleName(name)
        self._problem.setObjectName("problem")
        self._problem.hide()
        row = QHBoxLayout(self._choices)
        row.setContentsMargins(16, 0, 0, 0)
        self._labels = {self._series: PlainLabel("Series"), self._below: PlainLabel("Input below")}
        for box, label in self._labels.items():
            label.setBuddy(box)
            box.setAccessibleName(label.text())
            box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
            box.setMinimumContentsLength(16)
            row.addWidget(label)
            row.addWidget(box)
        self._choices.hide()
        column = QVBoxLayout(self)
        column.setContentsMargins(8, 6, 8, 6)
        column.setSpacing(4)
        for widget in (self._summary, self._notes, self._problem):
            column.addWidget(widget)
        column.addWidget(self._stack, 1)
        column.addStretch(0)
        self._stack.hide()

    def set_theme(self, theme: Theme) -> None:
        """Change the colours."""
        self.chart.set_theme(theme)
        self.sequences.set_theme(theme)

    def show_experiment(self, experiment: Experiment) -> None:
        """Show the data of an experiment, now or once the page is visible."""
        self._experiment = experiment
        if self.isVisible():
            self._timer.start(_REST_MS if self._view else 0)

    def showEvent(self, event: QShowEvent) -> None:
        """Load what was chosen while this was hidden."""
        super().showEvent(event)
        self._timer.start(0)  # not at once: a click that also starts a training shows another page

    def _load(self) -> None:
        experiment, shown = self._experiment, self._view.experiment if self._view else None
        if experiment is None or not self.isVisible() or (experiment is shown and not self.is_busy):
            return
        if shown is not None and _source(experiment) == _source(shown):
            self._loader.load(experiment, max(0, self._series.currentIndex()), self._below.currentText())
            return
        if self._reading != _source(experiment):
            self._clear("Reading …")
            self._reading = _source(experiment)
        self._loader.load(experiment)

    def _choose(self) -> None:
        """Draw another series or another input."""
        if self._view is not None:
            experiment = self._experiment or self._view.experiment
            self._loader.load(experiment, max(0, self._series.currentIndex()), self._below.currentText())

    def _clear(self, message: str) -> None:
        """Show nothing of the data before."""
        self._view = self._reading = self._plotted = None
        self.chart.clear(message)
        self.sequences.clear(message)
        self._stack.setCurrentWidget(self._series_panel)
        self._stack.show()
        self._choices.hide()
        self._summary.setText("")
        self._notes.show_notes(())
        self._problem.setText("")
        self._problem.hide()

    def _show(self, loaded: LoadedData) -> None:
        """Show data; they are painted once, when all is laid out."""
        is_drawn = loaded.plotted is not None and loaded.plotted is self._plotted
        if not is_drawn:
            self.setUpdatesEnabled(False)
            QTimer.singleShot(_LAYOUT_MS, self, lambda: self.setUpdatesEnabled(True))
        before, view = self._view, loaded.view
        self._view = view
        self.resolved.emit(view)
        is_without_file = isinstance(view.problem, SettingError) and view.problem.field == "file"
        self._summary.setText(_NO_FILE if is_without_file else loaded.summary)
        self._problem.setText(self._message_of(view.problem) if view.problem and not is_without_file else "")
        self._problem.setVisible(bool(self.problem))
        data, plotted = view.data, loaded.plotted
        notes = data.notes if data is not None and view.has_windows else ()
        self._notes.show_notes([self._message_of(note) for note in notes])
        self._stack.setVisible(data is not None)
        self._choices.setVisible(plotted is not None)
        if data is None:
            return
        if plotted is None:
            self._plotted = None
            self._stack.setCurrentWidget(self._sequences_panel)
            self.sequences.show_sequences(data, sample_name(view))
            return
        self._stack.setCurrentWidget(self._series_panel)
        lengths, noun = sequence_lengths(data), sample_name(view)
        series = [f"{name} ({count_of(int(length), noun)})" for name, length in zip(data.series, lengths, strict=False)]
        chosen = max(0, self._series.currentIndex()) if before is not None else 0
        below = plotted.quantities[1].name if len(plotted.quantities) > 1 else ""
        self._list(self._series, series, min(chosen, len(series) - 1))
        inputs = input_names(data)
        self._list(self._below, inputs, inputs.index(below) if below else -1)
        self._choices.setVisible(bool(series or inputs))
        key = plotted.data.inputs.shape[1], data.series, chosen
        if not is_drawn:
            self.chart.show_series(plotted, keep_view=before is not None and key == self._drawn)
        self._drawn, self._plotted = key, plotted

    def _list(self, box: QComboBox, names: list[str], index: int) -> None:
        """List names to choose from, with the chosen one."""
        with QSignalBlocker(box):
            if [box.itemText(i) for i in range(box.count())] != names:
                box.clear()
                box.addItems(names)
            box.setCurrentIndex(index)
        box.setVisible(bool(names))
        self._labels[box].setVisible(bool(names))

    def _show_failure(self, error: BaseException) -> None:
        self._clear("The data cannot be shown.")
        self.failed.emit(error)


def _source(experiment: Experiment) -> tuple[str, str]:
    """Return what decides whether data are new ones: their data set and file."""
    return experiment.data.dataset, str(getattr(experiment.data, "file", ""))
