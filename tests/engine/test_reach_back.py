"""With test_context reach_back, metrics are those of `predict` on the whole series, recomputed from raw values."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest

import rnnstudio as rs

pytestmark = [
    pytest.mark.usefixtures("uncompiled"),
    pytest.mark.filterwarnings("ignore:.*missing"),
]
STEPS, TEST, VAL = 120, 0.15, 0.1
TEST_BEGIN, VAL_BEGIN = 102, 90


def table(steps: int = STEPS, *, seed: int = 0, missing: tuple[int, ...] = ()) -> pd.DataFrame:
    """Return a series y that follows x two steps late, with a class c."""
    rng = np.random.default_rng(seed)
    x = rng.normal(size=steps)
    frame = pd.DataFrame({"time": pd.date_range("2024-01-01", periods=steps), "x": x})
    frame["y"] = 20 + 3 * np.roll(x, 2) + rng.normal(0, 0.3, steps) + 0.02 * np.arange(steps)
    frame["c"] = np.where(frame["y"] > 20, "high", "low")
    frame.loc[list(missing), "y"] = np.nan
    return frame


def trained(data: pd.DataFrame, /, **settings: Any) -> rs.Run:
    values = {"updates": 3, "units": 4, "test_fraction": TEST, "val_fraction": VAL, "verbose": 0, "save": False}
    return rs.train(data, **(values | settings))


def assert_metrics(run: rs.Run, split: str, predicted: Any, truth: Any) -> None:
    """Compare the metrics of a set with those of predictions and true values, `(n, ...)` each."""
    known = ~np.isnan(truth)
    error = (np.asarray(predicted, np.float64) - truth)[known]
    assert len(error)
    assert run.metrics[f"{split}_rmse"] == pytest.approx(float(np.sqrt(np.mean(error**2))), rel=1e-6)
    assert run.metrics[f"{split}_mae"] == pytest.approx(float(np.abs(error).mean()), rel=1e-6)


@pytest.mark.parametrize(
    "settings",
    [
        {"window": 5, "horizon": 1},
        {"window": 30, "horizon": 4},  # longer than the test set
        {"window": 3, "frame": 4, "horizon": 3, "stride": 2},
        {"window": 7, "horizon": 2, "stride": 5, "features": "x,y"},
        {"window": 6, "horizon": 3, "missing_rows": (50, 93, 104, 105, 110)},
    ],
    ids=str,
)
def test_forecasts(settings: dict[str, Any]) -> None:
    settings = dict(settings)
    frame = table(missing=settings.pop("missing_rows", ()))
    run = trained(frame, target="y", **settings)
    window, horizon, stride = settings["window"], settings["horizon"], settings.get("stride", 1)
    samples = window * settings.get("frame", 1)
    inputs = frame[list(run.info.input_names)]
    predictions = run.predict(inputs.ffill()).reshape(STEPS - samples + 1, horizon)
    y = frame["y"].to_numpy()
    for split, begin, end in (("val", VAL_BEGIN, TEST_BEGIN), ("test", TEST_BEGIN, STEPS)):
        firsts = np.arange(begin, end - horizon + 1, stride)
        rows = firsts[:, None] + np.arange(horizon)
        assert_metrics(run, split, predictions[firsts - samples], y[rows])
        assert run.info.windows[split] == len(firsts)
    predicted = run.predictions()
    assert predicted["step"].tolist() == rows.ravel().tolist()
    assert predicted["origin"].tolist() == np.repeat(firsts - 1, horizon).tolist()
    np.testing.assert_allclose(predicted["prediction"], predictions[firsts - samples].ravel(), rtol=1e-6)
    last = {"last_value": pd.Series(y).ffill().to_numpy()}
    assert run.baseline["last_value"]["test_rmse"] == pytest.approx(
        np.sqrt(np.nanmean((last["last_value"][firsts - 1][:, None] - y[rows]) ** 2)), rel=1e-6
    )


@pytest.mark.parametrize(
    "settings",
    [
        {"window": 5},
        {"window": 30, "stride": 7},
        {"window": 8, "stride": 8, "bidirectional": True},
        {"window": 5, "features": "x,y"},  # y is an input, so that each step predicts the next one
        {"window": 6, "stride": 4, "missing_rows": (50, 93, 104, 105, 115)},
        {"window": 6, "stride": 6, "stateful": True, "batch_size": 2},
        {"window": 6, "stride": 3, "stateful": True, "batch_size": 2, "features": "x,y"},
    ],
    ids=str,
)
def test_values_at_each_step(settings: dict[str, Any]) -> None:
    settings = {"features": "x", **settings}
    frame = table(missing=settings.pop("missing_rows", ()))
    run = trained(frame, target="y", task="regress", **settings)
    offset = 1 if "y" in settings["features"] else 0
    predictions = run.predict(frame[list(run.info.input_names)].ffill())
    y = frame["y"].to_numpy()
    is_ahead = settings.get("bidirectional", False)
    for split, begin, end in (("val", VAL_BEGIN, TEST_BEGIN), ("test", TEST_BEGIN, STEPS)):
        assert run.info.windows[split] == end - begin
        if split == "val" and is_ahead:  # its windows read no test row, so that none can choose the weights
            predictions = run.predict(frame.loc[: TEST_BEGIN - 1, ["x"]])
        elif is_ahead:
            predictions = run.predict(frame[["x"]])
        assert_metrics(run, split, predictions[begin - offset : end - offset], y[begin:end])
    predicted = run.predictions()
    assert predicted["step"].tolist() == list(range(TEST_BEGIN, STEPS))
    np.testing.assert_allclose(predicted["prediction"], predictions[TEST_BEGIN - offset : STEPS - offset], rtol=1e-6)
    np.testing.assert_array_equal(predicted["truth"], y[TEST_BEGIN:])
    assert "window" not in predicted


@pytest.mark.parametrize("settings", [{"window": 6, "stride": 4}, {"window": 6, "stateful": True, "batch_size": 2}])
def test_classes_at_each_step(settings: dict[str, Any]) -> None:
    frame = table()
    run = trained(frame, target="c", features="x", task="label", **settings)
    classes, probabilities = run.predict(frame[["x"]]), run.predict(frame[["x"]], probabilities=True)
    truth = frame["c"].to_numpy()
    for split, begin, end in (("val", VAL_BEGIN, TEST_BEGIN), ("test", TEST_BEGIN, STEPS)):
        assert run.metrics[f"{split}_accuracy"] == pytest.approx((classes[begin:end] == truth[begin:end]).mean())
        columns = [run.info.classes.index(name) for name in truth[begin:end]]
        losses = -np.log(probabilities[np.arange(begin, end), columns])
        assert run.metrics[f"{split}_loss"] == pytest.approx(losses.mean(), rel=1e-5)
    majority = pd.Series(truth[:VAL_BEGIN]).mode()[0]
    assert run.baseline["majority_class"]["test_accuracy"] == pytest.approx((truth[TEST_BEGIN:] == majority).mean())


@pytest.mark.parametrize("task", ["forecast", "regress"])
def test_several_series_of_unequal_length(task: str) -> None:
    lengths = {"A": 120, "B": 84, "C": 40}
    frames = {name: table(steps, seed=i).assign(shop=name) for i, (name, steps) in enumerate(lengths.items())}
    settings: dict[str, Any] = {"window": 9, "stride": 2, "split_by": "share", "series": "shop", "target": "y"}
    if task == "regress":
        settings |= {"task": task, "features": "x"}
    run = trained(pd.concat(frames.values()), **settings)
    errors = []
    for name, frame in frames.items():
        begin = lengths[name] - int(lengths[name] * TEST)
        predictions = run.predict(frame[list(run.info.input_names)], series=name)
        if task == "forecast":
            firsts = np.arange(begin, lengths[name], 2)
            own = predictions[firsts - 9] - frame["y"].to_numpy()[firsts]
        else:
            own = predictions[begin:] - frame["y"].to_numpy()[begin:]
        errors.append(own)
        row = run.by_series.set_index("series").loc[name]
        assert row["windows"] == len(own)
        assert row["test_rmse"] == pytest.approx(np.sqrt(np.mean(own**2)), rel=1e-5)
    assert run.metrics["test_rmse"] == pytest.approx(np.sqrt(np.mean(np.concatenate(errors) ** 2)), rel=1e-5)


def test_runs_with_different_windows_have_the_same_test_rows() -> None:
    frame = table()
    short, long = (trained(frame, target="y", window=window) for window in (2, 40))
    for split in ("val", "test"):
        assert short.info.windows[split] == long.info.windows[split]
    assert short.baseline["last_value"] == long.baseline["last_value"]
    inside = trained(frame, target="y", window=2, test_context="inside")
    assert inside.info.windows["test"] == short.info.windows["test"] - 2


def test_the_sets_in_the_predictions_begin_with_their_first_target() -> None:
    for settings in ({"horizon": 2}, {"task": "regress", "features": "x", "stride": 4}):
        run = trained(table(), target="y", window=10, **settings)
        predictions = run.plot_table().set_index("step")
        assert predictions["split"].iloc[[VAL_BEGIN - 1, VAL_BEGIN]].tolist() == ["train", "val"]
        assert predictions["split"].iloc[[TEST_BEGIN - 1, TEST_BEGIN]].tolist() == ["val", "test"]
        beyond = settings.get("horizon", 1) - 1  # the last rows of a set are not the first target of any window
        for begin, end in ((VAL_BEGIN, TEST_BEGIN), (TEST_BEGIN, STEPS)):
            assert predictions["one_step"].loc[begin : end - 1 - beyond].notna().all()


@pytest.mark.parametrize("seed", range(6))
def test_random_combinations_of_settings(seed: int) -> None:
    rng = np.random.default_rng(seed)
    task = str(rng.choice(["forecast", "regress"]))
    steps, window = int(rng.integers(90, 140)), int(rng.integers(1, 25))
    settings: dict[str, Any] = {"window": window, "stride": int(rng.integers(1, window + 1)), "task": task}
    settings |= {"test_fraction": float(rng.uniform(0.06, 0.3)), "val_fraction": float(rng.uniform(0.06, 0.2))}
    settings |= {"cell": str(rng.choice(["lstm", "gru", "rnn"])), "features": str(rng.choice(["x", "x,y"]))}
    horizon, stateful = int(rng.integers(1, 5)), bool(rng.integers(2))
    settings |= {"horizon": horizon} if task == "forecast" else {"stateful": stateful, "batch_size": 1}
    missing = rng.choice(np.arange(5, steps - 1), 6, replace=False)
    frame = table(steps, seed=seed, missing=tuple(missing.tolist()))
    run = trained(frame, target="y", **settings)
    y = frame["y"].to_numpy()
    predictions = run.predict(frame[list(run.info.input_names)].ffill())
    test_begin = steps - int(steps * settings["test_fraction"])
    val_begin = test_begin - int(steps * settings["val_fraction"])
    for split, begin, end in (("val", val_begin, test_begin), ("test", test_begin, steps)):
        if task == "forecast":
            firsts = np.arange(begin, end - horizon + 1, settings["stride"])
            own = predictions.reshape(-1, horizon)[firsts - window]
            assert_metrics(run, split, own, y[firsts[:, None] + np.arange(horizon)])
        else:
            offset = int(settings["features"] == "x,y")
            assert_metrics(run, split, predictions[begin - offset : end - offset], y[begin:end])
