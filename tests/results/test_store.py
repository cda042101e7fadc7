"""Finding saved runs, and the run list."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

import rnnstudio as rs
from rnnstudio import api
from rnnstudio.core.errors import StoreError, UnknownNameError
from rnnstudio.results import store
from rnnstudio.results.run import Run
from rnnstudio.results.run_files import write_run

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
    summaries, [problem] = store.list_runs()
    assert [r["run"] for r in summaries] == [r["run"] for r in api.runs()] == [run.name]
    assert newer.path in problem
    assert "update" in problem


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
