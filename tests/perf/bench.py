"""`make bench`: rnnstudio beside Keras and PyTorch, measured side by side.

Contenders take turns, each turn in a fresh process, so that a busy moment of the machine hits all of them; the figures
are medians over the rounds, and the ratios those of the medians.
"""

from __future__ import annotations

import argparse
import os
import platform
import subprocess
import sys
from pathlib import Path
from statistics import median

from rich.console import Console
from rich.table import Table

from tests.perf.contenders import CONTENDERS
from tests.perf.jobs import JOBS, Job

ROOT = Path(__file__).resolve().parents[2]
NAMES = {"ours": "rnnstudio", "keras": "Keras model.fit", "torch": "PyTorch"}


def measure(who: str, job: Job, seconds: float, threads: int) -> float:
    """Return updates per second of one turn."""
    command = [sys.executable, "-m", "tests.perf.contenders", who, job.recipe, str(seconds), str(threads)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(f"{NAMES[who]} could not do {job.recipe}:\n{done.stderr}")
    return float(done.stdout.split()[-1])


def training(console: Console, rounds: int, seconds: float, threads: int) -> None:
    """Measure and print the table of trainings."""
    table = Table(
        title="Updates per second while training; ratio: how many times as fast rnnstudio is", title_justify="left"
    )
    for column in ("job", "contender", "updates/s", "lowest - highest", "ms/update", "ratio", "wanted"):
        table.add_column(column, justify="left" if column in ("job", "contender") else "right")
    for job in JOBS:
        turns: dict[str, list[float]] = {who: [] for who in CONTENDERS}
        for number in range(rounds):
            for who, rates in turns.items():
                console.print(f"{job.recipe}, round {number + 1} of {rounds}: {NAMES[who]}", style="dim")
                rates.append(measure(who, job, seconds, threads))
        for who, rates in turns.items():
            rate = median(rates)
            ratio = "" if who == "ours" else f"{median(turns['ours']) / rate:.1f} x"
            wanted = f">= {job.at_least[who]:.0f} x" if who in job.at_least else ""
            figures = (f"{rate:,.0f}", f"{min(rates):,.0f} - {max(rates):,.0f}", f"{1000 / rate:.3f}")
            table.add_row(job.recipe, NAMES[who], *figures, ratio, wanted, end_section=who == "torch")
    console.print(table)


def main() -> None:
    """Read the arguments, measure, print."""
    parser = argparse.ArgumentParser(prog="make bench", description=__doc__)
    parser.add_argument("--rounds", type=int, default=5, help="turns of each contender (default 5)")
    parser.add_argument("--seconds", type=float, default=3.0, help="length of each measurement (default 3)")
    parser.add_argument("--threads", type=int, default=os.cpu_count() or 1, help="CPU threads for each (default: all)")
    parser.add_argument("--quick", action="store_true", help="one round of one second: to see that it runs")
    chosen = parser.parse_args()
    rounds, seconds = (1, 1.0) if chosen.quick else (chosen.rounds, chosen.seconds)
    console = Console()
    console.print(
        f"{platform.platform()}, Python {platform.python_version()}, {os.cpu_count()} CPUs; "
        f"{chosen.threads} thread(s) each; {rounds} round(s) of {seconds:g} s; medians"
    )
    training(console, rounds, seconds, chosen.threads)


if __name__ == "__main__":
    main()
