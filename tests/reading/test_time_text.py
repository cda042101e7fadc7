"""Dates in text are read as they are meant, however a column writes them, or every way to read them is offered."""

from __future__ import annotations

from datetime import datetime, timedelta
from random import Random
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rnnstudio.reading.times.digit_dates import dates_of_digits
from rnnstudio.reading.times.time_text import clock_times, is_written_as_time, time_readings
from tests.properties import quick


def times(stamps: Any) -> list[str]:
    """Return times as ISO 8601 without what is 0."""
    texts = [str(text) for text in np.datetime_as_string(stamps, "ns")]
    return [
        text.removesuffix("000000000").removesuffix(".").removesuffix(":00").removesuffix("T00:00") for text in texts
    ]


ONE_WAY = [  # cells, their times
    (["2024-01-31", "2024-02-01"], ["2024-01-31", "2024-02-01"]),
    (["2024-1-31", "2024-12-1"], ["2024-01-31", "2024-12-01"]),
    (["2024/01/31"], ["2024-01-31"]),
    (["2024.01.31"], ["2024-01-31"]),
    (["2024. 01. 31."], ["2024-01-31"]),
    (["2024年1月31日", "2024年2月1日"], ["2024-01-31", "2024-02-01"]),
    (["2024年1月31日 12时30分"], ["2024-01-31T12:30"]),
    (["2024/1/31 上午 12:05:09"], ["2024-01-31T00:05:09"]),
    (["2024年1月31日 下午3:00"], ["2024-01-31T15:00"]),
    (["20240131:0710", "20240131:0810"], ["2024-01-31T07:10", "2024-01-31T08:10"]),
    (["\u200e2024-01-31\u200e", "\ufeff2024-02-01"], ["2024-01-31", "2024-02-01"]),
    (["2024. 1. 31. 오후 11:00", "2024. 1. 31. 오전 1:00"], ["2024-01-31T23:00", "2024-01-31T01:00"]),
    (["2024/01/31 午前 9:30"], ["2024-01-31T09:30"]),
    (["2 Μαΐ 2024", "3 Ιουν. 2024"], ["2024-05-02", "2024-06-03"]),
    (["tis 2 maj 2024", "ons 3 juni 2024"], ["2024-05-02", "2024-06-03"]),
    (["za 4 mei 2024"], ["2024-05-04"]),
    (["Q4-23", "Q1-24"], ["2023-10-01", "2024-01-01"]),
    (["FY99", "FY00", "FY'01"], ["1999-01-01", "2000-01-01", "2001-01-01"]),
    (["2024년 1월 31일"], ["2024-01-31"]),
    (["2024-01-31 07:30", "2024-01-31 07:45:10"], ["2024-01-31T07:30", "2024-01-31T07:45:10"]),
    (["2024-01-31T07:30:00.5"], ["2024-01-31T07:30:00.500000000"]),
    (["2024-01-31 07:30:00,125"], ["2024-01-31T07:30:00.125000000"]),
    (["2024-01-31 07:30:00:125"], ["2024-01-31T07:30:00.125000000"]),
    (["2024-01-31 07:30:00.123456789"], ["2024-01-31T07:30:00.123456789"]),
    (["2024-01-31 24:00", "2024-01-31 23:00"], ["2024-02-01", "2024-01-31T23:00"]),
    (["2023-12-31 24:00:00"], ["2024-01-01"]),
    (["2024-01-31 07"], ["2024-01-31T07:00"]),
    (["31.12.2024", "31.12.2024 01:00:00"], ["2024-12-31", "2024-12-31T01:00"]),
    (["01.02.2024"], ["2024-02-01"]),
    (["1. 2. 2024 7:05"], ["2024-02-01T07:05"]),
    (["31.12.2024 07.30"], ["2024-12-31T07:30"]),
    (["31.12.2024, 07:30 Uhr"], ["2024-12-31T07:30"]),
    (["31.12.2024 um 07:30"], ["2024-12-31T07:30"]),
    (["30.12.24", "31.12.24", "01.01.25"], ["2024-12-30", "2024-12-31", "2025-01-01"]),
    (["mar. 05/03/2024", "mer. 13/03/2024"], ["2024-03-05", "2024-03-13"]),
    (["mar 5 mar 2024"], ["2024-03-05"]),
    (["Mo 01.01.2024", "Di 02.01.2024"], ["2024-01-01", "2024-01-02"]),
    (["13/02/2024", "01/03/2024"], ["2024-02-13", "2024-03-01"]),
    (["02/13/2024", "03/01/2024"], ["2024-02-13", "2024-03-01"]),
    (["12-12-1996"], ["1996-12-12"]),
    (["01/01/96"], ["1996-01-01"]),
    (["01/01/2024", "02/02/2024", "12/12/2024"], ["2024-01-01", "2024-02-02", "2024-12-12"]),
    (["1/13/24 7:00 PM", "1/2/24 12:00 AM"], ["2024-01-13T19:00", "2024-01-02"]),
    (["1/13/24 7:00 p.m.", "1/2/24 12:30 a.m."], ["2024-01-13T19:00", "2024-01-02T00:30"]),
    (["1/13/2024, 12:00:00\u202fPM"], ["2024-01-13T12:00"]),
    (["1/13/2024 7PM"], ["2024-01-13T19:00"]),
    (["07:30 13.01.2024"], ["2024-01-13T07:30"]),
    (["2024-31-01", "2024-01-02"], ["2024-01-31", "2024-02-01"]),
    (["04 Sep 2000 07:00 PM", "05 Sep 2000 07:00 AM"], ["2000-09-04T19:00", "2000-09-05T07:00"]),
    (["04-Sep-00", "05-SEP-00"], ["2000-09-04", "2000-09-05"]),
    (["01JAN2024:12:00:00"], ["2024-01-01T12:00"]),
    (["1st of May 2024", "2nd of May 2024"], ["2024-05-01", "2024-05-02"]),
    (["May 1, 2024", "December 31, 2024"], ["2024-05-01", "2024-12-31"]),
    (["Sept. 4, 2024 7:05 pm"], ["2024-09-04T19:05"]),
    (["1. März 2024", "1. Mai 2024"], ["2024-03-01", "2024-05-01"]),
    (["1 de enero de 2024", "1 de agosto de 2024"], ["2024-01-01", "2024-08-01"]),
    (["1 février 2024", "14 août 2024"], ["2024-02-01", "2024-08-14"]),
    (["2024 Jan 31"], ["2024-01-31"]),
    (["Mon Sep  4 19:00:00 2000"], ["2000-09-04T19:00"]),
    (["Monday, 4 September 2000"], ["2000-09-04"]),
    (["01/2024", "12/2024"], ["2024-01-01", "2024-12-01"]),
    (["2024/01", "2024/12"], ["2024-01-01", "2024-12-01"]),
    (["2024-01"], ["2024-01-01"]),
    (["2024M01", "2024M12"], ["2024-01-01", "2024-12-01"]),
    (["Jan 2024", "Dez. 2024"], ["2024-01-01", "2024-12-01"]),
    (["2024-Jan"], ["2024-01-01"]),
    (["2024-Q1", "2024-Q4"], ["2024-01-01", "2024-10-01"]),
    (["2024Q1"], ["2024-01-01"]),
    (["Q3 2024"], ["2024-07-01"]),
    (["3. Quartal 2024"], ["2024-07-01"]),
    (["3Q24"], ["2024-07-01"]),
    (["2024-H2"], ["2024-07-01"]),
    (["2024-W05", "2020-W53"], ["2024-01-29", "2020-12-28"]),
    (["2024-W05-3"], ["2024-01-31"]),
    (["2024W05"], ["2024-01-29"]),
    (["KW 05/2024"], ["2024-01-29"]),
    (["2024-032", "2024-366"], ["2024-02-01", "2024-12-31"]),
    (["20240131T1200", "20240131T123015"], ["2024-01-31T12:00", "2024-01-31T12:30:15"]),
    (["20240131 12:00"], ["2024-01-31T12:00"]),
    (["1700-01-01"], ["1700-01-01"]),
]


@pytest.mark.parametrize(("cells", "expected"), ONE_WAY, ids=[cells[0] for cells, _ in ONE_WAY])
def test_a_way_to_write_dates_is_read(cells: list[str], expected: list[str]) -> None:
    (reading,) = time_readings(cells)
    assert times(reading.stamps) == expected
    assert all(is_written_as_time(cell) for cell in cells)


@pytest.mark.parametrize(
    "cell",
    [
        "",
        "1.5",
        "2020.12",
        "-3",
        "1e5",
        "20240131",
        "10:30",
        "1-2",
        "5 apples 10",
        "Mark 10",
        "12 Monkeys 2012",
        "A-2024-01",
        "2024-13",
        "2024-02-32",
        "32/13/2024",
        "24-Jan",
        "2010-11-12-13",
        "192.168.0.1",
        "1,026.50",
        "2023/24",
        "9999-12-31",
        "01.02",
        "+49 171 123456",
        "x" * 200 + "2024-01-01",
    ],
)
def test_other_texts_are_no_dates(cell: str) -> None:
    assert not is_written_as_time(cell)
    assert time_readings([cell]) == []


@pytest.mark.parametrize(
    "cells",
    [
        ["2024-01-31", "unknown"],
        ["2024-01-31", "31.01.2024"],
        ["2024-02-29", "2023-02-29"],
        ["2024-01-31 23:00", "2024-01-31 24:30"],
        ["31.12.2024", "31.13.2024"],
        ["2024-W53"],
        ["2023-366"],
        ["2024-01-31 12:00Z", "2024-01-31 13:00"],
        ["2024-01-31 12:00 CET", "2024-01-31 13:00 IST"],
        ["2024-01-31", "2300-01-01"],
        ["2024-01-31", "0001-01-01"],
        ["1/13/2024 13:00 AM"],
    ],
)
def test_a_column_that_is_not_dates_all_through_is_not_read_as_dates(cells: list[str]) -> None:
    assert time_readings(cells) == []


def test_a_share_of_the_cells_may_be_other_text() -> None:
    (reading,) = time_readings(["31.12.2024", "unknown", "30.12.2024", "29.12.2024"], share=0.7)
    assert times(reading.stamps) == ["2024-12-31", "NaT", "2024-12-30", "2024-12-29"]
    assert time_readings(["31.12.2024", "unknown", "other"], share=0.7) == []


@pytest.mark.parametrize(
    ("cells", "offered", "example"),
    [
        (["01/01/2024", "01/02/2024"], {"day_first": "2024-02-01", "month_first": "2024-01-02"}, "01/02/2024"),
        (["02-01-2024"], {"day_first": "2024-01-02", "month_first": "2024-02-01"}, "02-01-2024"),
        (
            ["1/2/2024 7:00 PM"],
            {"day_first": "2024-02-01T19:00", "month_first": "2024-01-02T19:00"},
            "1/2/2024 7:00 PM",
        ),
        (["07:00 1/2/2024"], {"day_first": "2024-02-01T07:00", "month_first": "2024-01-02T07:00"}, "07:00 1/2/2024"),
        (
            ["01/02/03"],
            {"day_first": "2003-02-01", "month_first": "2003-01-02", "year_first": "2001-02-03"},
            "01/02/03",
        ),
        (["31.12.24"], {"day_first": "2024-12-31", "year_first": "2031-12-24"}, "31.12.24"),
        (["25/01/24", "24/01/25"], {"day_first": "2024-01-25", "year_first": "2025-01-24"}, "25/01/24"),
    ],
)
def test_dates_with_several_meanings_are_offered_in_each(
    cells: list[str], offered: dict[str, str], example: str
) -> None:
    readings = time_readings(cells)
    index = cells.index(example)
    assert {reading.order: times(reading.stamps[index : index + 1])[0] for reading in readings} == offered
    assert {reading.example for reading in readings} == {example}


@pytest.mark.parametrize(
    ("cells", "years"),
    [
        (["1998/99", "1999/00", "2000/01"], [1998, 1999, 2000]),
        (["2003-04", "2002-03", "2001-02"], [2003, 2002, 2001]),
        (["2018-2019", "2019-2020", "2020-2021"], [2018, 2019, 2020]),
        (["2018–19", "2019–20", "2021–22"], [2018, 2019, 2021]),
    ],
)
def test_cells_that_all_name_a_year_and_the_next_one_are_years(cells: list[str], years: list[int]) -> None:
    (reading,) = time_readings(cells)
    assert (reading.stamps.astype("datetime64[Y]").astype(int) + 1970).tolist() == years
    assert "the next one" in reading.note


@pytest.mark.parametrize(
    ("cells", "months"),
    [
        (["2001-02", "2002-03"], ["2001-02-01", "2002-03-01"]),  # too few to decide
        (["2001-02", "2002-03", "2003-05"], ["2001-02-01", "2002-03-01", "2003-05-01"]),
    ],
)
def test_other_cells_with_a_year_and_two_digits_are_months(cells: list[str], months: list[str]) -> None:
    (reading,) = time_readings(cells)
    assert times(reading.stamps) == months


@pytest.mark.parametrize("shuffled", [False, True])
def test_years_of_two_digits_stand_where_the_times_run_in_order(shuffled: bool) -> None:
    days = [datetime(2024, 12, 20) + timedelta(days=i) for i in range(40)]
    if shuffled:
        Random(7).shuffle(days)
    for form, order in (("%d/%m/%y", "day_first"), ("%y/%m/%d", "year_first"), ("%m/%d/%y", "month_first")):
        (reading,) = time_readings([f"{day:{form}}" for day in days])
        assert reading.order == order
        np.testing.assert_array_equal(reading.stamps, np.array(days, "datetime64[ns]"))
        assert reading.note == "Years of two digits are read as 2024 to 2025."


@pytest.mark.parametrize(
    ("cells", "years"),
    [
        (["Jan-49", "Dec-60"], [1949, 1960]),
        (["Jan-98", "Jan-99", "Jan-00", "Jan-01"], [1998, 1999, 2000, 2001]),
        (["Jan-24"], [2024]),
        (["Jan-68", "Jan-69"], [1968, 1969]),
        (["Jan-45", "Jan-60", "Jan-75", "Jan-95", "Jan-15"], [1945, 1960, 1975, 1995, 2015]),
    ],
)
def test_years_of_two_digits_lie_close_together(cells: list[str], years: list[int]) -> None:
    (reading,) = time_readings(cells)
    assert (reading.stamps.astype("datetime64[Y]").astype(int) + 1970).tolist() == years
    assert str(min(years)) in reading.note


@pytest.mark.parametrize(
    ("cells", "expected", "zone", "said"),
    [
        (["2024-01-31T01:00:00Z"], ["2024-01-31T01:00"], "UTC", ""),
        (["2024-01-31 01:00:00 UTC"], ["2024-01-31T01:00"], "UTC", ""),
        (["2024-01-31T01:00:00+00:00"], ["2024-01-31T01:00"], "UTC", ""),
        (["2024-01-31T01:00:00+01:00"], ["2024-01-31T01:00"], "UTC+01:00", ""),
        (["2024-01-31 01:00:00 -0330"], ["2024-01-31T01:00"], "UTC-03:30", ""),
        (["2024-01-31 01:00:00.5-05"], ["2024-01-31T01:00:00.500000000"], "UTC-05:00", ""),
        (["2024-01-31 01:00 CST"], ["2024-01-31T01:00"], "CST", ""),
        (["Mon, 04 Sep 2000 19:00:00 +0200"], ["2000-09-04T19:00"], "UTC+02:00", ""),
        (["31/Jan/2024:12:00:00 +0000"], ["2024-01-31T12:00"], "UTC", ""),
        (
            ["2024-03-31T01:00:00+01:00", "2024-03-31T03:00:00+02:00"],
            ["2024-03-31", "2024-03-31T01:00"],
            "UTC",
            "The times are in UTC+01:00 and UTC+02:00; all are read as UTC.",
        ),
        (
            ["2024-10-27 02:00 CEST", "2024-10-27 02:00 CET"],
            ["2024-10-27", "2024-10-27T01:00"],
            "UTC",
            "The times are in UTC+01:00 and UTC+02:00; all are read as UTC.",
        ),
        (
            ["2024-01-31T12:00+01:00[Europe/Berlin]", "2024-07-31T12:00+02:00[Europe/Berlin]"],
            ["2024-01-31T11:00", "2024-07-31T10:00"],
            "UTC",
            "The times are in UTC+01:00 and UTC+02:00; all are read as UTC.",
        ),
        (
            ["2024-01-31T00:00:00+01:00", "2024-07-31T00:00:00+02:00"],
            ["2024-01-31", "2024-07-31"],
            "local time",
            "The days are those of local time (UTC+01:00 and UTC+02:00).",
        ),
        (
            ["31.01.2024 00:00 - 31.01.2024 01:00 (CET/CEST)", "31.01.2024 01:00 - 31.01.2024 02:00 (CET/CEST)"],
            ["2024-01-31", "2024-01-31T01:00"],
            "CET/CEST",
            "The cells name periods; the times are their beginnings.",
        ),
        (
            ["2024-01-31T00:00Z/2024-01-31T01:00Z"],
            ["2024-01-31"],
            "UTC",
            "The cells name periods; the times are their beginnings.",
        ),
    ],
)
def test_zones_and_periods_are_read_and_said(cells: list[str], expected: list[str], zone: str, said: str) -> None:
    (reading,) = time_readings(cells)
    assert (times(reading.stamps), reading.zone, reading.note) == (expected, zone, said)


DAY_FORMATS = [
    "%Y-%m-%d",
    "%Y/%m/%d",
    "%Y.%m.%d",
    "%d.%m.%Y",
    "%d/%m/%Y",
    "%m/%d/%Y",
    "%d-%m-%Y",
    "%m-%d-%Y",
    "%d.%m.%y",
    "%d/%m/%y",
    "%m/%d/%y",
    "%y/%m/%d",
    "%y-%m-%d",
    "%d %b %Y",
    "%d-%B-%y",
    "%b %d, %Y",
    "%B %d, %Y",
    "%Y %b %d",
    "%a %d %b %Y",
    "%d%b%Y",
    "%Y-%j",
    "%G-W%V-%u",
    "%Y年%m月%d日",
    "%A, %d. %B %Y",
]
CLOCK_FORMATS = [
    "",
    " %H:%M",
    "T%H:%M",
    " %H:%M:%S",
    "T%H:%M:%S.%f",
    ", %I:%M %p",
    " %I:%M:%S%p",
    " %H.%M",
    " %H:%M:%S,%f",
    " %H:%M Uhr",
]
UNIT = {"%f": timedelta(microseconds=1), "%S": timedelta(seconds=1), "%M": timedelta(minutes=1), "": timedelta(days=1)}


@pytest.mark.parametrize("form", DAY_FORMATS)
@pytest.mark.parametrize("clock", ["", " %I:%M %p"])
def test_every_day_of_two_years_is_read(form: str, clock: str) -> None:
    days = [datetime(2023, 1, 1) + timedelta(days=i) for i in range(731)]
    (reading,) = time_readings([day.strftime(form + ("" if "%V" in form else clock)) for day in days])
    np.testing.assert_array_equal(reading.stamps, np.array(days, "datetime64[ns]"))


@given(
    st.sampled_from(DAY_FORMATS),
    st.sampled_from(CLOCK_FORMATS),
    st.lists(st.datetimes(datetime(1990, 1, 1), datetime(2049, 12, 31)), min_size=1, max_size=30),
    st.booleans(),
)
@quick
def test_what_a_format_writes_is_read_or_among_the_readings(
    days: str, clock: str, stamps: list[datetime], as_arrow: bool
) -> None:
    clock = "" if "%V" in days else clock
    unit = next(unit for part, unit in UNIT.items() if part in clock)
    stamps = [datetime.min + (stamp - datetime.min) // unit * unit for stamp in stamps]
    cells = [stamp.strftime(days + clock) for stamp in stamps]
    readings = time_readings(pa.array(cells) if as_arrow else cells)
    truth = np.array(stamps, "datetime64[ns]")
    right = [reading for reading in readings if np.array_equal(reading.stamps, truth)]
    if "%y" in days and not right:  # a century is a guess, which the note says
        assert all("Years of two digits are read as" in reading.note for reading in readings)
        assert max(truth) - min(truth) > np.timedelta64(40 * 365, "D")
        return
    assert len(right) == 1
    assert len(readings) == 1 or days in ("%d/%m/%Y", "%m/%d/%Y", "%d-%m-%Y", "%m-%d-%Y") or "%y" in days


def test_times_of_day() -> None:
    cells = ["00:00", "7:05", "07:05:30", "07:05:30.25", "7:05 pm", "12:00 AM", "24:00", "24:01", None, "x"]
    minutes = clock_times(cells).astype("timedelta64[ms]").astype(object)
    expected = [0, 425, 425.5, 425 + 30.25 / 60, 1145, 0, 1440]
    assert [value.total_seconds() / 60 if value is not None else None for value in minutes] == [
        *expected,
        None,
        None,
        None,
    ]


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        (["202401", "202412"], ["2024-01-01", "2024-12-01"]),
        (["20240131"], ["2024-01-31"]),
        (["2024013107"], ["2024-01-31T07:00"]),
        (["202401310730"], ["2024-01-31T07:30"]),
        (["20240131073059"], ["2024-01-31T07:30:59"]),
        (["202413"], None),
        (["20240230"], None),
        (["20240131", "202401"], None),
        (["123456"], None),
        ([], None),
    ],
)
def test_dates_of_digits_alone(cells: list[str], expected: list[str] | None) -> None:
    readings = dates_of_digits(np.array(cells, np.float64), is_date=False)
    assert ([times(reading.stamps) for reading in readings] or None) == (expected and [expected])


def test_a_column_is_decided_by_all_its_cells_however_long() -> None:
    minutes = np.arange(np.datetime64("2024-01-01T00:00"), np.datetime64("2024-01-08T00:00"))
    cells = [f"{day:%d/%m/%Y %H:%M}" for day in minutes.astype(object)]
    assert [reading.order for reading in time_readings(cells)] == ["day_first", "month_first"]
    (reading,) = time_readings([*cells, "13/01/2024 00:00"])
    assert reading.order == "day_first"
    np.testing.assert_array_equal(reading.stamps[:-1], minutes)
    assert time_readings([*cells, "13/13/2024 00:00"]) == []


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        (["29 lut 2024", "1 marca 2024"], ["2024-02-29", "2024-03-01"]),
        (["29 февраля 2024", "1 марта 2024 г."], ["2024-02-29", "2024-03-01"]),
        (["1. marts 2024", "2. april 2024"], ["2024-03-01", "2024-04-02"]),
        (["30. června 2024", "1. července 2024"], ["2024-06-30", "2024-07-01"]),
        (["31 Ağustos 2024", "1 Eylül 2024"], ["2024-08-31", "2024-09-01"]),
        (["31. tammikuuta 2024", "1. helmikuuta 2024"], ["2024-01-31", "2024-02-01"]),
        (["2024. május 1.", "2024. június 2."], ["2024-05-01", "2024-06-02"]),
        (["30 грудня 2024", "1 січня 2025"], ["2024-12-30", "2025-01-01"]),
        (["[10/Jan/2024:23:00:00 +0100]", "[11/Jan/2024:00:00:00 +0100]"], ["2024-01-10T23:00", "2024-01-11"]),
        (["2024-01-10_23-00-00", "2024-01-11_00-30-00"], ["2024-01-10T23:00", "2024-01-11T00:30"]),
        (["/Date(1704067200000)/", "/Date(1704067260000+0100)/"], ["2024-01-01", "2024-01-01T00:01"]),
        (["Jan 05", "Feb 05", "Mar 05", "Jan 06"], ["2005-01-01", "2005-02-01", "2005-03-01", "2006-01-01"]),
    ],
    ids=lambda value: value[0],
)
def test_months_of_many_languages_and_stamps_of_programs_are_read(cells: list[str], expected: list[str]) -> None:
    (reading,) = time_readings(cells)
    np.testing.assert_array_equal(reading.stamps, np.array(expected, "datetime64[ns]"))
