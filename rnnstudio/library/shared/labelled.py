"""From labelled sequences, read from a file or passed as arrays, to a data set of task classify."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from rnnstudio.core.errors import DataError
from rnnstudio.core.imputation import ImputedSequences, impute_sequences
from rnnstudio.core.labels import number_classes
from rnnstudio.core.missing import mask_names
from rnnstudio.core.ragged import padded
from rnnstudio.core.sequence import SequenceData
from rnnstudio.core.splitting import split_sequences
from rnnstudio.core.windows import whole_sequences
from rnnstudio.library.shared.notes import data_notes
from rnnstudio.library.shared.settings import MissingSettings, rule_of
from rnnstudio.reading.series.labelled import LabelledSequences


class LabelledSettings(MissingSettings, Protocol):
    """The settings that decide how labelled sequences become a data set."""

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
    """Return the sequences, padded to one length, with class numbers and splits.

    Args:
        labelled: The sequences.
        settings: Missing values, frame, scaling and the sizes of the splits.
        seed: Decides which sequences are in which split where the file does not.
        classes: Names of the classes in order; those of the file when empty.
        **about: Further fields of `SequenceData`.

    Raises:
        DataError: Values are missing, or a class is not among `classes`.
        SettingError: The training set would be empty.
    """
    imputed = impute_sequences(labelled.sequences, rule_of(settings), labelled.where, labelled.name)
    complete, masked = imputed.remaining, tuple(labelled.features[j] for j in imputed.masked)
    targets, names = number_classes(
        labelled.labels[complete], f"the class of {labelled.name}", classes or labelled.classes
    )
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
        classes=targets,
        groups=groups,
        test=in_test,
    )
    data = SequenceData(
        task="classify",
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
        target_names=(labelled.target or "class",),
        gaps=None if imputed.gaps is None else padded(imputed.gaps)[0],
        times=_times(labelled, imputed, inputs.shape[1]),
        frequency=labelled.frequency,
        account=labelled.account,
        **whole_sequences(inputs, settings.frame, lengths),
        **about,
    )
    return replace(data, notes=(*labelled.notes, *imputed.notes, *data_notes(data, settings.scale)))


def _times(labelled: LabelledSequences, imputed: ImputedSequences, steps: int) -> NDArray[np.datetime64] | None:
    """Return the stamps of the steps that remain, `(N, T)`, NaT in padding; None where the file holds none."""
    if labelled.times is None:
        return None
    times = np.full((len(imputed.kept), steps), np.datetime64("NaT"), "datetime64[ns]")
    for row, i, kept in zip(times, np.flatnonzero(imputed.remaining), imputed.kept, strict=True):
        stamps = labelled.times[i][kept]
        row[: len(stamps)] = stamps
    return times
