"""The controls of the forecast page: steps or last date, newer data, series and value, and what is saved."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from PySide6.QtCore import QDate, QEvent, QObject, QSignalBlocker, Signal
from PySide6.QtWidgets import QComboBox, QDateEdit, QHBoxLayout, QPushButton, QSpinBox, QToolButton, QWidget

from rnnstudio.gui.plain_text import PlainLabel

_MAX_STEPS = 10_000
_SHORT = 30  # characters of the name of a file


class StepsBox(QSpinBox):
    """The number of steps: a click selects it, so that what is typed replaces it, and each digit counts at once."""

    def __init__(self) -> None:
        super().__init__()
        self.setRange(1, _MAX_STEPS)
        self.setAccessibleName("Steps to forecast")
        self.lineEdit().installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Select the number at a click that selects no part of it."""
        if event.type() == QEvent.Type.MouseButtonRelease and not self.lineEdit().hasSelectedText():
            self.selectAll()
        return super().eventFilter(watched, event)


class ForecastControls(QWidget):
    """One row of controls above chart and table.

    Args:
        refit: The button that trains on all rows.

    Attributes:
        steps: Number of steps.
        until: The last date; hidden where the dates of the steps are unknown.
        newer: Asks for newer data.
        save: Saves the forecast.
    """

    steps_changed = Signal()
    until_changed = Signal(object)  # datetime.date
    newer_wanted = Signal()
    newer_dropped = Signal()  # the data of the training again
    save_wanted = Signal()
    shown_changed = Signal()  # series or value

    def __init__(self, refit: QWidget) -> None:
        super().__init__()
        self.steps = StepsBox()
        self.steps.valueChanged.connect(self.steps_changed)
        self._to = PlainLabel("up to")
        self.until = QDateEdit()
        self.until.setCalendarPopup(True)
        self.until.setKeyboardTracking(False)
        self.until.setDisplayFormat("yyyy-MM-dd")
        self.until.setAccessibleName("Last date to forecast")
        self.until.dateChanged.connect(lambda date: self.until_changed.emit(date.toPython()))
        self.newer = QPushButton("Newer data …")
        self.newer.setToolTip(
            "Continue newer data instead of the data of the training; a file can be dropped here, too"
        )
        self.newer.clicked.connect(self.newer_wanted)
        self._clear = QToolButton()
        self._clear.setText("✕")
        self._clear.setAutoRaise(True)
        self._clear.setToolTip("Continue the data of the training again")
        self._clear.setAccessibleName("Continue the data of the training")
        self._clear.clicked.connect(self.newer_dropped)
        self.series, self.column = QComboBox(), QComboBox()
        for box, name in ((self.series, "Series in the chart"), (self.column, "Value in the chart")):
            box.setAccessibleName(name)
            box.currentIndexChanged.connect(self.shown_changed)
        self.save = QPushButton("Save forecast …")
        self.save.setToolTip("Save the table as CSV or Excel")
        self.save.clicked.connect(self.save_wanted)
        row = QHBoxLayout(self)
        row.setContentsMargins(8, 6, 8, 2)
        self.steps_label = PlainLabel("Steps")
        self.steps_label.setBuddy(self.steps)
        for widget in (self.steps_label, self.steps, self._to, self.until, self.newer, self._clear):
            row.addWidget(widget)
        row.addStretch(1)
        row.addWidget(refit)
        row.addWidget(self.series)
        row.addWidget(self.column)
        row.addWidget(self.save)
        self.show_newer("")
        self.show_until(None)

    def show_steps(self, steps: int) -> None:
        """Show a number of steps, without reporting it."""
        with QSignalBlocker(self.steps):
            self.steps.setValue(steps)

    def show_until(self, stamp: np.datetime64 | None) -> None:
        """Show the date of the last step, without reporting it; None where it is unknown."""
        for widget in (self._to, self.until):
            widget.setVisible(stamp is not None)
        if stamp is not None:
            day = stamp.astype("datetime64[D]").item()
            with QSignalBlocker(self.until):
                self.until.setDate(QDate(day.year, day.month, day.day))

    def show_newer(self, name: str) -> None:
        """Show the name of newer data; empty for those of the training."""
        short = name if len(name) <= _SHORT else f"{name[: _SHORT - 1]}…"
        self.newer.setText(f"After {short}" if name else "Newer data …")
        self._clear.setVisible(bool(name))

    def show_choices(self, series: Sequence[str], columns: Sequence[str]) -> None:
        """Offer the series and values that the chart can show; hidden where there is one."""
        for box, names in ((self.series, series), (self.column, columns)):
            with QSignalBlocker(box):
                box.clear()
                box.addItems(list(names))
            box.setVisible(len(names) > 1)
