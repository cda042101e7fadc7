"""Hours in a column belong to days in another one, not to years."""

import pytest

from rnnstudio.core.read_options import ReadOptions
from rnnstudio.reading.text.text_table import table_of_text


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


@pytest.mark.parametrize("is_falling", [False, True])
@pytest.mark.parametrize(("name", "step"), [("Time", 1 / 24), ("Uhrzeit", 1 / 96)])
def test_fractions_of_a_day_are_its_clock_times(name, step, is_falling):
    count = round(1 / step)
    rows = [f"2024-03-0{1 + i // count},{i % count * step:.6f},{i}.5" for i in range(3 * count)]
    rows = rows[::-1] if is_falling else rows
    table = table_of_text("a.csv", "\n".join([f"Date,{name},load", *rows]).encode(), ReadOptions())
    assert table.account.time.frequency == {24: "h", 96: "15min"}[count]
    assert table.numbers(["load"])[:, 0].tolist() == [i + 0.5 for i in range(3 * count)]


def test_fractions_in_no_order_are_no_clock_times():
    rows = [f"2024-03-0{1 + i // 9},{i * 7 % 9 / 10},{i}.5" for i in range(27)]
    text = "\n".join(["Date,time,x", *rows]).encode()
    assert all("clock" not in sentence for sentence in table_of_text("a.csv", text, ReadOptions()).account.assumed)


@pytest.mark.parametrize("is_number", [False, True])
@pytest.mark.parametrize("is_of_next_day", [False, True])
def test_hour_24_ends_its_day_or_begins_it_where_the_rows_are_only_then_in_order(is_of_next_day, is_number):
    rows = []
    for i in range(1, 100):
        day, hour = 1 + i // 24, i % 24
        if hour == 0:
            day, hour = day if is_of_next_day else day - 1, 24
        rows.append(f"2024-03-0{day},{hour if is_number else f'{hour:02d}:00'},{i}.5")
    table = table_of_text("a.csv", "\n".join(["Date,Hour,level", *rows]).encode(), ReadOptions())
    assert (table.account.time.frequency, table.account.time.gaps) == ("h", 0)
    assert table.numbers(["level"])[:, 0].tolist() == [i + 0.5 for i in range(1, 100)]
    assert any("beginning of the day" in s for s in table.account.assumed) == is_of_next_day


@pytest.mark.parametrize(
    ("head", "row"),
    [
        ("Date,Time,AMPM", "{date},{hour}:00,{half}"),
        ("Date,Hour,Half", "{date},{hour},{half}"),
        ("Date,Time", "{date},{hour}:00 {half}"),
        ("Date,Hour", "{date},{hour} {half}"),
    ],
)
def test_halves_of_the_day_stand_in_the_cell_or_in_a_column_of_their_own(head, row):
    rows = [
        row.format(date=f"2024-03-0{1 + i // 24}", hour=(i % 24 - 1) % 12 + 1, half="AM" if i % 24 < 12 else "PM")
        for i in range(96)
    ]
    lines = [f"{head},load", *(f"{row},{i}.5" for i, row in enumerate(rows))]
    table = table_of_text("a.csv", "\n".join(lines).encode(), ReadOptions(series=""))
    assert (table.account.time.frequency, table.account.time.rows, table.account.series) == ("h", "sorted", "")
    assert str(table.times[0]).startswith("2024-03-01T00:00")
    assert not table.account.questions
