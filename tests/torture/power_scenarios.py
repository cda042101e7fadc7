"""What is done with saved runs while a disk is recorded: every way in which a run is written, moved or deleted."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import rnnstudio as rs
from rnnstudio.results import run_files, saving, training_writer
from rnnstudio.results.checked_files import RUN_FILE, RunFiles
from rnnstudio.results.run import Run

Act = Callable[[Callable[[], None]], None]  # does it; calls its argument when something is said to be saved
_RNG = np.random.default_rng(5)
X = _RNG.normal(size=(40, 6, 2))
Y = (X.sum(axis=(1, 2)) > 0).astype(int)
SETTINGS: dict[str, Any] = {"task": "classify", "units": 4, "evaluate_every": 10, "updates": 40, "verbose": 0}


@dataclass(frozen=True)
class Scenario:
    """One of them.

    Attributes:
        prepare: What is done before, in a folder of runs and settings; it returns what is recorded.
        repairs: Whether it repairs a damaged run, which opens before it only once it is repaired.
    """

    prepare: Callable[[Path], Act]
    repairs: bool = False


def small_run(**settings: Any) -> Run:
    """Train a small run."""
    run = rs.train(X, Y, **SETTINGS | settings)
    assert isinstance(run, Run)
    return run


def slowly(step: float, metrics: dict[str, float]) -> bool:
    """Wait until a checkpoint is written."""
    time.sleep(0.03)
    return True


@contextmanager
def commits(promise: Callable[[], None]) -> Iterator[None]:
    """Call a function after each state that is written into the folder of a run."""

    def wrapped(*arguments: Any, **named: Any) -> None:
        training_commit(*arguments, **named)
        promise()

    training_commit = training_writer.commit
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(training_writer, "commit", wrapped)
        patch.setattr(run_files, "commit", wrapped)
        patch.setattr(saving, "commit", wrapped)
        yield


def _train(home: Path) -> Act:
    return lambda promise: _promised(promise, small_run, checkpoint_seconds=0.001, callback=slowly)


def _promised(promise: Callable[[], None], work: Callable[..., Any], *arguments: Any, **named: Any) -> None:
    with commits(promise):
        work(*arguments, **named)
    promise()


def _resume(home: Path) -> Act:
    run = small_run()
    return lambda promise: _promised(
        promise, rs.resume, run, updates=20, verbose=0, checkpoint_seconds=0.001, callback=slowly
    )


def _save_new(home: Path) -> Act:
    run = small_run(save=False)
    return lambda promise: _promised(promise, run.save)


def _overwrite(home: Path) -> Act:
    small_run()
    other = small_run(save=False, seed=1)
    [row] = rs.runs()
    return lambda promise: _promised(promise, other.save, row["path"], overwrite=True)


def _save_part(home: Path) -> Act:
    run = rs.train("airline", updates=20, units=4, verbose=0)
    assert isinstance(run, Run)
    return lambda promise: _promised(promise, run.refit, lambda: False)


def _save_at(home: Path) -> Act:
    run = small_run()
    return lambda promise: _promised(promise, run.at(20).save)


def _trash(home: Path) -> Act:
    small_run()
    run = small_run(seed=1)

    def act(promise: Callable[[], None]) -> None:
        promise()
        rs.delete(run.name)
        promise()
        rs.restore(run.name)
        promise()

    return act


def _archive(home: Path) -> Act:
    small_run().export(home / "runs" / "one.rnnrun")
    other = small_run(seed=1)
    return lambda promise: _promised(promise, other.export, home / "runs" / "one.rnnrun")


def _archived_training(home: Path) -> Act:
    return lambda promise: _promised(promise, small_run, save=home / "runs" / "one.rnnrun")


def _group(home: Path) -> Act:
    return lambda promise: _promised(promise, rs.train, X, Y, **SETTINGS, seeds=2)


def _repair_by_copy(home: Path) -> Act:
    path = _stored(small_run(), "weights.npz")
    small_run(seed=1)
    content = path.read_bytes()
    path.with_name("copy").write_bytes(content)
    path.write_bytes(content[:100])
    return _repaired


def _repair_without(home: Path) -> Act:
    path = _stored(small_run(), "checkpoint.npz")
    path.write_bytes(path.read_bytes()[:100])
    return _repaired


def _repair_manifest(home: Path) -> Act:
    path = Path(small_run().path) / RUN_FILE
    path.rename(path.with_name(".0123456789abcdef.part"))
    path.write_bytes(b"")
    return _repaired


def _repaired(promise: Callable[[], None]) -> None:
    rs.doctor()
    promise()


def _stored(run: Run, name: str) -> Path:
    """Return the path of a file of a run."""
    return Path(run.path) / RunFiles.of_folder(Path(run.path)).stored_name(name)


SCENARIOS: dict[str, Scenario] = {
    "training": Scenario(_train),
    "resume": Scenario(_resume),
    "save": Scenario(_save_new),
    "overwrite": Scenario(_overwrite),
    "save part": Scenario(_save_part),
    "keep a moment": Scenario(_save_at),
    "trash": Scenario(_trash),
    "archive": Scenario(_archive),
    "train to archive": Scenario(_archived_training),
    "group": Scenario(_group),
    "repair by a copy": Scenario(_repair_by_copy, repairs=True),
    "repair without a part": Scenario(_repair_without, repairs=True),
    "repair of run.json": Scenario(_repair_manifest, repairs=True),
}
