"""What a forecast knows of the steps it predicts: a plan of the caller or of the training's file, and the calendar."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from rnnstudio.core.columns import as_frame, has_columns
from rnnstudio.core.conversion import as_floats
from rnnstudio.core.data_info import DataInfo
from rnnstudio.core.errors import DataError, SettingError
from rnnstudio.core.feedback import planned_columns
from rnnstudio.core.known_values import following_values
from rnnstudio.core.wording import enumeration
from rnnstudio.results.forecast_origin import Origin

Matrix = NDArray[np.float64]


def known_ahead(info: DataInfo, origin: Origin, steps: int, given: Any = None) -> list[Matrix]:
    """Return what is known of the steps of a forecast of each series, `(steps, K)`; nothing where K is 0.

    Values that the caller gives count before those that stand in the data.

    Args:
        info: The description of the run's data.
        origin: Where the forecast begins, and what its data know of the steps after it.
        steps: Number of steps.
        given: Values of the columns that are known ahead, as `given_values` takes them; None for none.

    Raises:
        SettingError: A value is not known; the message names the step and the column.
        DataError: The given values have other columns.
    """
    if not info.known:
        if given is not None:
            raise SettingError("known must be left out: no input of this run is known ahead.", "known")
        return []
    count = len(origin.values)
    own = given_values(given, info, steps, count if count > 1 else 0)
    each = [None] * count if own is None else list(own) if count > 1 else [own]
    known = []
    for plan, last, values, name in zip(origin.plans, origin.last, each, origin.names or ("",), strict=True):
        found = following_values(info, plan, last, steps)
        known.append(found if values is None else np.where(np.isnan(values), found, values))
        _check_known(known[-1], info, name)
    return known


def given_values(given: Any, info: DataInfo, steps: int, series: int = 0) -> Matrix | None:
    """Return the values that a caller gives for the steps of a forecast, `(steps, K)`; NaN where there is none.

    Args:
        given: An array `(n, K)`, of one column also `(n,)`, of several series `(N, n, K)`, or a data frame or dict with
            the columns, without those of the calendar; the first row is the first step. None for none.
        info: The description of the run's data.
        steps: Number of steps.
        series: Number of series that are forecast; 0 for one.

    Raises:
        DataError: The columns are others.
    """
    if given is None:
        return None
    columns = planned_columns(info)
    if has_columns(given):
        frame = as_frame(given)
        missing = [name for name in columns if name not in frame]
        if missing:
            raise DataError(
                f"known must have the columns that are known ahead, {enumeration(columns)}; received "
                f"{enumeration([str(name) for name in frame], most=10)}."
            )
        given = frame[list(columns)].to_numpy(np.float64)
    values = np.asarray(as_floats(given, "known", allow_missing=True), np.float64)
    values = values[:, None] if values.ndim == 1 else values
    expected = ("series, " if series else "") + f"steps, {len(columns)}"
    if values.ndim != 2 + bool(series) or values.shape[-1] != len(columns) or (series and len(values) != series):
        raise DataError(
            f"known must hold a value for each step of {enumeration(columns)}, shape ({expected}); received the shape "
            f"{values.shape}."
        )
    full = np.full((*values.shape[:-2], steps, len(info.known)), np.nan)
    places = [info.known.index(name) for name in columns]
    rows = min(steps, values.shape[-2])
    full[..., :rows, places] = values[..., :rows, :]
    return full


def _check_known(values: Matrix, info: DataInfo, series: str) -> None:
    """Refuse steps at which something that is known ahead is not known."""
    unknown = np.isnan(values)
    if not unknown.any():
        return
    step, column = (int(i) for i in np.argwhere(unknown)[0])
    of_series = f" of series {series!r}" if series else ""
    planned = enumeration([repr(name) for name in planned_columns(info)], most=5)
    raise SettingError(
        f"The forecast needs {planned} for each of its {len(values):,} steps, because the run reads what is known "
        f"ahead; {info.known[column]!r} is not known at step {step + 1:,}{of_series}. Give the values with known, or "
        "add rows with them and without a value to predict at the end of the file, and train again.",
        "known",
    )
