"""Keeping a run on the disk while it trains: its folder is made at the start, and has a checkpoint every few seconds.

Files are written on a thread of their own. What cannot be written is written with the next checkpoint: the training
goes on in memory.
"""

from __future__ import annotations

import math
import threading
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from rnnstudio.core.disk_remedies import remedy
from rnnstudio.core.events import Event, NotSaved
from rnnstudio.core.free_memory import give_back
from rnnstudio.results.checked_files import RunFiles
from rnnstudio.results.contents import RunContents
from rnnstudio.results.file_target import FileTarget
from rnnstudio.results.last_attempts import last_attempts
from rnnstudio.results.seed_plan import SeedPlan
from rnnstudio.results.training_writer import TrainingWriter

if TYPE_CHECKING:
    from rnnstudio.engine.training_state import Beginning, TrainingState

CHECKPOINT_SECONDS = 30.0
_BEST_SECONDS = 1.0  # shortest time between two checkpoints because of better weights
_GIVE_BACK_SECONDS = 20.0  # of a long training, whose memory would seem to grow
_RETRY_SECONDS = 5.0  # until another attempt where a checkpoint could not be written


class RunKeeper:
    """Keeps the states of one training in the folder of its run, and holds the lock of this folder.

    Args:
        folder: The folder; None for a new one in the run list.
        started_from: Name of the run whose weights the training started from; empty for none.
        seconds: Time between two checkpoints.
        file: The .rnnrun file that the run becomes at the end; None for none.
        group: The training with several seeds that it is part of; None for none.

    Attributes:
        problem: Why the last state could not be written; empty where it was.
        emit: Called on the thread of the training where states cannot be written, and where they can be again.
    """

    def __init__(
        self,
        folder: Path | None,
        started_from: str = "",
        seconds: float = CHECKPOINT_SECONDS,
        file: FileTarget | None = None,
        group: SeedPlan | None = None,
    ) -> None:
        self.problem = ""
        self.emit: Callable[[Event], None] = lambda event: None
        self._reported = ""  # the problem that was said
        self._remedy = ""  # what to do about the problem
        self._writer, self._seconds = TrainingWriter(folder, started_from, file, group), seconds
        self._beginning: Beginning | None = None
        self._goes_on = False
        self._last, self._best_step = time.monotonic(), -1
        self._given_back = time.monotonic()
        self._changed = threading.Condition()
        self._waiting: Callable[[], None] | None = None  # the newest write; an older one that waits is left out
        self._is_writing = self._is_closed = False
        self._thread = threading.Thread(target=self._write_all, name="checkpoints", daemon=True)

    @property
    def folder(self) -> Path | None:
        """The folder, once it is made."""
        return self._writer.folder

    @property
    def notes(self) -> list[str]:
        """What is to be said about the training, one sentence each."""
        return self._writer.notes

    @property
    def file(self) -> FileTarget | None:
        """The .rnnrun file that the run becomes at the end; None for none."""
        return self._writer.file

    def lock(self) -> None:
        """Take the lock of an existing folder, whose run is to go on.

        Raises:
            StoreError: Another process trains it, or writes to it.
        """
        self._writer.hold()

    def unpack(self, files: RunFiles) -> None:
        """Make and lock a folder in the run list with the run of a .rnnrun file, which is to go on.

        Raises:
            StoreError: It cannot be written.
        """
        self._writer.unpack(files)

    def goes_on(self, run: RunContents, notes: list[str], stored: Iterable[int], step: int) -> None:
        """Take what is known of the training of a run that goes on.

        Args:
            run: The run.
            notes: What is to be said about the training, one sentence each.
            stored: Updates whose weights are in the folder, up to where the training goes on.
            step: The update from which it goes on.
        """
        self._writer.goes_on(run, notes, stored, step)
        self._goes_on, self._last = True, -math.inf  # the first checkpoint says that the run is being trained

    def begin(self, beginning: Beginning) -> None:
        """Make the folder; see `Checkpoints`."""
        self._beginning = beginning
        self._writer.begin(beginning)
        self._thread.start()
        if not self._goes_on:  # else the folder has its files already
            self._write(lambda: self._writer.write(beginning.history.until(0, -1), beginning.given, {}))

    def is_due(self, best_step: int) -> bool:
        """Return whether a checkpoint is due; see `Checkpoints`."""
        self._report()
        passed = time.monotonic() - self._last
        is_better = best_step > self._best_step and passed >= min(_BEST_SECONDS, self._seconds)
        seconds = min(_RETRY_SECONDS, self._seconds) if self.problem else self._seconds
        return (is_better or passed >= seconds) and not self._is_writing and self._waiting is None

    def _report(self) -> None:
        """Say that states cannot be written, or can be again."""
        problem = self.problem
        if bool(problem) != bool(self._reported):
            self._reported = problem
            self.emit(NotSaved(problem, self._remedy if problem else ""))

    def take(self, state: TrainingState) -> None:
        """Write a checkpoint; see `Checkpoints`."""
        self._last, self._best_step = time.monotonic(), state.monitor.best_step
        assert self._beginning is not None
        history = self._beginning.history.until(state.step, state.monitor.step)
        moments = self._beginning.kept.weights()
        self._write(lambda: self._writer.write(history, state, moments))

    def finish(self, run: RunContents) -> Path:
        """Write the finished run in place of its last checkpoint, whose state remains, and return its folder.

        Args:
            run: The run.

        Raises:
            OSError: It cannot be written; the folder has its last checkpoint.
        """
        self._close()
        folder = last_attempts(lambda: self._writer.finish(run), OSError)
        self.problem = ""
        self._report()
        return folder

    def fail(self, error: str) -> None:
        """Write why the training failed; a run without an update is deleted.

        Args:
            error: The reason, a sentence.
        """
        self._close()
        self._writer.fail(error)

    def release(self) -> None:
        """End all writing, and give the folder back."""
        self._close()
        self._writer.release()

    def discard(self) -> None:
        """Delete the folder, whose run is saved elsewhere or never had an update."""
        self._close()
        self._writer.discard()

    def _close(self) -> None:
        """Wait until all is written."""
        with self._changed:
            self._is_closed = True
            self._changed.notify()
        if self._thread.ident is not None:
            self._thread.join()

    def _give_back(self) -> None:
        """Give the memory that plots and checkpoints have freed back to the system, now and then."""
        if time.monotonic() - self._given_back >= _GIVE_BACK_SECONDS:
            give_back()
            self._given_back = time.monotonic()

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
                self._give_back()
            except Exception as error:  # whatever it is, the training goes on in memory
                self._remedy = remedy(error) if isinstance(error, OSError) else ""
                self.problem = getattr(error, "strerror", None) or str(error) or type(error).__name__
            finally:
                self._is_writing = False
