"""A counter with a large offset keeps its differences, from the file or array to predictions and forecasts."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

import rnnstudio as rs
from rnnstudio.core.baselines import evaluate_baselines
from rnnstudio.core.experiment import compose
from rnnstudio.core.scaling import Scalers
from rnnstudio.core.sequence import SequenceData
from rnnstudio.library.datasets.file import load
from tests.library.own_data import arrays, saved

ROWS = 200
READINGS = 987_654_321 + np.cumsum(np.random.default_rng(0).integers(0, 7, ROWS)).astype(np.float64)
RESTARTED = np.where(np.arange(ROWS) < 100, READINGS, READINGS - READINGS[100])
FRAME = pd.DataFrame({"Wh": READINGS})


def file_data(folder: Path, frame: pd.DataFrame = FRAME, **settings: Any) -> SequenceData:
    return load(compose("file", {"file": str(saved(folder, frame)), **settings}).data, 0)


SOURCES = {
    "file": file_data,
    "array": lambda _: arrays(READINGS, None, task="forecast"),
    "whole numbers": lambda _: arrays(READINGS.astype(np.int64), None, task="forecast"),
    "list": lambda _: arrays(READINGS.tolist(), None, task="forecast"),
    "frame": lambda _: arrays(FRAME, None, task="forecast", target="Wh"),
    "targets": lambda _: arrays(np.arange(ROWS) % 5.0, READINGS, task="regress"),
    "targets of sequences": lambda _: arrays(
        np.zeros((4, 50, 1)), READINGS.reshape(4, 50), task="regress", test_fraction=0.5
    ),
}


@pytest.mark.parametrize("source", SOURCES)
def test_values_are_exact(tmp_path: Path, source: str) -> None:
    data = SOURCES[source](tmp_path)
    np.testing.assert_array_equal(data.targets.ravel(), READINGS)
    assert not [note for note in data.notes if "float32" in note]
    scaled = Scalers.fit(data, compose("file", {}).data).apply(data).targets
    assert scaled.dtype == np.float32
    steps = np.diff(scaled.ravel().astype(np.float64))
    np.testing.assert_allclose(steps / steps.max(), np.diff(READINGS) / 6, atol=1e-4)
    if data.task == "forecast":
        error = evaluate_baselines(data, data.test)["last_value"]["rmse"]
        test = READINGS[data.target_positions(data.test).ravel()[0] - 1 :]
        assert error == pytest.approx(np.sqrt(np.mean(np.diff(test) ** 2)), rel=1e-12)


@pytest.mark.parametrize(
    ("readings", "scale", "advice"),
    [
        (READINGS, "none", "Set scale to standard"),
        (RESTARTED, "standard", "use the differences between steps"),
        (READINGS, "standard", ""),
    ],
)
def test_a_note_names_the_columns_that_the_network_cannot_read_exactly(
    tmp_path: Path, readings: Any, scale: str, advice: str
) -> None:
    frame = pd.DataFrame({"Wh": readings, "sales": np.sin(np.arange(ROWS))})
    notes = file_data(tmp_path, frame, scale=scale, target="Wh", features="sales,Wh").notes
    assert [note for note in notes if "float32" in note and "'Wh': " in note and advice in note] == [
        note for note in notes if advice and "float32" in note
    ]
    assert any("float32" in note for note in notes) == bool(advice)


@pytest.mark.usefixtures("uncompiled")
def test_predictions_and_forecasts_of_a_run_keep_the_differences() -> None:
    run = rs.train(READINGS, window=8, units=4, updates=10, learning_rate=0.05, save=False, verbose=0)
    table = run.plot_table().dropna(subset=["one_step"])
    np.testing.assert_array_equal(table["truth"], READINGS[table["step"]])
    windows = np.stack([READINGS[step - 8 : step] for step in table["step"]])[..., None]
    np.testing.assert_allclose(run.predict(windows).ravel(), table["one_step"], rtol=0, atol=0.01)
    test = table[table["split"] == "test"]
    error = np.sqrt(np.mean((test["one_step"] - test["truth"]) ** 2))
    assert run.metrics["test_rmse"] == pytest.approx(error, rel=1e-6)
    for shifted in (windows + 3.0, (windows + 3.0).astype(np.int64), pd.DataFrame({"feature1": READINGS[-8:] + 3.0})):
        assert (np.diff([run.predict(windows).ravel()[-1], run.predict(shifted).ravel()[-1]]) != 0).all()
    assert len(set(run.forecast(5))) == 5  # float32 numbers are 64 apart here
