"""Which columns a network reads: those that settings name, the past of what is predicted, and what is known ahead."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

import numpy as np

from rnnstudio.core.calendar_inputs import calendar_names
from rnnstudio.core.errors import SettingError
from rnnstudio.core.names import names_in
from rnnstudio.reading.table import Table


class InputSettings(Protocol):
    """The settings that name inputs."""

    @property
    def features(self) -> str:
        """The input columns, separated by commas; found when empty."""

    @property
    def known(self) -> str:
        """The columns that are known ahead, separated by commas."""

    @property
    def use_past(self) -> bool:
        """Whether the past of the predicted column is an input of a forecast."""

    @property
    def calendar(self) -> bool:
        """Whether the time column gives inputs."""

    @property
    def test_fraction(self) -> float:
        """Share of the rows in the test set."""

    @property
    def val_fraction(self) -> float:
        """Share of the rows in the validation set."""


def chosen_inputs(settings: InputSettings, task: str, targets: Sequence[str]) -> list[str]:
    """Return the columns that a network reads, in order; none where they are to be found.

    Args:
        settings: The settings that name them.
        task: forecast, regress or label.
        targets: The columns to predict.

    Raises:
        SettingError: A column to predict is known ahead, or nothing is an input, or the task predicts nothing ahead.
    """
    features, known = names_in(settings.features), names_in(settings.known)
    if task != "forecast":
        if known:
            raise SettingError(
                f"known is for task forecast; task {task} predicts the step whose inputs it reads. Name these columns "
                f"in features; received {settings.known}.",
                "known",
            )
        return features
    if both := [name for name in targets if name in known]:
        raise SettingError(
            f"known names {both[0]!r}, a column to predict, whose values are not known ahead. Leave it out, or choose "
            "another target.",
            "known",
        )
    if settings.use_past:
        features = [*(name for name in targets if name not in features), *features]
    features += [name for name in known if name not in features]
    if not features:
        raise SettingError(
            f"use_past false leaves out the past of {targets[0]!r}, and there is no other input. Name columns in "
            "features or known, or set use_past true.",
            "use_past",
        )
    return features


def chosen_calendar(settings: InputSettings, table: Table, targets: Sequence[str]) -> tuple[tuple[str, ...], list[str]]:
    """Return the names of the calendar inputs, and a sentence about them.

    Rows before validation and test set decide them.

    Args:
        settings: `calendar` and the splits.
        table: The table.
        targets: The columns to predict, which rows of a plan do not have.

    Raises:
        SettingError: Calendar inputs are wanted, and no column holds times.
    """
    if not settings.calendar:
        return (), []
    if table.times is None:
        raise SettingError(
            f"calendar needs a column of dates or times, and {table.name} has none. Name it with time, or set calendar "
            "false.",
            "calendar",
        )
    times = table.times[table.cells[list(targets)].notna().any(axis=1).to_numpy(bool)]
    stamps = np.unique(times[~np.isnat(times)])
    names = calendar_names(stamps[: int(len(stamps) * (1 - settings.test_fraction - settings.val_fraction))])
    kinds = list(dict.fromkeys(_kind(name) for name in names))
    if not kinds:
        return (), [
            "The times of the training rows show no cycle of a day, a week or a year twice: there are no calendar "
            "inputs."
        ]
    return names, [f"Calendar inputs from the time column: {', '.join(kinds)}."]


def _kind(name: str) -> str:
    """Return what a calendar input says: time of day or year, which are a sine and a cosine, weekday or month."""
    return name.rpartition(" ")[0] or ("weekday" if name.endswith("day") else "month")
