"""Kill trainings at random moments, resume them, and compare them with trainings never killed.

Half of the kills come at a random time, the others before a random write, rename or deletion of a file; the training
that goes on is killed, too, as often as not. python -m tests.torture.kills --kills 200 --seed 0
"""

from __future__ import annotations

import argparse
import os
import random
import shutil
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

import rnnstudio as rs
from rnnstudio.results.run import Run
from rnnstudio.results.run_as_of import weights_of
from rnnstudio.results.store import list_runs
from rnnstudio.results.store_entries import run_folders
from tests.torture.killed_training import Progress, arguments, killed, server

_WRITING_SECONDS = 2.0  # for a checkpoint, on a busy machine
_RNG = np.random.default_rng(0)


def cases(folder: Path, length: int) -> dict[str, tuple[str, dict[str, Any]]]:
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
    x = _RNG.normal(size=(50, 8, 2))
    np.savez(folder / "arrays.npz", x=x, y=(x.sum(axis=(1, 2)) > 0).astype(int))
    brief: dict[str, Any] = {"units": 6, "evaluate_every": 50}
    own = {**brief, "updates": 4000 * length}
    return {
        "echo": ("echo", {"epochs": 120 * length}),
        "airline": ("airline", {**brief, "updates": 4000 * length, "patience": 0}),
        "forecast": (str(series), {**own, "target": "load", "horizon": 3, "levels": [80], "patience": 0}),
        "recursive": (str(series), {**own, "target": "load", "horizon": 2, "multi_step": "recursive", "levels": []}),
        "label": (str(series), {**own, "target": "state", "task": "label", "window": 20, "dropout": 0.2}),
        "regress, stateful": (
            str(series),
            {**own, "target": "load", "task": "regress", "window": 8, "stateful": True, "batch_size": 4, "levels": []},
        ),
        "arrays": (f"arrays:{folder / 'arrays.npz'}", {**own, "task": "classify"}),
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


class Torture:
    """Trainings that are killed, resumed and compared with those that were not.

    Args:
        folder: An empty folder.
        chosen: The choice of trainings and moments.
        seconds: Time between two checkpoints.
        length: How many times as long as usual the trainings are.
    """

    def __init__(self, folder: Path, chosen: random.Random, seconds: float, length: int) -> None:
        self._folder, self._chosen, self._seconds = folder, chosen, seconds
        self._cases = cases(folder, length)
        self._whole: dict[str, tuple[str, float, int]] = {}  # bits, seconds and number of writes
        self._server = server()
        self.counts, self.worst_loss = Counter[str](), 0.0

    def kill(self, names: list[str]) -> str:
        """Kill a training, and its continuation too where chance wants it; return what became of it, a sentence."""
        case = self._chosen.choice(names or list(self._cases))
        start, settings = self._cases[case]
        expected, seconds, writes = self._measured(case)
        job: dict[str, Any] = {"start": start, "settings": settings, "checkpoint_seconds": self._seconds}
        sentences = []
        for again in range(1 + self._chosen.randrange(2)):
            at_write = self._chosen.random() < 0.5
            progress = killed(
                self._server,
                job,
                self._folder,
                after=None if at_write else self._chosen.uniform(0.0, 1.1 * seconds),
                before_write=self._chosen.randint(1, writes) if at_write else 0,
            )
            moment = f"before {progress.before}" if progress.before else f"after {progress.done:,} updates"
            sentences.append(("resumed and killed " if again else "killed ") + moment)
            outcome, name = self._state(progress)
            if outcome != "interrupted":
                break  # it has ended, or something is wrong
            job = {"run": name, "checkpoint_seconds": self._seconds}
        if outcome in ("interrupted", "ended"):
            outcome = self._end(expected)
        for path in run_folders():
            shutil.rmtree(path)
        self.counts[outcome] += 1
        return f"{case}: {', '.join(sentences)}: {outcome}"

    def _measured(self, case: str) -> tuple[str, float, int]:
        """Return the bits of the training that nobody kills, how long its process takes, and how often it writes."""
        if case not in self._whole:
            start, settings = self._cases[case]
            run = rs.train(*arguments(start), verbose=0, save=False, **settings)
            assert isinstance(run, Run)
            job = {"start": start, "settings": settings, "checkpoint_seconds": self._seconds}
            began = time.monotonic()
            progress = killed(self._server, job, self._folder, after=None)
            self._whole[case] = str(bits(run)), time.monotonic() - began, progress.writes
            assert self._end(self._whole[case][0]) == "equal", f"{case} differs between two processes"
            for path in run_folders():
                shutil.rmtree(path)
        return self._whole[case]

    def _state(self, progress: Progress) -> tuple[str, str]:
        """Return what the only run is after a kill, and its name: interrupted, ended, none, lost or unreadable."""
        rows = list_runs()
        allowed = self._seconds + progress.longest_chunk + _WRITING_SECONDS
        if not rows:
            return ("lost" if progress.seconds_of_work_after(0) > allowed else "none"), ""
        if rows[0]["problem"] or len(rows) > 1:
            return "unreadable", str([row["problem"] for row in rows])
        loaded = rs.load(rows[0]["run"])
        assert isinstance(loaded, Run)
        if loaded.outcome == "interrupted":
            lost = progress.seconds_of_work_after(loaded.record.step)
            self.worst_loss = max(self.worst_loss, lost)
            if lost > allowed:
                return f"{lost:.1f} s of work lost", rows[0]["run"]
        return "interrupted" if loaded.outcome == "interrupted" else "ended", rows[0]["run"]

    def _end(self, expected: str) -> str:
        """Let the only run train to its end, and return whether it is equal to the one that was not killed."""
        loaded = rs.load(list_runs()[0]["run"])
        assert isinstance(loaded, Run)
        resumed = rs.resume(loaded, verbose=0) if loaded.outcome == "interrupted" else loaded
        return "equal" if str(bits(resumed)) == expected == str(bits(rs.load(resumed.path))) else "different"


def main() -> int:
    """Kill trainings, print what became of them, and return 1 where one is unreadable, lost or differs."""
    parser = argparse.ArgumentParser(prog="tests.torture.kills", description=__doc__.splitlines()[0])
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--checkpoint-seconds", type=float, default=1.0)
    parser.add_argument("--length", type=int, default=1, help="how many times as long as usual the trainings are")
    parser.add_argument("--case", action="append", default=[], help="one of the trainings; all where none is given")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        os.environ["RNNSTUDIO_HOME"] = str(Path(name) / "home")
        torture = Torture(Path(name), random.Random(options.seed), options.checkpoint_seconds, options.length)
        for number in range(options.kills):
            sys.stdout.write(f"{number + 1:4d} {torture.kill(options.case)}\n")
            sys.stdout.flush()
    counts = ", ".join(f"{number} {outcome}" for outcome, number in torture.counts.items())
    sys.stdout.write(f"{options.kills} kills: {counts}; at most {torture.worst_loss:.1f} s of work lost\n")
    return int(any(outcome not in ("equal", "none") for outcome in torture.counts))


if __name__ == "__main__":
    sys.exit(main())
