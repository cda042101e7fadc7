"""After a fault of the disk no run is damaged, a sentence says what to do, and what was trained can be saved."""

from __future__ import annotations

import errno
import os
import shutil
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import rnnstudio as rs
from rnnstudio.core.errors import StoreError
from rnnstudio.core.events import Event, NotSaved, StepsDone
from rnnstudio.core.experiment import compose
from rnnstudio.results import (
    file_target,
    group_training,
    last_attempts,
    leftovers,
    run_check,
    run_group,
    saving,
    training,
    training_writer,
)
from rnnstudio.results.group_training import train_seeds
from rnnstudio.results.progress import ProgressReporter
from rnnstudio.results.run import Run
from rnnstudio.results.saving import not_saved
from rnnstudio.results.seed_plan import SeedPlan
from rnnstudio.results.store_check import check_store
from rnnstudio.results.training import train_experiment

TOY: dict[str, Any] = {"updates": 5, "verbose": 0}


def failing(function: Callable[..., Any], times: float, code: int = errno.ENOSPC) -> Callable[..., Any]:
    """Return a function that raises an error of the disk so many times before it does what another one does."""
    left = [times]

    def call(*arguments: Any, **named: Any) -> Any:
        left[0] -= 1
        if left[0] >= 0:
            raise OSError(code, os.strerror(code))
        return function(*arguments, **named)

    return call


@pytest.mark.parametrize(
    ("code", "advice"),
    [
        (errno.ENOSPC, "Free some space, or choose another folder."),
        (errno.EROFS, "Make the disk writable, or choose another folder."),
        (errno.EACCES, "Check the rights to the folder, or choose another folder."),
        (errno.ENOENT, "Check that the folder and its disk are there, or choose another folder."),
        (errno.EIO, "Check that the folder and its disk are there, or choose another folder."),
    ],
)
def test_the_error_says_what_to_do(code: int, advice: str) -> None:
    text = str(not_saved(Path("/runs"), OSError(code, os.strerror(code))))
    assert text.startswith(f"The run could not be saved in /runs: {os.strerror(code)}. ")
    assert text.endswith(advice)


def test_a_run_that_could_not_be_saved_says_so_until_it_is_saved(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(last_attempts, "_WAITS", (0.0,))
    monkeypatch.setattr(training_writer, "commit", failing(training_writer.commit, 1000))
    run = rs.train("toy", **TOY)
    assert isinstance(run, Run)
    assert (run.path, run.warnings[-1]) == ("", run.save_problem)
    assert "No space left on device" in run.save_problem
    monkeypatch.undo()
    monkeypatch.setenv("RNNSTUDIO_HOME", str(home))
    run.save()
    for saved in (run, rs.load("latest")):
        assert not any("could not be saved" in sentence for sentence in saved.warnings)
    assert check_store() == (1, [])


def test_a_run_is_saved_and_packed_where_the_disk_is_full_for_a_moment(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(file_target, "pack", failing(file_target.pack, 1))
    run = rs.train("toy", **TOY, save=tmp_path / "one.rnnrun")
    assert (run.path, rs.runs()) == (str(tmp_path / "one.rnnrun"), [])
    assert not any("cannot be written" in sentence for sentence in run.warnings)


def test_a_run_that_cannot_become_its_file_does_not_say_so_when_it_is_opened_later(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(last_attempts, "_WAITS", ())
    monkeypatch.setattr(file_target, "pack", failing(file_target.pack, 1000))
    run = rs.train("toy", **TOY, save=tmp_path / "one.rnnrun")
    assert isinstance(run, Run)
    assert "Free some space, or choose another path." in run.save_problem
    assert run.save_problem in run.warnings
    assert rs.load(run.path).warnings == [sentence for sentence in run.warnings if sentence != run.save_problem]


def test_a_group_is_saved_where_the_disk_is_full_for_a_moment(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(*arguments: Any, **options: Any) -> Any:
        raise StoreError(f"The group could not be saved in {home}: No space left on device.")

    save_group, attempts = run_group.save_group, list[int]()

    def second(*arguments: Any, **options: Any) -> Any:
        attempts.append(1)
        return (refused if len(attempts) == 1 else save_group)(*arguments, **options)

    def writes_groups(function: Any) -> None:
        for module in (run_group, group_training):
            monkeypatch.setattr(module, "save_group", function)

    writes_groups(second)
    assert rs.train("toy", seeds=2, **TOY).path
    monkeypatch.setattr(last_attempts, "_WAITS", ())
    writes_groups(refused)
    group = rs.train("toy", seeds=2, **TOY)
    assert isinstance(group, rs.RunGroup)
    assert (group.path, group.warnings[-1]) == ("", group.save_problem)
    writes_groups(save_group)
    group.save()
    assert group.save_problem not in group.warnings
    assert len(rs.groups()) == 2


@pytest.mark.parametrize("seconds", [0.01, 3600.0])
def test_a_run_on_a_disk_that_is_away_for_a_moment_goes_on_in_its_folder(
    home: Path, monkeypatch: pytest.MonkeyPatch, seconds: float
) -> None:
    monkeypatch.setattr(training_writer, "_MAX_BYTES_IN_MEMORY", 0)  # moments are on the disk alone
    runs, away, said = home / "runs", home / "away", list[str]()
    make_folder = training_writer.HeldFolder.made_again

    def made_again(*arguments: Any) -> Any:  # as where disks are mounted, a user makes no folders
        if away.exists():
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))
        return make_folder(*arguments)

    monkeypatch.setattr(training_writer.HeldFolder, "made_again", made_again)

    def emit(event: Event) -> None:
        if isinstance(event, NotSaved):
            said.append(event.text)
        if not isinstance(event, StepsDone):
            return
        time.sleep(0.05)
        step = event.first_step + len(event.losses)
        if step > 40 and not away.exists() and not said and list(runs.glob("*/run.json")):
            runs.rename(away)
        if away.exists() and (said or seconds > 1.0):
            away.rename(runs)

    experiment = compose("airline", {"updates": 240, "units": 4, "evaluate_every": 10})
    run = train_experiment(experiment, emit, lambda: False, checkpoint_seconds=seconds)
    assert [path.name for path in runs.iterdir()] == [Path(run.path).name]
    assert check_store() == (1, [])
    assert not any("deleted with the folder" in warning for warning in run.warnings)
    whole = rs.train("airline", updates=240, units=4, evaluate_every=10, verbose=0, save=False)
    assert isinstance(whole, Run)
    assert rs.load(run.path).kept_updates == whole.kept_updates  # type: ignore[union-attr]
    assert said[1:] == ["The run is saved again."] * len(said[:1])


def partly_deleted(folder: Path, **named: Any) -> None:
    """Delete some files of a folder, `run.json` among them, and no more."""
    for path in Path(folder).rglob("run.json"):
        path.unlink()
    error = PermissionError(errno.EACCES, os.strerror(errno.EACCES))
    if "onerror" in named:
        named["onerror"](os.unlink, str(folder), (type(error), error, None))


def test_a_folder_that_cannot_be_deleted_completely_is_no_damaged_run(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(leftovers.shutil, "rmtree", partly_deleted)
        run = rs.train("toy", **TOY, save=tmp_path / "one.rnnrun")  # whose folder in the run list is deleted
    assert run.path == str(tmp_path / "one.rnnrun")
    assert (rs.runs(), rs.doctor()) == ([], [])


def test_a_trash_that_cannot_be_emptied_completely_holds_no_damaged_run(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rs.delete(rs.train("toy", **TOY))
    with monkeypatch.context() as patch:
        patch.setattr(leftovers.shutil, "rmtree", partly_deleted)
        with pytest.raises(StoreError, match=r"Permission denied. Check the rights to the folder, and try again\.$"):
            rs.empty_trash()
    assert rs.trash() == []
    assert len(list((home / "runs").glob(".deleted-*"))) == 1
    rs.empty_trash()
    assert [path.name for path in (home / "runs").iterdir()] == [".trash"]


def test_the_check_of_a_run_whose_folder_closes_meanwhile_says_so(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    run = rs.train("toy", **TOY)
    monkeypatch.setattr(run_check, "read_run", failing(run_check.read_run, 1000, errno.EACCES))
    findings = rs.doctor()
    assert [row["run"] for row in findings] == [run.name]
    assert findings[0]["found"] == "It cannot be checked: Permission denied."
    assert findings[0]["advice"] == "Check the rights to the folder, and try again."
    assert findings[0]["is_damaged"]


def test_a_run_whose_folder_is_gone_is_not_called_damaged(home: Path, tmp_path: Path) -> None:
    run = rs.train("toy", updates=20, evaluate_every=5, verbose=0)
    assert isinstance(run, Run)
    loaded = rs.load(run.path)
    assert isinstance(loaded, Run)
    shutil.rmtree(home / "runs")
    with pytest.raises(StoreError, match=r"There is no run in .* any more") as caught:
        loaded.at(loaded.kept_updates[1])
    assert "damaged" not in str(caught.value)


def test_all_runs_of_a_group_have_checkpoints_as_often_as_is_said(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[float] = []

    def keeper(target: training.Target, started_from: str, seconds: float, group: SeedPlan) -> None:
        seen.append(seconds)

    monkeypatch.setattr(training.Target, "keeper", keeper)
    experiment = compose("toy", {"updates": 2})
    train_seeds(experiment, 2, lambda event: None, lambda: False, save=False, checkpoint_seconds=7.0)
    rs.train("toy", seeds=2, **TOY, save=False, checkpoint_seconds=8.0)
    assert seen == [7.0, 7.0, 8.0, 8.0]


def test_a_script_prints_that_a_run_is_saved_again(capsys: pytest.CaptureFixture[str]) -> None:
    reporter = ProgressReporter(None, print_lines=True)
    reporter(NotSaved("No space left on device", "Free some space"))
    reporter(NotSaved(""))
    assert capsys.readouterr().out.splitlines() == [
        "The run cannot be saved at the moment: No space left on device. Free some space. The training goes on in "
        "memory, and the run is saved as soon as possible.",
        "The run is saved again.",
    ]


def test_a_group_none_of_whose_runs_can_be_saved_is_trained_to_its_end(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(last_attempts, "_WAITS", ())
    with monkeypatch.context() as patch:
        patch.setattr(training_writer, "commit", failing(training_writer.commit, 1000))
        patch.setattr(saving, "write_run", failing(saving.write_run, 1000))
        group = rs.train("toy", seeds=2, **TOY)
    assert isinstance(group, rs.RunGroup)
    assert [run.path for run in group.runs] == ["", ""]
    assert [sentence for sentence in group.warnings if "No space left" in sentence] == [group.save_problem]
    group.save()
    assert (len(rs.runs()), len(rs.groups())) == (2, 1)


def test_a_run_of_a_group_that_could_not_be_saved_is_saved_with_the_group(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fails = iter([False, True])

    def finish(writer: Any, run: Run) -> Path:
        if next(fails):
            raise OSError(errno.EACCES, os.strerror(errno.EACCES))
        return whole(writer, run)

    whole = training_writer.TrainingWriter.finish
    monkeypatch.setattr(last_attempts, "_WAITS", ())
    monkeypatch.setattr(training_writer.TrainingWriter, "finish", finish)
    group = rs.train("toy", seeds=2, **TOY)
    assert isinstance(group, rs.RunGroup)
    assert group.path
    assert all(run.path for run in group.runs)
    assert [row["missing"] for row in rs.groups()] == [0]


def test_the_mark_of_a_first_save_that_could_not_be_deleted_is_deleted_after_a_day(home: Path) -> None:
    run = rs.train("toy", **TOY)
    mark = Path(run.path) / ".first-save"
    mark.touch()
    assert rs.doctor() == []
    os.utime(mark, (0, 0))
    assert [(row["found"], row["done"]) for row in rs.doctor()] == [
        ("A save had left an unfinished file.", "It was deleted.")
    ]
    assert not mark.exists()
    assert rs.doctor() == []
