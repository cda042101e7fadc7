"""A run can be had back as it was at moments of its training: weights, metrics, predictions and plots of then."""

from __future__ import annotations

import io
import shutil
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

import rnnstudio as rs
from rnnstudio.core.errors import DataError, SettingError, StoreError
from rnnstudio.results import moments
from rnnstudio.results.run import Run
from tests.altered_runs import rewrite
from tests.interrupted import crashed

RNG = np.random.default_rng(5)
X = RNG.normal(size=(60, 6, 2))
CLASSES = np.where(X.sum(axis=(1, 2)) > 0, "up", "down")
STEPS = np.where(X[..., 0].cumsum(axis=1) > 0, "a", "b")
SERIES = pd.DataFrame({"day": pd.date_range("2024-01-01", periods=150), "sales": RNG.normal(size=150).cumsum() + 50})
SETTINGS = {"units": 4, "verbose": 0, "save": False, "evaluate_every": 5, "schedule": "constant"}
CASES: dict[str, tuple[tuple[Any, ...], dict[str, Any]]] = {
    "classes": ((X, CLASSES), {"task": "classify", "val_fraction": 0.2, "decision_threshold": "validation"}),
    "labels": ((X, STEPS), {"task": "label", "test_fraction": 0.2}),
    "values": ((X, X[..., :1]), {"task": "regress", "test_fraction": 0.2}),
    "a value per sequence": ((X, X.sum(axis=(1, 2))), {"task": "regress_sequence", "test_fraction": 0.2}),
    "forecast": ((SERIES,), {"target": "sales", "window": 7, "horizon": 3, "levels": [80], "patience": 0}),
    "forecast, best weights": (
        (SERIES,),
        {"target": "sales", "window": 7, "restore_best_weights": True, "patience": 0},
    ),
    "recipe with new data each epoch, stateful": (("echo",), {}),
    "recipe": (("airline",), {}),
}


def assert_same_weights(left: Run, right: Run) -> None:
    assert left.weights.keys() == right.weights.keys()
    for name, values in left.weights.items():
        assert values.tobytes() == right.weights[name].tobytes(), name


def plain(run: Run) -> str:
    """The numbers of a run as text, because NaN is not equal to itself."""
    metrics = {name: value for name, value in run.metrics.items() if not name.endswith("_80")}  # of bands
    return str((metrics, run.class_rows, run.series_metrics, run.target_metrics, run.lag, run.decision))


@pytest.mark.parametrize("case", CASES)
def test_a_moment_is_the_run_of_so_many_updates(case: str) -> None:
    """The independent computation is another training, which ends at that update."""
    data, settings = CASES[case]
    best = bool(settings.get("restore_best_weights"))
    run = rs.train(*data, **SETTINGS, **settings, updates=60)
    assert isinstance(run, Run)
    assert run.kept_updates[0] == 0
    assert run.kept_updates[-1] == 60
    step = next(u for u in run.kept_updates if u > 20 and u != run.record.weights_step)
    short = rs.train(*data, **SETTINGS, **{**settings, "restore_best_weights": False}, updates=step)
    assert isinstance(short, Run)
    moment = run.at(step)
    assert_same_weights(moment, short)
    assert plain(moment) == plain(short)
    assert moment.metrics != run.metrics
    pd.testing.assert_frame_equal(
        moment.history().drop(columns="chosen_on_test", errors="ignore"),
        short.history().drop(columns="chosen_on_test", errors="ignore"),
    )
    assert (moment.record.step, moment.record.weights_step, moment.outcome, moment.path) == (step, step, "stopped", "")
    assert f"weights after update {step}" in moment.warnings[-2 if run.calibration else -1]
    if not best and case != "labels":  # a training shows labels of its last batch, a moment those of the first
        drawn = moment.plot_table(), short.plot_table()
        assert case.startswith("recipe with") or drawn[0].equals(drawn[1])


@pytest.fixture(scope="module")
def worse_at_its_end() -> tuple[Run, Run]:
    """A run that ends worse than its best evaluation, and the same that restored its best weights."""
    settings = {
        "target": "sales",
        "window": 7,
        "patience": 0,
        "learning_rate": 0.05,
        "updates": 60,
        "val_fraction": 0.2,
    }
    last = rs.train(SERIES, **SETTINGS, **settings, restore_best_weights=False)
    best = rs.train(SERIES, **SETTINGS, **settings, restore_best_weights=True)
    assert isinstance(last, Run)
    assert isinstance(best, Run)
    return last, best


def test_the_last_and_the_best_weights_are_kept(worse_at_its_end: tuple[Run, Run]) -> None:
    last, best = worse_at_its_end
    assert best.record.weights_step not in (0, 60)  # else this test shows nothing
    assert_same_weights(last.at("best"), best)
    assert last.at("best").metrics["val_loss"] == min(e["val_loss"] for e in last.record.evaluations if e["step"])
    assert_same_weights(best.at("last"), last)
    assert best.at("last").metrics == last.metrics
    assert last.at("last") is last
    assert best.at("best") is best


def test_a_number_between_moments_is_that_of_the_nearest() -> None:
    run = rs.train("airline", **SETTINGS, updates=60)
    assert isinstance(run, Run)
    assert run.kept_updates == [*range(0, 61, 5)]
    assert [run.at(u).record.step for u in (0, 2, 3, 17.0, "33", 39, 4000)] == [0, 0, 5, 15, 35, 40, 60]


@pytest.mark.parametrize("update", ["first", -1, 2.5, None, "1.5", True])
def test_what_is_no_moment_is_refused(update: Any) -> None:
    run = rs.train("toy", **SETTINGS, updates=2)
    with pytest.raises(SettingError, match="update must be"):
        run.at(update)


def test_predictions_and_forecasts_are_those_of_the_moment() -> None:
    settings = {"target": "sales", "window": 7, "horizon": 3, "levels": [80], "patience": 0}
    settings |= {"restore_best_weights": False}
    run = rs.train(SERIES, **SETTINGS, **settings, updates=60)
    short = rs.train(SERIES, **SETTINGS, **settings, updates=20)
    assert isinstance(run, Run)
    moment = run.at(20)
    np.testing.assert_array_equal(moment.predict(SERIES), short.predict(SERIES))
    np.testing.assert_array_equal(moment.forecast(5), short.forecast(5))
    table, other = moment.predictions(), short.predictions()
    assert "lower_80" in other
    assert "lower_80" not in table  # the bands of the run are those of its own weights
    assert any("no bands" in warning for warning in moment.warnings)
    columns = ["origin", "step", "truth", "prediction", "baseline"]
    pd.testing.assert_frame_equal(table[columns], other[columns])
    assert moment.metrics["test_rmse"] == pytest.approx(np.sqrt(np.mean((table["truth"] - table["prediction"]) ** 2)))


def test_weights_that_are_picked_are_marked() -> None:
    """Without a validation set the best moment was chosen on the test set; any other one may have been."""
    settings = {"target": "sales", "window": 7, "patience": 0, "restore_best_weights": False, "learning_rate": 0.05}
    run = rs.train(SERIES, **SETTINGS, **settings, updates=60, val_fraction=0.0)
    assert isinstance(run, Run)
    assert run.at("best") is not run
    assert not run.chosen_on_test
    assert run.at("best").chosen_on_test
    assert "chosen on the test set" in run.at("best").footnote
    assert run.at(10).chosen_on_test
    assert "picked with the test metrics known" in run.at(10).footnote
    run = rs.train(SERIES, **SETTINGS, **settings, updates=60, val_fraction=0.2)
    assert isinstance(run, Run)
    assert not run.at("best").chosen_on_test
    assert run.at(10).chosen_on_test
    without = rs.train(X, CLASSES, **SETTINGS, task="classify", test_fraction=0.0, val_fraction=0.2, updates=20)
    assert isinstance(without, Run)
    assert not without.at(10).chosen_on_test


def test_a_moment_can_be_saved_and_is_marked_in_lists_and_files(home: Path, tmp_path: Path) -> None:
    run = rs.train("airline", **SETTINGS | {"save": True}, updates=60, patience=0)
    assert isinstance(run, Run)
    assert [row["chosen_on_test"] for row in rs.runs()] == [False]
    moment = run.at(10)
    moment.save()
    saved = rs.load(moment.name)
    assert isinstance(saved, Run)
    assert_same_weights(saved, moment)
    assert saved.chosen_on_test
    assert {row["run"]: row["chosen_on_test"] for row in rs.runs()} == {run.name: False, moment.name: True}
    assert pd.read_csv(saved.export(tmp_path / "p.csv", table="predictions"))["chosen_on_test"].all()
    assert saved.kept_updates == [10]
    with pytest.raises(SettingError, match="cannot say that the weights after update 10 were picked"):
        saved.export(tmp_path / "s.py")
    with pytest.raises(SettingError, match="were picked"):
        saved.backtest(2, verbose=0)


@pytest.mark.parametrize("restores", [False, True])
def test_saved_runs_keep_their_moments_in_folder_and_archive(restores: bool, home: Path, tmp_path: Path) -> None:
    settings = {**SETTINGS, "updates": 60, "restore_best_weights": restores, "patience": 0}
    whole = rs.train("airline", **settings)
    assert isinstance(whole, Run)
    archive = rs.train("airline", **{**settings, "save": tmp_path / "a.rnnrun"})
    for run in (rs.train("airline", **{**settings, "save": True}), archive):
        assert isinstance(run, Run)
        loaded = rs.load(run.path)
        assert isinstance(loaded, Run)
        run.export(tmp_path / "copy.rnnrun")
        copy = rs.load(tmp_path / "copy.rnnrun")
        assert isinstance(copy, Run)
        for other in (run, loaded, copy):
            assert other.kept_updates == whole.kept_updates
            for update in (0, 15, "best", "last"):
                assert_same_weights(other.at(update), whole.at(update))
                assert plain(other.at(update)) == plain(whole.at(update))


def test_a_run_that_was_interrupted_keeps_the_moments_it_would_have_had(home: Path) -> None:
    settings = {"updates": 120, "units": 4, "evaluate_every": 3}
    whole = rs.train("airline", **settings, verbose=0, save=False)
    assert isinstance(whole, Run)
    folder = crashed("airline", after=50, **settings)
    interrupted = rs.load(folder)
    assert isinstance(interrupted, Run)
    known = [step for step in interrupted.kept_updates if step != interrupted.record.step]
    assert len(known) > 1
    for step in known:
        assert_same_weights(
            interrupted.at(step),
            rs.train("airline", **settings | {"updates": step}, verbose=0, save=False) if step else whole.at(0),
        )
    resumed = rs.resume(folder, verbose=0)
    assert resumed.kept_updates == whole.kept_updates
    loaded = rs.load(folder)
    assert isinstance(loaded, Run)
    for step in whole.kept_updates:
        assert_same_weights(loaded.at(step), whole.at(step))


def test_arrays_of_a_saved_run_evaluate_its_moments(home: Path) -> None:
    settings = {**SETTINGS, "task": "classify", "val_fraction": 0.2, "updates": 20}
    whole = rs.train(X, CLASSES, **settings)
    assert isinstance(whole, Run)
    loaded = rs.load(rs.train(X, CLASSES, **{**settings, "save": True}).path)
    assert isinstance(loaded, Run)
    assert plain(loaded.at(10)) == plain(whole.at(10))


def test_without_data_a_moment_has_no_metric_of_other_weights(home: Path, tmp_path: Path) -> None:
    file = tmp_path / "sales.csv"
    SERIES.to_csv(file, index=False)
    run = rs.train(file, **SETTINGS | {"save": True}, window=7, updates=60, restore_best_weights=False, patience=0)
    file.unlink()
    loaded = rs.load(run.path)
    assert isinstance(loaded, Run)
    moment = loaded.at(20)
    recorded = next(e for e in run.record.evaluations if e["step"] == 20)
    assert moment.metrics == {name: value for name, value in recorded.items() if name != "step"}
    assert (moment.record.predictions, moment.lag, moment.class_rows) == (None, None, [])
    assert "Only metrics of an evaluation in the training" in moment.warnings[-1]
    assert moment.predict(SERIES).shape == run.predict(SERIES).shape


def test_moments_that_are_gone_or_damaged_are_said(home: Path) -> None:
    run = rs.train("airline", **SETTINGS | {"save": True}, updates=60)
    assert isinstance(run, Run)
    (Path(run.path) / "moment-10.npz").write_bytes(b"nothing")
    with pytest.raises(StoreError, match="moment-10"):
        run.at(10)
    with pytest.raises(StoreError, match="moment-10"):
        rs.load(run.path)
    shutil.rmtree(run.path)
    with pytest.raises(StoreError):
        run.at(20)


def test_moments_of_another_run_with_the_same_name_are_refused(home: Path) -> None:
    first = rs.train("airline", **SETTINGS | {"save": True}, updates=60)
    assert isinstance(first, Run)
    loaded = rs.load(first.path)
    assert isinstance(loaded, Run)
    own = loaded.at(10).weights
    shutil.rmtree(first.path)  # as another process may, and save another run there
    rs.train("airline", **SETTINGS | {"save": first.path, "seed": 7}, updates=60)
    for run in (first, loaded):
        assert isinstance(run, Run)
        with pytest.raises(StoreError, match="no longer the one that was opened"):
            run.at(10)
    saved = rs.load(loaded.save(home / "again"))  # with its own weights, and without those that are gone
    assert isinstance(saved, Run)
    assert_same_weights(saved, loaded)
    assert saved.kept_updates == [60]
    other = rs.load(first.path)
    assert isinstance(other, Run)
    assert any(not np.array_equal(values, own[name]) for name, values in other.at(10).weights.items())


def test_a_moment_is_not_evaluated_on_data_that_changed(home: Path, tmp_path: Path) -> None:
    file = tmp_path / "sales.csv"
    SERIES.to_csv(file, index=False)
    run = rs.train(file, **SETTINGS | {"save": True}, window=7, updates=60, restore_best_weights=False, patience=0)
    SERIES.assign(sales=SERIES["sales"] + np.arange(len(SERIES)) % 3).to_csv(file, index=False)
    loaded = rs.load(run.path)
    assert isinstance(loaded, Run)
    moment = loaded.at(20)
    assert (moment.record.predictions, moment.lag, moment.target_metrics) == (None, None, [])
    assert "checksum differs" in " ".join(moment.warnings)


def test_a_file_of_arrays_that_an_earlier_numpy_wrote_can_be_read(home: Path) -> None:
    run = rs.train("airline", **SETTINGS | {"save": True}, updates=10)
    assert isinstance(run, Run)
    content, keyword = io.BytesIO((Path(run.path) / "weights.npz").read_bytes()), io.BytesIO()
    np.save(keyword, np.array(False))
    with zipfile.ZipFile(content, "a") as archive:
        archive.writestr("allow_pickle.npy", keyword.getvalue())
    rewrite(Path(run.path), {"weights.npz": lambda file: file.write(content.getvalue())})
    assert_same_weights(rs.load(run.path), run)


def test_a_run_of_an_earlier_version_has_its_own_weights_only(home: Path) -> None:
    run = rs.load(next(Path("tests/fixtures/runs").glob("version4/bands")))
    assert isinstance(run, Run)
    assert len(run.kept_updates) == 1
    assert run.at(0) is run
    if not run.experiment.training.restore_best_weights:
        with pytest.raises(DataError, match="earlier version"):
            run.at("best")


def test_a_run_that_diverged_can_be_had_back_before() -> None:
    run = rs.train("toy", updates=400, learning_rate=1000.0, optimizer="sgd", verbose=0, save=False)
    assert isinstance(run, Run)
    assert run.outcome == "diverged"
    moment = run.at(0)
    assert moment.outcome == "stopped"
    assert run.record.error not in moment.warnings
    assert all(np.isfinite(w).all() for step in run.kept_updates for w in run.at(step).weights.values())


def test_the_files_of_moments_are_named() -> None:
    assert moments.moment_steps(
        ["moment-0.npz", "moment-00.npz", "moment-12-2.npz", "moment-x.npz", "moment-7.npz"]
    ) == [0, 7]


def test_a_run_that_ends_worse_than_its_best_says_so_and_one_that_restored_it_does_not(
    worse_at_its_end: tuple[Run, Run],
) -> None:
    last, best = worse_at_its_end
    update = int(last.metrics["best_update"])
    value = next(e["val_rmse"] for e in last.record.evaluations if e["step"] == update)
    sentence = f"Validation RMSE {last.metrics['val_rmse']:.4g}; it was {value:.4g} at update {update}."
    assert last.metrics["val_rmse"] > value
    assert sentence in last.conclusions
    assert sentence in last.summary()["conclusions"]
    assert not any("it was" in text for text in best.conclusions)
    assert not any("it was" in text for text in last.at("best").conclusions)
    assert last.at("best").metrics["val_rmse"] == pytest.approx(value)
