"""From labelled sequences, wherever they came from, to what is trained on."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Protocol

import numpy as np

from rnnstudio.core.errors import DataError
from rnnstudio.core.labels import number_classes
from rnnstudio.core.missing import Missing, impute_sequences
from rnnstudio.core.ragged import padded
from rnnstudio.core.sequence import SequenceData, flat_steps
from rnnstudio.core.splitting import split_sequences
from rnnstudio.core.windows import whole_sequences
from rnnstudio.reading.labelled import LabelledSequences

_MOST_NAMED = 5


class WholeSettings(Protocol):
    """What decides how labelled sequences are used."""

    @property
    def missing(self) -> Missing:
        """What is done about missing values."""

    @property
    def frame(self) -> int:
        """Samples side by side that form one step."""

    @property
    def scale(self) -> str:
        """How features are scaled."""

    @property
    def test_fraction(self) -> float:
        """Share for testing."""

    @property
    def val_fraction(self) -> float:
        """Share for validation."""


def from_labelled(
    found: LabelledSequences, settings: WholeSettings, seed: int, classes: tuple[str, ...] = (), **about: Any
) -> SequenceData:
    """Return the sequences, padded where they are of unequal length, with classes and parts.

    Args:
        found: The sequences.
        settings: Missing values and shares.
        seed: Decides which are held out where the file does not.
        classes: Names of the classes in the order wanted; those of the file when empty.
        **about: Further fields of `SequenceData`.

    Raises:
        DataError: Values are missing, or a class is not among the classes.
        SettingError: Nothing would be left to train on.
    """
    sequences, kept, notes = impute_sequences(found.sequences, settings.missing, found.where, found.name)
    labels = found.labels[kept]
    targets, names = number_classes(labels, f"the class of {found.name}", classes or found.classes)
    inputs, lengths = padded(sequences)
    groups = None if found.groups is None else found.groups[kept]
    test = None if found.test is None else found.test[kept]
    if test is not None and test.all():
        raise DataError(f"{found.name} has no sequence to train on that is complete.")
    train, val, tested = split_sequences(
        len(inputs),
        seed,
        test_fraction=settings.test_fraction,
        val_fraction=settings.val_fraction,
        classes=targets,
        groups=groups,
        test=test,
    )
    data = SequenceData(
        task="classify",
        inputs=inputs,
        targets=targets,
        train=train,
        val=val,
        test=tested,
        lengths=lengths,
        groups=groups,
        classes=names,
        features=found.features,
        target_names=("class",),
        **whole_sequences(inputs, settings.frame),
        **about,
    )
    return replace(data, notes=(*found.notes, *notes, *remarks(data, settings.scale)))


def remarks(data: SequenceData, scale: str) -> tuple[str, ...]:
    """Return what the user should know about features that never change and classes that are hardly there."""
    found = []
    left = data.inputs.shape[1] - data.span
    if data.target_per_sequence and not data.one_series and left:
        found.append(f"frame {data.frame} leaves the last {left} of {data.inputs.shape[1]} samples unread.")
    if scale == "standard":
        steps = flat_steps(data.inputs)[data.covered(data.train)]
        still = [n for n, same in zip(data.features, steps.min(axis=0) == steps.max(axis=0), strict=True) if same]
        if still:
            found.append(
                f"{_listed('Feature', still)} never change{'s' if len(still) == 1 else ''} in the training part, so "
                "scaling makes it 0 and nothing can be learned from it."
            )
    if data.classes:
        found += _rare_classes(data)
    return tuple(found)


def _rare_classes(data: SequenceData) -> list[str]:
    everywhere = np.bincount(data.targets.ravel(), minlength=len(data.classes)) if data.target_per_sequence else None
    trained = np.bincount(
        data.targets[data.train] if data.target_per_sequence else data.targets.ravel()[data.covered(data.train)],
        minlength=len(data.classes),
    )
    found = []
    single = [name for i, name in enumerate(data.classes) if everywhere is not None and everywhere[i] == 1]
    if single:
        found.append(
            f"{_listed('Class', single)} {'has' if len(single) == 1 else 'have'} one sequence only, which cannot be "
            "both learned from and tested on."
        )
    unseen = [name for i, name in enumerate(data.classes) if not trained[i]]
    if unseen:
        found.append(
            f"{_listed('Class', unseen)} {'is' if len(unseen) == 1 else 'are'} nowhere in the training part, so the "
            "network cannot learn to tell it."
        )
    return found


def _listed(noun: str, names: list[str]) -> str:
    more = f" and {len(names) - _MOST_NAMED} more" if len(names) > _MOST_NAMED else ""
    plural = "" if len(names) == 1 else "es" if noun.endswith("s") else "s"
    return f"{noun}{plural} {', '.join(repr(name[:40]) for name in names[:_MOST_NAMED])}{more}"
