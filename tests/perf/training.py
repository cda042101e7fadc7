"""The table of trainings: each job done by each contender in turn."""

from __future__ import annotations

from collections.abc import Sequence
from statistics import median

from rich.console import Console

from tests.perf.contenders import NAMES, Speed
from tests.perf.jobs import Job, has_data
from tests.perf.turns import table, turn


def training(console: Console, jobs: Sequence[Job], rounds: int, seconds: float, threads: int) -> list[str]:
    """Measure and print; return a line for each ratio that is missed."""
    columns = ("updates/s", "lowest - highest", "ratio", "wanted", "CPU ms/update", "ratio of CPU")
    alone: dict[str, float] = {}  # milliseconds that the matrix products of a missed job take alone
    shown = table("Training; ratio: how many times as fast rnnstudio is", "job", "contender", *columns, words=2)
    missed = []
    for job in jobs:
        if not has_data(job.recipe):
            console.print(f"{job.name} is left out: its data are not here (RNNSTUDIO_DATA names their folder)")
            continue
        turns: dict[str, list[Speed]] = {who: [] for who in NAMES}
        for number in range(rounds):
            for who, speeds in turns.items():
                console.print(f"{job.name}, round {number + 1} of {rounds}: {NAMES[who]}", style="dim")
                speeds.append(Speed(*turn("contenders", who, job.recipe, job.cell, seconds, threads)))
        medians = {who: Speed(*map(median, zip(*speeds, strict=True))) for who, speeds in turns.items()}
        for who, speeds in turns.items():
            rates, (rate, cpu_ms) = [s.rate for s in speeds], medians[who]
            figures = (f"{rate:,.0f}" if rate >= 100 else f"{rate:.3g}", f"{min(rates):,.4g} - {max(rates):,.4g}")
            ratio = wanted = of_cpu = ""
            if who in job.at_least:
                least, times = job.at_least[who], medians["ours"].rate / rate
                cpu_times = cpu_ms / medians["ours"].cpu_ms
                ratio, wanted, of_cpu = f"{times:.2f} x", f">= {least:g} x", f"{cpu_times:.2f} x"
                if times < least:
                    if job.name not in alone:
                        alone[job.name] = turn("products", job.recipe, job.cell, seconds, threads)
                    missed.append(
                        f"{job.name}: {ratio} {NAMES[who]}, {wanted} wanted (by CPU time {of_cpu}); the matrix "
                        f"products alone take {alone[job.name]:.3g} of our {1000 / medians['ours'].rate:.3g} ms, and "
                        f"{wanted} would be {1000 / rate / least:.3g} ms"
                    )
            shown.add_row(
                job.name, NAMES[who], *figures, ratio, wanted, f"{cpu_ms:.3g}", of_cpu, end_section=who == "torch"
            )
    console.print(shown)
    return missed
