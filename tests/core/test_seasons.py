"""A season is found where there is one, and only there."""

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from rnnstudio.core.paths import resource
from rnnstudio.core.seasons import find_period, natural_seasons, period_in_training
from rnnstudio.library.datasets.arrays import ArraySettings, from_arrays
from rnnstudio.reading.text.text_table import read_table
from tests.library.own_data import load

SEASONS = (4, 5, 7, 12, 24, 48, 52, 168)


def seasonal(rng: np.random.Generator, season: int, rows: int, kind: str, noise: float = 0.0) -> NDArray[np.float64]:
    """Return a season of variance 1 and noise, `(rows,)`."""
    steps = np.arange(rows)
    if kind == "sine":
        wave = np.sin(2 * np.pi * (steps / season + rng.uniform()))
    elif kind == "harmonics":
        weights = [1.0, *rng.uniform(0, 0.7, min(3, season // 2 - 1))]
        waves = [w * np.sin(2 * np.pi * (h * steps / season + rng.uniform())) for h, w in enumerate(weights, 1)]
        wave = np.sum(waves, axis=0)
    else:
        wave = rng.standard_normal(season)[steps % season]
    return np.asarray(wave / wave.std() + noise * rng.standard_normal(rows))


@settings(max_examples=150, deadline=None)
@given(
    st.sampled_from(SEASONS),
    st.floats(3.5, 200.0),
    st.sampled_from(["harmonics", "pattern"]),
    st.floats(0.0, 0.06),
    st.floats(-1.0, 1.0),
    st.floats(0.0, 0.05),
    st.integers(0, 10**6),
)
def test_a_clear_season_is_found_however_often_it_comes(
    season: int, times: float, kind: str, noise: float, slope: float, walk: float, seed: int
) -> None:
    rows = min(int(season * times) + 2, 12_000)
    rng = np.random.default_rng(seed)
    series = seasonal(rng, season, rows, kind, noise) + slope * np.arange(rows) / season
    series += walk * rng.standard_normal(rows).cumsum()
    assert find_period(series, (season,)) == season


@settings(max_examples=60, deadline=None)
@given(
    st.sampled_from(SEASONS), st.integers(0, 10**6), st.sampled_from([1e-200, 1e-30, 1.0, -7.0, 1e30, 1e200]),
    st.sampled_from([0.0, 1.0, -1e3]),
)  # fmt: skip
def test_units_and_rows_before_the_first_value_change_nothing(season: int, seed: int, unit: float, zero: float) -> None:
    rng = np.random.default_rng(seed)
    series = seasonal(rng, season, season * int(rng.integers(3, 12)), "pattern", 0.5)
    assert find_period(unit * (series + zero)) == find_period(series)
    assert find_period(np.concatenate([np.full(5, np.nan), series])) == find_period(series)


@pytest.mark.parametrize("length", range(12))
def test_a_few_values_are_no_season(length: int) -> None:
    assert find_period(np.random.default_rng(0).standard_normal(length)) == 0
    assert find_period(np.full(length, np.nan)) == find_period(np.full(length, np.inf)) == 0


@pytest.mark.parametrize("knows_frequency", [True, False])
def test_most_seasons_are_found_under_noise_and_hardly_any_at_a_multiple(knows_frequency: bool) -> None:
    rng = np.random.default_rng(5)
    found: list[tuple[int, int]] = []
    for season in SEASONS:
        for times in (3.6, 10, 30):
            for kind in ("sine", "harmonics", "pattern"):
                for noise in (0.3, 1.0):
                    for walk in (0.0, 0.1):
                        rows = int(season * times)
                        series = seasonal(rng, season, rows, kind, noise) + walk * rng.standard_normal(rows).cumsum()
                        found.append((season, find_period(series, (season,) if knows_frequency else ())))
    exact = np.mean([period == season for season, period in found])
    multiple = np.mean([period > season and period % season == 0 for season, period in found])
    assert exact >= (0.9 if knows_frequency else 0.7)
    assert multiple <= (0.01 if knows_frequency else 0.02)


def test_a_weekly_pattern_under_much_noise_has_seven_days_rather_than_weeks_of_them() -> None:
    rng = np.random.default_rng(3)
    for _ in range(20):
        week = rng.standard_normal(7)
        series = np.tile(week / week.std(), 150) + 1.2 * rng.standard_normal(1050)
        assert find_period(series, natural_seasons("D")) == 7


def test_a_day_within_a_week_gives_way_to_the_week_only_where_that_is_clearly_stronger() -> None:
    rng = np.random.default_rng(4)
    hours = np.arange(24 * 7 * 20)
    noise = rng.standard_normal(len(hours))
    day = np.sin(2 * np.pi * hours / 24)
    weekend = np.where(hours // 24 % 7 >= 5, 0.2, 1.0)
    natural = natural_seasons("h")
    assert find_period(day + 0.3 * noise, natural) == 24
    assert find_period(day * weekend + 0.03 * noise, natural) == 168


@pytest.mark.parametrize("noise", [0.3, 0.6])
def test_a_year_of_days_stands_out_although_its_changes_are_noise(noise: float) -> None:
    days = np.arange(365 * 6)
    series = np.sin(2 * np.pi * days / 365.25) + noise * np.random.default_rng(6).standard_normal(len(days))
    assert find_period(series, natural_seasons("D")) == 365


PROCESSES = {
    "white noise": lambda e: e,
    "AR 0.5": lambda e: autoregressive(e, 0.5),
    "AR 0.9": lambda e: autoregressive(e, 0.9),
    "AR -0.5": lambda e: autoregressive(e, -0.5),
    "random walk": np.cumsum,
    "few large outliers": lambda e: 0.1 * e + 20 * (np.abs(np.roll(e, 3)) > 2.6),
}


def autoregressive(noise: NDArray[np.float64], factor: float) -> NDArray[np.float64]:
    values = noise.copy()
    for i in range(1, len(values)):
        values[i] += factor * values[i - 1]
    return values


@pytest.mark.parametrize("process", PROCESSES)
@pytest.mark.parametrize("natural", [(), (7, 365), (12,), (24, 168)])
def test_chance_is_rarely_taken_for_a_season(process: str, natural: tuple[int, ...]) -> None:
    rng = np.random.default_rng(8)
    found = [
        find_period(PROCESSES[process](rng.standard_normal(rows)), natural) > 0
        for rows in (30, 100, 400)
        for _ in range(60)
    ]
    assert np.mean(found) <= 0.06


@pytest.mark.parametrize(
    ("frequency", "expected"),
    [
        ("30min", (2, 48, 336, 17532)), ("15min", (4, 96, 672, 35064)), ("5min", (12, 288, 2016, 105192)),
        ("2h", (12, 84, 4383)), ("7h", (24, 1252)), ("D", (7, 365)), ("7D", (52,)), ("W", (52,)), ("W-MON", (52,)),
        ("2W", (26,)), ("B", (5,)), ("MS", (12,)), ("ME", (12,)), ("2MS", (6,)), ("QE-DEC", (4,)), ("YS", ()),
        ("s", (60, 3600, 86400, 604800, 31557600)), ("", ()), ("?", ()),
    ],
)  # fmt: skip
def test_natural_seasons_follow_from_the_frequency(frequency: str, expected: tuple[int, ...]) -> None:
    assert natural_seasons(frequency) == expected


def test_too_few_rows_to_show_a_year_of_months_have_it_nevertheless() -> None:
    noise = np.random.default_rng(9).standard_normal((200, 1))
    found = [period_in_training(noise[:rows], 0.0, 0.0, (12,)) for rows in (23, 24, 37, 60, 200)]
    assert found == [0, 12, 12, 0, 0]


@settings(max_examples=40, deadline=None)
@given(st.sampled_from([0.0, 0.2, 0.35]), st.sampled_from([0.0, 0.1, 0.3]), st.integers(0, 10**6), st.booleans())
def test_neither_validation_nor_test_rows_decide(test: float, val: float, seed: int, several: bool) -> None:
    rng = np.random.default_rng(seed)
    rows = int(rng.integers(60, 200))
    values = seasonal(rng, 7, rows, "pattern", 0.5)
    other = values.copy()
    held_out = int(rows * test + 1e-9) + int(rows * val + 1e-9)
    other[rows - held_out :] = 50 * seasonal(rng, 5, held_out, "pattern") if held_out else []
    days = pd.date_range("2024-01-01", periods=rows)
    chosen = ArraySettings(window=2, test_fraction=test, val_fraction=val, target="v", features="v")

    def period(v: NDArray[Any]) -> int:
        frame = pd.DataFrame({"day": days, "v": v})
        if several:
            frame = pd.concat([frame.assign(shop=shop) for shop in "AB"])
        return from_arrays(frame, None, chosen.model_copy(update={"series": "shop" if several else ""}), 0).period

    assert period(values) == period(other)


@pytest.mark.parametrize("kind", ["file", "several", "array"])
def test_a_daily_series_without_a_week_has_no_seasonal_baseline(kind: str, tmp_path: Path) -> None:
    walk = np.random.default_rng(10).standard_normal(300).cumsum()
    frame = pd.DataFrame({"day": pd.date_range("2024-01-01", periods=300), "v": walk})
    if kind == "several":
        frame = pd.concat([frame.assign(shop=shop) for shop in "AB"])
    if kind == "array":
        assert from_arrays(walk, None, ArraySettings(), 0).period == 0
        return
    frame.to_csv(tmp_path / "v.csv", index=False)
    assert load(tmp_path / "v.csv", target="v", series="shop" if kind == "several" else "").period == 0


@pytest.mark.parametrize("period", [2, 7, 12, 24, 90])
def test_a_season_is_found_under_noise_and_trend(period: int) -> None:
    rng = np.random.default_rng(1)
    steps = np.arange(period * 12)
    pattern = rng.standard_normal(period) * 3
    series = pattern[steps % period] + 0.05 * steps + 0.3 * rng.standard_normal(len(steps))
    assert find_period(series.astype(np.float32)) == period


def test_the_airline_passengers_have_a_year() -> None:
    table = read_table(resource("data/airline.csv"))
    passengers = table.numbers(table.columns[1:2])[:, 0]
    for months in range(48, 145, 6):
        assert find_period(passengers[:months], (12,)) == find_period(passengers[:months]) == 12


@pytest.mark.parametrize("kind", ["noise", "walk", "constant", "short", "line"])
def test_no_season_is_made_up(kind: str) -> None:
    noise = np.random.default_rng(2).standard_normal(500)
    series = {
        "noise": noise,
        "walk": np.cumsum(noise),
        "constant": np.ones(100),
        "short": noise[:4],
        "line": np.arange(300.0),
    }[kind]
    assert find_period(series.astype(np.float32)) == 0
