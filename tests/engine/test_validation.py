"""Settings that do not go with the data are refused before anything is compiled."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from rnnstudio.core.errors import DataError, SettingError
from rnnstudio.core.sequence import SequenceData
from rnnstudio.core.windows import sliding_windows
from rnnstudio.engine.validation import validate
from tests.engine.training import prepared

SERIES = np.column_stack([np.sin(np.arange(40) / 5), np.arange(40)])


def refusal(x: Any, y: Any, **settings: Any) -> SettingError:
    with pytest.raises(SettingError) as caught:
        validate(*prepared(x, y, **settings))
    assert caught.value.field in str(caught.value)
    return caught.value


@pytest.mark.parametrize("setting", [{"patience": 2}, {"restore_best_weights": True}])
def test_early_stopping_and_best_weights_need_a_held_out_set(setting: dict[str, Any]) -> None:
    error = refusal(SERIES, None, task="forecast", window=6, **setting)
    assert "needs a validation or test set" in str(error)
    assert error.field in setting
    validate(*prepared(SERIES, None, task="forecast", window=6, test_fraction=0.3, **setting))


def test_rotation_needs_three_axis_sensors() -> None:
    error = refusal(np.zeros((4, 5, 3)), [0, 1, 0, 1], task="classify", rotation_std=20.0)
    assert error.field == "rotation_std"
    assert "three-axis" in str(error)


def test_label_smoothing_needs_classes() -> None:
    error = refusal(SERIES, None, task="forecast", window=3, label_smoothing=0.1)
    assert error.field == "label_smoothing"


def test_a_bidirectional_network_must_not_read_its_target() -> None:
    composed, same_sample = prepared(SERIES, SERIES, task="regress", window=6, bidirectional=True)
    validate(composed, same_sample)
    series = SERIES.astype(np.float32)

    def later(target_names: tuple[str, ...], *, autoregressive: bool) -> SequenceData:
        return sliding_windows(
            series, series, task="regress", window=6, stride=1, target_offset=1, features=same_sample.features,
            target_names=target_names, autoregressive=autoregressive,
        )  # fmt: skip

    other_names = ("next sine", "next position")
    validate(composed, later(other_names, autoregressive=False))
    for leak in (later(same_sample.features, autoregressive=False), later(other_names, autoregressive=True)):
        with pytest.raises(SettingError, match="would let the network read its target") as caught:
            validate(composed, leak)
        assert caught.value.field == "bidirectional"


@pytest.mark.parametrize("name", ["inputs", "targets"])
@pytest.mark.parametrize(
    ("invalid", "received"),
    [
        ([np.nan], "1 NaN and 0 infinite of 80 values"),
        ([np.inf, -np.inf], "0 NaN and 2 infinite of 80 values"),
        ([np.nan, np.inf, np.nan], "2 NaN and 1 infinite of 80 values"),
    ],
)
def test_data_that_are_not_finite_are_refused_before_the_training(
    name: str, invalid: list[float], received: str
) -> None:
    composed, data = prepared(SERIES, None, task="forecast", window=6)
    values = np.array(getattr(data, name))
    values.flat[3 : 3 + len(invalid)] = invalid
    with pytest.raises(DataError, match=f"^The {name} of a data set must be finite numbers; received {received}"):
        validate(composed, replace(data, **{name: values}))


def test_large_values_are_finite_though_their_sum_is_not() -> None:
    composed, large = prepared((SERIES + 3e38).astype(np.float32), None, task="forecast", window=6)
    with np.errstate(over="ignore"):
        assert np.isinf(large.inputs.sum())
    validate(composed, large)
    values = large.inputs.copy()
    values.flat[3] = np.nan
    with pytest.raises(DataError, match="received 1 NaN and 0 infinite"):
        validate(composed, replace(large, inputs=values))
