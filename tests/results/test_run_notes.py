"""Names and notes of runs are beside their results: any run can have them, and no result changes with them."""

from __future__ import annotations

import json
import os
import shutil
import stat
import threading
import time
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from filelock import FileLock

import rnnstudio as rs
from rnnstudio.core.errors import SettingError, StoreError, UnknownNameError
from rnnstudio.core.events import Event, StepsDone
from rnnstudio.core.experiment import compose
from rnnstudio.results import store_index
from rnnstudio.results.run import Run
from rnnstudio.results.run_notes import MAX_NAME, MAX_NOTE, notes_at
from rnnstudio.results.store import find_run, is_run
from rnnstudio.results.training import train_experiment
from tests.interrupted import crashed
from tests.rights import as_user, give, open_folder

Copies = Callable[[], Run]
NOTE = "The loss still falls.\nTry 2,000 updates – or η = 0.01."


@pytest.fixture
def run(fresh_airline: Copies) -> Run:
    run = fresh_airline()
    run.save()
    return run


def others(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir() if path.name not in ("notes.json", "run.lock")}


def test_a_run_is_found_by_its_name_and_by_that_of_its_folder(run: Run) -> None:
    before = others(Path(run.path))
    assert rs.rename(run, "  GRU, no dropout ") == "GRU, no dropout"
    run.note = NOTE + "\n"
    assert (run.name, run.given_name, run.note) == ("airline-1", "GRU, no dropout", NOTE)
    assert rs.note("GRU, no dropout") == rs.note("airline-1") == rs.note(run.path) == rs.note("latest") == NOTE
    assert rs.load("GRU, no dropout").path == run.path
    assert is_run("GRU, no dropout")
    [row] = rs.runs()
    assert (row["run"], row["name"], row["note"], row["note_problem"]) == ("airline-1", "GRU, no dropout", NOTE, "")
    assert others(Path(run.path)) == before
    assert rs.doctor() == []
    run.rename("")
    run.note = ""
    assert not (Path(run.path) / "notes.json").exists()
    assert (run.given_name, run.note, rs.runs()[0]["name"]) == ("", "", "")
    with pytest.raises(UnknownNameError):
        rs.load("GRU, no dropout")


def test_two_runs_may_have_one_name_and_are_then_named_by_their_folders(run: Run, fresh_airline: Copies) -> None:
    other = fresh_airline()
    other.save()
    for own in (run, other):
        own.rename("twin")
    for use in (rs.load, rs.note, rs.delete, find_run):
        with pytest.raises(StoreError, match=r"2 runs have the name 'twin': airline-[12] and airline-[12]") as error:
            use("twin")  # type: ignore[operator]
        assert len(str(error.value)) < 900
    other.rename("another")
    assert rs.load("twin").path == run.path


@pytest.mark.parametrize("name", ["latest", "airline-2", "airline", "echo"])
def test_a_name_by_which_something_else_is_found_is_refused(run: Run, fresh_airline: Copies, name: str) -> None:
    fresh_airline().save()
    with pytest.raises(SettingError, match=f"name must not be '{name}'"):
        run.rename(name)
    assert run.given_name == ""
    assert rs.rename(run, "airline-1") == ""


@pytest.mark.parametrize(
    ("name", "said"),
    [("x" * (MAX_NAME + 1), "may have 120 characters"), ("a\nb", "one line"), ("a\x1b[2J", "one line"), (3, "a text")],
)
def test_what_is_no_name_is_refused(run: Run, name: str, said: str) -> None:
    with pytest.raises(SettingError, match=said):
        rs.rename(run, name)
    with pytest.raises(SettingError, match="may have 10,000 characters"):
        rs.note(run, "x" * (MAX_NOTE + 1))
    with pytest.raises(SettingError, match="Unicode text"):
        rs.note(run, "\udcff")
    with pytest.raises(SettingError, match="is not saved"):
        rs.note(rs.train("toy", updates=1, verbose=0, save=False))
    assert not (Path(run.path) / "notes.json").exists()


def test_the_longest_name_and_note_are_kept(run: Run) -> None:
    name, note = "ü" * MAX_NAME, "\x01" * MAX_NOTE
    rs.rename(run, name)
    rs.note(run, note)
    assert (run.given_name, run.note) == (name, note)
    [row] = rs.runs()
    assert len(row["note"]) < 310


def test_a_file_in_the_working_folder_comes_before_a_name(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run.rename("sales.csv")
    assert is_run("sales.csv")
    (tmp_path / "sales.csv").write_text("a\n1\n")
    monkeypatch.chdir(tmp_path)
    assert not is_run("sales.csv")


def test_they_survive_saving_resuming_the_trash_and_the_archive(home: Path, tmp_path: Path) -> None:
    run = rs.train("toy", updates=20, verbose=0)
    run.rename("mine")
    run.note = NOTE
    run.save(run.path)
    resumed = rs.resume("mine", updates=5, verbose=0)
    assert resumed.path == run.path
    assert rs.restore(rs.delete("mine")) == run.name
    rs.delete("mine")
    assert rs.trash()[0]["name"] == "mine"
    assert rs.restore("mine") == run.name
    kept = rs.load("mine")
    assert (kept.given_name, kept.note) == ("mine", NOTE)
    file = tmp_path / "one.rnnrun"
    kept.export(file)
    loaded = rs.load(file)
    assert (loaded.given_name, loaded.note) == ("mine", NOTE)
    rs.rename(file, "the file")
    loaded.note = "changed"
    assert (loaded.given_name, rs.note(file), rs.note(run)) == ("the file", "changed", NOTE)
    assert rs.load(file).metrics == kept.metrics
    extended = rs.resume(file, updates=5, verbose=0)
    assert (extended.path, extended.given_name, extended.note) == (str(file), "the file", "changed")
    rs.delete(run)
    copy = rs.load(file)
    copy.save()
    assert (copy.given_name, copy.note) == ("the file", "changed")
    assert rs.load("the file").path == copy.path


def test_a_run_that_replaces_another_one_does_not_get_its_note(fresh_airline: Copies, tmp_path: Path) -> None:
    first, second = fresh_airline(), fresh_airline()
    first.save(tmp_path / "run")
    first.note = NOTE
    second.save(tmp_path / "run", overwrite=True)
    assert second.note == ""


def test_running_damaged_and_older_runs_have_names_too(home: Path, run: Run) -> None:
    folder = crashed("toy", updates=120, evaluate_every=3)
    with FileLock(folder / "run.lock"):
        rs.rename(folder.name, "runs")
        assert next(row for row in rs.runs() if row["name"] == "runs")["outcome"] == "running"
    (Path(run.path) / "run.json").write_text("[]")
    rs.rename("airline-1", "broken")
    rs.note("broken", NOTE)
    row = next(row for row in rs.runs() if row["run"] == "airline-1")
    assert (row["outcome"], row["name"], row["note"]) == ("damaged", "broken", NOTE)
    (Path(run.path) / "run.json").unlink()
    assert rs.note("broken") == NOTE
    with pytest.raises(StoreError, match=r"run\.json is missing"):
        rs.load("broken")
    assert rs.delete("broken") == "airline-1"


def test_a_group_has_a_name_and_a_note(home: Path) -> None:
    group = rs.train("toy", seeds=2, updates=2, verbose=0)
    rs.rename(group.name, "both")
    group.note = NOTE
    loaded = rs.load("both")
    assert isinstance(loaded, rs.RunGroup)
    assert (loaded.name, loaded.given_name, loaded.note) == ("toy-seeds-1", "both", NOTE)
    assert (rs.groups()[0]["name"], rs.groups()[0]["note"]) == ("both", NOTE)
    with pytest.raises(StoreError, match="is a group of runs"):
        find_run("both")


@pytest.mark.parametrize(
    "content", [b"", b"{", b"[]", b'{"name": 3}', b'{"name": "%s"}' % (b"x" * 121), b"\xff\xfe", b"[" * 10_000]
)
def test_a_damaged_file_of_notes_damages_no_run(run: Run, content: bytes) -> None:
    (Path(run.path) / "notes.json").write_bytes(content)
    assert rs.load("airline-1").metrics == run.metrics
    [row] = rs.runs()
    assert (row["outcome"], row["problem"], row["name"]) == (run.outcome, "", "")
    assert "The name and note of airline-1 cannot be read" in row["note_problem"]
    with pytest.raises(StoreError, match="cannot be read"):
        rs.note(run)
    [finding] = rs.doctor()
    assert not finding["is_damaged"]
    assert "rnnstudio rename airline-1 NAME" in finding["found"]
    rs.rename(run, "again")
    assert rs.runs()[0]["name"] == "again"
    assert rs.doctor() == []


def test_a_link_is_no_file_of_notes_and_is_replaced(run: Run, tmp_path: Path) -> None:
    secret = tmp_path / "secret.json"
    secret.write_text('{"name": "secret"}')
    (Path(run.path) / "notes.json").symlink_to(secret)
    assert run.given_name == ""
    run.rename("own")
    assert secret.read_text() == '{"name": "secret"}'
    assert run.given_name == "own"
    assert not (Path(run.path) / "notes.json").is_symlink()


@pytest.mark.skipif(os.name == "nt", reason="Windows has other rights")
def test_only_the_owner_may_read_them(run: Run) -> None:
    run.note = NOTE
    assert stat.S_IMODE((Path(run.path) / "notes.json").stat().st_mode) == 0o600


@pytest.mark.skipif(os.name == "nt", reason="Windows has other rights")
def test_a_folder_that_cannot_be_written_to_is_said(fresh_airline: Copies) -> None:
    with open_folder() as folder:
        run = fresh_airline()
        run.save(folder / "run")
        give(folder, owned=False)
        with (
            as_user(),
            pytest.raises(StoreError, match="The name and note of run cannot be written: Permission denied"),
        ):
            rs.rename(folder / "run", "mine")


def test_fields_of_later_versions_stay(run: Run) -> None:
    file = Path(run.path) / "notes.json"
    file.write_text('{"name": "a", "tags": ["thesis"]}')
    run.note = "b"
    assert json.loads(file.read_text()) == {"name": "a", "tags": ["thesis"], "note": "b"}


def test_of_writers_at_once_the_last_one_wins_and_saves_delete_nothing(home: Path) -> None:
    """Two threads rename a run which a third one saves: no reader sees a part of a file, and no name is lost."""
    run = rs.train("toy", updates=2, verbose=0)
    problems: list[str] = []
    end = time.monotonic() + 2

    def repeat(act: Callable[[int], object]) -> None:
        number = 0
        while time.monotonic() < end:
            number += 1
            try:
                act(number)
            except StoreError as error:
                problems.append(str(error))

    writer = rs.load(run.path)
    acts: list[Callable[[int], object]] = [
        lambda number: rs.rename(run.path, f"first {number}"),
        lambda number: rs.rename(run.path, f"second {number}"),
        lambda number: writer.save(run.path),
    ]
    threads = [threading.Thread(target=repeat, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    while time.monotonic() < end:
        notes = notes_at(Path(run.path))
        assert notes.problem == ""
    for thread in threads:
        thread.join()
    assert problems == []
    assert notes_at(Path(run.path)).name.split()[0] in ("first", "second")
    assert not list(Path(run.path).glob(".*.part"))


def test_the_index_knows_when_a_name_changes(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(store_index, "_FEW", 1)
    monkeypatch.setattr(store_index, "_SETTLED_NS", -1)
    assert rs.runs()[0]["name"] == ""
    assert (Path(run.path).parent / ".index.json").exists()
    for name in ("one", "two", ""):
        rs.rename(run, name)
        assert [rs.runs()[0]["name"] for _ in range(2)] == [name, name]


def test_a_packed_run_has_one_file_of_notes(run: Run, tmp_path: Path) -> None:
    run.rename("mine")
    run.export(tmp_path / "a.rnnrun")
    rs.rename(tmp_path / "a.rnnrun", "other")
    with zipfile.ZipFile(tmp_path / "a.rnnrun") as archive:
        assert archive.namelist().count("notes.json") == 1
        assert json.loads(archive.read("notes.json")) == {"name": "other"}
    rs.rename(tmp_path / "a.rnnrun", "")
    assert rs.load(tmp_path / "a.rnnrun").given_name == ""


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        (".", "not a path"),
        ("..", "not a path"),
        ("~", "not a path"),
        ("../airline-1", "not a path"),
        ("/home/me/airline-1", "not a path"),
        ("C:\\runs\\airline-1", "not a path"),
        ("mine.rnnrun", "not a path"),
        ("Latest", "the newest run is found"),
        ("TOY", "a recipe or a data set is found"),
        ("AIRLINE-2", "another run is found"),
        ("airline-5", "as the folder of a new run may be called"),
        ("Airline-seeds-1", "as the folder of a new run may be called"),
        ("echo-12", "as the folder of a new run may be called"),
        ("run-1", "as the folder of a new run may be called"),
        ("\u200b\u2060", "can be seen"),
    ],
)
def test_names_by_which_something_else_is_or_will_be_found_are_refused(
    fresh_airline: Copies, name: str, reason: str
) -> None:
    first, second = fresh_airline(), fresh_airline()
    first.save()
    second.save()
    with pytest.raises(SettingError, match=reason):
        rs.rename(first, name)
    assert first.given_name == ""


def test_dates_and_numbers_are_names(fresh_airline: Copies) -> None:
    run = fresh_airline()
    run.save()
    for name in (
        "2024-11-30",
        "trial-3",
        "3",
        "GRU-50",
        "GRU / LSTM",
        "30/11, no dropout",
        "A: baseline",
        "\N{SNOWMAN}",
    ):
        assert rs.rename(run, name) == name
        assert rs.load(name).path == run.path


def test_an_accent_is_found_however_it_was_typed(fresh_airline: Copies) -> None:
    run = fresh_airline()
    run.save()
    composed, decomposed = "caf\u00e9", "cafe\u0301"
    assert rs.rename(run, decomposed) == composed
    assert rs.load(decomposed).path == rs.load(composed).path == run.path


def test_a_run_whose_folder_is_deleted_while_it_trains_keeps_its_name(home: Path) -> None:
    folder, done = home / "runs" / "airline-1", list[str]()

    def emit(event: Event) -> None:
        if not isinstance(event, StepsDone):
            return
        time.sleep(0.05)  # so that a checkpoint is written
        if not done and (folder / "run.json").exists():
            rs.rename("airline-1", "mine")
            done.append(str((folder / "run.json").stat().st_ino))
        elif len(done) == 1 and (folder / "run.json").stat().st_ino != int(done[0]):  # a checkpoint was written since
            time.sleep(0.2)
            shutil.rmtree(folder, ignore_errors=True)
            done.append("deleted")

    experiment = compose("airline", {"updates": 600, "units": 4, "evaluate_every": 3})
    run = train_experiment(experiment, emit, lambda: False, checkpoint_seconds=0.01)
    assert done[1:] == ["deleted"]
    assert (Path(run.path), run.given_name) == (folder, "mine")
