"""Which features of a sequence are drawn together, and which sequences are images."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

_MOST_LINES = 12  # features drawn as lines; more are drawn as an image
_MOST_TOGETHER = 4  # features without a common name that share one axis
_UNIT = re.compile(r"^(.*?)\s*[\(\[]([^()\[\]]*)[\)\]]$")
_PARTED = re.compile(r"^(.*)[_ .-]([^_ .-]{1,5})$")


@dataclass(frozen=True)
class Group:
    """Features on one vertical axis.

    Attributes:
        title: What they are, with their unit where it is known.
        unit: Their unit; empty where unknown.
        features: Their numbers.
        labels: What tells them apart, such as "x", "y", "z".
    """

    title: str
    unit: str
    features: tuple[int, ...]
    labels: tuple[str, ...]


def groups(names: Sequence[str]) -> list[Group]:
    """Return the features in groups: those whose names differ in the last part only share one, such as acc_x and acc_y.

    A unit in brackets at the end of a name, such as "acc_x (g)", belongs to the group.
    """
    parted: dict[tuple[str, str], list[tuple[int, str]]] = {}
    for i, name in enumerate(names):
        found = _UNIT.match(name)
        stem, unit = (found.group(1), found.group(2)) if found else (name, "")
        pieces = _PARTED.match(stem)
        key, label = ((pieces.group(1), unit), pieces.group(2)) if pieces else ((stem, unit), "")
        parted.setdefault(key, []).append((i, label))
    alone = all(len(members) == 1 for members in parted.values())
    if alone and len(names) <= _MOST_TOGETHER and len({unit for _, unit in parted}) == 1:
        unit = next(iter(parted))[1]
        plain = tuple(_plain(name) for name in names)
        title = plain[0] if len(names) == 1 else "values"
        return [Group(_with_unit(title, unit), unit, tuple(range(len(names))), plain if len(names) > 1 else ("",))]
    made = []
    for (stem, unit), members in parted.items():
        numbers, labels = zip(*members, strict=True)
        single = len(members) == 1
        title = _plain(names[numbers[0]]) if single else stem
        made.append(Group(_with_unit(title, unit), unit, numbers, ("",) if single else labels))
    return made


def _plain(name: str) -> str:
    found = _UNIT.match(name)
    return found.group(1) if found else name


def _with_unit(name: str, unit: str) -> str:
    return f"{name} ({unit})" if unit else name


def is_image(features: int) -> bool:
    """Return whether there are too many features for lines."""
    return features > _MOST_LINES
