"""Arrays without times: the season is found from their values before the test set, as in a file of the same numbers."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

import rnnstudio as rs
from tests.library.own_data import arrays, load

RNG = np.random.default_rng(7)
NOISE = RNG.standard_normal(400)


def wave(period: int, steps: int) -> Any:
    """Return a sine of a period in steps, `(steps,)`."""
    return np.sin(2 * np.pi * np.arange(steps) / period)


@pytest.mark.parametrize("steps", [60, 97, 144, 300, 1_000])
@pytest.mark.parametrize("period", [4, 7, 12, 17])
def test_the_period_of_a_sine_is_found_at_every_length_that_holds_it_three_times(period: int, steps: int) -> None:
    trained = steps - int(steps * 0.15)
    expected = period if (trained - 1) // 3 >= period else 0
    assert arrays(wave(period, steps), window=5).period == expected


@pytest.mark.parametrize("form", ["list", "float32", "column", "fortran", "frame of x", "trend", "noise", "missing"])
def test_it_is_found_in_every_form_of_a_series(form: str) -> None:
    values = wave(12, 240)
    gaps = values.copy()
    gaps[[20, 77, 78]] = np.nan
    x = {
        "list": values.tolist(),
        "float32": values.astype(np.float32),
        "column": values[:, None],
        "fortran": np.asfortranarray(np.column_stack([values, NOISE[:240]])),
        "frame of x": pd.DataFrame({"v": values}),
        "trend": values + np.arange(240) / 10,
        "noise": values + NOISE[:240] / 10,
        "missing": gaps,
    }[form]
    assert arrays(x, window=24).period == 12


@pytest.mark.parametrize(
    "x", [NOISE, NOISE.cumsum(), np.ones(300), np.arange(300.0), np.column_stack([NOISE, NOISE[::-1]])]
)
def test_values_without_a_season_have_none(x: Any) -> None:
    assert arrays(x, window=5).period == 0


def test_of_several_columns_the_first_with_a_season_decides() -> None:
    assert arrays(np.column_stack([NOISE, wave(9, 400), wave(12, 400)]), window=5).period == 9


def test_the_test_set_is_not_read() -> None:
    values = np.concatenate([wave(12, 200), wave(5, 200)])
    assert arrays(values, window=5, test_fraction=0.5).period == 12
    assert arrays(np.concatenate([NOISE[:200], wave(5, 200)]), window=5, test_fraction=0.5).period == 0


@pytest.mark.parametrize("task", ["forecast", "regress"])
def test_the_caller_decides_where_period_is_set(task: str) -> None:
    x = {"forecast": (wave(12, 240), None), "regress": (NOISE[:240], wave(12, 240))}[task]
    assert arrays(*x, window=5, task=task).period == 12
    assert arrays(*x, window=5, task=task, period=6).period == 6
    assert arrays(*x, window=5, task=task, period=6.0).period == 6


def test_classes_have_no_season() -> None:
    assert arrays(wave(12, 240), wave(12, 240) > 0, window=5, task="label").period == 0


@pytest.mark.parametrize("period", [5, 12, 30])
def test_it_is_that_of_a_file_with_the_same_numbers(tmp_path: Path, period: int) -> None:
    values = (wave(period, 300) + NOISE[:300] / 50).round(6)
    pd.DataFrame({"v": values}).to_csv(tmp_path / "v.csv", index=False)
    assert arrays(values, window=5).period == load(tmp_path / "v.csv", window=5).period == period


@pytest.mark.parametrize("horizon", [1, 3, 14])
def test_the_seasonal_baseline_predicts_the_value_of_the_last_season(horizon: int) -> None:
    x = wave(12, 240) + NOISE[:240] / 10
    run = rs.train(x, window=24, horizon=horizon, updates=1, verbose=0, save=False, units=2)
    data = run.data()
    errors = []
    for first in (data.starts[data.test] + 24).tolist():  # the first step to predict, after a window of 24
        for target in range(first, first + horizon):
            source = target
            while source >= first:
                source -= 12
            errors.append(x[target] - x[source])
    assert run.baseline["seasonal_last_value"]["test_rmse"] == pytest.approx(np.sqrt(np.mean(np.square(errors))))
