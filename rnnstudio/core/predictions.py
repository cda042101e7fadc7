"""The newest predictions of a run as one tidy table: what its pictures of prediction and truth are drawn from."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from rnnstudio.core.events import Probe

if TYPE_CHECKING:
    import pandas as pd


def prediction_table(probe: Probe, classes: Sequence[str]) -> pd.DataFrame:
    """Return a row per step told, or per sequence where a whole sequence is told a class; columns by the probe's kind.

    labels: `row`, `step`, `input` (as the network sees it), `truth`, `predicted`, classes by name. classes: `sequence`,
    `truth`, `predicted`, `probability` (of the class told). sequences: `sequence`, `step`, `input`, `truth`,
    `predicted`. series: `step`, `part`, `truth`, `one_step` and, where predictions can be fed back, `naive`, `free` and
    `ahead`; NaN where nothing was told.
    """
    import pandas as pd

    arrays, names = probe.arrays, np.array(classes, object)
    if probe.kind == "classes":
        truth, predicted = arrays["truth"], arrays["predicted"]
        return pd.DataFrame(
            {
                "sequence": np.arange(1, len(truth) + 1),
                "truth": names[truth],
                "predicted": names[predicted],
                "probability": arrays["probabilities"][np.arange(len(truth)), predicted],
            }
        )
    if probe.kind == "labels":
        told = {"truth": names[arrays["truth"]], "predicted": names[arrays["predicted"]]}
        table = pd.DataFrame({**_places("row", arrays["truth"], 0), "input": arrays["inputs"].ravel(), **_flat(told)})
        return table[arrays["truth"].ravel() >= 0].reset_index(drop=True)  # the rest is padding
    if probe.kind == "sequences":
        told = {"input": arrays["inputs"], "truth": arrays["truth"], "predicted": arrays["predicted"]}
        table = pd.DataFrame({**_places("sequence", arrays["truth"], 1), **_flat(told)})
        return table.dropna(subset=["truth"], ignore_index=True)  # the padding of a short sequence
    return _series(probe)


def _flat(told: dict[str, NDArray[Any]]) -> dict[str, NDArray[Any]]:
    return {name: values.ravel() for name, values in told.items()}


def _places(name: str, values: NDArray[Any], first: int) -> dict[str, NDArray[Any]]:
    """Return row and step of each of the values, `(rows, steps)`."""
    rows, steps = values.shape
    return {name: np.repeat(np.arange(1, rows + 1), steps), "step": np.tile(np.arange(first, first + steps), rows)}


def _series(probe: Probe) -> pd.DataFrame:
    import pandas as pd

    arrays = probe.arrays
    steps = int(arrays["first"]) + np.arange(len(arrays["truth"]))
    columns = {"truth": pd.Series(arrays["truth"], steps)}
    for name, at in {"one_step": "one_step_at", "naive": "one_step_at", "free": "free_at", "ahead": "ahead_at"}.items():
        if name in arrays:
            columns[name] = pd.Series(arrays[name], arrays[at])
    table = pd.DataFrame(columns).rename_axis("step").reset_index()
    valid, test = (int(v) for v in arrays["parts"])
    after = table["step"] > steps[-1]  # a free run goes on where the series has ended
    part = np.select([after, table["step"] < valid, table["step"] < test], ["", "train", "validation"], "test")
    table.insert(1, "part", part)
    return table
