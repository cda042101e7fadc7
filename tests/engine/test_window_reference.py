"""Windows relative to their own level: the same numbers as NumPy, in training, evaluation and predictions."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest

import rnnstudio as rs
from rnnstudio.core.errors import SettingError

SERIES = np.cumsum(np.random.default_rng(3).normal(0.2, 1.0, (140, 2)), axis=0) + 50
WINDOW, FRAME, HORIZON, SEASON = 4, 3, 5, 7
TRAINING: dict[str, Any] = {"verbose": 0, "save": False, "updates": 3, "learning_rate": 0.05}
CHANGES = ("none", "last_value", "season")
SCALINGS = ("none", "last_value", "standard")


def trained(change: str, scaling: str, **settings: Any) -> rs.Run:
    values = {"window": WINDOW, "frame": FRAME, "horizon": HORIZON, "period": SEASON, "scale": "standard", "units": 3}
    return rs.train(
        SERIES, task="forecast", predict_change=change, scale_windows=scaling, **{**values, **settings}, **TRAINING
    )


def by_hand(run: rs.Run, change: str, scaling: str, window: np.ndarray) -> np.ndarray:
    """Return the forecast `(HORIZON, 2)` after one window, with the recurrent network alone as a function."""
    plain = run.experiment.model.model_copy(update={"predict_change": "none", "scale_windows": "none"})
    recurrent = rs.Run(
        run.experiment.model_copy(update={"model": plain}),
        run.record,
        {},
        {},
        run.scalers,
        run.info,
        run.weights,
        run.context,
    )
    mean, scale = run.scalers.inputs.mean, run.scalers.inputs.scale
    x = (window - mean) / scale
    centre = {"none": 0.0, "last_value": x[-1], "standard": x.mean(axis=0)}[scaling]
    deviation = np.sqrt(x.var(axis=0) + 0.01) if scaling == "standard" else 1.0
    read = (x - centre) / deviation
    outputs = (recurrent.predict((read * scale + mean)[None])[0, 0].reshape(HORIZON, 2) - mean) / scale
    before = np.stack([x[len(x) - SEASON + step % SEASON] for step in range(HORIZON)])
    reference = {"none": centre, "last_value": x[-1], "season": before}[change]
    return (outputs * deviation + reference) * scale + mean


@pytest.mark.parametrize("scaling", SCALINGS)
@pytest.mark.parametrize("change", CHANGES)
def test_forecasts_are_those_of_the_recurrent_network_on_relative_windows(change: str, scaling: str) -> None:
    run = trained(change, scaling)
    for begin in (0, 60, 128):
        window = SERIES[begin : begin + WINDOW * FRAME]
        predicted = run.predict(window)[0].reshape(HORIZON, 2)
        assert predicted == pytest.approx(by_hand(run, change, scaling, window), rel=1e-4)


@pytest.mark.parametrize(
    ("change", "scaling"),
    [("last_value", "last_value"), ("none", "last_value"), ("none", "standard"), ("season", "standard")],
)
def test_a_forecast_of_a_raised_series_is_raised_as_much(change: str, scaling: str) -> None:
    run = trained(change, scaling)
    window = SERIES[:12]
    assert run.predict(window + 40.0) == pytest.approx(run.predict(window) + 40.0, rel=1e-4)


def test_the_metrics_are_those_of_the_predictions() -> None:
    run = trained("season", "standard", test_fraction=0.3)
    test = SERIES[-42 - WINDOW * FRAME :]  # the first window reads the rows before the test set
    predicted = run.predict(test)[:-HORIZON].reshape(-1, HORIZON, 2)
    ends = np.arange(WINDOW * FRAME, len(test) - HORIZON + 1)
    truth = test[ends[:, None] + np.arange(HORIZON)]
    errors = (predicted - truth) / run.scalers.targets.scale  # of two targets, whose units may differ
    assert run.metrics["test_scaled_mse"] == pytest.approx(np.mean(errors**2), rel=1e-5)


def test_each_of_several_series_is_relative_to_its_own_values() -> None:
    rows = [(shop, step, value + 1000 * shop) for shop in range(3) for step, value in enumerate(SERIES[:60, 0])]
    frame = pd.DataFrame(rows, columns=["shop", "step", "sales"]).astype({"shop": str})
    settings = {"task": "forecast", "series": "shop", "target": "sales", "window": 8, "horizon": 2, "period": 4}
    run = rs.train(
        frame, predict_change="season", scale_windows="standard", units=3, scale="standard", **settings, **TRAINING
    )
    each = run.predict(frame)
    for shop in range(3):
        assert np.asarray(each[shop]) - 1000 * shop == pytest.approx(np.asarray(each[0]), abs=2e-3)


def test_next_values_of_task_regress_are_changes_from_the_value_of_each_step() -> None:
    frame = pd.DataFrame({"x": SERIES[:, 0]})
    run = rs.train(frame, task="regress", target="x", window=6, predict_change="last_value", units=3, **TRAINING)
    still = {name: np.zeros_like(weight) for name, weight in run.weights.items()}
    unmoved = rs.Run(run.experiment, run.record, {}, {}, run.scalers, run.info, still, run.context)
    assert unmoved.predict(SERIES[:20, 0]) == pytest.approx(SERIES[:20, 0], rel=1e-5)


def test_a_target_with_missing_values_is_scaled_as_its_past_is() -> None:
    frame = pd.DataFrame({"x": SERIES[:, 0], "other": SERIES[:, 1]})
    frame.loc[[20, 21, 50], "x"] = np.nan
    run = rs.train(
        frame,
        target="x",
        features="other,x",
        window=6,
        predict_change="last_value",
        scale="standard",
        units=3,
        **TRAINING,
    )
    assert run.scalers.targets.mean[0] == run.scalers.inputs.mean[1]
    assert run.scalers.targets.scale[0] == run.scalers.inputs.scale[1]


REFUSED = [
    ({"task": "regress", "target": "x", "features": "other", "predict_change": "last_value"}, "is for forecasts"),
    ({"task": "regress", "target": "x", "predict_change": "season", "period": 3}, "after the step"),
    ({"task": "regress", "target": "x", "scale_windows": "standard"}, "after the step"),
    ({"target": "x", "features": "other", "use_past": False, "scale_windows": "last_value"}, "needs the past of x"),
    (
        {
            "target": "x,other",
            "features": "third",
            "use_past": False,
            "scale_windows": "last_value",
            "columns_as_series": True,
        },
        "needs the past of x, other among",
    ),
    (
        {"target": "x,other", "features": "third", "multi_step": "recursive", "columns_as_series": True},
        "these data predict x, other from its own past, third",
    ),
    ({"target": "x", "predict_change": "season", "period": 9}, "the season has 9 steps, and a window 6"),
]


@pytest.mark.parametrize(("settings", "reason"), REFUSED)
def test_windows_without_the_past_of_the_target_are_refused(settings: dict[str, Any], reason: str) -> None:
    frame = pd.DataFrame({"x": SERIES[:, 0], "other": SERIES[:, 1], "third": SERIES[::-1, 1]})
    with pytest.raises(SettingError, match=reason) as caught:
        rs.train(frame, window=6, **settings, **TRAINING)
    assert caught.value.field in settings


@pytest.mark.parametrize("loss", ["mae", "huber"])
def test_the_loss_of_training_and_of_the_test_set_is_the_one_that_is_set(loss: str) -> None:
    run = rs.train(
        SERIES[:, :1], task="forecast", window=6, scale="standard", units=3, loss=loss, batch_size=0, val_fraction=0.0,
        **{**TRAINING, "updates": 1, "learning_rate": 1e-12},
    )  # fmt: skip
    mean, scale = run.scalers.inputs.mean[0], run.scalers.inputs.scale[0]
    for part, metric in ((SERIES[:112, 0], "train_loss"), (SERIES[112 - 6 :, 0], "test_loss")):
        errors = (run.predict(part)[:-1] - part[6:]) / scale
        absolute = np.abs(errors)
        losses = absolute if loss == "mae" else np.where(absolute <= 1, absolute**2 / 2, absolute - 0.5)
        assert run.metrics[metric] == pytest.approx(losses.mean(), rel=1e-5), (metric, mean)


def test_a_loss_of_values_is_refused_for_classes() -> None:
    with pytest.raises(SettingError, match="loss mae is for values"):
        rs.train(SERIES[:, 0], (SERIES[:, 0] > 50).astype(int), task="label", window=6, loss="mae", **TRAINING)
