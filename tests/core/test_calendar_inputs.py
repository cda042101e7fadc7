"""Calendar inputs of weekdays and months: one input each, of those that occur."""

from __future__ import annotations

import numpy as np
import pandas as pd

from rnnstudio.core.calendar_inputs import calendar_names, calendar_values


def test_only_weekdays_and_months_that_occur_are_inputs() -> None:
    trading = pd.bdate_range("2024-01-01", periods=60).to_numpy()
    assert calendar_names(trading) == ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday")
    quarters = pd.date_range("2018-01-01", periods=12, freq="QS").to_numpy()
    assert calendar_names(quarters) == ("January", "April", "July", "October")
    saturday = np.array(["2024-01-06"], "datetime64[ns]")
    assert not calendar_values(saturday, calendar_names(trading)).any()


def test_months_are_one_input_each_and_an_unknown_time_has_none() -> None:
    stamps = pd.date_range("1960-01-31", periods=40, freq="ME").to_numpy().copy()
    stamps[7] = np.datetime64("NaT")
    names = calendar_names(stamps)
    values = calendar_values(stamps, names)
    known = np.arange(40) != 7
    assert np.isnan(values[7]).all()
    assert (values[known].argmax(axis=1) == np.arange(40)[known] % 12).all()
    assert (values[known].sum(axis=1) == 1).all()
