"""A run's figures: beside the naive answer, and beside what the work published."""

from __future__ import annotations

from collections.abc import Mapping
from math import isnan

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHeaderView, QLabel, QScrollArea, QTableWidget, QTableWidgetItem, QVBoxLayout, QWidget

from rnnstudio.core.baselines import compare_with_baseline
from rnnstudio.core.catalog import RECIPES
from rnnstudio.core.confusion import confusion, per_class
from rnnstudio.core.predictions import ClassPredictions
from rnnstudio.core.published import differences_from_publication
from rnnstudio.gui.charts.axes import percent
from rnnstudio.gui.plots.confusion import part_looked_at
from rnnstudio.gui.status import duration
from rnnstudio.results.run import Run

_MEANING = {
    "train_loss": "mean loss of the last updates",
    "train_accuracy": "share of right classes in the last updates",
    "test_loss": "loss on the test part, in the network's units",
    "val_loss": "loss on the validation part, in the network's units",
    "test_rmse": "root mean squared error",
    "test_mae": "mean absolute error",
    "test_accuracy": "share of right classes on the test part",
    "best_test_loss": "lowest loss on the test part at any look",
    "best_val_loss": "lowest loss on the validation part at any look",
    "best_update": "updates done at that look",
    "val_accuracy": "share of right classes on the validation part",
    "val_rmse": "root mean squared error on the validation part",
    "val_mae": "mean absolute error on the validation part",
    "test_macro_f1": "mean of the classes' F1: rare classes count as much as frequent ones",
    "val_macro_f1": "the same on the validation part",
    "skill": "1: perfect; 0: like the best naive answer; below: worse",
}
_CLASS_TIPS = {
    "sequences": "How many are of this class.",
    "recall": "Share of this class that was found: told to be of it.",
    "precision": "Share of what was told to be of this class that is of it.",
    "F1": "Harmonic mean of recall and precision.",
    "most often taken for": "The wrong class that was told most often.",
}
_PARTS = {"test": "test part", "val": "validation part", "train": "training part"}


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
        for sentence in [verdict(run), *(f"⚠ {warning}" for warning in run.warnings)]:
            if sentence:
                column.addWidget(_wrapping(sentence))
        column.addWidget(QLabel("<b>Figures</b>"))
        column.addWidget(_figures(run))
        if isinstance(run.record.predictions, ClassPredictions):
            column.addWidget(QLabel(f"<b>Class by class</b> – {part_looked_at(run.record)}"))
            column.addWidget(_classes(run))
        if run.published:
            column.addWidget(QLabel(f"<b>Beside the work</b> – {RECIPES.get(run.experiment.recipe).publication}"))
            changed = differences_from_publication(run.experiment)
            if changed:
                told = ", ".join(map(str, changed))
                column.addWidget(_wrapping(f"⚠ Settings differ from the work, so the numbers need not match: {told}"))
            column.addWidget(_published(run))
            if any(row["run"] is None for row in run.published):
                column.addWidget(_wrapping("–  the run did not get there, or did not look at the test part then"))
            for remark in RECIPES.get(run.experiment.recipe).remarks:
                column.addWidget(_wrapping(f"• {remark}"))
        column.addStretch(1)
        self.setWidget(page)


def verdict(run: Run) -> str:
    """Return in words how good a run is beside the naive answer that is hardest to beat; empty where none is known."""
    comparison = compare_with_baseline(run.metrics, run.baseline)
    if comparison is None:
        return ""
    tell = _right if comparison.measure == "accuracy" else _error
    method = comparison.baseline.replace("_", " ")
    return tell(run, comparison.value, comparison.baseline_value, method, _PARTS[comparison.split])


def _right(run: Run, share: float, naive: float, method: str, where: str) -> str:
    less = "no fewer" if share <= naive else f"{percent((share - naive) / (1 - naive), 0)} fewer"
    method = "Always the most frequent class" if method == "majority class" else f"The naive answer ({method})"
    return (
        f"{percent(share)} of the {where} were told rightly. {method} would be right in {percent(naive)}: "
        f"the network makes {less} mistakes."
    )


def _error(run: Run, rmse: float, naive: float, method: str, where: str) -> str:
    unit = f" {run.info.unit}" if run.info.unit else ""
    less = f"{percent(1 - rmse / naive, 0)} less" if rmse < naive else "no less"
    return (
        f"On the {where} the network errs by {rmse:.4g}{unit} (RMSE), {less} than the naive answer that is hardest to "
        f"beat ({method}: {naive:.4g}{unit})."
    )


def _wrapping(text: str) -> QLabel:
    label = QLabel(text)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setWordWrap(True)
    return label


def _classes(run: Run) -> QTableWidget:
    names, predictions = run.info.classes, run.record.predictions
    assert isinstance(predictions, ClassPredictions)
    counts = confusion(predictions, len(names))
    found, wrong = per_class(counts), counts.copy()
    wrong[range(len(names)), range(len(names))] = 0
    rows = []
    for i, name in enumerate(names):
        shares = ["–" if isnan(x) else percent(x) for x in (found.recall[i], found.precision[i], found.f1[i])]
        taken = int(wrong[i].argmax())
        often = f"{names[taken]} ({wrong[i, taken]:,} of {found.count[i]:,})" if wrong[i, taken] else "–"
        rows.append([name, f"{found.count[i]:,}", *shares, often])
    return _table(["class", "sequences", "recall", "precision", "F1", "most often taken for"], rows, _CLASS_TIPS)


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
    """Return the work's figures beside the run's, a row per update at which the work printed any."""
    found = {(row["metric"], row["update"]): row for row in run.published}
    metrics = list(dict.fromkeys(metric for metric, _ in found))
    rows = []
    for update in sorted({update for _, update in found}):
        line = [f"{update:,}"]
        for metric in metrics:
            row = found.get((metric, update))
            work = _number(row["published"], metric) if row else ""
            line += [work, "" if row is None else "–" if row["run"] is None else _number(row["run"], metric)]
        rows.append(line)
    heads = [f"{metric}, {whose}" for metric in metrics for whose in ("the work", "this run")]
    return _table(["update", *heads], rows)


def _number(value: float, name: str) -> str:
    if name.endswith(("accuracy", "macro_f1")):
        return percent(value, 2)
    return f"{value:,.0f}" if name.endswith("update") else f"{value:.4g}"


def _table(header: list[str], rows: list[list[str]], tips: Mapping[str, str] | None = None) -> QTableWidget:
    words = header[-1] in ("what it is", "most often taken for")  # a last column that is read, not compared
    table = QTableWidget(len(rows), len(header))
    for j, name in enumerate(header):
        head = QTableWidgetItem(name)
        head.setToolTip((tips or {}).get(name, ""))
        table.setHorizontalHeaderItem(j, head)
    table.verticalHeader().hide()
    table.setEditTriggers(QTableWidget.EditTrigger.NoEditTriggers)
    table.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
    for i, row in enumerate(rows):
        for j, text in enumerate(row):
            item = QTableWidgetItem(text)
            if 0 < j < len(header) - words:
                item.setTextAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
            table.setItem(i, j, item)
    table.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
    table.horizontalHeader().setStretchLastSection(words)
    if not words:
        columns = table.horizontalHeader()
        wide = [max(table.sizeHintForColumn(j), columns.sectionSizeHint(j)) for j in range(len(header))]
        table.setMaximumWidth(sum(wide) + 4)
    table.verticalHeader().setDefaultSectionSize(24)
    table.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    table.setFixedHeight(24 * len(rows) + table.horizontalHeader().sizeHint().height() + 4)
    return table
