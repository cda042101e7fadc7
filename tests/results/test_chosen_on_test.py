"""A choice of weights or of the stopping point on the test set is marked wherever test metrics are shown."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

import rnnstudio as rs
from rnnstudio.cli.report import metrics_table, print_run, series_table
from rnnstudio.core.chosen_on_test import FOOTNOTE_OF_MANY, chosen_on_test, is_affected, mark
from rnnstudio.core.coverage import coverage_sentences
from rnnstudio.core.experiment import compose
from rnnstudio.core.history import History
from rnnstudio.results.file_writers import arrays_writer
from rnnstudio.results.run import Run
from tests.altered_runs import rewrite
from tests.without_xla import without_xla

SERIES = np.sin(np.arange(90) / 3) + 0.1 * np.random.default_rng(5).normal(size=90)
SETTINGS = {
    "task": "forecast", "window": 6, "units": 4, "epochs": 99, "batch_size": 32, "evaluate_every": 3, "val_fraction": 0,
    "schedule": "constant", "patience": 0, "predict_change": "none", "linear_skip": False, "seed": 2, "verbose": 0,
}  # fmt: skip
CHOICES = {"restore_best_weights": True, "learning_rate": 0.2, "updates": 24}


def trained(**settings) -> Run:
    with without_xla():
        return rs.train(SERIES, save=False, **{**SETTINGS, **settings})


@pytest.fixture(scope="module")
def chosen() -> Run:
    """A run that kept weights because of their test loss; tests must not change it."""
    return trained(**CHOICES)


@pytest.fixture(scope="module")
def validated() -> Run:
    """A run that kept weights because of their validation loss; tests must not change it."""
    return trained(**CHOICES, val_fraction=0.2)


@pytest.fixture
def saved(chosen: Run, tmp_path: Path) -> Iterator[Path]:
    """The folder of a copy of the chosen run."""
    folder = tmp_path / "chosen"
    chosen.save(folder)
    yield folder
    chosen.name = chosen.path = ""


@pytest.mark.parametrize("sets", [("train",), ("train", "val"), ("train", "test"), ("train", "val", "test")])
@pytest.mark.parametrize(("patience", "restores_best"), [(0, False), (2, False), (0, True), (2, True)])
def test_a_choice_is_made_on_the_test_set_where_there_is_no_validation_set(sets, patience, restores_best):
    expected = (patience > 0 or restores_best) and sets == ("train", "test")
    assert chosen_on_test(patience=patience, restores_best=restores_best, sets=sets) == expected


def test_every_metric_of_the_test_set_is_affected(chosen, validated):
    for name in {**chosen.metrics, **validated.metrics}:
        assert is_affected(name) == ("test" in name or name == "skill")
        assert mark(name, chosen=True) == ("*" if is_affected(name) else "")
        assert not mark(name, chosen=False)


def test_the_weights_that_are_kept_are_those_after_the_update_that_is_named(chosen, validated):
    for run, split in ((chosen, "test"), (validated, "val")):
        steps, values = run.record.evaluated(f"{split}_loss")
        best = int(steps[1 + values[1:].argmin()])
        assert run.summary()["weights_update"] == run.metrics["best_update"] == best == run.record.predictions_step
    assert 0 < chosen.record.weights_step < 24
    again = trained(**{**CHOICES, "updates": chosen.record.weights_step, "restore_best_weights": False})
    for name, weights in again.weights.items():
        np.testing.assert_array_equal(chosen.weights[name], weights)
    assert again.metrics["test_rmse"] == chosen.metrics["test_rmse"]
    assert not again.chosen_on_test


def test_summary_history_and_text_of_a_run_say_it(chosen, validated):
    assert chosen.chosen_on_test
    assert chosen.summary()["chosen_on_test"] is True
    assert chosen.history()["chosen_on_test"].all()
    assert "chosen on the test set" in repr(chosen)
    assert chosen.footnote.startswith("* The best weights were chosen on the test set")
    assert [w for w in chosen.warnings if "best weights were chosen on the test set" in w and "val_fraction" in w]
    assert validated.summary()["chosen_on_test"] is False
    assert "chosen_on_test" not in validated.history()
    assert "chosen" not in repr(validated) + validated.footnote + " ".join(validated.warnings)


def test_exports_say_it(chosen, validated, tmp_path):
    for table in ("history", "predictions"):
        assert pd.read_csv(chosen.export(tmp_path / f"{table}.csv", table=table))["chosen_on_test"].all()
        assert "chosen_on_test" not in pd.read_csv(validated.export(tmp_path / f"{table}.csv", table=table))
    assert pd.read_parquet(chosen.export(tmp_path / "test.parquet", table="predictions"))["chosen_on_test"].all()


def test_kept_predictions_say_it(chosen, saved):
    kept = rs.load(saved).predictions()
    assert kept["chosen_on_test"].all()
    pd.testing.assert_frame_equal(kept, chosen.predictions())


def test_the_tables_of_a_group_say_it(tmp_path):
    with without_xla():
        group = rs.train(SERIES, save=False, seeds=2, **{**SETTINGS, **CHOICES, "updates": 3})
    assert group.table()["chosen_on_test"].all()
    assert group.predictions()["chosen_on_test"].all()
    assert pd.read_csv(group.export(tmp_path / "runs.csv"))["chosen_on_test"].all()


def test_the_thresholds_of_two_classes_say_it():
    x, classes = np.random.default_rng(0).normal(size=(60, 5, 1)), np.arange(60) % 2
    quick = {"task": "classify", "updates": 2, "restore_best_weights": True, "verbose": 0, "save": False}
    with without_xla():
        runs = [rs.train(x, classes, val_fraction=share, **quick) for share in (0.0, 0.2)]
    assert runs[0].operating_points()["chosen_on_test"].all()
    assert "chosen_on_test" not in runs[1].operating_points()


def test_the_sentence_about_bands_says_it():
    calibration = SimpleNamespace(sentence="They were calibrated.")
    [marked] = coverage_sentences({"test_coverage_80": 0.9}, calibration, chosen_on_test=True)
    [plain] = coverage_sentences({"test_coverage_80": 0.9}, calibration)
    assert marked == plain.replace("the test set.", "the test set*.")


@pytest.mark.parametrize("suffix", ["R", "py"])
def test_scripts_say_it(airline_run, fresh_airline, suffix, tmp_path):
    run = fresh_airline()
    training = run.experiment.training.model_copy(update={"patience": 2})
    run.experiment = run.experiment.model_copy(update={"training": training})
    for of_run, says_it in ((run, True), (airline_run, False)):
        text = Path(of_run.export(tmp_path / f"{says_it}.{suffix}")).read_text()
        assert ("Test RMSE* " in text and "# * Early stopping used the test set" in text) == says_it


def test_the_report_marks_the_metrics_and_explains_the_mark(chosen, validated, capsys):
    print_run(chosen, [])
    out = capsys.readouterr().out
    assert "Test RMSE* " in out
    assert "Training loss " in out
    assert " ".join(chosen.footnote.split()) in " ".join(out.split())
    assert chosen.conclusions[-1].startswith(f"The weights after update {chosen.record.weights_step} were kept")
    assert "test loss*" in chosen.conclusions[-1]
    assert chosen.conclusions[-1].endswith(", is the lowest.")
    print_run(validated, [])
    assert "*" not in capsys.readouterr().out
    assert [str(cell) for cell in metrics_table(chosen).columns[0].cells] == [
        "Training loss", "Test loss*", "Test RMSE*", "Test MAE*",
    ]  # fmt: skip


def test_initial_weights_that_were_better_are_mentioned(chosen):
    run = Run.of(chosen)
    run.record = History.from_parts(chosen.record.to_dict(), chosen.record.to_arrays(), chosen.info)
    run.record.evaluations[0]["test_loss"] = 1e-6
    assert "is the lowest of trained weights (that of the initial weights was 1e-06)." in run.conclusions[-1]


def test_the_table_of_several_series_is_marked(chosen):
    rows = [{"series": "a", "windows": 3, "test_rmse": 1.0, "baseline": "last_value", "baseline_rmse": 2.0}]
    heads = [str(column.header) for column in series_table(rows, chosen=True).columns]
    assert any("Test RMSE*" in head for head in heads)
    assert not any("*" in str(column.header) for column in series_table(rows).columns)


def test_the_list_of_runs_says_it(chosen, validated, capsys, monkeypatch, tmp_path):
    from click.testing import CliRunner

    from rnnstudio.cli.main import studio

    monkeypatch.setenv("RNNSTUDIO_HOME", str(tmp_path))
    for run in (chosen, validated):
        run.save()
        run.name = run.path = ""
    assert sorted(row["chosen_on_test"] for row in rs.runs()) == [False, True]
    out = CliRunner().invoke(studio, ["list", "runs"]).output
    assert sum("Test RMSE* " in line for line in out.splitlines()) == 1
    assert " ".join(FOOTNOTE_OF_MANY.split()) in " ".join(out.split())
    listed = json.loads(CliRunner().invoke(studio, ["list", "runs", "--json"]).output)
    assert sorted(row["chosen_on_test"] for row in listed) == [False, True]


def test_runs_that_were_saved_before_are_marked_with_the_update_of_their_weights(saved, chosen):
    def as_before(rest):
        del rest["history"]["weights_step"]
        rest["history"]["predictions_step"] = 24  # as it was saved, although the predictions are of the best weights
        rest["warnings"] = []

    rewrite(saved, change=as_before)
    run = rs.load(saved)
    assert run.chosen_on_test
    assert run.metrics == chosen.metrics
    assert run.record.weights_step == run.record.predictions_step == chosen.record.weights_step


def test_initial_weights_that_a_run_kept_before_are_named_as_such(saved, chosen):
    with np.load(saved / "history.npz") as arrays:
        columns = dict(arrays)
    columns["eval/test_loss"][0] = 1e-6  # of the initial weights
    files = {"history.npz": arrays_writer(columns)}
    rewrite(saved, files, lambda rest: rest["history"].pop("weights_step"))
    assert rs.load(saved).record.weights_step == 0


def test_a_recipe_that_stops_early_on_its_test_set_is_marked(airline_run):
    assert not airline_run.chosen_on_test
    assert compose("airline", {}).training.patience  # as in the book
    run = Run.of(airline_run)
    run.experiment = compose("airline", {})
    assert run.footnote == "* Early stopping used the test set, so these metrics are better than on new data."


def test_the_weights_of_a_run_that_is_continued_can_be_the_best_ones(validated):
    worse = {**CHOICES, "val_fraction": 0.2, "learning_rate": 5.0, "optimizer": "sgd", "updates": 6}
    run = trained(**worse, initial_weights=validated)
    assert run.summary()["weights_update"] == run.metrics["best_update"] == 0
    assert run.metrics["test_rmse"] == pytest.approx(validated.metrics["test_rmse"])
    assert run.record.best("val_loss")[0] == run.record.predictions_step == 0
