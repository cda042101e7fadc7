"""Going on with a training with several seeds: with the run that has not ended, then with the seeds that are left."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress
from copy import copy
from functools import cache, partial
from itertools import count
from pathlib import Path
from typing import Any

from rnnstudio.core.automatic import Resolved
from rnnstudio.core.errors import DataError, SettingError, StoreError
from rnnstudio.core.events import Event
from rnnstudio.core.experiment import Experiment
from rnnstudio.core.paths import runs_folder
from rnnstudio.results.alike_runs import check_alike
from rnnstudio.results.checkpoint_files import read_checkpoint
from rnnstudio.results.contents import Weights
from rnnstudio.results.group_training import SeedTrainings, of_seed
from rnnstudio.results.resuming import data_to_train, resume_run
from rnnstudio.results.run import Run
from rnnstudio.results.run_archive import open_run
from rnnstudio.results.run_group import RunGroup
from rnnstudio.results.run_keeper import CHECKPOINT_SECONDS
from rnnstudio.results.seed_training import SeedTraining, check_not_running, members_of, seed_folder
from rnnstudio.results.training import train_experiment


def resume_seeds(
    training: SeedTraining,
    emit: Callable[[Event], None],
    should_stop: Callable[[], bool],
    *,
    arrays: tuple[Any, Any] | None = None,
    begin: Callable[[int, int], None] = lambda seed, index: None,
    checkpoint_seconds: float = CHECKPOINT_SECONDS,
) -> RunGroup:
    """Go on with the run that has not ended, train with the seeds that are left, and return the group of all.

    Args:
        training: The training with several seeds.
        emit: Called with each event of each training.
        should_stop: Called between chunks of updates; True ends the training, and the group.
        arrays: The `x` and `y` of runs of arrays that were too large to be saved with them.
        begin: Called with the seed and its index before each training.
        checkpoint_seconds: Time between two checkpoints.

    Raises:
        StoreError: A run cannot be read or written, or another process trains it.
        SettingError: The runs differ in more than their seeds.
        DataError: The data cannot be loaded, or are not those of the training.
        KeyboardInterrupt: Ctrl-C ended the training; the runs were saved before.
    """
    left, unfinished = Left(training, arrays), training.unfinished
    trainings = SeedTrainings(training.plan, training.folder, saves=True, ended=training.ended, saved=training.group)
    how: dict[str, Any] = {"checkpoint_seconds": checkpoint_seconds}
    if unfinished is not None:
        going_on = partial(resume_run, Path(unfinished.path), emit, should_stop, arrays=arrays, **how)
        trainings.add(unfinished.experiment.seed, going_on)
    for seed in training.seeds_left:
        trainings.add(seed, partial(left.train, seed, emit, should_stop, **how))
    return trainings.run(should_stop, begin)


class Left:
    """Trains with the seeds that are left of a training, with the settings and data of its runs.

    Args:
        training: The training with several seeds.
        arrays: The `x` and `y` of runs of arrays that were too large to be saved with them.

    Raises:
        StoreError: No run is left.
        SettingError: The runs differ in more than their seeds, or the weights that they started from are not kept.
    """

    def __init__(self, training: SeedTraining, arrays: tuple[Any, Any] | None = None) -> None:
        runs = [*training.ended, *([training.unfinished] if training.unfinished else [])]
        if not runs:
            raise StoreError("No run of the group is left, from which the seeds to be trained had their settings.")
        check_alike(runs)
        self._training, self._run = training, training.unfinished or runs[0]
        self._initial = _initial(runs) if training.seeds_left else None
        self._data = cache(partial(data_to_train, Path(self._run.path), arrays))

    def experiment(self, seed: int) -> Experiment:
        """Return the experiment with a seed."""
        return of_seed(self._run.experiment, seed)

    def train(self, seed: int, emit: Callable[[Event], None], should_stop: Callable[[], bool], **options: Any) -> Run:
        """Train with a seed, save the run and return it; see `train_experiment`."""
        run, folder = self._run, self._training.folder
        check_not_running(members_of(self._training.plan, folder or runs_folder()))
        return train_experiment(
            Resolved(self.experiment(seed), self._data(), tuple(run.choices)),
            emit,
            should_stop,
            save=True if folder is None else _free(folder / seed_folder(seed)),
            initial_weights=self._initial,
            group=self._training.plan,
            info=run.info,
            **options,
        )


def _initial(runs: Sequence[Run]) -> Run | None:
    """Return a run with the weights that these runs started from, which they hold; None where these were random.

    Raises:
        SettingError: None holds them any more.
    """
    name = str(runs[0].training.get("started_from", ""))
    if not name:
        return None
    for run in runs:
        if (weights := _first_weights(run)) is not None:
            start = copy(run)
            start.weights, start.name = weights, name
            return start
    raise SettingError(
        f"The trainings with the other seeds start from the weights of {name}, which their runs do not hold any more. "
        "Go on with one run alone, with a number of further updates, or train the other seeds with initial_weights.",
        "initial_weights",
    )


def _first_weights(run: Run) -> Weights | None:
    """Return the weights before the first update of a saved run; None where it does not hold them."""
    with suppress(StoreError, DataError):
        if run.moments is not None and 0 in run.moments.steps:
            return run.moments.weights(0)
        with open_run(Path(run.path)) as files:
            state = read_checkpoint(files)
        return state.weights if state is not None and state.step == 0 else None
    return None


def _free(path: Path) -> Path:
    """Return a path, with a number where something, such as a damaged run, is there."""
    return next(free for n in count(1) if not (free := path if n == 1 else Path(f"{path}-{n}")).exists())
