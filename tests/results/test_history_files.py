"""A long history is saved in parts, of which a checkpoint writes the last one alone."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import rnnstudio as rs
from rnnstudio.core.errors import StoreError
from rnnstudio.results import history_files
from rnnstudio.results.file_writers import arrays_writer
from rnnstudio.results.run import Run
from tests.altered_runs import rewrite
from tests.interrupted import crashed

Copies = Callable[[], Run]


def parts(folder: Path) -> dict[str, int]:
    """Return the files of the columns of updates, and the number of losses in each."""
    files = [*folder.glob("history*.npz"), *sorted(folder.glob("updates-*.npz"))]
    return {file.name: len(np.load(file)["loss"]) for file in files}


@pytest.mark.parametrize("length", [1, 7, 119, 120, 121, 1000])
def test_the_parts_are_one_history(fresh_airline: Copies, length: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(history_files, "UPDATES_OF_PART", length)
    run = fresh_airline()
    run.save()
    found = parts(Path(run.path))
    assert sum(found.values()) == run.record.step
    assert set(found.values()) <= {length, run.record.step % length}
    again = rs.load(run.path)
    assert again.history().equals(run.history())
    assert again.record.evaluations == run.record.evaluations
    again.save(again.path, overwrite=True)
    assert parts(Path(run.path)) == found


def test_accuracies_are_in_parts_too(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(history_files, "UPDATES_OF_PART", 8)
    x = np.random.default_rng(0).normal(size=(40, 6, 2))
    run = rs.train(x, (x.sum(axis=(1, 2)) > 0).astype(int), task="classify", updates=29, units=3, verbose=0)
    again = rs.load(run.path)
    np.testing.assert_array_equal(again.record.accuracy.values, run.record.accuracy.values)
    assert len(run.record.accuracy) == 29


def test_a_run_goes_on_with_its_parts(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(history_files, "UPDATES_OF_PART", 16)
    settings: dict[str, Any] = {"updates": 120, "units": 4, "evaluate_every": 3}
    whole = rs.train("airline", **settings, verbose=0, save=False)
    folder = crashed("airline", after=50, **settings)
    first = (folder / "updates-0.npz").stat().st_mtime_ns, (folder / "updates-0.npz").stat().st_ino
    resumed = rs.resume(folder, verbose=0)
    np.testing.assert_array_equal(resumed.record.loss.values, whole.record.loss.values)
    assert rs.load(folder).history().equals(whole.history())
    assert ((folder / "updates-0.npz").stat().st_mtime_ns, (folder / "updates-0.npz").stat().st_ino) == first
    assert list(parts(folder).values()) == [8, *[16] * 7]  # those of history.npz come last in time


def losses(count: int) -> dict[str, Any]:
    return {"loss": np.zeros(count, np.float32), "accuracy": np.empty(0, np.float32)}


DAMAGES: dict[str, Callable[[Path], Any]] = {
    "a part is missing": lambda f: rewrite(f, leave_out="updates-1.npz"),
    "there are absurdly many parts": lambda f: rewrite(
        f, {"history.npz": arrays_writer({**losses(8), "updates_before": np.array(2**62)})}
    ),
    "the last part is missing": lambda f: rewrite(f, leave_out=list(parts(f))[-1]),
    "a part is too short": lambda f: rewrite(f, {"updates-1.npz": arrays_writer(losses(15))}),
    "a part is too long": lambda f: rewrite(f, {"updates-1.npz": arrays_writer(losses(17))}),
    "a part has other columns": lambda f: rewrite(f, {"updates-1.npz": arrays_writer({"loss": np.zeros(16)})}),
    "a part has accuracies": lambda f: rewrite(
        f, {"updates-1.npz": arrays_writer({"loss": np.zeros(16), "accuracy": np.zeros(16)})}
    ),
    "a part is one of another history": lambda f: rewrite(f, {"updates-9.npz": arrays_writer(losses(16))}),
}


@pytest.mark.parametrize("damage", DAMAGES)
def test_parts_that_are_not_one_history_are_damage(
    fresh_airline: Copies, damage: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(history_files, "UPDATES_OF_PART", 16)
    run = fresh_airline()
    run.save()
    DAMAGES[damage](Path(run.path))
    with pytest.raises(StoreError, match="damaged"):
        rs.load(run.path)
