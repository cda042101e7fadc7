"""The settings that may help a run, with a button that puts them into the form."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QWidget

from rnnstudio.core.advice import Suggestion
from rnnstudio.core.experiment import Experiment, schema
from rnnstudio.core.wording import setting_label
from rnnstudio.gui.labels import value_label
from rnnstudio.gui.plain_text import PlainLabel


class SuggestedSettings(QWidget):
    """Lists suggestions, each with its settings, beside one button for all of them.

    Args:
        experiment: The experiment of the run, whose values the suggestions change.
        suggestions: At least one.
        labels: Labels of settings by flat name.
    """

    chosen = Signal(object)  # Mapping[str, Any]: all suggested settings by flat name

    def __init__(
        self,
        experiment: Experiment,
        suggestions: Sequence[Suggestion],
        labels: Mapping[str, str],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        settings = {name: value for suggestion in suggestions for name, value in suggestion.settings.items()}
        text = PlainLabel(
            "\n".join(["These settings may help:", *(suggestion_text(s, experiment, labels) for s in suggestions)])
        )
        text.setWordWrap(True)
        button = QPushButton("Use these settings")
        button.setToolTip("Put the settings of this run, with these changes, into the form for the next run")
        button.clicked.connect(lambda: self.chosen.emit(settings))
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(text, 1)
        row.addWidget(button, 0, Qt.AlignmentFlag.AlignTop)


def suggestion_text(suggestion: Suggestion, experiment: Experiment, labels: Mapping[str, str]) -> str:
    """Return a suggestion with its changes, such as "• Window 24 → 48: Read two whole seasons in each window."."""
    values, changes = experiment.flat(), []
    fields = schema(experiment.data.dataset, experiment.model.cell)
    for name, value in suggestion.settings.items():
        before, after = (value_label(fields[name], v) for v in (values[name], value))
        changes.append(f"{labels.get(name) or setting_label(name)} {before} → {after}")
    return f"• {', '.join(changes)}: {suggestion.reason}"
