"""A fault of the disk at every operation on files of everything that writes runs: no run is damaged, no error escapes.

Root may do everything, so that its rights to the folder are taken by `setpriv`, where the system has it.

python -m tests.torture.disk_faults; python -m tests.torture.disk_faults --only train --kind full --every 5
"""

from __future__ import annotations

import argparse
import os
import random
import shutil
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from unittest.mock import patch

from rnnstudio.core.errors import RnnStudioError
from rnnstudio.results.run_keeper import RunKeeper
from tests.torture import fault_checks
from tests.torture.failing_disk import KINDS, FailingDisk, failing
from tests.torture.failures import report as report_failures
from tests.torture.fault_checks import Situation, situation
from tests.torture.fault_scenarios import SCENARIOS, Scenario, check_sentence

_RIGHTS = "RNNSTUDIO_TORTURE_RIGHTS"


@dataclass
class Result:
    """What was tried, and what was wrong.

    Attributes:
        operations: Operations on files without a fault.
        counts: Number of faults by kind and way, and of those whose operation was not reached.
        failures: A sentence each.
        refused: Sentences for the user, with their numbers.
    """

    operations: int = 0
    counts: Counter[str] = field(default_factory=Counter)
    failures: list[str] = field(default_factory=list)
    refused: Counter[str] = field(default_factory=Counter)


def try_scenario(
    name: str,
    kinds: list[str],
    *,
    every: int = 1,
    most: int = 0,
    seed: int = 0,
    report: Callable[[str], object] = str,
) -> Result:
    """Try a scenario with a fault at its operations.

    Args:
        name: Its name.
        kinds: Kinds of faults.
        every: Of how many operations one is tried.
        most: How many are tried for each kind and way; 0 for all.
        seed: Which of them.
        report: Called with a line about each attempt.
    """
    result, chosen = Result(), random.Random(seed)
    with tempfile.TemporaryDirectory() as folder:
        trial = _Trial(SCENARIOS[name], Path(folder) / "home", result.refused)
        result.operations = trial.operations
        every = max(every, -(-trial.operations // most) if most else 1)
        for kind in kinds:
            for way in FailingDisk.ways(kind):
                for number in range(chosen.randrange(every), result.operations, every):
                    is_reached, problem = trial.attempt(kind, way, number)
                    result.counts[f"{kind} {way}" if is_reached else "not reached"] += 1
                    report(f"{name}: {kind}, {way}, operation {number}: {problem}")
                    if problem:
                        result.failures.append(f"{kind}, {way}, operation {number}: {problem}")
    return result


class _Trial:
    """A scenario, in a folder of its own; the first attempt has no fault."""

    def __init__(self, scenario: Scenario, home: Path, refused: Counter[str]) -> None:
        self._scenario, self._home, self._template, self._refused = scenario, home, home.with_name("template"), refused
        (home / "runs").mkdir(parents=True)
        (home / "tmp").mkdir()
        os.environ["RNNSTUDIO_HOME"] = str(home)
        self._begin = scenario.prepare(home)
        shutil.copytree(home, self._template)
        self._before: Situation = situation(home)
        self._after: Situation = {}
        self._weights: dict[str, int] = {}
        self.operations = 0
        _, problem = self.attempt("full", "once", -1)
        if problem:
            raise AssertionError(f"without a fault: {problem}")

    def attempt(self, kind: str, way: str, number: int) -> tuple[bool, str]:
        """Try one fault; return whether its operation was reached, and what was wrong."""
        shutil.rmtree(self._home)
        shutil.copytree(self._template, self._home)
        act = self._begin()
        disk = FailingDisk(self._home / "runs", (self._home / "tmp",), kind, way, number)
        outcome = _Outcome(kind=kind, lasts=way == "lasting")
        try:
            with patch.object(tempfile, "tempdir", str(self._home / "tmp")), outcome.watched(), failing(disk):
                outcome.value = act()
        except RnnStudioError as error:
            outcome.refusal = str(error)
        except BaseException as error:
            return disk.has_failed, f"{type(error).__name__}: {error}"
        outcome.lasts = outcome.lasts and disk.has_failed
        try:
            if not disk.has_failed:
                self._learn(outcome, disk)
            return disk.has_failed, self._problem(outcome)
        except Exception as error:
            return disk.has_failed, f"{type(error).__name__} afterwards: {error}"

    def _learn(self, outcome: _Outcome, disk: FailingDisk) -> None:
        """Take what a first attempt without a fault has done as what is to be done."""
        if not self._after:
            self.operations, self._after = disk.count, situation(self._home)
            if self._scenario.trains:
                self._weights = fault_checks.weights_of(outcome.value)

    def _problem(self, outcome: _Outcome) -> str:
        is_removed = outcome.kind == "removed"
        if outcome.refusal:
            check_sentence(outcome.refusal)
            self._refused[outcome.refusal.replace(str(self._home), "HOME")] += 1
            if outcome.has_trained and (self._scenario.trains or not outcome.lasts):
                return f"the training is lost: {outcome.refusal}"
        elif self._scenario.trains:
            if problem := fault_checks.problem_of_training(
                outcome.value, self._weights, lasts=outcome.lasts, is_removed=is_removed
            ):
                return problem
            if not outcome.lasts and any(map(fault_checks.lacks_state, fault_checks.runs_of(outcome.value))):
                return "saved without a state of the training"
        now = situation(self._home)
        is_whole = not self._scenario.tolerates or now == self._after
        if is_whole and (problem := fault_checks.problem_of_store(is_removed=is_removed)):
            return problem
        if not is_removed and (problem := self._problem_of_names(outcome, now)):
            return problem
        left = fault_checks.leftovers(self._home, cleans=outcome.kind not in ("read-only", "no rights"))
        return f"left: {', '.join(left)}" if left else ""

    def _problem_of_names(self, outcome: _Outcome, now: Situation) -> str:
        if outcome.has_trained and outcome.lasts:  # there may be the last checkpoint, or a run that is saved by now
            others = [name for name, content in self._before.items() if self._after.get(name) == content]
            changed = [name for name in others if now.get(name) != self._before[name]]
            return f"changed: {', '.join(changed)}" if changed else ""
        is_done = not outcome.refusal and not self._scenario.tolerates
        return fault_checks.problem_of_names(self._before, now, self._after, is_done=is_done)


@dataclass
class _Outcome:
    """What an attempt has led to."""

    kind: str
    lasts: bool
    value: Any = None
    refusal: str = ""
    has_trained: bool = False

    @contextmanager
    def watched(self) -> Iterator[None]:
        """Note whether a training begins."""
        is_due = RunKeeper.is_due

        def noted(keeper: RunKeeper, best_step: int) -> bool:
            self.has_trained = True
            return is_due(keeper, best_step)

        with patch.object(RunKeeper, "is_due", noted):
            yield


def main() -> int:
    """Try all scenarios, and return 1 where something was wrong."""
    parser = argparse.ArgumentParser(prog="make torture ARGS=disk_faults", description=__doc__.splitlines()[0])
    parser.add_argument("--only", action="append", choices=list(SCENARIOS))
    parser.add_argument("--kind", action="append", choices=list(KINDS))
    parser.add_argument("--every", type=int, default=1, help="of how many operations one is tried")
    parser.add_argument("--most", type=int, default=0, help="operations that are tried of a scenario; 0 for all")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--sentences", action="store_true", help="print the errors, too")
    options = parser.parse_args()
    _without_rights_of_root()

    def trials() -> Iterator[tuple[str, list[str]]]:
        for name in options.only or SCENARIOS:
            began = time.monotonic()
            result = try_scenario(
                name,
                options.kind or list(KINDS),
                every=options.every,
                most=options.most,
                seed=options.seed,
                report=lambda line: sys.stderr.write(f"{line}\n"),
            )
            if options.sentences:
                sys.stdout.writelines(f"    {count}x {text}\n" for text, count in result.refused.most_common())
            yield line(name, result, time.monotonic() - began), result.failures

    return report_failures(trials())


def line(name: str, result: Result, seconds: float) -> str:
    """Return what was tried in one line."""
    counts = ", ".join(f"{count} {kind}" for kind, count in sorted(result.counts.items()))
    faults = sum(result.counts.values()) - result.counts["not reached"]
    return f"{name}: {result.operations} operations, {faults} faults ({counts}) in {seconds:.0f} s"


def _without_rights_of_root() -> None:
    """Begin this program again without the rights to read and write what no one may."""
    if os.geteuid() == 0 and _RIGHTS not in os.environ and (program := shutil.which("setpriv")):
        os.environ[_RIGHTS] = "dropped"
        module = [sys.executable, "-m", "tests.torture.disk_faults", *sys.argv[1:]]
        os.execv(program, [program, "--bounding-set", "-dac_override,-dac_read_search", *module])


if __name__ == "__main__":
    sys.exit(main())
