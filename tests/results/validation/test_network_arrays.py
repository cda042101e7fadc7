"""The weights that settings and data ask for are those of the network that the engine builds."""

from __future__ import annotations

from typing import Any

import pytest

from rnnstudio.core.bands import quantile_shares
from rnnstudio.core.catalog import CELLS
from rnnstudio.core.data_info import DataInfo
from rnnstudio.core.experiment import compose
from rnnstudio.engine.network import Network
from rnnstudio.engine.shape import Shape
from rnnstudio.results.validation.network_arrays import check_weights, weight_shapes

FORECAST = DataInfo("forecast", ("load", "promo"), ("load",), (), 4, 6, "", "step", False, True, {}, known=("promo",))
SEVERAL = DataInfo("forecast", ("a", "b"), ("a", "b"), (), 6, 5, "", "step", True, False, {}, series=("n", "s", "w"))
CLASSES = DataInfo("classify", ("x", "y", "z"), ("kind",), ("up", "down", "on"), 3, 20, "", "step", False, False, {}, 2)
STEPS = DataInfo("regress", ("x",), ("y",), (), 1, 7, "", "step", False, True, {})
LINEAR: dict[str, Any] = {"linear_skip": True, "predict_change": "last_value", "scale_windows": "last_value"}


@pytest.mark.parametrize("cell", CELLS.names())
@pytest.mark.parametrize(
    ("info", "settings"),
    [
        (FORECAST, {}),
        (FORECAST, LINEAR),
        (FORECAST, {**LINEAR, "freeze_linear_skip": True, "multi_step": "recursive"}),
        (FORECAST, {**LINEAR, "loss": "pinball", "levels": [50, 80]}),
        (SEVERAL, {**LINEAR, "series_embedding": 3, "layers": 2}),
        (CLASSES, {"conv_filters": 5, "conv_layers": 2, "conv_width": 3, "bidirectional": True}),
        (CLASSES, {"dense_units": [7, 3], "pooling": "mean", "layers": 3}),
        (STEPS, {"bidirectional": True, "layers": 2}),
    ],
    ids=lambda value: "" if isinstance(value, DataInfo) else ",".join(value),
)
def test_names_and_shapes_are_those_of_the_network(cell: str, info: DataInfo, settings: dict[str, Any]) -> None:
    experiment = compose("file", {"cell": cell, "units": 4, **settings})
    network = Network(experiment.model, Shape.of(info, experiment.model, quantile_shares(experiment.training)), 0)
    built = {name: tuple(v.shape) for name, v in zip(network.names, network.variables, strict=True)}
    expected = weight_shapes(experiment, info, recurrent=True)
    if not CELLS.get(cell).kernel:
        built = {name: shape for name, shape in built.items() if not name.startswith(cell)}
    not_listed = {"known/state", "known/kernel", "known/output", "known/step"}  # they have sizes of their own
    assert expected == {name: shape for name, shape in built.items() if name not in not_listed}
    check_weights(network.weights(), experiment, info, recurrent=True)


def test_a_weight_of_another_shape_is_named() -> None:
    experiment = compose("file", {"cell": "rnn", "units": 4})
    weights = Network(experiment.model, Shape.of(STEPS, experiment.model), 0).weights()
    with pytest.raises(ValueError, match=r"expected head/kernel with the shape \(4, 1\), received \(1, 4\)"):
        check_weights({**weights, "head/kernel": weights["head/kernel"].T}, experiment, STEPS)
    with pytest.raises(ValueError, match="the weights head/bias must be float32, received float64"):
        check_weights({**weights, "head/bias": weights["head/bias"].astype("f8")}, experiment, STEPS)
    with pytest.raises(ValueError, match=r"expected rnn1/kernel with the shape \(1, 4\), received none"):
        check_weights({n: w for n, w in weights.items() if n != "rnn1/kernel"}, experiment, STEPS, recurrent=True)
