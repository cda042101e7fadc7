"""From labelled sequences, of a file or of arrays, to a data set with one class or one value per sequence."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from rnnstudio.core.errors import DataError, SettingError
from rnnstudio.core.imputation import ImputedSequences, impute_sequences
from rnnstudio.core.labels import number_classes
from rnnstudio.core.missing import count_of, mask_names, were
from rnnstudio.core.ragged import padded
from rnnstudio.core.sequence import SequenceData
from rnnstudio.core.sequence_values import sequence_values
from rnnstudio.core.setting_types import Task
from rnnstudio.core.splitting import split_sequences
from rnnstudio.core.windows import whole_sequences
from rnnstudio.library.shared.notes import data_notes
from rnnstudio.library.shared.settings import MissingSettings, rule_of
from rnnstudio.reading.series.labelled import LabelledSequences


class LabelledSettings(MissingSettings, Protocol):
    """The settings that decide how labelled sequences become a data set."""

    @property
    def task(self) -> Task:
        """Whether a sequence has a class (classify) or a value (regress_sequence)."""

    @property
    def frame(self) -> int:
        """Samples that form one step."""

    @property
    def scale(self) -> str:
        """How features are scaled."""

    @property
    def test_fraction(self) -> float:
        """Share of the sequences for the test set."""

    @property
    def val_fraction(self) -> float:
        """Share of the sequences for the validation set."""


def from_labelled(
    labelled: LabelledSequences, settings: LabelledSettings, seed: int, classes: tuple[str, ...] = (), **about: Any
) -> SequenceData:
    """Return the sequences, padded to one length, with class numbers or values, and splits.

    Args:
        labelled: The sequences.
        settings: Task, missing values, frame, scaling and the sizes of the splits.
        seed: Decides which sequences are in which split where the file does not.
        classes: Names of the classes in order; those of the file when empty.
        **about: Further fields of `SequenceData`.

    Raises:
        DataError: Inputs are missing, a class is not among `classes`, or a value is no number.
        SettingError: The training set would be empty, or the task is classify and the file says that it holds values.
    """
    imputed = impute_sequences(labelled.sequences, rule_of(settings), labelled.where, labelled.name)
    complete, masked = imputed.remaining, tuple(labelled.features[j] for j in imputed.masked)
    targets, names = _targets(labelled, complete, settings.task, classes)
    inputs, lengths = padded(imputed.sequences)
    groups = None if labelled.groups is None else labelled.groups[complete]
    in_test = None if labelled.test is None else labelled.test[complete]
    if in_test is not None and in_test.all():
        raise DataError(f"{labelled.name} has no complete sequence in its training set.")
    train, val, test = split_sequences(
        len(inputs),
        seed,
        test_fraction=settings.test_fraction,
        val_fraction=settings.val_fraction,
        classes=targets if names else None,
        values=None if names else targets[:, 0],
        groups=groups,
        test=in_test,
    )
    data = SequenceData(
        task=settings.task,
        inputs=inputs,
        targets=targets,
        train=train,
        val=val,
        test=test,
        lengths=lengths,
        groups=groups,
        classes=names,
        features=(*labelled.features, *mask_names(masked)),
        masked_features=masked,
        target_names=(labelled.target or ("class" if names else "target"),),
        gaps=None if imputed.gaps is None else padded(imputed.gaps)[0],
        times=_times(labelled, imputed, inputs.shape[1]),
        frequency=labelled.frequency,
        account=labelled.account,
        **whole_sequences(inputs, settings.frame, lengths),
        **about,
    )
    return replace(data, notes=(*labelled.notes, *imputed.notes, *data_notes(data, settings.scale)))


def _targets(
    labelled: LabelledSequences, complete: NDArray[np.bool_], task: Task, classes: tuple[str, ...]
) -> tuple[NDArray[Any], tuple[str, ...]]:
    """Return class numbers, `(n,)`, and names; or values, `(n, 1)`, without names."""
    labels = labelled.labels[complete]
    if task == "regress_sequence":
        if classes:
            raise SettingError(
                "classes are for task classify; task regress_sequence predicts a value. Leave classes out.", "classes"
            )
        return sequence_values(labels, labelled.name)[:, None], ()
    if labelled.has_values:
        raise SettingError(
            f"Each sequence of {labelled.name} has a value, not a class. Set task to regress_sequence, which predicts "
            "one value per sequence.",
            "task",
        )
    if labels.dtype.kind == "f" and not np.isfinite(labels).all():
        raise DataError(f"{labelled.name} must have a class for every sequence; received missing values.")
    return number_classes(labels, f"the class of {labelled.name}", classes or labelled.classes)


def with_known_values(labelled: LabelledSequences, settings: LabelledSettings) -> LabelledSequences:
    """Return the sequences that have a value, with a note about the others; all of them for classes.

    Raises:
        DataError: A value is missing and `missing` is error, all are missing, or one is no number.
    """
    if settings.task != "regress_sequence":
        return labelled
    values = sequence_values(labelled.labels, labelled.name)
    known = ~np.isnan(values)
    if known.all():
        return labelled
    if not known.any():
        raise DataError(f"{labelled.name} has no value for any sequence, so there is nothing to predict.")
    count, first = int((~known).sum()), int(known.argmin()) + 1
    if settings.missing == "error":
        raise DataError(
            f"{labelled.name} must have a value for each sequence; received {count_of(count, 'missing value')}, the "
            f"first for sequence {first}. Set missing to past, mask or drop to leave out such sequences."
        )
    note = (
        f"{count_of(count, 'sequence')} of {labelled.name} without a value {were(count)} left out, the first is "
        f"sequence {first}."
    )
    rows, where = np.flatnonzero(known), labelled.where
    sequences = labelled.sequences
    return replace(
        labelled,
        sequences=sequences[rows] if isinstance(sequences, np.ndarray) else [sequences[i] for i in rows],
        labels=labelled.labels[rows],
        where=lambda n, step, j: where(int(rows[n]), step, j),
        groups=None if labelled.groups is None else labelled.groups[rows],
        test=None if labelled.test is None else labelled.test[rows],
        times=None if labelled.times is None else [labelled.times[i] for i in rows],
        names=tuple(labelled.names[i] for i in rows) if labelled.names else (),
        notes=(*labelled.notes, note),
    )


def _times(labelled: LabelledSequences, imputed: ImputedSequences, steps: int) -> NDArray[np.datetime64] | None:
    """Return the stamps of the steps that remain, `(N, T)`, NaT in padding; None where the file holds none."""
    if labelled.times is None:
        return None
    times = np.full((len(imputed.kept), steps), np.datetime64("NaT"), "datetime64[ns]")
    for row, i, kept in zip(times, np.flatnonzero(imputed.remaining), imputed.kept, strict=True):
        stamps = labelled.times[i][kept]
        row[: len(stamps)] = stamps
    return times
