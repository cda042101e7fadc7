"""A .rnnrun file as the target of a training, and going on with the training of a .rnnrun file."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import rnnstudio as rs
from rnnstudio.core.errors import DataError, SettingError, StoreError
from rnnstudio.results import copied_state, run_archive, run_keeper
from rnnstudio.results.file_target import path_at_end
from rnnstudio.results.run import Run
from rnnstudio.results.unfinished_runs import keep_run
from tests.altered_runs import rewrite
from tests.interrupted import crashed
from tests.results.test_resuming import bits

AIRLINE: dict[str, Any] = {"updates": 120, "units": 4, "evaluate_every": 3}
RNG = np.random.default_rng(3)
X = RNG.normal(size=(40, 6, 2))
Y = (X.sum(axis=(1, 2)) > 0).astype(int)


def whole() -> dict[str, Any]:
    return bits(rs.train("airline", **AIRLINE, verbose=0, save=False))


def stopped(file: Path) -> Run:
    """Return a run that was stopped half way, and saved as one file."""
    run = rs.train("airline", **AIRLINE, verbose=0, save=file, callback=lambda step, metrics: step < 50)
    assert isinstance(run, Run)
    assert (run.outcome, run.path) == ("stopped", str(file))
    return run


def members(file: Path) -> dict[str, Any]:
    with zipfile.ZipFile(file) as archive:
        return {**json.loads(archive.read("run.json")), "members": archive.namelist()}


def test_a_training_that_was_to_become_a_file_becomes_it_when_it_is_resumed(home: Path, tmp_path: Path) -> None:
    file = tmp_path / "my sales.rnnrun"
    folder = crashed("airline", save=file, **AIRLINE)
    assert not file.exists()
    assert folder.name == "my-sales-1"
    assert [(row["run"], row["outcome"]) for row in rs.runs()] == [("my-sales-1", "interrupted")]
    for use in (rs.resume, rs.load):
        with pytest.raises(StoreError, match=r"my-sales-1 of the run list becomes this file when its training ends"):
            use(file)
    resumed = rs.resume("my-sales-1", verbose=0)
    assert resumed.path == str(file)
    assert rs.runs() == []
    assert str(bits(resumed)) == str(bits(rs.load(file))) == str(whole())  # type: ignore[arg-type]
    assert not {"file", "process"} & members(file).keys()
    assert not list(tmp_path.glob(".*"))


def test_a_run_that_is_kept_as_it_is_still_becomes_the_file_later(home: Path, tmp_path: Path) -> None:
    file = tmp_path / "one.rnnrun"
    folder = crashed("airline", save=file, **AIRLINE)
    keep_run(folder)
    assert rs.runs()[0]["outcome"] == "stopped"
    assert rs.resume(folder, verbose=0).path == str(file)


def test_the_training_of_a_file_goes_on_with_the_same_bits(home: Path, tmp_path: Path) -> None:
    file = tmp_path / "one.rnnrun"
    run = stopped(file)
    updates = run.record.step
    assert 0 < updates < 120
    assert str(bits(rs.resume(run, verbose=0))) == str(whole())
    assert rs.runs() == []
    loaded = rs.load(file)
    assert str(bits(loaded)) == str(whole())  # type: ignore[arg-type]
    with pytest.raises(SettingError, match="is complete after 120 updates"):
        rs.resume(file, verbose=0)
    extended = rs.resume(file, updates=30, verbose=0)
    assert (extended.record.step, extended.path) == (150, str(file))
    assert rs.load(file).record.step == 150  # type: ignore[union-attr]
    assert rs.runs() == []
    assert extended.kept_updates == rs.load(file).kept_updates  # type: ignore[union-attr]
    assert extended.at(0).metrics


def test_a_process_that_is_killed_leaves_the_file_and_a_run_that_goes_on(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "one.rnnrun"
    run = stopped(file)
    before = file.read_bytes()

    def crash(*arguments: Any, **named: Any) -> None:
        raise SystemExit

    with monkeypatch.context() as patch:
        patch.setattr(run_keeper.RunKeeper, "finish", crash)
        with pytest.raises(SystemExit):
            rs.resume(file, verbose=0, checkpoint_seconds=0.001)
    assert file.read_bytes() == before
    assert rs.load(file).record.step == run.record.step  # type: ignore[union-attr]
    [row] = rs.runs()
    assert (row["run"], row["outcome"]) == ("one-1", "interrupted")
    assert rs.resume("one-1", verbose=0).path == str(file)
    assert rs.runs() == []
    assert str(bits(rs.load(file))) == str(whole())  # type: ignore[arg-type]


def test_a_file_that_another_program_has_replaced_is_left_alone(home: Path, tmp_path: Path) -> None:
    file = tmp_path / "one.rnnrun"
    stopped(file)

    def replace(step: int, metrics: Any) -> bool:
        file.write_bytes(b"another file")
        return True

    resumed = rs.resume(file, verbose=0, callback=replace)
    assert file.read_bytes() == b"another file"
    assert (resumed.name, resumed.outcome) == ("one-1", "completed")
    assert any("is not the file that the training began with" in warning for warning in resumed.warnings)
    assert str(bits(rs.load("one-1")) | {"warnings": []}) == str(whole() | {"warnings": []})  # type: ignore[arg-type]


def test_a_training_that_is_refused_or_fails_at_once_leaves_nothing_in_the_run_list(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "one.rnnrun"
    rs.train("toy", updates=5, verbose=0, save=file)
    before = file.read_bytes()
    with pytest.raises(SettingError, match="is complete"):
        rs.resume(file, verbose=0)
    for broken in ("validate", "TrainingLoop"):
        with monkeypatch.context() as patch:
            patch.setattr(f"rnnstudio.engine.train.{broken}", lambda *arguments, **named: 1 / 0)
            with pytest.raises(ZeroDivisionError):
                rs.resume(file, updates=5, verbose=0)
    assert file.read_bytes() == before
    assert list((home / "runs").iterdir()) == []


def test_a_copy_has_the_state_of_the_training(home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    run = rs.train("airline", **AIRLINE, verbose=0, callback=lambda step, metrics: step < 50)
    copies = [tmp_path / "copy.rnnrun", tmp_path / "copy"]
    run.export(copies[0])
    Run.of(run).save(copies[1])
    for copy in copies:
        assert str(bits(rs.resume(copy, verbose=0))) == str(whole())
    assert [row["run"] for row in rs.runs()] == [run.name]
    for module in (copied_state, run_archive):
        monkeypatch.setattr(module, "MAX_STATE_BYTES", 100)
    run.export(tmp_path / "small.rnnrun")
    assert not {"checkpoint.json", "checkpoint.npz"} & set(members(tmp_path / "small.rnnrun")["members"])
    with pytest.raises(StoreError, match="without a state of its training"):
        rs.resume(tmp_path / "small.rnnrun", verbose=0)


def test_a_copy_of_a_run_that_has_changed_meanwhile_has_no_state_of_it(home: Path, tmp_path: Path) -> None:
    first = rs.train("airline", **AIRLINE, verbose=0, callback=lambda step, metrics: step < 50)
    other = rs.load(first.path)
    assert isinstance(other, Run)
    rs.resume(first.path, verbose=0)
    other.export(tmp_path / "copy.rnnrun")
    assert "checkpoint.npz" not in members(tmp_path / "copy.rnnrun")["files"]


def test_a_file_of_a_training_on_arrays_has_them_and_a_copy_asks_for_them(home: Path, tmp_path: Path) -> None:
    settings = {"task": "classify", "updates": 120, "units": 4, "val_fraction": 0.2, "evaluate_every": 3}
    complete = bits(rs.train(X, Y, **settings, verbose=0, save=False))
    file = tmp_path / "one.rnnrun"
    run = rs.train(X, Y, **settings, verbose=0, save=file, callback=lambda step, metrics: step < 50)
    Run.of(rs.load(file)).export(tmp_path / "copy.rnnrun")  # type: ignore[arg-type]
    assert run.outcome == "stopped"
    assert str(bits(rs.resume(file, verbose=0))) == str(complete)
    with pytest.raises(DataError, match="as x and y"):
        rs.resume(tmp_path / "copy.rnnrun", verbose=0)
    assert rs.runs() == []
    assert str(bits(rs.resume(tmp_path / "copy.rnnrun", X, Y, verbose=0))) == str(complete)


@pytest.mark.parametrize("value", [7, [], {}, {"path": 3, "sha256": ""}, {"path": "/a.rnnrun", "sha256": "x"}])
def test_a_target_that_is_none_is_damage(home: Path, value: Any) -> None:
    folder = crashed("toy", updates=120, evaluate_every=3)
    rewrite(folder, change=lambda rest: rest.update(file=value))
    with pytest.raises(StoreError, match="damaged"):
        rs.resume(folder, verbose=0)
    assert path_at_end(folder).is_absolute()


def test_no_file_but_a_rnnrun_file_is_written(home: Path, tmp_path: Path) -> None:
    folder = crashed("toy", updates=120, evaluate_every=3)
    rewrite(folder, change=lambda rest: rest.update(file={"path": str(tmp_path / "profile"), "sha256": ""}))
    assert rs.resume(folder, verbose=0).path == str(folder)
    assert not (tmp_path / "profile").exists()


def test_a_name_and_note_of_the_file_may_change_while_its_training_goes_on(home: Path, tmp_path: Path) -> None:
    file = tmp_path / "one.rnnrun"
    stopped(file)

    def callback(step: int, metrics: dict[str, float]) -> bool:
        if not rs.note(str(file)):
            rs.note(str(file), "noted meanwhile")
            rs.rename(str(file), "mine")
        return True

    resumed = rs.resume(file, verbose=0, callback=callback)
    assert resumed.path == str(file)
    assert not any("left alone" in warning for warning in resumed.warnings)
    loaded = rs.load(file)
    assert (loaded.note, loaded.given_name) == ("noted meanwhile", "mine")
    assert str(bits(loaded)) == str(whole())  # type: ignore[arg-type]


def test_a_file_has_one_training(home: Path, tmp_path: Path) -> None:
    file = tmp_path / "one.rnnrun"
    stopped(file)
    said: list[str] = []

    def callback(step: int, metrics: dict[str, float]) -> bool:
        if not said:
            with pytest.raises(StoreError, match=r"one\.rnnrun is being trained, as one-1") as caught:
                rs.resume(file, verbose=0)
            said.append(str(caught.value))
        return True

    assert rs.resume(file, verbose=0, callback=callback).path == str(file)
    assert said
    other = tmp_path / "two.rnnrun"
    folder = crashed("airline", save=other, **AIRLINE)
    stopped(tmp_path / "three.rnnrun")
    (tmp_path / "three.rnnrun").rename(other)
    with pytest.raises(
        StoreError, match=r"two-1 of the run list has what a training of two\.rnnrun has done since"
    ) as caught:
        rs.resume(other, verbose=0)
    assert "becomes this file when its training ends. Resume two-1, or delete it first." in str(caught.value)
    rs.delete(folder.name)
    assert rs.resume(other, verbose=0).path == str(other)
