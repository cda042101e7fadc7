"""The public functions of the package, which window, command line, Python and R all use."""

from __future__ import annotations

import os
import subprocess
import warnings
from collections.abc import Sequence
from typing import Any, overload

from rnnstudio.core.about import cells, datasets, describe, optimizers, recipes
from rnnstudio.core.account import Account
from rnnstudio.core.arguments import check_training_arguments
from rnnstudio.core.catalog import DATASETS, RECIPES
from rnnstudio.core.errors import SettingError, UnknownNameError
from rnnstudio.core.experiment import Experiment
from rnnstudio.core.fetching import reporting_to
from rnnstudio.core.spread import seed_count
from rnnstudio.results import child, store
from rnnstudio.results.forecast_calls import backtest, forecast
from rnnstudio.results.group_store import folder_to_resume, load_any
from rnnstudio.results.inspection import account_of
from rnnstudio.results.progress import Callback, ProgressReporter
from rnnstudio.results.run import Run
from rnnstudio.results.run_group import RunGroup
from rnnstudio.results.script_training import resume_from_script, train_from_script
from rnnstudio.results.source import experiment_and_data, experiment_of
from rnnstudio.results.store_calls import delete, doctor, empty_trash, groups, note, rename, restore, runs, trash
from rnnstudio.results.training import train_experiment

__all__ = [
    "backtest",
    "cells",
    "datasets",
    "delete",
    "describe",
    "doctor",
    "empty_trash",
    "experiment",
    "fetch",
    "forecast",
    "groups",
    "inspect",
    "load",
    "note",
    "open_studio",
    "optimizers",
    "recipes",
    "rename",
    "restore",
    "resume",
    "runs",
    "train",
    "train_experiment",
    "trash",
]


def fetch(name: str, *, verbose: float = 1) -> str:
    """Make sure that the files of a data set are on this computer, and return their path.

    Files in the folder `RNNSTUDIO_DATA` are used first, then earlier downloads. Otherwise they are downloaded.

    Args:
        name: A data set, or a recipe that uses it.
        verbose: 0 for no output, 1 for a line of progress every two seconds.

    Raises:
        UnknownNameError: No such data set, or one without files.
        DataError: The download failed; the message names the file to get and where to put it.

    >>> import rnnstudio as rs
    >>> rs.fetch("har")  # doctest: +SKIP
    '/home/user/.cache/rnnstudio/downloads/har/human+activity+recognition+using+smartphones.zip'
    """
    dataset = str(RECIPES.get(name).defaults["dataset"]) if name in RECIPES else name
    known = [d.name for d in DATASETS if d.fetch is not None]
    if dataset not in known:
        raise UnknownNameError("data set to fetch", name, known)
    download = DATASETS.get(dataset).fetch
    assert download is not None
    if not verbose:  # command line and window report downloads themselves
        return str(download())
    with reporting_to(ProgressReporter(None, print_lines=True)):
        return str(download())


def experiment(start: str | os.PathLike[str], **settings: Any) -> Experiment:
    """Return the experiment of a recipe, a data set or a file, with changed settings.

    A .ts file, a .npz file with `x` and `y`, an .arff file or a text file `..._TRAIN` with a sequence in each row, and
    any file with the setting `sequence` or with task classify are read as labelled sequences (data set `sequences`).
    Other files are read as one series (data set `file`).

    The settings of your own data that are not given are automatic, as far as they can be: a training chooses them
    from its training set. The settings of a recipe are those of its publication.

    Args:
        start: Name of a recipe or data set, or the path of a file.
        **settings: Settings by the names that `describe` lists.

    Raises:
        UnknownNameError: No such recipe or setting.
        SettingError: A value is not allowed.

    >>> import rnnstudio as rs
    >>> rs.experiment("airline", units=8).model.units
    8
    """
    return experiment_of(start, settings)


@overload
def train(x: Any, y: Any = None, *, seeds: None = None, **settings: Any) -> Run: ...
@overload
def train(x: Any, y: Any = None, *, seeds: float, **settings: Any) -> Run | RunGroup: ...
def train(
    x: Any,
    y: Any = None,
    *,
    classes: Sequence[str] | str = (),
    seeds: Any = None,
    callback: Callback | None = None,
    max_seconds: float | None = None,
    initial_weights: Run | str | os.PathLike[str] | None = None,
    verbose: float = 1,
    save: bool | str | os.PathLike[str] = True,
    checkpoint_seconds: float = 30.0,
    **settings: Any,
) -> Run | RunGroup:
    """Train a network and return the run, or with several seeds a `RunGroup`.

    Args:
        x: Name of a recipe or data set, an experiment, the path of a file, or your own sequences: `(N, T, F)` or
            `(N, T)`, a list of arrays of unequal length, or one series `(T,)` or `(T, F)`; arrays, lists and data
            frames. A data frame is read like a file: `target`, `features`, `sequence` and `group` name columns, and a
            forecast without `target` predicts one column, which `inspect` names; of an array it predicts all.
        y: For your own sequences: the classes `(N,)`, or one class or value per step.
        classes: Names of the classes in order; sorted when empty.
        seeds: Number of runs that differ by seed, on the same split of the same data: `seed` and those after it. More
            than one are trained one after the other, and returned as a group.
        callback: Called as `callback(updates, metrics)` about 20 times a second, on the calling thread; False stops
            the training.
        max_seconds: Stop the training after this time and keep the run.
        initial_weights: A run with the same network, its name or its path: start from its weights instead of random
            ones. Automatic settings then have its values.
        verbose: 0 for no output, 1 for a line of progress every two seconds.
        save: True saves the run in the run list, a path saves it there, False keeps it in memory only.
        checkpoint_seconds: Time between two checkpoints of a run that is saved, from which `resume` goes on.
        **settings: Settings by the names that `describe` lists: cell, units, learning_rate, task, window ... For your
            own data, those that are not given and may be `auto` are chosen from the training set; `Run.choices` says
            why.

    Raises:
        UnknownNameError: No such recipe, data set, setting or run.
        SettingError: A value is not allowed, or `initial_weights` belong to another network.
        DataError: The data cannot be used.
        KeyboardInterrupt: Ctrl-C ended the training after the current chunk of updates; the run was saved before. A
            second Ctrl-C is raised at once.

    A run that cannot be saved (a full disk) is returned nevertheless; its `warnings` say so and its `path` is empty.
    An error of the callback is raised after the run was saved.

    >>> import rnnstudio as rs
    >>> run = rs.train("toy", updates=1, verbose=0, save=False)
    >>> longer = rs.train("toy", updates=1, initial_weights=run, verbose=0, save=False)
    >>> longer.metrics["train_loss"] < run.metrics["train_loss"]
    True
    """
    check_training_arguments(callback, max_seconds, save, checkpoint_seconds)
    count = seed_count(seeds)
    first = None if initial_weights is None else store.as_run(initial_weights, "initial_weights")
    chosen = experiment_and_data(x, y, classes, settings, first.experiment if first else None)
    return train_from_script(
        chosen, count, callback, max_seconds, first, bool(verbose), save, float(checkpoint_seconds)
    )


def resume(
    run: Run | RunGroup | str | os.PathLike[str],
    x: Any = None,
    y: Any = None,
    *,
    updates: float | None = None,
    callback: Callback | None = None,
    max_seconds: float | None = None,
    verbose: float = 1,
    checkpoint_seconds: float = 30.0,
) -> Run | RunGroup:
    """Go on with the training of a saved run from its last checkpoint, and return the run.

    The training goes on as if it had never stopped, with the same bits on the same machine and versions. The run in its
    folder is replaced at the end; a backtest, bands and weights of all rows are those of the new weights.

    A training with several seeds goes on with the run that has not ended, then with the seeds that are left; it returns
    the group. To go on with one of its runs alone, give it a number of further updates.

    Args:
        run: A saved run or group, its name in the run list, its folder, its .rnnrun file, or `latest`. That of a file
            is in the run list while it trains, and takes the place of the file at the end.
        x: The arrays of a run whose arrays are not saved with it, as for `train`; else None.
        y: Likewise.
        updates: Number of further updates, also of a run that is complete; None for those that were planned and are
            not done. A cosine schedule gets the new length, which the warnings of the run say.
        callback: As for `train`.
        max_seconds: Likewise.
        verbose: Likewise.
        checkpoint_seconds: Time between two checkpoints.

    Raises:
        UnknownNameError: There is no such run.
        StoreError: Another process trains it, or it has no checkpoint.
        SettingError: All its updates are done and `updates` is None, or its loss diverged.
        DataError: Its data are not those of its training.
        KeyboardInterrupt: Ctrl-C ended the training; the run was saved before.

    >>> import tempfile
    >>> import rnnstudio as rs
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     run = rs.train("toy", updates=2, verbose=0, save=f"{folder}/toy")
    ...     rs.resume(run, updates=3, verbose=0).record.step
    5
    """
    check_training_arguments(callback, max_seconds, True, checkpoint_seconds)
    folder = folder_to_resume(run)
    arrays = None if x is None else (x, y)
    return resume_from_script(folder, arrays, updates, callback, max_seconds, bool(verbose), float(checkpoint_seconds))


def inspect(x: Any, **settings: Any) -> Account:
    """Return how a file or data frame is read: its columns, times, what was assumed, and what is open.

    A training reads it in the same way.

    Args:
        x: The path of a file, or a data frame.
        **settings: Settings that say how it is read: separator, header, decimal_mark, time ...

    Raises:
        DataError: It cannot be read.
        SettingError: A setting does not fit.

    >>> import rnnstudio as rs
    >>> import pandas as pd
    >>> rs.inspect(pd.DataFrame({"day": ["2024-01-01", "2024-01-02"], "sales": [5.0, 6.0]})).column("day").kind
    'time'
    """
    return account_of(x, settings)


def load(run: str | os.PathLike[str]) -> Run | RunGroup:
    """Return a saved run, or a saved group of runs.

    Args:
        run: Its folder, its .rnnrun file, its name in the run list, or `latest`, the newest run.

    Raises:
        UnknownNameError: There is no such run.
        StoreError: It is damaged, or of a newer version.
        SettingError: `run` is neither a name nor a path.

    >>> import tempfile
    >>> import rnnstudio as rs
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = rs.train("toy", updates=1, verbose=0, save=f"{folder}/toy").path
    ...     rs.load(path).name
    'toy'
    """
    if not isinstance(run, (str, os.PathLike)):
        raise SettingError(f"run must be a run's name, its folder or 'latest'; received {run!r}.", "run")
    loaded = load_any(run)
    for sentence in [] if isinstance(loaded, Run) else loaded.warnings:  # runs that were deleted
        warnings.warn(sentence, UserWarning, stacklevel=2)
    return loaded


def open_studio() -> int:
    """Open the window in a process of its own and return its process id at once.

    >>> import rnnstudio as rs
    >>> rs.open_studio()  # doctest: +SKIP
    4711
    """
    return subprocess.Popen(child.command(), env=child.environment(), start_new_session=True).pid
