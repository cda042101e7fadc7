"""The tabs in the middle of the window: data, live plots and result."""

from __future__ import annotations

from PySide6.QtWidgets import QTabWidget

from rnnstudio.gui.data_page.page import DataPage
from rnnstudio.gui.live import Live
from rnnstudio.gui.result import Result
from rnnstudio.gui.theme import Theme


class Pages(QTabWidget):
    """The pages of the data in the form, and of one run.

    Args:
        data: The data before a training.
        theme: Colours of the plots.

    Attributes:
        data: The data before a training.
        live: The plots.
        result: The metrics.
    """

    def __init__(self, data: DataPage, theme: Theme) -> None:
        super().__init__()
        self.data = data
        self.live = Live(theme)
        self.result = Result()
        self.addTab(self.data, "Data")
        self.addTab(self.live, "Live")
        self.addTab(self.result, "Result")

    def set_theme(self, theme: Theme) -> None:
        """Change the colours of the plots."""
        self.data.set_theme(theme)
        self.live.set_theme(theme)
