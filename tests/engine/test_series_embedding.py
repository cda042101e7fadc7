"""A learned vector of each series: what the network computes with it, and what an update changes."""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import rnnstudio as rs
from rnnstudio.core.errors import SettingError
from rnnstudio.core.sequence import SequenceData
from rnnstudio.engine import programs
from rnnstudio.engine.window_outputs import WindowOutputs
from tests.engine import reference

MANY = settings(
    max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
ROLES: dict[str, Any] = {"target": "sales", "series": "shop", "time": "day"}
PLAIN: dict[str, Any] = {
    "units": 3, "batch_size": 8, "scale": "standard", "val_fraction": 0.0, "linear_skip": False, "frame": 1,
    "predict_change": "none", "scale_windows": "none", "calendar": False, "conv_filters": 0, "clip_norm": 0.0,
    "verbose": 0, "save": False,
}  # fmt: skip


def shops(seed: int = 0, lengths: tuple[int, ...] = (60, 50, 40)) -> pd.DataFrame:
    """Return shops of unequal length: sales, a promotion, and whether a day was good."""
    rng, parts = np.random.default_rng(seed), []
    for n, length in enumerate(lengths):
        sales = 10 * (n + 1) + rng.normal(size=length).cumsum()
        days = pd.date_range("2024-01-01", periods=length)
        promotion = rng.integers(0, 2, length)
        good = np.where(rng.random(length) < 0.5, "yes", "no")
        parts.append(pd.DataFrame({"shop": f"s{n}", "day": days, "sales": sales, "promo": promotion, "good": good}))
    return pd.concat(parts, ignore_index=True)


def train(x: Any, **chosen: Any) -> Any:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return rs.train(x, **{**ROLES, **PLAIN, "window": 4, "updates": 12, "learning_rate": 0.05, **chosen})


def doubles(run: Any) -> dict[str, Any]:
    return {name: values.astype(np.float64) for name, values in run.weights.items()}


def scaled(run: Any, data: SequenceData, columns: str = "inputs") -> Any:
    """Return inputs or targets of all series, `(N, T, F)`, scaled as the run says."""
    scaler, values = getattr(run.scalers, columns), getattr(data, columns).astype(np.float64)
    mean, scale = (v[:, None] if v.ndim == 2 else v for v in (scaler.mean, scaler.scale))
    return (values - mean) / scale


def windows_with_vectors(run: Any, data: SequenceData, windows: Any) -> tuple[Any, Any, Any]:
    """Return series and first sample of windows, and what the network reads of each: the inputs and the vector."""
    inputs, vectors = scaled(run, data), doubles(run)["series/embedding"]
    series, first = np.divmod(data.starts[windows], data.inputs.shape[1])
    x = inputs[series[:, None], first[:, None] + np.arange(data.window_samples)]
    x = x.reshape(len(windows), data.window, -1)
    return series, first, np.concatenate([x, np.repeat(vectors[series][:, None], data.window, axis=1)], axis=2)


def test_an_output_of_zeros_comes_from_vectors_of_zeros() -> None:
    run = train(shops(), series_embedding=2, updates=1, learning_rate=1e-12, optimizer="sgd")
    assert run.weights["series/embedding"].shape == (3, 2)
    assert np.abs(run.weights["series/embedding"]).max() < 1e-9
    assert "series/embedding" not in train(shops(), updates=1).weights


@pytest.mark.usefixtures("uncompiled")
@pytest.mark.parametrize(
    "chosen",
    [
        pytest.param({"horizon": 3}, id="forecast"),
        pytest.param({"horizon": 2, "frame": 3, "layers": 2, "dense_units": [3]}, id="frames"),
        pytest.param({"horizon": 2, "cell": "lstm", "bidirectional": True, "pooling": "max"}, id="bidirectional"),
        pytest.param({"horizon": 2, "scale_each": False, "pooling": "mean", "cell": "gru"}, id="one-scaler"),
        pytest.param({"task": "regress", "features": "promo", "test_context": "inside"}, id="regress"),
        pytest.param({"task": "label", "target": "good", "features": "sales", "test_context": "inside"}, id="label"),
    ],
)
def test_outputs_are_those_of_the_equations_with_the_vector_beside_the_inputs(chosen: dict[str, Any]) -> None:
    run = train(shops(), series_embedding=2, **{"cell": "rnn", **chosen})
    data = run.data()
    _, _, x = windows_with_vectors(run, data, data.test)
    per_step = data.return_sequences
    expected, _ = reference.forward(run.experiment.model, doubles(run), x, return_sequences=per_step)
    outputs = WindowOutputs(data, run.scalers, run._trained_network().predictor, stateful=False).of_windows(data.test)
    np.testing.assert_allclose(outputs, expected, rtol=1e-4, atol=1e-5)
    assert np.abs(doubles(run)["series/embedding"]).min() > 1e-4  # each number of each vector has been learned


@pytest.mark.usefixtures("uncompiled")
def test_convolutions_read_the_vector_at_each_step_of_the_window() -> None:
    run = train(shops(), window=8, horizon=2, series_embedding=2, conv_filters=3, conv_layers=1, conv_width=3,
                conv_stride=2, cell="rnn")  # fmt: skip
    data, w = run.data(), doubles(run)
    _, _, x = windows_with_vectors(run, data, data.test)
    padded = np.pad(x, ((0, 0), (1, 1), (0, 0)))
    steps = [np.einsum("bwf,wfo->bo", padded[:, i : i + 3], w["conv1/kernel"]) for i in range(0, 8, 2)]
    convolved = np.maximum(np.stack(steps, axis=1) + w["conv1/bias"], 0)
    expected, _ = reference.forward(run.experiment.model, w, convolved, return_sequences=False)
    outputs = WindowOutputs(data, run.scalers, run._trained_network().predictor, stateful=False).of_windows(data.test)
    np.testing.assert_allclose(outputs, expected, rtol=1e-4, atol=1e-5)


@pytest.mark.usefixtures("uncompiled")
def test_the_linear_part_does_not_read_the_vector_and_what_is_known_ahead_is_read_beside_it() -> None:
    run = train(shops(), horizon=2, series_embedding=2, linear_skip=True, predict_change="last_value", known="promo",
                scale_windows="last_value", cell="rnn")  # fmt: skip
    data, w, horizon = run.data(), doubles(run), 2
    series, first, x = windows_with_vectors(run, data, data.test)
    raw = x[..., :2].copy()
    x[..., 0] -= x[:, -1:, 0]
    state = np.zeros((len(x), 3))
    for t in range(data.window):
        state = np.tanh(x[:, t] @ w["rnn1/kernel"] + state @ w["rnn1/recurrent_kernel"] + w["rnn1/bias"])
    steps = first[:, None] + data.window + np.arange(horizon)
    ahead = scaled(run, data)[series[:, None], steps, 1:]
    hidden = np.maximum((state @ w["known/state"])[:, None] + ahead @ w["known/kernel"] + w["known/step"], 0)
    output = (
        state @ w["head/kernel"] + w["head/bias"] + (hidden @ w["known/output"] + ahead @ w["known/linear"])[..., 0]
    )
    past = x[..., 0] - (raw[..., 1] - raw[:, -1:, 1]) * w["linear/effect"][0, 0]
    terms = np.concatenate([ahead, np.repeat(raw[:, -1:, 1:], horizon, 1)], axis=2) @ w["linear/known"]
    output += past @ w["linear/kernel"] + w["linear/bias"] + terms[..., 0] + raw[:, -1:, 0]
    outputs = WindowOutputs(data, run.scalers, run._trained_network().predictor, stateful=False).of_windows(data.test)
    np.testing.assert_allclose(outputs, output, rtol=1e-4, atol=1e-5)


@pytest.mark.usefixtures("uncompiled")
def test_one_update_moves_the_vectors_of_the_series_in_its_batch_by_their_gradient_and_no_others() -> None:
    data = shops(lengths=(40, 40, 40))
    chosen = {"series_embedding": 2, "optimizer": "sgd", "sampling": "sequential", "batch_size": 5, "cell": "gru"}
    before = train(data, **chosen, learning_rate=1e-12, updates=1, momentum=0.0)
    after = train(data, **chosen, learning_rate=1.0, updates=1, momentum=0.0)
    read = before.data()
    _, _, x = windows_with_vectors(before, read, read.train[:5])
    series = read.starts[read.train[:5]] // read.inputs.shape[1]
    assert set(series) == {0}
    truth = scaled(before, read, "targets")[series[:, None], read.starts[read.train[:5]][:, None] + 4]

    def loss(weights: reference.Weights) -> Any:
        vectors = np.repeat(weights["series/embedding"][series][:, None], read.window, axis=1)
        own = np.concatenate([x[..., :-2], vectors], axis=2)
        outputs, _ = reference.forward(before.experiment.model, weights, own, return_sequences=False)
        return reference.squared_error(outputs, truth)

    gradient = reference.gradient(loss, doubles(before))["series/embedding"]
    moved = before.weights["series/embedding"] - after.weights["series/embedding"]
    np.testing.assert_allclose(moved, gradient, atol=2e-6)
    assert np.abs(moved[0]).min() > 1e-4
    np.testing.assert_array_equal(moved[1:], np.zeros((2, 2)))


@pytest.mark.parametrize("optimizer", ["adam", "rmsprop"])
def test_every_optimizer_and_clipping_train_the_vectors_in_the_compiled_program(optimizer: str) -> None:
    run = train(shops(), series_embedding=2, optimizer=optimizer, clip_norm=0.5, l2=0.001, dropout=0.1)
    assert run.record.outcome == "completed"
    assert (run.weights["series/embedding"] != 0).all()


@given(
    seed=st.integers(0, 10_000),
    task=st.sampled_from(["forecast", "forecast", "regress", "label"]),
    chosen=st.fixed_dictionaries(
        {
            "series_embedding": st.integers(1, 4),
            "cell": st.sampled_from(["rnn", "lstm", "gru", "minlstm"]),
            "layers": st.integers(1, 2),
            "window": st.integers(1, 5),
            "stride": st.integers(1, 2),
            "bidirectional": st.booleans(),
            "pooling": st.sampled_from(["last", "mean"]),
            "scale_each": st.booleans(),
            "test_context": st.sampled_from(["reach_back", "inside"]),
        }
    ),
    of_forecast=st.fixed_dictionaries(
        {
            "horizon": st.integers(1, 3),
            "frame": st.integers(1, 2),
            "multi_step": st.sampled_from(["direct", "recursive"]),
            "linear_skip": st.booleans(),
            "scale_windows": st.sampled_from(["none", "standard"]),
            "known": st.sampled_from(["", "promo"]),
        }
    ),
)
@MANY
@pytest.mark.usefixtures("uncompiled")
def test_what_is_evaluated_is_what_is_predicted_from_the_raw_rows(
    seed: int, task: str, chosen: dict[str, Any], of_forecast: dict[str, Any]
) -> None:
    frame = shops(seed)
    own = of_forecast if task == "forecast" else {"features": "promo" if task == "regress" else "sales"}
    target = {"target": "good"} if task == "label" else {}
    run = train(frame, **{**chosen, **own, **target, "task": task, "updates": 4, "seed": seed})
    table = run.predictions()
    if task != "forecast":
        table = table.drop_duplicates(["series", "step"]) if chosen["test_context"] == "reach_back" else None
    if table is None:  # windows inside the set; `predict` reads one window for each row
        return
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        predicted = run.predict_table(frame.sample(frac=1.0, random_state=seed).sort_values(["day"], kind="stable"))
    columns = [name for name in predicted if str(name).startswith("prediction")]
    for name, rows in table.groupby("series"):
        own_rows = predicted[predicted["series"] == name].set_index("step")[columns]
        if task == "forecast":
            expected = (
                [own_rows.loc[o + 1].iloc[h - 1] for o, h in zip(rows["origin"], rows["step_ahead"], strict=True)]
                if "step_ahead" in rows
                else own_rows.loc[rows["origin"] + 1, "prediction"]
            )
        else:
            expected = own_rows.loc[rows["step"] + 1, "prediction"]
        if task == "label":
            assert list(expected) == list(rows["prediction"])
        else:
            np.testing.assert_allclose(np.asarray(expected, float), rows["prediction"], rtol=1e-5, atol=1e-5)


def weekday_shops(seed: int = 0) -> pd.DataFrame:
    """Return six shops, each with weekdays of its own, which a window of two days does not show."""
    rng, days = np.random.default_rng(seed), pd.date_range("2024-01-01", periods=300)
    each = [
        pd.DataFrame({"shop": f"s{n}", "day": days, "sales": rng.normal(size=7)[days.day_of_week]}) for n in range(6)
    ]
    frame = pd.concat(each, ignore_index=True)
    return frame.assign(sales=frame["sales"] + 0.2 * rng.standard_normal(len(frame)))


def test_shops_that_differ_by_their_weekdays_are_forecast_better_with_vectors() -> None:
    chosen = {"window": 2, "calendar": True, "units": 16, "batch_size": 32, "learning_rate": 0.01, "updates": 500}
    plain, embedded = (train(weekday_shops(), series_embedding=size, **chosen) for size in (0, 4))
    noise = 0.2**2 / weekday_shops().groupby("shop")["sales"].var().mean()
    assert embedded.metrics["test_loss"] < 0.5 * plain.metrics["test_loss"]
    assert embedded.metrics["test_loss"] < 3 * noise


@pytest.mark.usefixtures("uncompiled")
def test_a_program_serves_runs_with_as_many_series_and_as_large_vectors() -> None:
    def key() -> str:
        return programs._pool[-1][0]

    first = train(shops(), series_embedding=2, updates=1)
    of_first = key()
    train(shops(), series_embedding=3, updates=1)
    assert key() != of_first
    train(shops(lengths=(60, 50, 40, 40)), series_embedding=2, updates=1)
    assert key() != of_first
    again = train(shops(), series_embedding=2, updates=1)
    assert key() == of_first
    assert all(np.array_equal(again.weights[name], values) for name, values in first.weights.items())


def test_vectors_of_series_are_refused_without_series() -> None:
    one = shops()[:60].drop(columns="shop")
    with pytest.raises(SettingError, match="series_embedding learns a vector of each of several series") as error:
        rs.train(one, target="sales", time="day", series_embedding=2, updates=1, verbose=0, save=False)
    assert "these data are one series. Set it to 0; received 2." in str(error.value)
    with pytest.raises(SettingError, match="these data are separate sequences"):
        rs.train("toy", series_embedding=2, updates=1, verbose=0, save=False)
    with pytest.raises(SettingError, match="series_embedding"):
        rs.experiment("toy", series_embedding=-1)


def test_a_stateful_network_has_no_series_to_learn_vectors_of() -> None:
    with pytest.raises(SettingError, match="stateful needs one long series; these data are 3 series"):
        train(shops(), task="regress", features="promo", stateful=True, series_embedding=2)
