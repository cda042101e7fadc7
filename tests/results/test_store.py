"""Finding saved runs, and the run list."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
import pytest

import rnnstudio as rs
from rnnstudio import api
from rnnstudio.core.errors import StoreError, UnknownNameError
from rnnstudio.results import saving, store, store_entries
from rnnstudio.results.file_writers import arrays_writer
from rnnstudio.results.run import Run
from rnnstudio.results.run_files import rest_of, write_run
from rnnstudio.results.run_folder import commit, make_folder

Copies = Callable[[], Run]


def test_saved_runs_are_numbered_and_listed_newest_first(fresh_airline: Copies) -> None:
    runs = [fresh_airline() for _ in range(3)]
    for run in runs:
        run.save()
    assert [r.name for r in runs] == ["airline-1", "airline-2", "airline-3"]
    for i, run in enumerate(runs):
        os.utime(Path(run.path) / "run.json", ns=(0, (i + 1) * 10**9))
    assert [r["run"] for r in api.runs()] == ["airline-3", "airline-2", "airline-1"]
    assert rs.load("latest").name == "airline-3"
    assert rs.load("airline-2").name == "airline-2"
    shutil.rmtree(runs[1].path)
    fourth = fresh_airline()
    fourth.save()
    assert fourth.name == "airline-4"


def test_the_run_list_reports_runs_of_a_newer_version(fresh_airline: Copies) -> None:
    run, newer = fresh_airline(), fresh_airline()
    run.save()
    newer.save()
    file = Path(newer.path) / "run.json"
    file.write_text(json.dumps({**json.loads(file.read_text()), "schema_version": 99}))
    rows = {row["run"]: row for row in api.runs()}
    assert rows.keys() == {run.name, newer.name}
    assert (rows[run.name]["outcome"], rows[run.name]["problem"]) == ("completed", "")
    assert rows[newer.name]["outcome"] == "newer"
    assert newer.path in rows[newer.name]["problem"]
    assert "update to open it" in rows[newer.name]["problem"]


def test_unknown_runs_are_named_with_similar_ones(fresh_airline: Copies, tmp_path: Path) -> None:
    with pytest.raises(UnknownNameError, match="no run called 'latest'"):
        rs.load("latest")
    fresh_airline().save()
    with pytest.raises(UnknownNameError, match="Did you mean airline-1"):
        rs.load("airline1")
    with pytest.raises(StoreError, match="not of a saved run"):
        rs.load(tmp_path)


def test_incomplete_runs_are_not_listed(fresh_airline: Copies, home: Path) -> None:
    run = fresh_airline()
    write_run(run, home / "runs" / ".saving-1-2")
    assert api.runs() == []


def test_folders_that_are_no_runs_are_not_listed(fresh_airline: Copies, home: Path) -> None:
    run = fresh_airline()
    run.save()
    empty, notes, begun = (home / "runs" / name for name in ("empty", "notes", "begun"))
    for folder in (empty, notes, begun):
        folder.mkdir()
    (notes / "plan.txt").write_text("to do")
    (home / "runs" / "file.json").write_text("{}")
    (begun / "weights.npz").write_bytes(b"half")  # the process ended before the first state was complete
    (begun / ".first-save").touch()
    assert [row["run"] for row in api.runs()] == [run.name]


def test_a_folder_that_is_being_made_is_not_listed(fresh_airline: Copies, home: Path) -> None:
    run = fresh_airline()
    rows: list[Any] = []
    seen: list[set[str]] = []
    write = arrays_writer({"w": np.zeros(3)})

    def listing(file: BinaryIO) -> None:
        rows.extend(api.runs())
        seen.append({path.name for path in folder.iterdir()})
        write(file)

    folder = home / "runs" / "new-1"
    make_folder(folder)
    commit(folder, {"first.npz": write, "second.npz": listing}, rest_of(run))
    assert rows == []
    assert {"first.npz", ".first-save"} <= seen[0]  # some of the files have their names already
    assert sorted(path.name for path in folder.iterdir()) == ["first.npz", "run.json", "second.npz"]
    assert [row["run"] for row in api.runs()] == ["new-1"]


def test_a_run_that_is_deleted_and_restored_while_it_is_listed_is_not_damaged(
    fresh_airline: Copies, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = fresh_airline()
    run.save()
    read, times = store.read_with_sources, []

    def read_late(folder: Path) -> Any:
        times.append(folder)
        if len(times) > 1:
            return read(folder)
        rs.delete(folder.name)
        try:
            return read(folder)
        finally:
            rs.restore(folder.name)

    monkeypatch.setattr(store, "read_with_sources", read_late)
    assert [(row["run"], row["problem"]) for row in api.runs()] == [(run.name, "")]
    assert len(times) > 1


def test_nothing_is_left_of_a_save_that_fails(
    fresh_airline: Copies, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*args: Any, **kwargs: Any) -> None:
        raise StoreError("the weights of a moment cannot be read")

    monkeypatch.setattr(saving, "write_run", fail)
    with pytest.raises(StoreError, match="moment"):
        fresh_airline().save()
    assert list((home / "runs").iterdir()) == []


def test_a_run_that_is_deleted_while_it_is_read_is_not_damaged(
    fresh_airline: Copies, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = fresh_airline()
    run.save()

    def read_and_delete(path: Path) -> Run:
        if path.exists():
            rs.delete(path.name)
        return read(path)

    read = store._read
    monkeypatch.setattr(store, "_read", read_and_delete)
    with pytest.raises(UnknownNameError, match="no run called 'airline-1'"):
        rs.load("airline-1")


def test_a_run_that_is_restored_while_its_folder_is_looked_at_is_a_run(
    fresh_airline: Copies, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = fresh_airline()
    run.save()
    file = Path(run.path) / "run.json"
    aside = file.rename(file.with_suffix(".aside"))

    def put_back(folder: Path) -> bool:
        aside.rename(file)
        return False

    monkeypatch.setattr(store_entries, "is_locked", put_back)
    assert [(row["run"], row["problem"]) for row in rs.runs()] == [("airline-1", "")]
