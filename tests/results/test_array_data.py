"""Arrays that are saved with a run are those that the run describes, or the run does not go on with them."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import rnnstudio as rs
from rnnstudio.core.errors import DataError, StoreError
from rnnstudio.core.sequence import SequenceData
from rnnstudio.results.run import Run
from tests.altered_runs import alter

_RNG = np.random.default_rng(3)
_X = _RNG.normal(size=(30, 6, 2))


def _trained(task: str, y: Any) -> Path:
    run = rs.train(_X, y, task=task, units=4, updates=4, verbose=0)
    assert isinstance(run, Run)
    return Path(run.path)


@pytest.mark.parametrize(
    "change",
    [
        {"missing_targets": True},
        {"series": ["a", "b"]},
        {"rate": 2.0},
        {"frequency": "D"},
        {"feature_units": ["m", "s"]},
        {"unit": "m"},
        {"step_name": "day"},
        {"period": 7},
        {"autoregressive": True},
        {"masked_features": ["feature1"]},
        {"calendar": ["feature1"]},
        {"series_columns": ["a"]},
        {"columns_as_series": True},
    ],
    ids=lambda change: next(iter(change)),
)
def test_a_training_does_not_go_on_with_arrays_that_are_altered(
    home: Path, trained: Path, tmp_path: Path, change: dict[str, Any]
) -> None:
    folder = tmp_path / "run"
    shutil.copytree(trained, folder)
    alter(folder, {"arrays.json": change})
    with pytest.raises(StoreError, match="damaged"):
        rs.resume(folder, updates=2, verbose=0)
    run = rs.load(folder)
    assert isinstance(run, Run)
    assert run.record.step == 4


def test_targets_that_are_missing_are_marked(home: Path) -> None:
    y = _RNG.normal(size=(30, 6))
    y[::5, 2] = np.nan
    folder = _trained("regress", y)
    alter(folder, {"arrays.json": {"missing_targets": False}})
    with pytest.raises(StoreError, match="missing_targets"):
        rs.resume(folder, updates=2, verbose=0)


def test_several_series_have_a_name_each() -> None:
    values = np.zeros((2, 8, 1), np.float32)
    with pytest.raises(DataError, match="series must name each of the 2 sequences; received 1 names"):
        SequenceData(
            task="regress",
            inputs=values,
            targets=values,
            starts=np.array([0, 8], np.int32),
            window=4,
            target_steps=4,
            train=np.array([0, 1], np.int32),
            series=("a",),
        )


@pytest.fixture(scope="module")
def trained(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of a run of arrays with classes."""
    folder = tmp_path_factory.mktemp("trained")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("RNNSTUDIO_HOME", str(folder))
        return _trained("classify", _RNG.integers(0, 2, 30))
