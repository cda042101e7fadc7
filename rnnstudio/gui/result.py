"""A run's figures: beside the naive answer, and beside what the work published."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHeaderView, QLabel, QScrollArea, QTableWidget, QTableWidgetItem, QVBoxLayout, QWidget

from rnnstudio.core.catalog import RECIPES
from rnnstudio.core.published import differences
from rnnstudio.gui.status import duration
from rnnstudio.results.run import Run

_MEANING = {
    "train_loss": "mean loss of the last updates",
    "train_accuracy": "share of right classes in the last updates",
    "test_loss": "loss on the test part, in the network's units",
    "valid_loss": "loss on the validation part, in the network's units",
    "test_rmse": "root mean squared error",
    "test_mae": "mean absolute error",
    "test_accuracy": "share of right classes on the test part",
    "best_test_loss": "lowest loss on the test part at any look",
    "best_valid_loss": "lowest loss on the validation part at any look",
    "best_update": "updates done at that look",
    "skill": "0: no better than the best naive answer; 1: perfect",
}


class Result(QScrollArea):
    """Figures, published numbers and warnings of one run."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWidgetResizable(True)
        self.show_run(None)

    def show_run(self, run: Run | None) -> None:
        """Show a run's figures, or with None that there are none yet."""
        page = QWidget()
        column = QVBoxLayout(page)
        column.setContentsMargins(16, 12, 16, 12)
        if run is None:
            hint = QLabel(
                "The figures stand here when a run has ended. Train one, or double-click one in the list of runs."
            )
            hint.setAlignment(Qt.AlignmentFlag.AlignCenter)
            column.addWidget(hint, 1)
            self.setWidget(page)
            return
        log = run.record
        ended = run.outcome.replace("_", " ")
        name = run.name or "Run (not saved)"
        column.addWidget(QLabel(f"<h3>{name} – {ended} after {log.step:,} updates, {duration(log.wall_seconds)}</h3>"))
        for warning in run.warnings:
            note = QLabel(f"⚠ {warning}")
            note.setWordWrap(True)
            column.addWidget(note)
        column.addWidget(QLabel("<b>Figures</b>"))
        column.addWidget(_figures(run))
        if run.published:
            column.addWidget(QLabel(f"<b>Beside the work</b> – {RECIPES.get(run.experiment.recipe).work}"))
            changed = differences(run.experiment)
            if changed:
                note = QLabel(f"⚠ Settings differ from the work, so the numbers need not match: {', '.join(changed)}")
                note.setWordWrap(True)
                column.addWidget(note)
            column.addWidget(_published(run))
            for remark in RECIPES.get(run.experiment.recipe).remarks:
                note = QLabel(f"• {remark}")
                note.setWordWrap(True)
                column.addWidget(note)
        column.addStretch(1)
        self.setWidget(page)


def _figures(run: Run) -> QTableWidget:
    methods = list(run.baseline)
    names = [f"naive: {m.replace('_', ' ')}" for m in methods]
    rows = []
    for name, value in run.metrics.items():
        unit = f" {run.info.unit}" if name.endswith(("rmse", "mae")) and run.info.unit else ""
        naive = [_number(run.baseline[m][name], name) if name in run.baseline[m] else "" for m in methods]
        rows.append([name, _number(value, name) + unit, *naive, _MEANING.get(name, "")])
    return _table(["figure", "this run", *names, "what it is"], rows)


def _published(run: Run) -> QTableWidget:
    rows = [
        [
            row["metric"],
            f"{row['update']:,}",
            f"{row['published']:g}",
            "–" if row["run"] is None else f"{row['run']:.4g}",
        ]
        for row in run.published
    ]
    return _table(["figure", "update", "published", "this run"], rows)


def _number(value: float, name: str) -> str:
    if name.endswith("accuracy"):
        return f"{value:.2%}"
    return f"{value:,.0f}" if name.endswith("update") else f"{value:.4g}"


def _table(header: list[str], rows: list[list[str]]) -> QTableWidget:
    table = QTableWidget(len(rows), len(header))
    table.setHorizontalHeaderLabels(header)
    table.verticalHeader().hide()
    table.setEditTriggers(QTableWidget.EditTrigger.NoEditTriggers)
    table.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
    for i, row in enumerate(rows):
        for j, text in enumerate(row):
            item = QTableWidgetItem(text)
            if 0 < j < len(header) - (header[-1] == "what it is"):
                item.setTextAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
            table.setItem(i, j, item)
    table.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
    table.horizontalHeader().setStretchLastSection(header[-1] == "what it is")
    table.verticalHeader().setDefaultSectionSize(24)
    table.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    table.setFixedHeight(24 * len(rows) + table.horizontalHeader().sizeHint().height() + 4)
    return table
