"""The table of predictions holds every row of the held-out set; the metrics of a run are those of its table."""

from __future__ import annotations

import warnings
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import rnnstudio as rs
from rnnstudio.core.errors import DataError, SettingError
from rnnstudio.core.setting_types import TASKS_PER_SEQUENCE
from rnnstudio.engine import held_out
from rnnstudio.results import kept_predictions

pytestmark = pytest.mark.usefixtures("uncompiled")

MANY = settings(
    max_examples=4, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
DAYS = pd.date_range("2024-01-01", periods=150, freq="D")


def train(x: Any, y: Any = None, **chosen: Any) -> Any:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return rs.train(x, y, **{"units": 3, "updates": 1, "batch_size": 8, "save": False, "verbose": 0, **chosen})


def check_values(run: Any, table: Any, split: str = "test") -> None:
    """Recompute the errors of the run and of its best baseline from the table, those of several targets scaled."""
    check_errors(run, table, split)
    baseline = ((table["baseline"] - table["truth"]) / units(run, table)).dropna().to_numpy(float)
    measure = "scaled_mse" if "target" in table else "rmse"
    best = min(metrics[f"{split}_{measure}"] for metrics in run.baseline.values())
    square = np.mean(baseline**2)
    assert (square if measure == "scaled_mse" else np.sqrt(square)) == pytest.approx(best, rel=1e-6)


def check_errors(run: Any, table: Any, split: str = "test") -> None:
    error = ((table["prediction"] - table["truth"]) / units(run, table)).dropna().to_numpy(float)
    if "target" in table:  # the network computes them in float32
        assert np.mean(error**2) == pytest.approx(run.metrics[f"{split}_scaled_mse"], rel=1e-4)
        assert np.mean(np.abs(error)) == pytest.approx(run.metrics[f"{split}_scaled_mae"], rel=1e-4)
    else:
        assert np.sqrt(np.mean(error**2)) == pytest.approx(run.metrics[f"{split}_rmse"], rel=1e-6)
        assert np.mean(np.abs(error)) == pytest.approx(run.metrics[f"{split}_mae"], rel=1e-6)


def units(run: Any, table: Any) -> Any:
    """Return what the errors of each row are divided by: 1, or the standard deviation of its target in the training."""
    if "target" not in table:
        return 1.0
    return table["target"].map(dict(zip(run.info.target_names, run.scalers.targets.scale, strict=True)))


def check_classes(run: Any, table: Any) -> None:
    known = table.dropna(subset=["truth"])
    assert (known["truth"] == known["prediction"]).mean() == pytest.approx(run.metrics["test_accuracy"], rel=1e-6)


GAPS = st.sampled_from(["none", "past", "mask"])


def wave(rng: Any, length: int, missing: str) -> Any:
    values = np.sin(np.arange(length) / 3) + 0.2 * rng.standard_normal(length)
    if missing != "none":
        values[rng.random(length) < 0.1] = np.nan
        values[[0, -1]] = 0.5
    return values


def rule(missing: str) -> dict[str, str]:
    return {} if missing == "none" else {"missing": missing}


@given(
    st.integers(0, 9999),
    GAPS,
    st.fixed_dictionaries(
        {
            "window": st.integers(2, 5),
            "horizon": st.integers(1, 4),
            "frame": st.integers(1, 2),
            "stride": st.integers(1, 3),
            "period": st.sampled_from([0, 7]),
            "predict_change": st.sampled_from(["none", "last_value"]),
            "scale_windows": st.sampled_from(["none", "standard"]),
            "loss": st.sampled_from(["mse", "mae"]),
        }
    ),
    st.integers(1, 2),
    st.sampled_from([(0.3, 0.0), (0.0, 0.3), (0.2, 0.2)]),
)
@MANY
def test_forecasts_of_one_series(
    seed: int, missing: str, chosen: dict[str, Any], targets: int, shares: tuple[float, float]
) -> None:
    rng = np.random.default_rng(seed)
    x = np.column_stack([wave(rng, 150, missing) + 10 * j for j in range(targets)])
    x[[0, -1]] = 0.5
    run = train(x, test_fraction=shares[0], val_fraction=shares[1], **chosen, **rule(missing))
    table, data, horizon = run.predictions(), run.data(), chosen["horizon"]
    split = "test" if shares[0] else "val"
    windows = data.test if shares[0] else data.val
    assert len(table) == len(windows) * horizon * targets
    names = ["origin", "step_ahead", "step", *(["target"] if targets > 1 else []), "truth", "prediction", "baseline"]
    assert list(table.columns) == names
    assert (table["step"] == table["origin"] + table["step_ahead"]).all()
    assert set(table["step_ahead"]) == set(range(1, horizon + 1))
    samples = data.window_samples
    np.testing.assert_array_equal(table["origin"].unique(), data.starts[windows] + samples - 1)
    column = np.array([data.target_names.index(t) for t in table["target"]]) if targets > 1 else 0
    np.testing.assert_array_equal(table["truth"], x[table["step"], column])
    check_values(run, table, split)
    if missing == "none":
        rows = np.stack([x[start : start + samples] for start in data.starts[windows]])
        np.testing.assert_array_equal(np.ravel(run.predict(rows)), table["prediction"])


@given(st.integers(0, 9999), GAPS, st.booleans(), st.integers(1, 3), st.integers(1, 2))
@MANY
def test_forecasts_of_several_series(seed: int, missing: str, scale_each: bool, horizon: int, stride: int) -> None:
    rng = np.random.default_rng(seed)
    frames = [
        pd.DataFrame({"shop": shop, "day": DAYS[-length:], "sales": level + wave(rng, length, missing)})
        for shop, length, level in (("A", 150, 1.0), ("B", 90, 300.0), ("C", 120, 0.0))
    ]
    roles = {"target": "sales", "features": "sales", "series": "shop", "time": "day", "scale_each": scale_each}
    chosen = {"window": 4, "horizon": horizon, "stride": stride, "period": 7, "test_fraction": 0.2}
    run = train(pd.concat(frames), **roles, **chosen, **rule(missing))
    table = run.predictions()
    assert list(table.columns)[:5] == ["series", "origin", "step_ahead", "step", "time"]
    assert len(table) == len(run.data().test) * horizon
    check_values(run, table)
    rows = pd.concat(frames).set_index(["shop", "day"])["sales"]
    truth = rows.reindex(pd.MultiIndex.from_frame(table[["series", "time"]]))
    np.testing.assert_array_equal(truth, table["truth"])
    for row in run.by_series.itertuples():
        own = table[table["series"] == row.series]
        error = (own["prediction"] - own["truth"]).dropna()
        assert np.sqrt((error**2).mean()) == pytest.approx(row.test_rmse, rel=1e-6)


@given(
    st.integers(0, 9999),
    GAPS,
    st.sampled_from(["label", "regress"]),
    st.sampled_from([(4, 4, False), (4, 2, False), (4, 1, False), (4, 3, True)]),
)
@MANY
def test_targets_of_each_step_of_a_series(seed: int, missing: str, task: str, windows: tuple[int, int, bool]) -> None:
    rng = np.random.default_rng(seed)
    x, y = wave(rng, 150, missing), rng.standard_normal(150)
    targets = np.where(y > 0, "up", "down") if task == "label" else y
    table = pd.DataFrame({"day": DAYS, "x": x, "y": targets})
    window, stride, stateful = windows
    chosen = {"window": window, "stride": stride, "stateful": stateful, "batch_size": 2, "test_fraction": 0.3}
    roles = {"target": "y", "features": "x", "time": "day", "task": task}
    run = train(table, **roles, **chosen, **rule(missing))
    predicted = run.predictions()
    np.testing.assert_array_equal(predicted["truth"], targets[predicted["step"]])
    np.testing.assert_array_equal(predicted["time"], DAYS[predicted["step"]])
    (check_classes if task == "label" else check_values)(run, predicted)
    where = ["window", "step"] if "window" in predicted else ["step"]
    assert not predicted.duplicated(where).any()


@given(
    st.integers(0, 9999),
    GAPS,
    st.sampled_from(["classify", "label", "regress", "regress_sequence"]),
    st.booleans(),
    st.integers(1, 4),
)
@MANY
def test_separate_sequences(seed: int, missing: str, task: str, unequal: bool, frame: int) -> None:
    rng = np.random.default_rng(seed)
    lengths = rng.integers(6, 14, 20) if unequal else np.full(20, 11)
    x = [np.column_stack([wave(rng, n, missing), rng.standard_normal(n)]) for n in lengths]
    values = [rng.standard_normal(n) for n in lengths]
    y: Any = [np.where(v > 0, "up", "down") for v in values] if task == "label" else values
    y = np.array(["a", "b"] * 10) if task == "classify" else y
    y = np.array([v.sum() for v in values]) if task == "regress_sequence" else y
    chosen = {"frame": frame} if task in TASKS_PER_SEQUENCE else {}
    run = train(x, y, task=task, test_fraction=0.4, **chosen, **rule(missing))
    table, test = run.predictions(), run.data().test
    np.testing.assert_array_equal(table["sequence"].unique(), test + 1)
    (check_values if task.startswith("regress") else check_classes)(run, table)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        own = run.predict([x[i] for i in test])
    if task == "classify":
        assert list(table.columns) == [
            "sequence",
            "truth",
            "prediction",
            "probability",
            "probability_a",
            "probability_b",
        ]
        assert table["prediction"].tolist() == list(own)
        np.testing.assert_array_equal(table["truth"], y[test])
        np.testing.assert_array_equal(table["probability"], table[["probability_a", "probability_b"]].max(axis=1))
        return
    if task == "regress_sequence":
        assert list(table.columns) == ["sequence", "truth", "prediction", "baseline"]
        np.testing.assert_array_equal(table["prediction"], own)
        np.testing.assert_array_equal(table["truth"], y[test])
        np.testing.assert_allclose(table["baseline"], y[run.data().train].mean())
        pd.testing.assert_frame_equal(run.plot_table(), table, check_dtype=False)
        return
    np.testing.assert_array_equal(table["prediction"], np.concatenate(list(own)))
    np.testing.assert_array_equal(table["truth"], np.concatenate([y[i] for i in test]))
    for i in test:
        np.testing.assert_array_equal(table.loc[table["sequence"] == i + 1, "step"], np.arange(lengths[i]))


def test_more_windows_than_a_plot_shows_are_in_the_table_also_in_blocks(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    run = train(np.sin(np.arange(16_000) / 5), window=3, horizon=2, test_fraction=0.4)
    whole = run.predictions()
    assert len(whole) == len(run.data().test) * 2 > 2 * 4096
    check_values(run, whole)
    monkeypatch.setattr(held_out, "_MAX_STEPS", 3000)
    parts = list(run._prediction_blocks())
    assert len(parts) > 5
    pd.testing.assert_frame_equal(pd.concat(parts, ignore_index=True), whole)
    text = Path(run.export(tmp_path / "predictions.csv", table="predictions")).read_text()
    assert text.count("origin") == 1
    read = pd.read_csv(tmp_path / "predictions.csv")
    np.testing.assert_array_equal(read["prediction"].astype(np.float32), whole["prediction"].astype(np.float32))
    run.export(tmp_path / "predictions.parquet", table="predictions")
    pd.testing.assert_frame_equal(pd.read_parquet(tmp_path / "predictions.parquet"), whole)


def test_a_saved_run_computes_its_predictions_again(tmp_path: Path) -> None:
    run = train("airline", save=tmp_path / "run")
    loaded = rs.load(tmp_path / "run")
    pd.testing.assert_frame_equal(loaded.predictions(), run.predictions())
    assert not (tmp_path / "run" / "predictions.npz").exists()


def test_a_run_without_held_out_set_has_the_predictions_for_its_training_set() -> None:
    run = train(np.sin(np.arange(60.0)), window=5, test_fraction=0, val_fraction=0)
    table = run.predictions()
    assert len(table) == 55
    rmse = np.sqrt(((table["baseline"] - table["truth"]) ** 2).mean())
    assert rmse == pytest.approx(min(metrics["train_rmse"] for metrics in run.baseline.values()), rel=1e-6)


@pytest.mark.parametrize("task", ["classify", "label", "regress", "regress_sequence"])
def test_a_run_of_arrays_is_saved_with_its_predictions(
    task: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rng = np.random.default_rng(0)
    x = rng.standard_normal((20, 6, 2))
    of_sequences = {"classify": ["a", "b"] * 10, "regress_sequence": x[:, 0, 0] * 2}
    y: Any = {**of_sequences, "label": [["u", None, "v"] * 2] * 20, "regress": x[..., 0] * 2}[task]
    run = train(x, y, task=task, test_fraction=0.4, save=tmp_path / "run")
    expected = run.predictions()
    for loaded in (rs.load(tmp_path / "run"), rs.load(rs.load(tmp_path / "run").save(tmp_path / "copy.rnnrun"))):
        pd.testing.assert_frame_equal(loaded.predictions(), expected)
        assert Path(loaded.export(tmp_path / "p.csv", table="predictions")).stat().st_size
    monkeypatch.setattr(kept_predictions, "MAX_KEPT", len(expected) - 1)
    large = train(x, y, task=task, test_fraction=0.4, save=tmp_path / "large")
    assert len(large.predictions()) == len(expected)
    with pytest.raises(DataError, match="trained on arrays, whose values are not saved") as caught:
        rs.load(tmp_path / "large").predictions()
    assert len(str(caught.value)) < 900


def test_data_that_changed_are_refused(tmp_path: Path) -> None:
    frame = pd.DataFrame({"sales": np.sin(np.arange(60.0))})
    frame.to_csv(tmp_path / "sales.csv", index=False)
    train(tmp_path / "sales.csv", window=5, save=tmp_path / "run")
    frame[:50].to_csv(tmp_path / "sales.csv", index=False)
    with pytest.raises(DataError):
        rs.load(tmp_path / "run").predictions()


def test_an_export_names_the_tables_and_the_files_that_hold_them(tmp_path: Path) -> None:
    run = train("airline")
    with pytest.raises(SettingError, match=r"table must be one of history, predictions, by_step; received 'metrics'"):
        run.export(tmp_path / "a.csv", table="metrics")
    with pytest.raises(SettingError, match=r"table predictions goes with a file that ends in .csv or .parquet"):
        run.export(tmp_path / "a.py", table="predictions")
    with pytest.raises(SettingError, match=r"decimal applies to .csv files only"):
        run.export(tmp_path / "a.parquet", table="predictions", decimal="comma")
    text = Path(run.export(tmp_path / "a.csv", table="predictions", decimal="comma")).read_text()
    assert ";" in text.splitlines()[0]
    assert pd.read_parquet(run.export(tmp_path / "history.parquet")).equals(run.history())


@pytest.mark.parametrize("task", ["label", "regress"])
def test_a_step_in_several_windows_of_a_stateful_network_counts_once_in_the_baselines_too(task: str) -> None:
    rng = np.random.default_rng(0)
    y = np.where(np.arange(120) > 108, "up", "down") if task == "label" else np.arange(120.0)
    frame = pd.DataFrame({"x": rng.standard_normal(120), "y": y})
    chosen = {"stateful": True, "window": 8, "stride": 3, "test_context": "inside", "batch_size": 2}
    features = "x" if task == "label" else "x,y"
    run = train(frame, task=task, target="y", features=features, test_fraction=0.3, val_fraction=0.0, **chosen)
    table = run.predictions()
    if task == "label":
        assert run.baseline["majority_class"]["test_accuracy"] == pytest.approx((table["truth"] == "down").mean())
        return
    check_values(run, table)
    assert run.baseline["last_value"]["test_rmse"] == pytest.approx(1.0)


def test_the_only_sequence_without_missing_values_is_no_long_series() -> None:
    x = [np.random.default_rng(n).standard_normal((9, 1)) for n in range(4)]
    for sequence in x[1:]:
        sequence[4] = np.nan
    run = train(x, [1.0, 2.0, 3.0, 4.0], task="regress_sequence", missing="drop")
    assert run.info.windows == {"train": 1, "val": 0, "test": 0}
    assert not run.info.is_windowed
