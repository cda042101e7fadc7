"""A network that only repeats the last value is found: its predictions match the values one step late."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

import rnnstudio as rs
from rnnstudio.core.sequence import Ints, SequenceData, flat_steps
from rnnstudio.core.windows import sliding_windows
from rnnstudio.engine.lag_check import lag_errors
from rnnstudio.library.datasets.arrays import ArraySettings, from_arrays

SCALE, MEAN = 2.0, 10.0


def outputs_of(data: SequenceData, forecast: Any) -> Any:
    """Return the outputs of a network that predicts `forecast(positions of the last inputs)`, `(n, steps, D)`."""

    def of_windows(windows: Ints) -> NDArray[np.float32]:
        values = forecast(data, windows)
        shape = (len(windows), -1) if data.task == "forecast" else values.shape
        return ((values - MEAN) / SCALE).astype(np.float32).reshape(shape)

    def invert(values: Any, series: Any = None) -> Any:
        return values.astype(np.float64) * SCALE + MEAN

    return SimpleNamespace(
        data=data,
        stateful=False,
        of_windows=of_windows,
        scalers=SimpleNamespace(targets=SimpleNamespace(invert=invert)),
    )


def copying(data: SequenceData, windows: Ints) -> Any:
    """Predict the last input at all steps ahead."""
    samples = flat_steps(data.inputs)
    if data.task == "forecast":
        last = samples[data.starts[windows] + data.window_samples - 1][:, None]
        return np.repeat(last, data.target_steps, axis=1)
    return samples[data.target_positions(windows) - data.target_offset]


def good(data: SequenceData, windows: Ints) -> Any:
    return flat_steps(data.targets)[data.target_positions(windows)] * 1.001


def walk(rows: int, seed: int = 0) -> Any:
    return 10 + np.random.default_rng(seed).standard_normal(rows).cumsum()


@settings(max_examples=30, deadline=None)
@given(
    st.integers(0, 10**6), st.integers(1, 5), st.integers(1, 4), st.integers(1, 3), st.integers(1, 3), st.booleans(),
    st.booleans(),
)  # fmt: skip
def test_the_errors_are_those_one_step_ahead(
    seed: int, window: int, horizon: int, stride: int, frame: int, gaps: bool, several: bool
) -> None:
    rng = np.random.default_rng(seed)
    shops = [walk(int(rng.integers(80, 120)), seed + i) for i in range(1 + several)]
    for values in shops:
        values[rng.integers(1, len(values) - 1, 4 if gaps else 0)] = np.nan
    frame_of_all = pd.concat([
        pd.DataFrame({"day": pd.date_range("2024-01-01", periods=len(v)), "shop": f"s{i}", "v": v})
        for i, v in enumerate(shops)
    ])  # fmt: skip
    chosen = ArraySettings(
        window=window, horizon=horizon, stride=stride, frame=frame, test_fraction=0.4, target="v", features="v",
        series="shop" if several else "none", split_by="share", missing="past",
    )  # fmt: skip
    data = from_arrays(frame_of_all if several else frame_of_all.drop(columns="shop"), None, chosen, 0)
    noise = rng.standard_normal(sum(map(len, shops)) + 500)

    def network(data: SequenceData, windows: Ints) -> Any:
        return copying(data, windows) + noise[data.starts[windows]][:, None, None]

    found = lag_errors(outputs_of(data, network), data.test)
    expected: dict[str, list[float]] = {"error": [], "to_last": [], "of_last": []}
    for i in data.test:
        shop, start = divmod(int(data.starts[i]), data.inputs.shape[1])
        end = start + window * frame
        truth = shops[shop][end]
        last = pd.Series(shops[shop][:end]).ffill().iloc[-1]
        if np.isnan(truth):
            continue
        predicted = last + noise[data.starts[i]]
        expected["error"].append(predicted - truth)
        expected["to_last"].append(predicted - last)
        expected["of_last"].append(last - truth)
    assert found is not None
    rmse = [np.sqrt(np.mean(np.square(errors))) for errors in expected.values()]
    assert [found.error, found.error_to_last_value, found.last_value_error] == pytest.approx(rmse, rel=1e-4, abs=1e-5)


@pytest.mark.parametrize("task", ["forecast", "regress"])
@pytest.mark.parametrize(("network", "is_late"), [(copying, True), (good, False)])
def test_a_network_that_copies_the_last_value_is_late_and_a_good_one_is_not(
    network: Any, is_late: bool, task: str
) -> None:
    values = walk(400)
    if task == "forecast":
        data = from_arrays(values, None, ArraySettings(window=5, horizon=3, test_fraction=0.4), 0)
    else:
        series = values[:, None]
        data = sliding_windows(
            series, series, task="regress", window=5, stride=1, test_fraction=0.4, target_offset=1, autoregressive=True
        )
    found = lag_errors(outputs_of(data, network), data.test)
    assert found is not None
    assert found.is_late is is_late


def test_values_of_the_same_step_and_classes_have_no_last_value() -> None:
    values = walk(300)
    regress = from_arrays(values, values[::-1].copy(), ArraySettings(window=5, task="regress"), 0)
    label = from_arrays(values, values > 10, ArraySettings(window=5, task="label"), 0)
    assert lag_errors(outputs_of(regress, good), regress.test) is None
    assert lag_errors(outputs_of(label, good), label.test) is None
    without_test = from_arrays(values, None, ArraySettings(window=5, test_fraction=0.0), 0)
    assert lag_errors(outputs_of(without_test, good), without_test.test) is None


def test_a_run_keeps_them_and_says_so(tmp_path: Path) -> None:
    run = rs.train(walk(300), window=5, units=2, updates=2, verbose=0, save=False)
    assert run.lag is not None
    assert run.lag.error == pytest.approx(run.metrics["test_rmse"], rel=1e-5)
    assert run.lag.last_value_error == pytest.approx(run.baseline["last_value"]["test_rmse"], rel=1e-5)
    loaded = rs.load(run.save(tmp_path / "run"))
    assert loaded.lag == run.lag
    assert loaded.conclusions == run.conclusions == run.summary()["conclusions"]
    assert loaded.suggestions == run.suggestions
    run.metrics = {"test_rmse": 5.0}
    run.baseline = {"last_value": {"test_rmse": 1.0}}
    assert run.summary()["conclusions"][0].startswith("Test RMSE 5 is 5 times the error of repeating the last value")
