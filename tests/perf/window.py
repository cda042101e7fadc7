"""The window: the cost of plots, the response time, and the start."""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from statistics import median

from rich.console import Console

from tests.perf.processes import ROOT, empty_table, run_module

_DEFAULT_THREADS = 0  # TensorFlow decides, as for a user


def bench_window(console: Console, rounds: int, seconds: float) -> None:
    """Measure the window and print a table."""
    headless_rates, runs = [], []
    with display() as description:
        console.print(f"The window opens on {description}")
        for number in range(rounds):
            console.print(f"window, round {number + 1} of {rounds}", style="dim")
            speed = run_module("contenders", "rnnstudio", "echo", "rnn", seconds, _DEFAULT_THREADS)
            headless_rates.append(speed[0])
            runs.append(run_module("window_probe", "training", seconds))
        starts = [run_module("window_probe", "start") for _ in range(rounds + 1)][1:]  # the first one fills disk caches
    list_seconds = [_seconds_to_list_recipes() for _ in range(rounds)]
    headless, with_window = median(headless_rates), median(run["rate"] for run in runs)
    rows = (
        ("updates/s without a window", f"{headless:,.0f}", ""),
        ("updates/s with the window and its plots", f"{with_window:,.0f}", ""),
        ("ratio", f"{with_window / headless:.2f} x", ">= 0.95 x"),
        ("delay of a 5 ms timer, 99th percentile", f"{median(run['delay_p99_ms'] for run in runs):.1f} ms", "<= 33 ms"),
        ("delay of a 5 ms timer, maximum", f"{max(run['delay_max_ms'] for run in runs):.1f} ms", "<= 100 ms"),
        ("click on Stop until the run is saved", f"{median(run['stop_ms'] for run in runs):.0f} ms", "<= 150 ms"),
        ("process start until the window is painted", f"{median(s['seconds'] for s in starts):.2f} s", "<= 1.0 s"),
        ("TensorFlow imported by then", "yes" if any(s["has_tensorflow"] for s in starts) else "no", "no"),
        ("rnnstudio list recipes", f"{median(list_seconds):.2f} s", "<= 0.5 s"),
    )
    table = empty_table("The window during training of echo, and its start", "", "measured", "target")
    for row in rows:
        table.add_row(*row)
    console.print(table)


def _seconds_to_list_recipes() -> float:
    begin = time.perf_counter()
    subprocess.run([sys.executable, "-m", "rnnstudio", "list", "recipes"], cwd=ROOT, capture_output=True, check=True)
    return time.perf_counter() - begin


@contextlib.contextmanager
def display() -> Iterator[str]:
    """Provide a display for the window, a virtual one if there is no other, and yield its description."""
    if sys.platform != "linux" or os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"):
        yield "the display of this computer"
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
