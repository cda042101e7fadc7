"""Local times with a clock change: the hour that occurs twice is two hours, and the one that is lacking is no gap."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from rnnstudio.core.read_options import ReadOptions
from rnnstudio.reading.table import Table
from rnnstudio.reading.value_columns import frame_table

YEAR = ("2024-01-10", "2024-12-20")
ZONES = ["Europe/Paris", "Europe/Lisbon", "Europe/Athens", "America/Chicago", "Australia/Melbourne", "Pacific/Auckland"]


def local_hours(zone: str, first: str, last: str, every: str = "h") -> pd.DataFrame:
    """Return what a meter with a local clock writes: one value a step, counted up, so that the true order is known."""
    times = pd.date_range(first, last, freq=every, tz=zone)
    return pd.DataFrame(
        {"time": times.tz_localize(None).strftime("%Y-%m-%d %H:%M"), "kWh": np.arange(len(times)) + 0.5}
    )


def read(frame: pd.DataFrame, **options: object) -> Table:
    return frame_table("meter", frame, ReadOptions(series="", **options))  # type: ignore[arg-type]


@pytest.mark.parametrize("every", ["h", "30min", "15min"])
@pytest.mark.parametrize("zone", ZONES)
def test_a_year_of_local_time_is_continuous(zone: str, every: str) -> None:
    frame = local_hours(zone, *YEAR, every)
    table = read(frame)
    assert table.account is not None
    assert table.account.time is not None
    assert table.times is not None
    time = table.account.time
    assert (time.frequency, time.doubles, time.gaps, time.zone) == (every, 0, 0, "standard time")
    assert table.numbers(["kWh"])[:, 0].tolist() == frame["kWh"].tolist()
    assert (np.diff(table.times) == pd.Timedelta("1h" if every == "h" else every)).all()
    (sentence,) = [s for s in table.account.assumed if "clock change" in s]
    assert "occurs twice on 2024-" in sentence
    assert "is lacking on 2024-" in sentence


@pytest.mark.parametrize("how", ["newest first", "sorted by the written time", "with a gap", "with copies"])
def test_the_order_within_the_doubled_hour_is_that_of_the_file(how: str) -> None:
    frame = local_hours("Europe/Berlin", "2024-10-01", "2024-11-20", "15min")
    if how == "newest first":
        read_frame = frame[::-1]
    elif how == "sorted by the written time":
        read_frame = frame.sort_values("time", kind="stable")
    elif how == "with a gap":
        read_frame = frame = frame.drop(range(1000, 1020))
    else:
        read_frame = pd.concat([frame[:500], frame[480:]])
    table = read(read_frame.reset_index(drop=True))
    assert table.numbers(["kWh"])[:, 0].tolist() == frame["kWh"].tolist()


def test_two_meters_have_the_same_clock_change() -> None:
    frame = local_hours("Europe/Berlin", "2024-10-01", "2024-11-20")
    both = pd.concat([frame.assign(meter=name) for name in "ab"])
    table = frame_table("meters", both, ReadOptions(series="meter"))
    assert table.account is not None
    assert table.account.time is not None
    assert (table.account.time.doubles, table.account.time.gaps, table.account.questions) == (0, 0, ())


def test_a_spring_hour_that_is_there_is_no_clock_change() -> None:
    """A clock in UTC has 02:00 on every day; an hour that is missing on another day stays missing."""
    frame = local_hours("UTC", "2024-03-01", "2024-04-20").drop([400])
    account = read(frame).account
    assert account is not None
    assert account.time is not None
    assert (account.time.missing_rows, account.time.zone) == (1, "")


def test_spring_alone_is_a_clock_change_where_hardly_another_hour_is_missing() -> None:
    frame = local_hours("Europe/Berlin", "2024-03-01", "2024-04-20")
    account = read(frame).account
    assert account is not None
    assert account.time is not None
    assert (account.time.gaps, account.time.zone) == (0, "standard time")
    sparse = frame.drop(frame.index[5::7])
    account = read(sparse).account
    assert account is not None
    assert account.time is not None
    assert account.time.zone == ""


def test_a_shuffled_doubled_hour_is_asked_about_and_named() -> None:
    frame = local_hours("Europe/Berlin", "2024-10-01", "2024-11-20").sample(frac=1.0, random_state=1)
    account = read(frame).account
    assert account is not None
    (question,) = account.questions
    assert question.setting == "doubles"
    assert "twice on 2024-10-27 is that of a clock change" in question.sentence


def test_keep_reads_the_times_as_they_are() -> None:
    frame = local_hours("Europe/Berlin", "2024-10-01", "2024-11-20")
    table = read(frame, doubles="keep")
    assert table.account is not None
    assert table.account.time is not None
    assert (table.account.time.doubles, table.account.time.zone, table.account.questions) == (1, "", ())
    assert len(table.cells) == len(frame)
