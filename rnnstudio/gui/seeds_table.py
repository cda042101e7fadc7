"""The table of runs that differ by seed, with mean and spread of their metrics, and the baselines."""

from __future__ import annotations

from PySide6.QtGui import QFont
from PySide6.QtWidgets import QTableWidget

from rnnstudio.core.chosen_on_test import mark
from rnnstudio.core.spread import STATISTICS, main_metrics
from rnnstudio.core.wording import baseline_label, metric_label, outcome_label
from rnnstudio.gui.result_tables import metric_text, result_table
from rnnstudio.gui.run_heading import shown_name
from rnnstudio.results.missing_runs import MissingRun, in_seed_order
from rnnstudio.results.run_group import RunGroup

_MAX_RUNS = 100  # rows


def seeds_table(group: RunGroup) -> QTableWidget:
    """Return a row for each run, then mean, standard deviation, minimum and maximum, then the baselines."""
    names = main_metrics(list(group.metrics))
    runs = in_seed_order(group.runs, group.missing)
    rows = [
        [f"Seed {seed}", run.run, run.outcome, *["–"] * (1 + len(names))]
        if isinstance(run, MissingRun)
        else [f"Seed {seed}", shown_name(run) or "–", outcome_label(run.outcome), f"{run.record.step:,}"]
        + [metric_text(run.metrics[name], name) for name in names]
        for seed, run in runs[:_MAX_RUNS]
    ]
    if len(runs) > _MAX_RUNS:
        rows.append([f"and {len(runs) - _MAX_RUNS:,} more", *[""] * (3 + len(names))])
    begin = len(rows)
    spread = group.spread
    for statistic, label in STATISTICS.items():
        values = [spread[name][statistic] for name in names]
        texts = ["–" if value != value else metric_text(value, name) for value, name in zip(values, names, strict=True)]
        rows.append([label.capitalize(), "", "", "", *texts])
    if group.ensemble_metrics:
        own = group.ensemble_metrics
        texts = [metric_text(own[name], name) if name in own else "" for name in names]
        rows.append(["Ensemble (mean of predictions)", "", "", "", *texts])
    for baseline, metrics in group.baseline.items():
        texts = [metric_text(metrics[name], name) if name in metrics else "" for name in names]
        rows.append([f"Baseline: {baseline_label(baseline)}", "", "", "", *texts])
    labels = [metric_label(name) + mark(name, group.chosen_on_test) for name in names]
    table = result_table(["", "Run", "Outcome", "Updates", *labels], rows)
    bold = QFont(table.font())
    bold.setBold(True)
    for column in range(table.columnCount()):
        if (item := table.item(begin, column)) is not None:
            item.setFont(bold)
    table.setAccessibleName("Runs that differ by seed")
    return table
