"""Which inputs of the next block of a forecast are predictions of the last one, and how far a forecast reaches."""

from __future__ import annotations

from collections.abc import Sequence

from rnnstudio.core.data_info import DataInfo
from rnnstudio.core.errors import SettingError
from rnnstudio.core.feedback import past_only
from rnnstudio.core.wording import enumeration

_MAX_NAMES = 6  # inputs in a message


def fed_back(info: DataInfo) -> tuple[int, ...]:
    """Return the index of the predicted value that each input is later, `(F,)`; -1 for an input that is not predicted.

    >>> info = DataInfo("forecast", ("a", "b"), ("b",), (), 1, 3, "", "step", False, True, {})
    >>> fed_back(info)
    (-1, 0)
    """
    if info.autoregressive:
        return tuple(range(len(info.input_names)))
    targets = {name: i for i, name in enumerate(info.target_names)}
    return tuple(targets.get(name, -1) for name in info.input_names)


def horizon_of(info: DataInfo) -> int:
    """Return how many steps one call of the network forecasts."""
    return info.outputs // len(info.target_names) if info.task == "forecast" else 1


def check_forecasts(info: DataInfo) -> None:
    """Check that a run forecasts values after the end of its series.

    Raises:
        SettingError: It predicts classes, or values from inputs of the same steps.
    """
    if info.task == "forecast" or info.autoregressive:
        return
    raise SettingError(
        "forecast needs a run of task forecast, or one that predicts its own input series; this one predicts "
        f"{enumeration(info.target_names, most=_MAX_NAMES)} (task {info.task}). Use predict with the inputs of the "
        "steps to predict.",
        "steps",
    )


def check_reach(info: DataInfo, steps: int, train_again: str) -> None:
    """Check that a forecast has the inputs for all its steps.

    Args:
        info: The data of the run.
        steps: Steps of the forecast.
        train_again: The command that trains again for these steps.

    Raises:
        SettingError: It goes beyond the horizon, and an input is known only for the past; the suggestion is `steps`.
    """
    horizon, unknown = horizon_of(info), past_only(info)
    if steps <= horizon or not unknown:
        return
    raise SettingError(
        f"steps must be at most {horizon:,}, the horizon of this run; received {steps:,}. Later steps need values of "
        f"{listed_inputs(unknown)}, which the run reads and does not predict. Name with known what is known "
        f"ahead, or train again for this horizon: {train_again}",
        "horizon",
        str(steps),
    )


def listed_inputs(names: Sequence[str]) -> str:
    """Return names of inputs in a sentence."""
    return enumeration(names, most=_MAX_NAMES)
