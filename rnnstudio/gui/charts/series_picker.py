"""The row above a plot of several series: which of them is drawn."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QSignalBlocker, Signal
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QWidget

from rnnstudio.core.data_info import DataInfo
from rnnstudio.core.predictions import Predictions, SeriesPredictions, SeveralSeriesPredictions
from rnnstudio.gui.plain_text import PlainLabel, tip


class SeriesPicker(QWidget):
    """Chooses one of several series or targets; hidden where there is only one.

    Attributes:
        chosen: Emitted with the index that the user chooses.
        box: The names of the series.
    """

    chosen = Signal(int)

    def __init__(self) -> None:
        super().__init__()
        self.box = QComboBox()
        self.box.setAccessibleName("Series")
        self.box.setToolTip("The series that is drawn. The metrics are those of all series together.")
        self.box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.box.setMinimumContentsLength(12)
        self.box.currentIndexChanged.connect(self.chosen)
        self._names: tuple[str, ...] = ()
        row = QHBoxLayout(self)
        row.setContentsMargins(8, 2, 8, 0)
        self._title = PlainLabel("Series")
        row.addWidget(self._title)
        row.addWidget(self.box, 1)
        self.show_names(())

    @property
    def index(self) -> int:
        """Index of the series that is drawn; 0 where there is only one."""
        return max(0, self.box.currentIndex())

    @property
    def name(self) -> str:
        """Name of the series that is drawn; empty where there is only one."""
        return self._names[self.index] if self._names else ""

    @property
    def title(self) -> str:
        """What is chosen: Series, or Target."""
        return self._title.text()

    def show_names(self, names: Sequence[str]) -> None:
        """Show the names of a run's series; the first one is drawn, unless they are the same as before."""
        if tuple(names) != self._names:
            self._names = tuple(names)
            with QSignalBlocker(self.box):
                self.box.clear()
                self.box.addItems([name or "(empty)" for name in names])
        self.setVisible(bool(names))

    def choose(self, index: int) -> None:
        """Choose a series, as the user does."""
        self.box.setCurrentIndex(index)

    def show_info(self, info: DataInfo | None, predictions: Predictions | None) -> None:
        """Show the names of what one is drawn of: several series or several targets.

        Args:
            info: The data; None where unknown.
            predictions: The predictions; those that earlier versions saved hold the first of several targets only.
        """
        names = () if info is None else info.drawn_names
        is_first_only = info is not None and not info.series and isinstance(predictions, SeriesPredictions)
        self.show_names(() if is_first_only else names)
        title = "Target" if info is not None and not info.series and names else "Series"
        self._title.setText(title)
        self.box.setAccessibleName(title)
        self.box.setToolTip(tip(f"The {title.lower()} that is drawn. The metrics are those of all together."))

    def one_of(self, predictions: Predictions | None) -> Predictions | None:
        """Return the predictions of the chosen series; those of other data unchanged."""
        return predictions.one(self.index) if isinstance(predictions, SeveralSeriesPredictions) else predictions
