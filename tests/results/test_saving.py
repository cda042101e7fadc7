"""A run is saved completely or not at all."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

import rnnstudio as rs
from rnnstudio import api
from rnnstudio.core.errors import StoreError
from rnnstudio.results.run import Run

pytestmark = pytest.mark.usefixtures("uncompiled")

Copies = Callable[[], Run]


def contents(folder: Path) -> dict[str, bytes]:
    files = {str(p.relative_to(folder)): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}
    return {name: content for name, content in files.items() if name != "run.lock"}


def test_saving_a_run_again_replaces_its_whole_folder(fresh_airline: Copies, tmp_path: Path) -> None:
    folder = tmp_path / "saved" / "mine"
    run = fresh_airline()
    assert run.save(folder) == str(folder)
    (folder / "stray.txt").write_text("not part of a run")
    run.save(folder)
    assert not (folder / "stray.txt").exists()
    assert [p.name for p in folder.parent.iterdir()] == ["mine"]
    assert rs.load(folder).name == "mine"


def test_another_run_is_replaced_only_with_overwrite(fresh_airline: Copies, tmp_path: Path) -> None:
    folder = tmp_path / "mine"
    fresh_airline().save(folder)
    before = contents(folder)
    with pytest.raises(StoreError, match="holds a run already"):
        fresh_airline().save(folder)
    with pytest.raises(StoreError, match="holds a run already"):
        rs.train("toy", updates=1, verbose=0, save=folder)
    assert contents(folder) == before
    fresh_airline().save(folder, overwrite=True)
    assert rs.load(folder).name == "mine"


def test_a_folder_of_other_files_is_left_alone(fresh_airline: Copies, tmp_path: Path) -> None:
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
sys.dont_write_bytecode = True # Python would cut off the modules that it stores
import rnnstudio as rs
from rnnstudio.core.errors import StoreError
folder = Path(sys.argv[1])
run = rs.load(folder)
x = run.data().inputs[0, :30, 0]
before = run.predict(x)
for limit in map(int, sys.argv[2:]):
    resource.setrlimit(resource.RLIMIT_FSIZE, (limit, resource.RLIM_INFINITY))
    for target in (None, folder):
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


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="needs limits of file sizes")
def test_a_failed_save_changes_neither_the_old_run_nor_the_run_in_memory(
    fresh_airline: Copies, tmp_path: Path, home: Path
) -> None:
    folder = tmp_path / "old"
    fresh_airline().save(folder)
    before = contents(folder)
    sizes = sorted({0, *(len(b) - 1 for b in before.values())})
    limits = [str(s) for s in sizes if s < max(map(len, before.values()))]
    process = subprocess.run(
        [sys.executable, "-c", FULL_DISK, str(folder), *limits], capture_output=True, text=True, check=False
    )
    assert process.returncode == 0, process.stderr
    assert contents(folder) == before
    assert [p.name for p in (home / "runs").iterdir()] == ["airline-1"]
    assert rs.load("airline-1").outcome == "completed"
    assert not [p for p in tmp_path.iterdir() if p.name.startswith(".")]


def test_a_failed_rename_leaves_the_old_run(
    fresh_airline: Copies, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "old"
    fresh_airline().save(folder)
    before = contents(folder)

    def refuse(self: Path, target: Path) -> Path:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "replace", refuse)
    with pytest.raises(StoreError, match="No space left on device"):
        rs.train("airline", updates=1, verbose=0, save=False).save(folder, overwrite=True)
    assert contents(folder) == before
    assert [p.name for p in tmp_path.iterdir() if p.name != "home"] == ["old"]


TWO_AT_ONCE = """
import sys, time
import rnnstudio as rs
run = rs.load(sys.argv[1])
time.sleep(max(0, float(sys.argv[2]) - time.time()))
for _ in range(10):
    run.save()
    print(run.name)
"""


def test_processes_that_save_at_once_get_different_names(fresh_airline: Copies, tmp_path: Path) -> None:
    folder = tmp_path / "one"
    fresh_airline().save(folder)
    start = str(time.time() + 1.5)
    processes = [
        subprocess.Popen([sys.executable, "-c", TWO_AT_ONCE, str(folder), start], stdout=subprocess.PIPE, text=True)
        for _ in range(2)
    ]
    names = [name for process in processes for name in process.communicate()[0].split()]
    assert [process.returncode for process in processes] == [0, 0]
    assert len(names) == len(set(names)) == 20
    assert len(api.runs()) == 20


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such permissions")
def test_runs_are_their_owners_unless_the_store_is_shared(
    fresh_airline: Copies, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("RNNSTUDIO_SHARED", raising=False)
    before = os.umask(0o022)
    try:
        own = [Path(fresh_airline().save()), Path(rs.train("toy", updates=1, verbose=0).path)]
        monkeypatch.setenv("RNNSTUDIO_SHARED", "1")
        shared = [Path(fresh_airline().save()), Path(rs.train("toy", updates=1, verbose=0).path)]
    finally:
        os.umask(before)
    for folders, mode in ((own, 0o700), (shared, 0o755)):
        for folder in folders:
            assert folder.stat().st_mode & 0o777 == mode
            files = [file for file in folder.iterdir() if file.name != "run.lock"]
            assert {file.stat().st_mode & 0o777 for file in files} == {mode & 0o666}
