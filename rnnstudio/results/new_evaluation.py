"""Predictions for new data beside the truth, where the data hold it, and the metrics of both."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from rnnstudio.core.data_info import DataInfo
from rnnstudio.results.new_data import NewData
from rnnstudio.results.new_truth import Truth
from rnnstudio.results.predicted_rows import predicted_table

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True)
class NewEvaluation:
    """What a run predicts for new data.

    Attributes:
        table: The columns of `Run.predict_table`, with `truth` beside `prediction`, of several values `truth_NAME` ...,
            where the data hold it, and `probability_CLASS` for each class.
        metrics: `accuracy`, or `rmse` and `mae`, over the predictions whose truth is known; empty where none is. Of
            several targets, whose units may differ, those of each: `rmse_NAME` and `mae_NAME`.
        count: Number of these predictions.
        notes: What was assumed and filled, one sentence each.
    """

    table: pd.DataFrame
    metrics: dict[str, float]
    count: int
    notes: tuple[str, ...] = ()


def evaluated(
    predictions: Any, probabilities: Any, new: NewData, info: DataInfo, truth: list[Truth] | None
) -> NewEvaluation:
    """Return predictions as a table, with truth and metrics.

    Args:
        predictions: What `predict_new_data` returned.
        probabilities: Of classes, what it returned with probabilities; None for values.
        new: The new data.
        info: The description of the data of the run.
        truth: What `truth_of` returned.
    """
    import pandas as pd

    table = predicted_table(predictions, new, info, probabilities=False)
    names = [str(name) for name in table.columns if str(name).startswith("prediction")]
    true: NDArray[Any] | None = None
    if truth is not None:
        true = _aligned(truth, table, new, info, len(names))
        for i, name in enumerate(names):
            table.insert(list(table.columns).index(name), name.replace("prediction", "truth", 1), true[:, i])
    if probabilities is not None:
        shares = predicted_table(probabilities, new, info, probabilities=True)
        own = [name for name in shares.columns if str(name).startswith("probability_")]
        table = pd.concat([table, shares[own]], axis=1)
    metrics: dict[str, float] = {}
    count = 0
    if true is not None:
        predicted = table[names].to_numpy()
        for name, rows, columns in _units(table, info, len(names)):
            each, known = _metrics(predicted[rows, columns], true[rows, columns], classes=bool(info.classes))
            metrics |= {f"{metric}_{name}" if name else metric: value for metric, value in each.items()}
            count += known
    return NewEvaluation(table, metrics, count, new.notes)


def metrics_in_words(result: NewEvaluation, file: str) -> str:
    """Return a sentence with the metrics; empty where there are none.

    >>> metrics_in_words(NewEvaluation(None, {"rmse_load": 2.0, "mae_load": 1.0}, 20), "a.csv")
    'Compared with the 20 true values in a.csv: RMSE of load 2, MAE of load 1.'
    """
    texts = []
    for name, value in result.metrics.items():
        metric, _, target = name.partition("_")
        label = {"rmse": "RMSE", "mae": "MAE"}.get(metric, metric)
        texts.append(f"{label}{f' of {target}' if target else ''} {_number(metric, value)}")
    values = "true value" if result.count == 1 else f"{result.count:,} true values"
    return f"Compared with the {values} in {file}: {', '.join(texts)}." if texts else ""


def _number(metric: str, value: float) -> str:
    return f"{100 * value:.4g} %" if metric == "accuracy" else f"{value:.4g}"


def _units(table: pd.DataFrame, info: DataInfo, columns: int) -> list[tuple[str, Any, slice]]:
    """Return the rows and the columns of the predictions whose errors have one unit, with its name where several."""
    if info.columns_as_series and "series" in table:
        series = table["series"].astype(str).to_numpy()
        return [(name, series == name, slice(None)) for name in dict.fromkeys(series)]
    count = 1 if info.classes else len(info.target_names)
    if count < 2:
        return [("", slice(None), slice(None))]
    return [(name, slice(None), slice(i, columns, count)) for i, name in enumerate(info.target_names)]


def _aligned(truth: list[Truth], table: pd.DataFrame, new: NewData, info: DataInfo, columns: int) -> NDArray[Any]:
    """Return the truth of each cell of the predictions, `(rows, columns)`, which lies ahead of the row read last."""
    if new.kind == "sequences":
        return np.concatenate(truth)
    blocks, series = [], table["series"].astype(str).to_numpy() if "series" in table else None
    empty: Any = "" if info.classes else np.nan
    names = [str(name) for name in new.names] or [""]
    for name, own in zip(names, truth, strict=True):
        steps = table["step"].to_numpy() if series is None else table["step"].to_numpy()[series == name]
        width = own.shape[1]
        ahead = np.arange(columns // width) + 1 if info.task == "forecast" else np.array([_offset(info)])
        at = (steps[:, None] - 1) + ahead
        known = at < len(own)
        values = own[np.where(known, at, 0)]  # (rows, steps ahead, D)
        values = np.where(known[..., None], values, empty)
        blocks.append(values.reshape(len(steps), -1))
    return np.concatenate(blocks)


def _offset(info: DataInfo) -> int:
    """Return how many rows after the row that is read last the predicted value of tasks regress and label lies."""
    columns = {name.partition("=")[0] for name in info.features} | set(info.features)  # a text has an input per value
    reads_past = info.autoregressive or not columns.isdisjoint(info.target_names)
    return int(info.task in ("regress", "label") and reads_past)


def _metrics(predicted: NDArray[Any], truth: NDArray[Any], *, classes: bool) -> tuple[dict[str, float], int]:
    """Return the metrics of predictions whose truth is known, and their number."""
    if classes:
        known = truth != ""
        correct = predicted.astype(str)[known] == truth[known].astype(str)
        return ({"accuracy": float(correct.mean())} if len(correct) else {}), len(correct)
    known = ~np.isnan(truth.astype(float)) & ~np.isnan(predicted.astype(float))
    errors = predicted[known].astype(float) - truth[known].astype(float)
    if not len(errors):
        return {}, 0
    return {"rmse": float(np.sqrt(np.mean(errors**2))), "mae": float(np.abs(errors).mean())}, len(errors)
