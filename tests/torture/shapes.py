"""`make torture`: train networks of many shapes in one process, and measure memory and speed.

python -m tests.torture.shapes --count 400

Prints memory and memory maps after each twenty runs, what a run adds to the memory after a warm-up (by regression), and
the updates per second of a fixed training in this process and in new ones, alternating.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

import rnnstudio as rs
from rnnstudio.engine.program_memory import memory_maps
from rnnstudio.results.run import Run
from tests.torture.resources import per_unit, resident

_WARM_UP = 40  # runs: programs are released after 32
_ROUNDS = 5
_MB = 1e6
_FRESH = "from tests.torture.shapes import speed; speed(); print(speed())"


def settings(chosen: random.Random) -> tuple[str, dict[str, Any]]:
    """Return a recipe and settings of a random shape."""
    recipe = chosen.choice(["airline", "airline", "echo"])
    own = {"units": chosen.randint(2, 40), "cell": chosen.choice(["rnn", "gru", "lstm"]), "updates": 10}
    window, batch = {"window": chosen.randint(8, 26)}, chosen.randint(2, 12)
    if recipe == "airline":
        return recipe, {**own, **window, "batch_size": batch, "evaluate_every": 10, "patience": 0}
    return recipe, {**own, **window, "batch_size": batch, "series_length": 5000}


def speed() -> float:
    """Return the updates per second of a fixed training."""
    run = rs.train("echo", verbose=0, save=False, epochs=30)
    assert isinstance(run, Run)
    return run.record.updates_per_second


def fresh_speed() -> float:
    """Return the updates per second of the same training in a new process, after one before it."""
    done = subprocess.run([sys.executable, "-c", _FRESH], check=True, capture_output=True, text=True)
    return float(json.loads(done.stdout.split()[-1]))


def main() -> int:
    """Train, print what was measured, and return 1 where a training failed."""
    parser = argparse.ArgumentParser(prog="make torture", description=__doc__.splitlines()[0])
    parser.add_argument("--count", type=int, default=400)
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    chosen, sizes = random.Random(options.seed), list[int]()
    with tempfile.TemporaryDirectory() as name:
        os.environ["RNNSTUDIO_HOME"] = str(Path(name) / "home")
        for number in range(1, options.count + 1):
            recipe, values = settings(chosen)
            rs.train(recipe, verbose=0, save=False, **values)
            sizes.append(resident())
            if number % 20 == 0:
                maps, most = memory_maps()
                sys.stdout.write(f"{number:4d} runs {sizes[-1] / _MB:8.1f} MB, {maps:,} of {most:,} memory maps\n")
                sys.stdout.flush()
        first = _WARM_UP if len(sizes) > 2 * _WARM_UP else 0
        slope = per_unit(range(first, len(sizes)), sizes[first:])
        speed()
        pairs = [(speed(), fresh_speed()) for _ in range(_ROUNDS)]
    here, fresh = (statistics.median(each) for each in zip(*pairs, strict=True))
    sys.stdout.write(f"a run adds {slope / _MB:.2f} MB; {here:,.0f} updates/s, {fresh:,.0f} in new processes: ")
    sys.stdout.write(f"{here / fresh:.3f} ({', '.join(f'{a / b:.3f}' for a, b in pairs)})\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
