"""The report at the end of a run: its metrics with the baselines and with the published values."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from textwrap import wrap
from typing import TYPE_CHECKING, Any

from rnnstudio.cli.options import flag_text
from rnnstudio.cli.output import console, number, table
from rnnstudio.core.chosen_on_test import mark
from rnnstudio.core.differences import value_text
from rnnstudio.core.published import differences_from_publication
from rnnstudio.core.published_results import result_rows, why_not_comparable
from rnnstudio.core.step_errors import StepErrors
from rnnstudio.core.wording import baseline_label, metric_label, setting_label, split_label

if TYPE_CHECKING:
    from rich.table import Table

    from rnnstudio.results.run import Run

_MAX_PUBLISHED = 12  # rows of published values
_MAX_SERIES = 20  # rows of the table of series
_HEADING_WIDTH = 10  # characters of a baseline's name in a heading
_MEASURES = (
    "loss", "accuracy", "balanced_accuracy", "macro_f1", "roc_auc", "average_precision", "rmse", "mae", "scaled_mse",
    "scaled_mae",
)  # fmt: skip
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
    if run.target_metrics:
        out.print()
        out.print(targets_table(run.target_metrics, chosen=run.chosen_on_test))
    if run.series_metrics:
        out.print()
        out.print(series_table(run.series_metrics, chosen=run.chosen_on_test))
    if run.record.step_errors is not None:
        out.print()
        out.print(steps_table(run.record.step_errors, chosen=run.chosen_on_test))
    if run.footnote:
        out.print(run.footnote)
    for sentence in [*run.conclusions, *advice(run)]:
        out.print(sentence, markup=False)
    if run.published:
        out.print()
        out.print("Compared with the publication", style="bold")
        if differences := differences_from_publication(run.experiment):
            out.print(f"Settings differ: {', '.join(map(str, differences))}", markup=False)
        out.print(published_table(run.published))
        if any(row["run"] is None for row in run.published):
            out.print("-  the run ended earlier, or has no evaluation at this update")
    if run.published_results:
        out.print()
        out.print("Compared with published results on the same test set", style="bold")
        out.print(results_table(run))
    elif sentence := why_not_comparable(run.experiment):
        out.print(sentence, markup=False)
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


def targets_table(rows: Sequence[dict[str, Any]], *, chosen: bool = False) -> Table:
    """Return the metrics of each target with those of the best baseline, of very many targets the first ones.

    Args:
        rows: `Run.target_metrics`.
        chosen: Whether a choice of the run was made on the test set; its metrics are marked.
    """
    names = [name for name in rows[0] if name not in ("target", "baseline")]
    lines = [[row["target"], *(number(row[name]) for name in names)] for row in rows[:_MAX_SERIES]]
    if len(rows) > _MAX_SERIES:
        lines.append([f"and {len(rows) - _MAX_SERIES:,} more", *[""] * len(names)])
    heads = [
        f"baseline:\n{baseline_label(rows[0]['baseline'])}"
        if name == "baseline_rmse"
        else f"\n{metric_label(name)}{mark(name, chosen)}"
        for name in names
    ]
    return table(["\ntarget", *heads], lines, right=heads)


def steps_table(errors: StepErrors, *, chosen: bool = False) -> Table:
    """Return the errors at each step ahead with those of the baselines, of many steps those of groups of steps.

    Args:
        errors: `History.step_errors`.
        chosen: Whether a choice of the run was made on the test set, which is marked then.
    """
    split = errors.split
    of_set = f"({split_label(split)}{mark(f'{split}_rmse', chosen)})"
    absolute = "scaled MAE" if errors.scaled else "MAE"
    heads = [f"step ahead\n{of_set}", f"{errors.label}\nthis run", f"{absolute}\nthis run"]
    heads += [f"{errors.label}\n{baseline_label(name)}" for name in errors.baselines]
    lines = [
        [
            steps,
            *map(number, group.values()[:, 0].tolist()),
            *(number(float(group.values(b)[0, 0])) for b in group.baselines),
        ]
        for steps, group in errors.compact()
    ]
    return table(heads, lines, right=heads[1:])


def advice(run: Run) -> list[str]:
    """Return the settings that may help, as flags, one sentence each."""
    sentences = []
    for suggestion in run.suggestions:
        flags = " ".join(flag_text(name, value) for name, value in suggestion.settings.items())
        sentences.append(f"Try {flags}: {suggestion.reason[0].lower()}{suggestion.reason[1:]}")
    return sentences


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


def results_table(run: Run) -> Table:
    """Return a row for each published result of another model, and one for the run, the best first."""
    rows = run.published_results
    metrics = list(dict.fromkeys(row["metric"] for row in rows))
    heads = [metric_label(metric) + mark(metric, run.chosen_on_test) for metric in metrics]
    lines = [
        [model, *(number(values.get(metric)) for metric in metrics), ". ".join(filter(None, (note, source)))]
        for model, note, source, values in result_rows(rows)
    ]
    return table(["model", *heads, ""], lines, right=heads)


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
        *(
            ["automatic", f"{setting_label(c.setting)} {value_text(c.value)}: {c.reason}"]
            for c in run.choices
            if c.reason
        ),
        *(["note", note] for note in notes),
    ]
    result = table(["", ""], rows)
    result.show_header = False
    return result
