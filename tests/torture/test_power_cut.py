"""A power cut leaves a run as it was before or after: the short form of `make torture ARGS=power_cut`."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest

import rnnstudio as rs
from rnnstudio.results.leftovers import delete_folder
from tests.torture.disk_recording import files_below, recording
from tests.torture.power_cut import try_scenario


@pytest.mark.parametrize(("name", "every"), [("save", 40), ("overwrite", 60), ("trash", 1), ("repair by a copy", 1)])
def test_each_state_of_the_disk_has_the_previous_or_the_new_run(name: str, every: int) -> None:
    result = try_scenario(name, every=every, resumes=False)
    assert result.failures == []
    assert result.states > 5


def test_the_cache_of_compiled_programs_is_not_recorded(tmp_path: Path) -> None:
    with recording(tmp_path) as record:
        (tmp_path / "compiled").mkdir()
        (tmp_path / "compiled" / "program.pb").write_bytes(b"x")
        (tmp_path / "runs").mkdir()
    assert record.now() == files_below(tmp_path) == {"runs/": b""}


def test_the_mark_of_a_first_save_that_a_power_cut_leaves_does_not_make_a_run_a_leftover(home: Path) -> None:
    run = rs.train("toy", updates=2, verbose=0)
    folder = Path(run.path)
    (folder / ".first-save").touch()
    for path in (folder, *folder.iterdir()):
        os.utime(path, (time.time() - 2 * 24 * 3600,) * 2)
    [finding] = rs.doctor()
    assert (finding["found"], finding["is_damaged"]) == ("A save had left an unfinished file.", False)
    assert not (folder / ".first-save").exists()
    assert rs.doctor() == []
    assert rs.load(run.name).metrics == run.metrics


def test_a_folder_that_is_deleted_is_whole_or_has_another_name_at_a_power_cut(tmp_path: Path) -> None:
    names = ("run.json", "weights.npz")
    folder = tmp_path / "place" / "airline-1"
    folder.mkdir(parents=True)
    for name in names:
        (folder / name).write_bytes(b"x")
    with recording(tmp_path) as record:
        assert delete_folder(folder, tmp_path) == []
    assert record.now() == {"place/": b""}
    trees = [tree for moment in record.moments for _, tree in record.states(moment)]
    assert len(trees) > 10
    for tree in trees:
        if "place/airline-1/" in tree:
            assert all(f"place/airline-1/{name}" in tree for name in names)


def test_a_recording_knows_what_is_durable(tmp_path: Path) -> None:
    with recording(tmp_path) as record:
        with (tmp_path / "a").open("wb") as file:
            file.write(b"first")
            file.flush()
            os.fsync(file.fileno())
        (tmp_path / "b").write_bytes(b"second")
        handle = os.open(tmp_path, os.O_RDONLY)
        os.fsync(handle)
        os.close(handle)
        (tmp_path / "a").rename(tmp_path / "c")
    assert record.now() == files_below(tmp_path) == {"b": b"second", "c": b"first"}
    states = dict(record.states(record.moments[-1]))
    assert states["what is durable"] == {"a": b"first", "b": b""}
    assert states["names with halves of contents"] == {"b": b"sec", "c": b"first"}
    assert states["without operation 2"] == {"a": b"first", "b": b"second"}
