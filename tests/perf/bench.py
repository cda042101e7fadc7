"""`make bench`: rnnstudio beside Keras and PyTorch, its window beside no window, first points, memory, and scale.

Contenders take turns, each turn in a fresh process, so that a busy moment of the machine hits all of them; the figures
are medians over the rounds, and the ratios those of the medians.
"""

from __future__ import annotations

import argparse
import os
import platform
import tempfile
from pathlib import Path

from rich.console import Console

from tests.perf.first import first
from tests.perf.jobs import CELLS, JOBS, RECIPES
from tests.perf.memory import memory
from tests.perf.scale import scale
from tests.perf.training import training
from tests.perf.turns import ROOT
from tests.perf.window import window

# PyTorch's threads wait for each other by spinning: with more than one, other work on the machine slows it tenfold.
_THREADS = "CPU threads for each contender (default 1, with which a busy machine is fair to all)"
_PARTS = ("training", "window", "first", "memory", "scale")
_PICTURE = Path("build/scale.svg")
_WIDTH = 120  # columns the tables need


def _names(known: tuple[str, ...]) -> object:
    """Return what turns "a,b" into names that are all known."""

    def parse(text: str) -> tuple[str, ...]:
        names = tuple(text.split(","))
        unknown = [n for n in names if n not in known]
        if unknown:
            raise argparse.ArgumentTypeError(f"there is no {', '.join(unknown)}; known are {', '.join(known)}")
        return names

    return parse


def _load() -> str:
    """Return what says whether the machine has other work."""
    return f", load {os.getloadavg()[0]:.1f}" if hasattr(os, "getloadavg") else ""


def main() -> None:
    """Read the arguments, measure, print."""
    parser = argparse.ArgumentParser(prog="make bench", description=__doc__)
    parser.add_argument("--rounds", type=int, default=5, help="turns of each contender (default 5)")
    parser.add_argument("--seconds", type=float, default=3.0, help="length of each measurement (default 3)")
    parser.add_argument("--threads", type=int, default=1, help=_THREADS)
    parser.add_argument("--quick", action="store_true", help="one round of one second: to see that it runs")
    parser.add_argument("--only", choices=_PARTS, help="leave the other parts out")
    parser.add_argument("--jobs", type=_names(RECIPES), default=RECIPES, help=f"some of {','.join(RECIPES)}")
    parser.add_argument("--cells", type=_names(CELLS), default=CELLS, help=f"some of {','.join(CELLS)}")
    parser.add_argument("--picture", type=Path, default=_PICTURE, help=f"where scale is drawn (default {_PICTURE})")
    chosen = parser.parse_args()
    rounds, seconds = (1, 1.0) if chosen.quick else (chosen.rounds, chosen.seconds)
    jobs = [job for job in JOBS if job.recipe in chosen.jobs and job.cell in chosen.cells]
    parts = (chosen.only,) if chosen.only else _PARTS
    console = Console(highlight=False, width=max(_WIDTH, Console().width))
    console.print(f"{platform.platform()}, Python {platform.python_version()}, {os.cpu_count()} CPUs{_load()}")
    if {"training", "window"} & set(parts):
        console.print(f"{chosen.threads} thread(s) for each contender; medians of {rounds} round(s) of {seconds:g} s")
    beside = ROOT.parent / "shared" / "data"
    if beside.is_dir():
        os.environ.setdefault("RNNSTUDIO_DATA", str(beside))
    with tempfile.TemporaryDirectory(prefix="rnnstudio-bench-") as home:
        os.environ["RNNSTUDIO_HOME"] = home
        missed = []
        if "training" in parts:
            missed += training(console, jobs, rounds, seconds, chosen.threads)
        if "window" in parts:
            window(console, rounds, seconds)
        if "first" in parts:
            missed += first(console, chosen.jobs)
        if "memory" in parts:
            missed += memory(console, chosen.cells)
        if "scale" in parts:
            scale(console, min(seconds, 1.0), chosen.threads, chosen.picture)
    if missed:
        console.print("Missed:", *missed, sep="\n  ")


if __name__ == "__main__":
    main()
