"""`make torture`: kill trainings at random moments, resume them, and compare them with trainings never killed.

python -m tests.torture.run --kills 200 --seed 0
"""

from __future__ import annotations

import argparse
import json
import os
import random
import shutil
import subprocess
import sys
import tempfile
import time
from collections import Counter
from contextlib import suppress
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

import rnnstudio as rs
from rnnstudio.results.run import Run
from rnnstudio.results.run_as_of import weights_of
from rnnstudio.results.store import list_runs

_CHILD = """
import json, sys
import rnnstudio as rs
start, settings, seconds = sys.argv[1], json.loads(sys.argv[2]), float(sys.argv[3])
print("begins", flush=True)
rs.train(start, verbose=0, checkpoint_seconds=seconds, **settings)
"""
_RNG = np.random.default_rng(0)


def cases(folder: Path) -> dict[str, tuple[str, dict[str, Any]]]:
    """Return what is trained, by name: every task, stateful and not, new data each epoch, early stopping and bands."""
    series, labelled = folder / "series.csv", folder / "labelled.csv"
    days = pd.date_range("2024-01-01", periods=400)
    values = np.sin(np.arange(400) / 3) + 0.1 * _RNG.normal(size=400)
    pd.DataFrame({"day": days, "load": values, "state": np.where(values > 0, "on", "off")}).to_csv(series, index=False)
    steps = pd.DataFrame(_RNG.normal(size=(600, 2)), columns=["a", "b"])
    steps["trial"] = np.repeat(np.arange(60), 10)
    steps["kind"] = np.where(steps.groupby("trial")["a"].transform("sum") > 0, "up", "down")
    steps["score"] = steps.groupby("trial")["b"].transform("sum")
    steps.to_csv(labelled, index=False)
    brief: dict[str, Any] = {"units": 6, "evaluate_every": 50}
    own = {**brief, "updates": 4000}
    return {
        "echo": ("echo", {"epochs": 120}),
        "airline": ("airline", {**brief, "updates": 4000, "patience": 0}),
        "forecast": (str(series), {**own, "target": "load", "horizon": 3, "levels": [80], "patience": 0}),
        "recursive": (str(series), {**own, "target": "load", "horizon": 2, "multi_step": "recursive", "levels": []}),
        "label": (str(series), {**own, "target": "state", "task": "label", "window": 20, "dropout": 0.2}),
        "regress, stateful": (
            str(series),
            {**own, "target": "load", "task": "regress", "window": 8, "stateful": True, "batch_size": 4, "levels": []},
        ),
        "classify": (
            str(labelled),
            {**own, "sequence": "trial", "target": "kind", "features": "a,b", "task": "classify", "patience": 0},
        ),
        "score": (
            str(labelled),
            {**own, "sequence": "trial", "target": "score", "features": "a,b", "task": "regress_sequence"},
        ),
    }


def bits(run: Run) -> dict[str, Any]:
    """Return what a kill must not change."""
    return {
        "weights": {name: hash(values.tobytes()) for name, values in run.weights.items()},
        "loss": hash(run.record.loss.values.tobytes()),
        "evaluations": run.record.evaluations,
        "metrics": run.metrics,
        "outcome": run.outcome,
        "steps": (run.record.step, run.record.weights_step),
        "moments": {step: [hash(w.tobytes()) for w in weights_of(run, step).values()] for step in run.kept_updates},
    }


def train_and_kill(start: str, settings: dict[str, Any], seconds: float, after: float) -> float:
    """Train in a process, kill it some seconds after its training was called, and return how long it ran."""
    arguments = [sys.executable, "-c", _CHILD, start, json.dumps(settings), str(seconds)]
    process = subprocess.Popen(arguments, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    assert process.stdout is not None
    process.stdout.readline()
    began = time.monotonic()
    with suppress(subprocess.TimeoutExpired):
        process.wait(timeout=after)
    process.kill()
    process.wait()
    return time.monotonic() - began


def outcome_after_kill(expected: str) -> tuple[str, str]:
    """Return what became of the only run: equal, different, unreadable, or none (no update was done), and a sentence.

    Args:
        expected: The bits of the run that was never killed.
    """
    rows = list_runs()
    for row in rows:
        if row["problem"]:
            return "unreadable", row["problem"]
    if not rows:
        return "none", "killed before its first update"
    loaded = rs.load(rows[0]["run"])
    assert isinstance(loaded, Run)
    done = loaded.record.step
    resumed = rs.resume(loaded, verbose=0) if loaded.outcome == "interrupted" else loaded
    found = str(bits(resumed))
    shutil.rmtree(rows[0]["path"])
    return "equal" if found == expected else "different", f"{done:,} updates were saved"


def main() -> int:
    """Kill trainings, print what became of them, and return 1 where one is unreadable or differs."""
    parser = argparse.ArgumentParser(prog="make torture", description=__doc__.splitlines()[0])
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--checkpoint-seconds", type=float, default=1.0)
    options = parser.parse_args()
    chosen, counts = random.Random(options.seed), Counter[str]()
    with tempfile.TemporaryDirectory() as name:
        os.environ["RNNSTUDIO_HOME"] = str(Path(name) / "home")
        known = cases(Path(name))
        whole: dict[str, tuple[str, float]] = {}
        for number in range(options.kills):
            case = chosen.choice(list(known))
            start, settings = known[case]
            if case not in whole:
                began = time.monotonic()
                run = rs.train(start, verbose=0, save=False, **settings)
                assert isinstance(run, Run)
                whole[case] = str(bits(run)), time.monotonic() - began
            expected, seconds = whole[case]
            ran = train_and_kill(start, settings, options.checkpoint_seconds, chosen.uniform(0.0, 8.0 + 1.2 * seconds))
            outcome, sentence = outcome_after_kill(expected)
            counts[outcome] += 1
            sys.stdout.write(f"{number + 1:4d} {case:18s} after {ran:5.1f} s: {outcome}; {sentence}\n")
            sys.stdout.flush()
    sys.stdout.write(f"{options.kills} kills: {', '.join(f'{n} {outcome}' for outcome, n in counts.items())}\n")
    return int(bool(counts["unreadable"] or counts["different"]))


if __name__ == "__main__":
    sys.exit(main())
