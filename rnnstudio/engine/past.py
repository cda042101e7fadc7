"""Where windows hold the past of what is predicted, and how a network uses it; TensorFlow is not loaded."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from rnnstudio.core.settings import ModelSettings

_SMALL_START = 0.1


class NamedData(Protocol):
    """What a network's sizes follow from: what `SequenceData` and `DataInfo` have in common."""

    @property
    def task(self) -> str:
        """The task."""

    @property
    def window(self) -> int:
        """Steps in each window."""

    @property
    def frame(self) -> int:
        """Samples in a step."""

    @property
    def outputs(self) -> int:
        """Values of a prediction."""

    @property
    def known(self) -> tuple[str, ...]:
        """Names of the inputs that are known ahead."""

    @property
    def features(self) -> tuple[str, ...]:
        """Names of the inputs."""

    @property
    def target_names(self) -> tuple[str, ...]:
        """Names of what is predicted."""

    @property
    def series(self) -> tuple[str, ...]:
        """Names of several series; empty for one, and for separate sequences."""

    @property
    def classes(self) -> tuple[str, ...]:
        """Names of the classes; empty for values."""

    @property
    def period(self) -> int:
        """Samples in a season; 0 where unknown."""


@dataclass(frozen=True)
class Past:
    """Where the inputs of a network hold the past of what it predicts.

    Attributes:
        features: Number of inputs of a sample, F.
        columns: Index of each predicted value among them, `(D,)`.
        season: Samples in a season; 0 where unknown.
    """

    features: int
    columns: tuple[int, ...]
    season: int

    @classmethod
    def of(cls, data: NamedData, settings: ModelSettings) -> Past | None:
        """Return where the inputs of these data hold the past of the targets; None where it is an input only."""
        if not uses_past(settings) or data.classes or not set(data.target_names) <= set(data.features):
            return None
        columns = tuple(data.features.index(name) for name in data.target_names)
        return cls(len(data.features), columns, data.period)


def uses_past(settings: ModelSettings) -> bool:
    """Return whether a network uses the past of what it predicts in another way than as an input."""
    return settings.linear_skip or (settings.predict_change, settings.scale_windows) != ("none", "none")


def has_frozen_skip(settings: ModelSettings) -> bool:
    """Return whether a network has a linear skip connection that stays as it was fitted."""
    return settings.linear_skip and settings.freeze_linear_skip


def head_start(settings: ModelSettings) -> float:
    """Return the factor of the initial weights of the head of a network that uses the past of what it predicts.

    The first predictions are close to what they are changes from, or are those of a frozen linear skip connection.
    """
    return 0.0 if has_frozen_skip(settings) else _SMALL_START
