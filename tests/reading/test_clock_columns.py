"""Hours in a column belong to days in another one, not to years."""

import pytest

from rnnstudio.core.read_options import ReadOptions
from rnnstudio.reading.text_table import table_of_text


@pytest.mark.parametrize(("dates", "has_times"), [("2024", False), ("2024-01-0{day}", True), ("2024010{day}", True)])
@pytest.mark.parametrize("name", ["year", "date"])
def test_hours_belong_to_days_and_not_to_years(dates, has_times, name):
    rows = [f"{dates.format(day=1 + i // 24)},{i % 24},{i % 24 * 1.5}" for i in range(72)]
    table = table_of_text("a.csv", "\n".join([f"{name},hour,load", *rows, ""]).encode(), ReadOptions(series="none"))
    assert len(table.cells) == 72  # the days repeat each other, and none is a copy
    assert table.numbers(["load"])[:, 0].tolist() == [i % 24 * 1.5 for i in range(72)]
    frequency = table.account.time.frequency if table.account.time else ""
    assert (frequency == "h") == has_times


@pytest.mark.parametrize("name", ["Time of maximum wind gust", "Time", "Uhrzeit"])
def test_clock_times_of_events_are_not_added_to_even_dates(name):
    rows = [f"2024-03-{day:02d},{day * 37 % 24:02d}:{day * 11 % 60:02d},{day}.5" for day in range(1, 31)]
    table = table_of_text("a.csv", "\n".join([f"Date,{name},gust", *rows, ""]).encode(), ReadOptions())
    assert table.account.time.frequency == "D"
    assert any(f"in column {name!r} are not added" in sentence for sentence in table.account.assumed)
    added = table_of_text("a.csv", "\n".join([f"Date,{name},gust", *rows]).encode(), ReadOptions(time=f"Date,{name}"))
    assert str(added.times[1]).startswith("2024-03-02T02:22")


def test_clock_times_of_rows_are_added_to_even_dates():
    rows = [f"2024-03-{day:02d},07:30,{day}.5" for day in range(1, 31)]
    table = table_of_text("a.csv", "\n".join(["Date,Time,level", *rows]).encode(), ReadOptions())
    assert table.account.time.frequency == "D"
    assert str(table.times[0]).startswith("2024-03-01T07:30")
