"""The three short sequences of Shukla's chapter: each target is the sum of the input and the one before it."""

from __future__ import annotations

from typing import Literal

import numpy as np

from rnnstudio.core.catalog import dataset
from rnnstudio.core.sequence import SequenceData
from rnnstudio.core.settings import DataSettings
from rnnstudio.core.windows import whole_sequences

TRAIN_X = ((1, 2, 5, 6), (5, 7, 7, 8), (3, 4, 5, 7))
TRAIN_Y = ((1, 3, 7, 11), (5, 12, 14, 15), (3, 7, 9, 12))
TEST_X = ((1, 2, 3, 4), (4, 5, 6, 7))
TEST_Y = ((1, 3, 5, 7), (4, 9, 11, 13))


class ToySettings(DataSettings):
    """Three training and two test sequences of four numbers, with a value to predict at each step."""

    dataset: Literal["toy"] = "toy"
    task: Literal["regress"] = "regress"
    scale: Literal["none"] = "none"
    fit_scaler_on: Literal["train"] = "train"


@dataset(ToySettings, "Toy sums")
def load(settings: ToySettings, seed: int) -> SequenceData:
    """Return the five sequences; the last two are the test set.

    >>> data = load(ToySettings(), seed=0)
    >>> data.inputs.shape, data.targets[0, :, 0].tolist()
    ((5, 4, 1), [1.0, 3.0, 7.0, 11.0])
    """
    inputs = np.array(TRAIN_X + TEST_X, np.float32)[..., None]
    return SequenceData(
        task=settings.task,
        inputs=inputs,
        targets=np.array(TRAIN_Y + TEST_Y, np.float32)[..., None],
        train=np.arange(3, dtype=np.int32),
        test=np.arange(3, 5, dtype=np.int32),
        target_steps=inputs.shape[1],
        features=("number",),
        target_names=("sum with the one before",),
        **whole_sequences(inputs),
    )
