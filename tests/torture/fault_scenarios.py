"""What writes runs while a disk fails: the functions of Python, and the commands of the command line."""

from __future__ import annotations

import io
from collections.abc import Callable
from contextlib import redirect_stdout
from copy import deepcopy
from dataclasses import dataclass
from functools import partial
from itertools import pairwise
from pathlib import Path
from typing import Any
from unittest.mock import patch

from click.testing import CliRunner

import rnnstudio as rs
from rnnstudio.cli.main import studio
from rnnstudio.core.events import NotSaved
from rnnstudio.results import saving, store_index
from rnnstudio.results.checked_files import RunFiles
from rnnstudio.results.refit import Refit
from rnnstudio.results.run import Run
from rnnstudio.results.run_files import refit_writers
from tests.torture.power_scenarios import SETTINGS, X, Y, slowly

Act = Callable[[], Any]
Begin = Callable[[], Act]
_TRAINING = SETTINGS | {"updates": 20, "verbose": 1}
_OFTEN: dict[str, Any] = {"checkpoint_seconds": 0.001, "callback": slowly}
_MAX_CHARACTERS = 900
_COMMAND = ("--updates", "20", "--units", "4", "--recipe", "none", "--checkpoint-seconds", "0.001", "--levels", "none")
_CANNOT = NotSaved("x").text.partition(":")[0]


class BadTextError(Exception):
    """What a user would see is not what it must be."""


@dataclass(frozen=True)
class Scenario:
    """Something that writes.

    Attributes:
        prepare: Makes what is there before, and returns a function that is called before each attempt; what this
            returns is done.
        trains: Whether it returns a trained run or group whatever happens once the training has begun.
        commands: Whether it is a training of the command line.
        tolerates: Whether it ends without an error although it could not write all it wanted.
    """

    prepare: Callable[[Path], Begin]
    trains: bool = False
    commands: bool = False
    tolerates: bool = False


def small_run(**settings: Any) -> Run:
    """Train a run that is saved at once."""
    run = rs.train(X, Y, **SETTINGS | {"updates": 20} | settings)
    assert isinstance(run, Run)
    return run


def _unsaved(run: Run) -> Run:
    """Return a copy of a run that is not saved, whose moments are in memory, too."""
    copy = Run.of(run)
    copy.moments = deepcopy(run.moments)
    return copy


def check_sentence(text: str) -> None:
    """Check a message for a user.

    Raises:
        BadTextError: It has several lines, is too long, or does not end as sentences do.
    """
    if "\n" in text or not text.endswith(".") or len(text) >= _MAX_CHARACTERS:
        raise BadTextError(f"no sentence of less than {_MAX_CHARACTERS} characters: {text}")


def _said(work: Act, *, runs: int = 1) -> Act:
    """Return a function that trains so many runs, and checks what is printed meanwhile."""

    def act() -> Any:
        output = io.StringIO()
        with redirect_stdout(output):
            value = work()
        _check_said(output.getvalue(), runs)
        return value

    return act


def _check_said(output: str, runs: int = 1) -> None:
    said = [line for line in output.splitlines() if _CANNOT in line or line == NotSaved("").text]
    for line in said:
        check_sentence(line)
    is_cannot = [_CANNOT in line for line in said]
    if is_cannot[:1] == [False] or sum(a == b for a, b in pairwise(is_cannot)) >= runs:
        raise BadTextError(f"that a run cannot be saved must be said once until it is saved again: {said}")


def _train(home: Path) -> Begin:
    small_run(seed=1)
    return lambda: _said(partial(rs.train, X, Y, **_TRAINING, **_OFTEN))


def _train_to_file(home: Path) -> Begin:
    small_run(seed=1)
    return lambda: _said(partial(rs.train, X, Y, **_TRAINING, **_OFTEN, save=home / "runs" / "one.rnnrun"))


def _group(home: Path) -> Begin:
    small_run(seed=1)
    return lambda: _said(partial(rs.train, X, Y, **_TRAINING, **_OFTEN, seeds=2), runs=2)


def _resume(home: Path) -> Begin:
    path = small_run().path
    return lambda: _said(partial(rs.resume, path, updates=10, **_OFTEN))


def _resume_file(home: Path) -> Begin:
    path = small_run(save=home / "runs" / "one.rnnrun").path
    return lambda: _said(partial(rs.resume, path, updates=10, **_OFTEN))


def _save(home: Path) -> Begin:
    run = small_run(save=False)
    return lambda: _unsaved(run).save


def _overwrite(home: Path) -> Begin:
    path = small_run().path
    other = small_run(save=False, seed=1)
    return lambda: partial(_unsaved(other).save, path, overwrite=True)


def _save_group(home: Path) -> Begin:
    group = rs.train(X, Y, **SETTINGS, seeds=2, save=False)
    assert isinstance(group, rs.RunGroup)
    return lambda: rs.RunGroup([_unsaved(run) for run in group.runs]).save


def _save_part(home: Path) -> Begin:
    run = small_run()
    refit = Refit(run.weights, run.scalers, 40, 40)
    return lambda: partial(saving.save_part, Run.of(run), refit_writers(refit))


def _keep_moment(home: Path) -> Begin:
    path = small_run().path
    return lambda: rs.load(path).at(10).save  # type: ignore[union-attr]


def _export(file: str, *, again: bool = False) -> Callable[[Path], Begin]:
    def begin(home: Path) -> Begin:
        path = rs.train("airline", updates=5, units=4, verbose=0).path
        if again:
            small_run(seed=1).export(home / "runs" / file)
        return lambda: partial(rs.load(path).export, home / "runs" / file)

    return begin


def _delete(home: Path) -> Begin:
    name = small_run().name
    return lambda: partial(rs.delete, name)


def _restore(home: Path) -> Begin:
    name = small_run().name
    rs.delete(name)
    return lambda: partial(rs.restore, name)


def _empty(home: Path) -> Begin:
    for seed in range(2):
        rs.delete(small_run(seed=seed))
    return lambda: rs.empty_trash


def _rename(home: Path) -> Begin:
    name = small_run().name
    return lambda: partial(rs.rename, name, "a name")


def _note_of_file(home: Path) -> Begin:
    path = small_run(save=home / "runs" / "one.rnnrun").path
    rs.note(path, "before")
    return lambda: partial(rs.note, path, "a note")


def _repair(home: Path) -> Begin:
    folder = Path(small_run().path)
    weights = folder / RunFiles.of_folder(folder).rest["files"]["weights.npz"]["stored"]
    content = weights.read_bytes()
    (folder / "copy").write_bytes(content)
    weights.write_bytes(content[:50])
    return lambda: rs.doctor


def _list(home: Path) -> Begin:
    for seed in range(3):
        small_run(seed=seed)
    return lambda: partial(_indexing, rs.runs)


def _indexing(work: Act) -> Any:
    """Do something that writes the index of the run list, however few and new the runs are."""
    with patch.object(store_index, "_FEW", 0), patch.object(store_index, "_SETTLED_NS", 0):
        return work()


def _command(*arguments: str, prepare: Callable[[Path], Any] = lambda home: None) -> Callable[[Path], Begin]:
    """Return what prepares a command; {run} is a run, {file} a table, and {runs} the folder of the runs."""

    def begin(home: Path) -> Begin:
        prepare(home)
        table = home.parent / "series.csv"
        table.write_text("t,y\n" + "".join(f"{i},{(i * 7) % 11}\n" for i in range(120)))
        named = [argument.format(file=table, run="arrays-1", runs=home / "runs") for argument in arguments]
        return lambda: partial(_invoke, *named)

    return begin


def _invoke(*arguments: str) -> None:
    """Run a command as a user does, and check what it says.

    Raises:
        RnnStudioError: It has failed and says why in one sentence.
        BadTextError: It says something else.
    """
    result = _indexing(partial(CliRunner().invoke, studio, arguments, prog_name="rnnstudio"))
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    if "Traceback" in result.output:
        raise BadTextError(result.output)
    _check_said(result.output, 2 if "--seeds" in arguments else 1)
    errors = [line for line in result.output.splitlines() if line.startswith("Error: ")]
    has_failed = result.exit_code != 0 and (arguments[0] != "doctor" or "checked  " not in result.output)
    if len(errors) != has_failed or result.exit_code not in (0, 1, 2):
        raise BadTextError(f"exit code {result.exit_code}, and {errors}: {result.output[-400:]}")
    for line in errors:
        check_sentence(line)
        raise rs.RnnStudioError(line)


SCENARIOS = {
    "train": Scenario(_train, trains=True),
    "train to a file": Scenario(_train_to_file, trains=True),
    "group": Scenario(_group, trains=True),
    "resume": Scenario(_resume, trains=True),
    "resume a file": Scenario(_resume_file, trains=True),
    "save": Scenario(_save),
    "overwrite": Scenario(_overwrite),
    "save a group": Scenario(_save_group),
    "save part": Scenario(_save_part),
    "keep a moment": Scenario(_keep_moment),
    "delete": Scenario(_delete),
    "restore": Scenario(_restore),
    "empty the trash": Scenario(_empty),
    "rename": Scenario(_rename),
    "note of a file": Scenario(_note_of_file),
    "repair": Scenario(_repair, tolerates=True),
    "list": Scenario(_list),
    "export .rnnrun": Scenario(_export("one.rnnrun")),
    "replace .rnnrun": Scenario(_export("one.rnnrun", again=True)),
    "export .csv": Scenario(_export("one.csv")),
    "export .R": Scenario(_export("one.R")),
    "rnnstudio train": Scenario(_command("train", "{file}", *_COMMAND), commands=True),
    "rnnstudio train --seeds": Scenario(_command("train", "{file}", *_COMMAND, "--seeds", "2"), commands=True),
    "rnnstudio train --save": Scenario(
        _command("train", "{file}", *_COMMAND, "--save", "{runs}/one.rnnrun"), commands=True
    ),
    "rnnstudio resume": Scenario(
        _command("resume", "{run}", "--updates", "10", "--checkpoint-seconds", "0.001", prepare=_resume), commands=True
    ),
    "rnnstudio export": Scenario(_command("export", "{run}", "-o", "{runs}/one.rnnrun", prepare=_delete)),
    "rnnstudio delete": Scenario(_command("delete", "{run}", prepare=_delete)),
    "rnnstudio trash restore": Scenario(_command("trash", "restore", "{run}", prepare=_restore)),
    "rnnstudio trash empty": Scenario(_command("trash", "empty", "--yes", prepare=_empty)),
    "rnnstudio rename": Scenario(_command("rename", "{run}", "a name", prepare=_rename)),
    "rnnstudio list runs": Scenario(_command("list", "runs", prepare=_list)),
    "rnnstudio doctor": Scenario(_command("doctor", prepare=_repair), tolerates=True),
}
