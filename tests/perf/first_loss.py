"""Time from the call of `train` to the first loss, after TensorFlow has been imported.

`python -m tests.perf.first_loss har` measures a recipe twice in one process, after a warm-up with another recipe. It
prints the seconds to the first loss and the seconds of them for loading the data, of the first and the second run. The
table shows two such processes: the very first run compiles, later processes find the compiled program on the disk.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Sequence

from rich.console import Console

from rnnstudio.core.catalog import sorted_recipes
from rnnstudio.core.events import Event, StepsDone
from rnnstudio.core.experiment import compose
from tests.perf.jobs import has_data, load
from tests.perf.processes import empty_table, run_module

_FIRST_TARGET, _SECOND_TARGET = 3.0, 0.5  # seconds
_COLUMNS = ("very first run", "its data", "first of a process", "target", "second run", "its data", "target")


def bench_first_loss(console: Console, recipes: Sequence[str]) -> list[str]:
    """Measure all models of the recipes' publications and print a table; return a line for each missed target."""
    table = empty_table("Seconds from the call of train to the first loss, with loading of data", "recipe", *_COLUMNS)
    missed = []
    for recipe in sorted_recipes():
        if (recipe.model_of or recipe.name) not in recipes:
            continue
        if not has_data(recipe.name):
            console.print(f"{recipe.name} is skipped: its data are not on this computer (set RNNSTUDIO_DATA)")
            continue
        console.print(f"first loss: {recipe.name}", style="dim")
        (very_first, very_first_data), (second, second_data) = run_module("first_loss", recipe.name)
        (first_of_process, _), _ = run_module("first_loss", recipe.name)
        table.add_row(
            recipe.name,
            *(f"{very_first:.2f}", f"{very_first_data:.2f}", f"{first_of_process:.2f}", f"<= {_FIRST_TARGET:g}"),
            *(f"{second:.2f}", f"{second_data:.2f}", f"<= {_SECOND_TARGET:g}"),
        )
        results = (
            ("very first run", very_first, _FIRST_TARGET),
            ("first run of a process", first_of_process, _FIRST_TARGET),
            ("second run", second, _SECOND_TARGET),
        )
        for run, seconds, target in results:
            if seconds > target:
                missed.append(f"{recipe.name}: {seconds:.2f} s to the first loss of the {run}, target {target:g} s")
    console.print(table)
    return missed


def seconds_to_first_loss(recipe: str) -> tuple[float, float]:
    """Return the seconds from the call to the first loss, and the seconds of them for loading the data."""
    from rnnstudio.engine.train import train

    loss_times: list[float] = []

    def emit(event: Event) -> None:
        if isinstance(event, StepsDone):
            loss_times.append(time.perf_counter())

    begin = time.perf_counter()
    experiment = compose(recipe, {})
    data = load(experiment)
    loaded = time.perf_counter()
    train(experiment, emit, lambda: bool(loss_times), data)
    return loss_times[0] - begin, loaded - begin


if __name__ == "__main__":
    seconds_to_first_loss("echo" if sys.argv[1] == "toy" else "toy")
    sys.stdout.write(json.dumps([seconds_to_first_loss(sys.argv[1]) for _ in range(2)]) + "\n")
