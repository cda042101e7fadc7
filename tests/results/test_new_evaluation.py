"""Predictions for a file are those of `predict`, and their metrics are those of the run on the same rows."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

import rnnstudio as rs
from rnnstudio.core.errors import DataError

pytestmark = pytest.mark.usefixtures("uncompiled")
TINY: dict[str, Any] = {"units": 4, "updates": 3, "verbose": 0, "save": False, "window": 5}
RNG = np.random.default_rng(3)


def rows(count: int = 70) -> pd.DataFrame:
    n = np.arange(count)
    return pd.DataFrame({
        "day": pd.date_range("2024-01-01", periods=count),
        "load": 50 + 9 * np.sin(n / 3),
        "visits": 400 + 30 * np.cos(n / 5),
        "state": np.where(np.sin(n / 4) > 0, "on", "off"),
    })  # fmt: skip


@pytest.mark.parametrize(
    "settings",
    [
        {"task": "forecast", "target": "load", "horizon": 1},
        {"task": "forecast", "target": "load", "features": "visits,load", "horizon": 3},
        {"task": "forecast", "target": "load,visits", "horizon": 2},
        {"task": "regress", "target": "load", "features": "visits"},
        {"task": "regress", "target": "load"},
        {"task": "regress", "target": "load,visits", "features": "visits"},
        {"task": "label", "target": "state", "features": "load,visits"},
        {"task": "label", "target": "state", "features": "load,state"},
    ],
    ids=lambda settings: " ".join(map(str, settings.values())),
)
def test_rows_of_the_test_set_have_the_predictions_and_the_truth_of_the_run(
    settings: dict[str, Any], tmp_path: Path
) -> None:
    rows().to_csv(tmp_path / "rows.csv", index=False)
    run = rs.train(tmp_path / "rows.csv", test_fraction=0.3, **settings, **TINY)
    result = run.evaluate(tmp_path / "rows.csv")
    known, table = run.predictions(), result.table
    names = [name for name in table if name.startswith("prediction")]
    compared, targets = 0, settings["target"].split(",")
    reads_past = not set(settings.get("features", settings["target"]).split(",")).isdisjoint(targets)
    for row in known.itertuples():
        read_last = row.origin if settings["task"] == "forecast" else row.step - reads_past
        at = table[table["step"] == read_last + 1]
        if not len(at):
            continue
        target = f"_{row.target}" if "," in settings["target"] else ""
        ahead = f"_{row.step_ahead}" if settings.get("horizon", 1) > 1 else ""
        name = f"prediction{target}{ahead}"
        assert name in names
        truth = at[name.replace("prediction", "truth")].iloc[0]
        if settings["task"] == "label":
            assert (truth, at[name].iloc[0]) == (row.truth, row.prediction)
        else:
            np.testing.assert_allclose([truth, at[name].iloc[0]], [row.truth, row.prediction], rtol=1e-4)
        compared += 1
    assert compared > 10
    predicted, truth = (table[[n.replace("prediction", what) for n in names]] for what in ("prediction", "truth"))
    if settings["task"] == "label":
        has_truth = truth.to_numpy() != ""
        expected = (predicted.to_numpy() == truth.to_numpy())[has_truth].mean()
        assert result.metrics == {"accuracy": pytest.approx(expected)}
        shares = table[["probability_off", "probability_on"]]
        np.testing.assert_allclose(shares.sum(axis=1), 1, rtol=1e-5)
    else:
        errors = (predicted.to_numpy(float) - truth.to_numpy(float)).ravel()
        errors = errors[~np.isnan(errors)]
        assert result.count == len(errors)
        assert result.metrics["rmse"] == pytest.approx(np.sqrt((errors**2).mean()))
        assert result.metrics["mae"] == pytest.approx(np.abs(errors).mean())


def sequences(with_class: bool = True) -> pd.DataFrame:
    parts = []
    for i in range(24):
        part = pd.DataFrame({"id": f"s{i:02}", "x": (i % 2) * 2 + RNG.normal(size=8)})
        parts.append(part.assign(kind="ab"[i % 2], life=float(i)) if with_class else part)
    return pd.concat(parts, ignore_index=True)


@pytest.mark.parametrize("target", ["kind", "life"])
def test_sequences_of_a_table_have_their_class_or_value(target: str) -> None:
    table = sequences()
    task = "classify" if target == "kind" else "regress_sequence"
    tiny = {name: value for name, value in TINY.items() if name != "window"}
    run = rs.train(table, sequence="id", target=target, features="x", task=task, **tiny)
    result = run.evaluate(table)
    first = table.groupby("id")[target].first()
    assert result.table["truth"].tolist() == first[result.table["sequence"]].tolist()
    assert result.count == 24
    if target == "kind":
        correct = result.table["prediction"].astype(str) == result.table["truth"]
        assert result.metrics == {"accuracy": pytest.approx(correct.mean())}
    else:
        errors = result.table["prediction"] - result.table["truth"]
        assert result.metrics["mae"] == pytest.approx(errors.abs().mean())
    without = run.evaluate(sequences(with_class=False))
    assert (without.metrics, without.count) == ({}, 0)
    assert "truth" not in without.table


def test_files_of_sequences_have_their_labels(tmp_path: Path) -> None:
    x, y = RNG.normal(size=(20, 6, 1)), np.array(["up", "down"] * 10)
    x[::2] += 2
    np.savez(tmp_path / "data.npz", x=x, y=y)
    tiny = {name: value for name, value in TINY.items() if name != "window"}
    run = rs.train(tmp_path / "data.npz", **tiny)
    result = run.evaluate(tmp_path / "data.npz")
    assert result.table["truth"].tolist() == y.tolist()
    assert result.metrics["accuracy"] == pytest.approx((run.predict(x).astype(str) == y).mean())


def test_several_series_and_missing_truths() -> None:
    both = pd.concat([rows(40).assign(shop="north"), rows(30).assign(shop="south")], ignore_index=True)
    run = rs.train(both, target="load", features="visits", series="shop", task="regress", **TINY)
    both.loc[[3, 45], "load"] = np.nan
    result = run.evaluate(both)
    assert result.count == 68
    np.testing.assert_array_equal(result.table["truth"], both["load"])
    with pytest.raises(DataError, match="evaluate takes a file or a data frame"):
        run.evaluate(np.zeros((20, 1)))
