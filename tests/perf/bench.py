"""`make bench`: compare rnnstudio with Keras and PyTorch: speed, window, time to the first loss, memory, and scaling.

The contenders take turns, and each turn is a new process, so that other work on the machine affects all of them. The
results are medians over the rounds, and the ratios are ratios of medians.
"""

from __future__ import annotations

import argparse
import os
import platform
import tempfile
from collections.abc import Callable
from pathlib import Path

from rich.console import Console

from tests.perf.first_loss import bench_first_loss
from tests.perf.jobs import CELLS, JOBS, RECIPES
from tests.perf.memory import bench_memory
from tests.perf.processes import ROOT
from tests.perf.scale import bench_scale
from tests.perf.training import bench_training
from tests.perf.window import bench_window

# Threads of PyTorch wait for each other in a busy loop. With several threads, other work slows PyTorch down tenfold.
_THREADS = "CPU threads of each contender (default 1, which is fair on a busy machine)"
_PARTS = ("training", "window", "first", "memory", "scale")
_PLOT = Path("build/scale.svg")
_WIDTH = 120  # columns of the terminal that the tables need


def _names(known: tuple[str, ...]) -> Callable[[str], tuple[str, ...]]:
    """Return a function that parses names separated by commas."""

    def parse(text: str) -> tuple[str, ...]:
        names = tuple(text.split(","))
        unknown = [name for name in names if name not in known]
        if unknown:
            raise argparse.ArgumentTypeError(f"expected names among {', '.join(known)}; received {', '.join(unknown)}")
        return names

    return parse


def _load_average() -> str:
    """Return the load average, which shows whether the machine has other work."""
    return f", load average {os.getloadavg()[0]:.1f}" if hasattr(os, "getloadavg") else ""


def main() -> None:
    """Parse the arguments, measure and print tables."""
    parser = argparse.ArgumentParser(prog="make bench", description=__doc__)
    parser.add_argument("--rounds", type=int, default=5, help="number of turns of each contender (default 5)")
    parser.add_argument("--seconds", type=float, default=3.0, help="duration of each measurement (default 3)")
    parser.add_argument("--threads", type=int, default=1, help=_THREADS)
    parser.add_argument("--quick", action="store_true", help="one round of one second, to check that everything runs")
    parser.add_argument("--only", choices=_PARTS, help="run only this part")
    parser.add_argument("--jobs", type=_names(RECIPES), default=RECIPES, help=f"some of {','.join(RECIPES)}")
    parser.add_argument("--cells", type=_names(CELLS), default=CELLS, help=f"some of {','.join(CELLS)}")
    parser.add_argument("--plot", type=Path, default=_PLOT, help=f"file for the plot of scaling (default {_PLOT})")
    options = parser.parse_args()
    rounds, seconds = (1, 1.0) if options.quick else (options.rounds, options.seconds)
    jobs = [job for job in JOBS if job.recipe in options.jobs and job.cell in options.cells]
    parts = (options.only,) if options.only else _PARTS
    console = Console(highlight=False, width=max(_WIDTH, Console().width))
    console.print(f"{platform.platform()}, Python {platform.python_version()}, {os.cpu_count()} CPUs{_load_average()}")
    if {"training", "window"} & set(parts):
        console.print(f"{options.threads} thread(s) per contender; medians of {rounds} round(s) of {seconds:g} s")
    shared_data = ROOT.parent / "shared" / "data"
    if shared_data.is_dir():
        os.environ.setdefault("RNNSTUDIO_DATA", str(shared_data))
    with tempfile.TemporaryDirectory(prefix="rnnstudio-bench-") as home:
        os.environ["RNNSTUDIO_HOME"] = home
        missed_targets = []
        if "training" in parts:
            missed_targets += bench_training(console, jobs, rounds, seconds, options.threads)
        if "window" in parts:
            bench_window(console, rounds, seconds)
        if "first" in parts:
            missed_targets += bench_first_loss(console, options.jobs)
        if "memory" in parts:
            missed_targets += bench_memory(console, options.cells)
        if "scale" in parts:
            bench_scale(console, min(seconds, 1.0), options.threads, options.plot)
    if missed_targets:
        console.print("Missed targets:", *missed_targets, sep="\n  ")


if __name__ == "__main__":
    main()
