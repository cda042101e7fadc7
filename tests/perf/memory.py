"""Peak memory of a process, with Python and all libraries.

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
from tests.perf.processes import empty_table, run

_UPDATES = 50
_MAX_RATIO = 1.1  # of the memory of Keras
_LONG_SERIES, _LONG_SERIES_UPDATES = 10_000_000, 200
_MAX_ABOVE_FILE = 1e9  # bytes


def bench_memory(console: Console, cells: Sequence[str]) -> list[str]:
    """Measure the memory and print tables; return a line for each missed target."""
    missed = []
    if has_data("har"):
        missed += _compare_with_keras(console, cells)
    else:
        console.print("har is skipped: its data are not on this computer (set RNNSTUDIO_DATA)")
    return missed + _long_series(console)


def _compare_with_keras(console: Console, cells: Sequence[str]) -> list[str]:
    title = f"Peak memory, MB: har, {_UPDATES} updates"
    table = empty_table(title, "cell", "rnnstudio", "Keras", "ratio", "target")
    missed = []
    console.print("memory: har, parsing its text files", style="dim")
    parsing = _train("har", "--cell", cells[0], "--updates", _UPDATES)  # both contenders use the cached arrays later
    for cell in cells:
        console.print(f"memory: har {cell}", style="dim")
        ours = _train("har", "--cell", cell, "--updates", _UPDATES)
        _, keras = run([sys.executable, "-m", "tests.perf.memory", cell])
        ratio = ours / keras
        table.add_row(cell, f"{ours / 1e6:,.0f}", f"{keras / 1e6:,.0f}", f"{ratio:.2f} x", f"<= {_MAX_RATIO:g} x")
        if ratio > _MAX_RATIO:
            missed.append(f"har {cell}: {ratio:.2f} x the memory of Keras, target {_MAX_RATIO:g} x")
    console.print(table)
    console.print(f"First run, which parses the text files: {parsing / 1e6:,.0f} MB")
    return missed


def _long_series(console: Console) -> list[str]:
    title = f"Peak memory, MB: {_LONG_SERIES:,} values, {_LONG_SERIES_UPDATES} updates"
    table = empty_table(title, "peak", "file", "peak - file", "target", text_columns=0)
    console.print("memory: a long series", style="dim")
    with tempfile.TemporaryDirectory(prefix="rnnstudio-bench-") as folder:
        file = Path(folder, "series.npy")
        np.save(file, np.random.default_rng(1).standard_normal(_LONG_SERIES, np.float32))
        size = file.stat().st_size
        peak = _train(str(file), "--updates", _LONG_SERIES_UPDATES, "--horizon", 1)
    above, target = f"{(peak - size) / 1e6:,.0f}", f"< {_MAX_ABOVE_FILE / 1e6:,.0f}"
    table.add_row(f"{peak / 1e6:,.0f}", f"{size / 1e6:,.0f}", above, target)
    console.print(table)
    if peak - size < _MAX_ABOVE_FILE:
        return []
    return [f"long series: {above} MB more than the size of the file, target {target} MB"]


def _train(*arguments: object) -> int:
    """Return the peak memory in bytes of a training on the command line."""
    command = [sys.executable, "-m", "rnnstudio", "train", *map(str, arguments), "--no-save", "--quiet"]
    return run(command)[1]


def keras_script(cell: str) -> None:
    """Train on har with Keras, and evaluate the test set before and after, as `rnnstudio train har` does."""
    from tests.perf.contenders import keras_model

    experiment = compose("har", {"cell": cell})
    data, batch_size = load(experiment), experiment.training.batch_size
    train = np.random.default_rng(1).permutation(data.train)[: _UPDATES * batch_size]
    x, y = data.inputs, data.targets
    model = keras_model(experiment, data, batch_size)
    model.evaluate(x[data.test], y[data.test], verbose=0)
    model.fit(x[train], y[train], batch_size=batch_size, verbose=0)
    model.evaluate(x[data.test], y[data.test], verbose=0)


if __name__ == "__main__":
    keras_script(sys.argv[1])
