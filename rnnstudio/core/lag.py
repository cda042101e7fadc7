"""Whether predictions of a series only follow it: they match the value before better than the value to predict."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass

_CLOSE = 0.8  # share of both errors: predictions are late where they are so much closer to the value before
_NO_BETTER = 0.99  # share of the last value's error; so little less is no gain


@dataclass(frozen=True)
class LagErrors:
    """Root mean squared errors of predictions one step ahead on the test set, in original units.

    Errors of several targets, whose units may differ, are in scaled units.

    Attributes:
        error: Against the values to predict.
        error_to_last_value: Against the last value known at the time of each prediction.
        last_value_error: Error of the last value, predicted in place of the network's.
    """

    error: float
    error_to_last_value: float
    last_value_error: float

    @property
    def is_late(self) -> bool:
        """Whether the predictions follow the values one step late, and are no better than the last value.

        >>> LagErrors(1.1, 0.3, 1.0).is_late, LagErrors(0.5, 0.9, 1.0).is_late
        (True, False)
        """
        is_close = self.error_to_last_value < _CLOSE * min(self.error, self.last_value_error)
        return is_close and self.error >= _NO_BETTER * self.last_value_error

    def to_dict(self) -> dict[str, float]:
        """Return the errors as plain values."""
        return asdict(self)

    @classmethod
    def from_dict(cls, plain: Mapping[str, float]) -> LagErrors:
        """Return the errors that `to_dict` returned."""
        return cls(**plain)
