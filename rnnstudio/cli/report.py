"""What is told when a run has ended: its figures beside the naive answers and the work's printed numbers."""

from __future__ import annotations

import shlex
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rnnstudio.cli.output import console, number, table
from rnnstudio.core.metrics import best_baseline
from rnnstudio.core.published import differences

if TYPE_CHECKING:
    from rich.table import Table

    from rnnstudio.results.run import Run

_MOST_PUBLISHED = 12  # rows of a work's numbers; more are thinned out evenly
_MOST_COLUMNS = 10  # names of a table's other columns
_FIGURES = ("loss", "accuracy", "rmse", "mae")


def print_run(run: Run, notes: Sequence[str], told: str = "") -> None:
    """Write the report of a run to standard output.

    Args:
        run: The run.
        notes: What the user should know about it, a sentence or two each.
        told: What of a table is told, for the second line; see `column_told`.
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
        if changed := differences(run.experiment):
            out.print(f"settings differ from the work: {', '.join(changed)}", markup=False)
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


def column_told(file: str, target: str) -> str:
    """Return which column of a table is told, which others could be, and how many closing lines were left out.

    Args:
        file: Path of the table.
        target: The column that is told; the last column of numbers when empty, as in the data set.
    """
    from rnnstudio.reading.tables import read_table

    read = read_table(file)
    numeric = read.numeric_columns()
    target = target or numeric[-1]
    others = [name for name in numeric if name != target]
    parts = [f"telling {target!r} of {read.name}"]
    if others:
        more = ", ..." if len(others) > _MOST_COLUMNS else ""
        parts.append(
            f"other columns of numbers: {', '.join(others[:_MOST_COLUMNS])}{more} (--target {shlex.quote(others[0])})"
        )
    if read.left_out:
        lines = "1 closing line" if read.left_out == 1 else f"{read.left_out:,} closing lines"
        parts.append(f"{lines} without numbers left out")
    return "; ".join(parts)


def figures(run: Run) -> Table:
    """Return the final figures, each beside the naive answers to the same questions."""
    naive = run.baseline
    rows = []
    for part in ("train", "valid", "test"):
        for kind in _FIGURES:
            name = f"{part}_{kind}"
            if name in run.metrics:
                told = [number(answer[name]) if name in answer else "" for answer in naive.values()]
                unit = run.info.unit if kind in ("rmse", "mae") else ""
                rows.append([name, number(run.metrics[name]), *told, unit])
    answers = [f"naive:\n{name.replace('_', ' ')}" for name in naive]
    return table(["\nfigure", "this\nrun", *answers, ""], rows, right=["this\nrun", *answers])


def verdicts(run: Run) -> list[str]:
    """Return sentences on the run's best look, and on the naive answer that is hardest to beat."""
    best = [
        f"The best {name.removeprefix('best_')} was {number(value)}, at update {int(run.metrics['best_update']):,}."
        for name, value in run.metrics.items()
        if name in ("best_test_loss", "best_valid_loss") and run.metrics["best_update"] != run.record.step
    ]
    for part in ("test", "valid", "train"):
        for kind in ("rmse", "accuracy"):
            name = f"{part}_{kind}"
            told = {answer: figures[name] for answer, figures in run.baseline.items() if name in figures}
            if told and name in run.metrics:
                hardest = best_baseline({answer: {kind: value} for answer, value in told.items()})
                less = kind == "rmse"
                return [*best, _verdict(name, run.metrics[name], hardest.replace("_", " "), told[hardest], less=less)]
    return best


def _verdict(name: str, value: float, answer: str, naive: float, *, less: bool) -> str:
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
