"""Columns that count the time since the start, and irregular times: what is said about the gaps in them."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from rnnstudio.core.read_options import ReadOptions
from rnnstudio.reading.value_columns import frame_table

ROWS = 60


def account_of(frame: pd.DataFrame, series: str = ""):
    account = frame_table("x", frame, ReadOptions(series=series)).account
    assert account is not None
    return account


def rising(step: float, gap: float, at: int) -> np.ndarray:
    """Return numbers in equal steps with one gap before a row, counted from 0."""
    return np.cumsum(np.where(np.arange(ROWS) == at, gap, step)) - step


@pytest.mark.parametrize("name", ["time_s", "elapsed", "t", "seconds", "time (ms)", "Time"])
@pytest.mark.parametrize("is_first", [True, False])
@pytest.mark.parametrize(("step", "gap"), [(0.1, 5.0), (0.25, 0.75), (2.5, 1000.0)])
def test_a_column_of_elapsed_time_is_never_predicted_and_its_gap_is_said(name, is_first, step, gap) -> None:
    columns = {"load": np.sin(np.arange(ROWS)), name: rising(step, gap, 30)}
    frame = pd.DataFrame(columns)[[name, "load"] if is_first else ["load", name]]
    account = account_of(frame)
    assert account.target == "load"
    assert account.column(name).kind == "index"
    said = [note for note in account.assumed if f"column {name!r} differ" in note]
    assert said == [
        f"The steps in column {name!r} differ: usually {step:.4g}, at most {gap:.4g} (before row 31); each row counts "
        "as one step."
    ]


@pytest.mark.parametrize("noise", [0.0, 0.02])
def test_even_steps_are_not_said_to_differ(noise: float) -> None:
    times = np.arange(ROWS) * 0.1 + noise * np.random.default_rng(0).random(ROWS)
    account = account_of(pd.DataFrame({"elapsed": times, "load": np.sin(np.arange(ROWS))}))
    assert not [note for note in account.assumed if "differ" in note]


def test_numbers_that_rise_under_another_name_can_be_predicted() -> None:
    account = account_of(pd.DataFrame({"a": np.sin(np.arange(ROWS)), "total": rising(0.5, 3.0, 20)}))
    assert account.target == "total"


@pytest.mark.parametrize("unit", ["ms", "s", "min", "h"])
@pytest.mark.parametrize("at", [1, 30, ROWS - 1])
def test_irregular_times_are_said_with_their_usual_and_longest_step(unit: str, at: int) -> None:
    rng = np.random.default_rng(1)
    steps = 10 + rng.integers(0, 3, ROWS) + rng.random(ROWS)
    steps[at] = 70_000
    times = pd.Timestamp("2024-01-01") + pd.to_timedelta(np.cumsum(steps), unit=unit)
    account = account_of(pd.DataFrame({"when": times, "load": np.sin(np.arange(ROWS))}))
    assert account.time is not None
    assert account.time.frequency == ""
    seconds = np.diff(times.to_numpy()) / np.timedelta64(1, "s")
    np.testing.assert_allclose(account.time.usual_step, np.median(seconds))
    np.testing.assert_allclose(account.time.longest_step, seconds.max())
    [said] = [note for note in account.assumed if "irregular" in note]
    assert f"(before row {at + 1})" in said
    assert "irregular (usually" in str(account)


def test_the_longest_step_of_several_series_is_that_within_one_of_them() -> None:
    rng = np.random.default_rng(2)
    times = [pd.Timestamp("2024-01-01") + pd.to_timedelta(np.cumsum(10 + rng.random(ROWS)), unit="s") for _ in "ab"]
    frame = pd.DataFrame(
        {"who": np.repeat(["a", "b"], ROWS), "when": [*times[0], *times[1]], "load": np.arange(2.0 * ROWS) % 7}
    )
    account = account_of(frame, series="who")
    assert account.time is not None
    expected = max(np.diff(part.to_numpy()).max() / np.timedelta64(1, "s") for part in times)
    np.testing.assert_allclose(account.time.longest_step, expected)
