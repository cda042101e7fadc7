"""Scalers are fitted on the training windows, and scaling can be undone."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from rnnstudio.core.errors import SettingError
from rnnstudio.core.experiment import compose
from rnnstudio.core.scaling import Scaler, Scalers
from rnnstudio.core.scaling_warning import scaling_warning
from rnnstudio.core.sequence import SequenceData, flat_steps
from rnnstudio.core.settings import DataSettings
from rnnstudio.core.windows import forecast_windows, sliding_windows
from tests.properties import FINITE, quick, windowed_series


def settings(**values: Any) -> DataSettings:
    return compose("arrays", {"scale": "standard", **values}).data


def scaler_of(rows: Any) -> Scaler:
    """Return the scaler of rows `(n, F)` that are all in the training set."""
    names = tuple(f"column{i}" for i in range(rows.shape[1]))
    about = {"features": names, "target_names": names}
    data = sliding_windows(rows, rows, task="regress", window=1, stride=1, **about)
    return Scalers.fit(data, settings()).inputs


@given(arrays(np.float32, st.tuples(st.integers(1, 30), st.integers(1, 4)), elements=FINITE))
@quick
def test_scaling_and_its_inverse_give_the_same_numbers(rows: Any) -> None:
    scaler = scaler_of(rows)
    scaled = scaler.apply(rows)
    size = np.abs(rows).max(axis=0) + 1e-3
    assert (np.abs(scaler.invert(scaled) - rows) <= 2e-6 * size).all()
    assert np.isfinite(scaled).all()


@given(FINITE, st.integers(1, 200))
@quick
def test_a_constant_feature_is_scaled_to_0(value: float, count: int) -> None:
    rows = np.full((count, 1), value, np.float32)
    np.testing.assert_array_equal(scaler_of(rows).apply(rows), 0)


@given(windowed_series(), st.sampled_from(["train", "all"]))
@quick
def test_a_scaler_is_fitted_on_the_training_windows_or_on_all_data(data: SequenceData, samples: str) -> None:
    steps = flat_steps(data.inputs)
    # The values are their positions: the training windows cover these, up to their last target.
    starts = data.starts[data.train]
    covered = sorted({int(start) + i for start in starts for i in range(data.total_samples)})
    rows = steps[covered] if samples == "train" else steps
    scaler = Scalers.fit(data, settings(fit_scaler_on=samples)).inputs
    np.testing.assert_allclose(scaler.mean, rows.mean(axis=0, dtype=np.float64))
    np.testing.assert_allclose(scaler.scale, rows.std(axis=0, dtype=np.float64) or 1.0)


def test_held_out_samples_do_not_change_the_scaler() -> None:
    series = np.sin(np.arange(100, dtype=np.float32))[:, None]
    changed = series.copy()
    changed[70:] += 1000
    for values in (series, changed):
        data = forecast_windows(values, window=5, horizon=2, test_fraction=0.3)
        scalers = Scalers.fit(data, settings())
        assert float(scalers.inputs.scale[0]) == pytest.approx(float(series[:70].std()), rel=1e-6)


def test_a_scaler_fitted_on_all_data_is_warned_of_with_the_sets_it_leaks() -> None:
    series = np.zeros((100, 1), np.float32)
    both = forecast_windows(series, window=5, horizon=1, test_fraction=0.2, val_fraction=0.2)
    none = forecast_windows(series, window=5, horizon=1)
    assert "including the validation and test set" in scaling_warning(both, settings(fit_scaler_on="all"))
    assert scaling_warning(both, settings()) == ""
    assert scaling_warning(both, settings(fit_scaler_on="all", scale="none")) == ""
    assert scaling_warning(none, settings(fit_scaler_on="all")) == ""


def test_padding_does_not_change_the_scaler() -> None:
    inputs = np.array([[[1.0], [3.0]], [[5.0], [0.0]]], np.float32)
    data = SequenceData(
        task="classify",
        inputs=inputs,
        targets=np.array([0, 1], np.int32),
        starts=np.array([0, 2], np.int32),
        window=2,
        train=np.array([0, 1], np.int32),
        lengths=np.array([2, 1], np.int32),
        classes=("a", "b"),
    )
    for samples in ("train", "all"):
        assert float(Scalers.fit(data, settings(fit_scaler_on=samples)).inputs.mean[0]) == 3


def test_a_scaler_of_all_data_has_the_mean_and_deviation_of_ragged_sequences() -> None:
    lengths = np.array([3, 5, 4, 20], np.int32)
    rng = np.random.default_rng(0)
    sequences = [rng.normal(100, 5, (length, 2)).astype(np.float32) for length in lengths]
    inputs = np.zeros((4, 20, 2), np.float32)
    for padded, sequence in zip(inputs, sequences, strict=True):
        padded[: len(sequence)] = sequence
    data = SequenceData(
        task="regress",
        inputs=inputs,
        targets=inputs[..., :1],
        starts=np.arange(4, dtype=np.int32) * 20,
        window=20,
        train=np.array([0, 1], np.int32),
        test=np.array([2, 3], np.int32),
        target_steps=20,
        lengths=lengths,
        features=("a", "b"),
    )
    samples = np.concatenate(sequences)
    scalers = Scalers.fit(data, settings(fit_scaler_on="all"))
    np.testing.assert_allclose(scalers.inputs.mean, samples.mean(axis=0, dtype=np.float64))
    np.testing.assert_allclose(scalers.inputs.scale, samples.std(axis=0, dtype=np.float64))
    np.testing.assert_allclose(scalers.targets.mean, scalers.inputs.mean[:1])


@given(
    arrays(np.float64, st.tuples(st.integers(2, 30), st.just(2)), elements=st.floats(1e-3, 1e6)),
    arrays(np.float64, st.integers(1, 9), elements=st.floats(-5.0, 1e6)),
)
@quick
def test_logarithms_are_those_of_the_predicted_column_alone(rows: Any, later: Any) -> None:
    data = sliding_windows(
        rows, rows[:, :1], task="regress", window=1, stride=1, features=("sales", "price"), target_names=("sales",)
    )
    scalers = Scalers.fit(data, settings(scale="log"))
    logs = np.log(rows[:, 0])
    assert scalers.targets.mean[0] == pytest.approx(logs.mean())
    assert scalers.inputs.mean == pytest.approx([logs.mean() if np.ptp(logs) else logs[0], rows[:, 1].mean()])
    assert scalers.inputs.smallest is not None
    assert scalers.inputs.smallest[1] == 0
    back = scalers.targets.invert(scalers.targets.apply(later[:, None]))[:, 0]
    spread = scalers.targets.scale[0]
    expected = np.maximum(later, rows[:, 0].min() / 2)  # smaller values have the logarithm of this one
    assert back == pytest.approx(expected, rel=1e-4 * max(1.0, spread))


@pytest.mark.parametrize("value", [0.0, -1.0])
def test_logarithms_of_values_that_are_not_above_0_are_refused(value: float) -> None:
    rows = np.array([[1.0], [value], [3.0]])
    data = sliding_windows(rows, rows, task="regress", window=1, stride=1, features=("sales",), target_names=("sales",))
    with pytest.raises(SettingError, match=f"'sales' has {value:g} in the training set"):
        Scalers.fit(data, settings(scale="log"))


def test_missing_values_stay_missing_in_logarithms() -> None:
    rows = np.array([[1.0], [np.nan], [np.e]])
    data = sliding_windows(rows, rows, task="regress", window=1, stride=1, features=("sales",), target_names=("sales",))
    scaler = Scalers.fit(data, settings(scale="log")).targets
    assert scaler.mean[0] == pytest.approx(0.5)
    assert np.isnan(scaler.apply(rows)[1, 0])


def test_the_scaler_of_some_features_scales_them_alike() -> None:
    scaler = Scaler(np.array([1.0, 2.0, 3.0]), np.array([2.0, 3.0, 4.0]), np.array([0.0, 0.5, 0.0]))
    values = np.array([[1.0, 20.0, -3.0], [5.0, 0.1, 7.0]])
    assert np.array_equal(scaler.of_columns([1, 2]).apply(values[:, 1:]), scaler.apply(values)[:, 1:])
    each = Scaler(*(np.stack([part, part + 1]) for part in (scaler.mean, scaler.scale, np.ones(3))))
    of_series = np.array([1, 0])
    expected = each.apply(values, of_series)[:, [0, 2]]
    assert np.array_equal(each.of_columns([0, 2]).apply(values[:, [0, 2]], of_series), expected)
