"""Predictions for new data as a table: a row per step, with its time, or per sequence."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from rnnstudio.core.data_info import DataInfo
from rnnstudio.core.predictions import Times
from rnnstudio.core.times import times_before
from rnnstudio.results.new_data import NewData

if TYPE_CHECKING:
    import pandas as pd


def predicted_table(predictions: Any, new: NewData, info: DataInfo, probabilities: bool) -> pd.DataFrame:
    """Return the predictions for new data: a row per sequence, or one per step, with the name of the series if any.

    Args:
        predictions: What `predict_new_data` returned for them.
        new: The new data.
        info: Names of classes and targets.
        probabilities: Whether the predictions are probabilities of classes.
    """
    import pandas as pd

    if new.kind == "sequences":
        values = predictions.reshape(len(new.names), -1)
        columns = {name: values[:, i] for i, name in enumerate(_column_names(info, probabilities))}
        return pd.DataFrame({"sequence": new.names, **columns})
    each = predictions if new.kind == "several" else [predictions]
    tables = [
        prediction_rows(own, len(values), info, probabilities, times)
        for own, values, times in zip(each, new.values, new.times, strict=True)
    ]
    if not new.names:
        return tables[0]
    return (
        pd.concat(dict(zip(new.names, tables, strict=True)), names=["series"])
        .reset_index("series")
        .reset_index(drop=True)
    )


def prediction_rows(
    predictions: Any, steps: int, info: DataInfo, probabilities: bool, times: Times | None = None
) -> pd.DataFrame:
    """Return one row per prediction for one sequence: the number of steps read, the time, then the predicted values.

    The number is 0 for a prediction of the first steps of newer data from rows of the training alone.

    Args:
        predictions: What `Run.predict` returned for the sequence.
        steps: Steps of the sequence.
        info: Names of classes and targets.
        probabilities: Whether the predictions are probabilities of classes.
        times: The time of each step, `(steps,)`; None where they are unknown.
    """
    import pandas as pd

    array: NDArray[Any] = np.asarray(predictions)
    rows = 1 if info.target_per_sequence else len(np.atleast_1d(array))
    names = _column_names(info, probabilities)
    values = array.reshape(rows, -1)
    if values.shape[1] != len(names):
        values = array.reshape(-1, len(names))
    steps_read = np.arange(steps - len(values) + 1, steps + 1)
    time = {}
    if times is not None:
        time["time"] = times[np.maximum(steps_read - 1, 0)]
        if len(steps_read) and not steps_read[0]:
            time["time"][0] = times_before(times[0], 2, info.frequency)[0]
    return pd.DataFrame({"step": steps_read, **time, **{name: values[:, i] for i, name in enumerate(names)}})


def _column_names(info: DataInfo, probabilities: bool) -> list[str]:
    if probabilities and info.classes:
        return [f"probability_{name}" for name in info.classes]
    if info.classes:
        return ["prediction"]
    targets = [f"_{name}" for name in info.target_names] if len(info.target_names) > 1 else [""]
    if info.task != "forecast" or info.outputs == len(targets):
        return [f"prediction{target}" for target in targets]
    horizon = info.outputs // len(targets)
    return [f"prediction{target}_{step}" for step in range(1, horizon + 1) for target in targets]
