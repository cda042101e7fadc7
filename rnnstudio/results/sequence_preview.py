"""What a person sees of labelled sequences before they are imported: classes or values, and a few sequences of each."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rnnstudio.core.labels import class_name
from rnnstudio.core.sequence_values import sequence_values
from rnnstudio.reading.preview import small_plot
from rnnstudio.reading.series.labelled import LabelledSequences

_EXAMPLES = 4  # of each class
_MAX_DRAWN = 3  # features
_MAX_CLASSES = 200
_RANGES = 6  # of values


@dataclass(frozen=True)
class ClassPreview:
    """A class, or a range of values, with a few of its sequences.

    Attributes:
        name: Its name, such as "walk" or "0.5 to 2".
        train: Number of its sequences, without those of a test file.
        test: Number of its sequences in the test file.
        lengths: Steps of its shortest and of its longest sequence.
        examples: A few sequences as small plots, `(features, 2, stretches)`: least and greatest values.
        shares: Length of each of them as a share of the longest sequence of all.
    """

    name: str
    train: int
    test: int
    lengths: tuple[int, int]
    examples: tuple[NDArray[np.float64], ...]
    shares: tuple[float, ...]


@dataclass(frozen=True)
class SequencePreview:
    """The classes of labelled sequences, at most 200, or ranges of their values.

    Attributes:
        classes: The classes, in the order of the file or of their names.
        features: Names of the features that are drawn.
        ranges: Least and greatest value of each of them in all examples, `(features, 2)`.
        has_test: Whether the file defines a test set.
        has_values: Whether the classes are ranges of values.
    """

    classes: tuple[ClassPreview, ...]
    features: tuple[str, ...]
    ranges: NDArray[np.float64]
    has_test: bool
    has_values: bool = False


def sequence_preview_of(labelled: LabelledSequences) -> SequencePreview:
    """Return the preview of labelled sequences.

    >>> labelled = LabelledSequences(
    ...     "a", np.arange(6.0).reshape(3, 2, 1), np.array(["up", "down", "up"]), ("x",), lambda *_: ""
    ... )
    >>> [(c.name, c.train, len(c.examples)) for c in sequence_preview_of(labelled).classes]
    [('down', 1, 1), ('up', 2, 2)]
    """
    names, codes = _value_ranges(labelled) if labelled.has_values else np.unique(labelled.labels, return_inverse=True)
    order = [name for name in labelled.classes if name in names] if labelled.classes else []
    codes_of = {class_name(name): i for i, name in enumerate(names)}
    ordered = [*order, *(name for name in codes_of if name not in order)][:_MAX_CLASSES]
    test = np.zeros(len(codes), bool) if labelled.test is None else labelled.test
    lengths = np.array([len(sequence) for sequence in labelled.sequences])
    drawn = range(min(_MAX_DRAWN, len(labelled.features)))
    classes = []
    for name in ordered:
        members = np.flatnonzero(codes == codes_of[name])
        of_training = members[~test[members]]
        candidates = of_training if len(of_training) else members
        chosen = candidates[np.unique(np.linspace(0, len(candidates) - 1, _EXAMPLES).astype(int))]
        plots = [
            np.stack([small_plot(np.asarray(labelled.sequences[i][:, j], np.float64)) for j in drawn]) for i in chosen
        ]
        classes.append(
            ClassPreview(
                name=name,
                train=len(of_training),
                test=len(members) - len(of_training),
                lengths=(int(lengths[members].min()), int(lengths[members].max())),
                examples=tuple(plots),
                shares=tuple(float(lengths[i] / lengths.max()) for i in chosen),
            )
        )
    return SequencePreview(
        tuple(classes),
        tuple(labelled.features[j] for j in drawn),
        np.array([_range([plot[j] for c in classes for plot in c.examples]) for j in drawn]),
        labelled.test is not None,
        labelled.has_values,
    )


def _value_ranges(labelled: LabelledSequences) -> tuple[NDArray[Any], NDArray[np.intp]]:
    """Return ranges of the values with about as many sequences each, as text, and the number of that of each."""
    values = sequence_values(labelled.labels, labelled.name)
    edges = np.unique(np.nanquantile(values, np.linspace(0, 1, _RANGES + 1))) if not np.isnan(values).all() else [0.0]
    inner = np.asarray(edges)[1:-1]
    codes = np.where(np.isnan(values), len(inner) + 1, np.searchsorted(inner, values, side="right"))
    present, codes = np.unique(codes, return_inverse=True)
    names = []
    for i, code in enumerate(present):
        own = values[codes == i]
        low, high = f"{own.min():.4g}", f"{own.max():.4g}"
        names.append("no value" if code > len(inner) else low if low == high else f"{low} to {high}")
    return np.array(names), codes


def _range(plots: list[NDArray[np.float64]]) -> tuple[float, float]:
    """Return the least and the greatest known value; 0 and 0 where none is known."""
    values = np.concatenate([plot.ravel() for plot in plots])
    known = values[np.isfinite(values)]
    return (float(known.min()), float(known.max())) if len(known) else (0.0, 0.0)
