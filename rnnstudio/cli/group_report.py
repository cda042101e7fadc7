"""The report on runs that differ by seed: each of them, their mean and spread, and the baselines."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rnnstudio.cli.output import console, number, table
from rnnstudio.core.chosen_on_test import mark
from rnnstudio.core.spread import STATISTICS, main_metrics
from rnnstudio.core.wording import baseline_label, metric_label, outcome_label
from rnnstudio.results.missing_runs import MissingRun, in_seed_order

if TYPE_CHECKING:
    from rich.table import Table

    from rnnstudio.results.run_group import RunGroup

_MAX_RUNS = 50  # rows of runs


def print_group(group: RunGroup, target: str = "") -> None:
    """Write the report of a group to standard output.

    Args:
        group: The group.
        target: What is predicted; see `target_description`.
    """
    out = console()
    model = group.experiment.model
    start = group.experiment.recipe or group.experiment.data.dataset
    out.print(f"{start}: {model.cell}, {model.units:,} units; {group.counted} runs that differ by seed")
    if target:
        out.print(target, soft_wrap=False)
    out.print()
    out.print(seeds_table(group))
    if group.runs[0].footnote:
        out.print(group.runs[0].footnote)
    for sentence in group.conclusions:
        out.print(sentence)
    out.print()
    seconds = sum(run.record.wall_seconds for run in group.runs)
    rows = [["time", f"{seconds:.1f} s in total"]]
    rows.append(["group", f"{group.name}, in {group.path}" if group.path else "not saved"])
    if group.name:
        command = "forecast" if group.info.task == "forecast" else "predict"
        rows.append(
            ["", f"rnnstudio {command} {group.name} uses the ensemble, the mean of the predictions of these runs"]
        )
    details = table(["", ""], [*rows, *(["note", note] for note in group.warnings)])
    details.show_header = False
    out.print(details)


def seeds_table(group: RunGroup) -> Table:
    """Return the main metrics of each run, with mean, standard deviation, minimum, maximum and the baselines."""
    names = main_metrics(list(group.metrics))
    runs = in_seed_order(group.runs, group.missing)
    rows = [
        [str(seed), run.run, run.outcome, *[""] * (1 + len(names))]
        if isinstance(run, MissingRun)
        else [str(seed), run.name or "-", outcome_label(run.outcome), f"{run.record.step:,}"]
        + [number(run.metrics[name]) for name in names]
        for seed, run in runs[:_MAX_RUNS]
    ]
    if len(runs) > _MAX_RUNS:
        rows.append([f"and {len(runs) - _MAX_RUNS:,} more", *[""] * (3 + len(names))])
    spread = group.spread
    for statistic, label in STATISTICS.items():
        rows.append([label, "", "", "", *(number(spread[name][statistic]) for name in names)])
    if group.ensemble_metrics:
        own = group.ensemble_metrics
        cells = [number(own[name]) if name in own else "" for name in names]
        rows.append(["ensemble", "", "", "", *cells])
    for baseline, values in group.baseline.items():
        cells = [number(values[name]) if name in values else "" for name in names]
        rows.append([f"baseline: {baseline_label(baseline)}", "", "", "", *cells])
    labels = [metric_label(name) + mark(name, group.chosen_on_test) for name in names]
    return table(["seed", "run", "outcome", "updates", *labels], rows, right=["updates", *labels])
