"""A run is kept as a whole or not at all; nothing in its folder can run code."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import rnnstudio as rs
from rnnstudio import api
from rnnstudio.core.errors import RnnStudioError, SettingError, StoreError, UnknownNameError
from rnnstudio.results import store
from rnnstudio.results.run import Run
from rnnstudio.results.run_files import write_run

Copies = Callable[[], Run]


def contents(folder: Path) -> dict[str, bytes]:
    return {str(p.relative_to(folder)): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}


def test_a_loaded_run_is_the_run_that_was_saved(fresh_airline: Copies) -> None:
    run = fresh_airline()
    x = run.data().inputs[0, :30, 0]
    told, dreamt, frame = run.predict(x), run.forecast(15), run.history()
    run.save()
    again = rs.load(run.path)
    assert (again.name, again.path) == (run.name, run.path) == ("airline-1", run.path)
    np.testing.assert_array_equal(again.predict(x), told)
    np.testing.assert_array_equal(again.forecast(15), dreamt)
    np.testing.assert_array_equal(again.forecast(5, start=50), run.forecast(5, start=50))
    assert again.history().equals(frame)
    assert again.summary() == run.summary()
    assert again.experiment == run.experiment
    assert again.info == run.info
    assert repr(again) == repr(run)
    assert again.record.predictions.kind == run.record.predictions.kind
    for name, values in run.record.predictions.to_arrays().items():
        np.testing.assert_array_equal(again.record.predictions.to_arrays()[name], values)


def test_names_count_up_and_the_newest_comes_first(fresh_airline: Copies) -> None:
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


def test_nothing_is_pickled(fresh_airline: Copies) -> None:
    run = fresh_airline()
    run.save()
    folder = Path(run.path)
    assert {p.suffix for p in folder.iterdir()} == {".json", ".npz", ".npy"}
    for file in folder.glob("*.np[yz]"):
        found = np.load(file, allow_pickle=False)
        for array in found.values() if file.suffix == ".npz" else [found]:
            assert array.dtype.kind != "O"
    for file in folder.glob("*.json"):
        json.loads(file.read_text(encoding="utf-8"))


def test_a_run_saved_to_a_place_replaces_the_run_there_as_a_whole(fresh_airline: Copies, tmp_path: Path) -> None:
    place = tmp_path / "kept" / "mine"
    run = fresh_airline()
    assert run.save(place) == str(place)
    (place / "stray.txt").write_text("left behind")
    run.save(place)
    assert not (place / "stray.txt").exists()
    assert [p.name for p in place.parent.iterdir()] == ["mine"]
    assert rs.load(place).name == "mine"


def test_another_run_is_replaced_only_when_told_to(fresh_airline: Copies, tmp_path: Path) -> None:
    place = tmp_path / "mine"
    fresh_airline().save(place)
    before = contents(place)
    with pytest.raises(StoreError, match="holds a run already"):
        fresh_airline().save(place)
    with pytest.raises(StoreError, match="holds a run already"):
        rs.train("toy", updates=1, verbose=0, save=place)
    assert contents(place) == before
    fresh_airline().save(place, overwrite=True)
    assert rs.load(place).name == "mine"


def test_a_folder_that_is_no_run_is_left_alone(fresh_airline: Copies, tmp_path: Path) -> None:
    (tmp_path / "photos").mkdir()
    (tmp_path / "photos" / "a.jpg").write_text("x")
    (tmp_path / "letter").write_text("x")
    for name in ("photos", "letter"):
        with pytest.raises(StoreError, match="left alone"):
            fresh_airline().save(tmp_path / name)
    assert sorted(p.name for p in tmp_path.iterdir() if p.name != "home") == ["letter", "photos"]
    (tmp_path / "empty").mkdir()
    assert fresh_airline().save(tmp_path / "empty") == str(tmp_path / "empty")


FULL_DISK = """
import resource, sys
from pathlib import Path
import rnnstudio as rs
from rnnstudio.core.errors import StoreError
place = Path(sys.argv[1])
run = rs.load(place)
x = run.data().inputs[0, :30, 0]
before = run.predict(x)
for limit in map(int, sys.argv[2:]):
    resource.setrlimit(resource.RLIMIT_FSIZE, (limit, resource.RLIM_INFINITY))
    for target in (None, place):
        try:
            run.save(target)
        except StoreError as error:
            assert "Nothing that was saved before has changed" in str(error), error
        else:
            sys.exit(f"saved with a limit of {limit} bytes")
assert (run.predict(x) == before).all()
resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
print(run.save())
"""


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="limits of file size as Linux has them")
def test_a_save_that_fails_leaves_the_old_run_and_the_run_in_memory_as_they_were(
    fresh_airline: Copies, tmp_path: Path, home: Path
) -> None:
    place = tmp_path / "old"
    fresh_airline().save(place)
    before = contents(place)
    sizes = sorted({0, *(len(b) - 1 for b in before.values())})
    limits = [str(s) for s in sizes if s < max(map(len, before.values()))]
    done = subprocess.run(
        [sys.executable, "-c", FULL_DISK, str(place), *limits], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert contents(place) == before
    assert [p.name for p in (home / "runs").iterdir()] == ["airline-1"]
    assert rs.load("airline-1").outcome == "completed"
    assert not [p for p in tmp_path.iterdir() if p.name.startswith(".")]


def test_a_rename_that_fails_puts_the_old_run_back(
    fresh_airline: Copies, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = tmp_path / "old"
    fresh_airline().save(place)
    before = contents(place)
    rename = Path.rename

    def refuse(self: Path, target: Path) -> Path:
        if self.name.startswith(".saving") and not self.name.endswith("-old") and Path(target) == place:
            raise OSError(28, "No space left on device")
        return rename(self, target)

    monkeypatch.setattr(Path, "rename", refuse)
    with pytest.raises(StoreError, match="No space left on device"):
        fresh_airline().save(place, overwrite=True)
    assert contents(place) == before
    assert [p.name for p in tmp_path.iterdir() if p.name != "home"] == ["old"]


TWO_AT_ONCE = """
import sys, time
import rnnstudio as rs
run = rs.load(sys.argv[1])
while time.time() < float(sys.argv[2]):
    pass
for _ in range(10):
    run.save()
    print(run.name)
"""


def test_two_processes_that_save_at_once_get_different_names(fresh_airline: Copies, tmp_path: Path) -> None:
    import time

    place = tmp_path / "one"
    fresh_airline().save(place)
    begin = str(time.time() + 1.5)
    both = [
        subprocess.Popen([sys.executable, "-c", TWO_AT_ONCE, str(place), begin], stdout=subprocess.PIPE, text=True)
        for _ in range(2)
    ]
    names = [name for process in both for name in process.communicate()[0].split()]
    assert [process.returncode for process in both] == [0, 0]
    assert len(names) == len(set(names)) == 20
    assert len(api.runs()) == 20


DAMAGES: dict[str, Callable[[Path], Any]] = {
    "empty mark": lambda f: (f / "run.json").write_text(""),
    "list as mark": lambda f: (f / "run.json").write_text("[]"),
    "mark without content": lambda f: (f / "run.json").write_text("{}"),
    "no experiment": lambda f: (f / "experiment.json").unlink(),
    "experiment of another program": lambda f: (f / "experiment.json").write_text('{"a": 1}'),
    "metrics cut short": lambda f: (f / "metrics.json").write_text('{"outcome": '),
    "no weights": lambda f: (f / "weights.npz").unlink(),
    "weights cut short": lambda f: (f / "weights.npz").write_bytes((f / "weights.npz").read_bytes()[:200]),
    "empty weights": lambda f: (f / "weights.npz").write_bytes(b""),
    "weights are text": lambda f: (f / "weights.npz").write_text("hello, this is no archive"),
    "history without losses": lambda f: zipfile.ZipFile(f / "history.npz", "w").close(),
    "empty context": lambda f: (f / "context.npy").write_bytes(b""),
    "scaler of another layout": lambda f: (f / "scaler.json").write_text('{"inputs": 3}'),
    "data of another layout": lambda f: (f / "data.json").write_text('{"what": 3}'),
}


@pytest.mark.parametrize("damage", DAMAGES)
def test_a_damaged_folder_is_named_and_left_out_of_the_list(fresh_airline: Copies, damage: str) -> None:
    good, bad = fresh_airline(), fresh_airline()
    good.save()
    bad.save()
    DAMAGES[damage](Path(bad.path))
    with pytest.raises(StoreError, match="damaged") as caught:
        rs.load(bad.path)
    assert bad.path in str(caught.value)
    assert good.name in [r["run"] for r in api.runs()]


def test_a_pickle_in_place_of_numbers_is_not_run(fresh_airline: Copies, tmp_path: Path) -> None:
    class Trap:
        def __reduce__(self) -> Any:
            return (open, (str(tmp_path / "sprung"), "w"))

    run = fresh_airline()
    run.save()
    np.save(Path(run.path) / "context.npy", np.array([Trap()], object), allow_pickle=True)
    with pytest.raises(StoreError, match="damaged"):
        rs.load(run.path)
    assert not (tmp_path / "sprung").exists()


def test_a_cell_unknown_here_is_said(fresh_airline: Copies) -> None:
    run = fresh_airline()
    run.save()
    file = Path(run.path) / "experiment.json"
    plain = json.loads(file.read_text())
    plain["model"]["cell"] = "quantum"
    file.write_text(json.dumps(plain))
    with pytest.raises(StoreError, match="no cell called 'quantum'"):
        rs.load(run.path)


def test_weights_of_another_network_are_refused(fresh_airline: Copies) -> None:
    run = fresh_airline()
    run.weights = {**run.weights, "head/kernel": np.zeros((3, 1), np.float32)}
    run.save()
    with pytest.raises(StoreError, match=r"head/kernel with the shape \(8, 1\), received \(3, 1\)"):
        rs.load(run.path).forecast(3)


def test_a_run_of_a_newer_version_asks_for_an_update(fresh_airline: Copies) -> None:
    run = fresh_airline()
    run.save()
    file = Path(run.path) / "run.json"
    file.write_text(json.dumps({**json.loads(file.read_text()), "schema_version": 99}))
    with pytest.raises(StoreError, match="newer rnnstudio"):
        rs.load(run.path)


def test_a_run_list_says_which_runs_a_newer_version_saved(fresh_airline: Copies) -> None:
    run, newer = fresh_airline(), fresh_airline()
    run.save()
    newer.save()
    file = Path(newer.path) / "run.json"
    file.write_text(json.dumps({**json.loads(file.read_text()), "schema_version": 99}))
    found, [problem] = store.list_runs()
    assert [r["run"] for r in found] == [r["run"] for r in api.runs()] == [run.name]
    assert newer.path in problem
    assert "update" in problem


def test_what_a_newer_version_wrote_and_this_one_cannot_read_asks_for_an_update(fresh_airline: Copies) -> None:
    run = fresh_airline()
    run.save()
    for name, change in (("versions", {"rnnstudio": "9.10.0"}), ("data", {"of_tomorrow": 1})):
        file = Path(run.path) / f"{name}.json"
        file.write_text(json.dumps({**json.loads(file.read_text()), **change}))
    with pytest.raises(StoreError, match=r"saved by rnnstudio 9\.10\.0.*Update") as caught:
        rs.load(run.path)
    assert "damaged" not in str(caught.value)


def test_a_run_as_one_file_is_the_run(fresh_airline: Copies, tmp_path: Path) -> None:
    run = fresh_airline()
    x = run.data().inputs[0, :30, 0]
    file = tmp_path / "to send.rnnrun"
    assert run.save(file) == run.path == str(file)
    assert run.name == "to send"
    assert [p.name for p in tmp_path.glob("*") if p.name != "home"] == [file.name]
    again = rs.load(file)
    assert (again.name, again.path, again.experiment) == ("to send", str(file), run.experiment)
    assert again.history().equals(run.history())
    np.testing.assert_array_equal(again.predict(x), run.predict(x))
    again.save()
    assert rs.load("airline-1").metrics == run.metrics


def test_a_copy_as_one_file_leaves_the_run_where_it_is(fresh_airline: Copies, tmp_path: Path) -> None:
    run = fresh_airline()
    run.save()
    name, path = run.name, run.path
    assert run.export(tmp_path / "copy.rnnrun") == str(tmp_path / "copy.rnnrun")
    assert (run.name, run.path) == (name, path)
    assert rs.load(tmp_path / "copy.rnnrun").metrics == run.metrics
    with pytest.raises(StoreError, match="cannot be written"):
        run.export(tmp_path / "nowhere" / "copy.rnnrun")


def test_a_run_as_one_file_replaces_only_another_run_and_only_when_told_to(
    fresh_airline: Copies, tmp_path: Path
) -> None:
    run, other, file = fresh_airline(), fresh_airline(), tmp_path / "run.rnnrun"
    run.save(file)
    before = file.read_bytes()
    with pytest.raises(StoreError, match="holds a run already"):
        other.save(file)
    assert file.read_bytes() == before
    other.metrics["test_loss"] = 7.0
    other.save(file, overwrite=True)
    assert rs.load(file).metrics["test_loss"] == 7.0
    file.write_bytes(b"somebody's thesis")
    with pytest.raises(StoreError, match="exists and is not a run"):
        fresh_airline().save(file, overwrite=True)
    assert file.read_bytes() == b"somebody's thesis"


def _trap(file: Path) -> None:
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("../run.json", "{}")


PACKED_DAMAGES: dict[str, Callable[[Path], object]] = {
    "no archive": lambda f: f.write_bytes(b"hello"),
    "empty": lambda f: f.write_bytes(b""),
    "cut short": lambda f: f.write_bytes(f.read_bytes()[:-200]),
    "an archive of something else": lambda f: zipfile.ZipFile(f, "w").close(),
    "leads out of itself": _trap,
}


@pytest.mark.parametrize("damage", PACKED_DAMAGES)
def test_a_damaged_file_is_named(fresh_airline: Copies, tmp_path: Path, damage: str) -> None:
    file = tmp_path / "run.rnnrun"
    fresh_airline().save(file)
    PACKED_DAMAGES[damage](file)
    with pytest.raises(StoreError) as caught:
        rs.load(file)
    assert str(file) in str(caught.value)
    assert len(str(caught.value)) < 900


def test_runs_that_are_not_there_are_named(fresh_airline: Copies, tmp_path: Path) -> None:
    with pytest.raises(UnknownNameError, match="no run called 'latest'"):
        rs.load("latest")
    fresh_airline().save()
    with pytest.raises(UnknownNameError, match="Did you mean airline-1"):
        rs.load("airline1")
    with pytest.raises(StoreError, match="not of a saved run"):
        rs.load(tmp_path)


def test_half_written_runs_are_not_listed(fresh_airline: Copies, home: Path) -> None:
    run = fresh_airline()
    write_run(run, home / "runs" / ".saving-1-2")
    assert api.runs() == []


def test_export_writes_the_history_and_refuses_other_endings(fresh_airline: Copies, tmp_path: Path) -> None:
    import pandas as pd

    run = fresh_airline()
    file = run.export(tmp_path / "history.csv")
    found = pd.read_csv(file)
    assert found.columns.tolist() == run.history().columns.tolist()
    np.testing.assert_allclose(found["train_loss"], run.history()["train_loss"], rtol=1e-6)
    with pytest.raises((SettingError, RnnStudioError)):
        run.export(tmp_path / "history.docx")
    with pytest.raises(StoreError, match="cannot be written"):
        run.export(tmp_path / "no" / "such" / "history.csv")
