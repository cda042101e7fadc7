"""New data in another unit than the training are said, where both name one."""

from __future__ import annotations

import warnings

import numpy as np
import pandas as pd
import pytest

import rnnstudio as rs
from tests.without_xla import without_xla

pytestmark = pytest.mark.usefixtures("uncompiled")


def frame(unit: str, count: int = 60) -> pd.DataFrame:
    values = 20 + np.sin(np.arange(float(count))).round(3)
    return pd.DataFrame({"day": pd.date_range("2024-01-01", periods=count), "temp": [f"{v}{unit}" for v in values]})


@pytest.fixture(scope="module")
def run() -> rs.Run:
    with without_xla():
        return rs.train(frame(" °C"), window=5, units=2, updates=1, verbose=0, save=False)


def test_a_run_knows_the_units_of_its_inputs(run: rs.Run) -> None:
    assert run.info.feature_units == ("°C",)


def test_another_unit_is_said(run: rs.Run) -> None:
    with pytest.warns(UserWarning, match="Column 'temp' of x is in °F; the run was trained on °C"):
        run.predict(frame(" °F"))


@pytest.mark.parametrize("unit", [" °C", "°C", ""])
def test_the_same_unit_or_none_is_not(run: rs.Run, unit: str) -> None:
    with warnings.catch_warnings(record=True) as said:
        warnings.simplefilter("always")
        run.predict(frame(unit, 20))
    assert [str(warning.message) for warning in said] == []
