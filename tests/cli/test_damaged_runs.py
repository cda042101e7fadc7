"""Damaged runs and groups are rows of the lists that say what is wrong."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import rnnstudio as rs
from rnnstudio import api
from rnnstudio.core.errors import StoreError
from rnnstudio.results.group_files import save_group
from rnnstudio.results.group_store import runs_and_groups
from rnnstudio.results.run import Run

Copies = Callable[[], Run]


def spoil(folder: Path, damage: str) -> None:
    """Damage a run: change a value, cut a file, delete one, or put something else in its place."""
    if damage == "no run.json":
        (folder / "run.json").unlink()
    elif damage == "value":
        plain = json.loads((folder / "run.json").read_text())
        (folder / "run.json").write_text(json.dumps({**plain, "created": "2001"}))
    elif damage == "cut":
        (folder / "metrics.json").write_bytes((folder / "metrics.json").read_bytes()[:-9])
    elif damage == "deleted":
        (folder / "experiment.json").unlink()
    elif damage == "link":
        (folder / "experiment.json").rename(folder / "other.json")
        (folder / "experiment.json").symlink_to("other.json")
    elif damage == "pipe":
        (folder / "run.json").unlink()
        os.mkfifo(folder / "run.json")
    else:
        (folder / "run.json").write_text(damage)


@pytest.mark.parametrize(
    ("damage", "reason"),
    [
        ("no run.json", "run.json is missing"),
        ("value", "run.json does not match its checksum"),
        ("cut", "metrics.json"),
        ("deleted", "experiment.json is missing"),
        ("link", "experiment.json is missing"),
        ("pipe", "run.json is missing"),
        ("", "run.json cannot be read"),
        ("[" * 100_000, "run.json"),
        ("{}", "run.json has no format version"),
    ],
)
def test_a_damaged_run_is_listed_with_what_is_wrong(
    fresh_airline: Copies, damage: str, reason: str, invoke: Callable[..., Any]
) -> None:
    if damage == "pipe" and not hasattr(os, "mkfifo"):
        pytest.skip("no pipes here")
    good, bad = fresh_airline(), fresh_airline()
    good.save()
    bad.save()
    spoil(Path(bad.path), damage)
    rows = {row["run"]: row for row in api.runs()}
    assert rows[good.name].keys() == rows[bad.name].keys()
    assert {name: row["outcome"] for name, row in rows.items()} == {good.name: "completed", bad.name: "damaged"}
    assert bad.path in rows[bad.name]["problem"]
    assert reason in rows[bad.name]["problem"]
    with pytest.raises(StoreError, match=re.escape(reason)):
        rs.load(bad.name)
    result = invoke("list", "runs")
    assert result.exit_code == 0
    assert {line.split()[0] for line in result.stdout.splitlines()[:3]} == {"run", good.name, bad.name}
    assert result.stderr == f"Warning: {rows[bad.name]['problem']}\n"
    assert {row["run"]: row["problem"] for row in json.loads(invoke("list", "runs", "--json").stdout)} == {
        name: row["problem"] for name, row in rows.items()
    }


def test_a_damaged_group_is_listed_with_what_is_wrong(fresh_airline: Copies, invoke: Callable[..., Any]) -> None:
    run = fresh_airline()
    run.save()
    group = save_group([run], None, {})
    assert [(row["problem"], row["runs"]) for row in api.groups()] == [("", [run.name])]
    (group / "group.json").write_text("{")
    [row] = api.groups()
    assert (row["group"], row["runs"]) == (group.name, [])
    assert "group.json cannot be read" in row["problem"]
    assert {row["run"]: row["outcome"] for row in runs_and_groups()} == {run.name: "completed", group.name: "damaged"}
    result = invoke("list", "groups")
    assert (result.exit_code, result.stderr) == (0, f"Warning: {row['problem']}\n")
