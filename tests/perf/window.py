"""The table of the window: what drawing costs, and how it answers; then starting."""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from statistics import median

from rich.console import Console

from tests.perf.turns import ROOT, table, turn

_AS_USERS_DO = 0  # threads as TensorFlow chooses them, which the window does not change


def window(console: Console, rounds: int, seconds: float) -> None:
    """Measure and print."""
    headless, found = [], []
    with display() as where:
        console.print(f"The window is on {where}")
        for number in range(rounds):
            console.print(f"window, round {number + 1} of {rounds}", style="dim")
            headless.append(turn("contenders", "ours", "echo", "rnn", seconds, _AS_USERS_DO)[0])
            found.append(turn("studio", "training", seconds))
        starts = [turn("studio", "start") for _ in range(rounds + 1)][1:]  # the first one warms the disk's cache
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
    shown = table("The window, training echo; and starting", "", "measured", "wanted")
    for row in rows:
        shown.add_row(*row)
    console.print(shown)


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
