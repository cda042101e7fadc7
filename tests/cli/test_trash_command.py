"""`rnnstudio delete` and `rnnstudio trash`."""

from __future__ import annotations

import json

from click.testing import CliRunner

import rnnstudio as rs
from rnnstudio.cli.main import studio


def test_runs_are_deleted_listed_restored_and_deleted_for_good(invoke, fresh_airline):
    for _ in range(3):
        fresh_airline().save()
    result = invoke("delete", "airline-1", "airline-3")
    assert result.stdout.splitlines() == [
        f"{name} is in the trash. Take it back with: rnnstudio trash restore {name}"
        for name in ("airline-1", "airline-3")
    ]
    listed = invoke("trash")
    assert [line.split()[:2] for line in listed.stdout.splitlines()] == [
        ["run", "kind"],
        ["airline-3", "run"],
        ["airline-1", "run"],
    ]
    assert json.loads(invoke("trash", "list", "--json").stdout) == rs.trash()
    assert invoke("trash", "restore", "airline-1").stdout == "airline-1 is in the run list again.\n"
    assert sorted(row["run"] for row in rs.runs()) == ["airline-1", "airline-2"]
    refused = CliRunner().invoke(studio, ["trash", "empty"], input="n\n")
    assert refused.exit_code == 1
    assert "Delete 1 run or group in the trash for good?" in refused.stderr
    assert len(rs.trash()) == 1
    assert CliRunner().invoke(studio, ["trash", "empty"], input="y\n").exit_code == 0
    assert rs.trash() == []
    assert invoke("trash").stdout == "The trash is empty.\n"
    assert invoke("trash", "empty").stdout == "0 deleted for good.\n"


def test_an_unknown_run_is_an_invalid_request(invoke, fresh_airline):
    fresh_airline().save()
    result = invoke("delete", "airline1")
    assert (result.exit_code, "Did you mean airline-1?" in result.stderr) == (2, True)
    result = invoke("trash", "restore", "airline-1")
    assert (result.exit_code, "no run in the trash called 'airline-1'" in result.stderr) == (2, True)
    assert invoke("trash", "empty", "--yes").exit_code == 0


def test_of_several_with_one_name_the_newest_is_restored_and_the_others_are_named(invoke, fresh_airline, home):
    for i in range(2):
        run = fresh_airline()
        run.save(home / "runs" / "mine")
        rs.rename("mine", f"try {i}")
        invoke("delete", "mine")
    newest, oldest = rs.trash()
    assert (newest["name"], oldest["name"]) == ("try 1", "try 0")
    restored = invoke("trash", "restore", "mine")

    def moment(row):
        return row["deleted"][:19].replace("T", " ")

    assert restored.stdout == f"mine, deleted {moment(newest)}, is in the run list again.\n"
    assert restored.stderr == (
        f"Note: mine, deleted {moment(oldest)}, is still in the trash. Take it back with: rnnstudio trash restore "
        f"{oldest['path']}\n"
    )
    exact = invoke("trash", "restore", oldest["path"])
    assert (exact.stdout, exact.stderr) == ("mine is in the run list again, as mine-1.\n", "")
    assert {row["run"]: row["name"] for row in rs.runs()} == {"mine": "try 1", "mine-1": "try 0"}
