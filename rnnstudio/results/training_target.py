"""Where the run of a training is saved, and how it is kept there while it trains."""

from __future__ import annotations

import os
from contextlib import suppress
from functools import partial
from pathlib import Path

from rnnstudio.core.errors import DataError, StoreError
from rnnstudio.core.paths import runs_folder
from rnnstudio.results.file_target import FileTarget
from rnnstudio.results.last_attempts import last_attempts
from rnnstudio.results.run import Run
from rnnstudio.results.run_archive import is_run_archive
from rnnstudio.results.run_keeper import RunKeeper
from rnnstudio.results.saving import not_saved, run_name
from rnnstudio.results.seed_plan import SeedPlan


class Target:
    """Where a run is saved.

    Args:
        save: True for the run list, False for no saving, else a folder or .rnnrun file.
        file: The .rnnrun file that a training goes on from or is to become; that of `save` where None.
    """

    def __init__(self, save: bool | str | os.PathLike[str], file: FileTarget | None = None) -> None:
        self._saves = save is not False
        self._path = None if isinstance(save, bool) else Path(save).expanduser().absolute()
        self._file = file
        if self._path is not None and is_run_archive(self._path):
            self._file = file or FileTarget(str(self._path))
            self._path = None

    def keeper(self, started_from: str, seconds: float, group: SeedPlan | None = None) -> RunKeeper | None:
        """Return what keeps the training on the disk; None where nothing is saved.

        A .rnnrun file is packed at the end; until then its run is in the run list.
        """
        if not self._saves:
            return None
        return RunKeeper(self._path, started_from=started_from, seconds=seconds, file=self._file, group=group)

    def save(self, run: Run, keeper: RunKeeper) -> None:
        """Save a trained run; a warning of the run says where that failed, because the network must not be lost."""
        try:
            if run.moments is not None and keeper.folder is not None:
                run.moments.path = keeper.folder  # which has some of them
            if self._file is not None:
                try:
                    file = last_attempts(partial(self._packed, run, keeper, self._file), StoreError)
                except StoreError as error:  # it stays in the run list
                    _warn(run, error)
                else:
                    keeper.discard()
                    run.name, run.path = run_name(file), str(file)
                    return
            try:
                folder = keeper.finish(run)
            except OSError as error:
                parent = (keeper.folder or self._path or runs_folder()).parent
                raise not_saved(parent, error) from None
            run.name, run.path = run_name(folder), str(folder)
            if run.moments is not None:
                with suppress(OSError, DataError):  # deleted at once
                    run.moments.saved_at(folder)
        except StoreError as error:
            _warn(run, error)

    @staticmethod
    def _packed(run: Run, keeper: RunKeeper, file: FileTarget) -> Path:
        """Make the .rnnrun file of a run, with the state of its training, and return it.

        Raises:
            StoreError: It cannot be written.
        """
        file.check_unchanged()
        try:
            folder = keeper.finish(run)
        except OSError:  # of the run list; the file may be on another disk
            run.save(file.path, overwrite=bool(file.sha256))
            return Path(file.path)
        path = file.write(folder)
        if run.moments is not None:
            run.moments.saved_at(path)
        return path


def _warn(run: Run, error: StoreError) -> None:
    """Say with a run why it could not be saved; a later reason takes the place of an earlier one."""
    if run.save_problem in run.warnings:
        run.warnings.remove(run.save_problem)
    run.save_problem = str(error)
    run.warnings.append(run.save_problem)
