"""Which columns are asked about as names of series: tables of variants, each with the columns that name its series."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pandas as pd
import pytest

from rnnstudio.core.errors import SettingError
from rnnstudio.core.read_options import ReadOptions
from rnnstudio.library.datasets.file import FileSettings, load
from rnnstudio.reading.text.text_table import read_table

DAYS = [f"{day:%Y-%m-%d}" for day in pd.date_range("2024-01-01", periods=60)]
Rows = list[tuple[object, ...]]


@dataclass(frozen=True)
class Panel:
    """A table of several series.

    Attributes:
        head: Its names.
        rows: Its cells.
        series: The columns that name its series; none where it is one.
    """

    head: str
    rows: Rows
    series: str = ""


def wave(i: int, n: int = 0) -> float:
    return 100.0 * n + (i * 7 % 13) + 0.5


def each_day(names: list[object], value: Callable[[int, int], object] = wave) -> Rows:
    return [(day, name, value(i, n)) for i, day in enumerate(DAYS) for n, name in enumerate(names)]


def switched(rows: Rows) -> Rows:
    return [(value, day, name) for day, name, value in rows]


SALES = each_day(["A", "B", "C"], lambda i, n: 100 + 40 * n + i // 3)
KEYS = [
    (day, store, item, 100 + i + 10 * store + item) for i, day in enumerate(DAYS) for store in (1, 2) for item in (1, 2)
]
THREE = [
    (day, a, b, c, 100 + i // 2 + 5 * a + 7 * b + 11 * c)
    for i, day in enumerate(DAYS)
    for a in (1, 2)
    for b in (1, 2)
    for c in (1, 2)
]
UNSHARED = [
    (f"2024-01-{1 + i // 20:02d} {i % 20:02d}:{3 * i % 59:02d}", "AB"[i % 2], wave(i, i % 2)) for i in range(300)
]
IN_BLOCKS = [(f"{1900 + i}", "Old" if i < 60 else "New", wave(i)) for i in range(120)]
RUNS = [(run, 0.5 * step, wave(step, run)) for run in (1, 2, 3) for step in range(40)]
STEPS = [(run, step, wave(step, run)) for step in range(40) for run in (1, 2, 3)]

PANELS = {
    "whole numbers first": Panel("sales,date,store", switched(SALES), "store"),
    "whole numbers last": Panel("date,store,sales", SALES, "store"),
    "one copy of a row": Panel("date,shop,load", [*each_day(["A", "B", "C"]), (DAYS[3], "B", wave(3, 1))], "shop"),
    "some other values": Panel("date,shop,load", [*each_day(["A", "B"]), *((d, "A", -1) for d in DAYS[:9])], "shop"),
    "a row without a name": Panel("date,shop,load", [*each_day(["A", "B", "C"]), ("2024-03-01", "", 1)], "shop"),
    "two keys": Panel("date,store,item,sales", KEYS, "store, item"),
    "three keys": Panel("date,store,dept,item,sales", THREE, "store, dept, item"),
    "times of their own": Panel("time,sensor,temp", UNSHARED, "sensor"),
    "numbers of sensors": Panel(
        "time,sensor_id,temp", [(t, "AB".index(str(s)), x) for t, s, x in UNSHARED], "sensor_id"
    ),
    "values of quantities": Panel("time,type,value", UNSHARED, "type"),
    "one after the other": Panel("year,country,load", IN_BLOCKS, "country"),
    "runs without dates": Panel("run,elapsed,temp", RUNS, "run"),
    "runs side by side": Panel("t,run,temp", [(step, run, wave(step, run)) for run, step, _ in STEPS], "run"),
    "machines by name side by side": Panel(
        "cycle,machine,temp", [(step, f"M{run}", wave(step, run)) for run, step, _ in STEPS], "machine"
    ),
    "runs at random": Panel("t,run,temp", [(i, i * i % 5, wave(i)) for i in range(120)]),
    "machines without times": Panel("machine,temp", [(f"M{run}", x) for run, _, x in RUNS], "machine"),
    "halves of hours": Panel("SETTLEMENT_DATE,SETTLEMENT_PERIOD,load", each_day(list(range(1, 49)))),
    "intervals": Panel("date,Zeit,load", each_day([f"{h:02d}:00 - {h + 1:02d}:00" for h in range(23)])),
    "points in clocks": Panel("date,x,load", each_day([f"{h:02d}.00.00" for h in range(24)])),
    "hours with a letter": Panel("date,hour,load", each_day([f"H{h:02d}" for h in range(1, 25)])),
    "numbers of rows": Panel("date,nr,load", each_day(list(range(1, 13)))),
    "quality of values": Panel("time,quality,value", UNSHARED),
    "units of values": Panel("time,unit,value", UNSHARED),
    "a few rows of another": Panel("date,artikel,sales", [(d, "AB"[i > 55], wave(i)) for i, d in enumerate(DAYS)]),
    "kinds of weather": Panel("time,weather,temp", UNSHARED),
    "numbers of customers": Panel("date,customers,sales", [(day, 7 + i % 3, wave(i)) for i, day in enumerate(DAYS)]),
}


def written(folder: Path, panel: Panel) -> Path:
    file = folder / "panel.csv"
    file.write_text("\n".join([panel.head, *(",".join(map(str, row)) for row in panel.rows)]) + "\n")
    return file


@pytest.mark.parametrize("panel", PANELS.values(), ids=PANELS)
def test_series_are_asked_about(tmp_path: Path, panel: Panel) -> None:
    account = read_table(written(tmp_path, panel), ReadOptions(series="")).account
    assert account is not None
    assert account.series == panel.series
    asked = [question for question in account.questions if question.setting == "series"]
    assert [list(question.choices) for question in asked] == ([[panel.series, "none"]] if panel.series else [])


@pytest.mark.parametrize(
    "panel", [p for p in PANELS.values() if p.series], ids=[n for n, p in PANELS.items() if p.series]
)
def test_a_training_waits_for_the_answer_and_then_has_each_series(tmp_path: Path, panel: Panel) -> None:
    if "" in {cell for row in panel.rows for cell in row}:
        panel = Panel(panel.head, [row for row in panel.rows if "" not in row], panel.series)
    settings = FileSettings(file=str(written(tmp_path, panel)), window=4, doubles="first")
    with pytest.raises(SettingError, match="holds several series") as asked:
        load(settings, 0)
    assert asked.value.field == "series"
    names = panel.series.split(", ")
    frame = pd.read_csv(settings.file, dtype=str)
    data = load(settings.model_copy(update={"series": panel.series}), 0)
    assert set(data.series) == {", ".join(key) for key in frame[names].drop_duplicates().itertuples(index=False)}
    assert not load(settings.model_copy(update={"series": "none"}), 0).series


def test_times_that_repeat_without_series_are_said(tmp_path: Path) -> None:
    panel = Panel("date,load", [(day, wave(i)) for day in DAYS for i in range(4)])
    account = read_table(written(tmp_path, panel), ReadOptions(series="")).account
    assert account is not None
    assert any("no column names series" in sentence for sentence in account.assumed)
    assert account.time is None
