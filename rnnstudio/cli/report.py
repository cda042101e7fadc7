"""The report at the end of a run: its metrics with the baselines and with the published values."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from textwrap import wrap
from typing import TYPE_CHECKING, Any

from rnnstudio.cli.output import console, number, table
from rnnstudio.core.baselines import BaselineComparison, compare_balanced_accuracy, compare_with_baseline
from rnnstudio.core.chosen_on_test import mark
from rnnstudio.core.published import differences_from_publication
from rnnstudio.core.wording import baseline_label, metric_label, split_label

if TYPE_CHECKING:
    from rich.table import Table

    from rnnstudio.results.run import Run

_MAX_PUBLISHED = 12  # rows of published values
_MAX_SERIES = 20  # rows of the table of series
_HEADING_WIDTH = 10  # characters of a baseline's name in a heading
_MEASURES = ("loss", "accuracy", "balanced_accuracy", "macro_f1", "roc_auc", "average_precision", "rmse", "mae")
_MAX_CLASSES = 20  # rows of the table of classes
_NOT_IN_SERIES_TABLE = ("series", "windows", "baseline", "macro_f1", "roc_auc", "average_precision")


def print_run(run: Run, notes: Sequence[str], target: str = "") -> None:
    """Write the report of a run to standard output.

    Args:
        run: The run.
        notes: What the user should know about it, one or two sentences each.
        target: What is predicted, as the second line; see `target_description`.
    """
    out = console()
    out.print(headline(run), soft_wrap=False)
    if target:
        out.print(target, soft_wrap=False, markup=False)
    metrics = metrics_table(run)
    if metrics.row_count:
        out.print()
        out.print(metrics)
    if run.class_rows:
        out.print()
        out.print(classes_table(run.class_rows, chosen=run.chosen_on_test))
    if run.series_metrics:
        out.print()
        out.print(series_table(run.series_metrics, chosen=run.chosen_on_test))
    if run.footnote:
        out.print(run.footnote)
    for sentence in conclusions(run):
        out.print(sentence)
    if run.published:
        out.print()
        out.print("Compared with the publication", style="bold")
        if differences := differences_from_publication(run.experiment):
            out.print(f"Settings differ: {', '.join(map(str, differences))}", markup=False)
        out.print(published_table(run.published))
        if any(row["run"] is None for row in run.published):
            out.print("-  the run ended earlier, or has no evaluation at this update")
    out.print()
    out.print(details_table(run, notes))


def headline(run: Run) -> str:
    """Return what was trained, and how the training ended."""
    model, record = run.experiment.model, run.record
    layers = f"{model.layers} layers of " if model.layers > 1 else ""
    cell = f"bidirectional {model.cell}" if model.bidirectional else model.cell
    ending = {
        "completed": "completed",
        "early_stopped": "stopped early, because the monitored loss no longer improved,",
        "stopped": f"stopped before its {record.updates:,} updates,",
        "diverged": "diverged",
    }.get(run.outcome, run.outcome)
    file = Path(getattr(run.experiment.data, "file", "")).name
    return (
        f"{run.experiment.recipe or file or run.experiment.data.dataset}: {cell}, {layers}{model.units:,} units, "
        f"{record.parameters:,} parameters; {ending} after {record.step:,} updates"
    )


def metrics_table(run: Run) -> Table:
    """Return the final metrics with those of the baselines."""
    rows = []
    for split in ("train", "val", "test"):
        for measure in _MEASURES:
            name = f"{split}_{measure}"
            if name in run.metrics:
                baselines = [number(values[name]) if name in values else "" for values in run.baseline.values()]
                unit = run.info.unit if measure in ("rmse", "mae") else ""
                label = metric_label(name) + mark(name, run.chosen_on_test)
                rows.append([label, number(run.metrics[name]), *baselines, unit])
    heads = ["\n".join(["baseline:", *wrap(baseline_label(name), _HEADING_WIDTH)]) for name in run.baseline]
    lines = max((head.count("\n") for head in heads), default=1)
    columns = ["\n" * (lines - head.count("\n")) + head for head in ("metric", "this\nrun", *heads)]
    return table([*columns, ""], rows, right=columns[1:])


def classes_table(rows: Sequence[dict[str, Any]], *, chosen: bool = False) -> Table:
    """Return the metrics of each class, of very many classes those with the lowest F1.

    Args:
        rows: `Run.class_rows`.
        chosen: Whether a choice of the run was made on the test set, which is marked then.
    """
    shown = list(rows)
    if len(rows) > _MAX_CLASSES:
        worst = sorted(range(len(rows)), key=lambda i: 2.0 if rows[i]["f1"] is None else rows[i]["f1"])[:_MAX_CLASSES]
        shown = [rows[i] for i in sorted(worst)]
    lines = [
        [
            row["class"],
            f"{row['support']:,}",
            *(number(row[measure]) for measure in ("precision", "recall", "f1")),
            f"{row['confused_with']} ({row['confused']:,})" if row["confused"] else "",
        ]
        for row in shown
    ]
    if len(rows) > len(shown):
        lines.append([f"and {len(rows) - len(shown):,} with a higher F1", *[""] * 5])
    split = rows[0]["split"]
    split = split_label(split) + mark(f"{split}_accuracy", chosen)
    heads = [f"class\n({split})", "\nsupport", "\nprecision", "\nrecall", "\nF1"]
    return table([*heads, "most often\nconfused with"], lines, right=heads[1:])


def series_table(rows: Sequence[dict[str, Any]], *, chosen: bool = False) -> Table:
    """Return the metrics of each series with those of the best baseline, of very many series the first ones.

    Args:
        rows: `Run.series_metrics`.
        chosen: Whether a choice of the run was made on the test set; its metrics are marked.
    """
    names = list(dict.fromkeys(name for row in rows for name in row if not name.endswith(_NOT_IN_SERIES_TABLE)))
    lines = [[number(row[name]) if name in row else "" for name in names] for row in rows[:_MAX_SERIES]]
    lines = [[row["series"], f"{row['windows']:,}", *line] for row, line in zip(rows, lines, strict=False)]
    if len(rows) > _MAX_SERIES:
        lines.append([f"and {len(rows) - _MAX_SERIES:,} more", *[""] * (len(names) + 1)])
    baseline = next((row["baseline"] for row in rows if "baseline" in row), "")
    heads = [
        f"baseline:\n{baseline_label(baseline)}"
        if name.startswith("baseline_")
        else metric_label(name) + mark(name, chosen)
        for name in names
    ]
    heads = [f"\n{head}" if "\n" not in head and baseline else head for head in ("series", "windows", *heads)]
    return table(heads, lines, right=heads[1:])


def conclusions(run: Run) -> list[str]:
    """Return a sentence on the run's best evaluation if it was not the last, and one on the best baseline."""
    sentences = [
        _best_evaluation_sentence(run, name, number(value))
        for name, value in run.metrics.items()
        if name in ("best_test_loss", "best_val_loss") and run.metrics["best_update"] != run.record.step
    ]
    if run.decision is not None and any(name.endswith("roc_auc") for name in run.metrics):
        sentences.append(f"ROC AUC and average precision are those of {run.positive_class}, {run.decision.reason}.")
    comparison = compare_with_baseline(run.metrics, run.baseline)
    if comparison is not None:
        sentences.append(_baseline_sentence(comparison, chosen=run.chosen_on_test))
    balanced = compare_balanced_accuracy(run.metrics, run.baseline)
    if balanced is not None:
        marked = mark(balanced.metric, run.chosen_on_test)
        sentences.append(
            f"{metric_label(balanced.metric)}{marked} {number(balanced.value)} is better than that of the "
            f"{baseline_label(balanced.baseline)} ({number(balanced.baseline_value)})."
        )
    return sentences


def _best_evaluation_sentence(run: Run, name: str, value: str) -> str:
    """Return a sentence on the best evaluation, `best_val_loss` or `best_test_loss`, whose weights may be kept."""
    update, chosen = f"{int(run.metrics['best_update']):,}", mark(name, run.chosen_on_test)
    if not run.experiment.training.restore_best_weights:
        return f"{metric_label(name)}{chosen}: {value}, at update {update}."
    loss = metric_label(name.removeprefix("best_"))
    loss = f"{loss[0].lower()}{loss[1:]}{chosen}"
    return f"The weights after update {update} were kept, because their {loss}, {value}, is the lowest."


def _baseline_sentence(comparison: BaselineComparison, *, chosen: bool) -> str:
    value, baseline_value = number(comparison.value), number(comparison.baseline_value)
    subject = f"{metric_label(comparison.metric)}{mark(comparison.metric, chosen)} {value}"
    baseline = f"the best baseline ({baseline_label(comparison.baseline)}: {baseline_value})"
    if value == baseline_value:
        return f"{subject} is no better than {baseline}, which needs no training."
    if not comparison.is_better:
        return f"{subject} is worse than {baseline}, which needs no training."
    is_error = comparison.measure == "rmse" and comparison.baseline_value
    gain = f"{1 - comparison.value / comparison.baseline_value:.0%} " if is_error else ""
    return f"{subject} is {gain}better than {baseline}."


def published_table(rows: Sequence[dict[str, Any]]) -> Table:
    """Return the published values with the run's at the same updates.

    Args:
        rows: `Run.published`.
    """
    metrics = list(dict.fromkeys(row["metric"] for row in rows))
    updates = evenly_spaced(sorted({row["update"] for row in rows}), _MAX_PUBLISHED)
    by_metric_and_update = {(row["metric"], row["update"]): row for row in rows}
    heads = [f"{metric_label(metric)}\n{source}" for metric in metrics for source in ("this run", "publication")]
    lines = []
    for update in updates:
        line = [f"{update:,}"]
        for metric in metrics:
            row = by_metric_and_update.get((metric, update))
            line += [number(row["run"]), number(row["published"])] if row else ["", ""]
        lines.append(line)
    return table(["\nupdate", *heads], lines, right=["\nupdate", *heads])


def evenly_spaced(values: Sequence[int], count: int) -> list[int]:
    """Return at most `count` of the values, evenly spaced, including the first and the last.

    >>> evenly_spaced(range(101), 3)
    [0, 50, 100]
    """
    if len(values) <= count:
        return list(values)
    return [values[round(i * (len(values) - 1) / (count - 1))] for i in range(count)]


def details_table(run: Run, notes: Sequence[str]) -> Table:
    """Return device, time, path and notes."""
    record = run.record
    rows = [
        ["device", record.device],
        ["time", f"{record.wall_seconds:.1f} s in total, {record.updates_per_second:,.0f} updates/s"],
        ["run", f"{run.name}, in {run.path}" if run.path else "not saved"],
        *(["note", note] for note in notes),
    ]
    result = table(["", ""], rows)
    result.show_header = False
    return result
