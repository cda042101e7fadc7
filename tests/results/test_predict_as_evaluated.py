"""What a run predicts for raw rows of its test set is what its evaluation computed for them, to the last bit.

The bits are those of one batch: TensorFlow computes the last few numbers of an array, which fill no vector of the
processor, with other instructions. The same rows in batches of other sizes are compared with a tolerance.
"""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

import rnnstudio as rs
from rnnstudio.core.errors import DataError, SettingError
from rnnstudio.core.softmax import softmax
from rnnstudio.engine.window_outputs import WindowOutputs

pytestmark = pytest.mark.usefixtures("uncompiled")

MANY = settings(
    max_examples=5, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
ROUNDING = 1e-5  # of float32, through the steps of a network
MODELS = {
    "cell": st.sampled_from(["rnn", "lstm", "gru", "mingru"]),
    "units": st.sampled_from([3, 8]),
    "layers": st.integers(1, 2),
    "bidirectional": st.booleans(),
    "pooling": st.sampled_from(["last", "mean", "max"]),
}


def train(x: Any, y: Any = None, **chosen: Any) -> Any:
    """Make two updates of a run that keeps its data."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return rs.train(x, y, **{"updates": 1, "batch_size": 8, "save": False, "verbose": 0, **chosen})


def predict(run: Any, x: Any, **chosen: Any) -> Any:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return run.predict(x, **chosen)


def evaluated(run: Any) -> Any:
    """Return what the evaluation computes for the test set: probabilities, or values in original units."""
    data = run.data()
    outputs = WindowOutputs(data, run.scalers, run._trained_network()._predictor, stateful=False).of_windows(data.test)
    if data.classes:
        return softmax(outputs)
    values = outputs.reshape(data.window_targets(data.test).shape)
    return run.scalers.targets.invert(values, data.series_of(data.test))


def sequences(rng: Any, unequal: bool, missing: bool) -> list[Any]:
    """Return 16 sequences of two features and 6 to 13 steps, with missing values also at their ends."""
    lengths = rng.integers(6, 14, 16) if unequal else np.full(16, 11)
    x = [rng.standard_normal((n, 2)) for n in lengths]
    for sequence in x if missing else ():
        sequence[rng.random(sequence.shape) < 0.15] = np.nan
        sequence[3] = rng.standard_normal(2)
        sequence[int(rng.integers(2)) : 1, 0], sequence[len(sequence) - int(rng.integers(2)) :] = np.nan, np.nan
    return x


SEQUENCES = st.fixed_dictionaries(
    {
        "seed": st.integers(0, 10_000),
        "unequal": st.booleans(),
        "missing": st.sampled_from(["none", "past", "mask"]),
        "scale": st.sampled_from(["standard", "none"]),
    }
)


@given(SEQUENCES, st.fixed_dictionaries({**MODELS, "frame": st.integers(1, 5)}))
@MANY
def test_classes_of_sequences(case: dict[str, Any], model: dict[str, Any]) -> None:
    rng = np.random.default_rng(case["seed"])
    x = sequences(rng, case["unequal"], case["missing"] != "none")
    classes = np.array(["a", "b", "c", "a"] * 4)
    chosen = {"missing": case["missing"]} if case["missing"] != "none" else {}
    assume(model["frame"] <= min(len(s[observed(s)]) for s in x))
    run = train(x, classes, task="classify", test_fraction=0.4, scale=case["scale"], **chosen, **model)
    expected = evaluated(run)
    rows = [x[i] for i in run.data().test]
    np.testing.assert_array_equal(predict(run, rows, probabilities=True), expected)
    assert predict(run, rows).tolist() == np.array(["a", "b", "c"])[expected.argmax(axis=1)].tolist()
    alone = predict(run, rows[0], probabilities=True)  # without padding
    np.testing.assert_allclose(alone, expected[0], rtol=ROUNDING)
    whole = [row[: len(row) // model["frame"] * model["frame"]] for row in rows]
    if case["missing"] == "none":
        np.testing.assert_array_equal(predict(run, whole, probabilities=True), expected)


@given(SEQUENCES, st.fixed_dictionaries({**MODELS, "frame": st.integers(1, 5)}))
@MANY
def test_values_of_sequences(case: dict[str, Any], model: dict[str, Any]) -> None:
    rng = np.random.default_rng(case["seed"])
    x = sequences(rng, case["unequal"], case["missing"] != "none")
    chosen = {"missing": case["missing"]} if case["missing"] != "none" else {}
    assume(model["frame"] <= min(len(s[observed(s)]) for s in x))
    y = 100 + 20 * rng.standard_normal(16)
    run = train(x, y, task="regress_sequence", test_fraction=0.4, scale=case["scale"], **chosen, **model)
    expected = evaluated(run)[:, 0]
    np.testing.assert_array_equal(predict(run, [x[i] for i in run.data().test]), expected)
    error = expected.astype(np.float64) - y[run.data().test]
    assert run.metrics["test_rmse"] == pytest.approx(np.sqrt(np.mean(error**2)), rel=1e-6)


@given(SEQUENCES, st.fixed_dictionaries(MODELS), st.sampled_from(["label", "regress"]))
@MANY
def test_targets_of_each_step_of_sequences(case: dict[str, Any], model: dict[str, Any], task: str) -> None:
    rng = np.random.default_rng(case["seed"])
    is_missing = case["missing"] != "none"
    x = sequences(rng, case["unequal"], is_missing)
    y = [rng.standard_normal(len(s)) for s in x]
    y = [np.where(values > 0, "up", "down") for values in y] if task == "label" else y
    chosen = {"missing": case["missing"], "scale": "standard"} if is_missing else {"scale": case["scale"]}
    run = train(x, y, task=task, test_fraction=0.4, **chosen, **model)
    expected, data = evaluated(run), run.data()
    predictions = predict(run, [x[i] for i in data.test], probabilities=task == "label")
    for index, own, values in zip(data.test, expected, predictions, strict=True):
        assert len(values) == len(x[index])
        kept = observed(x[index])
        read = own[: kept.stop - kept.start]
        np.testing.assert_array_equal(values[kept], read if task == "label" else read[:, 0])


def observed(sequence: Any) -> slice:
    """Return the steps that a training reads: from the first with all inputs known to the last with any."""
    known = ~np.isnan(sequence)
    begin = max(int(np.flatnonzero(column)[0]) for column in known.T)
    return slice(begin, int(np.flatnonzero(known.any(axis=1))[-1]) + 1)


FORECASTS = st.fixed_dictionaries(
    {
        **MODELS,
        "window": st.integers(2, 4),
        "frame": st.integers(1, 3),
        "horizon": st.integers(1, 3),
        "stride": st.integers(1, 2),
        "scale": st.sampled_from(["standard", "none"]),
        "predict_change": st.sampled_from(["none", "last_value"]),
        "scale_windows": st.sampled_from(["none", "standard", "last_value"]),
        "loss": st.sampled_from(["mse", "mae"]),
    }
)


@given(st.integers(0, 10_000), st.integers(1, 2), st.sampled_from(["none", "past", "mask"]), FORECASTS)
@MANY
def test_forecasts_of_one_series(seed: int, features: int, missing: str, chosen: dict[str, Any]) -> None:
    rng = np.random.default_rng(seed)
    x = 1e3 + np.cumsum(rng.standard_normal((120, features)), axis=0)
    if missing != "none":
        x[rng.random(x.shape) < 0.1] = np.nan
        x[0] = 1e3  # a training leaves out the first rows where a value is missing there
        chosen = {**chosen, "missing": missing}
    run = train(x, test_fraction=0.3, **chosen)
    data, expected = run.data(), evaluated(run)
    samples, starts = data.window_samples, data.starts[data.test]
    predictions = predict(run, x).reshape(len(x) - samples + 1, chosen["horizon"], features)
    np.testing.assert_allclose(predictions[starts], expected, rtol=ROUNDING)
    if missing == "none":  # else values before a window fill its first gaps
        rows = np.stack([x[start : start + samples] for start in starts])
        np.testing.assert_array_equal(predict(run, rows).reshape(expected.shape), expected)
        if chosen["stride"] == 1:
            rows = x[starts[0] : starts[-1] + samples]
            np.testing.assert_array_equal(predict(run, rows).reshape(expected.shape), expected)


@given(st.integers(0, 10_000), st.booleans(), st.sampled_from(["none", "past", "mask"]), FORECASTS)
@MANY
def test_forecasts_of_several_series(seed: int, scale_each: bool, missing: str, chosen: dict[str, Any]) -> None:
    rng = np.random.default_rng(seed)
    frames = []
    for name, length in (("A", 90), ("B", 70), ("C", 81)):
        values = 10.0 ** len(frames) + np.cumsum(rng.standard_normal(length))
        if missing != "none":
            values[rng.random(length) < 0.1] = np.nan
            values[[0, -1]] = 5.0
        frames.append(pd.DataFrame({"shop": name, "day": range(length), "sales": values}))
    table = pd.concat(frames)
    about = {"missing": missing} if missing != "none" else {}
    roles = {"target": "sales", "features": "sales", "series": "shop", "time": "day", "scale_each": scale_each}
    run = train(table, test_fraction=0.3, **roles, **about, **chosen)
    data, expected = run.data(), evaluated(run)
    predictions = dict(zip(data.series, predict(run, table), strict=True))
    steps = data.inputs.shape[1]
    for start, own in zip(data.starts[data.test], expected, strict=True):
        of_series = np.asarray(predictions[data.series[start // steps]])
        np.testing.assert_allclose(np.ravel(of_series[start % steps]), np.ravel(own), rtol=ROUNDING)
    for index, name in enumerate(data.series if missing == "none" else ()):
        starts = data.starts[data.test][data.series_of(data.test) == index]
        own = WindowOutputs(data, run.scalers, run._trained_network()._predictor, stateful=False)
        windows = data.test[data.series_of(data.test) == index]
        values = run.scalers.targets.invert(
            own.of_windows(windows).reshape(len(windows), -1, 1), data.series_of(windows)
        )
        rows = [data.inputs.reshape(-1, 1)[start : start + data.window_samples] for start in starts]
        np.testing.assert_array_equal(np.ravel(predict(run, np.stack(rows), series=name)), np.ravel(values))


def test_large_networks_are_evaluated_and_predict_in_batches_of_one_shape() -> None:
    """Products of large matrices round differently in batches of another size."""
    rng = np.random.default_rng(0)
    x = [rng.standard_normal((n, 40)) for n in rng.integers(6, 14, 60)]
    run = train(x, np.array(["a", "b", "c"] * 20), task="classify", test_fraction=0.5, frame=4, units=300)
    rows = [x[i] for i in run.data().test]
    np.testing.assert_array_equal(predict(run, rows, probabilities=True), evaluated(run))


def test_a_sequence_shorter_than_a_frame_is_refused_in_training_and_in_a_prediction() -> None:
    x = [np.random.default_rng(0).standard_normal((n, 2)) for n in [9, 7, 12, 8] * 3]
    with pytest.raises(SettingError, match="frame must be at most 7, the samples of the shortest sequence") as caught:
        train(x, np.array(["a", "b"] * 6), task="classify", frame=8)
    assert caught.value.field == "frame"
    run = train(x, np.array(["a", "b"] * 6), task="classify", frame=7)
    steps = [{"id": name, "a": 1.0, "b": 2.0} for name, count in (("p", 9), ("q", 6)) for _ in range(count)]
    frame = pd.concat(
        pd.DataFrame({"id": f"s{n}", "a": s[:, 0], "b": s[:, 1], "c": "ab"[n % 2]}) for n, s in enumerate(x)
    )
    named = train(frame, sequence="id", target="c", task="classify", frame=7)
    with pytest.raises(DataError, match="Sequence q must have at least 7 steps, the frame of this run; received 6"):
        named.predict(pd.DataFrame(steps))
    with pytest.raises(DataError, match=r"x\[1\] must have at least 7 steps, the frame of this run; received 6"):
        run.predict([x[0], x[1][:6]])


def test_a_note_says_how_many_samples_at_the_ends_are_not_read() -> None:
    x = [np.random.default_rng(0).standard_normal((n, 2)) for n in [9, 7, 12, 8] * 3]
    run = train(x, np.array(["a", "b"] * 6), task="classify", frame=4)
    said = (
        "A step is a whole frame of 4 samples: 12 samples at the ends of 6 sequences were not used, at most 3 of each."
    )
    assert [note for note in run.data().notes if "frame" in note] == [said]
    assert not [note for note in train(x, np.array(["a", "b"] * 6), task="classify").data().notes if "frame" in note]


def test_samples_that_fill_no_frame_change_nothing() -> None:
    """Neither weights nor scaler nor the sequences that plots draw depend on the samples left over at the ends."""
    x = [np.random.default_rng(n).standard_normal((n, 2)) for n in [9, 7, 13, 8] * 3]
    other = [np.where(np.arange(len(s))[:, None] < len(s) // 4 * 4, s, 1e6) for s in x]
    classes = np.array(["a", "b"] * 6)
    run, changed = (train(each, classes, task="classify", frame=4, test_fraction=0.25) for each in (x, other))
    assert run.metrics == changed.metrics
    np.testing.assert_array_equal(run.scalers.inputs.mean, changed.scalers.inputs.mean)
    assert (run.record.predictions.lengths % 4 == 0).all()
    np.testing.assert_array_equal(predict(run, x, probabilities=True), predict(changed, other, probabilities=True))
