"""New inputs in another unit, or read with a wrong mark, are said; those of the size of the training are not."""

import numpy as np
import pandas as pd
import pytest

import rnnstudio as rs
from rnnstudio.core.scaling import Scaler
from rnnstudio.results.far_inputs import far_inputs_notes

TRAINED = {"rate": np.linspace(8, 14, 50), "temp": np.linspace(-5, 30, 50), "sales": np.linspace(1_200, 1_900, 50)}
RUN = Scaler(np.array([v.mean() for v in TRAINED.values()]), np.array([v.std() for v in TRAINED.values()]))
OTHER_UNITS = {
    "a share for percent": ("rate", lambda v: v / 100),
    "kelvin for degrees": ("temp", lambda v: v + 273.15),
    "decimals for thousands": ("sales", lambda v: v / 1000),
    "thousands for decimals": ("rate", lambda v: v * 1000),
    "cents for euros": ("sales", lambda v: v * 100),
}


def notes(values, scaler=RUN):
    return far_inputs_notes([np.column_stack(list(values.values()))], list(values), scaler, "new.csv")


@pytest.mark.parametrize("unit", OTHER_UNITS)
@pytest.mark.parametrize("missing", [False, True])
def test_a_feature_in_another_unit_is_said(unit, missing):
    name, convert = OTHER_UNITS[unit]
    values = {**TRAINED, name: convert(TRAINED[name])}
    if missing:
        values[name][[0, -1]] = np.nan
    (note,) = notes(values)
    assert note.startswith(f"All values of {name!r} in new.csv ({np.nanmin(values[name]):.6g} to")
    assert f"mean is {TRAINED[name].mean():.6g}" in note


@pytest.mark.parametrize(("shift", "outlier"), [(0, 0), (3, 0), (0, 1e6), (-3, -1e6)])
def test_values_of_the_size_of_the_training_are_not_said(shift, outlier):
    values = {name: v + shift * v.std() for name, v in TRAINED.items()}
    for v in values.values():
        v[3] += outlier
    assert notes(values) == []


def test_nothing_is_said_of_constant_features_and_without_scaling():
    values = {"a": np.full(9, 1e6)}
    assert notes(values, Scaler(np.array([5.0]), np.array([1.0]))) == []
    assert notes(values, Scaler.identity(1)) == []


def test_a_data_frame_in_another_unit_is_said_as_a_file_is():
    frame = pd.DataFrame({"day": pd.date_range("2024-01-01", periods=60), "sales": np.linspace(1_200, 1_900, 60)})
    run = rs.train(frame, window=6, units=4, updates=2, verbose=0, save=False)
    run.predict(frame)
    with pytest.warns(UserWarning, match=r"All values of 'sales' in x \(1.2 to 1.9\) are far from those"):
        run.predict(frame.assign(sales=frame["sales"] / 1000))
