"""Training speed: each contender runs each job."""

from __future__ import annotations

from collections.abc import Sequence
from statistics import median

from rich.console import Console

from tests.perf.contenders import NAMES, Speed
from tests.perf.jobs import Job, has_data
from tests.perf.processes import empty_table, run_module

_COLUMNS = ("updates/s", "lowest - highest", "ratio", "target", "CPU ms/update", "ratio of CPU")


def bench_training(console: Console, jobs: Sequence[Job], rounds: int, seconds: float, threads: int) -> list[str]:
    """Measure all jobs and print a table; return a line for each missed target."""
    title = "Training; ratio: speed of rnnstudio relative to the contender"
    table = empty_table(title, "job", "contender", *_COLUMNS, text_columns=2)
    missed = []
    for job in jobs:
        if not has_data(job.recipe):
            console.print(f"{job.name} is skipped: its data are not on this computer (set RNNSTUDIO_DATA)")
            continue
        speeds = _measure(console, job, rounds, seconds, threads)
        medians = {name: Speed(*map(median, zip(*runs, strict=True))) for name, runs in speeds.items()}
        for name, runs in speeds.items():
            rates, (rate, cpu_ms) = [speed.rate for speed in runs], medians[name]
            cells = [f"{rate:,.0f}" if rate >= 100 else f"{rate:.3g}", f"{min(rates):,.4g} - {max(rates):,.4g}"]
            ratio = target = cpu_ratio = ""
            if name in job.target_ratios:
                ratio = f"{medians['rnnstudio'].rate / rate:.2f} x"
                target = f">= {job.target_ratios[name]:g} x"
                cpu_ratio = f"{cpu_ms / medians['rnnstudio'].cpu_ms:.2f} x"
            cells += [ratio, target, f"{cpu_ms:.3g}", cpu_ratio]
            table.add_row(job.name, NAMES[name], *cells, end_section=name == "torch")
        missed += _missed_targets(job, medians, seconds, threads)
    console.print(table)
    return missed


def _measure(console: Console, job: Job, rounds: int, seconds: float, threads: int) -> dict[str, list[Speed]]:
    """Return the speeds of each contender, which take turns."""
    speeds: dict[str, list[Speed]] = {name: [] for name in NAMES}
    for number in range(rounds):
        for name, runs in speeds.items():
            console.print(f"{job.name}, round {number + 1} of {rounds}: {NAMES[name]}", style="dim")
            runs.append(Speed(*run_module("contenders", name, job.recipe, job.cell, seconds, threads)))
    return speeds


def _missed_targets(job: Job, medians: dict[str, Speed], seconds: float, threads: int) -> list[str]:
    """Return a line for each missed target, with the time of the matrix products alone, which no code can avoid."""
    ours = medians["rnnstudio"]
    missed = {name: least for name, least in job.target_ratios.items() if ours.rate / medians[name].rate < least}
    if not missed:
        return []
    products_ms = run_module("matrix_products", job.recipe, job.cell, seconds, threads)
    return [
        f"{job.name}: {ours.rate / medians[name].rate:.2f} x the speed of {NAMES[name]}, target {least:g} x "
        f"(by CPU time {medians[name].cpu_ms / ours.cpu_ms:.2f} x); an update takes {1000 / ours.rate:.3g} ms, the "
        f"target is {1000 / medians[name].rate / least:.3g} ms, its matrix products alone take {products_ms:.3g} ms"
        for name, least in missed.items()
    ]
