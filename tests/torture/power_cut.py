"""A power cut at every moment of everything that writes runs: each opens as it was before or after.

python -m tests.torture.power_cut; python -m tests.torture.power_cut --only trash --only save
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import random
import shutil
import sys
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import rnnstudio as rs
from rnnstudio.core.errors import RnnStudioError
from rnnstudio.results.checked_files import RUN_FILE
from rnnstudio.results.group_files import read_group
from rnnstudio.results.run import Run
from rnnstudio.results.run_group import RunGroup
from rnnstudio.results.store_entries import GROUP_FILE
from tests.torture.disk_recording import Moment, Recording, Tree, files_below, recording, write_tree
from tests.torture.failures import report
from tests.torture.power_scenarios import SCENARIOS

_SUFFIX = ".rnnrun"
_DAY = 24 * 3600
Situation = dict[str, tuple[str, str]]  # where each run is (`runs` or `trash`), and which state it has


@dataclass
class Result:
    """What was tried.

    Attributes:
        operations: Names that were created, changed or deleted.
        states: Different states of the disk.
        counts: How many had the newest state of all runs, an older one, or a run less.
        failures: What was wrong, a sentence each.
        resumed: Runs whose training went on.
    """

    operations: int = 0
    syncs: int = 0
    states: int = 0
    counts: Counter[str] = field(default_factory=Counter)
    failures: list[str] = field(default_factory=list)
    resumed: int = 0


def situation(tree: Tree) -> Situation:
    """Return the runs, groups and archives among files below the folder of runs and settings."""
    result: Situation = {}
    for path, content in tree.items():
        parts = path.split("/")
        place = "trash" if parts[1:2] == [".trash"] else "runs"
        names = parts[1:] if place == "runs" else parts[3:]
        is_one = len(names) == 1 and names[0].endswith(_SUFFIX)
        if is_one or (len(names) == 2 and names[1] in (RUN_FILE, GROUP_FILE) and not names[0].startswith(".")):
            result[names[0]] = place, _state(content)
    return result


def _state(content: bytes) -> str:
    """Return what identifies a state: of `run.json` all but the names under which files are stored."""
    with suppress(ValueError, AttributeError):
        rest = json.loads(content)
        files = {name: entry["sha256"] for name, entry in rest.pop("files", {}).items()}
        content = json.dumps({name: rest[name] for name in rest if name != "sha256"} | {"files": files}).encode()
    return hashlib.sha256(content).hexdigest()[:12]


def try_scenario(name: str, *, every: int = 1, resumes: bool = True) -> Result:
    """Record a scenario, and try the states that a power cut may leave.

    Args:
        name: Its name.
        every: Of how many states one is tried.
        resumes: Whether interrupted trainings go on.
    """
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder) / "home"
        (home / "runs").mkdir(parents=True)
        os.environ["RNNSTUDIO_HOME"] = str(home)
        scenario = SCENARIOS[name]
        act = scenario.prepare(home)
        for extra in home.iterdir():
            if extra.name != "runs":
                shutil.rmtree(extra)
        with recording(home) as record:
            record.promise(situation(record.now()))  # what was saved before
            act(lambda: record.promise(situation(record.now())))
        return _Trial(record, Path(folder), resumes=resumes, repairs=scenario.repairs).result(every)


class _Trial:
    def __init__(self, record: Recording, folder: Path, *, resumes: bool, repairs: bool) -> None:
        self._record, self._folder, self._resumes, self._repairs = record, folder, resumes, repairs
        self._result = Result(len(record.operations), record.syncs)
        self._order: dict[str, list[str]] = defaultdict(list)  # the states of each run, in order
        self._places: list[dict[str, set[str]]] = []  # where each run may be at each moment
        self._unfinished: dict[str, Tree] = {}
        self._known: set[bytes] = set()  # `run.json` of runs, and .rnnrun files, that were opened
        if record.now() != files_below(record.root):
            self._result.failures.append("what was recorded is not what was done")
        if record.missed:
            self._result.failures.append(f"{record.missed} moments were not recorded")
        promises, places = 0, dict[str, set[str]]()
        for moment in record.moments:
            now = situation(record.tree(range(moment.operations), moment.contents))
            if moment.promises > promises:
                promises, places = moment.promises, {}
            for run, (place, state) in now.items():
                places = {**places, run: places.get(run, set()) | {place}}
                if state not in self._order[run]:
                    self._order[run].append(state)
            self._places.append(places)

    def result(self, every: int) -> Result:
        """Try the states."""
        seen: set[Any] = set()
        chosen = random.Random(0)
        for number, moment in enumerate(self._record.moments):
            for how, tree in self._record.states(moment):
                key = hash(frozenset(tree.items())), moment.promises
                if key in seen:
                    continue
                seen.add(key)
                if every > 1 and chosen.randrange(every):
                    continue
                self._result.states += 1
                problem = self._try(number, moment, tree)
                if problem:
                    self._result.failures.append(f"moment {number}, {how}: {problem}")
        if self._resumes:
            self._resume()
        return self._result

    def _try(self, number: int, moment: Moment, tree: Tree) -> str:
        """Return what is wrong with a state; empty for nothing."""
        home = self._folder / "state"
        shutil.rmtree(home, ignore_errors=True)
        write_tree(tree, home)
        os.environ["RNNSTUDIO_HOME"] = str(home)
        try:
            if self._repairs:  # again, by whoever starts the computer
                _damaged()
            found = self._opened(home)  # so that nothing needs a repair
            for path in [home, *home.rglob("*")]:
                os.utime(path, (time.time() - 2 * _DAY,) * 2)
            if damaged := _damaged():
                return f"the check says: {damaged[0]}"
            if self._opened(home) != found:
                return "the check has deleted or changed a run"
        except (RnnStudioError, OSError, AssertionError) as error:
            return f"{type(error).__name__}: {error}"
        return self._compare(number, moment, found, tree)

    def _opened(self, home: Path) -> Situation:
        """Open all runs and groups, and return what there is; what has the same files as before is not opened again."""
        result: Situation = {}

        def add(name: str, place: str, file: Path) -> None:
            assert name not in result, f"{name} is there twice"
            result[name] = place, _state(file.read_bytes())

        for row in rs.runs():
            assert not row["problem"], row["problem"]
            self._open(Path(row["path"]))
            add(row["run"], "runs", Path(row["path"]) / RUN_FILE)
        for row in rs.groups():
            read_group(Path(row["path"]))
            add(row["group"], "runs", Path(row["path"]) / GROUP_FILE)
        for row in rs.trash():
            add(row["run"], "trash", Path(row["path"]) / RUN_FILE)
        for file in (home / "runs").glob(f"*{_SUFFIX}"):
            self._open(file)
            add(file.name, "runs", file)
        return result

    def _open(self, path: Path) -> None:
        """Open a run with all its moments; `run.json` names its files, whose checksums are compared each time."""
        content = (path if path.is_file() else path / RUN_FILE).read_bytes()
        for name, entry in json.loads(content)["files"].items() if path.is_dir() else ():
            found = hashlib.sha256((path / entry["stored"]).read_bytes()).hexdigest()
            assert found == entry["sha256"], f"{name} is not as it was saved"
        if content in self._known:
            return
        run = rs.load(path)
        assert isinstance(run, Run)
        if run.moments is not None:
            for step in run.moments.steps:
                run.moments.weights(step)
        self._known.add(content)

    def _compare(self, number: int, moment: Moment, found: Situation, tree: Tree) -> str:
        promised: Situation = self._record.promises[moment.promises - 1] if moment.promises else {}
        for run, (place, state) in found.items():
            if state not in self._order[run]:
                return f"{run} has a state that it never had"
            if run in promised and self._order[run].index(state) < self._order[run].index(promised[run][1]):
                return f"{run} has a state before the one that was saved"
            if run in promised and place != promised[run][0] and place not in self._places[number].get(run, set()):
                return f"{run} is in {place}"
        lost = {run for run in promised.keys() - found.keys() if _file_of(run) not in found}
        if lost:
            return f"{', '.join(lost)} was saved and is not there"
        newest = situation(self._record.tree(range(moment.operations), moment.contents))
        kind = "a run not yet there" if newest.keys() - found.keys() else "new" if found == newest else "old"
        self._result.counts[kind] += 1
        for row in rs.runs():
            if row["outcome"] == "interrupted":
                self._unfinished.setdefault(found[row["run"]][1], tree)
        return ""

    def _resume(self) -> None:
        """Go on with the training of each state of a run that has not ended, and compare it with how it ended."""
        whole = self._final_weights() if self._unfinished else {}
        for tree in self._unfinished.values():
            home = self._folder / "state"
            shutil.rmtree(home)
            write_tree(tree, home)
            os.environ["RNNSTUDIO_HOME"] = str(home)
            [row] = [row for row in rs.runs() if row["outcome"] == "interrupted"]
            interrupted = rs.load(row["run"])
            assert isinstance(interrupted, Run)
            try:
                resumed = rs.resume(row["run"], verbose=0)
            except RnnStudioError as error:
                self._result.failures.append(f"a run at update {interrupted.record.step} cannot go on: {error}")
                continue
            self._result.resumed += 1
            if isinstance(resumed, RunGroup):  # of which it is one
                resumed = next(run for run in resumed.runs if run.experiment.seed == interrupted.experiment.seed)
            name = row["run"] if row["run"] in whole else _file_of(row["run"])
            if {part: weights.tobytes() for part, weights in resumed.weights.items()} != whole[name]:
                self._result.failures.append(f"a run that went on at update {interrupted.record.step} differs")

    def _final_weights(self) -> dict[str, dict[str, bytes]]:
        home = self._folder / "state"
        shutil.rmtree(home)
        write_tree(self._record.now(), home)
        os.environ["RNNSTUDIO_HOME"] = str(home)
        runs = {row["run"]: rs.load(row["path"]) for row in rs.runs()}
        runs |= {file.name: rs.load(file) for file in (home / "runs").glob(f"*{_SUFFIX}")}
        return {name: {part: w.tobytes() for part, w in run.weights.items()} for name, run in runs.items()}


def _file_of(run: str) -> str:
    """Return the name of the file that a run of the run list becomes at its end, where it becomes one."""
    return f"{run.rpartition('-')[0]}{_SUFFIX}"


def _damaged() -> list[str]:
    return [row["found"] for row in rs.doctor() if row["is_damaged"]]


def line(name: str, result: Result) -> str:
    """Return what was tried in one line."""
    counts: Mapping[str, int] = result.counts
    kinds = ", ".join(f"{count} {kind}" for kind, count in sorted(counts.items()))
    return (
        f"{name}: {result.operations} operations, {result.syncs} syncs, {result.states} states: {kinds}; "
        f"{result.resumed} went on"
    )


def main() -> int:
    """Try all scenarios, and return 1 where something was wrong."""
    parser = argparse.ArgumentParser(prog="make torture ARGS=power_cut", description=__doc__.splitlines()[0])
    parser.add_argument("--only", action="append", choices=list(SCENARIOS))
    parser.add_argument("--every", type=int, default=1, help="of how many states one is tried")
    options = parser.parse_args()
    results = ((name, try_scenario(name, every=options.every)) for name in options.only or SCENARIOS)
    return report((line(name, result), result.failures) for name, result in results)


if __name__ == "__main__":
    sys.exit(main())
