"""How a file or data frame is read, without a training."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np

from rnnstudio.core.account import Account, ColumnAccount
from rnnstudio.core.columns import as_columns, as_frame, has_columns
from rnnstudio.core.errors import DataError, SettingError
from rnnstudio.core.experiment import compose
from rnnstudio.core.labels import class_name
from rnnstudio.core.missing import count_of
from rnnstudio.core.sequence_values import sequence_values
from rnnstudio.core.settings import DataSettings
from rnnstudio.library.datasets.sequences import SequencesSettings, read_labelled
from rnnstudio.library.shared.reading_settings import TextSettings
from rnnstudio.library.shared.target_columns import first_target
from rnnstudio.reading.files import read_file
from rnnstudio.reading.sequence_files import holds_sequences
from rnnstudio.reading.series.labelled import LabelledSequences
from rnnstudio.reading.table import Table
from rnnstudio.results.open_gaps import gap_question
from rnnstudio.results.sequence_task import task_question
from rnnstudio.results.source import experiment_of


def account_of(x: Any, settings: Mapping[str, Any]) -> Account:
    """Return how a file or data frame is read; see `rnnstudio.inspect`.

    Raises:
        DataError: It cannot be read, or `x` is neither.
        SettingError: A setting is unknown or does not fit.
    """
    x = as_columns(x)
    if has_columns(x):
        from rnnstudio.reading.value_columns import frame_table

        chosen = compose("arrays", settings).data
        assert isinstance(chosen, TextSettings)
        options = chosen.read_options()
        named = getattr(chosen, "sequence", "")
        table = frame_table("x", as_frame(x), replace(options, series=None) if named else options)
        return _with_questions(table, chosen, settings)
    if isinstance(x, (str, os.PathLike)):
        data = _data_settings(str(x), settings)
        has_values = data.task == "regress_sequence"
        of_sequences = isinstance(data, SequencesSettings) and not data.sequence
        if of_sequences and holds_sequences(str(x), is_wanted=True, has_values=has_values):
            assert isinstance(data, SequencesSettings)
            labelled = replace(read_labelled(data), has_values=has_values)
            account = account_of_sequences(labelled)
            question = gap_question(labelled, account, data)
            return replace(account, questions=(*account.questions, question)) if question else account
        if not isinstance(data, TextSettings):
            raise DataError(
                f"The path of a file or a data frame is expected; received {str(x)!r}, a recipe or data set."
            )
        variable = first_target(getattr(data, "target", ""))
        return _with_questions(read_file(str(x), variable, data.read_options()), data, settings)
    raise DataError(f"The path of a file or a data frame is expected; received {type(x).__name__}.")


def _data_settings(path: str, settings: Mapping[str, Any]) -> DataSettings:
    """Return the settings with which a file is read; whether sequences have classes or values may be open."""
    try:
        return experiment_of(path, settings).data
    except SettingError as error:
        if error.field != "task" or "task" in settings:
            raise
        return experiment_of(path, {**settings, "task": "classify"}).data


def _with_questions(table: Table, settings: DataSettings, chosen: Mapping[str, Any]) -> Account:
    """Return the account of a table with the questions about gaps and classes that a training refuses.

    Args:
        table: The table.
        settings: The settings with which it is read.
        chosen: Those that the caller gave.
    """
    assert table.account is not None
    asked = [gap_question(table, table.account, settings), task_question(table, chosen)]
    return replace(table.account, questions=(*table.account.questions, *filter(None, asked)))


def account_of_sequences(labelled: LabelledSequences) -> Account:
    """Return the account of labelled sequences."""
    lengths = [len(sequence) for sequence in labelled.sequences]
    missing = np.zeros(len(labelled.features), np.int64)
    for sequence in labelled.sequences:
        missing += np.isnan(sequence).sum(axis=0)
    classes: dict[str, int] = {}
    said: tuple[str, ...] = ()
    if labelled.has_values:
        said = (values_note(labelled),)
    else:
        names, counts = np.unique(labelled.labels, return_counts=True)
        classes = {class_name(name): int(count) for name, count in zip(names, counts, strict=True)}
    about = labelled.account or Account(labelled.name, "labelled sequences", 0, ())
    return replace(
        about,
        rows=sum(lengths),
        columns=tuple(
            ColumnAccount(name, "number", missing=int(count), missing_marks={"": int(count)} if count else {})
            for name, count in zip(labelled.features, missing, strict=True)
        ),
        sequences=len(lengths),
        lengths=(min(lengths), max(lengths)),
        classes=classes,
        assumed=(*said, *labelled.notes),
    )


def values_note(labelled: LabelledSequences) -> str:
    """Return the sentence about the values of sequences: their range, and how many there are."""
    values = sequence_values(labelled.labels, labelled.name)
    known = values[~np.isnan(values)]
    if not len(known):
        return "No sequence has a value."
    without = count_of(len(values) - len(known), "sequence")
    others = f"; {without} without a value will be left out" if len(known) < len(values) else ""
    return f"Each sequence has a value, {known.min():.6g} to {known.max():.6g}, mean {known.mean():.4g}{others}."
