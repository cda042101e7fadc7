"""Files of series as people have them: missing cells, rows that lack, several series, a plan at the end."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd

Generator = np.random.Generator

NUMBERS = ("sales", "load", "rain", "price")
FREQUENCIES = {"D": 7, "h": 24, "15min": 8, "MS": 12, "7D": 4, "B": 5, "": 7}  # with the season of the values
STYLES = [  # separator, decimal mark, format of dates, the setting date_order that it needs
    (",", ".", "%Y-%m-%d", ""),
    (",", ".", "%Y-%m-%d", ""),
    (";", ",", "%d.%m.%Y", ""),
    ("\t", ".", "%Y/%m/%d", ""),
    (",", ".", "%m/%d/%Y", "month_first"),
    (";", ",", "%d/%m/%Y", "day_first"),
]


@dataclass(frozen=True)
class Style:
    """How a file is written.

    Attributes:
        separator: Sign between cells.
        decimal: Decimal mark.
        times: Format of the times; empty without a time column.
        missing: Mark of a missing cell.
        frequency: Time from one row to the next as pandas writes it; empty without a time column.
    """

    separator: str
    decimal: str
    times: str
    missing: str
    frequency: str


@dataclass(frozen=True)
class SeriesFile:
    """A file of one or several series.

    Attributes:
        text: Its text.
        style: How it is written.
        settings: Settings without which it is not read like this.
        several: Whether the column shop names the series.
        plan: Rows at the end of each series without a value to predict.
        columns: Its columns without time and shop.
        cells: What the rows hold, in the order of time; to write other files like it.
    """

    text: str
    style: Style
    settings: dict[str, Any]
    several: bool
    plan: int
    columns: tuple[str, ...]
    cells: pd.DataFrame = field(repr=False)


def series_file(rng: Generator, task: str) -> SeriesFile:
    """Draw a file for task forecast, regress or label."""
    frequency = str(rng.choice(list(FREQUENCIES), p=[0.35, 0.15, 0.1, 0.1, 0.1, 0.1, 0.1]))
    separator, decimal, times, order = STYLES[int(rng.integers(len(STYLES)))]
    if frequency in ("h", "15min"):
        times += " %H:%M"
    style = Style(separator, decimal, times if frequency else "", str(rng.choice(["", "", "NA", "-"])), frequency)
    several = bool(rng.random() < 0.4)
    count = int(rng.integers(2, 5)) if several else 1
    longest = int(rng.integers(70, 150))
    plan = int(rng.integers(0, 9)) if task == "forecast" and rng.random() < 0.5 else 0
    stamps = pd.date_range("2023-01-02", periods=longest + plan, freq=frequency or "D")
    names = [str(name) for name in rng.permutation(["north", "south", "7", "West 2", "10"])[:count]]
    parts = [_one_series(rng, name, stamps, plan, FREQUENCIES[frequency], task) for name in names]
    cells = pd.concat(parts, ignore_index=True)
    if not several:
        cells = cells.drop(columns="shop")
    columns = tuple(name for name in cells.columns if name not in ("day", "shop"))
    settings: dict[str, Any] = {"date_order": order} if order and frequency else {}
    settings |= {"series": "shop"} if several else {}
    order_of_rows = str(rng.choice(["time", "time", "newest first", "shuffled", "by time"])) if frequency else "time"
    text = written(cells, style, _in_order(rng, cells, order_of_rows))
    return SeriesFile(text, style, settings, several, plan, columns, cells)


def _one_series(rng: Generator, name: str, stamps: pd.DatetimeIndex, plan: int, season: int, task: str) -> pd.DataFrame:
    """Draw one series: levels, trend, season and noise, columns known ahead, then what is missing."""
    begin = int(rng.integers(0, 30)) if rng.random() < 0.5 else 0
    end = len(stamps) - plan - (int(rng.integers(0, 8)) if rng.random() < 0.2 else 0)
    steps = np.arange(begin, end + plan)
    length = len(steps)
    level = float(rng.choice([0.0, 20.0, 500.0, 3e5]))
    wave = np.sin(2 * np.pi * steps / season)
    frame = pd.DataFrame({"shop": name, "day": stamps[begin : end + plan]})
    frame["sales"] = np.round(level + 5 * wave + 0.05 * steps + rng.normal(size=length), 2)
    frame["load"] = np.round(level / 7 + 3 * np.cos(2 * np.pi * steps / season) + rng.normal(size=length), 2)
    if rng.random() < 0.2 and level >= 20:
        frame["sales"] = np.round(frame["sales"] * np.exp(0.004 * steps), 2)
    frame["rain"] = np.round(rng.gamma(2.0, size=length), 2)
    frame["price"] = np.round(rng.choice([0.95, 1.25, 1.45], size=length) + rng.random(length), 2)
    frame["promo"] = rng.choice(["yes", "no"], p=[0.3, 0.7], size=length)
    frame["event"] = rng.choice(["fair", "strike", ""], p=[0.1, 0.1, 0.8], size=length)
    frame["sky"] = rng.choice(["sun", "fog", "rain"], size=length)
    if task == "label":
        high = frame["sales"] > frame["sales"].median()
        classes = np.where(high, "up", "down") if rng.random() < 0.7 else np.where(high, "up", frame["sky"])
        frame["state"] = classes
    future = np.arange(length) >= length - plan
    for column in ("sales", "load", "rain", "sky"):
        frame.loc[future, column] = np.nan if column != "sky" else ""
    _remove_cells(rng, frame, int((~future).sum()))
    if rng.random() < 0.3:  # rows that lack altogether
        inner = np.arange(length - plan - 5) + 3
        lacking = rng.choice(inner, size=int(rng.integers(1, 4)), replace=False)
        frame = frame.drop(index=frame.index[lacking])
    return frame


def _remove_cells(rng: Generator, frame: pd.DataFrame, rows: int) -> None:
    """Empty some cells: single ones, gaps, and the ends of columns."""
    for column in ("sales", "load", "rain", "price", "sky", "state"):
        if column not in frame or rng.random() < 0.6:
            continue
        empty: Any = "" if column in ("sky", "state") else np.nan
        share = float(rng.choice([0.02, 0.08]))
        frame.loc[frame.index[:rows][rng.random(rows) < share], column] = empty
        if rng.random() < 0.4:
            begin = int(rng.integers(0, rows - 6))
            frame.loc[frame.index[begin : begin + int(rng.integers(2, 7))], column] = empty
        if rng.random() < 0.2:
            frame.loc[frame.index[: int(rng.integers(1, 5))], column] = empty
        if rng.random() < 0.2:
            frame.loc[frame.index[rows - int(rng.integers(1, 4)) : rows], column] = empty


def _in_order(rng: Generator, cells: pd.DataFrame, order: str) -> pd.DataFrame:
    if order == "newest first":
        return cells[::-1]
    if order == "shuffled":
        return cells.iloc[rng.permutation(len(cells))]
    return cells.sort_values("day", kind="stable") if order == "by time" else cells


def written(cells: pd.DataFrame, style: Style, rows: pd.DataFrame | None = None) -> str:
    """Return the text of a file with these rows."""
    table = (cells if rows is None else rows).copy()
    for column in table.columns:
        if column == "day":
            table[column] = table[column].dt.strftime(style.times or "%Y-%m-%d")
        elif column in NUMBERS:
            numbers = table[column].map(lambda value: "" if pd.isna(value) else f"{value:.2f}")
            table[column] = numbers.str.replace(".", style.decimal, regex=False)
        table[column] = table[column].astype(str).where(table[column].astype(str) != "", _mark(column, style))
    if not style.frequency:
        table = table.drop(columns="day")
    lines = [style.separator.join(table.columns), *(style.separator.join(row) for row in table.to_numpy(str))]
    return "\n".join(lines) + "\n"


def _mark(column: str, style: Style) -> str:
    """Return the mark of an empty cell; in columns of text it is empty, since others could be texts."""
    return style.missing if column in NUMBERS else ""
