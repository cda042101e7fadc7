"""Settings are suggested where a run is hardly better than its best baseline, and a run can have them."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from rnnstudio.core.advice import ENOUGH_SKILL, suggestions
from rnnstudio.core.data_info import DataInfo
from rnnstudio.core.errors import SettingError
from rnnstudio.core.experiment import Experiment, compose
from rnnstudio.library.datasets.arrays import from_arrays
from tests.core.test_conclusions import INFO

WORSE: tuple[Any, Any] = ({"test_rmse": 2.0}, {"last_value": {"test_rmse": 1.0}})
LARGE = {"train": 2_000, "val": 0, "test": 400}
CLASSES = replace(
    INFO, task="classify", one_series=False, autoregressive=False, classes=("a", "b"), window=286, outputs=2,
    windows={"train": 200, "val": 0, "test": 100},
)  # fmt: skip
MISSED: tuple[Any, Any] = (
    {"test_accuracy": 0.9, "test_balanced_accuracy": 0.5}, {"majority_class": {"test_accuracy": 0.9}}
)  # fmt: skip


LINEAR = {"predict_change": "last_value", "scale_windows": "last_value", "linear_skip": True}


def experiment_of_run(start: str, settings: dict[str, Any]) -> Experiment:
    """Return the experiment of a run, in which nothing is automatic; forecasts have a linear part."""
    return compose(start, {**(LINEAR if start == "arrays" else {}), **settings}).model_copy(update={"automatic": ()})


def suggested(experiment: Experiment, info: DataInfo, of_run: Any = WORSE, updates: int = 0) -> dict[str, Any]:
    """Return all suggested settings, after a check that an experiment can have them."""
    found = suggestions(experiment, info, *of_run, updates)
    every = {name: value for suggestion in found for name, value in suggestion.settings.items()}
    chosen = {name: value for name, value in experiment.flat().items() if name not in ("dataset", "cell")}
    changed = compose(experiment.data.dataset, {**chosen, **every}).flat()
    assert {name: changed[name] for name in every} == every
    for suggestion in found:
        assert suggestion.reason[0].isupper()
        assert suggestion.reason.endswith(".")
        assert not any(name in suggestion.reason for name in every if "_" in name)
        assert all(experiment.flat()[name] != value for name, value in suggestion.settings.items())
    return every


VALIDATION = {"val_fraction": 0.1, "restore_best_weights": True, "patience": 10}


def test_a_validation_set_is_suggested_where_the_rows_suffice() -> None:
    plain = experiment_of_run("arrays", {"window": 5})
    assert suggested(plain, replace(INFO, windows=LARGE)) == VALIDATION
    assert suggested(plain, INFO) == {}  # a tenth of a hundred rows is no validation set
    has_one = experiment_of_run("arrays", {"window": 5, "val_fraction": 0.2})
    info = replace(INFO, windows={"train": 2_000, "val": 300, "test": 400})
    assert suggested(has_one, info) == {"restore_best_weights": True, "patience": 10}
    complete = experiment_of_run(
        "arrays", {"window": 5, "val_fraction": 0.2, "restore_best_weights": True, "patience": 3}
    )
    assert suggested(complete, info) == {}


def test_data_that_are_drawn_anew_have_no_validation_set_to_suggest() -> None:
    of_bits = replace(INFO, task="label", classes=("0", "1"), windows={"train": 50_000, "val": 0, "test": 0})
    even = {"train_accuracy": 0.5}, {"majority_class": {"train_accuracy": 0.5}}
    assert suggested(experiment_of_run("echo", {}), of_bits, even) == {}


def test_classes_need_five_sequences_each_for_a_validation_set() -> None:
    plain = experiment_of_run("sequences", {"file": "x.csv"})
    assert suggested(plain, replace(CLASSES, window=20), MISSED).items() >= VALIDATION.items()
    few = replace(CLASSES, window=20, windows={"train": 60, "val": 0, "test": 100})
    assert "val_fraction" not in suggested(plain, few, MISSED)


@pytest.mark.parametrize(
    ("window", "frame", "period", "expected"),
    [(5, 1, 12, 24), (5, 1, 48, 48), (24, 1, 24, None), (5, 3, 7, None), (5, 3, 24, 16), (5, 1, 0, None),
     (5, 1, 168, 168), (5, 1, 365, None)],
)  # fmt: skip
def test_a_window_shorter_than_the_season_is_widened(
    window: int, frame: int, period: int, expected: int | None
) -> None:
    experiment = experiment_of_run("arrays", {"window": window, "frame": frame})
    info = replace(INFO, window=window, frame=frame, period=period, windows={**LARGE, "test": 1_000, "train": 4_000})
    assert suggested(experiment, info).get("window") == expected


def test_a_season_that_the_test_set_cannot_hold_is_not_suggested() -> None:
    info = replace(INFO, period=48, windows={"train": 500, "val": 0, "test": 60})
    assert "window" not in suggested(experiment_of_run("arrays", {"window": 5}), info)


def test_forecasts_start_from_a_linear_one() -> None:
    plain = {"predict_change": "none", "scale_windows": "none", "linear_skip": False}
    assert suggested(experiment_of_run("arrays", plain), INFO) == LINEAR
    seasonal = suggested(experiment_of_run("arrays", {**plain, "predict_change": "season"}), INFO)
    assert seasonal == {"scale_windows": "last_value", "linear_skip": True}
    assert suggested(experiment_of_run("arrays", plain), replace(INFO, features=("u",))) == {}
    assert suggested(experiment_of_run("arrays", {**plain, "task": "regress"}), replace(INFO, task="regress")) == {}


def test_long_sequences_are_shortened_and_read_as_a_whole() -> None:
    found = suggested(experiment_of_run("sequences", {"file": "x.csv"}), CLASSES, MISSED)
    assert (found["frame"], found["bidirectional"], found["pooling"]) == (8, True, "mean")
    values = replace(CLASSES, task="regress_sequence", classes=())
    of_values = experiment_of_run("arrays", {"task": "regress_sequence"})
    assert suggested(of_values, values).items() >= {"frame": 8, "pooling": "mean"}.items()
    short = suggested(experiment_of_run("sequences", {"file": "x.csv"}), replace(CLASSES, window=60), MISSED)
    assert "frame" not in short


def test_classes_that_are_hardly_predicted_get_weights() -> None:
    plain = experiment_of_run("sequences", {"file": "x.csv"})
    assert suggested(plain, CLASSES, MISSED)["class_weight"] == "balanced"
    found = {**MISSED[0], "test_balanced_accuracy": 0.8}
    assert "class_weight" not in suggested(plain, CLASSES, (found, MISSED[1]))


def test_values_in_their_own_units_are_scaled() -> None:
    assert suggested(experiment_of_run("arrays", {"window": 5, "scale": "none"}), INFO) == {"scale": "standard"}


def test_a_loss_that_still_falls_is_given_more_updates() -> None:
    experiment = experiment_of_run("arrays", {"window": 5, "val_fraction": 0.1, "epochs": 20})
    info = replace(INFO, windows={"train": 2_000, "val": 300, "test": 400})
    metrics = {**WORSE[0], "best_update": 990.0}
    assert suggested(experiment, info, (metrics, WORSE[1]), updates=1000)["epochs"] == 60
    assert "epochs" not in suggested(experiment, info, ({**metrics, "best_update": 500.0}, WORSE[1]), updates=1000)


@pytest.mark.parametrize("skill", [ENOUGH_SKILL + 0.01, 0.5])
def test_nothing_is_suggested_to_a_run_that_is_clearly_better(skill: float) -> None:
    of_run = ({"test_rmse": 1 - skill}, {"last_value": {"test_rmse": 1.0}})
    assert suggested(experiment_of_run("arrays", {"window": 5}), replace(INFO, windows=LARGE), of_run) == {}
    assert suggestions(experiment_of_run("arrays", {}), INFO, {}, {}) == []


@settings(max_examples=150, deadline=None)
@given(
    st.integers(60, 1500), st.integers(1, 12), st.integers(1, 4), st.integers(1, 3), st.integers(1, 3),
    st.sampled_from([0.05, 0.2, 0.4]), st.sampled_from([0.0, 0.1]), st.sampled_from([0, 7, 24, 48, 168]),
    st.sampled_from([1, 2, 12]),
)  # fmt: skip
def test_data_can_be_laid_out_with_all_suggested_settings(
    rows: int, window: int, horizon: int, frame: int, stride: int, test: float, val: float, period: int, several: int
) -> None:
    values = np.random.default_rng(0).standard_normal(rows)
    x = pd.DataFrame({"day": pd.date_range("2020-01-01", periods=rows), "v": values})
    if several > 1:
        x = pd.concat([x.assign(shop=f"s{i}") for i in range(several)])
    chosen: dict[str, Any] = {
        "window": window, "horizon": horizon, "frame": frame, "stride": stride, "test_fraction": test,
        "val_fraction": val, "period": period, "target": "v", "features": "v",
        "series": "shop" if several > 1 else "none",
    }  # fmt: skip
    try:
        data = from_arrays(x, None, experiment_of_run("arrays", chosen).data, 0)  # type: ignore[arg-type]
    except SettingError:
        assume(False)
    found = suggested(experiment_of_run("arrays", chosen), DataInfo.of(data))
    data = from_arrays(x, None, experiment_of_run("arrays", {**chosen, **found}).data, 0)  # type: ignore[arg-type]
    assert data.windows["train"]
    assert data.windows["test"]
    assert bool(data.windows["val"]) == bool(val or "val_fraction" in found)
