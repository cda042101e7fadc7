"""The registered `load` of a data set."""

from __future__ import annotations

from typing import Literal

import numpy as np
import pytest

from rnnstudio.core.catalog import DATASETS, dataset
from rnnstudio.core.errors import DataError
from rnnstudio.core.sequence import SequenceData
from rnnstudio.core.settings import WindowSettings
from rnnstudio.core.windows import sliding_windows


class OtherTaskSettings(WindowSettings):
    """A data set that a test registers."""

    dataset: Literal["other_task"] = "other_task"
    task: Literal["forecast", "regress"] = "forecast"


def load(settings: OtherTaskSettings, seed: int) -> SequenceData:
    series = np.zeros((50, 1), np.float32)
    return sliding_windows(series, series, task="regress", window=4, stride=1)


def test_data_of_another_task_than_the_settings_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    DATASETS.names()
    monkeypatch.setattr(DATASETS, "_entries", dict(DATASETS._entries))
    assert dataset(OtherTaskSettings, "Other task")(load) is load
    registered = DATASETS.get("other_task")
    assert registered.load(OtherTaskSettings(task="regress"), 0).task == "regress"
    with pytest.raises(DataError, match=r"^The data set other_task must return data of task forecast, .* task regress"):
        registered.load(OtherTaskSettings(), 0)
