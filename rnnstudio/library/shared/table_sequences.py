"""From a long table with a row for each step to a data set of labelled sequences."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from rnnstudio.core.imputation import impute_sequences
from rnnstudio.core.names import names_in
from rnnstudio.core.sequence import SequenceData
from rnnstudio.library.shared.labelled import LabelledSettings, from_labelled
from rnnstudio.library.shared.settings import rule_of
from rnnstudio.reading.categories import has_categories, learn_categories
from rnnstudio.reading.series.labelled import LabelledSequences
from rnnstudio.reading.series.labelled_table import labelled_from_table
from rnnstudio.reading.series.sequence_names import with_joined_names
from rnnstudio.reading.table import Table


class LongTableSettings(LabelledSettings, Protocol):
    """The settings that name the columns of a long table."""

    @property
    def sequence(self) -> str:
        """The column that identifies the sequence of each row."""

    @property
    def target(self) -> str:
        """The column of classes or values."""

    @property
    def features(self) -> str:
        """The input columns, separated by commas; all other numeric columns when empty."""

    @property
    def group(self) -> str:
        """The column of persons or devices; empty for none."""


def sequences_from_table(
    table: Table, settings: LongTableSettings, seed: int, classes: Sequence[str] = ()
) -> SequenceData:
    """Return the sequences of a long table; the values of text inputs are learned from the training set.

    Args:
        table: The table.
        settings: Columns, missing values and splits.
        seed: Decides which sequences are in which split.
        classes: Names of the classes in order; those of the table when empty.

    Raises:
        DataError: A column is missing, or values are missing and refused.
        SettingError: A column is not named, or the training set would be empty.
    """
    features, notes, account = names_in(settings.features), list[str](), table.account
    if has_categories(table, features):
        table, features, notes = learn_categories(table, features, _trained_rows(table, settings, seed, classes))
    labelled = _labelled(table, settings, features)
    labelled = replace(labelled, notes=(*labelled.notes, *notes), account=account)
    return from_labelled(labelled, settings, seed, tuple(classes))


def _labelled(table: Table, settings: LongTableSettings, features: Sequence[str]) -> LabelledSequences:
    return labelled_from_table(
        table,
        settings.sequence,
        settings.target,
        features,
        settings.group,
        settings.missing,
        has_values=settings.task == "regress_sequence",
    )


def _trained_rows(table: Table, settings: LongTableSettings, seed: int, classes: Sequence[str]) -> NDArray[np.bool_]:
    """Return a mask of the rows of the training sequences, which do not depend on the texts, `(rows,)`."""
    table, features, _ = learn_categories(table, names_in(settings.features), None)
    labelled = _labelled(table, settings, features)
    data = from_labelled(labelled, settings, seed, tuple(classes))
    imputed = impute_sequences(labelled.sequences, rule_of(settings), labelled.where, labelled.name)
    remaining = np.array(labelled.names)[imputed.remaining]
    names = with_joined_names(table, settings.sequence).texts(settings.sequence)
    return np.isin(names.astype(str), remaining[data.train])
