"""A training in a process of its own, which is killed after some time or before one of its writes.

Processes are forked from a server that has loaded TensorFlow and not used it, so that each starts within a second.
"""

from __future__ import annotations

import itertools
import json
import multiprocessing
import os
import signal
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

import rnnstudio as rs
from tests.torture.file_hook import listening


@dataclass(frozen=True)
class Progress:
    """What a killed training had done.

    Attributes:
        updates: Number of updates, and the time of each report of it.
        writes: Number of files it wrote, renamed or deleted.
        before: The write before which it was killed; empty where it was killed after some time, or had ended.
    """

    updates: list[tuple[float, int]]
    writes: int
    before: str

    @property
    def done(self) -> int:
        """Number of updates at the end."""
        return max((step for _, step in self.updates), default=0)

    def seconds_of_work_after(self, step: int) -> float:
        """Return how long the updates after one took."""
        times = [at for at, _ in self.updates]
        return max(times) - max((at for at, known in self.updates if known <= step), default=min(times)) if times else 0

    @property
    def longest_chunk(self) -> float:
        """Longest time between two reports, seconds."""
        times = [at for at, _ in self.updates]
        return max((later - earlier for earlier, later in itertools.pairwise(times)), default=0.0)


def server() -> Any:
    """Return the context of processes that are forked from one that has loaded TensorFlow."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["tests.torture.killed_training", "rnnstudio.engine.train"])
    return context


def killed(context: Any, job: dict[str, Any], folder: Path, *, after: float | None, before_write: int = 0) -> Progress:
    """Train in a process and kill it.

    Args:
        context: From `server`.
        job: `run`, the name of a run that goes on, or `start`; with `settings` and `checkpoint_seconds`.
        folder: For the reports of the process.
        after: Kill it so many seconds after its start; None for not at all.
        before_write: Kill it before this write, counted from 1, in the folder of the runs; 0 for not at all.
    """
    report = folder / "progress.txt"
    report.unlink(missing_ok=True)
    process = context.Process(target=_train, args=(json.dumps(job), str(report), before_write))
    process.start()
    process.join(after)
    process.kill()
    process.join()
    lines = [line.split(" ", 2) for line in report.read_text().splitlines()] if report.exists() else []
    writes = [line for line in lines if line[1] == "write"]
    at_write = bool(before_write) and len(writes) == before_write
    return Progress(
        [(float(at), int(step)) for at, kind, step in lines if kind == "step"],
        len(writes),
        writes[-1][2] if at_write else "",
    )


def _train(job: str, report: str, before_write: int) -> None:
    """Train, and report each chunk and write to a file, which outlives the process."""
    plain = json.loads(job)
    file = os.open(report, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    null = os.open(os.devnull, os.O_WRONLY)
    os.dup2(null, 2)
    runs = str(Path(os.environ["RNNSTUDIO_HOME"]) / "runs")
    count = 0

    def note(kind: str, value: object) -> None:
        os.write(file, f"{time.monotonic()} {kind} {value}\n".encode())

    def watch(operation: str, path: str) -> None:
        nonlocal count
        if not path.startswith(runs):
            return
        count += 1
        note("write", f"{operation} of {Path(path).name}")
        if count == before_write:
            os.kill(os.getpid(), signal.SIGKILL)

    def callback(step: int, metrics: dict[str, float]) -> bool:
        note("step", int(step))
        return True

    options = {"verbose": 0, "checkpoint_seconds": plain["checkpoint_seconds"], "callback": callback}
    with suppress(KeyboardInterrupt), listening(watch):
        if "run" in plain:
            rs.resume(plain["run"], **options)
        else:
            rs.train(*arguments(plain["start"]), **plain["settings"], **options)


def arguments(start: str) -> tuple[Any, ...]:
    """Return what is trained on: a recipe, a file, or the arrays x and y in `arrays:FILE`."""
    if start.startswith("arrays:"):
        with np.load(start.removeprefix("arrays:")) as saved:
            return saved["x"], saved["y"]
    return (start,)
