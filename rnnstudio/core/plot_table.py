"""The predictions that plots draw, as one tidy table: a part of a large set. `Run.predictions` has all of them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from rnnstudio.core.predictions import (
    ClassPredictions,
    LabelPredictions,
    Predictions,
    SequencePredictions,
    SeriesPredictions,
    SeveralSeriesPredictions,
    Times,
    ValuePredictions,
)
from rnnstudio.core.times import times_at

if TYPE_CHECKING:
    import pandas as pd


def plot_table(
    predictions: Predictions,
    classes: Sequence[str],
    frequency: str = "",
    series: Sequence[str] = (),
    column: str = "series",
) -> pd.DataFrame:
    """Return one row per predicted step, or per sequence where a sequence has one class or value.

    Args:
        predictions: The predictions.
        classes: Names of the classes by number.
        frequency: pandas' alias, by which the stamps of a forecast continue after the end of the data.
        series: Names of several series or targets.
        column: Name of their column, series or target.

    Columns by kind:
        LabelPredictions: `row`, `step`, `input` (scaled), `truth`, `prediction` (class names).
        ClassPredictions: `sequence`, `truth`, `prediction`, `probability` (of the predicted class).
        ValuePredictions: `sequence`, `truth`, `prediction`, `baseline` (the mean of the training set).
        SequencePredictions: `sequence`, `step`, `input`, `truth`, `prediction`.
        SeriesPredictions: `step`, `split` (train, val or test), `truth`, `one_step` and, for an autoregressive run,
            `naive`, `free` and `multi_step`; NaN where there is no prediction.
        SeveralSeriesPredictions: `series` or `target`, and the columns of one series.
        A missing truth is NaN, or None for classes.
        Where the data have times, the column `time` follows `step`; NaT where the stamp is unknown.
    """
    import pandas as pd

    names = np.array(classes, object)
    match predictions:
        case ClassPredictions(truth=truth, predicted=predicted):
            return pd.DataFrame(
                {
                    "sequence": np.arange(1, len(truth) + 1),
                    "truth": names[truth],
                    "prediction": names[predicted],
                    "probability": predictions.probabilities[np.arange(len(truth)), predicted],
                }
            )
        case ValuePredictions(truth=truth, predicted=predicted):
            columns = {"truth": truth, "prediction": predicted, "baseline": predictions.baseline}
            return pd.DataFrame({"sequence": predictions.sequence, **columns})
        case LabelPredictions(inputs=inputs, truth=truth, predicted=predicted):
            true = names[truth]
            true[truth < 0] = None
            columns = {"input": inputs, "truth": true, "prediction": names[predicted]}
            table = pd.DataFrame({**_indices("row", truth, 0), **_time(predictions.times), **_flat(columns)})
            return table[predicted.ravel() >= 0].reset_index(drop=True)  # the rest is padding
        case SequencePredictions(inputs=inputs, truth=truth, predicted=predicted):
            columns = {"input": inputs, "truth": truth, "prediction": predicted}
            table = pd.DataFrame({**_indices("sequence", truth, 1), **_time(predictions.times), **_flat(columns)})
            return table.dropna(subset=["prediction"], ignore_index=True)  # the padding of a short sequence
        case SeveralSeriesPredictions():
            each = [predictions.one(n) for n in range(len(series))]
            tables = [_series(one, frequency) for one in each]
            table = pd.concat(tables, ignore_index=True)
            table.insert(0, column, np.repeat(np.array(series, object), [len(one) for one in tables]))
            return table
    return _series(predictions, frequency)


def _flat(columns: dict[str, NDArray[Any]]) -> dict[str, NDArray[Any]]:
    return {name: values.ravel() for name, values in columns.items()}


def _time(times: Times | None) -> dict[str, NDArray[Any]]:
    return {} if times is None else {"time": times.ravel()}


def _indices(name: str, values: NDArray[Any], first: int) -> dict[str, NDArray[Any]]:
    """Return the row and step numbers of values `(rows, steps)`, flattened; steps count from `first`."""
    rows, steps = values.shape
    return {name: np.repeat(np.arange(1, rows + 1), steps), "step": np.tile(np.arange(first, first + steps), rows)}


def _series(predictions: SeriesPredictions, frequency: str) -> pd.DataFrame:
    import pandas as pd

    steps = predictions.first + np.arange(len(predictions.truth))
    columns = {"truth": pd.Series(predictions.truth, steps)}
    for name, values, positions in (
        ("one_step", predictions.one_step, predictions.one_step_at),
        ("naive", predictions.naive, predictions.one_step_at),
        ("free", predictions.free, predictions.free_at),
        ("multi_step", predictions.multi_step, predictions.multi_step_at),
    ):
        if values is not None:
            columns[name] = pd.Series(values, positions)
    table = pd.DataFrame(columns).rename_axis("step").reset_index()
    after = table["step"] > steps[-1]  # a free-running forecast continues after the end of the series
    before_val, before_test = table["step"] < predictions.val_begin, table["step"] < predictions.test_begin
    table.insert(1, "split", np.select([after, before_val, before_test], ["", "train", "val"], "test"))
    if predictions.times is not None:
        stamps = times_at(predictions.times, predictions.first, table["step"].to_numpy(), frequency)
        table.insert(1, "time", stamps)
    return table
