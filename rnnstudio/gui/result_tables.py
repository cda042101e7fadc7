"""The tables of the result page: metrics, classes, and the comparison with the publication."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHeaderView, QTableWidget, QTableWidgetItem

from rnnstudio.core.chosen_on_test import mark
from rnnstudio.core.published_results import result_rows
from rnnstudio.core.step_errors import StepErrors
from rnnstudio.core.wording import baseline_label, metric_label
from rnnstudio.gui.charts.numbers import percent
from rnnstudio.gui.plain_text import tip
from rnnstudio.results.run import Run

_ROW_HEIGHT = 24  # pixels
_LOSSES = {"mse": "squared error", "mae": "absolute error", "huber": "Huber loss"}
_DESCRIPTIONS = {
    "train_loss": "mean {loss} of the last updates",
    "train_accuracy": "mean accuracy of the last updates",
    "test_loss": "mean {loss} on the test set",
    "val_loss": "mean {loss} on the validation set",
    "test_rmse": "root mean squared error, test set",
    "val_rmse": "root mean squared error, validation set",
    "test_mae": "mean absolute error, test set",
    "val_mae": "mean absolute error, validation set",
    "test_scaled_mse": "mean squared error of all targets in standard deviations, test set",
    "val_scaled_mse": "mean squared error of all targets in standard deviations, validation set",
    "test_scaled_mae": "mean absolute error of all targets in standard deviations, test set",
    "val_scaled_mae": "mean absolute error of all targets in standard deviations, validation set",
    "test_accuracy": "share of correct predictions, test set",
    "val_accuracy": "share of correct predictions, validation set",
    "test_balanced_accuracy": "mean recall of the classes that occur, test set",
    "val_balanced_accuracy": "mean recall of the classes that occur, validation set",
    "test_roc_auc": "1: scores separate the two classes; 0.5: chance; test set",
    "val_roc_auc": "1: scores separate the two classes; 0.5: chance; validation set",
    "test_average_precision": "mean precision over recall of {positive}, test set",
    "val_average_precision": "mean precision over recall of {positive}, validation set",
    "test_macro_f1": "mean F1 of all classes with equal weight, test set",
    "val_macro_f1": "mean F1 of all classes with equal weight, validation set",
    "best_test_loss": "lowest test loss of all evaluations of trained weights",
    "best_val_loss": "lowest validation loss of all evaluations of trained weights",
    "best_update": "update of that evaluation",
    "decision_threshold": "probability of {positive} from which on it is predicted",
    "skill": "1: no error; 0: best baseline; below 0: worse than it",
}
_CLASS_COLUMNS = (
    ("Class", "The true class."),
    ("{members}", "Number of {members} of this class."),
    ("Recall", "Share of the {members} of this class that are predicted correctly."),
    ("Precision", "Share of the predictions of this class that are correct."),
    ("F1", "Harmonic mean of recall and precision."),
    ("Most often confused with", "The most frequent incorrect prediction for {members} of this class."),
)


def metrics_table(run: Run) -> QTableWidget:
    """Return a row per metric with the values of the run and of each baseline."""
    rows = []
    for name, value in run.metrics.items():
        is_original = (name.endswith(("rmse", "mae")) and "scaled" not in name) or "_width_" in name
        unit = f" {run.info.unit}" if is_original and run.info.unit else ""
        baselines = [metric_text(values[name], name) if name in values else "" for values in run.baseline.values()]
        label = metric_label(name) + mark(name, run.chosen_on_test)
        rows.append([label, metric_text(value, name) + unit, *baselines, metric_description(name, run)])
    labels = [f"Baseline:\n{baseline_label(name)}" for name in run.baseline]  # two lines leave room for the last column
    return result_table(["Metric", "This run", *labels, "Description"], rows, last_is_text=True)


def classes_table(run: Run) -> QTableWidget:
    """Return a row per class with recall, precision, F1 and the most frequent incorrect prediction."""
    members = "Sequences" if run.info.task == "classify" else "Steps"
    columns = {name.format(members=members): text.format(members=members.lower()) for name, text in _CLASS_COLUMNS}
    rows = []
    for row in run.class_rows:
        confused = f"{row['confused_with']} ({row['confused']:,} of {row['support']:,})" if row["confused"] else "–"
        shares = [row[measure] for measure in ("recall", "precision", "f1")]
        texts = ["–" if share is None else percent(share) for share in shares]
        rows.append([row["class"], f"{row['support']:,}", *texts, confused])
    return result_table(list(columns), rows, columns, last_is_text=True)


def targets_table(run: Run) -> QTableWidget:
    """Return a row per target with its RMSE and MAE, the RMSE of the best baseline, and the skill score."""
    names = [name for name in run.target_metrics[0] if name not in ("target", "baseline")]
    baseline = run.target_metrics[0].get("baseline", "")
    headers = [
        f"Baseline:\n{baseline_label(baseline)}"
        if name == "baseline_rmse"
        else metric_label(name) + mark(name, run.chosen_on_test)
        for name in names
    ]
    rows = [[row["target"], *(f"{row[name]:.4g}" for name in names)] for row in run.target_metrics]
    return result_table(["Target", *headers], rows)


def steps_table(errors: StepErrors) -> QTableWidget:
    """Return a row per step ahead with RMSE and MAE of the run and RMSE of each baseline, of many steps per group."""
    first, second = ("Scaled MSE", "Scaled MAE") if errors.scaled else ("RMSE", "MAE")
    headers = ["Step ahead", first, second, *(f"Baseline:\n{baseline_label(name)}" for name in errors.baselines)]
    rows = []
    for steps, group in errors.compact():
        values = [*group.values()[:, 0].tolist(), *(float(group.values(name)[0, 0]) for name in group.baselines)]
        rows.append([steps.replace("-", "–"), *(f"{value:.4g}" for value in values)])
    squared = "Mean squared error" if errors.scaled else "Root mean squared error"
    tips = dict.fromkeys(headers[3:], f"{squared} of the baseline.")
    tips |= {first: f"{squared} of this run.", second: "Mean absolute error of this run."}
    return result_table(headers, rows, tips)


def published_table(run: Run) -> QTableWidget:
    """Return a row per update with the published metrics and those of the run."""
    published = {(row["metric"], row["update"]): row for row in run.published}
    metrics = list(dict.fromkeys(metric for metric, _ in published))
    rows = []
    for update in sorted({update for _, update in published}):
        texts = [f"{update:,}"]
        for metric in metrics:
            row = published.get((metric, update))
            if row is None:
                texts += ["", ""]
            else:
                own = "–" if row["run"] is None else metric_text(row["run"], metric)
                texts += [metric_text(row["published"], metric), own]
        rows.append(texts)
    headers = [f"{metric_label(metric)}, {source}" for metric in metrics for source in ("published", "this run")]
    return result_table(["Update", *headers], rows)


def results_table(run: Run) -> QTableWidget:
    """Return a row for each published result of another model, and one for the run, the best first."""
    rows = run.published_results
    metrics = list(dict.fromkeys(row["metric"] for row in rows))
    lines = []
    for model, note, source, values in result_rows(rows):
        texts = [metric_text(values[metric], metric) if metric in values else "–" for metric in metrics]
        about = ". ".join(filter(None, (note, source)))
        lines.append([model.capitalize() if model == "this run" else model, *texts, about])
    heads = [metric_label(metric) + mark(metric, run.chosen_on_test) for metric in metrics]
    return result_table(["Model", *heads, "Publication"], lines, last_is_text=True)


def metric_description(name: str, run: Run) -> str:
    """Return what a metric of a run is, by its flat name; empty where there is no description."""
    if run.info.classes:
        is_weighted = name == "train_loss" and run.experiment.training.class_weight != "none"
        loss = "weighted cross-entropy" if is_weighted else "cross-entropy"
    else:
        loss = _LOSSES[run.experiment.training.loss]
        if run.experiment.data.scale != "none":
            loss += " of scaled values"
    if name.startswith(("test_coverage_", "test_width_")):
        what = "share of the true values that the band holds" if "coverage" in name else "mean width of the band"
        return f"{what}, test set"
    return _DESCRIPTIONS.get(name, "").format(loss=loss, positive=run.positive_class or "the rarer class")


def metric_text(value: float, name: str) -> str:
    """Return the value of a metric as text, by its flat name."""
    if name.endswith(("accuracy", "macro_f1")) or "_coverage_" in name:
        return percent(value, 2)
    return f"{value:,.0f}" if name.endswith("update") else f"{value:.4g}"


def result_table(
    headers: Sequence[str],
    rows: Sequence[Sequence[str]],
    tips: Mapping[str, str] | None = None,
    *,
    last_is_text: bool = False,
) -> QTableWidget:
    """Return a table that shows all its rows.

    Args:
        headers: Titles of the columns.
        rows: Texts of the cells; the columns after the first hold numbers.
        tips: Tooltips of the titles.
        last_is_text: Whether the last column holds text, which is left-aligned and as wide as the page.
    """
    table = QTableWidget(len(rows), len(headers))
    for j, text in enumerate(headers):
        header = QTableWidgetItem(text)
        header.setToolTip(tip((tips or {}).get(text, "")))
        table.setHorizontalHeaderItem(j, header)
    table.verticalHeader().hide()
    table.setEditTriggers(QTableWidget.EditTrigger.NoEditTriggers)
    table.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
    for i, row in enumerate(rows):
        for j, text in enumerate(row):
            item = QTableWidgetItem(text)
            item.setToolTip(tip(text))  # the column may be too narrow for it
            if 0 < j < len(headers) - last_is_text:
                item.setTextAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
            table.setItem(i, j, item)
    columns = table.horizontalHeader()
    columns.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
    columns.setStretchLastSection(last_is_text)
    if not last_is_text:
        widths = [max(table.sizeHintForColumn(j), columns.sectionSizeHint(j)) for j in range(len(headers))]
        table.setMaximumWidth(sum(widths) + 4)
    table.verticalHeader().setDefaultSectionSize(_ROW_HEIGHT)
    table.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    table.setFixedHeight(_ROW_HEIGHT * len(rows) + columns.sizeHint().height() + 4)
    return table
