"""Several processes save, overwrite, delete and restore runs in one folder; others read it.

Each state of a run has a number, in `run.json`, its weights and its history: a reader that finds two numbers in one run
has read a mixture. python -m tests.torture.one_store --writers 4 --readers 2 --minutes 10
"""

from __future__ import annotations

import argparse
import multiprocessing
import os
import random
import sys
import tempfile
import time
from collections import Counter
from copy import copy
from pathlib import Path
from typing import Any

import numpy as np

import rnnstudio as rs
from rnnstudio.core.errors import RnnStudioError, UnknownNameError
from rnnstudio.core.growing_column import Column
from rnnstudio.results.run import Run
from rnnstudio.results.store import list_runs

_MAX_SAVED = 200  # runs of a writer in the run list


def numbered(run: Run, number: int) -> Run:
    """Return a copy of a run that carries a number in each of its parts."""
    own = copy(run)
    own.name = own.path = ""
    own.record = copy(run.record)
    own.record.loss = Column()
    own.record.loss.extend(np.full(run.record.step, number, np.float32))
    own.weights = {name: np.full_like(values, number) for name, values in run.weights.items()}
    own.moments, own.warnings = None, [f"number {number}"]
    return own


def number_of(run: Run) -> int:
    """Return the number of a run.

    Raises:
        ValueError: Its parts have several.
    """
    numbers = {int(run.warnings[0].removeprefix("number ")), *run.record.loss.values.astype(int).tolist()}
    numbers.update(*(values.astype(int).ravel().tolist() for values in run.weights.values()))
    if len(numbers) > 1:
        raise ValueError(f"{run.name} is a mixture of {sorted(numbers)}")
    return numbers.pop()


def write(run: Run, writer: int, seconds: float, results: Any) -> None:
    """Save, overwrite, delete and restore runs of its own, and report which number each of its runs must have."""
    chosen, saved, deleted = random.Random(writer), dict[str, int](), dict[str, int]()
    counts, problems, number = Counter[str](), list[str](), writer * 1_000_000
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        number += 1
        action = chosen.choice(["save", "save", "overwrite", "delete", "restore"])
        if len(saved) > _MAX_SAVED:
            action = "delete"
        try:
            if action == "save" or (action == "overwrite" and not saved):
                path = numbered(run, number).save()
                saved[Path(path).name] = number
            elif action == "overwrite":
                name = chosen.choice(list(saved))
                numbered(run, number).save(str(Path(os.environ["RNNSTUDIO_HOME"]) / "runs" / name), overwrite=True)
                saved[name] = number
            elif action == "delete" and saved:
                name = chosen.choice(list(saved))
                rs.delete(name)
                deleted[name] = saved.pop(name)
            elif action == "restore" and deleted:
                name = chosen.choice(list(deleted))
                back = Path(rs.restore(name)).name
                saved[back] = deleted.pop(name)
        except Exception as error:
            problems.append(f"{action}: {type(error).__name__}: {error}")
        else:
            counts[action] += 1
    results.put(("writer", counts, problems, saved))


def read(reader: int, seconds: float, results: Any) -> None:
    """List the runs and open some of them; what is deleted meanwhile is not there, and that is no fault."""
    chosen, counts, problems = random.Random(-reader), Counter[str](), list[str]()
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        try:
            rows = list_runs()
            counts["list"] += 1
            problems += [f"listed as damaged: {row['run']}: {row['problem']}" for row in rows if row["problem"]]
            names = [row["run"] for row in rows]
            if len(set(names)) < len(names):
                problems.append("a run is listed twice")
            for name in chosen.sample(names, min(5, len(names))):
                run = rs.load(name)
                assert isinstance(run, Run)
                number_of(run)
                counts["load"] += 1
        except UnknownNameError:
            counts["deleted meanwhile"] += 1
        except Exception as error:
            problems.append(f"{type(error).__name__}: {error}")
    results.put(("reader", counts, problems, {}))


def main() -> int:
    """Print what was done and what went wrong; return 1 where a run is lost or mixed, or a process had an error."""
    parser = argparse.ArgumentParser(prog="tests.torture.one_store", description=__doc__.splitlines()[0])
    parser.add_argument("--writers", type=int, default=4)
    parser.add_argument("--readers", type=int, default=2)
    parser.add_argument("--minutes", type=float, default=10.0)
    options = parser.parse_args()
    counts, problems, expected = Counter[str](), list[str](), dict[str, int]()
    with tempfile.TemporaryDirectory() as name:
        os.environ["RNNSTUDIO_HOME"] = name
        run = rs.train("toy", updates=5, verbose=0, save=False)
        assert isinstance(run, Run)
        context = multiprocessing.get_context("spawn")
        results = context.Queue()
        seconds = 60 * options.minutes
        jobs = [(write, (run, writer, seconds, results)) for writer in range(1, options.writers + 1)]
        jobs += [(read, (reader, seconds, results)) for reader in range(1, options.readers + 1)]
        processes = [context.Process(target=target, args=arguments) for target, arguments in jobs]
        for process in processes:
            process.start()
        for _ in processes:
            kind, own, wrong, saved = results.get()
            counts.update({f"{kind} {action}": count for action, count in own.items()})
            problems += wrong
            problems += [f"{known} was given to two processes" for known in saved if known in expected]
            expected |= saved
        for process in processes:
            process.join()
        found = {row["run"] for row in list_runs()}
        lost = expected.keys() - found
        problems += [f"{known} is lost" for known in lost] + [
            f"{known} is nobody's" for known in found - expected.keys()
        ]
        for known in expected.keys() - lost:
            try:
                number = number_of(rs.load(known))  # type: ignore[arg-type]
            except (RnnStudioError, ValueError) as error:
                problems.append(str(error))
            else:
                if number != expected[known]:
                    problems.append(f"{known} has the number {number} instead of {expected[known]}")
    for problem, count in Counter(problems).most_common(30):
        sys.stdout.write(f"{count:4d} x {problem}\n")
    done = ", ".join(f"{count:,} x {action}" for action, count in sorted(counts.items()))
    sys.stdout.write(
        f"{options.minutes:g} minutes: {done}; {len(expected):,} runs at the end, {len(problems)} problems\n"
    )
    return int(bool(problems))


if __name__ == "__main__":
    sys.exit(main())
