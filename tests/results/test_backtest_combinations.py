"""Backtests of runs with settings in combinations: every number is that of another way through the program."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

import rnnstudio as rs
from rnnstudio.core.simple_forecasts import history_of
from tests.without_xla import in_python

QUICK = {"cell": "rnn", "units": 2, "updates": 1, "batch_size": 8, "test_fraction": 0.3, "verbose": 0, "save": False}
CASES = [
    {},
    {"horizon": 4, "frame": 2, "window": 3},
    {"horizon": 3, "multi_step": "recursive"},
    {"horizon": 2, "predict_change": "last_value", "scale_windows": "last_value", "linear_skip": True},
    {"horizon": 2, "features": "rain"},
    {"horizon": 2, "features": "sales,rain,sky"},
    {"horizon": 2, "missing": "mask"},
    {"horizon": 3, "val_fraction": 0.2, "restore_best_weights": True, "patience": 3},
    {"horizon": 3, "restore_best_weights": True, "val_fraction": 0.0},
    {"horizon": 2, "fit_scaler_on": "all"},
    {"horizon": 2, "target": "sales,rain"},
    {"horizon": 2, "target": "sales,rain", "columns_as_series": True},
    {"horizon": 2, "series": "shop"},
    {"horizon": 2, "series": "shop", "split_by": "share", "scale_each": False},
    {"horizon": 2, "known": "rain"},
    {"horizon": 3, "known": "rain", "calendar": True, "multi_step": "recursive"},
    {"horizon": 2, "use_past": False, "features": "rain"},
    {"horizon": 2, "loss": "mae", "stride": 3, "test_context": "inside"},
]
REUSED = [not {"restore_best_weights", "fit_scaler_on"} & set(c) or bool(c.get("val_fraction")) for c in CASES]


@pytest.fixture(scope="module", autouse=True)
def _python():
    with in_python():
        yield


def frame(settings) -> pd.DataFrame:
    rng = np.random.default_rng(len(str(settings)))
    parts = []
    for name, rows in (("north", 80), ("south", 60)) if "series" in settings else (("north", 80),):
        days = pd.date_range("2024-01-01", periods=80)[80 - rows :]
        sales = 50 + 10 * np.sin(np.arange(80 - rows, 80) * 2 * np.pi / 7) + rng.normal(size=rows)
        sales[rng.integers(5, rows, size=3)] = np.nan
        sky = np.where(np.arange(rows) % 3 == 0, "sun", np.where(np.arange(rows) > rows - 12, "fog", "rain"))
        parts.append(pd.DataFrame({"day": days, "shop": name, "sales": sales, "rain": rng.random(rows), "sky": sky}))
    return pd.concat(parts, ignore_index=True).drop(columns=[] if "series" in settings else "shop")


@pytest.mark.parametrize("refit", [False, True])
@pytest.mark.parametrize(("settings", "is_reused"), list(zip(CASES, REUSED, strict=True)))
def test_truth_network_and_naive_methods_of_any_run(settings, is_reused, refit):
    data = frame(settings)
    run = rs.train(data, **{"target": "sales", "window": 5, **QUICK, **settings})
    result = run.backtest(3, every=4, refit=refit, verbose=0)
    table = result.predictions()
    names = settings.get("target", "sales").split(",")
    keys = [key for key in ("series", "target") if key in table]
    raw = {}
    for shop in data["shop"].unique() if "shop" in data else [""]:
        part = data[data["shop"] == shop] if shop else data
        for name in names:
            raw[shop, name] = part.set_index("day")[name]

    def values_of(row):
        shop = row["series"] if "shop" in data else ""
        name = row["target"] if "target" in table else row["series"] if "columns_as_series" in settings else names[0]
        return raw[shop, name]

    assert len(table) > 0
    for _, row in table.iterrows():
        values = values_of(row)
        np.testing.assert_allclose(row["truth"], values[row["time"]], rtol=1e-5)
        known = history_of(values[: row["origin_time"]].to_numpy())
        assert row["last_value"] == pytest.approx(known[-1], rel=1e-5)
    assert table.drop(columns="truth").notna().all(axis=None)
    notes = [note for note in result.notes if "trained again" in note]
    assert bool(notes) == (not is_reused and not refit)
    if is_reused and not refit:
        predictions = run.predictions()
        merged = table.merge(predictions, on=[*keys, "origin", "step_ahead"], suffixes=("", "_of_run"))
        assert len(merged) or settings.get("test_context") == "inside" or "stride" in settings
        np.testing.assert_allclose(merged["network"], merged["prediction"], rtol=1e-5)
