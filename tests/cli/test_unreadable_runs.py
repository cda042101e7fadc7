"""Runs that may not be read are named; nothing says that there are none."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest

from rnnstudio.results.group_store import runs_and_groups
from rnnstudio.results.store_access import unreadable_folders


@pytest.fixture
def closed_store(home: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of runs that may not be read, also by an administrator, for whom no right is needed."""
    folder = home / "runs"
    folder.mkdir(parents=True)
    scandir = os.scandir

    def refuse(path: Any = ".") -> Any:
        if str(path) == str(folder):
            raise PermissionError(13, "Permission denied", str(path))
        return scandir(path)

    monkeypatch.setattr(os, "scandir", refuse)
    return folder


@pytest.fixture
def closed_run(home: Path, fresh_airline: Any, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A run that may not be read beside one that may."""
    for name in ("closed", "open"):
        fresh_airline().save(home / "runs" / name)
    folder, access = home / "runs" / "closed", os.access
    (folder / "run.json").unlink()  # as for a user who may not enter the folder
    monkeypatch.setattr(os, "access", lambda path, *rest: str(path) != str(folder) and access(path, *rest))
    return folder


@pytest.mark.parametrize("what", ["runs", "groups"])
def test_a_store_that_may_not_be_read_is_named_and_the_exit_code_is_1(
    closed_store: Path, invoke: Any, what: str
) -> None:
    result = invoke("list", what)
    assert result.exit_code == 1
    assert result.stdout == ""
    assert result.stderr == (
        f"Error: {closed_store}, where the runs are, cannot be read: Permission denied. Ask its owner for the "
        "rights to read it.\n"
    )
    assert invoke("list", what, "--json").exit_code == 1
    assert runs_and_groups() == ([], unreadable_folders())


def test_a_run_that_may_not_be_read_is_named_beside_the_others(closed_run: Path, invoke: Any) -> None:
    result = invoke("list", "runs")
    assert result.exit_code == 1
    assert [line.split()[0] for line in result.stdout.splitlines()[:2]] == ["run", "open"]
    assert f"Error: {closed_run} cannot be read: Permission denied." in result.stderr
    as_json = invoke("list", "runs", "--json")
    assert [row["run"] for row in json.loads(as_json.stdout)] == ["open"]
    assert as_json.exit_code == 1
    assert unreadable_folders() == runs_and_groups()[1]


def test_no_runs_and_readable_ones_are_as_before(home: Path, invoke: Any, fresh_airline: Any) -> None:
    assert unreadable_folders() == []
    assert "No runs are saved yet" in invoke("list", "runs").stdout
    fresh_airline().save()
    (home / "runs" / ".saving-1").mkdir()
    assert unreadable_folders() == []
    assert invoke("list", "runs").exit_code == 0
