"""Published results are compared with runs on the same test set, in the same units."""

from __future__ import annotations

from typing import Any

import pytest

from rnnstudio.core.catalog import RECIPES
from rnnstudio.core.experiment import compose
from rnnstudio.core.published_results import published_results, result_rows, why_not_comparable

METRICS = {"test_scaled_mse": 0.284, "test_scaled_mae": 0.345}


def test_each_published_result_of_the_horizon_has_a_row() -> None:
    rows = published_results(compose("etth2", {}), METRICS)
    assert {(row["model"], row["note"]) for row in rows if row["metric"] == "test_scaled_mae"} == {
        (result.model, result.note) for result in RECIPES.get("etth2").published_results
    }
    segrnn = [(row["metric"], row["published"], row["run"]) for row in rows if row["model"] == "SegRNN"]
    assert segrnn == [("test_scaled_mse", 0.278, 0.284), ("test_scaled_mae", 0.335, 0.345)]
    assert why_not_comparable(compose("etth2", {})) == ""


@pytest.mark.parametrize("horizon", [96, 192, 336, 720])
def test_the_run_stands_where_its_error_puts_it(horizon: int) -> None:
    rows = result_rows(published_results(compose("etth2", {"horizon": horizon}), METRICS))
    errors = [values["test_scaled_mse"] for *_, values in rows]
    assert errors == sorted(errors)
    assert {error for error in errors if error > 3} == {max(errors)}  # Informer
    assert [values for model, *_, values in rows if model == "this run"] == [METRICS]


def test_a_run_without_a_test_metric_comes_last() -> None:
    rows = result_rows(published_results(compose("etth2", {}), {}))
    assert rows[-1] == ("this run", "", "", {})
    assert result_rows([]) == []


@pytest.mark.parametrize(
    "settings",
    [
        {"target": "OT"}, {"first_rows": 0}, {"test_fraction": 0.3}, {"val_fraction": 0.1}, {"stride": 24},
        {"test_context": "inside"}, {"scale": "none"}, {"scale_each": False}, {"fit_scaler_on": "all"},
    ],
)  # fmt: skip
def test_a_run_with_another_test_set_or_scale_is_not_compared(settings: dict[str, Any]) -> None:
    experiment = compose("etth2", settings)
    assert published_results(experiment, METRICS) == []
    (name,) = settings
    assert name in why_not_comparable(experiment)


@pytest.mark.parametrize("settings", [{"window": 7}, {"units": 8}, {"cell": "lstm"}, {"loss": "mae"}, {"seed": 3}])
def test_another_network_is_compared(settings: dict[str, Any]) -> None:
    assert published_results(compose("etth2", settings), METRICS)


@pytest.mark.parametrize("settings", [{"recipe": "none"}, {"dataset": "airline"}])
def test_other_data_and_automatic_settings_have_no_published_results(settings: dict[str, Any]) -> None:
    experiment = compose("etth2", settings)
    assert published_results(experiment, METRICS) == []
    assert why_not_comparable(experiment) == ""
