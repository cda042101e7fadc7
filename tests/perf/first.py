"""The table of first points: how long it takes from the call of `train` to the first loss, TensorFlow being loaded.

`python -m tests.perf.first har` measures one recipe twice in a process of its own, after a warm-up with another one.
Prints seconds to the first loss, and those of them that loading the data took, of the first run and of the second. The
table has two such processes: the first ever has to compile, another finds the program on the disk.
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
from tests.perf.turns import table, turn

_FIRST, _SECOND = 3.0, 0.5  # seconds wanted at most


def first(console: Console, recipes: Sequence[str]) -> list[str]:
    """Measure and print all models of these recipes' works; return a line for each figure that is missed."""
    columns = ("first ever", "its data", "first of a process", "wanted", "second run", "its data", "wanted")
    shown = table("Seconds from the call of train to the first loss, data included", "recipe", *columns)
    missed = []
    for recipe in sorted_recipes():
        if (recipe.model_of or recipe.name) not in recipes:
            continue
        if not has_data(recipe.name):
            console.print(f"{recipe.name} is left out: its data are not here (RNNSTUDIO_DATA names their folder)")
            continue
        console.print(f"first point: {recipe.name}", style="dim")
        (ever, its_data), (again, data_again) = turn("first", recipe.name)
        (once, _), _ = turn("first", recipe.name)  # its program is on the disk now
        shown.add_row(
            recipe.name,
            *(f"{ever:.2f}", f"{its_data:.2f}", f"{once:.2f}", f"<= {_FIRST:g}"),
            *(f"{again:.2f}", f"{data_again:.2f}", f"<= {_SECOND:g}"),
        )
        measured = (("first run ever", ever, _FIRST), ("first run", once, _FIRST), ("second run", again, _SECOND))
        for run, seconds, most in measured:
            if seconds > most:
                missed.append(f"{recipe.name}: {seconds:.2f} s to the first loss of the {run}, <= {most:g} s wanted")
    console.print(shown)
    return missed


def until_first_loss(recipe: str) -> tuple[float, float]:
    """Return the seconds from the call to the first loss, and those of them that loading took."""
    from rnnstudio.engine.train import train

    losses: list[float] = []

    def emit(event: Event) -> None:
        if isinstance(event, StepsDone):
            losses.append(time.perf_counter())

    began = time.perf_counter()
    experiment = compose(recipe, {})
    data = load(experiment)
    loaded = time.perf_counter()
    train(experiment, emit, lambda: bool(losses), data)
    return losses[0] - began, loaded - began


if __name__ == "__main__":
    until_first_loss("echo" if sys.argv[1] == "toy" else "toy")
    sys.stdout.write(json.dumps([until_first_loss(sys.argv[1]) for _ in range(2)]) + "\n")
