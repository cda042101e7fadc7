"""Keeping a run on the disk while it trains: its folder is made at the start, and has a checkpoint every few seconds.

Files are written on a thread of their own. What cannot be written is written with the next checkpoint: the training
goes on in memory.
"""

from __future__ import annotations

import os
import platform
import shutil
import threading
import time
from collections.abc import Callable, Iterable
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from filelock import FileLock, Timeout

from rnnstudio.core.data_info import DataInfo
from rnnstudio.core.errors import StoreError
from rnnstudio.core.history import History
from rnnstudio.core.paths import runs_folder
from rnnstudio.results.array_data import array_writers
from rnnstudio.results.checked_files import RUN_FILE
from rnnstudio.results.checkpoint_files import FILES_OF_TRAINING, checkpoint_writers
from rnnstudio.results.contents import RunContents
from rnnstudio.results.data_digest import data_digest
from rnnstudio.results.history_files import full_parts
from rnnstudio.results.moments import Moments, Weights, moment_file
from rnnstudio.results.run_archive import open_run
from rnnstudio.results.run_files import created_in, files_of, moment_writers, rest_of, versions
from rnnstudio.results.run_folder import LOCK_FILE, commit, make_folder, new_folder
from rnnstudio.results.run_reading import read_run
from rnnstudio.results.unfinished_run import machine, unfinished_run

if TYPE_CHECKING:
    from rnnstudio.engine.training_state import Beginning, TrainingState

CHECKPOINT_SECONDS = 30.0
_BEST_SECONDS = 1.0  # shortest time between two checkpoints because of better weights
_KEPT_BY_CHECKPOINTS = ("experiment.json", "scaler.json", "data.json", "versions.json", "context.npy", "plan.npy")


class RunKeeper:
    """Keeps the states of one training in the folder of its run, and holds the lock of this folder.

    Args:
        folder: The folder; None for a new one in the run list.
        started_from: Name of the run whose weights the training started from; empty for none.
        seconds: Time between two checkpoints.

    Attributes:
        folder: The folder, once it is made.
        problem: Why the last state could not be written; empty where it was.
    """

    def __init__(
        self,
        folder: Path | None,
        started_from: str = "",
        seconds: float = CHECKPOINT_SECONDS,
    ) -> None:
        self.folder, self.problem = folder, ""
        self._started_from, self._seconds = started_from, seconds
        self._lock: FileLock | None = None
        self._created = ""
        self._info: DataInfo | None = None
        self._beginning: Beginning | None = None
        self._goes_on = self._has_made_folder = False
        self._training: dict[str, Any] = {}
        self._has_begun = False  # whether the files that no checkpoint changes are written
        self._stored: set[int] = set()  # moments whose weights are in the folder
        self._stored_updates = 0  # length of the history in the folder
        self._last, self._best_step = time.monotonic(), -1
        self._changed = threading.Condition()
        self._waiting: Callable[[], None] | None = None  # the newest write; an older one that waits is left out
        self._is_writing = self._is_closed = False
        self._thread = threading.Thread(target=self._write_all, name="checkpoints", daemon=True)

    def lock(self) -> None:
        """Take the lock of an existing folder, whose run is to go on.

        Raises:
            StoreError: Another process trains it, or writes to it.
        """
        assert self.folder is not None
        # Who lists runs takes the lock for a moment, to see whether it is held.
        self._lock = FileLock(self.folder / LOCK_FILE, timeout=1.0, thread_local=False)
        try:
            self._lock.acquire()
        except Timeout:
            self._lock = None
            raise StoreError(
                f"{self.folder.name} is being trained by another process. Stop it there, or wait until it has ended."
            ) from None
        except OSError as error:
            self._lock = None
            raise StoreError(f"{self.folder} cannot be written to: {error.strerror or error}.") from None
        self._created = created_in(self.folder)

    def goes_on(self, run: RunContents, notes: list[str], stored: Iterable[int]) -> None:
        """Take what is known of the training of a run that goes on.

        Args:
            run: The run.
            notes: What is to be said about the training, one sentence each.
            stored: Updates whose weights are in the folder, up to where the training goes on.
        """
        self._training = {**run.training, "versions": versions(), "notes": notes, **machine()}
        self._info, self._goes_on = run.info, True
        self._stored = set(stored)

    @property
    def notes(self) -> list[str]:
        """What is to be said about the training, one sentence each."""
        return list(self._training.get("notes", []))

    def begin(self, beginning: Beginning) -> None:
        """Make the folder; see `Checkpoints`."""
        self._beginning = beginning
        self._thread.start()
        if not self._goes_on:  # else the folder has its files already
            self._write(lambda: self._write_state(beginning.history.until(0, -1), None, {}))

    def is_due(self, best_step: int) -> bool:
        """Return whether a checkpoint is due; see `Checkpoints`."""
        passed = time.monotonic() - self._last
        is_better = best_step > self._best_step and passed >= min(_BEST_SECONDS, self._seconds)
        return (is_better or passed >= self._seconds) and not self._is_writing and self._waiting is None

    def take(self, state: TrainingState) -> None:
        """Write a checkpoint; see `Checkpoints`."""
        self._last, self._best_step = time.monotonic(), state.monitor.best_step
        assert self._beginning is not None
        history = self._beginning.history.until(state.step, state.monitor.step)
        moments = self._beginning.kept.weights()
        self._write(lambda: self._write_state(history, state, moments))

    def finish(self, run: RunContents) -> Path:
        """Write the finished run in place of its last checkpoint, whose state remains, and return its folder.

        Args:
            run: The run.

        Raises:
            OSError: It cannot be written; the folder has its last checkpoint.
        """
        self._close()
        if self.folder is None or self._lock is None:
            raise OSError(None, self.problem or "its folder could not be made")
        run.training = self._training
        self._commit(run)
        return self.folder

    def fail(self, error: str) -> None:
        """Write why the training failed; a run without an update is deleted.

        Args:
            error: The reason, a sentence.
        """
        self._close()
        if self.folder is None or self._lock is None or self._beginning is None:
            return
        if not self._beginning.history.step:
            if not self._goes_on:
                self.discard()
            return
        with suppress(OSError, StoreError):
            with open_run(self.folder) as files:
                run = read_run(files)
            run.record.outcome, run.record.error = "failed", error
            run.warnings.append(error)
            self._commit(run)

    def release(self) -> None:
        """End all writing, and give the folder back."""
        self._close()
        if self._lock is not None:
            self._lock.release()
            self._lock = None
        if self._has_made_folder and self.folder is not None and not (self.folder / RUN_FILE).exists():
            shutil.rmtree(self.folder, ignore_errors=True)  # nothing could be written

    def discard(self) -> None:
        """Delete the folder, whose run is saved elsewhere or never had an update."""
        self._close()
        if self.folder is not None:
            shutil.rmtree(self.folder, ignore_errors=True)
        self.release()

    def _close(self) -> None:
        """Wait until all is written."""
        with self._changed:
            self._is_closed = True
            self._changed.notify()
        if self._thread.ident is not None:
            self._thread.join()

    def _write(self, write: Callable[[], None]) -> None:
        with self._changed:
            self._waiting = write
            self._changed.notify()

    def _write_all(self) -> None:
        while True:
            with self._changed:
                self._changed.wait_for(lambda: self._waiting is not None or self._is_closed)
                if self._waiting is None:
                    return
                write, self._waiting, self._is_writing = self._waiting, None, True
            try:
                write()
                self.problem = ""
            except Exception as error:  # whatever it is, the training goes on in memory
                self.problem = getattr(error, "strerror", None) or str(error) or type(error).__name__
            finally:
                self._is_writing = False

    def _write_state(self, history: History, state: TrainingState | None, moments: dict[int, Weights | None]) -> None:
        """Write the history, and a state from which the training can go on, as a run that has not ended."""
        beginning = self._beginning
        assert beginning is not None
        if self._lock is None:
            self._make_folder(beginning.experiment.recipe or beginning.experiment.data.dataset)
        assert self.folder is not None
        if not self._training:
            self._training = {
                "data_sha256": data_digest(beginning.data),
                "started_from": self._started_from,
                "versions": versions(),
                "notes": [],
                **machine(),
            }
        history.wall_seconds = history.wall_seconds or history.seconds
        history.outcome = None
        run = unfinished_run(beginning, history, state, self._training, self._info)
        best = None if state is None or state.monitor.best_weights is None else state.monitor.best_step
        if state is not None and best is not None:
            moments.setdefault(best, state.monitor.best_weights)
        stored = self._stored & moments.keys()
        run.moments = Moments({s: None if s in stored else own for s, own in moments.items()}, best, self.folder)
        files = files_of(run) | run.moments.writers(self.folder)
        rest = rest_of(run, self._created)
        rest["process"] = {"id": os.getpid(), "host": platform.node()}
        if state is not None:
            files |= checkpoint_writers(state)
        if beginning.experiment.data.dataset == "arrays" and not self._has_begun:
            files |= array_writers(beginning.data)
        kept = (*_KEPT_BY_CHECKPOINTS, *full_parts(self._stored_updates)) if self._has_begun else ()
        changed = {name: write for name, write in files.items() if name not in kept}
        commit(self.folder, changed, rest, (*kept, *FILES_OF_TRAINING, *map(moment_file, stored)))
        self._has_begun, self._stored, self._stored_updates = True, set(moments), history.step
        beginning.kept.stored(moments)

    def _commit(self, run: RunContents) -> None:
        """Write a run that has ended beside the state of its training."""
        assert self.folder is not None
        moments, stored = moment_writers(run, self.folder)
        keep = (*FILES_OF_TRAINING, *stored)
        commit(self.folder, files_of(run) | moments, rest_of(run, self._created), keep)

    def _make_folder(self, stem: str) -> None:
        """Make the folder under the next free name such as `airline-7`, or at the path that was given, and lock it."""
        if self.folder is not None:
            self._has_made_folder = self._has_made_folder or not self.folder.exists()
            make_folder(self.folder, exist_ok=True)
        else:
            self.folder, self._has_made_folder = new_folder(runs_folder(), stem), True
        lock = FileLock(self.folder / LOCK_FILE, timeout=0, thread_local=False)
        lock.acquire()
        self._lock, self._created = lock, time.strftime("%Y-%m-%dT%H:%M:%S%z")
