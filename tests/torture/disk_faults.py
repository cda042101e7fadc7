"""A fault of the disk at every operation on files of everything that writes runs: no run is damaged, no error escapes.

python -m tests.torture.disk_faults; python -m tests.torture.disk_faults --only train --kind full --every 5
"""

from __future__ import annotations

import argparse
import errno
import io
import os
import random
import shutil
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any
from unittest.mock import patch

from click.testing import CliRunner

import rnnstudio as rs
from rnnstudio.cli.main import studio
from rnnstudio.core.errors import RnnStudioError
from rnnstudio.results import saving, store_index
from rnnstudio.results.refit import Refit
from rnnstudio.results.run import Run
from rnnstudio.results.run_files import refit_writers
from rnnstudio.results.run_group import RunGroup
from tests.torture.failures import report as report_failures
from tests.torture.file_hook import listening
from tests.torture.power_scenarios import SETTINGS, X, Y, slowly

KINDS = {"full": errno.ENOSPC, "read-only": errno.EROFS, "no rights": errno.EACCES, "removed": 0}
_DELETES = ("remove", "rmdir")  # which a full disk lets through
_FAULTS = tuple(os.strerror(number) for number in KINDS.values() if number)
Act = Callable[[], Any]
Begin = Callable[[], Act]


class Faults:
    """Counts the operations below a folder, and makes some fail.

    Args:
        home: The folder.
        kind: What happens.
        first: The number of the first operation that fails, from 0; -1 for none.
        lasts: Whether all later ones fail, too.
    """

    def __init__(self, home: Path, kind: str, first: int, *, lasts: bool) -> None:
        self._home, self._kind, self._first, self._lasts = home, kind, first, lasts
        self.count, self._is_busy = 0, False
        self.has_failed = False

    def __call__(self, operation: str, path: str) -> None:
        """Count an operation; raise an error, or delete all, where its turn has come."""
        if self._is_busy or not path.startswith(f"{self._home}{os.sep}"):
            return
        if self._kind == "full" and operation in _DELETES:
            return
        number, self.count = self.count, self.count + 1
        if number < self._first or self._first < 0 or (number > self._first and not self._lasts):
            return
        self.has_failed = True
        if self._kind == "removed":
            self._is_busy = True
            shutil.rmtree(self._home / "runs", ignore_errors=True)
            self._is_busy = False
            return
        code = KINDS[self._kind]
        raise OSError(code, os.strerror(code), path)


@contextmanager
def failing(faults: Faults) -> Iterator[None]:
    """Ask before each operation whether it fails: those on names, each write, and each `fsync`."""
    fsync, fdopen = os.fsync, os.fdopen

    class Written(io.BufferedRandom):
        def write(self, data: Any) -> int:
            faults("write", _path(self.fileno()))
            return super().write(data)

    def synced(handle: int) -> None:
        faults("fsync", _path(handle))
        fsync(handle)

    def opened(handle: int, mode: str = "r", *arguments: Any, **named: Any) -> Any:
        if mode == "w+b":
            return Written(io.FileIO(handle, "r+"))  # type: ignore[arg-type]
        return fdopen(handle, mode, *arguments, **named)

    with patch.object(os, "fsync", synced), patch.object(os, "fdopen", opened), listening(faults):
        yield


def _path(handle: int) -> str:
    return os.readlink(f"/proc/self/fd/{handle}")  # noqa: PTH115


@dataclass(frozen=True)
class Case:
    """Something that writes.

    Attributes:
        prepare: Makes what is there before, and returns a function that is called before each attempt; what this
            returns is done.
        trains: Whether it returns a trained run whatever happens.
    """

    prepare: Callable[[Path], Begin]
    trains: bool = False


def _run(**settings: Any) -> Run:
    run = rs.train(X, Y, **SETTINGS | settings)
    assert isinstance(run, Run)
    return run


def _invoke(*arguments: str) -> Act:
    def act() -> Any:
        result = CliRunner().invoke(studio, arguments, prog_name="rnnstudio")
        if result.exception is not None and not isinstance(result.exception, SystemExit):
            raise result.exception
        assert result.exit_code in (0, 1), f"exit code {result.exit_code}: {result.output}"
        assert "Traceback" not in result.output
        return result.output

    return act


def _file(home: Path) -> str:
    path = home.parent / "series.csv"
    path.write_text("t,y\n" + "".join(f"{i},{(i * 7) % 11}\n" for i in range(120)))
    return str(path)


def _train(home: Path) -> Begin:
    _run(seed=1)
    return lambda: lambda: _run(checkpoint_seconds=0.001, callback=slowly)


def _resume(home: Path) -> Begin:
    path = _run().path
    return lambda: lambda: rs.resume(path, updates=20, verbose=0, checkpoint_seconds=0.001, callback=slowly)


def _save(home: Path) -> Begin:
    run = _run(save=False)
    return lambda: Run.of(run).save


def _overwrite(home: Path) -> Begin:
    path = _run().path
    other = _run(save=False, seed=1)
    return lambda: partial(Run.of(other).save, path, overwrite=True)


def _save_part(home: Path) -> Begin:
    run = _run()
    refit = Refit(run.weights, run.scalers, 40, 40)
    return lambda: partial(saving.save_part, Run.of(run), refit_writers(refit))


def _save_moment(home: Path) -> Begin:
    path = _run().path
    return lambda: rs.load(path).at(20).save  # type: ignore[union-attr]


def _export(home: Path) -> Begin:
    path = _run().path
    return lambda: partial(rs.load(path).export, home / "runs" / "one.rnnrun")


def _delete(home: Path) -> Begin:
    name = _run().name
    return lambda: partial(rs.delete, name)


def _restore(home: Path) -> Begin:
    name = _run().name
    rs.delete(name)
    return lambda: partial(rs.restore, name)


def _repair(home: Path) -> Begin:
    folder = Path(_run().path)
    content = (folder / "weights.npz").read_bytes()
    (folder / "copy").write_bytes(content)
    (folder / "weights.npz").write_bytes(content[:50])
    return lambda: rs.doctor


def _list(home: Path) -> Begin:
    for seed in range(3):
        _run(seed=seed)
    return lambda: _listed


def _listed() -> Any:
    with patch.object(store_index, "_FEW", 0), patch.object(store_index, "_SETTLED_NS", 0):
        return rs.runs()


def _command(*arguments: str, prepare: Callable[[Path], Any] = lambda home: None) -> Callable[[Path], Begin]:
    """Return a case of the command line; {run} is a run, {file} a table."""

    def begin(home: Path) -> Begin:
        prepare(home)
        named = [argument.format(file=_file(home), run="arrays-1") for argument in arguments]
        return lambda: _invoke(*named)

    return begin


CASES = {
    "train": Case(_train, trains=True),
    "resume": Case(_resume, trains=True),
    "group": Case(lambda home: lambda: partial(rs.train, X, Y, **SETTINGS, seeds=2), trains=True),
    "save": Case(_save),
    "overwrite": Case(_overwrite),
    "save part": Case(_save_part),
    "keep a moment": Case(_save_moment),
    "delete": Case(_delete),
    "restore": Case(_restore),
    "repair": Case(_repair),
    "list": Case(_list),
    "export": Case(_export),
    "rnnstudio train": Case(_command("train", "{file}", "--updates", "20", "--units", "4", "--recipe", "none")),
    "rnnstudio list runs": Case(_command("list", "runs", prepare=_list)),
    "rnnstudio delete": Case(_command("delete", "{run}", prepare=_delete)),
    "rnnstudio doctor": Case(_command("doctor", prepare=_repair)),
}


@dataclass
class Result:
    """What was tried, and what was wrong."""

    operations: int = 0
    counts: Counter[str] = field(default_factory=Counter)
    failures: list[str] = field(default_factory=list)


def try_case(
    name: str, kinds: list[str], *, every: int = 1, seed: int = 0, report: Callable[[str], object] = str
) -> Result:
    """Try a case with a fault at its operations.

    Args:
        name: Its name.
        kinds: Kinds of faults.
        every: Of how many operations one is tried.
        seed: Which of them.
        report: Called with a line about each attempt.
    """
    result, chosen = Result(), random.Random(seed)
    with tempfile.TemporaryDirectory() as name_of_folder:
        home = Path(name_of_folder) / "home"
        trial = _Trial(CASES[name], home)
        result.operations = trial.attempt("full", -1, lasts=False)[0]
        for kind in kinds:
            for lasts in (False, True) if kind != "removed" else (False,):
                for number in range(chosen.randrange(every), result.operations, every):
                    count, problem = trial.attempt(kind, number, lasts=lasts)
                    result.counts["failed" if count > number else "not reached"] += 1
                    report(f"{name}: {kind} {'from then on' if lasts else 'once'}, operation {number}: {problem}")
                    if problem:
                        way = "from then on" if lasts else "once"
                        result.failures.append(f"{kind} {way}, operation {number}: {problem}")
    return result


class _Trial:
    def __init__(self, case: Case, home: Path) -> None:
        self._case, self._home, self._template = case, home, home.with_name("template")
        self._expected: dict[str, bytes] | None = None
        (home / "runs").mkdir(parents=True)
        os.environ["RNNSTUDIO_HOME"] = str(home)
        self._begin = case.prepare(home)
        shutil.copytree(home, self._template)

    def attempt(self, kind: str, number: int, *, lasts: bool) -> tuple[int, str]:
        """Try one fault; return the number of operations, and what was wrong."""
        shutil.rmtree(self._home, ignore_errors=True)
        shutil.copytree(self._template, self._home)
        act = self._begin()
        before = _content(self._home)
        faults = Faults(self._home, kind, number, lasts=lasts)
        value: Any = None
        try:
            with failing(faults):
                value = act()
        except RnnStudioError as error:
            if self._case.trains:
                return faults.count, f"the training is lost: {error}"
            if "\n" in str(error) or not str(error).endswith("."):
                return faults.count, f"no sentence: {error}"
        except BaseException as error:
            return faults.count, f"{type(error).__name__}: {error}"
        problem = self._look_at(value, lasts=lasts and faults.has_failed, is_removed=kind == "removed", before=before)
        return faults.count, problem

    def _look_at(self, value: Any, *, lasts: bool, is_removed: bool, before: dict[str, set[str]]) -> str:
        if self._case.trains:
            problem = self._look_at_training(value, lasts=lasts)
            if problem:
                return problem
        try:
            for row in [*rs.runs(), *rs.groups()]:
                if row.get("problem"):
                    return str(row["problem"])
                if "run" in row and isinstance(rs.load(row["path"]), Run) and row["outcome"] == "running":
                    return f"{row['run']} is still running"
            if damaged := [row["found"] for row in rs.doctor() if row["is_damaged"]]:
                return f"the check says: {damaged[0]}"
        except Exception as error:
            return f"{type(error).__name__} afterwards: {error}"
        lost = before.keys() - _content(self._home).keys()
        return f"lost: {', '.join(sorted(lost))}" if lost and not is_removed else ""

    def _look_at_training(self, value: Any, *, lasts: bool) -> str:
        runs = list(value.runs) if isinstance(value, RunGroup) else [value]
        weights = {f"{i}/{name}": w.tobytes() for i, run in enumerate(runs) for name, w in run.weights.items()}
        weights = {name: hash(content) for name, content in weights.items()}  # type: ignore[misc]
        self._expected = self._expected or weights  # type: ignore[assignment]
        if weights != self._expected:
            return "other weights"
        for run in runs:
            sentences = [warning for warning in run.warnings if any(fault in warning for fault in _FAULTS)]
            if not run.path and len(sentences) != 1:
                return f"not saved, and said in {len(sentences)} sentences: {run.warnings}"
            if run.path and sentences:
                return f"saved, and yet it says: {sentences}"
            if not run.path and not lasts:
                return f"the fault has gone, and the run is not saved: {sentences}"
            if run.path:
                saved = rs.load(run.path)
                assert isinstance(saved, Run)
                if any(saved.weights[name].tobytes() != w.tobytes() for name, w in run.weights.items()):
                    return "other weights are saved"
                if run.record.outcome != saved.record.outcome:
                    return f"saved as {saved.outcome}"
                if not (Path(run.path) / "run.json").exists():
                    return "nothing is saved at its path"
                names = {"checkpoint.json", "checkpoint.npz", "arrays.npz"}
                if missing := names - set(_names(Path(run.path))):
                    return f"saved without {', '.join(missing)}"
        return ""


def _names(folder: Path) -> list[str]:
    import json

    return list(json.loads((folder / "run.json").read_text())["files"])


def _content(home: Path) -> dict[str, set[str]]:
    """Return the names of the runs and groups, in the run list or the trash."""
    found: dict[str, set[str]] = {}
    for path in (home / "runs").rglob("*.json"):
        if path.name in ("run.json", "group.json") and not path.parent.name.startswith("."):
            with suppress(OSError):
                found.setdefault(path.parent.name, set()).add(path.parent.parent.name)
    return found


def main() -> int:
    """Try all cases, and return 1 where something was wrong."""
    parser = argparse.ArgumentParser(prog="make torture ARGS=disk_faults", description=__doc__.splitlines()[0])
    parser.add_argument("--only", action="append", choices=list(CASES))
    parser.add_argument("--kind", action="append", choices=list(KINDS))
    parser.add_argument("--every", type=int, default=1, help="of how many operations one is tried")
    options = parser.parse_args()

    def trials() -> Iterator[tuple[str, list[str]]]:
        for name in options.only or CASES:
            result = try_case(
                name,
                options.kind or list(KINDS),
                every=options.every,
                report=lambda line: sys.stderr.write(f"{line}\n"),
            )
            yield f"{name}: {result.operations} operations, {result.counts['failed']} faults", result.failures

    return report_failures(trials())


if __name__ == "__main__":
    sys.exit(main())
