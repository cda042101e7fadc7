"""Dates with the years of other eras are read as those of the common one, which is said."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rnnstudio.reading.times.time_text import time_readings
from tests.properties import quick

BUDDHIST = "Years of the Buddhist era, such as"
WAYS = {
    "day/month/year": (lambda d: f"{d.day:02d}/{d.month:02d}/{d.year + 543}", BUDDHIST),
    "year-month-day": (lambda d: f"{d.year + 543}-{d.month:02d}-{d.day:02d}", BUDDHIST),
    "clock": (lambda d: f"{d.day}.{d.month}.{d.year + 543} 07:30", BUDDHIST),
    "name": (lambda d: f"{d.day} {d:%b} {d.year + 543}", BUDDHIST),
    "Reiwa": (
        lambda d: f"令和{d.year - 2018}年{d.month}月{d.day}日".replace("和1年", "和元年"),
        "Japanese eras, such as 令和",
    ),
    "China": (lambda d: f"民國{d.year - 1911}年{d.month}月{d.day}日", "the Republic of China, such as"),
    "slashes": (lambda d: f"{d.year - 1911}/{d.month:02d}/{d.day:02d}", "the Republic of China, such as"),
}


@pytest.mark.parametrize("way", WAYS)
@quick
@given(st.lists(st.dates(date(2019, 5, 1), date(2040, 12, 31)), min_size=1, max_size=20, unique=True))
def test_each_date_is_the_day_that_was_written(way: str, days: list[date]) -> None:
    text, sentence = WAYS[way]
    days.append(date(2020, 12, 31))
    readings = time_readings(list(dict.fromkeys(map(text, days))))
    assert len(readings) == 1
    known = readings[0].stamps.astype("datetime64[D]")
    np.testing.assert_array_equal(known, np.array(list(dict.fromkeys(days)), "datetime64[D]"))
    assert sentence in readings[0].note
    assert f"are read as {days[0].year}." in readings[0].note


@pytest.mark.parametrize("cells", [["5784-01-20", "5784-01-21"], ["120/80/12", "113/70/11"], ["2567", "2568"]])
def test_other_numbers_are_no_years_of_an_era(cells: list[str]) -> None:
    assert not time_readings(cells)


def test_japanese_eras_follow_each_other_in_one_column() -> None:
    reading = time_readings(["昭和64年1月7日", "平成元年1月8日", "平成31年4月30日", "令和元年5月1日"])[0]
    assert reading.stamps.astype("datetime64[D]").astype(str).tolist() == [
        "1989-01-07", "1989-01-08", "2019-04-30", "2019-05-01",
    ]  # fmt: skip
