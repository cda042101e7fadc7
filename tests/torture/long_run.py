"""A run of five million updates is opened and drawn, and its files are weighed.

python -m tests.torture.long_run --updates 5000000
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
from PySide6.QtWidgets import QApplication

import rnnstudio as rs
from rnnstudio.gui.app import create_application, delete_window
from rnnstudio.gui.main_window import MainWindow
from rnnstudio.results.run import Run

_EVALUATIONS = 100  # of a training that sets no other interval


def long_run(updates: int) -> Run:
    """Train `echo` for a moment, and return it with the history of a training of so many updates."""
    run = rs.train("echo", epochs=1, verbose=0, save=False)
    assert isinstance(run, Run)
    record, rng = run.record, np.random.default_rng(0)
    missing = updates - record.step
    record.loss.extend((np.exp(-np.linspace(0, 3, missing)) + 0.05 * rng.normal(size=missing)).astype(np.float32))
    if len(record.accuracy):
        record.accuracy.extend(rng.uniform(0.5, 1, missing).astype(np.float32))
    for step in np.linspace(0, updates, _EVALUATIONS + 1).astype(int):
        values = dict.fromkeys(("val/loss", "val/accuracy", "test/loss", "test/accuracy"), float(rng.uniform()))
        record.evaluations.append({"step": float(step), **values})
    record.updates = record.weights_step = updates
    return run


def draw(short: str, long: str) -> tuple[float, float]:
    """Open a short and a long saved run in a window that has drawn one before; return the seconds of both."""
    application = create_application([])
    window = MainWindow()
    try:
        window.resize(1366, 768)
        window.show()
        _open(application, window, short)  # the pages are created with the first one
        _open(application, window, long)
        return _open(application, window, short), _open(application, window, long)
    finally:
        window.controller.close()
        window.background.close()
        window.data_thread.close()
        delete_window(application, window)


def _open(application: QApplication, window: MainWindow, name: str) -> float:
    """Open a run as its row in the run list does, and return the seconds until its plots are drawn."""
    began = time.perf_counter()
    window.opener.open(name)
    while window.view.run is None or window.view.run.name != name or window.view.currentWidget() != window.view.pages:
        application.processEvents()
    application.processEvents()
    window.grab()  # draws all that is visible
    return time.perf_counter() - began


def main() -> int:
    """Print how long opening takes and how many bytes the history has; return 1 where a figure is not met."""
    parser = argparse.ArgumentParser(prog="tests.torture.long_run", description=__doc__.splitlines()[0])
    parser.add_argument("--updates", type=int, default=5_000_000)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        os.environ["RNNSTUDIO_HOME"] = name
        short = Path(long_run(1000).save()).name
        run = long_run(options.updates)
        began = time.perf_counter()
        path = run.save()
        saving = time.perf_counter() - began
        files = [*Path(path).glob("history*"), *Path(path).glob("updates-*")]
        stored = sum(file.stat().st_size for file in files) / options.updates
        began = time.perf_counter()
        rs.load(run.name)
        loading = time.perf_counter() - began
        of_short, drawing = draw(short, run.name)
    sys.stdout.write(f"{options.updates:,} updates: saved in {saving:.2f} s, loaded in {loading:.2f} s\n")
    sys.stdout.write(f"opened and drawn in {drawing:.2f} s (wanted: 1); 1,000 updates in {of_short:.2f} s\n")
    sys.stdout.write(f"history: {stored:.2f} bytes an update (wanted: 9)\n")
    return int(drawing > 1 or stored > 9)


if __name__ == "__main__":
    sys.exit(main())
