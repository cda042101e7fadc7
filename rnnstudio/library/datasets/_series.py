"""From the columns of a table, whether a file or a data frame, to one long series."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from rnnstudio.core.errors import SettingError
from rnnstudio.core.labels import number_classes
from rnnstudio.core.missing import Missing, missing_setting
from rnnstudio.core.names import Names, names_in
from rnnstudio.core.seasons import find_period
from rnnstudio.core.sequence import SequenceData
from rnnstudio.core.settings import Whole, WindowSettings, setting
from rnnstudio.core.windows import sliding_windows
from rnnstudio.library.datasets._frames import check_frame, frame_setting
from rnnstudio.library.datasets._whole import remarks
from rnnstudio.reading.table import Table


class SeriesSettings(WindowSettings):
    """What decides how the columns of a table are read as one series."""

    scale: Literal["none", "standard"] = setting(
        "standard", "Scale each feature to mean 0 and standard deviation 1, or leave it."
    )
    horizon: Whole = setting(1, "Values told after the window (task forecast).", unit="steps", ge=1, le=10_000)
    target: str = setting(
        "", "Column or variable to be told; the last column of numbers when empty.", label="Column to predict"
    )
    features: Names = setting(
        "", "Columns the target is told from, with commas; the target alone when empty (task label: all others)."
    )
    missing: Missing = missing_setting()
    frame: Whole = frame_setting("rows", " (tasks forecast and classify)")
    period: Whole = setting(
        0,
        "Steps in a season, for the seasonal naive answer; 0 finds it out.",
        unit="steps",
        ge=0,
        le=1_000_000,
        advanced=True,
    )


def from_table(table: Table, settings: SeriesSettings, task: str, classes: Sequence[str] = ()) -> SequenceData:
    """Return the series of a table.

    The target is told from the features: from itself alone where none are named (task label: from all other columns
    of numbers). Task regress tells the next value at every step, or, where the features leave the target out, its
    value at the same step.

    Raises:
        DataError: A column is missing, or a cell is no number.
        SettingError: The settings do not go together.
    """
    check_frame(settings.frame, task)
    named = names_in(settings.features)
    if task == "label":
        return _labels(table, settings, named, classes)
    target = settings.target or table.default_target()
    features = named or [target]
    columns = list(dict.fromkeys([*features, target]))
    found = table.series(columns, settings.missing)
    inputs = np.ascontiguousarray(found.values[:, : len(features)]) if len(columns) > len(features) else found.values
    autoregressive = features == [target]
    targets = inputs if autoregressive else np.ascontiguousarray(found.values[:, [columns.index(target)]])
    if task == "forecast":
        offset, steps = settings.window * settings.frame, settings.horizon
    else:
        offset, steps = (1 if target in features else 0), None
    data = sliding_windows(
        inputs,
        targets,
        task="forecast" if task == "forecast" else "regress",
        target_offset=offset,
        target_steps=steps,
        **_windows(settings),
        rate=table.rate,
        features=tuple(features),
        target_names=(target,),
        period=settings.period or _season(targets, settings),
        autoregressive=autoregressive,
    )
    return replace(data, notes=(*found.notes, *remarks(data, settings.scale)))


def _labels(table: Table, settings: SeriesSettings, named: list[str], classes: Sequence[str]) -> SequenceData:
    """Return a series with a class at every step."""
    if not settings.target:
        raise SettingError(
            f"target must name the column of classes for task label. The columns of {table.name}: "
            f"{', '.join(table.columns[:20])}.",
            "target",
        )
    table.check_columns([settings.target])
    features = named or [c for c in table.numeric_columns() if c != settings.target]
    if not features:
        raise table.no_numbers_error()
    found = table.series(features, settings.missing, also=settings.target)
    raw = table.texts(settings.target)[found.kept]
    targets, names = number_classes(raw, f"{settings.target} of {table.name}", classes)
    data = sliding_windows(
        found.values,
        targets,
        task="label",
        **_windows(settings),
        rate=table.rate,
        classes=names,
        features=tuple(features),
        target_names=(settings.target,),
    )
    return replace(data, notes=(*found.notes, *remarks(data, settings.scale)))


def _windows(settings: SeriesSettings) -> dict[str, Any]:
    names = ("window", "stride", "frame", "test_fraction", "val_fraction")
    return {name: getattr(settings, name) for name in names}


def _season(targets: NDArray[np.float32], settings: SeriesSettings) -> int:
    """Return the season of what is not tested on."""
    return find_period(targets[: len(targets) - int(len(targets) * settings.test_fraction), 0])
