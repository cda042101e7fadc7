"""The times of a table are found in the columns that hold them, or asked about."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rnnstudio.core.errors import DataError, SettingError
from rnnstudio.core.read_options import ReadOptions
from rnnstudio.reading.cells.column import Column
from rnnstudio.reading.cells.columns import read_column
from rnnstudio.reading.stamps.time_columns import FoundTime, find_time
from tests.properties import quick


def table(**cells: list[Any]) -> dict[str, Column]:
    """Return columns as they are read from text."""
    texts = {name: ["" if cell is None else str(cell) for cell in column] for name, column in cells.items()}
    return {name: read_column(name, pa.chunked_array([column]), ReadOptions()) for name, column in texts.items()}


def found(columns: dict[str, Column], time: str = "") -> FoundTime:
    result = find_time("table.csv", columns, time)
    assert result is not None
    return result


DAYS = ["2024-01-01", "2024-01-02", "2024-01-03"]
VALUES = [1.5, 2.5, 2.25]
FOUND: list[tuple[dict[str, list[Any]], tuple[str, ...], list[str]]] = [  # columns, those of the times, the times
    ({"day": DAYS, "x": VALUES}, ("day",), DAYS),
    (
        {"x": VALUES, "when": ["31.12.2023", "1.1.2024", "2.1.2024"]},
        ("when",),
        ["2023-12-31", "2024-01-01", "2024-01-02"],
    ),
    (
        {"date": DAYS, "clock": ["07:00", "7:30 PM", "24:00"]},
        ("date", "clock"),
        ["2024-01-01T07:00", "2024-01-02T19:30", "2024-01-04"],
    ),
    (
        {"date": ["2024-01-01"] * 3, "hour": [0, 1, 2]},
        ("date", "hour"),
        ["2024-01-01T00:00", "2024-01-01T01:00", "2024-01-01T02:00"],
    ),
    (
        {"date": ["2024-01-01"] * 3, "hour": [22, 23, 24]},
        ("date", "hour"),
        ["2024-01-01T22:00", "2024-01-01T23:00", "2024-01-02"],
    ),
    (
        {"date": ["2024-01-01"] * 3, "time": [30, 130, 1330]},
        ("date", "time"),
        ["2024-01-01T00:30", "2024-01-01T01:30", "2024-01-01T13:30"],
    ),
    ({"date": DAYS, "hour": [5, 9, 7]}, ("date",), DAYS),
    ({"Date": [41935, 41949, 41956], "x": VALUES}, ("Date",), ["2014-10-23", "2014-11-06", "2014-11-13"]),
    ({"exported": ["2024-05-05"] * 3, "date": DAYS}, ("date",), DAYS),
    ({"begin": DAYS, "end": ["2024-01-02", "2024-01-03", "2024-01-04"]}, ("begin",), DAYS),
    ({"year": [2023, 2023, 2024], "month": [11, 12, 1]}, ("year", "month"), ["2023-11-01", "2023-12-01", "2024-01-01"]),
    (
        {"Year": [2023, 2023, 2024], "Month": ["Nov", "Dec", "Jan"]},
        ("Year", "Month"),
        ["2023-11-01", "2023-12-01", "2024-01-01"],
    ),
    ({"yr": [98, 99, 0], "mo": [1, 1, 1]}, ("yr", "mo"), ["1998-01-01", "1999-01-01", "2000-01-01"]),
    (
        {"hour": [23, 24, 1], "day": [31, 31, 1], "month": [12, 12, 1], "year": [2023, 2023, 2024]},
        ("year", "month", "day", "hour"),
        ["2023-12-31T23:00", "2024-01-01", "2024-01-01T01:00"],
    ),
    ({"year": [2024, 2024, 2024], "doy": [1, 60, 366]}, ("year", "doy"), ["2024-01-01", "2024-02-29", "2024-12-31"]),
    (
        {"year": [2024, 2024, 2025], "quarter": [3, 4, 1]},
        ("year", "quarter"),
        ["2024-07-01", "2024-10-01", "2025-01-01"],
    ),
    ({"year": [2020, 2020, 2021], "week": [52, 53, 1]}, ("year", "week"), ["2020-12-21", "2020-12-28", "2021-01-04"]),
    ({"year": [1990, 1995, 2000], "x": VALUES}, ("year",), ["1990-01-01", "1995-01-01", "2000-01-01"]),
    ({"season": [1990, 1991, 1992], "x": VALUES}, ("season",), ["1990-01-01", "1991-01-01", "1992-01-01"]),
    ({"date": [20240131, 20240201, 20240202]}, ("date",), ["2024-01-31", "2024-02-01", "2024-02-02"]),
    ({"period": [202312, 202401, 202402]}, ("period",), ["2023-12-01", "2024-01-01", "2024-02-01"]),
    ({"timestamp": [20240131120000, 20240131120500]}, ("timestamp",), ["2024-01-31T12:00", "2024-01-31T12:05"]),
    ({"date": [45292, 45293, 45294]}, ("date",), DAYS),
    ({"date": [45294, 45292, 45293]}, ("date",), [DAYS[2], DAYS[0], DAYS[1]]),
    (
        {"time": [45292.25, 45292.2604166667, 45292.5]},
        ("time",),
        ["2024-01-01T06:00", "2024-01-01T06:15", "2024-01-01T12:00"],
    ),
    ({"timestamp": [1704067200, 1704067260, None]}, ("timestamp",), ["2024-01-01", "2024-01-01T00:01", "NaT"]),
    ({"unix_time": [1704067200.5, 1704067260.25]}, ("unix_time",), ["2024-01-01T00:00:00.5", "2024-01-01T00:01:00.25"]),
    ({"ts": [1704067200000, 1704067200125]}, ("ts",), ["2024-01-01", "2024-01-01T00:00:00.125"]),
    ({"ts": [1704067200000000, 1704067200000125]}, ("ts",), ["2024-01-01", "2024-01-01T00:00:00.000125"]),
    ({"ts": [1704067200000000000, 1704067201000000000]}, ("ts",), ["2024-01-01", "2024-01-01T00:00:01"]),
    (
        {"ts": [1704067200000000001, 1704067200000000002]},
        ("ts",),
        ["2024-01-01T00:00:00.000000001", "2024-01-01T00:00:00.000000002"],
    ),
    ({"open_ts": [1704067200, 1704067260]}, ("open_ts",), ["2024-01-01", "2024-01-01T00:01"]),
    (
        {"x": VALUES, "created_at": [1704067200, 1704067260, 1704067320]},
        ("created_at",),
        [f"2024-01-01T00:0{i}" for i in range(3)],
    ),
    ({"timestamp": [133485408000000000, 133485408600000000]}, ("timestamp",), ["2024-01-01", "2024-01-01T00:01"]),
    ({"<DATE>": [20240103, 20240102, 20240101], "<OPEN>": VALUES}, ("<DATE>",), DAYS[::-1]),
    ({"created": [45292, 45293, 45294]}, ("created",), DAYS),
    ({"date": [240131, 240201, 240202]}, ("date",), ["2024-01-31", "2024-02-01", "2024-02-02"]),
    ({"date": [181101, 181201, 190101]}, ("date",), ["2018-11-01", "2018-12-01", "2019-01-01"]),
    ({"dato": [31012024, 1022024, 2022024]}, ("dato",), ["2024-01-31", "2024-02-01", "2024-02-02"]),
    ({"date": [1312024, 2012024, 2022024]}, ("date",), ["2024-01-31", "2024-02-01", "2024-02-02"]),
    ({"date": [310124, 10224, 20224]}, ("date",), ["2024-01-31", "2024-02-01", "2024-02-02"]),
    ({"date": [2023365, 2024001, 2024002]}, ("date",), ["2023-12-31", "2024-01-01", "2024-01-02"]),
    ({"yearweek": [202401, 202402, 202403]}, ("yearweek",), ["2024-01-01", "2024-01-08", "2024-01-15"]),
    ({"Week": ["2024-01", "2024-02", "2024-03"]}, ("Week",), ["2024-01-01", "2024-01-08", "2024-01-15"]),
    ({"KW": ["03/2024", "02/2024", "01/2024"]}, ("KW",), ["2024-01-15", "2024-01-08", "2024-01-01"]),
    ({"Woche": ["KW 52 24", "KW 51 24", "KW 50 24"]}, ("Woche",), ["2024-12-23", "2024-12-16", "2024-12-09"]),
    ({"Month": ["2024-01", "2024-02", "2024-03"]}, ("Month",), ["2024-01-01", "2024-02-01", "2024-03-01"]),
    ({"year": [2024] * 3, "q": [4, 3, 2]}, ("year", "q"), ["2024-10-01", "2024-07-01", "2024-04-01"]),
    (
        {"year": [2024] * 3, "quarter": ["Q4", "Q3", "Q2"]},
        ("year", "quarter"),
        ["2024-10-01", "2024-07-01", "2024-04-01"],
    ),
    ({"mês": [12, 11, 10], "ano": [2024] * 3}, ("ano", "mês"), ["2024-12-01", "2024-11-01", "2024-10-01"]),
    (
        {"date": ["2024-01-01"] * 3, "hour": [7, 7, 8], "minute": [0, 30, 0]},
        ("date", "hour", "minute"),
        ["2024-01-01T07:00", "2024-01-01T07:30", "2024-01-01T08:00"],
    ),
    (
        {"date": ["2024-01-01"] * 3, "time": [0, 70059, 133000]},
        ("date", "time"),
        ["2024-01-01", "2024-01-01T07:00:59", "2024-01-01T13:30"],
    ),
    (
        {"date": ["2024-01-01"] * 3, "Zeit": ["07:00 - 07:15", "07:15 - 07:30", "23:45 - 24:00"]},
        ("date", "Zeit"),
        ["2024-01-01T07:00", "2024-01-01T07:15", "2024-01-01T23:45"],
    ),
    (
        {"date": ["2024-01-01"] * 3, "Time": ["07.00.00", "07.30.00", "18.00.05"]},
        ("date", "Time"),
        ["2024-01-01T07:00", "2024-01-01T07:30", "2024-01-01T18:00:05"],
    ),
    ({"date": DAYS, "duration": ["0:10", "1:11", "0:12"]}, ("date",), DAYS),
    (
        {"date": DAYS, "sunrise": ["08:59", "08:58", "08:57"], "clock": ["1:00"] * 3},
        ("date", "clock"),
        [f"{day}T01:00" for day in DAYS],
    ),
    (
        {"day": ["2024-01-01"] * 3, "slept": ["07:00", "08:00", "09:00"]},
        ("day", "slept"),
        [f"2024-01-01T0{i}:00" for i in (7, 8, 9)],
    ),
    (
        {"date": [20240101] * 3, "clock": ["07:00", "08:00", "09:00"]},
        ("date", "clock"),
        [f"2024-01-01T0{i}:00" for i in (7, 8, 9)],
    ),
]


@pytest.mark.parametrize(
    ("cells", "names", "times"),
    FOUND,
    ids=["; ".join(f"{name}: {column[-1]}" for name, column in cells.items()) for cells, _, _ in FOUND],
)
def test_the_times_of_a_table_are_found(cells: dict[str, list[Any]], names: tuple[str, ...], times: list[str]) -> None:
    result = found(table(**cells))
    assert result.columns == names
    np.testing.assert_array_equal(result.stamps, np.array(times, "datetime64[ns]"))
    assert result.question is None
    assert result.zone == ("UTC" if "since" in result.written else "")
    if len(names) > 1 or not any(way in result.written for way in ("year-month", "day.month", "week")):
        assert any(name in note for name in names for note in result.notes)


@pytest.mark.parametrize(
    "cells",
    [
        {"x": VALUES, "y": [1, 2, 3]},
        {"watt": [45292, 45293, 45294]},
        {"time": [45292, 45293, 45294]},
        {"counter": [1704067200, 1704067201, 1704067205]},
        {"x": VALUES, "population": [1990, 1991, 1992]},
        {"height": [1990, 1995, 1993]},
        {"year": [1000, 1001, 1002]},
        {"month": [1, 2, 3], "x": VALUES},
        {"years": [24, 24, 25], "month": [1, 13, 2], "z": VALUES},
        {"clock": ["07:00", "08:00", "09:00"]},
        {"date": [20240131, 20240132, 20240133]},
        {"word": ["Mark 10", "Mark 11", "Mark 12"]},
        {"order": [2001, 2002, 2003]},
        {"x": [240101, 240102, 240103]},
        {"Time": [3786912000.0, 3786912000.5, 3786912001.0]},
        {"day": ["Jan 01", "Jan 02", "Jan 03", "Feb 01"]},
        {"week of": ["Jan 01 - Jan 07", "Jan 08 - Jan 14", "Jan 29 - Feb 04", "Feb 05 - Feb 11"]},
    ],
    ids=" ".join,
)
def test_other_columns_are_no_times(cells: dict[str, list[Any]]) -> None:
    result = find_time("table.csv", table(**cells))
    assert result is None


def test_dates_with_two_meanings_are_asked_about_with_an_example_of_each() -> None:
    columns = table(shop=["A", "A", "A"], sold=["01/01/2024", "01/02/2024", "01/03/2024"])
    question = found(columns).question
    assert question is not None
    assert (question.setting, question.column) == ("date_order", "sold")
    assert question.choices == {"day_first": "1 February 2024", "month_first": "2 January 2024"}
    assert question.sentence == (
        "The dates in column 'sold' can be read in 2 ways; nothing in the column decides what '01/02/2024' is."
    )
    assert question.advice == "Set date_order to day_first (1 February 2024) or month_first (2 January 2024)."


@pytest.mark.parametrize("cells", [["12-12-1996"] * 2, ["01/01/96", "02/02/96"], ["13/01/2024", "01/02/2024"]])
def test_dates_with_one_meaning_are_not_asked_about(cells: list[str]) -> None:
    assert found(table(sold=cells)).question is None


def test_dates_with_two_meanings_beside_a_clock_are_asked_about() -> None:
    result = found(table(date=["01/02/2024", "01/02/2024"], clock=["07:00", "08:00"]))
    assert result.question is not None
    assert result.question.setting == "date_order"
    np.testing.assert_array_equal(result.stamps, np.array(["2024-02-01T07", "2024-02-01T08"], "datetime64[ns]"))


def test_two_columns_of_times_that_order_the_rows_differently_are_asked_about() -> None:
    question = found(table(ordered=DAYS, sent=DAYS[::-1], x=VALUES)).question
    assert question is not None
    assert (question.setting, list(question.choices)) == ("time", ["ordered", "sent", "none"])


@pytest.mark.parametrize(
    ("time", "names", "times"),
    [
        ("sent", ("sent",), DAYS[::-1]),
        ("count", ("count",), DAYS),
        ("sent, clock", ("sent", "clock"), ["2024-01-03T01", "2024-01-02T02", "2024-01-01T03"]),
        ("y, m", ("y", "m"), ["2024-01", "2024-02", "2024-03"]),
    ],
)
def test_the_time_column_can_be_named(time: str, names: tuple[str, ...], times: list[str]) -> None:
    columns = table(ordered=DAYS, sent=DAYS[::-1], clock=["01:00", "02:00", "03:00"], count=[45292, 45293, 45294])
    if time == "y, m":
        columns = table(year=[2024] * 3, month=[1, 2, 3])
        time, names = "year, month", ("year", "month")
    result = found(columns, time)
    assert result.columns == names
    np.testing.assert_array_equal(result.stamps, np.array(times, "datetime64[ns]"))
    assert result.question is None


def test_rows_are_in_order_where_the_caller_says_so() -> None:
    assert find_time("table.csv", table(day=DAYS), "none") is None


def test_a_named_column_without_times_is_refused() -> None:
    columns = table(day=DAYS, x=VALUES, name=["a", "b", "c"])
    with pytest.raises(
        SettingError, match=r"time must name a column of dates or times; name of table\.csv holds others"
    ):
        find_time("table.csv", columns, "name")
    with pytest.raises(SettingError, match=r"x of table\.csv holds others"):
        find_time("table.csv", columns, "x")
    with pytest.raises(SettingError, match=r"day and x of table\.csv holds others"):
        find_time("table.csv", columns, "day, x")
    with pytest.raises(
        DataError, match=r"table\.csv has no column 'when' for the setting time\. Its columns: day, x and name"
    ):
        find_time("table.csv", columns, "when")


@given(
    st.lists(st.datetimes(datetime(1975, 1, 1), datetime(2055, 1, 1)), min_size=2, max_size=30, unique=True),
    st.sampled_from(["s", "ms", "us", "excel", "compact", "parts"]),
)
@quick
def test_numbers_give_the_times_that_they_were_made_of(moments: list[datetime], way: str) -> None:
    seconds = [moment.replace(microsecond=0) for moment in moments]
    since = [(moment - datetime(1970, 1, 1)) // timedelta(seconds=1) for moment in seconds]
    factor = {"s": 1, "ms": 1000, "us": 1_000_000}
    if way in factor:
        columns = table(timestamp=[value * factor[way] for value in since])
        expected = pd.to_datetime(pd.Series(since), unit="s").to_numpy("datetime64[ns]")
    elif way == "excel":
        columns = table(date=[repr((moment - datetime(1899, 12, 30)) / timedelta(days=1)) for moment in seconds])
        expected = np.array(seconds, "datetime64[ns]")
    elif way == "compact":
        columns = table(date=[f"{moment:%Y%m%d%H%M%S}" for moment in seconds])
        expected = np.array(seconds, "datetime64[ns]")
    else:
        parts = ("year", "month", "day", "hour", "minute", "second")
        columns = table(**{part: [getattr(moment, part) for moment in seconds] for part in parts})
        expected = np.array(seconds, "datetime64[ns]")
    np.testing.assert_array_equal(found(columns).stamps, expected)


MONTH = [str(day) for day in np.arange("2024-02-01", "2024-03-01", dtype="datetime64[D]")]
SLASHES = [f"{day[8:]}/{day[5:7]}/{day[:4]}" for day in MONTH]
PARTLY: list[tuple[list[Any], dict[int, Any], str]] = [  # cells, what stands instead of some, an example of the others
    (MONTH[::-1], {3: "2024-02-31"}, "2024-02-29"),
    (MONTH[::-1], {0: "unknown"}, "2024-02-28"),
    (MONTH, {5: "0000-00-00", 9: "0000-00-00"}, "2024-02-01"),
    (SLASHES, {28: "31/02/2024"}, "01/02/2024"),
    ([f"{day}T12:00Z" for day in MONTH], {2: "2024-02-03T12:00", 7: "2024-02-08T12:00"}, "2024-02-01T12:00Z"),
    ([f"{day} 12:00" for day in MONTH], {0: "01.02.2024 12:00", 1: "early"}, "2024-02-03 12:00"),
    ([1706745600 + 60 * i for i in range(29)], {4: "no signal"}, "1706745600"),
]


@pytest.mark.parametrize(("cells", "instead", "example"), PARTLY, ids=[str(e[1]) for e in PARTLY])
@pytest.mark.parametrize("last", [False, True])
def test_cells_that_are_no_times_among_others_are_asked_about(
    cells: list[Any], instead: dict[int, Any], example: str, last: bool
) -> None:
    times = [instead.get(i, cell) for i, cell in enumerate(cells)]
    values = list(range(7, 36))
    columns = table(**({"x": values, "date": times} if last else {"date": times, "x": values}))
    result = find_time("t.csv", columns, "", range(2, 40))
    assert result is not None
    assert result.question is not None
    assert result.question.setting == "time"
    assert list(result.question.choices) == ["date", "none"]
    for row, text in instead.items():
        assert f"{text!r} in row {row + 2}" in result.question.sentence
        assert np.isnat(result.stamps[row])
    assert f"such as {example!r}" in result.question.sentence
    assert f"{len(instead)} cell" in result.question.sentence
    named = found(columns, "date")
    assert named.question is None
    assert np.flatnonzero(np.isnat(named.stamps)).tolist() == list(instead)
    assert find_time("t.csv", columns, "none") is None


def test_cells_without_time_do_not_matter_beside_a_complete_column_of_the_same_order() -> None:
    ends = [*MONTH[:-1], "ongoing"]
    result = found(table(end=ends, begin=MONTH))
    assert (result.columns, result.question) == (("begin",), None)
    result = found(table(end=[*ends[-2::-1], "ongoing"], begin=MONTH))
    assert result.question is not None
    assert list(result.question.choices) == ["end", "none"]


def test_dates_of_digits_with_two_meanings_are_asked_about() -> None:
    columns = table(date=["01022024", "02022024", "03022024"])
    question = found(columns).question
    assert question is not None
    assert question.choices == {"day_first": "1 February 2024", "month_first": "2 January 2024"}
    for order, day in (("day_first", "2024-02-01"), ("month_first", "2024-01-02")):
        result = find_time("t.csv", columns, options=ReadOptions(date_order=order))  # type: ignore[arg-type]
        assert result is not None
        assert result.question is None
        assert result.stamps[0] == np.datetime64(day)


HALF_HOURS = {"2024-01-01": 48, "2024-01-02": 48, "2024-01-03": 48}
DAYS_WITH_HOURS: list[tuple[str, dict[str, int], str, str]] = [  # column, rows of each day, first and last time
    ("Time", HALF_HOURS, "2024-01-01T00:30", "2024-01-04"),
    ("settlement period", HALF_HOURS, "2024-01-01T00:30", "2024-01-04"),
    ("period", dict.fromkeys(HALF_HOURS, 96), "2024-01-01T00:15", "2024-01-04"),
    ("Hour", {"2024-10-26": 24, "2024-10-27": 25, "2024-10-28": 24}, "2024-10-26T00:00", "2024-10-29"),
    ("Hour", {"2024-03-30": 24, "2024-03-31": 23, "2024-04-01": 24}, "2024-03-30T01:00", "2024-04-01T23:00"),
    ("SP", {"2024-10-26": 48, "2024-10-27": 50, "2024-10-28": 48}, "2024-10-25T23:30", "2024-10-29"),
    ("hour", {"2024-11-02": 24, "2024-11-03": 25, "2024-11-04": 24}, "2024-11-02T00:00", "2024-11-05"),
]


@pytest.mark.parametrize(("name", "days", "first", "last"), DAYS_WITH_HOURS, ids=[str(e[:2]) for e in DAYS_WITH_HOURS])
def test_numbers_of_the_parts_of_a_day_are_evenly_spaced_over_clock_changes(
    name: str, days: dict[str, int], first: str, last: str
) -> None:
    numbers = [(day, i) for day, count in days.items() for i in range(1, count + 1)]
    result = found(table(date=[day for day, _ in numbers], **{name: [i for _, i in numbers]}))
    assert (result.columns, result.question) == (("date", name), None)
    assert (result.stamps[0], result.stamps[-1]) == (np.datetime64(first), np.datetime64(last))
    assert len(np.unique(np.diff(result.stamps))) == 1
    assert any(repr(name) in note for note in result.notes)
    assert result.zone == ("standard time" if len(set(days.values())) > 1 else "")


@pytest.mark.parametrize("hours", [[1, 2, 25], [1, 2, 48], [0, 1, 99]])
def test_numbers_beside_dates_that_are_no_hours_are_asked_about(hours: list[int]) -> None:
    result = found(table(date=["2024-01-01"] * 3, hour=hours))
    assert result.question is not None
    assert list(result.question.choices) == ["date", "none"]
    assert f"up to {hours[-1]}" in result.question.sentence


def test_of_two_columns_of_one_order_the_first_orders_the_rows_and_is_named() -> None:
    result = found(table(begin=DAYS, end=["2024-01-02", "2024-01-03", "2024-01-04"]))
    assert "Column 'begin' orders the rows; column 'end' orders them alike." in result.notes


@pytest.mark.parametrize("later", [1, -1, 30])
def test_columns_of_one_name_with_different_times_are_asked_about(later: int) -> None:
    days = [datetime(2024, 1, 1) + timedelta(days=i) for i in range(20)]
    others = [day + timedelta(days=later * i // 5) for i, day in enumerate(days)]
    columns = table(**{"Date 1": days, "A": range(20), "Date 3": others, "B": range(20)})
    question = found(columns).question
    assert question is not None
    assert list(question.choices) == ["Date 1", "Date 3", "none"]
    assert found(columns, "Date 3").question is None
    same = table(**{"Date 1": days, "A": range(20), "Date 3": days, "B": range(20)})
    assert found(same).question is None


BIRTHS = ["1943-06-09", "1990-06-18", "1961-02-01"]


@pytest.mark.parametrize("name", ["birth_date", "DOB", "Geburtsdatum", "patient_date_of_birth"])
def test_dates_of_birth_order_no_rows_unless_they_are_named(name: str) -> None:
    both = table(**{name: BIRTHS, "visit": DAYS})
    result = found(both)
    assert (result.columns, result.question) == (("visit",), None)
    assert both[name].notes == [f"Column {name!r} holds dates of birth, which do not order the rows."]
    assert find_time("t.csv", table(**{name: BIRTHS, "x": VALUES})) is None
    assert found(table(**{name: BIRTHS, "visit": DAYS}), name).columns == (name,)
