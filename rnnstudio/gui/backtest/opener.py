"""Opens the backtest of the run that is shown."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QMainWindow

from rnnstudio.gui.appearance import Appearance
from rnnstudio.gui.background import BackgroundThread

if TYPE_CHECKING:
    from rnnstudio.gui.backtest.dialog import BacktestDialog
    from rnnstudio.results.run import Run

_NO_FORECAST = (
    "A backtest needs a run that forecasts: task forecast, or a network that predicts the next value of its own inputs."
)


class BacktestOpener:
    """Opens the dialog of a backtest.

    Args:
        window: The window.
        background: Computes backtests.
        appearance: Knows the theme.
        refuse: Shows a sentence where a run cannot be backtested.

    Attributes:
        dialog: The dialog that is open, or was open last; None before the first one.
    """

    def __init__(
        self, window: QMainWindow, background: BackgroundThread, appearance: Appearance, refuse: Callable[[str], None]
    ) -> None:
        self._window, self._background, self._appearance, self._refuse = window, background, appearance, refuse
        self.dialog: BacktestDialog | None = None

    def open(self, run: Run | None) -> None:
        """Open the backtest of a run."""
        if run is None or not (run.info.task == "forecast" or run.info.autoregressive):
            self._refuse(_NO_FORECAST)
            return
        from rnnstudio.gui.backtest.dialog import BacktestDialog  # loads pyqtgraph

        if self.dialog is not None:
            self.dialog.deleteLater()
        self.dialog = BacktestDialog(run, self._background, self._appearance.theme, self._window)
        self.dialog.open()
