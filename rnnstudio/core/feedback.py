"""Which inputs of a network are known after the end of its data: predictions fed back, and what is known ahead."""

from __future__ import annotations

from typing import Protocol


class NamedInputs(Protocol):
    """What is read of `SequenceData` or `DataInfo`."""

    @property
    def task(self) -> str:
        """The task."""

    @property
    def features(self) -> tuple[str, ...]:
        """Names of the inputs."""

    @property
    def target_names(self) -> tuple[str, ...]:
        """Names of what is predicted."""

    @property
    def classes(self) -> tuple[str, ...]:
        """Names of the classes; empty for values."""

    @property
    def masked_features(self) -> tuple[str, ...]:
        """Inputs with two more at the end of `features`."""

    @property
    def known(self) -> tuple[str, ...]:
        """Inputs that are known ahead."""

    @property
    def calendar(self) -> tuple[str, ...]:
        """Inputs from the times of the rows."""

    @property
    def autoregressive(self) -> bool:
        """Whether the targets are the inputs, later."""


def own_past(data: NamedInputs) -> tuple[int, ...]:
    """Return the index of each predicted value among the inputs; empty where its past is no input."""
    if data.autoregressive:
        return tuple(range(len(data.target_names)))
    if data.classes or not set(data.target_names) <= set(data.features):
        return ()
    return tuple(data.features.index(name) for name in data.target_names)


def past_only(data: NamedInputs) -> tuple[str, ...]:
    """Return the inputs that are neither predicted nor known ahead.

    >>> from rnnstudio.core.windows import forecast_windows
    >>> series = np.zeros((9, 3), np.float32)
    >>> names = {"features": ("sales", "promotion", "weather"), "target_names": ("sales",)}
    >>> past_only(forecast_windows(series, series[:, :1], window=2, horizon=1, known=("promotion",), **names))
    ('weather',)
    """
    if data.autoregressive:
        return ()
    inputs = data.features[: len(data.features) - 2 * len(data.masked_features)]
    return tuple(name for name in inputs if name not in data.target_names and name not in data.known)


def runs_free(data: NamedInputs) -> bool:
    """Return whether forecasts may go beyond the horizon: each input is predicted, and fed back, or known ahead."""
    return data.autoregressive or (data.task == "forecast" and not past_only(data))


def planned_columns(data: NamedInputs) -> tuple[str, ...]:
    """Return the inputs that are known ahead and that somebody must plan: all but those of the calendar."""
    return tuple(name for name in data.known if name not in data.calendar)
