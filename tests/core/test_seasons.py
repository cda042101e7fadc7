"""A season is found where there is one, and only there."""

import numpy as np
import pytest

from rnnstudio.core.paths import resource
from rnnstudio.core.seasons import find_period
from rnnstudio.reading.text.text_table import read_table


@pytest.mark.parametrize("period", [2, 7, 12, 24, 90])
def test_a_season_is_found_under_noise_and_trend(period: int) -> None:
    rng = np.random.default_rng(1)
    steps = np.arange(period * 12)
    pattern = rng.standard_normal(period) * 3
    series = pattern[steps % period] + 0.05 * steps + 0.3 * rng.standard_normal(len(steps))
    assert find_period(series.astype(np.float32)) == period


def test_the_airline_passengers_have_a_year() -> None:
    table = read_table(resource("data/airline.csv"))
    assert find_period(table.numbers(table.columns[1:2])[:, 0]) == 12


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
