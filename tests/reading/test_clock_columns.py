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
