"""Writing the states of one training into the folder of its run, and the run at its end.

What was written stays in the folder. Where this was deleted meanwhile, it is made again, and everything written anew.
"""

from __future__ import annotations

import os
import platform
import time
from collections.abc import Iterable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rnnstudio.core.data_info import DataInfo
from rnnstudio.core.disk_remedies import remedy
from rnnstudio.core.errors import StoreError
from rnnstudio.core.history import History
from rnnstudio.core.paths import runs_folder
from rnnstudio.results.array_data import array_writers
from rnnstudio.results.checked_files import RunFiles
from rnnstudio.results.checkpoint_files import FILES_OF_TRAINING, checkpoint_writers
from rnnstudio.results.contents import RunContents
from rnnstudio.results.file_target import FileTarget, in_run_file
from rnnstudio.results.held_folder import HeldFolder
from rnnstudio.results.history_files import full_parts
from rnnstudio.results.machine import machine
from rnnstudio.results.moments import Moments, Weights, moment_file
from rnnstudio.results.run_archive import open_run, unpack
from rnnstudio.results.run_files import created_in, files_of, rest_of, versions
from rnnstudio.results.run_folder import Write, commit
from rnnstudio.results.run_notes import copy_notes, notes_to_restore, restore_notes
from rnnstudio.results.run_reading import read_run
from rnnstudio.results.saving import not_saved
from rnnstudio.results.seed_plan import SeedPlan
from rnnstudio.results.unfinished_run import training_facts, unfinished_run

if TYPE_CHECKING:
    from rnnstudio.engine.training_state import Beginning, TrainingState

_UNCHANGED = ("experiment.json", "scaler.json", "data.json", "versions.json", "context.npy", "plan.npy")
_MAX_BYTES_IN_MEMORY = 32 << 20  # of the weights of moments, which are then had where their files were deleted
_LOST = "Weights of some earlier moments were deleted with the folder of the run."
_Files = tuple[dict[str, Write], tuple[str, ...]]  # functions that write files, and names of those that stay


class TrainingWriter:
    """Writes the states of one training; one thread at a time may use it.

    Args:
        path: The folder; None for a new one in the run list.
        started_from: Name of the run whose weights the training started from; empty for none.
        file: The .rnnrun file that the run becomes at the end; None for none.
        group: The training with several seeds that it is part of; None for none.
    """

    def __init__(
        self, path: Path | None, started_from: str, file: FileTarget | None = None, group: SeedPlan | None = None
    ) -> None:
        self._path, self._started_from, self.file, self._group = path, started_from, file, group
        self._is_copy = False  # whether the folder is that of a file whose training goes on
        self._held: HeldFolder | None = None
        self._created = ""
        self._info: DataInfo | None = None
        self._beginning: Beginning | None = None
        self._training: dict[str, Any] = {}
        self._first_step = -1  # where a training goes on that is no new one
        self._has_begun = False  # whether the files that no state changes are written
        self._stored: set[int] = set()  # moments whose weights are in the folder
        self._stored_updates = 0  # length of the history in the folder
        self._in_memory: dict[int, Weights] | None = {}  # weights of moments; None where they are too large
        self._last: tuple[History, TrainingState | None, dict[int, Weights | None]] | None = None
        self._is_written = True  # whether that state is in the folder
        self._noted: dict[str, Any] = {}  # what the user has noted of the run

    @property
    def folder(self) -> Path | None:
        """The folder; None where it is new and not made yet."""
        return self._path if self._held is None else self._held.path

    @property
    def notes(self) -> list[str]:
        """What is to be said about the training, one sentence each."""
        return list(self._training.get("notes", []))

    def hold(self) -> None:
        """Hold the lock of an existing folder, whose run is to go on.

        Raises:
            StoreError: Another process trains it, or it cannot be written to.
        """
        assert self._path is not None
        try:  # who lists runs takes the lock for a moment, to see whether it is held
            self._held = HeldFolder(self._path, seconds=1.0)
        except OSError as error:
            raise StoreError(
                f"{self._path} cannot be written to: {error.strerror or error}. {remedy(error)}."
            ) from None
        with suppress(StoreError):
            self.file = FileTarget.of_run(RunFiles.of_folder(self._path))
        self._created = created_in(self._path)

    def unpack(self, files: RunFiles) -> None:
        """Make and hold a folder in the run list with the run of a .rnnrun file, which is to go on.

        Raises:
            StoreError: It cannot be written.
        """
        try:
            self._held, self._is_copy = HeldFolder.made(None, self._stem()), True
            unpack(files, self._held.path, in_run_file(self.file))
            copy_notes(files.path, self._held.path)
        except OSError as error:
            raise not_saved(runs_folder(), error) from None
        self._created = created_in(self._held.path)

    def goes_on(self, run: RunContents, notes: list[str], stored: Iterable[int], step: int) -> None:
        """Take what is known of the training of a run that goes on; see `RunKeeper.goes_on`."""
        self._training = {**run.training, "versions": versions(), "notes": notes, **machine()}
        self._info, self._first_step = run.info, step
        self._stored = set(stored)
        size = sum(weights.nbytes for weights in run.weights.values())
        if run.moments is not None and size * len(self._stored) <= _MAX_BYTES_IN_MEMORY:
            with suppress(StoreError):
                self._in_memory = {moment: run.moments.weights(moment) for moment in self._stored}

    def begin(self, beginning: Beginning) -> None:
        """Take what the states belong to."""
        self._beginning = beginning

    def write(self, history: History, state: TrainingState | None, moments: dict[int, Weights | None]) -> None:
        """Write the history, and a state from which the training can go on, as a run that has not ended.

        Args:
            history: The history up to the state.
            state: The state; None before the first update.
            moments: The weights of moments; None for those that were written before.

        Raises:
            OSError: It cannot be written; the folder holds what it held.
        """
        beginning = self._beginning
        assert beginning is not None
        best = None if state is None or state.monitor.best_weights is None else state.monitor.best_step
        if state is not None and best is not None:
            moments.setdefault(best, state.monitor.best_weights)
        self._last, self._is_written = (history, state, moments), False
        self._remember(moments)
        self._describe(beginning)
        history.wall_seconds = history.wall_seconds or history.seconds
        history.outcome = None
        run = unfinished_run(beginning, history, state, self._training, self._info)
        run.moments = Moments(moments, best)
        process = {"process": _process()}
        self._commit(run, process, (*_UNCHANGED, *full_parts(self._stored_updates)))
        beginning.kept.stored(self._stored)

    def finish(self, run: RunContents) -> Path:
        """Write the finished run in place of the last state, which remains as that of its training.

        Raises:
            StoreError: Another process has the folder.
            OSError: It cannot be written; the folder holds what it held.
        """
        if self._beginning is not None:
            self._describe(self._beginning)
        run.training = self._training
        self._commit(run, {})
        assert self._held is not None
        return self._held.path

    def fail(self, error: str) -> None:
        """Write why the training failed; a run without an update is deleted, and one that goes on left as it was."""
        if self._beginning is None or self._beginning.history.step <= max(0, self._first_step):
            if self._is_copy or (self._beginning is not None and self._first_step < 0):
                self.discard()
            return
        with suppress(OSError, StoreError):
            if self._last is not None and (not self._is_written or self._held is None or not self._held.is_there()):
                self.write(*self._last)
            if self._held is not None:
                with open_run(self._held.path) as files:
                    run = read_run(files)
                run.record.outcome, run.record.error = "failed", error
                run.warnings.append(error)
                self._commit(run, {})

    def release(self) -> None:
        """Give the folder back."""
        if self._held is not None:
            self._held.release()
            self._held = None

    def discard(self) -> None:
        """Delete the folder, whose run is saved elsewhere or never had an update."""
        if self._held is not None:
            self._held.discard()
            self._held = None

    def _remember(self, moments: Mapping[int, Weights | None]) -> None:
        """Keep the weights of moments in memory, where they are small."""
        if self._in_memory is None:
            return
        known = {step: w for step, w in self._in_memory.items() if step in moments}
        known |= {step: w for step, w in moments.items() if w is not None}
        size = sum(values.nbytes for weights in known.values() for values in weights.values())
        self._in_memory = known if size <= _MAX_BYTES_IN_MEMORY else None

    def _describe(self, beginning: Beginning) -> None:
        if not self._training:
            self._training = training_facts(beginning.data, self._started_from, self._group)

    def _commit(self, run: RunContents, more: Mapping[str, Any], unchanged: Iterable[str] = ()) -> None:
        """Write a run; once more and completely where its folder is deleted meanwhile.

        Args:
            run: The run.
            more: What else `run.json` says.
            unchanged: Names of files that are as they were written first.
        """
        for is_last in (False, True):
            folder = self._hold()
            noted = notes_to_restore(folder)
            if noted or _has_all_files(folder):  # else the folder may be being deleted, its notes first
                self._noted = noted
            moments = self._moments(run, folder)
            files, keep = self._files(run, moments, folder, tuple(unchanged) if self._has_begun else ())
            try:
                commit(folder, files, rest_of(run, self._created) | in_run_file(self.file) | dict(more), keep)
            except FileNotFoundError:
                if is_last or self._is_there():
                    raise
                continue
            is_there = self._is_there()
            if is_last or (is_there and _has_all_files(folder)):
                break
            if is_there:  # else it may come back with its disk
                self._forget()
        self._has_begun = self._is_written = True
        self._stored, self._stored_updates = set(moments.steps), run.record.step

    def _moments(self, run: RunContents, folder: Path) -> Moments:
        """Return the moments of a run that its folder has, or is to have."""
        if run.moments is None:
            return Moments({})
        moments = run.moments.in_folder(folder, self._stored, self._in_memory or {})
        if len(moments.steps) < len(run.moments.steps) and _LOST not in run.warnings:
            run.warnings.append(_LOST)
        return moments

    def _files(self, run: RunContents, moments: Moments, folder: Path, unchanged: tuple[str, ...]) -> _Files:
        files = {name: write for name, write in files_of(run).items() if name not in unchanged}
        files |= moments.writers(folder)
        stored = [name for name in map(moment_file, moments.steps) if name not in files]
        if self._last is not None and not self._is_written and self._last[1] is not None:
            files |= checkpoint_writers(self._last[1])
        beginning = self._beginning
        if beginning is not None and beginning.experiment.data.dataset == "arrays" and not self._has_begun:
            files |= array_writers(beginning.data)
        return files, (*unchanged, *FILES_OF_TRAINING, *stored)

    def _forget(self) -> None:
        """Forget what was written: the folder, or files of it, were deleted."""
        self._has_begun = self._is_written = False
        self._stored = set()

    def _hold(self) -> Path:
        """Return the folder, whose lock is held; it is made where it is not there, or not any more."""
        stem = self._stem()
        if self._held is None:
            self._held = HeldFolder.made(self._path, stem)
            self._created = time.strftime("%Y-%m-%dT%H:%M:%S%z")
        elif not self._held.is_there():
            owner = {"created": self._created, "process": _process()}
            self._held = self._held.made_again(self._path.name if self._path is not None else stem, owner)
            self._forget()
            restore_notes(self._noted, self._held.path)
        return self._held.path

    def _stem(self) -> str:
        """Return the beginning of the name of a new folder."""
        named = "" if self.file is None else self.file.stem
        if self._beginning is None:
            return named or "run"
        return named or self._beginning.experiment.recipe or self._beginning.experiment.data.dataset

    def _is_there(self) -> bool:
        return self._held is not None and self._held.is_there()


def _process() -> dict[str, Any]:
    return {"id": os.getpid(), "host": platform.node()}


def _has_all_files(folder: Path) -> bool:
    """Return whether the files that `run.json` names are in a folder."""
    with suppress(StoreError):
        return all((folder / entry["stored"]).exists() for entry in RunFiles.of_folder(folder).rest["files"].values())
    return False
