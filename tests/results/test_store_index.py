"""The index of the run list only saves time: with it, without it or with a damaged one, the list is the same."""

from __future__ import annotations

import hashlib
import itertools
import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from click.testing import CliRunner
from PySide6.QtCore import Qt

import rnnstudio as rs
from rnnstudio.cli.main import studio
from rnnstudio.gui.run_table import RunTable
from rnnstudio.results import store
from rnnstudio.results.group_store import runs_and_groups
from rnnstudio.results.run import Run
from rnnstudio.results.run_folder import locked
from tests.interrupted import crashed

Copies = Callable[[], Run]
COUNT = 20


def settle(folder: Path) -> None:
    """Make the files of a run old enough for the index."""
    then = time.time() - 10
    for path in folder.iterdir():
        os.utime(path, (then, then))


def copies_of(source: Path, count: int) -> list[Path]:
    """Copy a run, each of whose copies has another time."""
    folders = []
    for number in range(count):
        folder = source.with_name(f"copy-{number}")
        shutil.copytree(source, folder)
        settle(folder)
        os.utime(folder / "run.json", (time.time() - 1000 + number,) * 2)
        folders.append(folder)
    return folders


@pytest.fixture
def runs(fresh_airline: Copies, home: Path) -> list[Path]:
    """The folders of runs that are old enough for the index, which is written."""
    run = fresh_airline()
    run.save()
    settle(Path(run.path))
    folders = copies_of(Path(run.path), COUNT)
    assert len(rs.runs()) == COUNT + 1
    assert (home / "runs" / ".index.json").exists()
    return folders


def index_file(home: Path) -> Path:
    return home / "runs" / ".index.json"


def read_anew(home: Path) -> list[dict[str, Any]]:
    """Return the rows of the run list without an index."""
    index_file(home).unlink(missing_ok=True)
    return rs.runs()


def refuse(monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """Return a list that receives the folders of the runs that are read."""
    read, folders = store.read_with_sources, []

    def recorded(folder: Path) -> Any:
        folders.append(folder)
        return read(folder)

    monkeypatch.setattr(store, "read_with_sources", recorded)
    return folders


def test_no_run_is_read_twice(runs: list[Path], home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    read = refuse(monkeypatch)
    indexed = rs.runs()
    assert read == []
    assert indexed == read_anew(home)
    assert len(read) == COUNT + 1
    assert [row["run"] for row in indexed[1:]] == [folder.name for folder in reversed(runs)]


def test_a_run_that_changes_is_read_again(runs: list[Path], monkeypatch: pytest.MonkeyPatch) -> None:
    run = rs.load("copy-3")
    run.metrics["test_rmse"] = 1.25
    run.save(run.path)
    read = refuse(monkeypatch)
    rows = {row["run"]: row for row in rs.runs()}
    assert rows["copy-3"]["metrics"]["test_rmse"] == 1.25
    assert rows["copy-4"]["metrics"]["test_rmse"] != 1.25
    assert read == [runs[3]]


@pytest.mark.parametrize("file", ["run.json", "metrics.json", "experiment.json"])
def test_a_file_with_the_same_time_and_size_is_another_file(runs: list[Path], file: str) -> None:
    path = runs[5] / file
    status, content = path.stat(), bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    other = path.with_name("other")
    other.write_bytes(content)
    other.replace(path)
    os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns))
    assert (path.stat().st_size, path.stat().st_mtime_ns) == (status.st_size, status.st_mtime_ns)
    assert {row["run"]: row["outcome"] for row in rs.runs()}["copy-5"] == "damaged"


def test_a_run_whose_file_is_gone_is_damaged(runs: list[Path]) -> None:
    (runs[2] / "metrics.json").unlink()
    assert {row["run"]: row["outcome"] for row in rs.runs()}["copy-2"] == "damaged"


def test_a_name_that_is_given_again_is_another_run(runs: list[Path], fresh_airline: Copies) -> None:
    rs.delete("copy-7")
    run = fresh_airline()
    run.metrics["test_rmse"] = 2.5
    run.save(runs[7])
    assert {row["run"]: row["metrics"]["test_rmse"] for row in rs.runs()}["copy-7"] == 2.5


def test_a_run_that_was_just_written_is_not_kept_in_the_index(runs: list[Path], home: Path) -> None:
    for folder in runs:
        os.utime(folder / "run.json")  # now: it may change again within the same tick of the clock
    index_file(home).unlink()
    rs.runs()
    assert not index_file(home).exists()


def with_checksum(plain: Any) -> bytes:
    content = json.dumps(plain).encode()
    return hashlib.sha256(content).hexdigest().encode() + b"\n" + content


def altered(content: bytes, **fields: Any) -> bytes:
    """Return an index with a right checksum, and other values in the rows."""
    plain = json.loads(content.partition(b"\n")[2])
    for indexed in plain["rows"].values():
        indexed["row"].update(fields)
    return with_checksum(plain)


DAMAGES: list[Callable[[bytes], bytes]] = [
    lambda content: b"",
    lambda content: content[:-1],
    lambda content: content[: len(content) // 2],
    lambda content: content.replace(b"completed", b"diverged!"),
    lambda content: b"\xff" * 200,
    lambda content: with_checksum([]),
    lambda content: with_checksum(json.loads(content.partition(b"\n")[2]) | {"program": "99.0"}),
    lambda content: with_checksum(json.loads(content.partition(b"\n")[2]) | {"format": 99}),
    lambda content: altered(content, metrics={"test_rmse": "x"}),
    lambda content: altered(content, seconds="long"),
    lambda content: altered(content, cell=["lstm"]),
    lambda content: altered(content, created=7),
    lambda content: hashlib.sha256(b"[" * 100_000).hexdigest().encode() + b"\n" + b"[" * 100_000,
]


@pytest.mark.parametrize("damage", DAMAGES, ids=[str(number) for number in range(len(DAMAGES))])
def test_a_damaged_index_changes_nothing(runs: list[Path], home: Path, damage: Callable[[bytes], bytes]) -> None:
    expected = rs.runs()
    content = index_file(home).read_bytes()
    index_file(home).write_bytes(damage(content))
    assert rs.runs() == expected
    assert index_file(home).read_bytes() == content  # it was written anew


def test_bits_of_the_index_that_change_are_noticed(runs: list[Path], home: Path) -> None:
    expected = rs.runs()
    content = index_file(home).read_bytes()
    rng = np.random.default_rng(0)
    for _ in range(25):
        other = bytearray(content)
        other[rng.integers(len(other))] ^= int(rng.integers(1, 256))
        index_file(home).write_bytes(other)
        assert rs.runs() == expected


def test_links_and_pipes_in_place_of_the_index_are_not_read(runs: list[Path], home: Path, tmp_path: Path) -> None:
    expected = rs.runs()
    target = tmp_path / "mine"
    index_file(home).rename(target)
    before = target.read_bytes()
    index_file(home).symlink_to(target)
    assert rs.runs() == expected
    assert target.read_bytes() == before
    assert not index_file(home).is_symlink()
    if hasattr(os, "mkfifo"):
        index_file(home).unlink()
        os.mkfifo(index_file(home))
        assert rs.runs() == expected


def test_a_folder_that_cannot_be_written_is_listed_without_an_index(
    runs: list[Path], home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(*args: Any, **kwargs: Any) -> Any:
        raise OSError(30, "Read-only file system")

    monkeypatch.setattr("rnnstudio.core.durable.tempfile.mkdtemp", refused)
    index_file(home).unlink()
    assert len(rs.runs()) == COUNT + 1
    assert not index_file(home).exists()


def test_whether_a_run_is_running_is_not_kept(home: Path) -> None:
    folder = crashed("toy", updates=60, evaluate_every=3)
    settle(folder)
    copies = copies_of(folder, COUNT)
    assert {row["outcome"] for row in rs.runs()} == {"interrupted"}
    assert index_file(home).exists()
    with locked(copies[4]):
        assert {row["run"] for row in rs.runs() if row["outcome"] == "running"} == {"copy-4"}
    assert {row["outcome"] for row in rs.runs()} == {"interrupted"}


def test_a_store_that_moved_has_the_new_paths(
    runs: list[Path], home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home.rename(tmp_path / "moved")
    monkeypatch.setenv("RNNSTUDIO_HOME", str(tmp_path / "moved"))
    read = refuse(monkeypatch)
    assert all(Path(row["path"]).is_dir() for row in rs.runs())
    assert read == []


LIST = """
import sys, time
import rnnstudio as rs
end = time.monotonic() + float(sys.argv[1])
while time.monotonic() < end:
    rows = rs.runs()
    wrong = [row["problem"] for row in rows if row["problem"]]
    missing = {f"copy-{i}" for i in range(20)} - {row["run"] for row in rows}
    if wrong or missing:
        print(wrong, missing)
"""


def test_processes_list_and_save_at_once_while_the_index_is_deleted(
    runs: list[Path], home: Path, fresh_airline: Copies
) -> None:
    listing = [
        subprocess.Popen([sys.executable, "-c", LIST, "4"], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        for _ in range(2)
    ]
    names, end = [], time.monotonic() + 6
    while time.monotonic() < end and (len(names) < 3 or any(process.poll() is None for process in listing)):
        index_file(home).unlink(missing_ok=True)
        run = fresh_airline()
        run.save()
        names.append(run.name)
        rs.delete(names.pop(0)) if len(names) > 5 else None
    for process in listing:
        assert process.communicate(timeout=60)[0] == ""
    assert {row["run"] for row in rs.runs()} == {folder.name for folder in runs} | {"airline-1"} | set(names)


@pytest.mark.parametrize(
    "fields",
    [
        {"seconds": float("inf")},
        {"seconds": float("nan")},
        {"seconds": 1e300},
        {"units": 10**30, "seed": -(10**30)},
        {"learning_rate": float("nan"), "metrics": {"": float("inf")}},
        {"name": "\x1b[2J", "note": "<img src='a'>", "outcome": "\n"},
        {"created": "", "recipe": "x" * 2000},
    ],
)
def test_an_index_that_lies_with_a_right_checksum_raises_nothing(
    runs: list[Path], home: Path, fields: dict[str, object], qapp: Any
) -> None:
    """Who can write there can change the runs as well; but the lists of all front ends live."""
    names = [row["run"] for row in rs.runs()]
    content = index_file(home).read_bytes()
    index_file(home).write_bytes(altered(content, **fields))
    assert [row["run"] for row in rs.runs()] == names
    result = CliRunner().invoke(studio, ["list", "runs"])
    assert result.exit_code == 0, result.exception
    model = RunTable()
    model.load(runs_and_groups())
    roles = (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.UserRole, Qt.ItemDataRole.ToolTipRole)
    for row, column, role in itertools.product(range(model.rowCount()), range(model.columnCount()), roles):
        model.data(model.index(row, column), role)
