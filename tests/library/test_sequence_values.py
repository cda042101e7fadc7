"""Task regress_sequence, one value per sequence, with arrays: targets, scaling, metrics and baseline."""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np
import pandas as pd
import pytest

from rnnstudio import train
from rnnstudio.core.errors import DataError, SettingError
from rnnstudio.core.experiment import compose
from rnnstudio.core.scaling import Scalers
from rnnstudio.core.sequence import SequenceData
from rnnstudio.engine import plot_predictions
from rnnstudio.library.datasets.arrays import from_arrays

RNG = np.random.default_rng(0)
SMALL: dict[str, Any] = {"task": "regress_sequence", "units": 4, "updates": 20, "save": False}


def problem(count: int = 40) -> tuple[list[Any], Any]:
    """Sequences of unequal length, and the sum of each one's largest values, far from 0."""
    x = [RNG.normal(5, 2, (int(length), 2)) for length in RNG.integers(6, 15, count)]
    return x, np.array([1000 + 30 * s[:, 0].max() + s[:, 1].max() for s in x])


def data_of(x: Any, y: Any, **settings: Any) -> SequenceData:
    experiment = compose("arrays", {"task": "regress_sequence", **settings})
    return from_arrays(x, y, experiment.data, experiment.seed)


def test_a_sequence_has_one_value_in_original_units() -> None:
    x, y = problem()
    data = data_of(x, y, val_fraction=0.2)
    assert data.targets.shape == (40, 1)
    assert data.targets.dtype == np.float64
    np.testing.assert_array_equal(data.targets[:, 0], y)
    assert (data.target_per_sequence, data.outputs, data.return_sequences) == (True, 1, False)


def test_the_scaler_of_the_values_is_that_of_the_training_sequences() -> None:
    x, y = problem()
    data = data_of(x, y)
    for samples, of in (("train", y[data.train]), ("all", y)):
        settings = compose("arrays", {"task": "regress_sequence", "fit_scaler_on": samples}).data
        scaler = Scalers.fit(data, settings).targets
        np.testing.assert_allclose((scaler.mean, scaler.scale), ([of.mean()], [of.std()]), rtol=1e-12)


@pytest.mark.usefixtures("uncompiled")
@pytest.mark.parametrize(
    "settings",
    [
        {"pooling": "mean", "missing": "mask", "val_fraction": 0.0},
        {"bidirectional": True, "scale": "none", "val_fraction": 0.2},
        {"test_fraction": 0.0, "val_fraction": 0.3, "pooling": "max"},
    ],
    ids=str,
)
def test_metrics_and_baseline_follow_from_the_predictions_for_the_raw_sequences(settings: dict[str, Any]) -> None:
    x, y = problem()
    x[3][2:4, 1] = np.nan
    y[[5, 17]] = np.nan
    run = train(x, y, **SMALL, **settings)
    known = np.flatnonzero(~np.isnan(y))
    data = data_of(x, y, **{k: v for k, v in settings.items() if k.endswith("fraction") or k == "missing"})
    np.testing.assert_array_equal(data.targets[:, 0], y[known])
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)  # two values are filled
        predicted = run.predict(x)
    assert predicted.shape == (40,)
    for split in ("val", "test"):
        rows = known[getattr(data, split)]
        if not len(rows):
            assert f"{split}_rmse" not in run.metrics
            continue
        error = predicted[rows].astype(float) - y[rows]
        assert run.metrics[f"{split}_rmse"] == pytest.approx(np.sqrt(np.mean(error**2)), rel=1e-5)
        assert run.metrics[f"{split}_mae"] == pytest.approx(np.abs(error).mean(), rel=1e-5)
    split = "test" if len(data.test) else "val"
    from_mean = y[known[getattr(data, split)]] - y[known[data.train]].mean()
    assert run.baseline["training_mean"] == pytest.approx(
        {f"{split}_rmse": np.sqrt(np.mean(from_mean**2)), f"{split}_mae": np.abs(from_mean).mean()}
    )
    assert run.metrics["skill"] == pytest.approx(
        1 - run.metrics[f"{split}_rmse"] / run.baseline["training_mean"][f"{split}_rmse"]
    )
    table = run.predictions()
    rows = known[getattr(data, split)]
    np.testing.assert_array_equal(table["truth"], y[rows])
    np.testing.assert_allclose(table["prediction"], predicted[rows], rtol=1e-5)
    np.testing.assert_allclose(table["baseline"], y[known[data.train]].mean())
    assert any("2 sequences of x without a value were left out" in warning for warning in run.warnings)
    assert run.predict(x[0]).shape == ()


def test_frames_and_data_frames_have_values_too() -> None:
    x, y = problem(12)
    frame = pd.concat(pd.DataFrame({"a": s[:, 0], "b": s[:, 1], "id": f"s{n}", "wear": y[n]}) for n, s in enumerate(x))
    data = data_of(frame, None, sequence="id", target="wear", frame=2)
    assert (data.target_names, data.features, data.frame) == (("wear",), ("a", "b"), 2)
    np.testing.assert_array_equal(data.targets[:, 0], y)
    frame.iloc[3, frame.columns.get_loc("wear")] = 7
    with pytest.raises(DataError, match=r"must be the same in all rows of a sequence.*use the task regress"):
        data_of(frame, None, sequence="id", target="wear")


@pytest.mark.parametrize(
    ("y", "settings", "error", "words"),
    [
        (np.ones((12, 2)), {}, DataError, "one value per sequence"),
        (np.ones(11), {}, DataError, "same length"),
        (["up"] * 12, {}, DataError, "numbers only"),
        (np.full(12, np.nan), {}, DataError, "missing values only"),
        (np.r_[np.nan, np.ones(11)], {"missing": "error"}, DataError, "a value for each sequence"),
        (np.r_[np.inf, np.ones(11)], {}, DataError, "finite"),
        (np.ones(12), {"window": 4}, SettingError, "Leave window out"),
        (np.ones(12), {"stateful": True}, SettingError, "stateful must be false"),
    ],
    ids=lambda value: str(value)[:20],
)
def test_targets_that_do_not_fit_are_refused(y: Any, settings: Any, error: Any, words: str) -> None:
    x, _ = problem(12)
    with pytest.raises(error, match=words):
        data_of(x, y, **settings)


def test_classes_cannot_be_named_for_values() -> None:
    x, y = problem(12)
    with pytest.raises(SettingError, match="classes are for task classify"):
        train(x, y, **SMALL, classes=["a", "b"])


def test_of_very_many_sequences_a_plot_shows_a_part(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(plot_predictions, "MAX_WINDOWS", 10)
    x, y = problem()
    data = data_of(x, y)
    kept = plot_predictions.value_predictions(data, np.arange(40, dtype=np.int32), data.targets + 1)
    assert len(kept.truth) == 10
    np.testing.assert_array_equal(kept.truth, y[kept.sequence - 1])
    np.testing.assert_array_equal(kept.predicted, kept.truth + 1)
    assert kept.sequence[[0, -1]].tolist() == [1, 40]
