"""Notes for the user about data that can be read but limit what can be learned."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from rnnstudio.core.missing import count_of, were
from rnnstudio.core.precision import MAX_ERROR, columns_too_close
from rnnstudio.core.sequence import SequenceData, flat_steps
from rnnstudio.core.wording import listed

MAX_NAMED = 5


def data_notes(data: SequenceData, scale: str) -> tuple[str, ...]:
    """Return notes about samples that are not read, constant features and rare classes.

    Args:
        data: The data set.
        scale: Its setting `scale`.
    """
    notes = []
    notes += _unread_samples(data)
    if scale != "none":
        steps = flat_steps(data.inputs)[data.covered(data.train)]
        constant = [n for n, same in zip(data.features, steps.min(axis=0) == steps.max(axis=0), strict=True) if same]
        if constant:
            verb, pronoun = ("is", "it") if len(constant) == 1 else ("are", "them")
            notes.append(
                f"{_named('Feature', constant)} {verb} constant in the training set: scaling makes {pronoun} 0, and "
                f"the network learns nothing from {pronoun}."
            )
    notes += _too_close(data, scale)
    if data.classes:
        notes += _rare_classes(data)
    return tuple(notes)


def _unread_samples(data: SequenceData) -> list[str]:
    """Return a note about samples at the ends of separate sequences that do not fill a frame."""
    if not data.target_per_sequence or data.one_series:
        return []
    lengths = data.mask().sum(axis=1)[data.starts // data.inputs.shape[1]]
    unread = lengths - data.read_samples(np.arange(len(data.starts), dtype=np.int32))
    if not unread.any():
        return []
    if unread.min() == unread.max() and lengths.min() == lengths.max():
        return [f"frame {data.frame} does not divide {lengths[0]:,} samples: the last {unread[0]:,} are not used."]
    return [
        f"A step is a whole frame of {data.frame:,} samples: {count_of(int(unread.sum()), 'sample')} at the ends of "
        f"{count_of(int((unread > 0).sum()), 'sequence')} {were(int(unread.sum()))} not used, at most "
        f"{unread.max():,} of each."
    ]


def _too_close(data: SequenceData, scale: str) -> list[str]:
    """Return a note about columns of the training set whose differences between steps float32 rounds."""
    names: dict[str, None] = {}
    rows = data.covered(data.train)
    for columns, values in ((data.features, data.inputs), (data.target_names, data.targets)):
        if values.dtype == np.float64:  # else nothing is rounded
            per_sequence = data.target_per_sequence and values is data.targets
            steps = values[data.train] if per_sequence else flat_steps(values)[rows]
            steps = steps[~np.isnan(steps).any(axis=1)]
            mean = steps.mean(axis=0) if scale != "none" else 0.0
            names |= {name: None for name, close in zip(columns, columns_too_close(steps - mean), strict=True) if close}
    if not names:
        return []
    advice = (
        "Subtract the trend, or use the differences between steps."
        if scale != "none"
        else "Set scale to standard, so that the mean is subtracted in double precision first."
    )
    return [
        f"{_named('Column', list(names))}: the network reads single precision (float32), which rounds the differences "
        f"between steps by more than {MAX_ERROR:.0%}. {advice}"
    ]


def _rare_classes(data: SequenceData) -> list[str]:
    if data.target_per_sequence:
        counts = np.bincount(data.targets.ravel(), minlength=len(data.classes))
        trained = np.bincount(data.targets[data.train], minlength=len(data.classes))
        single = [name for name, count in zip(data.classes, counts, strict=True) if count == 1]
    else:
        in_training = data.targets.ravel()[data.covered(data.train)]
        trained = np.bincount(in_training[in_training >= 0], minlength=len(data.classes))
        single = []
    notes = []
    if single:
        verb = "has" if len(single) == 1 else "have"
        notes.append(
            f"{_named('Class', single)} {verb} one sequence only, which cannot be in both training and test set."
        )
    unseen = [name for name, count in zip(data.classes, trained, strict=True) if not count]
    if unseen:
        verb, pronoun = ("does", "it") if len(unseen) == 1 else ("do", "them")
        notes.append(
            f"{_named('Class', unseen)} {verb} not occur in the training set, so the network cannot learn to predict "
            f"{pronoun}."
        )
    return notes


def _named(noun: str, names: list[str]) -> str:
    plural = "" if len(names) == 1 else "es" if noun.endswith("s") else "s"
    return f"{noun}{plural} {listed([repr(name[:40]) for name in names], MAX_NAMED)}"


def few_notes(notes: Sequence[str]) -> list[str]:
    """Return notes about single series, of very many the first ones.

    >>> few_notes(["One."] * 30)[-1]
    '25 more notes like these about other series are left out.'
    """
    if len(notes) <= MAX_NAMED:
        return list(notes)
    return [*notes[:MAX_NAMED], f"{len(notes) - MAX_NAMED:,} more notes like these about other series are left out."]
