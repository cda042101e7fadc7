"""Whether separate sequences have classes or values, where the caller names no task."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

import numpy as np

from rnnstudio.core.account import Question
from rnnstudio.core.errors import RnnStudioError, SettingError
from rnnstudio.core.experiment import compose
from rnnstudio.core.names import names_in
from rnnstudio.library.shared.reading_settings import TextSettings
from rnnstudio.reading.files import read_file, read_head
from rnnstudio.reading.sequence_files import declares_values
from rnnstudio.reading.series.labelled import has_fractions
from rnnstudio.reading.table import Table

SequenceTask = Literal["classify", "regress_sequence"]
_MIN_SEQUENCES = 8  # from which on many different whole numbers are asked about


def task_of_file(path: str, settings: Mapping[str, Any]) -> SequenceTask:
    """Return the task of a file of separate sequences: regress_sequence where their targets are numbers, not classes.

    Args:
        path: The file.
        settings: Settings by flat name, without `task`; with `sequence` and `target` it is a table.

    Raises:
        SettingError: A table leaves it open.
        DataError: The file cannot be read.
    """
    if not settings.get("sequence"):
        return "regress_sequence" if declares_values(path) else "classify"
    if not settings.get("target"):
        return "classify"  # which the data set refuses, with its columns
    known = {name: value for name, value in settings.items() if name in TextSettings.model_fields}
    data = compose("sequences", {"file": path, "task": "regress_sequence", **known, **_columns(settings)}).data
    assert isinstance(data, TextSettings)
    options = data.read_options()
    try:
        table = read_head(path, options) or read_file(path, "", options)
    except RnnStudioError:
        return "classify"  # the training reports what is wrong
    return task_of_table(table, settings)


def task_of_table(table: Table, settings: Mapping[str, Any]) -> SequenceTask:
    """Return the task of a table with a row for each step; see `task_of_file`.

    Raises:
        SettingError: The targets are whole numbers of which few occur twice, so that either is possible.
    """
    task = _task_or_question(table, settings)
    if isinstance(task, Question):
        raise SettingError(f"{task.sentence} {task.advice}", "task")
    return task


def task_question(table: Table, settings: Mapping[str, Any]) -> Question | None:
    """Return the question whether the targets of sequences are classes or values; None where it is clear or answered.

    Args:
        table: A table with a row for each step.
        settings: Settings by flat name, as the caller gave them.
    """
    task = "classify" if "task" in settings else _task_or_question(table, settings)
    return task if isinstance(task, Question) else None


def _task_or_question(table: Table, settings: Mapping[str, Any]) -> SequenceTask | Question:
    target, sequence = str(settings.get("target", "")), names_in(str(settings.get("sequence", "")))
    if not sequence or target not in table.columns or not set(sequence) <= set(table.columns):
        return "classify"
    values, share = table.to_floats(target)
    values = values[~np.isnan(values)]
    if not len(values) or share < 1 - float(np.mean(table.cells[target].isna())):
        return "classify"
    if has_fractions(values):
        return "regress_sequence"
    names = zip(*(table.texts(name).tolist() for name in sequence), strict=True)
    count, distinct = len(set(names)), np.unique(values)
    is_counted = distinct[0] in (0, 1) and len(distinct) == distinct[-1] - distinct[0] + 1
    if count >= _MIN_SEQUENCES and len(distinct) > count / 2 and not is_counted:
        return Question(
            "task",
            {"regress_sequence": "they are values", "classify": "they are classes"},
            f"Column {target!r} of {table.name} holds {len(distinct):,} different whole numbers for {count:,} "
            "sequences.",
            target,
        )
    return "classify"


def _columns(settings: Mapping[str, Any]) -> dict[str, Any]:
    return {name: settings[name] for name in ("sequence", "target", "group", "variable") if settings.get(name)}
