"""What every picture is: a widget that can draw a run's experiment and history at any moment."""

from __future__ import annotations

from typing import ClassVar

from PySide6.QtWidgets import QWidget

from rnnstudio.core.experiment import Experiment
from rnnstudio.core.history import History
from rnnstudio.gui.theme import LIGHT, Theme


class Picture(QWidget):
    """One question about a run, answered by drawing.

    A subclass lives in a file of its own in this package and names itself with `@picture`.

    Attributes:
        name: What users type after `--kind`.
        title: What its panel is called.
    """

    name: ClassVar[str]
    title: ClassVar[str]

    def __init__(self, theme: Theme = LIGHT, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.theme = theme

    @classmethod
    def suits(cls, experiment: Experiment) -> bool:
        """Return whether runs of this experiment have such a picture."""
        return True

    def begin(self, experiment: Experiment) -> None:
        """Forget what was drawn and get ready for a run of this experiment."""
        raise NotImplementedError

    def show_history(self, history: History) -> None:
        """Draw the run as it stands; called about 20 times a second while it trains, so: cheap, and only what changed."""
        raise NotImplementedError

    def set_theme(self, theme: Theme) -> None:
        """Change the colours."""
        raise NotImplementedError
