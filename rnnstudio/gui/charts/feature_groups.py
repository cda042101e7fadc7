"""Which features of a sequence share one small plot, and which sequences are drawn as images."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

_MAX_LINES = 12  # features drawn as lines; with more the sequence is drawn as an image
_MAX_SHARED = 4  # features without a common prefix that share one vertical axis
_MIN_SHARE = 0.1  # of a shared axis, on which a line can still be read
_WITH_UNIT = re.compile(r"^(.*?)\s*[\(\[]([^()\[\]]*)[\)\]]$")
_WITH_SUFFIX = re.compile(r"^(.*)[_ .-]([^_ .-]{1,5})$")


@dataclass(frozen=True)
class FeatureGroup:
    """Features on one vertical axis.

    Attributes:
        title: Common name of the features, with their unit where it is known.
        unit: Their unit; empty where unknown.
        features: Their indices.
        labels: What distinguishes them, such as "x", "y", "z".
    """

    title: str
    unit: str
    features: tuple[int, ...]
    labels: tuple[str, ...]


def feature_groups(names: Sequence[str], ranges: NDArray[np.float64] | None = None) -> list[FeatureGroup]:
    """Return the features in groups; names that differ only in their suffix, such as acc_x and acc_y, share one.

    A unit in brackets at the end of a name, such as "acc_x (g)", belongs to the group.

    Args:
        names: Names of the features.
        ranges: Lowest and highest value of each feature, `(F, 2)`, where they are known: features of very different
            magnitude do not share an axis, on which some of them would be flat lines.
    """
    groups = _groups_by_name(names)
    if ranges is None:
        return groups
    return [part for group in groups for part in ([group] if _is_readable(group, ranges) else _singles(group, names))]


def _is_readable(group: FeatureGroup, ranges: NDArray[np.float64]) -> bool:
    """Return whether each line takes a good part of the axis that the group shares."""
    of_group = ranges[list(group.features)]
    spans = of_group[:, 1] - of_group[:, 0]
    shared = of_group[:, 1].max() - of_group[:, 0].min()
    return bool((spans[spans > 0] >= _MIN_SHARE * shared).all())


def _singles(group: FeatureGroup, names: Sequence[str]) -> list[FeatureGroup]:
    return [
        FeatureGroup(_with_unit(_split_unit(names[i])[0], group.unit), group.unit, (i,), ("",)) for i in group.features
    ]


def _groups_by_name(names: Sequence[str]) -> list[FeatureGroup]:
    members_of: dict[tuple[str, str], list[tuple[int, str]]] = {}
    for i, name in enumerate(names):
        stem, unit = _split_unit(name)
        suffixed = _WITH_SUFFIX.match(stem)
        prefix, label = (suffixed.group(1), suffixed.group(2)) if suffixed else (stem, "")
        members_of.setdefault((prefix, unit), []).append((i, label))
    all_single = all(len(members) == 1 for members in members_of.values())
    if all_single and len(names) <= _MAX_SHARED and len({unit for _, unit in members_of}) == 1:
        unit = next(iter(members_of))[1]
        stems = tuple(_split_unit(name)[0] for name in names)
        title = stems[0] if len(names) == 1 else "values"
        labels = stems if len(names) > 1 else ("",)
        return [FeatureGroup(_with_unit(title, unit), unit, tuple(range(len(names))), labels)]
    groups = []
    for (prefix, unit), members in members_of.items():
        features, labels = zip(*members, strict=True)
        single = len(members) == 1
        title = _split_unit(names[features[0]])[0] if single else prefix
        groups.append(FeatureGroup(_with_unit(title, unit), unit, features, ("",) if single else labels))
    return groups


def _split_unit(name: str) -> tuple[str, str]:
    match = _WITH_UNIT.match(name)
    return (match.group(1), match.group(2)) if match else (name, "")


def _with_unit(name: str, unit: str) -> str:
    return f"{name} ({unit})" if unit else name


def is_image(features: int) -> bool:
    """Return whether a sequence has too many features to draw them as lines."""
    return features > _MAX_LINES
