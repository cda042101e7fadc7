"""`make bench`: rnnstudio beside Keras and PyTorch, and its window beside no window, measured side by side.

Contenders take turns, each turn in a fresh process, so that a busy moment of the machine hits all of them; the figures
are medians over the rounds, and the ratios those of the medians.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import platform
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from statistics import median

from rich.console import Console
from rich.table import Table

from tests.perf.contenders import CONTENDERS
from tests.perf.jobs import JOBS
from tests.perf.studio import STARTED

ROOT = Path(__file__).resolve().parents[2]
NAMES = {"ours": "rnnstudio", "keras": "Keras model.fit", "torch": "PyTorch"}
# PyTorch's threads wait for each other by spinning: with more than one, other work on the machine slows it tenfold.
_THREADS = "CPU threads for each contender (default 1, with which a busy machine is fair to all)"

_AS_USERS_DO = 0  # threads as TensorFlow chooses them, which the window does not change


def turn(module: str, *arguments: object) -> str:
    """Return what one process printed last."""
    environment = {**os.environ, STARTED: repr(time.time())}
    command = [sys.executable, "-m", f"tests.perf.{module}", *map(str, arguments)]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    if done.returncode or not done.stdout.strip():
        raise SystemExit(f"{' '.join(command)} ended with {done.returncode}:\n{done.stderr}")
    return done.stdout.splitlines()[-1]


def training(console: Console, rounds: int, seconds: float, threads: int) -> None:
    """Measure and print the table of trainings."""
    table = Table(title="Training; ratio: how many times as fast rnnstudio is", title_justify="left")
    for column in ("job", "contender", "updates/s", "lowest - highest", "ms/update", "ratio", "wanted"):
        table.add_column(column, justify="left" if column in ("job", "contender") else "right")
    for job in JOBS:
        turns: dict[str, list[float]] = {who: [] for who in CONTENDERS}
        for number in range(rounds):
            for who, rates in turns.items():
                console.print(f"{job.recipe}, round {number + 1} of {rounds}: {NAMES[who]}", style="dim")
                rates.append(float(turn("contenders", who, job.recipe, seconds, threads)))
        for who, rates in turns.items():
            rate = median(rates)
            ratio = "" if who == "ours" else f"{median(turns['ours']) / rate:.1f} x"
            wanted = f">= {job.at_least[who]:.0f} x" if who in job.at_least else ""
            figures = (f"{rate:,.0f}", f"{min(rates):,.0f} - {max(rates):,.0f}", f"{1000 / rate:.3f}")
            table.add_row(job.recipe, NAMES[who], *figures, ratio, wanted, end_section=who == "torch")
    console.print(table)


def window(console: Console, rounds: int, seconds: float) -> None:
    """Measure and print the table of the window: what drawing costs, and how it answers; then starting."""
    headless, found = [], []
    for number in range(rounds):
        console.print(f"window, round {number + 1} of {rounds}", style="dim")
        headless.append(float(turn("contenders", "ours", "echo", seconds, _AS_USERS_DO)))
        found.append(json.loads(turn("studio", "training", seconds)))
    starts = [json.loads(turn("studio", "start")) for _ in range(rounds + 1)][
        1:
    ]  # the first one warms the disk's cache
    lists = [_list_recipes() for _ in range(rounds)]
    without, open_ = median(headless), median(f["rate"] for f in found)
    rows = (
        ("updates/s without the window", f"{without:,.0f}", ""),
        ("updates/s with the window open and drawing", f"{open_:,.0f}", ""),
        ("ratio", f"{open_ / without:.2f} x", ">= 0.95 x"),
        ("lateness of a 5 ms timer, 99 %", f"{median(f['late_p99_ms'] for f in found):.1f} ms", "<= 33 ms"),
        ("lateness of a 5 ms timer, worst", f"{max(f['late_worst_ms'] for f in found):.1f} ms", "<= 100 ms"),
        ("click on Stop until the run is kept", f"{median(f['stop_ms'] for f in found):.0f} ms", "<= 150 ms"),
        ("process start until the window is painted", f"{median(f['seconds'] for f in starts):.2f} s", "<= 1.0 s"),
        ("TensorFlow loaded by then", "yes" if any(f["tensorflow"] for f in starts) else "no", "no"),
        ("rnnstudio list recipes", f"{median(lists):.2f} s", "<= 0.5 s"),
    )
    table = Table(title="The window, training echo; and starting", title_justify="left")
    table.add_column("")
    table.add_column("measured", justify="right")
    table.add_column("wanted", justify="right")
    for row in rows:
        table.add_row(*row)
    console.print(table)


def _load() -> str:
    """Return what says whether the machine has other work."""
    return f", load {os.getloadavg()[0]:.1f}" if hasattr(os, "getloadavg") else ""


def _list_recipes() -> float:
    began = time.perf_counter()
    subprocess.run([sys.executable, "-m", "rnnstudio", "list", "recipes"], cwd=ROOT, capture_output=True, check=True)
    return time.perf_counter() - began


@contextlib.contextmanager
def display() -> Iterator[str]:
    """Give the window somewhere to be: the display there is, else a virtual one; yields what it is."""
    if sys.platform != "linux" or os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"):
        yield "this display"
        return
    command = ["Xvfb", "-displayfd", "1", "-screen", "0", "1366x768x24", "-nolisten", "tcp"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as server:
        assert server.stdout is not None
        os.environ["DISPLAY"] = f":{server.stdout.readline().strip()}"
        try:
            yield "Xvfb, 1366 x 768"
        finally:
            del os.environ["DISPLAY"]
            server.terminate()


def main() -> None:
    """Read the arguments, measure, print."""
    parser = argparse.ArgumentParser(prog="make bench", description=__doc__)
    parser.add_argument("--rounds", type=int, default=5, help="turns of each contender (default 5)")
    parser.add_argument("--seconds", type=float, default=3.0, help="length of each measurement (default 3)")
    parser.add_argument("--threads", type=int, default=1, help=_THREADS)
    parser.add_argument("--quick", action="store_true", help="one round of one second: to see that it runs")
    parser.add_argument("--only", choices=("training", "window"), help="leave the other table out")
    chosen = parser.parse_args()
    rounds, seconds = (1, 1.0) if chosen.quick else (chosen.rounds, chosen.seconds)
    console = Console(highlight=False)
    console.print(f"{platform.platform()}, Python {platform.python_version()}, {os.cpu_count()} CPUs{_load()}")
    console.print(f"{chosen.threads} thread(s) for each contender; medians of {rounds} round(s) of {seconds:g} s")
    with tempfile.TemporaryDirectory(prefix="rnnstudio-bench-") as home, display() as where:
        os.environ["RNNSTUDIO_HOME"] = home
        if chosen.only != "window":
            training(console, rounds, seconds, chosen.threads)
        if chosen.only != "training":
            console.print(f"The window is on {where}")
            window(console, rounds, seconds)


if __name__ == "__main__":
    main()
