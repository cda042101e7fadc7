"""Deleted runs and groups are in the trash, come back under their names, and go for good only when it is emptied."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

import rnnstudio as rs
from rnnstudio.core.errors import SettingError, StoreError, UnknownNameError
from rnnstudio.results.folder_names import new_folder
from rnnstudio.results.run import Run
from tests.rights import as_user, give, open_folder

Copies = Callable[[], Run]


def saved(fresh_airline: Copies, count: int = 1) -> list[Run]:
    runs = [fresh_airline() for _ in range(count)]
    for run in runs:
        run.save()
    return runs


def names() -> list[str]:
    return sorted(row["run"] for row in rs.runs())


def test_a_deleted_run_is_in_the_trash_and_comes_back_whole(fresh_airline: Copies, home: Path) -> None:
    run, other = saved(fresh_airline, 2)
    files = {path.name: path.read_bytes() for path in Path(run.path).iterdir()}
    assert rs.delete("airline-1") == "airline-1"
    assert names() == [other.name]
    [item] = rs.trash()
    assert (item["run"], item["kind"]) == ("airline-1", "run")
    assert item["bytes"] >= sum(map(len, files.values()))
    assert item["deleted"][:2] == "20"
    with pytest.raises(UnknownNameError):
        rs.load("airline-1")
    assert rs.restore("airline-1") == "airline-1"
    back = {path.name: path.read_bytes() for path in (home / "runs" / "airline-1").iterdir()}
    assert {name: back[name] for name in files} == files
    assert rs.load("airline-1").metrics == run.metrics
    assert rs.trash() == []
    assert list((home / "runs" / ".trash").iterdir()) == []


def test_a_restored_run_gets_the_next_name_where_its_own_is_taken(fresh_airline: Copies) -> None:
    first, second = saved(fresh_airline, 2)
    rs.delete(second.name)
    [third] = saved(fresh_airline)
    assert (first.name, third.name) == ("airline-1", "airline-2")  # its name is given again
    assert rs.restore("airline-2") == "airline-3"
    assert names() == ["airline-1", "airline-2", "airline-3"]


def test_of_several_deleted_runs_with_one_name_the_newest_comes_back(fresh_airline: Copies) -> None:
    for number in (1, 2):
        run = fresh_airline()
        run.warnings = [f"number {number}"]
        run.save()
        rs.delete(run.name)
    assert [item["run"] for item in rs.trash()] == ["airline-1", "airline-1"]
    rs.restore("airline-1")
    assert rs.load("airline-1").warnings == ["number 2"]
    assert rs.restore(rs.trash()[0]["path"]) == "airline-2"
    assert rs.load("airline-2").warnings == ["number 1"]


def test_the_trash_is_emptied_only_when_asked(fresh_airline: Copies, home: Path) -> None:
    saved(fresh_airline, 3)
    for name in ("airline-1", "airline-2"):
        rs.delete(name)
    os.utime(home / "runs" / ".trash", (0, 0))
    rs.doctor()
    rs.runs()
    assert len(rs.trash()) == 2
    assert rs.empty_trash() == 2
    assert rs.trash() == []
    assert names() == ["airline-3"]
    with pytest.raises(UnknownNameError, match="no run in the trash called 'airline-1'"):
        rs.restore("airline-1")


def test_a_run_in_memory_can_be_saved_again_after_its_deletion(fresh_airline: Copies) -> None:
    [run] = saved(fresh_airline)
    run.delete()
    assert (run.name, run.path) == ("", "")
    with pytest.raises(SettingError, match="not saved"):
        run.delete()
    run.save()
    assert run.name == "airline-1"
    assert [item["run"] for item in rs.trash()] == ["airline-1"]


def test_of_a_group_only_the_group_is_deleted(home: Path) -> None:
    group = rs.train("toy", seeds=2, updates=1, verbose=0)
    runs = names()
    group.delete()
    assert (rs.groups(), names()) == ([], runs)
    [item] = rs.trash()
    assert (item["run"], item["kind"]) == ("toy-seeds-1", "group")
    rs.restore("toy-seeds-1")
    assert rs.load("toy-seeds-1").metrics == group.metrics
    rs.delete(runs[0])
    assert rs.groups()[0]["missing"] == 1
    rs.restore(runs[0])
    assert rs.groups()[0]["missing"] == 0


@pytest.mark.parametrize("damage", ["no run.json", "damaged run.json", "group"])
def test_damaged_runs_and_groups_can_be_deleted(fresh_airline: Copies, home: Path, damage: str) -> None:
    [run] = saved(fresh_airline)
    folder = Path(run.path)
    if damage == "no run.json":
        (folder / "run.json").unlink()
    elif damage == "group":
        folder = home / "runs" / "seeds-1"
        folder.mkdir()
        (folder / "group.json").write_text("{")
    else:
        (folder / "run.json").write_text("{")
    rs.delete(folder.name)
    assert not folder.exists()
    assert [item["run"] for item in rs.trash()] == [folder.name]
    rs.restore(folder.name)
    assert folder.exists()
    rs.delete(str(folder))
    rs.empty_trash()
    assert list((home / "runs" / ".trash").iterdir()) == []


@pytest.mark.skipif(not hasattr(os, "geteuid"), reason="rights are those of POSIX")
def test_an_unreadable_run_of_ones_own_can_be_deleted(fresh_airline: Copies, monkeypatch: pytest.MonkeyPatch) -> None:
    with open_folder() as home:
        monkeypatch.setenv("RNNSTUDIO_HOME", str(home))
        [run] = saved(fresh_airline)
        give(home / "runs")
        rs.trash()
        rs.doctor()
        Path(run.path).chmod(0)
        with as_user():
            rs.delete(run.name)
            assert [item["run"] for item in rs.trash()] == [run.name]
            assert rs.runs() == []
            assert rs.empty_trash() == 1


HOLD = """
import sys, time
from filelock import FileLock
lock = FileLock(sys.argv[1])
lock.acquire()
print("held", flush=True)
time.sleep(60)
"""


def test_a_run_that_a_process_trains_cannot_be_deleted(fresh_airline: Copies) -> None:
    [run] = saved(fresh_airline)
    process = subprocess.Popen([sys.executable, "-c", HOLD, str(Path(run.path) / "run.lock")], stdout=subprocess.PIPE)
    try:
        assert process.stdout is not None
        process.stdout.readline()
        with pytest.raises(StoreError, match="airline-1 is in use by another process"):
            rs.delete("airline-1")
        assert (names(), rs.trash()) == (["airline-1"], [])
    finally:
        process.kill()
        process.wait()
        process.stdout.close()
    rs.delete("airline-1")
    assert names() == []


def test_runs_elsewhere_and_links_are_left_alone(fresh_airline: Copies, tmp_path: Path, home: Path) -> None:
    run = fresh_airline()
    run.save(tmp_path / "mine")
    for what in (run, str(tmp_path / "mine")):
        with pytest.raises(StoreError, match="outside the run list, so it was left alone"):
            rs.delete(what)
    (home / "runs").mkdir(parents=True)
    (home / "runs" / "link").symlink_to(tmp_path / "mine")
    with pytest.raises(StoreError, match="is a link"):
        rs.delete("link")
    assert rs.load(tmp_path / "mine").metrics == run.metrics
    with pytest.raises(SettingError, match="run must be a saved run"):
        rs.delete(3)  # type: ignore[arg-type]
    with pytest.raises(UnknownNameError, match="no run called 'other'"):
        rs.delete("other")


RESTORE = """
import sys
import rnnstudio as rs
rs.trash()
print("ready", flush=True)
sys.stdin.readline()
print(rs.restore("airline-1"))
"""


def test_two_processes_that_restore_at_once_get_two_names(fresh_airline: Copies) -> None:
    for _ in range(2):
        saved(fresh_airline)
        rs.delete("airline-1")
    processes = [
        subprocess.Popen(
            [sys.executable, "-c", RESTORE], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=os.environ
        )
        for _ in range(2)
    ]
    for process in processes:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
    for process in processes:
        assert process.stdin is not None
        process.stdin.write("go\n")
        process.stdin.flush()
    outputs = [process.communicate()[0].strip() for process in processes]
    restored = [name for name in outputs if name]  # who found the other's run gone gets an error
    assert len(set(restored)) == len(restored) >= 1
    assert set(names()) == set(restored)
    assert len(names()) + len(rs.trash()) == 2  # none is lost


def test_a_name_that_another_process_has_just_made_is_not_taken(fresh_airline: Copies, home: Path) -> None:
    """A training makes the folder of its run empty, before it can take its lock."""
    new = new_folder(home / "runs", "airline")
    [run] = saved(fresh_airline)
    assert (new.name, run.name) == ("airline-1", "airline-2")
    rs.delete(run.name)
    (home / "runs" / "airline-2").mkdir()
    assert rs.restore("airline-2") == "airline-3"
    assert list(new.iterdir()) == list((home / "runs" / "airline-2").iterdir()) == []


def test_a_deleted_run_that_is_saved_again_has_its_own_moments(home: Path) -> None:
    run = rs.train("toy", updates=20, evaluate_every=5, seed=1, verbose=0)
    assert run.moments is not None
    expected = {step: run.moments.weights(step) for step in run.moments.steps}
    assert expected
    run.delete()
    other = rs.train("toy", updates=20, evaluate_every=5, seed=2, verbose=0)
    assert other.name == "toy-1"  # the name is given again
    run.save()
    again = rs.load(run.name).moments
    assert again.steps == sorted(expected)
    for step, weights in expected.items():
        assert all(np.array_equal(again.weights(step)[name], values) for name, values in weights.items())


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() != 0, reason="needs an administrator")
@pytest.mark.parametrize("closed", ["runs", "runs/.trash"])
def test_a_trash_that_may_not_be_read_is_not_empty(
    fresh_airline: Copies, monkeypatch: pytest.MonkeyPatch, closed: str
) -> None:
    with open_folder() as home:
        monkeypatch.setenv("RNNSTUDIO_HOME", str(home))
        assert rs.trash() == []
        rs.delete(saved(fresh_airline)[0].name)
        give(home / "runs", owned=False)
        (home / closed).chmod(0o700)
        with as_user():
            for call in (rs.trash, rs.empty_trash, lambda: rs.restore("airline-1")):
                with pytest.raises(StoreError, match="cannot be read"):
                    call()
