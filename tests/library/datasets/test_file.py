"""The data set `file`: a series from a file of any kind."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

import rnnstudio as rs
from rnnstudio.core.catalog import DATASETS
from rnnstudio.core.errors import DataError, SettingError
from rnnstudio.core.experiment import compose
from rnnstudio.library.datasets.file import FileSettings
from tests.library.own_data import SALES, load, saved

pytestmark = pytest.mark.usefixtures("uncompiled")


@pytest.mark.parametrize("ending", [".csv", ".tsv", ".xlsx", ".parquet", ".npz"])
def test_a_series_is_the_same_from_every_kind_of_file(tmp_path: Path, ending: str) -> None:
    data = load(saved(tmp_path, ending=ending), window=4, target="sales")
    assert data.task == "forecast"
    assert data.autoregressive
    np.testing.assert_array_equal(data.inputs[0, :, 0], SALES["sales"])


@pytest.mark.parametrize("features", ["sales, promo", ["sales", "promo"], '"sales",promo'])
def test_a_target_is_forecast_from_several_columns(tmp_path: Path, features: Any) -> None:
    data = load(saved(tmp_path), window=4, horizon=2, target="sales", features=features)
    assert (data.features, data.target_names, data.autoregressive) == (("sales", "promo"), ("sales",), False)
    np.testing.assert_array_equal(data.inputs[0], SALES[["sales", "promo"]])
    np.testing.assert_array_equal(data.window_targets(data.train)[0, :, 0], SALES["sales"][4:6])


@pytest.mark.parametrize(("features", "offset"), [("sales,promo", 1), ("promo", 0)])
def test_regress_predicts_the_next_value_unless_the_target_is_not_an_input(
    tmp_path: Path, features: str, offset: int
) -> None:
    data = load(saved(tmp_path), task="regress", window=4, target="sales", features=features)
    assert data.target_offset == offset


def test_label_predicts_a_class_at_each_step_from_the_other_columns(tmp_path: Path) -> None:
    data = load(saved(tmp_path), task="label", target="state", window=4)
    assert (data.features, data.classes) == (("promo", "sales"), ("high", "low"))
    assert [data.classes[i] for i in data.targets[0]] == SALES["state"].tolist()
    ordered = load(saved(tmp_path), task="label", target="state", window=4, classes="low,high")
    assert ordered.classes == ("low", "high")
    with pytest.raises(DataError, match="names the class 'low', which is not among classes: high, higher"):
        load(saved(tmp_path), task="label", target="state", window=4, classes="high,higher")
    with pytest.raises(SettingError, match=r"target must name the column of classes.*state") as caught:
        load(saved(tmp_path), task="label", window=4)
    assert caught.value.field == "target"


def test_frames_go_with_forecast_and_one_target_per_sequence(tmp_path: Path) -> None:
    assert load(saved(tmp_path), target="sales", window=2, frame=5).window_samples == 10
    with pytest.raises(
        SettingError, match=r"^frame must be 1 for task regress.*received 5.*forecast, classify and regress_sequence"
    ):
        load(saved(tmp_path), target="sales", task="regress", window=2, frame=5)


def with_missing_values() -> pd.DataFrame:
    frame = SALES.copy()
    frame.loc[[0, 7, 8], "sales"] = np.nan
    return frame


def test_missing_values_of_a_series_are_refused_dropped_or_filled(tmp_path: Path) -> None:
    frame = with_missing_values()
    file = saved(tmp_path, frame)
    with pytest.raises(
        DataError,
        match=r"sales.csv, row 2, column 'sales'.*empty cell \(3 such cells; .*row 10\).*past, mask or drop",
    ):
        load(file, target="sales", window=4, missing="error")
    dropped = load(file, target="sales", window=4, missing="drop")
    np.testing.assert_array_equal(dropped.inputs[0, :, 0], frame["sales"].dropna())
    assert dropped.notes == (
        "3 steps of sales.csv with missing values were dropped, the first at row 2, column 'sales'; the steps around "
        "them are treated as consecutive.",
    )
    filled = load(file, target="sales", window=4)
    values = SALES["sales"].to_numpy()
    np.testing.assert_array_equal(filled.inputs[0, :9, 0], values[[1, 2, 3, 4, 5, 6, 6, 6, 9]])
    assert np.flatnonzero(np.isnan(filled.targets[0, :, 0])).tolist() == [6, 7]
    assert filled.notes[:2] == (
        "1 step at the start of sales.csv was left out, because values are missing there.",
        "2 missing values of sales.csv were filled with the last value before, the first at row 9, column 'sales' "
        "(missing past).",
    )


def test_a_run_saved_with_interpolated_values_reads_the_same_numbers(tmp_path: Path) -> None:
    file = saved(tmp_path, with_missing_values())
    settings = {**compose("file", {"file": str(file), "target": "sales", "window": 4}).data.model_dump()}
    del settings["max_gap"]  # as runs of earlier versions are saved
    data = DATASETS.get("file").load(FileSettings(**{**settings, "missing": "interpolate"}), 0)
    values = SALES["sales"].to_numpy()
    slope = (values[9] - values[6]) / 3
    np.testing.assert_allclose(data.inputs[0, 6:9, 0], values[6] + slope * np.arange(3), rtol=1e-6)
    assert data.inputs[0, 0, 0] == data.inputs[0, 1, 0]
    assert not data.missing_targets
    assert data.notes[0].startswith("3 missing values of sales.csv were linearly interpolated, the first at row 2")


def test_interpolation_is_refused_in_new_runs_and_says_what_replaced_it(tmp_path: Path) -> None:
    with pytest.raises(
        SettingError, match=r"^missing interpolate was replaced by past: .*test set.*past, mask, drop or"
    ):
        load(saved(tmp_path, with_missing_values()), target="sales", missing="interpolate")


def test_a_missing_class_is_dropped_or_does_not_count(tmp_path: Path) -> None:
    frame = SALES.copy()
    frame.loc[3, "state"] = None
    settings = {"task": "label", "target": "state", "window": 4}
    with pytest.raises(DataError, match=r"1 missing value, the first at row 5, column 'state'.*past, mask or drop"):
        load(saved(tmp_path, frame), **settings, missing="error")
    kept = load(saved(tmp_path, frame), **settings)
    assert (kept.targets[0] == -1).nonzero()[0].tolist() == [3]
    assert kept.missing_targets
    assert load(saved(tmp_path, frame), **settings, missing="drop").inputs.shape == (1, 59, 2)


def test_a_column_without_any_value_is_refused(tmp_path: Path) -> None:
    np.savez(tmp_path / "a.npz", wave=np.full(20, np.nan))
    with pytest.raises(DataError, match="has no value in the column of row 1"):
        load(tmp_path / "a.npz", window=3)
    with pytest.raises(DataError, match="missing values at every step"):
        load(tmp_path / "a.npz", window=3, missing="drop")


def test_a_constant_feature_is_noted_once(tmp_path: Path) -> None:
    frame = SALES.assign(still=7)
    data = load(saved(tmp_path, frame), target="sales", features="sales,still", window=4)
    assert data.notes == (
        "Feature 'still' is constant in the training set: scaling makes it 0, and the network learns nothing from it.",
    )
    assert load(saved(tmp_path, frame), target="sales", features="sales,still", window=4, scale="none").notes == ()


def test_a_sound_has_its_sampling_rate(tmp_path: Path) -> None:
    from scipy.io import wavfile

    wavfile.write(tmp_path / "a.wav", 8000, (SALES["sales"] * 1000).to_numpy(np.int16))
    assert load(tmp_path / "a.wav", window=4).rate == 8000


def test_a_forecast_from_several_columns_trains(tmp_path: Path) -> None:
    run = rs.train(
        saved(tmp_path), target="sales", features="sales,promo", window=6, updates=2, units=8, save=False, verbose=0
    )
    assert "last_value" in run.baseline
    with pytest.warns(UserWarning, match="read by their position: 'sales', 'promo'"):
        assert run.predict(SALES[["sales", "promo"]].to_numpy()).shape == (55,)
    assert run.forecast(1).shape == (1,)
    with pytest.raises(SettingError, match="steps must be at most 1, the horizon of this run; received 3"):
        run.forecast(3)
