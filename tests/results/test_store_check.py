"""The check of all saved runs repairs what can be repaired, says what cannot, and deletes old leftovers."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

import rnnstudio as rs
from rnnstudio import api
from rnnstudio.core.durable import replacing
from rnnstudio.core.errors import DataError, StoreError
from rnnstudio.results import store_check
from rnnstudio.results.group_files import save_group
from rnnstudio.results.run import Run
from rnnstudio.results.run_check import Finding
from tests.interrupted import crashed
from tests.rights import as_user, give, open_folder

Copies = Callable[[], Run]
_DAY = 24 * 3600


def contents(folder: Path) -> dict[str, bytes]:
    """Return the files of a folder."""
    return {path.name: path.read_bytes() for path in folder.iterdir() if path.name != "run.lock"}


def in_order(files: dict[str, bytes]) -> dict[str, bytes]:
    """Return files of a run, with the names in `run.json` in order."""
    return {**files, "run.json": json.dumps(json.loads(files["run.json"]), sort_keys=True).encode()}


def flip(file: Path, at: int = -20) -> None:
    """Change a bit of a file, but not its size."""
    content = bytearray(file.read_bytes())
    content[at] ^= 1
    file.write_bytes(content)


def make_old(path: Path, seconds: float = _DAY + 60) -> None:
    """Make a file, or a folder with what is in it, as old as leftovers are."""
    then = time.time() - seconds
    for inner in [path, *path.rglob("*")]:
        os.utime(inner, (then, then))


@pytest.fixture
def saved(fresh_airline: Copies) -> Path:
    run = fresh_airline()
    run.save()
    return Path(run.path)


def test_whole_runs_have_no_findings_and_are_not_changed(saved: Path, fresh_airline: Copies) -> None:
    save_group([fresh_airline_saved(fresh_airline)], None, {})
    before = contents(saved)
    assert rs.doctor() == []
    assert contents(saved) == before


def fresh_airline_saved(fresh_airline: Copies) -> Run:
    run = fresh_airline()
    run.save()
    return run


@pytest.mark.parametrize("file", ["experiment.json", "history.npz", "weights.npz", "metrics.json", "data.json"])
def test_damage_to_what_a_run_needs_is_named_and_nothing_is_changed(saved: Path, file: str) -> None:
    flip(saved / file)
    before = contents(saved)
    [finding] = rs.doctor()
    assert (finding["run"], finding["path"], finding["is_damaged"]) == (saved.name, str(saved), True)
    assert finding["found"] == f"{file} is not as it was saved."
    assert finding["done"] == "Nothing was changed."
    assert f"rnnstudio delete {saved.name}" in finding["advice"]
    assert contents(saved) == before
    with pytest.raises(StoreError, match=file):
        rs.load(saved)


def test_a_copy_of_a_file_with_its_checksum_takes_its_place(saved: Path) -> None:
    before = contents(saved)
    shutil.copy(saved / "weights.npz", saved / "weights-old.npz")
    shutil.copy(saved / "experiment.json", saved / "copy.json")
    flip(saved / "weights.npz")
    (saved / "experiment.json").unlink()
    time_before = (saved / "run.json").stat().st_mtime_ns
    [finding] = rs.doctor()
    assert finding["found"] == "Not as they were saved: experiment.json and weights.npz."
    assert (finding["is_damaged"], finding["advice"]) == (False, "")
    assert in_order(contents(saved)) == in_order(before)  # and the copies have gone
    assert (saved / "run.json").stat().st_mtime_ns == time_before  # its place in the run list
    assert rs.doctor() == []


def by_name(folder: Path) -> dict[str, Path]:
    """Return the files of a run by the names that `run.json` gives them."""
    files = json.loads((folder / "run.json").read_text())["files"]
    return {name: folder / entry["stored"] for name, entry in files.items()}


def test_weights_are_rebuilt_from_the_checkpoint_that_holds_them(home: Path) -> None:
    folder = crashed("toy", updates=60, evaluate_every=3)
    before = {name: path.read_bytes() for name, path in by_name(folder).items()}
    flip(by_name(folder)["weights.npz"], 200)
    [finding] = rs.doctor()
    assert (finding["done"], finding["is_damaged"]) == ("weights.npz was written anew, as it had been.", False)
    assert {name: path.read_bytes() for name, path in by_name(folder).items()} == before
    flip(by_name(folder)["weights.npz"], 200)
    flip(by_name(folder)["checkpoint.npz"], 200)  # now nothing holds them
    [finding] = rs.doctor()
    assert finding["is_damaged"]
    assert finding["found"] == "Not as they were saved: checkpoint.npz and weights.npz."


def test_a_damaged_checkpoint_is_taken_out_of_the_run_which_opens_again(home: Path) -> None:
    run = rs.train("toy", updates=5, verbose=0)
    folder, whole = Path(run.path), rs.load(run.path)
    flip(by_name(folder)["checkpoint.npz"], 200)
    with pytest.raises(StoreError, match=r"checkpoint\.npz"):
        rs.load(run.name)
    [finding] = rs.doctor()
    assert not finding["is_damaged"]
    assert finding["done"] == "Taken out of the run: its checkpoint, without which its training cannot go on."
    again = rs.load(run.name)
    assert again.metrics == whole.metrics
    assert all(np.array_equal(again.weights[name], values) for name, values in whole.weights.items())
    assert not [path for path in folder.iterdir() if path.name.startswith("checkpoint")]
    with pytest.raises(StoreError, match="without a state of its training"):
        rs.resume(run.name, updates=3, verbose=0)


def test_without_repair_nothing_is_changed(saved: Path, home: Path) -> None:
    shutil.copy(saved / "weights.npz", saved / "weights-old.npz")
    flip(saved / "weights.npz")
    leftover = home / "runs" / ".saving-1-2"
    leftover.mkdir()
    make_old(leftover)
    before = contents(saved)
    [finding] = rs.doctor(repair=False)
    assert (finding["is_damaged"], finding["done"]) == (True, "Nothing was changed.")
    assert finding["advice"] == "rnnstudio doctor can repair it."
    assert contents(saved) == before
    assert leftover.exists()


@pytest.mark.parametrize("damage", ["deleted", "altered"])
def test_a_complete_run_json_that_a_save_left_takes_the_place_of_a_damaged_one(saved: Path, damage: str) -> None:
    run = rs.load(saved)
    left = saved / ".0123456789abcdef.part"
    shutil.copy(saved / "run.json", left)
    (saved / ".fedcba9876543210.part").write_text("half")
    if damage == "deleted":
        (saved / "run.json").unlink()
    else:
        flip(saved / "run.json")
    assert rs.runs()[0]["outcome"] == "damaged"
    [finding] = rs.doctor()
    assert not finding["is_damaged"]
    assert "took its place" in finding["done"]
    assert rs.load(saved.name).metrics == run.metrics


def test_a_run_json_without_a_copy_stays_damaged(saved: Path) -> None:
    plain = json.loads((saved / "run.json").read_text())
    left = saved / ".0123456789abcdef.part"
    left.write_text(json.dumps({**plain, "created": "another time"}))  # with the wrong checksum
    (saved / "run.json").unlink()
    [finding] = rs.doctor()
    assert (finding["is_damaged"], finding["done"]) == (True, "Nothing was changed.")
    assert left.exists()


def test_damaged_groups_and_runs_of_newer_versions_are_named(saved: Path, fresh_airline: Copies) -> None:
    group = save_group([fresh_airline_saved(fresh_airline)], None, {})
    (group / "group.json").write_text("[]")
    plain = json.loads((saved / "run.json").read_text())
    (saved / "run.json").write_text(json.dumps({**plain, "schema_version": 99}))
    findings = {finding["run"]: finding for finding in rs.doctor()}
    assert findings.keys() == {group.name, saved.name}
    assert findings[group.name]["is_damaged"]
    assert not findings[saved.name]["is_damaged"]
    assert "update to open it" in findings[saved.name]["found"]


@pytest.mark.skipif(not hasattr(os, "geteuid"), reason="rights are those of POSIX")
@pytest.mark.parametrize(("path", "mode"), [("", 0o000), ("", 0o200), ("metrics.json", 0o000)])
def test_the_owner_of_a_run_gets_the_right_to_read_it(
    fresh_airline: Copies, monkeypatch: pytest.MonkeyPatch, path: str, mode: int
) -> None:
    with open_folder() as home:
        monkeypatch.setenv("RNNSTUDIO_HOME", str(home))
        run = fresh_airline_saved(fresh_airline)
        give(home / "runs")
        assert rs.doctor() == []  # imports what it needs
        Path(run.path, path).chmod(mode)
        with as_user():
            assert [row["outcome"] for row in rs.runs()] == ["unreadable"]
            [unchanged] = rs.doctor(repair=False)
            [finding] = rs.doctor()
            assert (unchanged["is_damaged"], finding["is_damaged"]) == (True, False)
            assert finding["done"] == "Its owner may read and write it again."
            assert [row["outcome"] for row in rs.runs()] == ["completed"]
            assert rs.load(run.name).metrics == run.metrics
            rs.note(run.name, "It may be written to.")
            assert rs.load(run.name).note == "It may be written to."


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() != 0, reason="needs an administrator")
def test_rights_to_the_run_of_another_user_are_asked_for(
    fresh_airline: Copies, monkeypatch: pytest.MonkeyPatch
) -> None:
    with open_folder() as home:
        monkeypatch.setenv("RNNSTUDIO_HOME", str(home))
        run = fresh_airline_saved(fresh_airline)
        give(home / "runs", owned=False)
        Path(run.path).chmod(0o700)
        rs.doctor()
        with as_user():
            [finding] = rs.doctor()
        assert finding["is_damaged"]
        assert finding["advice"] == "Ask its owner for the rights to read it."


HOLD = """
import sys, time
from filelock import FileLock
lock = FileLock(sys.argv[1])
lock.acquire()
print("held", flush=True)
time.sleep(60)
"""


@pytest.mark.parametrize(("name", "lock"), [(".saving-1-2", "run.lock"), (".part-abc", ".lock"), ("new-1", "run.lock")])
def test_leftovers_are_deleted_after_a_day_unless_a_process_writes_them(home: Path, name: str, lock: str) -> None:
    folder = home / "runs" / name
    folder.mkdir(parents=True)
    (folder / ".first-save").touch()
    (folder / "weights.npz").write_bytes(b"half")
    assert rs.doctor() == []  # young
    process = subprocess.Popen([sys.executable, "-c", HOLD, str(folder / lock)], stdout=subprocess.PIPE)
    try:
        assert process.stdout is not None
        assert process.stdout.readline() == b"held\n"
        make_old(folder)
        assert rs.doctor() == []  # its process lives
    finally:
        process.send_signal(signal.SIGTERM if os.name == "nt" else signal.SIGKILL)
        process.wait()
        process.stdout.close()
    [finding] = rs.doctor()
    assert not folder.exists()
    assert (finding["run"], finding["is_damaged"]) == ("", False)
    assert "1 folder" in finding["found"]


def test_listing_and_saving_delete_old_leftovers_and_nothing_else(home: Path, fresh_airline: Copies) -> None:
    runs = home / "runs"
    kept = [runs / ".trash" / "x", runs / ".saving-9-9", runs / "notes", runs / ".hidden"]
    for folder in (*kept, runs / ".saving-1-1", runs / ".deleted-toy-1", runs / ".part-x"):
        folder.mkdir(parents=True)
        (folder / "file").write_text("x")
        if folder.name != ".saving-9-9":
            make_old(folder)
    rs.runs()
    assert sorted(path.name for path in runs.iterdir()) == [".hidden", ".saving-9-9", ".trash", "notes"]
    make_old(kept[1])
    fresh_airline().save()
    assert not kept[1].exists()
    assert kept[0].exists()


def test_a_link_with_the_name_of_a_leftover_is_left_alone(home: Path, tmp_path: Path) -> None:
    (home / "runs").mkdir(parents=True)
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "file").write_text("x")
    make_old(tmp_path / "mine")
    (home / "runs" / ".saving-1-1").symlink_to(tmp_path / "mine")
    rs.doctor()
    assert (tmp_path / "mine" / "file").exists()


def test_unfinished_files_in_a_run_are_deleted_after_a_day(saved: Path) -> None:
    part = saved / ".0123456789abcdef.part"
    part.write_text("half")
    assert rs.doctor() == []
    make_old(part)
    [finding] = rs.doctor()
    assert "an unfinished file" in finding["found"]
    assert not part.exists()


def test_a_run_that_another_process_writes_is_not_checked(saved: Path) -> None:
    flip(saved / "weights.npz")
    process = subprocess.Popen([sys.executable, "-c", HOLD, str(saved / "run.lock")], stdout=subprocess.PIPE)
    try:
        assert process.stdout is not None
        process.stdout.readline()
        [finding] = rs.doctor()
    finally:
        process.kill()
        process.wait()
        process.stdout.close()
    assert (finding["is_damaged"], finding["done"]) == (False, "It was not checked.")


def test_a_run_that_is_deleted_during_the_check_is_no_damage(
    saved: Path, fresh_airline: Copies, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = fresh_airline_saved(fresh_airline)
    check = store_check.check_run

    def check_late(folder: Path, *, repair: bool) -> list[Finding]:
        if folder == saved:
            rs.delete(saved.name)
        return check(folder, repair=repair)

    monkeypatch.setattr(store_check, "check_run", check_late)
    assert rs.doctor() == []
    assert [row["run"] for row in rs.runs()] == [run.name]


def test_a_file_that_is_replaced_has_a_lock_meanwhile(tmp_path: Path) -> None:
    with replacing(tmp_path / "table.csv") as part:
        assert (part.parent / ".lock").exists()
        part.write_text("1")
    assert [path.name for path in tmp_path.iterdir()] == ["table.csv"]


def test_the_file_of_a_group_follows_no_link(tmp_path: Path, fresh_airline: Copies) -> None:
    run = fresh_airline_saved(fresh_airline)
    target = tmp_path / "other.txt"
    folder = tmp_path / "group"
    folder.mkdir()
    (folder / "group.json").symlink_to(target)  # its target does not exist yet
    save_group([run], folder, {})
    assert not target.exists()
    assert not (folder / "group.json").is_symlink()
    assert rs.load(folder).runs[0].metrics == run.metrics


def test_public_lists_survive_every_kind_of_damage(saved: Path) -> None:
    """Whatever is done to a file, lists and check say it, and neither raises."""
    files = contents(saved)
    rng = np.random.default_rng(0)
    for name, content in files.items():
        for _ in range(4):
            altered = bytearray(content)
            altered[rng.integers(len(altered))] ^= int(rng.integers(1, 256))
            (saved / name).write_bytes(bytes(altered[: rng.integers(1, len(altered) + 1)]))
            assert len(api.runs()) == 1
            [finding] = rs.doctor(repair=False)
            assert finding["is_damaged"]
            with pytest.raises((StoreError, DataError)):
                rs.load(saved)
            (saved / name).write_bytes(content)
    assert rs.doctor() == []
