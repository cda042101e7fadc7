"""Which rows of a file a run reads, and what is to be predicted in them: found with pandas alone, from the text."""

from __future__ import annotations

import io
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from tests.combinations.table_of_series import NUMBERS, SeriesFile, written

FILLED = ("past", "mask", "error")


@dataclass(frozen=True)
class Rows:
    """The rows of one series that a run reads, in the order of time.

    Attributes:
        times: Their times, `(T,)`; None without a time column.
        truth: What is predicted, `(T, D)` float64, NaN where missing, or names of classes `(T, 1)`, None where missing.
        filled: The values that are predicted with gaps filled from the past, `(T, D)`; None for classes.
        offset: Rows before the first one, on the clock of the series.
        grid: Number of rows on this clock.
    """

    times: NDArray[np.datetime64] | None
    truth: NDArray[Any]
    filled: NDArray[np.float64] | None
    offset: int
    grid: int


def names_of(text: Any) -> list[str]:
    """Return the names in a setting."""
    return [name for name in str(text or "").split(",") if name]


def inputs_of(settings: Mapping[str, Any], columns: tuple[str, ...]) -> list[str]:
    """Return the columns that are read, as the settings describe them."""
    targets, features = names_of(settings["target"]), names_of(settings.get("features"))
    if settings["task"] != "forecast":
        return features or (targets if settings["task"] == "regress" else [c for c in NUMBERS if c in columns])
    own = targets if settings.get("use_past", True) else []
    return [*dict.fromkeys([*own, *features, *names_of(settings.get("known"))])] or targets


def read_cells(file: SeriesFile, text: str = "") -> pd.DataFrame:
    """Return the cells of a file: times, numbers, and texts that are empty where missing."""
    cells = pd.read_csv(io.StringIO(text or file.text), sep=file.style.separator, dtype=str, keep_default_na=False)
    marks = {"", file.style.missing}
    for name in NUMBERS:
        numbers = cells[name].str.replace(file.style.decimal, ".", regex=False)
        cells[name] = [float("nan") if cell in marks else float(cell) for cell in numbers]
    if "day" in cells:
        cells["day"] = pd.to_datetime(cells["day"], format=file.style.times)
        cells = cells.sort_values("day", kind="stable")
    return cells


def clocked_series(cells: pd.DataFrame, file: SeriesFile, settings: Mapping[str, Any]) -> dict[str, pd.DataFrame]:
    """Return the rows of each series on its clock: those that lack are empty where missing values are filled."""
    parts = {str(name): part for name, part in cells.groupby("shop")} if file.several else {"": cells}
    clocked = {}
    for name, whole in parts.items():
        part = whole.iloc[: settings.get("first_rows") or None]
        if "day" in part and settings["missing"] in FILLED:
            clock = pd.date_range(part["day"].iloc[0], part["day"].iloc[-1], freq=file.style.frequency)
            clocked[name] = part.set_index("day").reindex(clock).rename_axis("day").reset_index()
        else:
            clocked[name] = part.reset_index(drop=True)
    return clocked


def rows_of_file(file: SeriesFile, settings: Mapping[str, Any]) -> dict[str, Rows]:
    """Return the rows of each series of a file that a run reads, by its name; one series has the name ""."""
    parts = clocked_series(read_cells(file), file, settings)
    targets, inputs = names_of(settings["target"]), inputs_of(settings, file.columns)
    if not settings.get("columns_as_series"):
        return {name: _kept(part, targets, inputs, settings) for name, part in parts.items()}
    others = [name for name in inputs if name not in targets]
    reads_past = set(inputs) != {*others}
    return {name: _kept(parts[""], [name], [*([name] if reads_past else []), *others], settings) for name in targets}


def _kept(part: pd.DataFrame, targets: list[str], inputs: list[str], settings: Mapping[str, Any]) -> Rows:
    grid, known = len(part), names_of(settings.get("known"))
    has_classes = settings["task"] == "label"
    observed = ~_missing(part, targets)
    if known:  # the rows after the last value to predict are the plan
        part = part.iloc[: int(np.flatnonzero(observed.any(axis=1))[-1]) + 1]
        observed = observed[: len(part)]
    events = [name for name in known if part[name].isin(["", "fair", "strike"]).any()]
    gaps = _missing(part, [name for name in inputs if name not in events])
    if settings["calendar"]:  # inputs that are never missing
        gaps = np.concatenate([gaps, np.zeros((len(gaps), 1), bool)], axis=1)
    if settings["missing"] == "drop":
        rows = np.flatnonzero(~gaps.any(axis=1) & observed.all(axis=1))
    else:
        rows = np.arange(*_range(gaps, observed, inputs == targets and not settings["calendar"]))
    values = part[targets]
    truth: NDArray[Any] = values.to_numpy(object if has_classes else float)
    filled = None if has_classes else values.ffill().to_numpy(float)[rows]
    if has_classes:
        truth = np.where(observed, truth, None)
    times = part["day"].to_numpy("datetime64[ns]")[rows] if "day" in part else None
    return Rows(times, truth[rows], filled, int(rows[0]), grid)


def _missing(part: pd.DataFrame, columns: list[str]) -> NDArray[np.bool_]:
    cells = part[columns]
    return (cells.isna() | (cells == "")).to_numpy(bool)


def _range(gaps: NDArray[np.bool_], observed: NDArray[np.bool_], are_same: bool) -> tuple[int, int]:
    """Return the first row in which all inputs have been observed, and the row after the last one that is read."""
    if not gaps.any() and observed.all():
        return 0, len(gaps)
    begin, end = 0, len(gaps)
    if gaps.shape[1]:
        begin = max(int((~column).argmax()) for column in gaps.T)
        end = int(np.flatnonzero(~gaps.all(axis=1))[-1]) + 1
    if not are_same:
        some = np.flatnonzero(observed.any(axis=1))
        begin, end = max(begin, int(some[0])), min(end, int(some[-1]) + 1)
    return begin, end


def complete_text(file: SeriesFile, settings: Mapping[str, Any]) -> str:
    """Return the text of a file with the rows that missing drop keeps, in the order of time."""
    targets, inputs = names_of(settings["target"]), inputs_of(settings, file.columns)
    known = names_of(settings.get("known"))
    events = [name for name in known if file.cells[name].isin(["", "fair", "strike"]).any()]
    needed = [name for name in dict.fromkeys([*targets, *inputs]) if name not in events]
    gaps = _missing(file.cells, needed).any(axis=1)
    return written(file.cells[~gaps], file.style)
