"""The three short sequences of Shukla's chapter: each target is the sum of the input and the one before it."""

from __future__ import annotations

from typing import Literal

import numpy as np

from rnnstudio.core.catalog import dataset
from rnnstudio.core.sequence import SequenceData
from rnnstudio.core.settings import DataSettings

TRAIN_X = ((1, 2, 5, 6), (5, 7, 7, 8), (3, 4, 5, 7))
TRAIN_Y = ((1, 3, 7, 11), (5, 12, 14, 15), (3, 7, 9, 12))
TEST_X = ((1, 2, 3, 4), (4, 5, 6, 7))
TEST_Y = ((1, 3, 5, 7), (4, 9, 11, 13))


class ToySettings(DataSettings):
    """Three sequences of four numbers to learn from, two to test on; a value is told at every step."""

    dataset: Literal["toy"] = "toy"
    task: Literal["regress"] = "regress"
    scale: Literal["none"] = "none"
    fit_scaler_on: Literal["train"] = "train"


@dataset(ToySettings, "Toy sums")
def load(settings: ToySettings, seed: int) -> SequenceData:
    """Return the five sequences, the two for testing last."""
    x = np.array(TRAIN_X + TEST_X, np.float32)[..., None]
    y = np.array(TRAIN_Y + TEST_Y, np.float32)[..., None]
    steps = x.shape[1]
    return SequenceData(
        task=settings.task,
        inputs=x,
        targets=y,
        starts=np.arange(0, len(x) * steps, steps, dtype=np.int32),
        window=steps,
        train=np.arange(3, dtype=np.int32),
        test=np.arange(3, 5, dtype=np.int32),
        target_steps=steps,
        features=("number",),
        target_names=("sum with the one before",),
    )
