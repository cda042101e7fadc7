"""The tables of memory: the most that a process had at any time, Python and all libraries included.

`python -m tests.perf.memory lstm` is the Keras script that rnnstudio is compared with.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from rich.console import Console

from rnnstudio.core.experiment import compose
from tests.perf.jobs import has_data, load
from tests.perf.turns import run, table

_UPDATES = 50
_MOST_TIMES = 1.1  # as much as Keras
_LONG, _LONG_UPDATES = 10_000_000, 200
_MOST_ABOVE = 1e9  # bytes above the file's own size


def memory(console: Console, cells: Sequence[str]) -> list[str]:
    """Measure and print; return a line for each figure that is missed."""
    missed = []
    if has_data("har"):
        missed += _beside_keras(console, cells)
    else:
        console.print("har is left out: its data are not here (RNNSTUDIO_DATA names their folder)")
    return missed + _long_series(console)


def _beside_keras(console: Console, cells: Sequence[str]) -> list[str]:
    shown = table(f"Most memory, MB: har, {_UPDATES} updates", "cell", "rnnstudio", "Keras", "ratio", "wanted")
    missed = []
    console.print("memory: har, its text parsed", style="dim")
    first = _trained("har", "--cell", cells[0], "--updates", _UPDATES)  # numbers are kept; from now on both read those
    for cell in cells:
        console.print(f"memory: har {cell}", style="dim")
        ours = _trained("har", "--cell", cell, "--updates", _UPDATES)
        _, theirs = run([sys.executable, "-m", "tests.perf.memory", cell])
        times = ours / theirs
        shown.add_row(cell, f"{ours / 1e6:,.0f}", f"{theirs / 1e6:,.0f}", f"{times:.2f} x", f"<= {_MOST_TIMES:g} x")
        if times > _MOST_TIMES:
            missed.append(f"har {cell}: {times:.2f} x the memory of Keras, <= {_MOST_TIMES:g} x wanted")
    console.print(shown)
    console.print(f"With the text parsed, which is done once: {first / 1e6:,.0f} MB")
    return missed


def _long_series(console: Console) -> list[str]:
    columns = ("peak", "file", "peak - file", "wanted")
    shown = table(f"Most memory, MB: {_LONG:,} values, {_LONG_UPDATES} updates", *columns, words=0)
    console.print("memory: a long series", style="dim")
    with tempfile.TemporaryDirectory(prefix="rnnstudio-bench-") as folder:
        file = Path(folder, "series.npy")
        np.save(file, np.random.default_rng(1).standard_normal(_LONG, np.float32))
        size = file.stat().st_size
        peak = _trained(str(file), "--updates", _LONG_UPDATES, "--horizon", 1)
    above, most = f"{(peak - size) / 1e6:,.0f}", f"< {_MOST_ABOVE / 1e6:,.0f}"
    shown.add_row(f"{peak / 1e6:,.0f}", f"{size / 1e6:,.0f}", above, most)
    console.print(shown)
    return [f"long series: {above} MB above the file's size, {most} MB wanted"] if peak - size >= _MOST_ABOVE else []


def _trained(*arguments: object) -> int:
    """Return the most memory, in bytes, of a training as a user starts it."""
    command = [sys.executable, "-m", "rnnstudio", "train", *map(str, arguments), "--no-save", "--quiet"]
    return run(command)[1]


def keras_script(cell: str) -> None:
    """Load har, fit and look at the test part before and after, as `rnnstudio train har` does."""
    from tests.perf.contenders import keras_model

    experiment = compose("har", {"cell": cell})
    data, batch = load(experiment), experiment.training.batch_size
    chosen = np.random.default_rng(1).permutation(data.train)[: _UPDATES * batch]
    x, y = data.inputs, data.targets
    model = keras_model(experiment, data, batch)
    model.evaluate(x[data.test], y[data.test], verbose=0)
    model.fit(x[chosen], y[chosen], batch_size=batch, verbose=0)
    model.evaluate(x[data.test], y[data.test], verbose=0)


if __name__ == "__main__":
    keras_script(sys.argv[1])
