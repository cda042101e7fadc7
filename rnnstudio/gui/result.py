"""The result page of a run: metrics, baselines, classes, and the comparison with the publication."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QLabel, QPushButton, QScrollArea, QVBoxLayout, QWidget

from rnnstudio.core.better_before import BetterBefore
from rnnstudio.core.catalog import RECIPES
from rnnstudio.core.chosen_on_test import mark
from rnnstudio.core.differences import value_text
from rnnstudio.core.experiment import Experiment, schema
from rnnstudio.core.published import differences_from_publication
from rnnstudio.core.published_results import why_not_comparable
from rnnstudio.core.wording import (
    choice_label,
    outcome_label,
    setting_label,
    split_label,
    with_labels,
)
from rnnstudio.gui.plain_text import Heading, PlainLabel, tip
from rnnstudio.gui.result_tables import (
    classes_table,
    metrics_table,
    published_table,
    results_table,
    steps_table,
    targets_table,
)
from rnnstudio.gui.run_heading import RunHeading
from rnnstudio.gui.seeds_table import seeds_table
from rnnstudio.gui.status import duration
from rnnstudio.gui.suggested_settings import SuggestedSettings
from rnnstudio.results.run import Run
from rnnstudio.results.run_as_of import best_update
from rnnstudio.results.run_group import RunGroup

_NO_RUN = "The result of a run appears here after its training. Train an experiment, or double-click a run in the list."

_OF_GROUP = (
    "The pages Forecast and New data, backtests and exported predictions use the mean of the predictions of these "
    "runs. The page Live shows the first run; each one is in the list of runs."
)


class Result(QScrollArea):
    """Metrics, published numbers and warnings of one run."""

    best_requested = Signal()  # show the best weights
    settings_chosen = Signal(
        object, object
    )  # the experiment that was asked for, and the settings to change by flat name

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWidgetResizable(True)
        self._heading: RunHeading | None = None
        self.show_run(None)

    def show_run(self, run: Run | None) -> None:
        """Show the result of a run, or with None that there is none yet."""
        page = QWidget()
        column = QVBoxLayout(page)
        column.setContentsMargins(16, 12, 16, 12)
        if run is None:
            self._heading = None
            hint = PlainLabel(_NO_RUN)
            hint.setAlignment(Qt.AlignmentFlag.AlignCenter)
            column.addWidget(hint, 1)
        else:
            self._add_metrics(column, run)
            self._add_steps(column, run)
            self._add_publication(column, run)
            self._add_results(column, run)
            column.addStretch(1)
        self.setWidget(page)

    def show_group(self, group: RunGroup) -> None:
        """Show mean and spread of runs that differ by seed, and each of them."""
        page = QWidget()
        column = QVBoxLayout(page)
        column.setContentsMargins(16, 12, 16, 12)
        labels = _labels(group.experiment)
        self._add_heading(column, group, f"{group.counted} runs that differ by seed")
        for text in filter(None, [data_sentence(group), *group.conclusions, _OF_GROUP]):
            column.addWidget(_paragraph(text))
        for text in group.warnings:
            column.addWidget(_paragraph(f"⚠ {with_labels(text, labels)}"))
        column.addWidget(Heading("Seeds"))
        column.addWidget(seeds_table(group))
        if group.runs[0].footnote:
            column.addWidget(_paragraph(group.runs[0].footnote))
        column.addStretch(1)
        self.setWidget(page)

    def refresh_name(self) -> bool:
        """Show name and note of the run or group as they are now, and return whether they have changed."""
        return self._heading is not None and self._heading.refresh()

    def _add_heading(self, column: QVBoxLayout, run: Run | RunGroup, rest: str) -> None:
        self._heading = RunHeading(run, rest)
        column.addWidget(self._heading)

    def _add_metrics(self, column: QVBoxLayout, run: Run) -> None:
        history, labels = run.record, _labels(run.experiment)
        outcome, seconds = outcome_label(run.outcome), duration(history.wall_seconds)
        self._add_heading(column, run, f"{outcome} after {history.step:,} updates, {seconds}")
        for text in filter(None, [data_sentence(run), *run.conclusions]):
            column.addWidget(_paragraph(text))
        if run.better_before is not None and best_update(run) is not None:
            column.addWidget(self._best_button(run.better_before), 0, Qt.AlignmentFlag.AlignLeft)
        if suggestions := run.suggestions:
            suggested = SuggestedSettings(run.experiment, suggestions, labels)
            suggested.chosen.connect(lambda settings: self.settings_chosen.emit(run.requested, settings))
            column.addWidget(suggested)
        for text in run.warnings:
            column.addWidget(_paragraph(f"⚠ {with_labels(text, labels)}"))
        column.addWidget(Heading("Metrics"))
        column.addWidget(metrics_table(run))
        if run.footnote:
            column.addWidget(_paragraph(run.footnote))
        if run.class_rows:
            split = run.class_rows[0]["split"]
            marked = mark(f"{split}_accuracy", run.chosen_on_test)
            column.addWidget(Heading("Classes", f" – {split_label(split)}{marked}"))
            column.addWidget(classes_table(run))

    def _best_button(self, before: BetterBefore) -> QPushButton:
        """Return a button that shows the weights of the best evaluation."""
        button = QPushButton("Go to best, which picks on the test set" if before.on_test else "Go to best")
        button.setToolTip(tip(f"Show the plots with the weights of update {before.update:,}"))
        button.clicked.connect(self.best_requested)
        return button

    def _add_steps(self, column: QVBoxLayout, run: Run) -> None:
        if run.target_metrics:
            column.addWidget(Heading("Targets", " – each in its own units"))
            column.addWidget(targets_table(run))
        errors = run.record.step_errors
        if errors is None:
            return
        of_set = split_label(errors.split) + mark(f"{errors.split}_rmse", run.chosen_on_test)
        units = ", in scaled units" if errors.scaled else f", in {run.info.unit}" if run.info.unit else ""
        column.addWidget(Heading("Error by step ahead", f" – {of_set}{units}"))
        column.addWidget(steps_table(errors))

    def _add_publication(self, column: QVBoxLayout, run: Run) -> None:
        if not run.published:
            return
        recipe = RECIPES.get(run.experiment.recipe)
        column.addWidget(Heading("Compared with the publication", f" – {recipe.publication}"))
        differences = _differences(run.experiment)
        if differences:
            text = f"⚠ Settings differ from the publication, so the numbers may differ too: {', '.join(differences)}"
            column.addWidget(_paragraph(text))
        column.addWidget(published_table(run))
        if any(row["run"] is None for row in run.published):
            column.addWidget(_paragraph("–  the run ended earlier, or has no evaluation at this update"))
        _add_remarks(column, run)

    def _add_results(self, column: QVBoxLayout, run: Run) -> None:
        if run.published_results:
            column.addWidget(Heading("Compared with published results", " – on the same test set"))
            column.addWidget(results_table(run))
        elif sentence := why_not_comparable(run.experiment):
            column.addWidget(_paragraph(with_labels(sentence, _labels(run.experiment))))
        else:
            return
        _add_remarks(column, run)


def data_sentence(run: Run | RunGroup) -> str:
    """Return the file of a run or group, and what is predicted from what; empty where it has none."""
    file = Path(getattr(run.experiment.data, "file", "")).name
    return f"{file}: {run.info.roles_text}." if file and run.info.roles_text else file


def _add_remarks(column: QVBoxLayout, run: Run) -> None:
    for remark in RECIPES.get(run.experiment.recipe).remarks:
        column.addWidget(_paragraph(f"• {with_labels(remark, _labels(run.experiment))}"))


def _differences(experiment: Experiment) -> list[str]:
    """Return the settings that differ from the publication, with their labels in the form."""
    labels, texts = _labels(experiment), []
    for difference in differences_from_publication(experiment):
        name = difference.name
        label = labels.get(name) or setting_label(name)
        start, value = (choice_label(name, value_text(value)) for value in (difference.start, difference.value))
        texts.append(f"{label} {start} → {value}")
    return texts


def _labels(experiment: Experiment) -> dict[str, str]:
    """Return the labels of all settings of an experiment by flat name."""
    return {name: field.label for name, field in schema(experiment.data.dataset, experiment.model.cell).items()}


def _paragraph(text: str) -> QLabel:
    label = PlainLabel(text)
    label.setWordWrap(True)
    return label
