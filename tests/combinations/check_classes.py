"""The metrics of classes, recomputed from the table of predictions and compared with those of the run."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from tests.combinations.compared import LOOSE, equal


def class_measures(truth: pd.Series, predicted: pd.Series) -> dict[str, float]:
    """Return accuracy, balanced accuracy and macro F1."""
    known = truth.notna()
    truth, predicted = truth[known], predicted[known]
    recalls, f1 = [], []
    for name in sorted({*truth, *predicted}):
        hits = int(((truth == name) & (predicted == name)).sum())
        members, guesses = int((truth == name).sum()), int((predicted == name).sum())
        f1.append(2 * hits / (members + guesses))
        if members:
            recalls.append(hits / members)
    return {
        "accuracy": float((truth == predicted).mean()),
        "balanced_accuracy": float(np.mean(recalls)),
        "macro_f1": float(np.mean(f1)),
    }


def check_classes(run: Any, table: pd.DataFrame, split: str, majority: Mapping[str, str]) -> None:
    """Compare all metrics of a run that predicts classes.

    Args:
        run: The run.
        table: Its predictions: series, truth, prediction and probability.
        split: The set.
        majority: The most frequent class in the training set of each series; empty where it is not known.
    """
    if split != "train":
        for name, value in class_measures(table["truth"], table["prediction"]).items():
            equal(f"{split}_{name}", run.metrics[f"{split}_{name}"], value)
        _check_ranks(run, table, split)
        _check_each(run, table, split)
    if majority:
        guesses = table["series"].map(majority)
        own = class_measures(table["truth"], guesses)
        for name in ("accuracy", "balanced_accuracy"):
            equal(f"majority {name}", run.baseline["majority_class"][f"{split}_{name}"], own[name])
    if run.info.series and split != "train":
        rows = {str(row["series"]): row for row in run.by_series.to_dict("records")}
        for name, own in table.groupby("series"):
            if own["truth"].notna().any():
                expected = class_measures(own["truth"], own["prediction"])
                equal(f"accuracy of {name}", rows[str(name)][f"{split}_accuracy"], expected["accuracy"])


def _check_each(run: Any, table: pd.DataFrame, split: str) -> None:
    known = table.dropna(subset=["truth"])
    for row in run.class_metrics.to_dict("records"):
        name = row["class"]
        assert row["split"] == split
        is_true, is_guess = known["truth"] == name, known["prediction"] == name
        hits = int((is_true & is_guess).sum())
        expected = {
            "support": int(is_true.sum()),
            "recall": hits / is_true.sum() if is_true.any() else np.nan,
            "precision": hits / is_guess.sum() if is_guess.any() else np.nan,
            "f1": 2 * hits / (is_true.sum() + is_guess.sum()) if is_true.any() or is_guess.any() else np.nan,
            "confused": int(known["prediction"][is_true & ~is_guess].value_counts().max())
            if (is_true & ~is_guess).any()
            else 0,
        }
        for column, value in expected.items():
            equal(f"{column} of {name}", row[column], value)


def _check_ranks(run: Any, table: pd.DataFrame, split: str) -> None:
    """Compare the area under the ROC curve, and that the threshold decides."""
    if len(run.info.classes) != 2:
        return
    positive = run.positive_class
    if f"probability_{positive}" in table:
        scores = table[f"probability_{positive}"].astype(float)
    else:
        own = table["probability"].astype(float)
        scores = own.where(table["prediction"] == positive, 1 - own)
    threshold = run.metrics.get("decision_threshold", 0.5)
    clear = (scores - threshold).abs() > 1e-6
    expected = np.where(scores >= threshold, positive, "other")
    received = np.where(table["prediction"] == positive, positive, "other")
    assert (expected == received)[clear].all(), "a prediction is on the other side of the threshold"
    known = table["truth"].notna()
    is_positive = (table["truth"] == positive)[known].to_numpy()
    values = scores[known].to_numpy()
    ones, others = values[is_positive], values[~is_positive]
    if not len(ones) or not len(others):
        assert f"{split}_roc_auc" not in run.metrics
        return
    if f"probability_{positive}" not in table and len(np.unique(values)) < len(values):
        return  # 1 - p may tie, or separate ties
    pairs = (ones[:, None] > others).mean() + 0.5 * (ones[:, None] == others).mean()
    equal(
        "roc_auc",
        run.metrics[f"{split}_roc_auc"],
        float(pairs),
        1e-3 if "probability_" + positive not in table else 1e-6,
    )
    if f"probability_{positive}" in table:
        shares = np.array([row[f"probability_{row['truth']}"] for _, row in table[known].iterrows()], float)
        equal("loss", run.metrics[f"{split}_loss"], float(-np.log(shares).mean()), LOOSE)
