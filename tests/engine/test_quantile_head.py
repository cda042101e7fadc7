"""Quantiles of a forecast: in order by construction, trained by the pinball loss, and calibrated like values."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest

import rnnstudio as rs
from rnnstudio.core.bands import quantile_shares
from rnnstudio.core.errors import SettingError
from rnnstudio.core.metrics import PinballMean
from rnnstudio.engine.quantile_head import pinball_losses
from tests import reference_bands as reference

pytestmark = pytest.mark.usefixtures("uncompiled")
SMALL: dict[str, Any] = {
    "units": 4, "updates": 6, "window": 6, "scale": "standard", "verbose": 0, "save": False, "task": "forecast",
    "calendar": False, "levels": [80, 95], "loss": "pinball", "val_fraction": 0.0, "patience": 0,
    "restore_best_weights": False, "target": "sales",
}  # fmt: skip
SHARES = [0.025, 0.1, 0.5, 0.9, 0.975]


def sales(rows: int = 160) -> pd.DataFrame:
    n, rng = np.arange(rows), np.random.default_rng(0)
    values = 50 + 9 * np.sin(n / 3) + rng.normal(0, 2, rows)
    return pd.DataFrame({"day": pd.date_range("2024-01-01", periods=rows), "sales": values, "visits": values**2})


@pytest.fixture(scope="module")
def run() -> rs.Run:
    return rs.train(sales(), horizon=2, **SMALL)


def pinball(quantiles: np.ndarray, truth: np.ndarray) -> float:
    """Return the mean loss of quantiles `(n, Q, outputs)` for values `(n, outputs)`, one after the other."""
    losses = []
    for n, q, k in np.ndindex(quantiles.shape):
        error = float(truth[n, k]) - float(quantiles[n, q, k])
        if not np.isnan(error):
            losses.append(SHARES[q] * error if error >= 0 else (SHARES[q] - 1) * error)
    return float(np.mean(losses))


def test_the_loss_is_that_of_a_loop_over_all_quantiles():
    rng = np.random.default_rng(1)
    quantiles, truth = rng.normal(size=(7, 5, 3)).astype(np.float32), rng.normal(size=(7, 3)).astype(np.float32)
    assert float(pinball_losses(quantiles, truth, tuple(SHARES)).numpy().mean()) == pytest.approx(
        pinball(quantiles, truth), rel=1e-5
    )
    truth[2] = np.nan
    mean = PinballMean(tuple(SHARES))
    mean.add(quantiles[:4], truth[:4])
    mean.add(quantiles[4:], truth[4:])
    assert mean.result == pytest.approx(pinball(quantiles, truth), rel=1e-5)


def test_quantiles_are_distances_beyond_the_median(run):
    network, rng = run._trained_network().predictor.network, np.random.default_rng(2)
    weights = network.weights()
    hidden, median = rng.normal(size=(5, 4)).astype(np.float32), rng.normal(size=(5, 2)).astype(np.float32)
    received = network._quantiles(hidden, median).numpy()
    distances = np.log1p(np.exp(hidden @ weights["quantiles/kernel"] + weights["quantiles/bias"])).reshape(5, 2, 2, 2)
    below, above = distances[:, 0].cumsum(axis=1), distances[:, 1].cumsum(axis=1)
    expected = np.stack(
        [median - below[:, 1], median - below[:, 0], median, median + above[:, 0], median + above[:, 1]], axis=1
    )
    np.testing.assert_allclose(received, expected, rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize(
    "more",
    [
        {},
        {"predict_change": "last_value", "scale_windows": "standard", "linear_skip": True},
        {"scale": "log", "target": ["sales", "visits"]},
        {"known": "visits", "features": ["sales", "visits"]},
        {"frame": 2, "pooling": "mean", "dense_units": [3]},
    ],
)
def test_quantiles_of_the_test_set_are_in_order_and_their_loss_is_reported(more):
    from rnnstudio.engine.held_out import HeldOutSet
    from rnnstudio.engine.window_outputs import WindowOutputs

    run = rs.train(sales(), **(SMALL | {"horizon": 2} | more))
    data = run.data()
    outputs = WindowOutputs(data, run.scalers, run._trained_network().predictor, stateful=False)
    quantiles = outputs.quantiles(data.test)
    assert quantiles.shape == (len(data.test), 5, data.outputs)
    assert (np.diff(quantiles, axis=1) > 0).all()
    np.testing.assert_allclose(quantiles[:, 2], outputs.of_windows(data.test), rtol=1e-5, atol=1e-6)
    truth = run.scalers.targets.apply(data.window_targets(data.test)).reshape(len(data.test), -1)
    assert run.metrics["test_loss"] == pytest.approx(pinball(quantiles, truth), rel=1e-5)
    block = next(HeldOutSet(outputs).blocks())
    assert block.quantiles is not None
    np.testing.assert_allclose(block.quantiles[:, :, 2], block.outputs, rtol=1e-5)
    assert "test_coverage_80" in run.metrics
    assert ("test_width_95" in run.metrics) == (len(data.target_names) == 1)  # several targets have no common unit


def test_bands_are_the_quantiles_with_margins_from_earlier_errors(run):
    table, calibration, scale = run.predictions(), run.calibration, float(run.scalers.targets.scale[0])
    assert calibration is not None
    assert calibration.values.shape[2] == 5
    outputs_of = run._held_out_table(run.data())._set
    block = next(outputs_of.blocks())
    for h, own in table.groupby("step_ahead"):
        for level, low, high in ((80, 1, 3), (95, 0, 4)):

            def errors(truth, quantiles, low=low, high=high):
                return (np.maximum(quantiles[:, low] - truth, truth - quantiles[:, high]) / scale).tolist()

            before = errors(calibration.truth[:, h - 1, 0], calibration.values[:, h - 1, :, 0])
            quantiles = block.quantiles[:, h - 1, :, 0].astype(float)
            after = errors(own["truth"].to_numpy(float), quantiles)
            margins, _ = reference.running(before, after, own["origin"].tolist(), int(h), level)
            upper = np.maximum(quantiles[:, high] + np.array(margins) * scale, own["prediction"])
            inner = own["upper_80"] if level == 95 else upper
            np.testing.assert_allclose(own[f"upper_{level}"], np.maximum(upper, inner), rtol=1e-5)


def test_a_forecast_has_the_quantiles_of_its_own_window(run):
    table = run.forecast_table(2)
    last = run.predictions().iloc[-1]
    assert (table["lower_80"] < table["sales"]).all()
    assert (table["upper_95"] >= table["upper_80"]).all()
    predictions = run.predictions()
    origin = int(last["origin"])
    inside = run.forecast_table(2, start=origin + 1)
    for name in ("lower_80", "upper_80", "lower_95", "upper_95"):
        np.testing.assert_allclose(inside[name], predictions.loc[predictions["origin"] == origin, name], rtol=1e-5)
    assert (run.forecast_table(5)["upper_80"] > run.forecast_table(5)["sales"]).all()


def test_groups_backtests_and_saved_runs_have_quantiles(run, tmp_path):
    again = rs.load(run.save(tmp_path / "run.rnnrun"))
    again._data = run._data
    pd.testing.assert_frame_equal(again.forecast_table(2), run.forecast_table(2))
    backtest = run.backtest(8, steps=2, every=3, verbose=0).predictions()
    assert (backtest["lower_80"] <= backtest["network"]).all()
    group = rs.train(sales(), horizon=2, seeds=2, **SMALL)
    table = group.forecast_table(2)
    np.testing.assert_allclose(table["sales"], np.mean([own.forecast(2) for own in group.runs], axis=0), rtol=1e-5)
    assert (table["upper_95"] >= table["upper_80"]).all()


def test_a_wide_past_gives_wide_bands():
    """The noise is in the input: bands follow it, which margins alone cannot do."""
    rng = np.random.default_rng(3)
    size = np.where(np.arange(1500) // 50 % 2, 5.0, 0.5)
    frame = pd.DataFrame({"sales": 20 + size * rng.normal(size=1500), "size": size})
    more = SMALL | {"updates": 300, "learning_rate": 0.01, "features": ["sales", "size"], "window": 3, "units": 8}
    run = rs.train(frame, **more)
    table = run.predictions()
    widths = (table["upper_80"] - table["lower_80"]).groupby(size[table["origin"]]).mean()
    assert widths[5.0] > 3 * widths[0.5]


def test_quantiles_are_refused_where_there_is_no_band():
    assert quantile_shares(rs.train(sales(), **(SMALL | {"loss": "mse"})).experiment.training) == ()
    with pytest.raises(SettingError, match="which need task forecast and levels; received levels none"):
        rs.train(sales(), **(SMALL | {"levels": "none"}))
    with pytest.raises(SettingError, match="loss pinball needs multi_step direct"):
        rs.train(sales(), **(SMALL | {"horizon": 3, "multi_step": "recursive", "features": ["sales"]}))
