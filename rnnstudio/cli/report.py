"""What is told when a run has ended: its figures beside the naive answers and the work's printed numbers."""

from __future__ import annotations

import shlex
from collections.abc import Sequence
from pathlib import Path
from textwrap import wrap
from typing import TYPE_CHECKING, Any

from rnnstudio.cli.output import console, number, table
from rnnstudio.core.baselines import BaselineComparison, compare_with_baseline
from rnnstudio.core.published import differences_from_publication

if TYPE_CHECKING:
    from rich.table import Table

    from rnnstudio.core.sequence import SequenceData
    from rnnstudio.core.settings import DataSettings
    from rnnstudio.results.run import Run

_MOST_PUBLISHED = 12  # rows of a work's numbers; more are thinned out evenly
_NARROW = 10  # letters of a naive answer's name beside each other
_MOST_COLUMNS = 10  # names of a table's other columns
_LARGE = 20_000_000  # bytes
_FIGURES = ("loss", "accuracy", "rmse", "mae")


def print_run(run: Run, notes: Sequence[str], told: str = "") -> None:
    """Write the report of a run to standard output.

    Args:
        run: The run.
        notes: What the user should know about it, a sentence or two each.
        told: What of a file is told, for the second line; see `what_is_told`.
    """
    out = console()
    out.print(headline(run), soft_wrap=False)
    if told:
        out.print(told, soft_wrap=False, markup=False)
    made = figures(run)
    if made.row_count:
        out.print()
        out.print(made)
    for verdict in verdicts(run):
        out.print(verdict)
    if run.published:
        out.print()
        if changed := differences_from_publication(run.experiment):
            out.print(f"settings differ from the work: {', '.join(map(str, changed))}", markup=False)
        out.print(published(run.published))
        if any(row["run"] is None for row in run.published):
            out.print("-  the run did not get there, or did not look at the test part then")
    out.print()
    out.print(about(run, notes))


def headline(run: Run) -> str:
    """Return what was trained, and how it ended."""
    model, log = run.experiment.model, run.record
    layers = f"{model.layers} layers of " if model.layers > 1 else ""
    cell = f"bidirectional {model.cell}" if model.bidirectional else model.cell
    ended = {
        "completed": "completed",
        "early_stopped": "stopped early, because the test figure no longer got better,",
        "stopped": f"stopped before its {log.updates:,} updates,",
        "diverged": "diverged",
    }.get(run.outcome, run.outcome)
    file = Path(getattr(run.experiment.data, "file", "")).name
    return (
        f"{run.experiment.recipe or file or run.experiment.data.dataset}: {cell}, {layers}{model.units:,} units, "
        f"{log.parameters:,} parameters; {ended} after {log.step:,} updates"
    )


def what_is_told(data: SequenceData, settings: DataSettings) -> str:
    """Return which column or class of the user's own file is told, and what else could be; empty for other data."""
    file = Path(getattr(settings, "file", ""))
    if settings.dataset == "sequences":
        lengths = data.inputs.shape[1:2] if data.lengths is None else (data.lengths.min(), data.lengths.max())
        steps = " to ".join(f"{n:,}" for n in lengths)
        return (
            f"telling the class of {len(data.inputs):,} sequences of {steps} steps in {file.name}; "
            f"{len(data.classes)} classes: {_some(data.classes)}"
        )
    if settings.dataset == "file" or (settings.dataset == "machinery" and file.name):
        flag = "variable" if settings.dataset == "machinery" else "target"
        return column_told(str(file), data.target_names[0], data.features, flag)
    return ""


def column_told(file: str, target: str, features: Sequence[str] = (), flag: str = "target") -> str:
    """Return which column of a file is told, which others could be, and how many closing lines were left out.

    Args:
        file: Path of the file.
        target: The column that is told; the usual one when empty, as in the data set.
        features: What it is told from.
        flag: The flag that names another.
    """
    from rnnstudio.reading.files import read_file

    if target and Path(file).stat().st_size > _LARGE:  # reading it once more takes longer than the sentence is worth
        return f"telling {target!r} of {Path(file).name}"
    read = read_file(file, target)
    target = target or read.default_target()
    others = [name for name in read.numeric_columns() if name != target]
    parts = [f"telling {target!r} of {read.name}"]
    if tuple(features) not in ((), (target,)):
        parts[0] += f" from {_some(features)}"
    if others:
        parts.append(f"other columns of numbers: {_some(others)} (--{flag} {shlex.quote(others[0])})")
    if read.footer_rows:
        lines = "1 closing line" if read.footer_rows == 1 else f"{read.footer_rows:,} closing lines"
        parts.append(f"{lines} without numbers left out")
    return "; ".join(parts)


def _some(names: Sequence[str]) -> str:
    return ", ".join(names[:_MOST_COLUMNS]) + (", ..." if len(names) > _MOST_COLUMNS else "")


def figures(run: Run) -> Table:
    """Return the final figures, each beside the naive answers to the same questions."""
    naive = run.baseline
    rows = []
    for part in ("train", "val", "test"):
        for kind in _FIGURES:
            name = f"{part}_{kind}"
            if name in run.metrics:
                told = [number(answer[name]) if name in answer else "" for answer in naive.values()]
                unit = run.info.unit if kind in ("rmse", "mae") else ""
                rows.append([name, number(run.metrics[name]), *told, unit])
    names = ["\n".join(["naive:", *wrap(name.replace("_", " "), _NARROW)]) for name in naive]
    lines = max((name.count("\n") for name in names), default=1)
    figure, ours, *answers = ("\n" * (lines - head.count("\n")) + head for head in ("figure", "this\nrun", *names))
    return table([figure, ours, *answers, ""], rows, right=[ours, *answers])


def verdicts(run: Run) -> list[str]:
    """Return sentences on the run's best look, and on the naive answer that is hardest to beat."""
    best = [
        f"The best {name.removeprefix('best_')} was {number(value)}, at update {int(run.metrics['best_update']):,}."
        for name, value in run.metrics.items()
        if name in ("best_test_loss", "best_val_loss") and run.metrics["best_update"] != run.record.step
    ]
    comparison = compare_with_baseline(run.metrics, run.baseline)
    return best if comparison is None else [*best, _verdict(comparison)]


def _verdict(comparison: BaselineComparison) -> str:
    name, answer = comparison.metric, comparison.baseline.replace("_", " ")
    value, naive, less = comparison.value, comparison.baseline_value, comparison.measure == "rmse"
    ours, theirs = number(value), number(naive)
    if ours == theirs:
        return f"{name} {ours} is no better than the naive answer ({answer}: {theirs}), which needs no network."
    if (value < naive) is not less:
        return f"{name} {ours} is worse than the naive answer ({answer}: {theirs}), which needs no network."
    gain = f" by {1 - value / naive:.0%}" if less and naive else ""
    return f"{name} {ours} is better than the naive answer ({answer}: {theirs}){gain}."


def published(rows: Sequence[dict[str, Any]]) -> Table:
    """Return a work's printed numbers beside the run's own at the same updates."""
    metrics = list(dict.fromkeys(row["metric"] for row in rows))
    updates = thinned(sorted({row["update"] for row in rows}), _MOST_PUBLISHED)
    found = {(row["metric"], row["update"]): row for row in rows}
    heads = [f"{metric}\n{whose}" for metric in metrics for whose in ("this run", "the work")]
    lines = []
    for update in updates:
        line = [f"{update:,}"]
        for metric in metrics:
            row = found.get((metric, update))
            line += [number(row["run"]), number(row["published"])] if row else ["", ""]
        lines.append(line)
    return table(["\nupdate", *heads], lines, right=["\nupdate", *heads])


def thinned(values: Sequence[int], most: int) -> list[int]:
    """Return at most `most` of the values, evenly spread, the first and the last among them."""
    if len(values) <= most:
        return list(values)
    return [values[round(i * (len(values) - 1) / (most - 1))] for i in range(most)]


def about(run: Run, notes: Sequence[str]) -> Table:
    """Return device, time, place and notes."""
    log = run.record
    rows = [
        ["device", log.device],
        ["time", f"{log.wall_seconds:.1f} s in all, {log.updates_per_second:,.0f} updates/s"],
        ["run", f"{run.name}, in {run.path}" if run.path else "not saved"],
        *(["note", note] for note in notes),
    ]
    made = table(["", ""], rows)
    made.show_header = False
    return made
