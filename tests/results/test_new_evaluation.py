"""Predictions for a file are those of `predict`, and their metrics are those of the run on the same rows."""

from __future__ import annotations

import warnings
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
        for target in targets:  # whose units may differ
            own = [name for name in names if len(targets) == 1 or f"_{target}" in name]
            errors = table[own].to_numpy(float) - table[[n.replace("prediction", "truth") for n in own]].to_numpy(float)
            of_target = f"_{target}" if len(targets) > 1 else ""
            assert result.metrics[f"rmse{of_target}"] == pytest.approx(np.sqrt(np.nanmean(errors**2)))
            assert result.metrics[f"mae{of_target}"] == pytest.approx(np.nanmean(np.abs(errors)))
        assert len(result.metrics) == 2 * len(targets)


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


def test_columns_as_series_have_metrics_of_their_own() -> None:
    run = rs.train(rows(), target="load,visits", columns_as_series=True, task="forecast", **TINY)
    result = run.evaluate(rows())
    for name in ("load", "visits"):
        own = result.table[result.table["series"] == name]
        errors = (own["prediction"] - own["truth"]).dropna()
        assert result.metrics[f"rmse_{name}"] == pytest.approx(np.sqrt((errors**2).mean()))
    assert len(result.metrics) == 4
    assert result.metrics["rmse_visits"] > 5 * result.metrics["rmse_load"]  # one mean of both would be that of visits


@pytest.mark.parametrize("count", [1, 3, 12])
@pytest.mark.parametrize("settings", [{}, {"missing": "mask"}, {"frame": 2, "window": 3}])
def test_rows_that_follow_those_of_the_training_are_predicted_from_both(count: int, settings: dict[str, Any]) -> None:
    settings = {**TINY, "calendar": False, **settings}
    run = rs.train(rows(58), target="load", features="visits", task="forecast", horizon=2, **settings)
    whole, newer = rows(70), rows(70).iloc[58 : 58 + count].reset_index(drop=True)
    whole.loc[58, "visits"] = newer.loc[0, "visits"] = np.nan  # which the last row of the training fills
    samples = run.info.window * run.info.frame
    expected = run.evaluate(whole.iloc[: 58 + count])
    result = run.evaluate(newer)
    rows_follow = "1 newer row follows" if count == 1 else f"{count} newer rows follow"
    assert f"The {rows_follow} those of the training, whose last {samples} rows are read before." in result.notes
    assert not any("mean of the training set" in note for note in result.notes)
    last = expected.table.tail(count + 1).reset_index(drop=True)
    np.testing.assert_allclose(result.table.filter(like="prediction"), last.filter(like="prediction"), rtol=1e-5)
    assert result.table["step"].tolist() == list(range(count + 1))
    assert result.table["time"].tolist() == last["time"].tolist()
    np.testing.assert_array_equal(result.table.filter(like="truth"), last.filter(like="truth"))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)  # values are filled
        forecasts = [run.forecast(2, input=data) for data in (newer, whole.iloc[: 58 + count])]
    np.testing.assert_allclose(*forecasts, rtol=1e-5)


def test_a_gap_across_the_end_of_the_training_is_counted_from_its_begin() -> None:
    trained = rows(58)
    trained.loc[55:, "visits"] = np.nan
    settings = {**TINY, "calendar": False, "missing": "mask", "max_gap": 5}
    run = rs.train(trained, target="load", features="visits", task="forecast", **settings)
    whole = pd.concat([trained, rows(62).iloc[58:]], ignore_index=True)
    whole.loc[58:59, "visits"] = np.nan  # five in a row
    result = run.evaluate(whole.iloc[58:].reset_index(drop=True))
    expected = run.evaluate(whole).table["prediction"].tail(5)
    np.testing.assert_allclose(result.table["prediction"], expected, rtol=1e-5)
    whole.loc[60, "visits"] = np.nan
    with pytest.raises(DataError, match="no values for"):
        run.evaluate(whole.iloc[58:].reset_index(drop=True))


def test_each_series_is_predicted_from_the_rows_before_its_own() -> None:
    def shops(begin: int, end: int) -> pd.DataFrame:
        parts = [
            rows(70).assign(shop=name, load=lambda t, k=k: t["load"] * k) for k, name in ((1, "north"), (5, "south"))
        ]
        return pd.concat([part.iloc[begin:end] for part in parts], ignore_index=True)

    run = rs.train(shops(0, 60), target="load", series="shop", task="forecast", calendar=False, **TINY)
    result, whole = run.evaluate(shops(60, 63)), run.evaluate(shops(0, 63)).table
    for name in ("north", "south"):
        own = result.table[result.table["series"] == name]
        expected = whole[whole["series"] == name].tail(4)
        np.testing.assert_allclose(own["prediction"], expected["prediction"], rtol=1e-5)
        assert own["time"].tolist() == expected["time"].tolist()
