"""Runs that may not be read are named; nothing says that there are none."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

import rnnstudio as rs
from rnnstudio.core.errors import StoreError
from rnnstudio.results.run import Run
from tests.rights import as_user, give, open_folder

if not hasattr(os, "geteuid"):
    pytest.skip("rights are those of POSIX", allow_module_level=True)


@pytest.fixture
def store(monkeypatch: pytest.MonkeyPatch, fresh_airline: Callable[[], Run], invoke: Any) -> Iterator[Path]:
    """A folder of runs with the runs `closed` and `open`, in which users may look."""
    with open_folder() as folder:
        monkeypatch.setenv("RNNSTUDIO_HOME", str(folder))
        for name in ("closed", "open"):
            fresh_airline().save(folder / "runs" / name)
        give(folder / "runs")
        invoke("list", "runs")  # imports what it needs, while that may be read
        invoke("list", "groups")
        invoke("list", "runs", "--json")
        yield folder / "runs"


@pytest.mark.parametrize("what", ["runs", "groups"])
def test_a_store_that_may_not_be_read_is_named_and_the_exit_code_is_1(store: Path, invoke: Any, what: str) -> None:
    store.chmod(0)
    sentence = (
        f"{store}, where the runs are, cannot be read: Permission denied. Ask its owner for the rights to read it."
    )
    with as_user():
        result, as_json = invoke("list", what), invoke("list", what, "--json")
        with pytest.raises(StoreError, match=re.escape(sentence)):
            getattr(rs, what)()
        with pytest.raises(StoreError, match=re.escape(sentence)):
            rs.load("open")
    assert (result.exit_code, result.stdout, result.stderr) == (1, "", f"Error: {sentence}\n")
    assert (as_json.exit_code, as_json.stdout) == (1, "")


@pytest.mark.parametrize("mode", [0o000, 0o400, 0o200])
def test_a_run_that_may_not_be_read_is_a_row_that_says_so(store: Path, invoke: Any, mode: int) -> None:
    closed = store / "closed"
    closed.chmod(mode)
    with as_user():
        result, as_json = invoke("list", "runs"), invoke("list", "runs", "--json")
        for name in ("closed", closed):
            with pytest.raises(StoreError, match=f"{closed} cannot be read: Permission denied"):
                rs.load(name)
    rows = {row["run"]: row for row in json.loads(as_json.stdout)}
    assert {name: row["outcome"] for name, row in rows.items()} == {"closed": "unreadable", "open": "completed"}
    assert f"{closed} cannot be read: Permission denied." in rows["closed"]["problem"]
    assert (result.exit_code, as_json.exit_code) == (1, 1)
    assert sorted(line.split()[0] for line in result.stdout.splitlines()[:3]) == ["closed", "open", "run"]
    assert result.stderr == f"Error: {rows['closed']['problem']}\n"


@pytest.mark.parametrize("file", ["run.json", "metrics.json"])
def test_a_run_with_a_file_that_may_not_be_read_says_so(store: Path, invoke: Any, file: str) -> None:
    (store / "closed" / file).chmod(0)
    with as_user():
        rows = {row["run"]: row for row in rs.runs()}
        result = invoke("list", "runs")
    assert rows["closed"]["outcome"] == "unreadable"
    assert file in rows["closed"]["problem"]
    assert "Permission denied" in rows["closed"]["problem"]
    assert (rows["open"]["outcome"], result.exit_code) == ("completed", 1)


def test_no_runs_and_readable_ones_are_as_before(home: Path, invoke: Any, fresh_airline: Any) -> None:
    assert "No runs are saved yet" in invoke("list", "runs").stdout
    fresh_airline().save()
    (home / "runs" / ".saving-1").mkdir()
    result = invoke("list", "runs")
    assert (result.exit_code, result.stderr) == (0, "")
