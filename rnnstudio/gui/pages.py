"""The tabs in the middle of the window: live plots and result."""

from __future__ import annotations

from PySide6.QtWidgets import QTabWidget

from rnnstudio.gui.live import Live
from rnnstudio.gui.result import Result
from rnnstudio.gui.theme import Theme


class Pages(QTabWidget):
    """The pages of one run.

    Attributes:
        live: The plots.
        result: The metrics.
    """

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.live = Live(theme)
        self.result = Result()
        self.addTab(self.live, "Live")
        self.addTab(self.result, "Result")
