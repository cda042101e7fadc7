"""Runs survive the end of their process, and go on as if they had never stopped."""

from __future__ import annotations

import itertools
import json
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from filelock import FileLock

import rnnstudio as rs
from rnnstudio.core.errors import DataError, SettingError, StoreError
from rnnstudio.core.events import Continued, Event, NotSaved, StepsDone
from rnnstudio.core.experiment import compose
from rnnstudio.results import array_data, training_writer
from rnnstudio.results.resuming import resume_run
from rnnstudio.results.run import Run
from rnnstudio.results.run_folder import locked
from rnnstudio.results.source import experiment_and_data
from rnnstudio.results.store_check import check_store
from rnnstudio.results.store_entries import run_folders
from rnnstudio.results.training import train_experiment
from tests.interrupted import crashed

SETTINGS = {"updates": 120, "units": 4, "verbose": 0}
RNG = np.random.default_rng(3)
X = RNG.normal(size=(40, 6, 2))
Y = (X.sum(axis=(1, 2)) > 0).astype(int)


def bits(run: Run) -> dict[str, Any]:
    return {
        "weights": {name: values.tobytes() for name, values in run.weights.items()},
        "loss": run.record.loss.values.tobytes(),
        "evaluations": run.record.evaluations,
        "metrics": run.metrics,
        "baseline": run.baseline,
        "outcome": run.outcome,
        "warnings": run.warnings,
        "steps": (run.record.step, run.record.updates, run.record.weights_step),
    }


@pytest.mark.parametrize("recipe", ["airline", "toy", "echo"])
def test_a_run_whose_process_ended_goes_on_with_the_same_bits(recipe: str, home: Path) -> None:
    settings = {"updates": 120, "units": 4, "evaluate_every": 3}
    whole = rs.train(recipe, **settings, verbose=0, save=False)
    folder = crashed(recipe, **settings)
    row = rs.runs()[0]
    assert (row["run"], row["outcome"]) == (folder.name, "interrupted")
    interrupted = rs.load(folder.name)
    assert isinstance(interrupted, Run)
    assert 0 < interrupted.record.step < 120
    assert interrupted.outcome == "interrupted"
    resumed = rs.resume(folder.name, verbose=0)
    assert str(bits(resumed)) == str(bits(whole))
    assert str(bits(rs.load(folder.name))) == str(bits(whole))  # type: ignore[arg-type]
    assert rs.runs()[0]["outcome"] == "completed"
    assert [f.name for f in run_folders()] == [folder.name]


def test_a_file_is_read_again_and_must_be_that_of_the_training(tmp_path: Path, home: Path) -> None:
    file = tmp_path / "sales.csv"
    frame = pd.DataFrame({"day": pd.date_range("2024-01-01", periods=150), "sales": RNG.normal(size=150).cumsum()})
    frame.to_csv(file, index=False)
    settings = {"window": 7, "updates": 120, "units": 4, "levels": [80], "evaluate_every": 3, "patience": 0}
    whole = rs.train(file, **settings, verbose=0, save=False)
    folder = crashed(file, **settings)
    frame.assign(sales=frame["sales"] * 1.001).to_csv(file, index=False)
    with pytest.raises(DataError, match="checksum differs"):
        rs.resume(folder, verbose=0)
    assert rs.runs()[0]["outcome"] == "interrupted"
    frame.to_csv(file, index=False)
    resumed = rs.resume(folder, verbose=0)
    assert str(bits(resumed)) == str(bits(whole))
    pd.testing.assert_frame_equal(resumed.forecast_table(3), whole.forecast_table(3))


def test_arrays_are_saved_with_the_run_and_asked_for_where_they_are_too_large(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = {"task": "classify", "updates": 120, "units": 4, "val_fraction": 0.2, "evaluate_every": 3}
    whole = rs.train(X, Y, **settings, verbose=0, save=False)
    assert str(bits(rs.resume(crashed(X, Y, **settings), verbose=0))) == str(bits(whole))
    monkeypatch.setattr(array_data, "MAX_BYTES", 100)
    folder = crashed(X, Y, **settings)
    with pytest.raises(DataError, match="as x and y"):
        rs.resume(folder, verbose=0)
    with pytest.raises(DataError, match="checksum differs"):
        rs.resume(folder, X + 1, Y, verbose=0)
    assert str(bits(rs.resume(folder, X, Y, verbose=0))) == str(bits(whole))


def test_a_stopped_run_goes_on_and_a_complete_one_is_extended_as_if_it_had_been_longer(home: Path) -> None:
    longer = rs.train("airline", **SETTINGS | {"updates": 150}, evaluate_every=22, save=False)
    stopped = rs.train("airline", **SETTINGS, evaluate_every=22, callback=lambda step, metrics: step < 50)
    assert stopped.outcome == "stopped"
    resumed = rs.resume(stopped, verbose=0)
    whole = rs.train("airline", **SETTINGS, evaluate_every=22, save=False)
    assert str(bits(resumed)) == str(bits(whole))
    with pytest.raises(SettingError, match="is complete after 120 updates"):
        rs.resume(resumed, verbose=0)
    extended = rs.resume(resumed, updates=30.0, verbose=0)
    note = "The training was extended from 120 to 150 planned updates after 120."
    assert extended.warnings == [*longer.warnings, note]
    assert str(bits(extended) | {"warnings": []}) == str(bits(longer) | {"warnings": []})
    assert extended.experiment.training.updates == 150


def test_an_extended_cosine_schedule_is_said(home: Path) -> None:
    run = rs.train("airline", **SETTINGS, schedule="cosine")
    extended = rs.resume(run, updates=20, verbose=0)
    assert any("cosine of 140 updates" in warning for warning in extended.warnings)
    assert any("cosine of 140 updates" in warning for warning in rs.load(extended.path).warnings)


def test_a_run_that_ended_early_goes_on_with_new_patience(home: Path) -> None:
    early = {"val_fraction": 0.2, "evaluate_every": 1, "patience": 2, "restore_best_weights": True}
    run = rs.train("airline", **SETTINGS, **early, learning_rate=0.1)
    assert run.outcome == "early_stopped"
    with pytest.raises(SettingError, match="ended early"):
        rs.resume(run, verbose=0)
    assert rs.resume(run, updates=50, verbose=0).record.step > run.record.step


def test_one_process_trains_a_run(home: Path) -> None:
    folder = crashed("toy", updates=120, evaluate_every=3)
    with FileLock(folder / "run.lock"):
        assert rs.runs()[0]["outcome"] == "running"
        assert rs.load(folder).outcome == "running"  # type: ignore[union-attr]
        with pytest.raises(StoreError, match="being trained by another process"):
            rs.resume(folder, verbose=0)
    assert rs.resume(folder, verbose=0).outcome == "completed"


def test_what_cannot_go_on_is_refused(home: Path, tmp_path: Path) -> None:
    diverged = rs.train("toy", updates=400, learning_rate=1000.0, optimizer="sgd", verbose=0)
    assert diverged.outcome == "diverged"
    with pytest.raises(SettingError, match="diverged after"):
        rs.resume(diverged, updates=5, verbose=0)
    run = rs.train("toy", updates=2, verbose=0)
    rs.train("toy", updates=2, verbose=0, save=False).save(tmp_path / "later")
    with pytest.raises(StoreError, match="without a state of its training"):
        rs.resume(tmp_path / "later", updates=5, verbose=0)
    with pytest.raises(SettingError, match="updates must be a whole number from 1"):
        rs.resume(run, updates=0, verbose=0)
    with pytest.raises(SettingError, match="must be a saved run"):
        rs.resume(rs.train("toy", updates=2, verbose=0, save=False), verbose=0)


def test_a_training_goes_on_while_its_folder_cannot_be_written(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    commit, failures = training_writer.commit, [OSError(28, "No space left on device")] * 5

    def full(*arguments: Any) -> None:
        if failures:
            raise failures.pop()
        commit(*arguments)

    monkeypatch.setattr(training_writer, "commit", full)
    whole = rs.train("airline", **SETTINGS, save=False)
    run = rs.train("airline", **SETTINGS, checkpoint_seconds=0.001)
    assert run.path
    assert str(bits(rs.load(run.path))) == str(bits(whole))  # type: ignore[arg-type]


def test_a_run_that_can_never_be_written_leaves_nothing_behind(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*arguments: Any) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(training_writer, "commit", full)
    for save in (True, tmp_path / "mine"):
        run = rs.train("toy", updates=3, verbose=0, save=save)
        assert (run.path, run.outcome) == ("", "completed")
        assert "No space left on device" in run.warnings[-1]
    assert list((home / "runs").iterdir()) == []
    assert not (tmp_path / "mine").exists()


def test_a_run_that_never_had_an_update_leaves_no_folder(home: Path) -> None:
    def emit(event: Event) -> None:
        raise ValueError("a fault of the caller")

    with pytest.raises(ValueError, match="a fault"):
        train_experiment(compose("toy", {"updates": 3}), emit, lambda: False)
    assert run_folders() == []


def test_a_training_that_fails_is_listed_with_its_reason(home: Path) -> None:
    def emit(event: Event) -> None:
        time.sleep(0.02)
        if isinstance(event, StepsDone) and event.first_step > 20:
            raise ValueError("a fault of the caller")

    with pytest.raises(ValueError, match="a fault"):
        train_experiment(compose("airline", {"updates": 60}), emit, lambda: False, checkpoint_seconds=0.01)
    run = rs.load("latest")
    assert isinstance(run, Run)
    assert (run.outcome, run.record.error) == ("failed", "a fault of the caller")
    assert rs.resume(run, verbose=0).outcome == "completed"


KILLED = """
import sys
import rnnstudio as rs
rs.train("echo", epochs=60, verbose=0, checkpoint_seconds=0.2)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGKILL")
def test_a_killed_process_loses_no_run(home: Path) -> None:
    process = subprocess.Popen([sys.executable, "-c", KILLED])
    deadline = time.monotonic() + 120

    def has_checkpoint() -> bool:
        rows = rs.runs()
        return bool(rows) and rs.load("latest").record.step > 0  # type: ignore[union-attr]

    waiting: Callable[[], bool] = has_checkpoint
    while not waiting() and time.monotonic() < deadline:
        time.sleep(0.05)
    assert rs.runs()[0]["outcome"] == "running"
    process.kill()
    process.wait()
    assert rs.runs()[0]["outcome"] == "interrupted"
    resumed = rs.resume("latest", verbose=0)
    whole = rs.train("echo", epochs=60, verbose=0, save=False)
    assert str(bits(resumed)) == str(bits(whole))


def test_a_run_is_read_while_it_is_written(home: Path) -> None:
    """A reader never sees a part of two states, nor a file that has gone."""
    run = rs.train("toy", updates=3, verbose=0)
    problems: list[str] = []
    is_done = threading.Event()

    def write() -> None:
        other = rs.load(run.name)
        assert isinstance(other, Run)
        for number in itertools.count(1):
            other.warnings, other.metrics = [str(number)], {"number": float(number)}
            other.save(run.path)
            if is_done.is_set():
                return

    thread = threading.Thread(target=write)
    thread.start()
    end, seen = time.monotonic() + 3, set()
    try:
        while time.monotonic() < end:
            try:
                loaded = rs.load(run.name)
                [row] = rs.runs()
                problems += [row["problem"]] if row["problem"] else []
            except StoreError as error:
                problems.append(str(error))
                continue
            number = loaded.metrics.get("number", 0.0)
            seen.add(number)
            assert loaded.warnings == ([str(int(number))] if number else [])
    finally:
        is_done.set()
        thread.join()
    assert problems == []
    assert len(seen) > 1


def test_a_run_that_cannot_be_packed_stays_in_the_run_list(home: Path, tmp_path: Path) -> None:
    target = tmp_path / "absent" / "one.rnnrun"
    (tmp_path / "absent").write_text("a file, where a folder would be")
    run = rs.train("toy", updates=3, verbose=0, save=target)
    assert Path(run.path).parent == home / "runs"
    assert any("cannot be written" in warning or "could not be saved" in warning for warning in run.warnings)
    assert [row["outcome"] for row in rs.runs()] == ["completed"]


@pytest.mark.parametrize("moment", ["before", "at the start"])
def test_a_resumed_run_whose_training_fails_at_once_is_as_it_was(
    home: Path, monkeypatch: pytest.MonkeyPatch, moment: str
) -> None:
    run = rs.train("toy", updates=20, verbose=0)
    before = {file.name: file.read_bytes() for file in Path(run.path).iterdir()}
    broken = "validate" if moment == "before" else "TrainingLoop"

    def fail(*arguments: Any, **named: Any) -> None:
        raise ValueError("a fault of the engine")

    monkeypatch.setattr(f"rnnstudio.engine.train.{broken}", fail)
    with pytest.raises(ValueError, match="a fault"):
        rs.resume(run, updates=5, verbose=0)
    monkeypatch.undo()
    assert {file.name: file.read_bytes() for file in Path(run.path).iterdir()} == before
    assert rs.resume(run, updates=5, verbose=0).record.step == 25


class Probe:
    """Receives the events of a training, and does something once, after so many updates."""

    def __init__(self, after: int, act: Callable[[], None]) -> None:
        self.after, self.act, self.is_done = after, act, False

    def __call__(self, event: Event) -> None:
        if isinstance(event, StepsDone):
            time.sleep(0.05)
            if event.first_step >= self.after and not self.is_done:
                self.is_done = True
                self.act()


@pytest.mark.parametrize("outcome", ["completed", "stopped"])
def test_a_run_that_had_ended_is_running_from_the_moment_its_training_goes_on(home: Path, outcome: str) -> None:
    stops = {"callback": lambda step, metrics: step < 60} if outcome == "stopped" else {}
    run = rs.train("airline", **SETTINGS, **stops)  # type: ignore[arg-type]
    assert (run.outcome, rs.runs()[0]["outcome"]) == (outcome, outcome)
    seen: list[tuple[Any, ...]] = []

    def look() -> None:
        deadline = time.monotonic() + 60
        while rs.runs()[0]["outcome"] != "running" and time.monotonic() < deadline:
            time.sleep(0.02)  # its first checkpoint is being written
        loaded = rs.load(run.name)
        assert isinstance(loaded, Run)
        seen.append((rs.runs()[0]["outcome"], loaded.outcome, loaded.record.step >= min(run.record.step, 60) - 60))

    resume_run(Path(run.path), Probe(run.record.step + 1, look), lambda: False, updates=60, checkpoint_seconds=3600)
    assert seen == [("running", "running", True)]
    assert rs.runs()[0]["outcome"] == "completed"


def test_a_resumed_run_whose_training_fails_before_an_update_is_as_it_was(home: Path) -> None:
    run = rs.train("toy", updates=20, verbose=0)
    before = {file.name: file.read_bytes() for file in Path(run.path).iterdir()}

    def emit(event: Event) -> None:
        if isinstance(event, Continued):
            raise ValueError("a fault of the caller")

    with pytest.raises(ValueError, match="a fault"):
        resume_run(Path(run.path), emit, lambda: False, updates=5)
    assert {file.name: file.read_bytes() for file in Path(run.path).iterdir()} == before


def whole_content(folder: Path) -> dict[str, str]:
    """Return the checksums of the files of a run; empty of those with times, and of the state before the last chunk."""
    files = json.loads((folder / "run.json").read_text())["files"]
    own = ("history.npz", "metrics.json", "checkpoint.json", "checkpoint.npz")  # chunks are as long as they take
    return {name: "" if name in own else entry["sha256"] for name, entry in files.items()}


@pytest.mark.parametrize("way", ["deleted", "store deleted", "moved", "replaced", "deleted at the end"])
def test_a_folder_that_is_deleted_while_its_run_trains_is_made_again_with_everything(home: Path, way: str) -> None:
    settings = {"task": "classify", "updates": 120, "units": 4, "val_fraction": 0.2, "evaluate_every": 10}
    whole = rs.train(X, Y, **settings, verbose=0)
    expected = whole_content(Path(whole.path))
    assert {"arrays.npz", "checkpoint.npz", "moment-20.npz"} <= expected.keys()
    shutil.rmtree(whole.path)
    folders: list[Path] = []

    def act() -> None:
        wanted, deadline = "run.json" if way == "deleted at the end" else "checkpoint*.npz", time.monotonic() + 60
        while not list((home / "runs").glob(f"*/{wanted}")) and time.monotonic() < deadline:
            time.sleep(0.02)  # it is being written
        [folder] = run_folders()
        folders.append(folder)
        if way == "moved":
            folder.rename(home / "elsewhere")
        else:
            gone = home / "runs" if way == "store deleted" else folder
            while gone.exists():  # something may be written there at the same time
                shutil.rmtree(gone, ignore_errors=True)
        if way == "replaced":
            folder.mkdir()
            (folder / "mine.txt").write_text("of the user")

    experiment = experiment_and_data(X, Y, (), settings)
    after, seconds = (110, 3600.0) if way == "deleted at the end" else (60, 0.01)
    run = train_experiment(experiment, Probe(after, act), lambda: False, checkpoint_seconds=seconds)
    assert len(folders) == 1
    assert (Path(run.path) == folders[0]) is (way != "replaced")
    assert whole_content(Path(run.path)) == expected
    assert str(bits(rs.load(run.path))) == str(bits(whole))  # type: ignore[arg-type]
    assert check_store() == (1, [])
    assert rs.resume(run, updates=10, verbose=0).record.step == 130
    if way == "replaced":
        assert [file.name for file in folders[0].iterdir()] == ["mine.txt"]
    if way == "moved":
        assert rs.load(home / "elsewhere").outcome == "interrupted"  # type: ignore[union-attr]


def test_a_folder_that_is_deleted_while_its_lock_is_taken_does_not_come_back(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = Path(rs.train("toy", updates=3, verbose=0).path)
    acquire = FileLock.acquire

    def deleted_meanwhile(lock: FileLock, *arguments: Any, **named: Any) -> Any:
        shutil.rmtree(folder)
        folder.mkdir()  # as some versions of FileLock do
        return acquire(lock, *arguments, **named)

    monkeypatch.setattr(FileLock, "acquire", deleted_meanwhile)
    with pytest.raises(FileNotFoundError), locked(folder):
        raise AssertionError("the folder is not there")
    assert not folder.exists()


def test_a_training_that_cannot_be_saved_says_so_once_and_when_it_can_be_again(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    commit, is_full, said = training_writer.commit, [True], []

    def full(*arguments: Any) -> None:
        if is_full:
            raise OSError(28, "No space left on device")
        commit(*arguments)

    def emit(event: Event) -> None:
        if isinstance(event, NotSaved):
            said.append(event.text)
        if isinstance(event, StepsDone):
            time.sleep(0.05)
            if event.first_step > 80:
                is_full.clear()

    monkeypatch.setattr(training_writer, "commit", full)
    experiment = compose("airline", {"updates": 120, "units": 4, "evaluate_every": 10})
    run = train_experiment(experiment, emit, lambda: False, checkpoint_seconds=0.01)
    assert said == [NotSaved("No space left on device", "Free some space").text, "The run is saved again."]
    assert "goes on in memory" in said[0]
    assert not any("No space" in warning for warning in run.warnings)
    assert {"checkpoint.npz", "moment-0.npz"} <= whole_content(Path(run.path)).keys()


@pytest.mark.parametrize("updates", [120, 37])
def test_a_training_that_is_stopped_as_soon_as_it_goes_on_loses_no_update(home: Path, updates: int) -> None:
    run = rs.train("airline", updates=updates, units=3, patience=0, verbose=0)
    stopped = rs.resume(run.path, updates=100, callback=lambda *_: False, verbose=0)
    assert stopped.outcome == "stopped"
    assert stopped.record.step >= updates
    assert stopped.record.loss.values[:updates].tobytes() == run.record.loss.values.tobytes()
    again = rs.resume(run.path, max_seconds=1e-6, verbose=0)
    assert again.record.step >= stopped.record.step


@pytest.mark.parametrize("name", ["run", "run.rnnrun"])
def test_an_older_object_of_a_run_that_went_on_says_so_and_saves_nothing_with_it(
    name: str, home: Path, tmp_path: Path
) -> None:
    older = rs.train("airline", updates=40, units=4, evaluate_every=5, verbose=0, save=tmp_path / name)
    assert isinstance(older, Run)
    before = older.weights
    newer = older.resume(updates=40, verbose=0)
    assert newer.moments is not None
    assert older.moments is not None
    gone = next(step for step in older.moments.steps if step not in newer.moments.steps)
    both = next(step for step in older.moments.steps if step in newer.moments.steps)
    sentence = f"no longer has the weights after {gone} updates, because its training went on"
    with pytest.raises(StoreError, match=f"{sentence}.*Use the run that resume returned, or load it again"):
        older.at(gone)
    np.testing.assert_array_equal(older.at(both).predict(X[0, :, :1]), newer.at(both).predict(X[0, :, :1]))
    assert all((older.weights[weight] == values).all() for weight, values in before.items())
    for save in (lambda: older.backtest(2, verbose=0), older.refit):
        with pytest.raises(StoreError, match="has other weights by now: its training went on"):
            save()
    loaded = rs.load(newer.path)
    assert isinstance(loaded, Run)
    assert (loaded.record.step, loaded.last_backtest, loaded.refitted) == (80, None, None)
    assert newer.backtest(2, verbose=0).origins == 2
