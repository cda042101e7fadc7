"""What is to be trained: a recipe, a data set, a file, an experiment or the caller's own arrays."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from rnnstudio.core.automatic import Resolved, resolve
from rnnstudio.core.catalog import DATASETS, RECIPES
from rnnstudio.core.columns import as_columns, as_frame, has_columns
from rnnstudio.core.errors import DataError, SettingError
from rnnstudio.core.experiment import Experiment, compose
from rnnstudio.core.sequence import SequenceData
from rnnstudio.core.setting_types import TASKS_PER_SEQUENCE
from rnnstudio.library.shared.reading_settings import TextSettings
from rnnstudio.reading.sequence_files import holds_sequences
from rnnstudio.results.sequence_task import task_of_file, task_of_table

_CLASSES_ELSEWHERE = (
    "classes can be set for your own arrays and files only; a recipe or data set has its own class names."
)


def is_path(start: str) -> bool:
    """Return whether `start` is the path of a file or folder rather than the name of a recipe or data set.

    >>> is_path("airline"), is_path("airline.csv")
    (False, True)
    """
    if start in RECIPES or start in DATASETS:
        return False
    try:
        return bool(Path(start).suffix) or Path(start).expanduser().exists()
    except (OSError, RuntimeError):  # too long for a path, or an unknown user's home
        return False


def experiment_of(
    start: str | os.PathLike[str], settings: Mapping[str, Any], classes: Sequence[str] = ()
) -> Experiment:
    """Return the experiment of a recipe, a data set or a file; see `rnnstudio.experiment`.

    Args:
        start: Name of a recipe or data set, or the path of a file.
        settings: Settings by flat name.
        classes: Names of the classes in order, for the data sets that take them.

    Raises:
        DataError: The path is a folder.
        SettingError: A value is not allowed, or the data have class names of their own.
        UnknownNameError: No such recipe or setting.
    """
    name, settings = str(start), dict(settings)
    if is_path(name):
        if Path(name).expanduser().is_dir():
            raise DataError(
                f"{name} is a folder; a file, a recipe or a data set is expected. Pass a folder of UCI HAR or MNIST "
                "with the setting file."
            )
        labelled = settings.get("sequence") or settings.get("task") in TASKS_PER_SEQUENCE or holds_sequences(name)
        if labelled and "task" not in settings:
            settings["task"] = task_of_file(name, settings)
        settings, name = {"file": name, **settings}, "sequences" if labelled else "file"
    if classes and not _takes_classes(name, settings):
        raise SettingError(_CLASSES_ELSEWHERE, "classes")
    return compose(name, {**settings, "classes": list(classes)} if classes else settings)


def experiment_and_data(
    x: Any, y: Any, classes: Sequence[str] | str, settings: Mapping[str, Any], continued: Experiment | None = None
) -> Experiment | Resolved:
    """Return the experiment that `train` is called for, with its data where the caller passed arrays.

    Args:
        x: See `rnnstudio.train`.
        y: See `rnnstudio.train`.
        classes: See `rnnstudio.train`.
        settings: Settings by flat name.
        continued: The experiment of the run whose weights the training starts from; see `Experiment.continuing`.

    Raises:
        DataError: The data cannot be used.
        SettingError: A value is not allowed, or arguments exclude each other.
        UnknownNameError: No such recipe or setting.
    """
    class_names = [classes] if isinstance(classes, str) else list(classes)
    if isinstance(x, Experiment):
        if class_names:
            raise SettingError(_CLASSES_ELSEWHERE, "classes")
        if settings or y is not None:
            raise SettingError(
                "An experiment contains all settings: leave out y and the settings, or pass a recipe's name instead."
            )
        return x if continued is None else x.continuing(continued)
    if isinstance(x, (str, os.PathLike)):
        if y is not None:
            raise DataError(
                "y can be passed with your own arrays only; a recipe, data set or file has its own targets."
            )
        chosen = experiment_of(x, settings, class_names)
        return chosen if continued is None else chosen.continuing(continued)
    return _experiment_of_arrays(x, y, class_names, settings, continued)


def _experiment_of_arrays(
    x: Any, y: Any, class_names: Sequence[str], settings: Mapping[str, Any], continued: Experiment | None
) -> Resolved:
    from rnnstudio.library.datasets.arrays import from_arrays

    if "task" not in settings and y is not None:
        raise SettingError(
            "task must be one of classify, label, regress, regress_sequence for your own x and y; received nothing.",
            "task",
        )
    if "task" not in settings and settings.get("sequence"):
        settings = {**settings, "task": _task_of_frame(x, settings)}

    def load(chosen: Any, seed: int) -> SequenceData:
        return from_arrays(x, y, chosen, seed, class_names)

    chosen = compose("arrays", settings)
    return resolve(chosen if continued is None else chosen.continuing(continued), load)


def _task_of_frame(x: Any, settings: Mapping[str, Any]) -> str:
    """Return the task of a data frame whose column `sequence` names the sequence of each row."""
    x = as_columns(x)
    if not has_columns(x):
        return "classify"  # the data set refuses it
    from rnnstudio.reading.value_columns import frame_table

    chosen = compose("arrays", {**settings, "task": "regress_sequence"}).data
    assert isinstance(chosen, TextSettings)
    return task_of_table(frame_table("x", as_frame(x), replace(chosen.read_options(), series=None)), settings)


def _takes_classes(start: str, settings: Mapping[str, Any]) -> bool:
    """Return whether the data set that is used has the setting classes; true where the name is unknown."""
    dataset = settings.get("dataset", RECIPES.get(start).defaults["dataset"] if start in RECIPES else start)
    return dataset not in DATASETS or "classes" in DATASETS.get(dataset).settings.model_fields
