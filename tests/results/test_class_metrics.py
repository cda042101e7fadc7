"""The metrics of each class of a run, recomputed from its predictions for the raw test set."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

import rnnstudio as rs
from rnnstudio.cli.report import classes_table
from rnnstudio.core.upgrade import FORMAT_VERSION

RNG = np.random.default_rng(2)
SMALL = {"units": 3, "updates": 4, "learning_rate": 0.05, "save": False, "verbose": 0}
NAMES = np.array(["good", "bad", "worse"], object)


def sequences(classes: int, count: int = 90) -> tuple[Any, Any]:
    """Return noisy sequences and the class of each, the last one rare."""
    y = RNG.choice(classes, count, p=[0.8, 0.2] if classes == 2 else [0.6, 0.25, 0.15])
    return RNG.normal(size=(count, 6, 2)) + y[:, None, None] / 2, NAMES[y]


def true_and_predicted(run: Any) -> tuple[Any, Any]:
    """Return names of the true and the predicted classes of the test set that count."""
    data = run.data()
    truth = data.window_targets(data.test)
    inputs = data.window_inputs(data.test)
    predicted = run.predict(inputs)
    known = truth >= 0
    return np.array(run.info.classes, object)[truth[known]], predicted[known]


def f1_of(precision: float, recall: float) -> float:
    return 2 * precision * recall / (precision + recall) if precision + recall else 0.0


@pytest.mark.usefixtures("uncompiled")
@pytest.mark.parametrize("task", ["classify", "label"])
@pytest.mark.parametrize("classes", [2, 3])
@pytest.mark.parametrize("stop", ["last", "best"])
def test_metrics_of_classes_are_those_of_the_predictions_for_the_test_set(
    task: str, classes: int, stop: str, tmp_path: Path
) -> None:
    settings: dict[str, Any] = {"test_fraction": 0.4, "val_fraction": 0.2, "evaluate_every": 1}
    if stop == "best":
        settings |= {"restore_best_weights": True, "learning_rate": 0.9}
    x, y = sequences(classes)
    if task == "label":
        y = np.repeat(y[:, None], 6, axis=1)
        y[:, :2] = None
    run = rs.train(x, y, task=task, **{**SMALL, **settings})
    truth, predicted = true_and_predicted(run)
    table = run.class_metrics
    assert list(table["class"]) == list(run.info.classes)
    assert set(table["split"]) == {"test"}
    for row in table.itertuples():
        name = row[2]
        assert row.support == np.sum(truth == name)
        assert row.recall == pytest.approx(np.mean(predicted[truth == name] == name))
        if (predicted == name).any():
            assert row.precision == pytest.approx(np.mean(truth[predicted == name] == name))
            assert row.f1 == pytest.approx(f1_of(row.precision, row.recall))
        else:
            assert np.isnan(row.precision)
        others = pd.Series(predicted[(truth == name) & (predicted != name)]).value_counts()
        assert row.confused == (others.iloc[0] if len(others) else 0)
        assert (row.confused_with in set(others.index)) == bool(len(others))
    recalls = [np.mean(predicted[truth == name] == name) for name in set(truth)]
    assert run.metrics["test_balanced_accuracy"] == pytest.approx(np.mean(recalls))
    assert run.metrics["test_accuracy"] == pytest.approx(np.mean(predicted == truth))
    assert ("test_roc_auc" in run.metrics) == (classes == 2)
    majority = pd.Series(run.data().targets[run.data().train].ravel())
    most = run.info.classes[int(majority[majority >= 0].mode()[0])]
    assert run.baseline["majority_class"]["test_balanced_accuracy"] == pytest.approx(1 / classes)
    assert run.baseline["majority_class"]["test_accuracy"] == pytest.approx(np.mean(truth == most))
    rs_path = run.save(tmp_path / "run")
    pd.testing.assert_frame_equal(rs.load(rs_path).class_metrics, table)
    assert rs.load(rs_path).summary()["by_class"] == run.class_rows


@pytest.mark.usefixtures("uncompiled")
def test_the_rarer_class_of_the_training_set_is_the_positive_one() -> None:
    x, y = sequences(2)
    flipped = np.where(y == "good", "a", "z")  # the rare class comes second in the order of names, then first
    swapped = np.where(y == "good", "z", "a")
    for names in (flipped, swapped):
        run = rs.train(x, names, task="classify", test_fraction=0.4, **SMALL)
        truth, _ = true_and_predicted(run)
        rare = "z" if names is flipped else "a"
        score = run.predict(run.data().window_inputs(run.data().test), probabilities=True)
        score = score[:, run.info.classes.index(rare)].astype(np.float64)
        order = np.argsort(-score, kind="stable")
        assert len(set(score)) == len(score)
        hits = np.cumsum(truth[order] == rare)
        precision = hits / np.arange(1, len(score) + 1)
        assert run.metrics["test_average_precision"] == pytest.approx(precision[truth[order] == rare].mean())
        pairs = score[truth == rare][:, None] > score[truth != rare][None]
        assert run.metrics["test_roc_auc"] == pytest.approx(pairs.mean())


def test_runs_of_values_and_runs_without_evaluations_have_no_or_recorded_classes(airline_run: Any) -> None:
    assert len(airline_run.class_metrics) == 0
    x, y = sequences(3)
    run = rs.train(x, y, task="classify", test_fraction=0.0, **SMALL)
    assert set(run.class_metrics["split"]) == {"train"}
    assert run.class_metrics["support"].sum() == len(y)


def test_old_runs_have_the_classes_of_their_predictions() -> None:
    folder = Path(__file__).parents[1] / "fixtures" / "runs" / "version1"
    assert FORMAT_VERSION > 1
    run = rs.load(folder / "classify")
    shown = run.plot_table()
    for row in run.class_metrics.itertuples():
        assert row.support == np.sum(shown["truth"] == row[2])


def test_the_report_lists_the_worst_of_many_classes() -> None:
    rows = [
        {"class": f"c{i}", "split": "val", "support": 5, "precision": 0.5, "recall": i / 40, "f1": (7 * i % 40) / 40,
         "confused_with": "c0" if i else "", "confused": int(i > 0)}
        for i in range(40)
    ]  # fmt: skip
    rows[7] |= {"recall": None, "f1": None, "support": 0}
    table = classes_table(rows)
    assert table.row_count == 21
    names = list(table.columns[0].cells)
    worst = sorted((row["f1"], row["class"]) for row in rows if row["f1"] is not None)[:20]
    assert set(names[:-1]) == {name for _, name in worst}
    assert names[-1] == "and 20 with a higher F1"
    assert "validation set" in str(table.columns[0].header)
    few = classes_table(rows[5:9])
    assert list(few.columns[3].cells)[2] == "-", "no recall of a class that does not occur"
