"""Runs that differ by seed are ordinary runs on one split; their group has mean and spread, and predicts their mean."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

import rnnstudio as rs
from rnnstudio.core.errors import DataError, SettingError, StoreError
from rnnstudio.core.events import Event, Started
from rnnstudio.core.experiment import compose
from rnnstudio.results import store
from rnnstudio.results.group_training import train_seeds
from tests.altered_runs import rewrite

pytestmark = pytest.mark.usefixtures("uncompiled")
SMALL: dict[str, Any] = {"units": 3, "updates": 4, "verbose": 0, "save": False}
SERIES: dict[str, Any] = {
    "target": "sales", "window": 6, "horizon": 2, "task": "forecast", "calendar": False, "cell": "gru", "layers": 1,
    **SMALL,
}  # fmt: skip
CLASSES: dict[str, Any] = {"task": "classify", "cell": "gru", "layers": 1, "dense_units": [], **SMALL}
DAYS = pd.date_range("2024-01-01", periods=90)
SALES = pd.DataFrame({"day": DAYS, "sales": 50 + 9 * np.sin(np.arange(90) / 3) + np.arange(90) / 7})
RANDOM = np.random.default_rng(4)
KINDS = np.array(["no", "no", "yes"])[np.arange(60) % 3]
X = RANDOM.normal(size=(60, 9, 2)) + (KINDS == "yes")[:, None, None]


@pytest.fixture(scope="module")
def forecasts() -> rs.RunGroup:
    return group_of(SALES, seeds=3, **SERIES)


@pytest.fixture(scope="module")
def classes() -> rs.RunGroup:
    return group_of(X, KINDS, seeds=3.0, seed=5, decision_threshold="validation", val_fraction=0.3, **CLASSES)


def group_of(*data: Any, **settings: Any) -> rs.RunGroup:
    group = rs.train(*data, **settings)
    assert isinstance(group, rs.RunGroup)
    return group


def rmse_of(run: rs.Run) -> float:
    table = run.predictions()
    return float(np.sqrt(np.mean((table["truth"].to_numpy(float) - table["prediction"].to_numpy(float)) ** 2)))


def test_each_run_is_the_ordinary_run_of_its_seed() -> None:
    group = group_of(SALES, seeds=2, seed=3, **SERIES)
    assert group.seeds == [3, 4]
    for seed, run in zip(group.seeds, group.runs, strict=True):
        ordinary = rs.train(SALES, seed=seed, **SERIES)
        assert all(np.array_equal(run.weights[name], values) for name, values in ordinary.weights.items())
        assert run.metrics == ordinary.metrics
    first, second = (run.weights["gru1/kernel"] for run in group.runs)
    assert not np.array_equal(first, second)


def test_all_seeds_have_the_split_of_the_first(classes: rs.RunGroup) -> None:
    assert classes.seeds == [5, 6, 7]
    splits = [run.data() for run in classes.runs]
    for data in splits[1:]:
        for name in ("train", "val", "test"):
            assert np.array_equal(getattr(data, name), getattr(splits[0], name))
    other = rs.train(X, KINDS, seed=6, val_fraction=0.3, **CLASSES).data()
    assert not np.array_equal(np.sort(other.test), np.sort(splits[0].test))


def test_the_split_of_a_saved_run_stays_that_of_the_first_seed(tmp_path: Path) -> None:
    file = tmp_path / "kinds.npz"
    np.savez(file, x=X, y=KINDS)
    group = group_of(str(file), seeds=2, **{**CLASSES, "save": str(tmp_path / "group")})
    loaded = rs.load(group.runs[1].path)
    assert isinstance(loaded, rs.Run)
    again = rs.train(str(file), seed=1, data_seed=0, **CLASSES)
    assert np.array_equal(loaded.data().test, group.runs[0].data().test)
    pd.testing.assert_frame_equal(loaded.predictions(), again.predictions())
    assert sorted(path.name for path in (tmp_path / "group").iterdir()) == ["group.json", "seed-0", "seed-1"]


def test_mean_and_spread_are_those_of_the_predictions(forecasts: rs.RunGroup) -> None:
    errors = np.array([rmse_of(run) for run in forecasts.runs])
    spread = forecasts.spread["test_rmse"]
    assert forecasts.metrics["test_rmse"] == pytest.approx(errors.mean(), rel=1e-6)
    assert spread["std"] == pytest.approx(np.sqrt(((errors - errors.mean()) ** 2).sum() / 2), rel=1e-4)
    assert [spread["min"], spread["max"]] == pytest.approx([errors.min(), errors.max()], rel=1e-6)
    table = forecasts.table()
    assert table["seed"].tolist() == [0, 1, 2]
    assert table["test_rmse"].to_numpy() == pytest.approx(errors, rel=1e-6)
    best = min(values["test_rmse"] for values in forecasts.baseline.values())
    better = int((errors < best).sum())
    [sentence] = forecasts.conclusions
    assert sentence.startswith("Mean over 3 seeds: Test RMSE")
    assert {0: "None of the 3 is better.", 3: "All 3 are better."}.get(better, f"{better} of 3") in sentence


def test_predictions_are_the_mean_of_the_values(forecasts: rs.RunGroup) -> None:
    new = SALES.iloc[:40]
    each = np.stack([run.predict(new) for run in forecasts.runs]).astype(float)
    assert forecasts.predict(new) == pytest.approx(each.sum(axis=0) / 3, rel=1e-6)
    table = forecasts.predict_table(new)
    assert len(table) == 35
    own = [run.predict_table(new) for run in forecasts.runs]
    for name in table.columns[2:]:
        assert table[name].to_numpy() == pytest.approx(np.mean([t[name] for t in own], axis=0), rel=1e-6)
    evaluated = forecasts.evaluate(new)
    errors = [evaluated.table[f"truth_{k}"] - evaluated.table[f"prediction_{k}"] for k in (1, 2)]
    assert evaluated.metrics["rmse"] == pytest.approx(np.sqrt(np.nanmean(np.square(errors))), rel=1e-6)


@pytest.mark.parametrize("steps", [1, 2, 7])
def test_forecasts_are_the_mean_of_the_forecasts(forecasts: rs.RunGroup, steps: int) -> None:
    each = np.stack([run.forecast(steps) for run in forecasts.runs]).astype(float)
    assert forecasts.forecast(steps) == pytest.approx(each.mean(axis=0), rel=1e-6)
    table = forecasts.forecast_table(steps)
    assert table["sales"].to_numpy() == pytest.approx(each.mean(axis=0), rel=1e-6)
    assert table["time"].tolist() == list(pd.date_range("2024-03-31", periods=steps))


def test_a_forecast_of_weights_trained_on_all_rows_is_the_mean_of_theirs() -> None:
    group = group_of(SALES, seeds=2, **SERIES)
    tested = group.forecast(3)
    group.runs[0].refit()
    assert np.array_equal(group.forecast(3), tested)  # one of two is not
    table = group.forecast_table(3, refit=True)
    each = np.stack([run.forecast(3, refit=True) for run in group.runs]).astype(float)
    assert table["sales"].to_numpy() == pytest.approx(each.mean(axis=0), rel=1e-6)
    assert table["not_tested"].all()
    assert not np.array_equal(group.forecast(3), tested)
    assert np.array_equal(group.forecast(3, refit=False), tested)


def test_classes_follow_from_the_mean_of_the_probabilities(classes: rs.RunGroup) -> None:
    each = np.stack([run.predict(X, probabilities=True) for run in classes.runs]).astype(float)
    mean = each.mean(axis=0)
    assert classes.predict(X, probabilities=True) == pytest.approx(mean, rel=1e-5)
    thresholds = [run.metrics["decision_threshold"] for run in classes.runs]
    names = classes.info.classes
    positive = names.index("yes")
    expected = np.where(mean[:, positive] >= np.mean(thresholds), "yes", "no")
    assert classes.predict(X).tolist() == expected.tolist()


def test_a_class_of_each_step_is_that_of_the_mean(home: Path) -> None:
    rng = np.random.default_rng(1)
    parts = [rng.normal(size=(n, 2)) for n in (7, 9, 6, 8, 7, 9, 8, 6)]
    labels = [np.array(["a", "b", "c"])[(part[:, 0] > 0).astype(int) + (part[:, 1] > 0)] for part in parts]
    group = group_of(parts, labels, seeds=2, **{**CLASSES, "task": "label"})
    each = [run.predict(parts, probabilities=True) for run in group.runs]
    for i, own in enumerate(group.predict(parts)):
        mean = (each[0][i].astype(float) + each[1][i]) / 2
        assert own.tolist() == [group.info.classes[k] for k in mean.argmax(axis=-1)]


def test_several_series_are_forecast_with_their_own_scales() -> None:
    each = [SALES.assign(shop=name, sales=SALES["sales"] * factor) for name, factor in (("a", 1.0), ("b", 40.0))]
    group = group_of(pd.concat(each), seeds=2, series="shop", **SERIES)
    mean = np.mean([run.forecast(4) for run in group.runs], axis=0)
    assert group.forecast(4) == pytest.approx(mean, rel=1e-6)
    assert group.forecast(4, series="b") == pytest.approx(mean[1], rel=1e-6)


def test_a_saved_group_is_loaded_by_its_name() -> None:
    group = group_of(SALES, seeds=2, **{**SERIES, "save": True})
    assert group.name == "arrays-seeds-1"
    assert [run.name for run in group.runs] == ["arrays-1", "arrays-2"]
    loaded = rs.load("arrays-seeds-1")
    assert isinstance(loaded, rs.RunGroup)
    assert loaded.metrics == group.metrics
    assert loaded.warnings == []
    assert np.array_equal(loaded.forecast(5), group.forecast(5))
    [listed] = rs.groups()
    assert listed["runs"] == ["arrays-2", "arrays-1"][::-1]
    assert listed["spread"]["test_rmse"] == group.spread["test_rmse"]
    assert len(rs.runs()) == 2
    assert rs.train(SALES, **{**SERIES, "save": True}).name == "arrays-3"


def test_a_group_says_which_of_its_runs_are_gone() -> None:
    group = group_of(SALES, seeds=3, **{**SERIES, "save": True})
    shutil.rmtree(group.runs[2].path)
    other = rs.train(SALES, seed=9, **{**SERIES, "save": True})  # has the name of the deleted run
    assert other.name == "arrays-3"
    with pytest.warns(UserWarning, match=r"1 of the 3 runs of this group does not exist any more \(seed 2\)"):
        loaded = rs.load(group.name)
    assert isinstance(loaded, rs.RunGroup)
    assert loaded.seeds == [0, 1]
    assert rs.groups()[0]["missing"] == 1
    shutil.rmtree(group.runs[0].path)
    shutil.rmtree(group.runs[1].path)
    with pytest.raises(StoreError, match="None of the 3 runs of the group arrays-seeds-1 is left"):
        rs.load(group.name)


def test_listing_groups_reads_no_weights_unless_a_run_was_saved_again() -> None:
    group = group_of(SALES, seeds=2, **{**SERIES, "save": True})
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(
            "rnnstudio.results.group_store.weights_in", lambda run: pytest.fail(f"the weights of {run} are read")
        )
        assert rs.groups()[0]["seeds"] == [0, 1]
    for run in group.runs:
        rewrite(Path(run.path), change=lambda rest: rest.update(created="2020-01-01T00:00:00+0000"))
    assert rs.groups()[0]["seeds"] == [0, 1]  # saved again, with the same weights


def test_a_training_that_is_stopped_keeps_the_group_of_the_finished_runs() -> None:
    begun: list[float] = []

    def stop_in_the_third(updates: float, metrics: dict[str, float]) -> bool:
        begun.append(updates)
        return sum(own <= previous for own, previous in zip(begun[1:], begun[:-1], strict=True)) < 2

    settings = {**SERIES, "save": True, "updates": 150, "patience": 0}
    group = group_of(SALES, seeds=4, callback=stop_in_the_third, **settings)
    assert group.seeds == [0, 1]
    assert [run.outcome for run in group.runs] == ["completed", "completed"]
    assert "The training was stopped when 2 of 4 seeds were finished" in group.warnings[0]
    assert "the run of seed 2, arrays-3, is not part of the group" in group.warnings[0]
    assert rs.groups()[0]["seeds"] == [0, 1]


def test_a_training_that_is_stopped_in_its_first_run_keeps_that_run() -> None:
    group = group_of(SALES, seeds=3, callback=lambda updates, metrics: False, **{**SERIES, "updates": 4000})
    assert group.seeds == [0]
    assert group.runs[0].outcome == "stopped"
    assert "none of the 3 seeds" in group.warnings[0]
    assert np.isnan(group.spread["test_rmse"]["std"])


def test_one_seed_is_an_ordinary_run() -> None:
    assert isinstance(rs.train(SALES, seeds=1, **SERIES), rs.Run)


def test_an_experiment_can_be_trained_with_several_seeds() -> None:
    experiment = rs.experiment("toy", units=2, updates=1, seed=8)
    group = rs.train(experiment, seeds=2, verbose=0, save=False)
    assert isinstance(group, rs.RunGroup)
    assert group.seeds == [8, 9]
    assert [run.experiment.data_seed for run in group.runs] == [-1, 8]


@pytest.mark.parametrize("seeds", [0, -1, 2.5, "many", True, 1001, np.nan])
def test_a_number_of_seeds_that_is_none_is_refused(seeds: Any) -> None:
    with pytest.raises(SettingError, match="seeds must be a whole number from 1 to 1000; received"):
        rs.train(SALES, seeds=seeds, **SERIES)


def test_seeds_beyond_the_largest_are_refused() -> None:
    with pytest.raises(SettingError, match="seed must be at most 2147483646 for 2 seeds"):
        rs.train(SALES, seeds=2, seed=2**31 - 1, **SERIES)


def test_a_group_is_not_saved_in_one_file(tmp_path: Path) -> None:
    with pytest.raises(SettingError, match="save must be a folder for several seeds"):
        rs.train(SALES, seeds=2, **{**SERIES, "save": str(tmp_path / "group.rnnrun")})


def test_what_takes_one_run_refuses_a_group() -> None:
    group = group_of(SALES, seeds=2, **{**SERIES, "save": True})
    with pytest.raises(StoreError, match=r"arrays-seeds-1 is a group of runs.*Its runs: arrays-1, arrays-2"):
        rs.train(SALES, initial_weights=group.name, **SERIES)
    with pytest.raises(StoreError, match="is a group of runs"):
        store.load(group.name)


def test_the_backtest_of_a_group_is_that_of_the_mean_forecast(forecasts: rs.RunGroup) -> None:
    each = [run.backtest(4, verbose=0, save=False) for run in forecasts.runs]
    for run in forecasts.runs:
        run.last_backtest = None
    result = forecasts.backtest(4, verbose=0)
    expected = np.mean([own.table["network"] for own in each], axis=0)
    assert result.table["network"].to_numpy() == pytest.approx(expected, rel=1e-6)
    same = [name for name in result.table if name != "network"]
    pd.testing.assert_frame_equal(result.table[same], each[0].table[same])
    errors = result.table["network"].to_numpy() - result.table["truth"].to_numpy()
    scores = result.metrics().set_index("method")
    assert scores.loc["network", "rmse"] == pytest.approx(np.sqrt(np.mean(errors**2)), rel=1e-6)
    assert [run.last_backtest for run in forecasts.runs] == [None, None, None]
    assert forecasts.ensemble.backtest(4, verbose=0).table.equals(result.table)
    assert result.notes[0] == "The network is the mean of the forecasts of 3 networks."
    with pytest.raises(SettingError, match="pass the group to backtest"):
        rs.backtest(SALES, 4, seeds=2, **SERIES)


def test_runs_that_differ_by_more_than_the_seed_are_no_group(forecasts: rs.RunGroup) -> None:
    wider = rs.train(SALES, seed=1, **{**SERIES, "units": 4})
    with pytest.raises(SettingError, match="differ in: units"):
        rs.RunGroup([forecasts.runs[0], wider])
    with pytest.raises(SettingError, match="differ in: no seed"):
        rs.RunGroup([forecasts.runs[0], forecasts.runs[0]])
    with pytest.raises(SettingError, match="at least one run"):
        rs.RunGroup([])


def test_newer_data_that_are_too_short_are_refused(forecasts: rs.RunGroup) -> None:
    with pytest.raises(DataError):
        forecasts.predict([1.0, 2.0])


def test_the_mean_predictions_on_the_test_set_have_their_own_metrics(forecasts: rs.RunGroup) -> None:
    each = [run.predictions() for run in forecasts.runs]
    mean = np.mean([table["prediction"] for table in each], axis=0)
    table = forecasts.predictions()
    assert table["prediction"].to_numpy() == pytest.approx(mean, rel=1e-6)
    pd.testing.assert_frame_equal(table.drop(columns="prediction"), each[0].drop(columns="prediction"))
    errors = mean - table["truth"].to_numpy()
    rounding = 1e-5  # of float32 numbers near 60
    assert forecasts.ensemble_metrics["test_rmse"] == pytest.approx(np.sqrt(np.mean(errors**2)), abs=rounding)
    assert forecasts.ensemble_metrics["test_mae"] == pytest.approx(np.mean(np.abs(errors)), abs=rounding)
    assert forecasts.ensemble_metrics["test_rmse"] <= forecasts.metrics["test_rmse"] * (1 + 1e-4)  # by convexity


def test_the_mean_probabilities_on_the_test_set_have_their_own_accuracy(classes: rs.RunGroup) -> None:
    each = [run.predictions() for run in classes.runs]
    names = [f"probability_{name}" for name in classes.info.classes]
    mean = np.mean([table[names].to_numpy(float) for table in each], axis=0)
    table = classes.predictions()
    assert table[names].to_numpy() == pytest.approx(mean, rel=1e-5)
    threshold = np.mean([run.metrics["decision_threshold"] for run in classes.runs])
    expected = np.where(mean[:, classes.info.classes.index("yes")] >= threshold, "yes", "no")
    assert table["prediction"].tolist() == expected.tolist()
    assert classes.ensemble_metrics == {"test_accuracy": pytest.approx(np.mean(expected == table["truth"]))}


def test_metrics_of_the_mean_predictions_are_saved_and_of_some_runs_unknown() -> None:
    group = group_of(SALES, seeds=2, **{**SERIES, "save": True})
    loaded = rs.load(group.name)
    assert isinstance(loaded, rs.RunGroup)
    assert loaded.ensemble_metrics == group.ensemble_metrics != {}
    with pytest.raises(DataError, match="arrays"):
        loaded.predictions()
    shutil.rmtree(group.runs[1].path)
    with pytest.warns(UserWarning, match="1 of the 2 runs"):
        loaded = rs.load(group.name)
    assert isinstance(loaded, rs.RunGroup)
    assert loaded.ensemble_metrics == {}


def test_bands_of_one_run_are_never_those_of_the_group(forecasts: rs.RunGroup) -> None:
    assert getattr(forecasts.ensemble, "calibration", None) is None
    assert not [name for name in forecasts.forecast_table(3) if str(name).startswith(("lower", "upper"))]


@pytest.mark.parametrize("where", ["list", "folder"])
def test_a_group_whose_process_ends_has_the_runs_that_were_finished(home: Path, tmp_path: Path, where: str) -> None:
    experiment = compose("toy", {"updates": 20, "units": 2, "seed": 3})
    save, begun = (True if where == "list" else tmp_path / "group"), []

    def emit(event: Event) -> None:
        begun.append(event) if isinstance(event, Started) else None
        if len(begun) == 3:
            raise SystemExit

    with pytest.raises(SystemExit):
        train_seeds(experiment, 4, emit, lambda: False, save=save)
    with pytest.warns(UserWarning, match="Seeds 5 and 6 were not trained to their end"):
        group = rs.load("toy-seeds-1" if where == "list" else save)
    assert isinstance(group, rs.RunGroup)
    assert (group.seeds, group.seeds_left) == ([3, 4], [5, 6])
    assert len(rs.groups()) == (where == "list")

    begun.clear()
    whole = train_seeds(experiment, 2, emit, lambda: False, save=True if where == "list" else tmp_path / "other")
    assert whole.seeds == [3, 4]
    loaded = rs.load(whole.path)
    assert loaded.metrics == whole.metrics == group.metrics
    assert len(rs.groups()) == 2 * (where == "list")
