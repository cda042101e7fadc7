"""The verbs of every front end: window, command line, Python and R end here."""

from __future__ import annotations

import os
import subprocess
import time
from collections.abc import Callable, Sequence
from numbers import Real
from pathlib import Path
from typing import Any

from rnnstudio.core.about import cells, datasets, describe, optimizers, recipes
from rnnstudio.core.catalog import DATASETS, RECIPES
from rnnstudio.core.errors import DataError, SettingError, StoreError, UnknownNameError
from rnnstudio.core.events import Event, Started
from rnnstudio.core.experiment import Experiment, compose
from rnnstudio.core.fetching import reporting_to
from rnnstudio.core.sequence import SequenceData
from rnnstudio.reading.files import holds_sequences
from rnnstudio.results import child, store
from rnnstudio.results.interrupts import held_back
from rnnstudio.results.listener import Listener
from rnnstudio.results.run import Run, run_of

__all__ = [
    "cells",
    "datasets",
    "describe",
    "experiment",
    "fetch",
    "load",
    "names_file",
    "open_studio",
    "optimizers",
    "recipes",
    "runs",
    "train",
    "train_experiment",
]

Emit = Callable[[Event], None]
_OWN_CLASSES = "classes goes with your own arrays and files; a recipe or data set names its own."


def runs() -> list[dict[str, Any]]:
    """Return the saved runs, newest first, as plain dicts; ones that cannot be read here are left out."""
    return store.list_runs()[0]


def fetch(name: str, *, verbose: float = 1) -> str:
    """Make sure that the files of a data set are on this computer, and return their path.

    They are looked for in the folder `RNNSTUDIO_DATA`, then among the downloads, else downloaded.

    Args:
        name: A data set, or a recipe that uses it.
        verbose: 0 for silence, 1 for a line of progress now and then.

    Raises:
        UnknownNameError: No such data set, or one that needs no files.
        DataError: It cannot be had; the message says which file to get and where to put it.
    """
    data = str(RECIPES.get(name).defaults["dataset"]) if name in RECIPES else name
    known = [d.name for d in DATASETS if d.fetch is not None]
    if data not in known:
        raise UnknownNameError("data set to fetch", name, known)
    get = DATASETS.get(data).fetch
    assert get is not None
    if not verbose:  # the command line and the window listen already
        return str(get())
    with reporting_to(Listener(None, lines=True)):
        return str(get())


def experiment(start: str | os.PathLike[str], **settings: Any) -> Experiment:
    """Return the experiment of a recipe, a data set or a file, with some settings changed by their flat names.

    A file is read as labelled sequences (data set `sequences`) where it is a .ts file, a .npz file with `x` and `y`, or
    where `sequence` or task classify is given; else as one series (data set `file`).

    Args:
        start: Name of a recipe or data set, or the path of a file.
        **settings: Anything `describe` lists.

    Raises:
        UnknownNameError: No such recipe or setting.
        SettingError: A value is not allowed.
    """
    name = str(start)
    if not names_file(name):
        return compose(name, settings)
    if Path(name).expanduser().is_dir():
        raise DataError(
            f"{name} is a folder; a file, a recipe or a data set is expected. A folder of UCI HAR or of MNIST goes "
            "with file."
        )
    whole = settings.get("sequence") or settings.get("task") == "classify" or holds_sequences(name)
    return compose("sequences" if whole else "file", {"file": name, **settings})


def names_file(start: str) -> bool:
    """Return whether `start` is the path of a file or folder rather than the name of a recipe or data set."""
    if start in RECIPES or start in DATASETS:
        return False
    try:
        return bool(Path(start).suffix) or Path(start).expanduser().exists()
    except (OSError, RuntimeError):  # too long for a name, or a home that nobody has
        return False


def train(
    x: Any,
    y: Any = None,
    *,
    classes: Sequence[str] | str = (),
    callback: Callable[[float, dict[str, float]], Any] | None = None,
    max_seconds: float | None = None,
    verbose: float = 1,
    save: bool | str | os.PathLike[str] = True,
    **settings: Any,
) -> Run:
    """Train, and return the run.

    Args:
        x: Name of a recipe or data set, an experiment, the path of a file, or your own sequences: `(N, T, F)` or
            `(N, T)`, a list of arrays of unequal length, or one series `(T,)` or `(T, F)`; arrays, lists and data
            frames. In a data frame, `target`, `features`, `sequence` and `group` name columns.
        y: For your own sequences: the classes `(N,)`, or one class or value per step.
        classes: Names of the classes in the order wanted; sorted when empty.
        callback: Called as `callback(updates, metrics)` about 20 times a second, on the calling thread; False stops
            the training.
        max_seconds: Stop, and keep what was learned, after this long.
        verbose: 0 for silence, 1 for a line of progress now and then.
        save: True keeps the run in the run list, a path keeps it there, False only in memory.
        **settings: Anything `describe` lists: cell, units, learning_rate, task, window ...

    Raises:
        UnknownNameError: No such recipe, data set or setting.
        SettingError: A value is not allowed.
        DataError: The data cannot be used as they are.

    A run that cannot be saved (a full disk) is returned all the same; its `warnings` say so and its `path` is empty.
    Ctrl-C ends the training as soon as it can, keeps the run as stopped, and goes on as KeyboardInterrupt; a second one
    is raised at once. An error of the callback keeps the run as well.
    """
    _check(callback, max_seconds, save)
    chosen, data = _what(x, y, classes, settings)
    limit = None if max_seconds is None else time.monotonic() + float(max_seconds)
    listener = Listener(callback, lines=bool(verbose))
    with held_back() as ctrl_c:

        def emit(event: Event) -> None:
            ctrl_c.waits = ctrl_c.waits or isinstance(event, Started)
            listener(event)

        def should_stop() -> bool:
            return listener.stop or ctrl_c.pressed or (limit is not None and time.monotonic() > limit)

        run = train_experiment(chosen, emit, should_stop, data=data, save=save)
    if ctrl_c.pressed:
        raise KeyboardInterrupt(_stopped(run))
    if listener.error is not None:
        raise listener.error
    return run


def train_experiment(
    chosen: Experiment,
    emit: Emit,
    should_stop: Callable[[], bool],
    *,
    data: SequenceData | None = None,
    save: bool | str | os.PathLike[str] = True,
) -> Run:
    """Train an experiment, keep the run, and return it; what window, command line and `train` have in common.

    A Ctrl-C ends the training; the run is kept as stopped before it is passed on as KeyboardInterrupt.
    """
    if not isinstance(save, bool):
        store.check_free(Path(save).expanduser().absolute())  # before hours of training, not after
    from rnnstudio.engine.train import train as train_engine

    trained = train_engine(chosen, emit, should_stop, data)
    run = run_of(trained)
    if save is not False:
        try:
            run.save(None if save is True else save)
        except StoreError as error:  # what was learned must not be lost with it
            run.warnings.append(str(error))
    if trained.interrupted:
        raise KeyboardInterrupt(_stopped(run))
    return run


def _stopped(run: Run) -> str:
    return f"stopped; the run is kept as {run.name}" if run.name else "stopped"


def load(run: str | os.PathLike[str]) -> Run:
    """Return a saved run.

    Args:
        run: Its folder, its .rnnrun file, its name in the run list, or `latest`.

    Raises:
        UnknownNameError: There is none.
        StoreError: It is damaged, or of a newer version.
        SettingError: It is neither a name nor a path.
    """
    if not isinstance(run, (str, os.PathLike)):
        raise SettingError(f"run must be a run's name, its folder or 'latest'; received {run!r}.", "run")
    return store.load(run)


def open_studio() -> int:
    """Open the window in a process of its own and return its process id at once."""
    return subprocess.Popen(child.command(), env=child.environment(), start_new_session=True).pid


def _check(callback: object, max_seconds: Any, save: object) -> None:
    """Refuse what `train` cannot use before anything is computed."""
    if callback is not None and not callable(callback):
        raise SettingError(f"callback must be a function or None; received {callback!r}.", "callback")
    above_0 = not isinstance(max_seconds, bool) and isinstance(max_seconds, Real) and float(max_seconds) > 0
    if max_seconds is not None and not above_0:
        raise SettingError(f"max_seconds must be a number above 0 or None; received {max_seconds!r}.", "max_seconds")
    if not isinstance(save, (bool, str, os.PathLike)) or save == "":
        raise SettingError(f"save must be True, False or the path of a folder; received {save!r}.", "save")


def _what(
    x: Any, y: Any, classes: Sequence[str] | str, settings: dict[str, Any]
) -> tuple[Experiment, SequenceData | None]:
    """Return the experiment that is meant, and the caller's own data where they are arrays."""
    names = [classes] if isinstance(classes, str) else list(classes)
    if names and isinstance(x, Experiment):
        raise SettingError(_OWN_CLASSES, "classes")
    if isinstance(x, Experiment):
        if settings or y is not None:
            raise SettingError(
                "An experiment is complete in itself: leave y and the settings out, or give a recipe's name instead."
            )
        return x, None
    if isinstance(x, (str, os.PathLike)):
        if y is not None:
            raise DataError("y goes with your own arrays; a recipe, data set or file brings its own targets.")
        chosen = experiment(x, **settings)
        if names and "classes" not in type(chosen.data).model_fields:
            raise SettingError(_OWN_CLASSES, "classes")
        return (experiment(x, classes=names, **settings) if names else chosen), None
    from rnnstudio.library.datasets.arrays import from_arrays

    if "task" not in settings and y is not None:
        raise SettingError(
            "task must be one of classify, label, regress for your own x and y; received nothing.", "task"
        )
    if "task" not in settings and settings.get("sequence"):
        settings = {**settings, "task": "classify"}
    chosen = compose("arrays", settings)
    return chosen, from_arrays(x, y, chosen.data, chosen.seed, names)  # type: ignore[arg-type]
