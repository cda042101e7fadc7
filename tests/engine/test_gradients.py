"""Forward pass, loss and gradient of every cell, compared with the equations in NumPy."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from tests.engine import reference
from tests.engine.training import as_doubles, initial_weights, losses, prepared, run

CELLS = [
    pytest.param({"cell": "rnn", "activation": "tanh"}, id="rnn-tanh"),
    pytest.param({"cell": "rnn", "activation": "relu"}, id="rnn-relu"),
    pytest.param({"cell": "rnn", "activation": "sigmoid"}, id="rnn-sigmoid"),
    pytest.param({"cell": "lstm", "forget_bias": 1.0}, id="lstm"),
    pytest.param({"cell": "lstm", "forget_bias": -0.5}, id="lstm-forget_bias"),
    pytest.param({"cell": "lstm", "peephole": True}, id="lstm-peephole"),
    pytest.param({"cell": "lstm", "peephole": True, "cell_clip": 0.2}, id="lstm-peephole-cell_clip"),
    pytest.param({"cell": "lstm", "cell_clip": 0.2}, id="lstm-cell_clip"),
    pytest.param({"cell": "gru", "reset_after": True, "gate_bias": 1.0}, id="gru-gate_bias"),
    pytest.param({"cell": "gru", "reset_after": True}, id="gru-reset_after"),
    pytest.param({"cell": "gru", "reset_after": False}, id="gru-reset_before"),
    pytest.param({"cell": "mingru"}, id="mingru"),
    pytest.param({"cell": "minlstm"}, id="minlstm"),
]
LAYOUTS = [
    pytest.param("rnn", {"bidirectional": True}, "classify", id="rnn-bidirectional-last"),
    pytest.param("lstm", {"bidirectional": True, "layers": 2}, "regress", id="lstm-bidirectional-2-every"),
    pytest.param("gru", {"bidirectional": True, "layers": 2}, "classify", id="gru-bidirectional-2-last"),
    pytest.param("lstm", {"layers": 2}, "classify", id="lstm-2-last"),
    pytest.param("gru", {"pooling": "max"}, "regress_sequence", id="gru-max-value"),
    pytest.param("rnn", {"layers": 2, "dense_units": [3]}, "label", id="rnn-2-dense-every"),
    pytest.param("gru", {"pooling": "mean"}, "classify", id="gru-mean"),
    pytest.param("lstm", {"pooling": "max", "bidirectional": True}, "classify", id="lstm-bidirectional-max"),
]


def problem(task: str) -> tuple[Any, Any]:
    rng = np.random.default_rng(5)
    x = rng.normal(size=(3, 4, 2))
    y = {
        "classify": np.array([0, 2, 1]),
        "label": np.arange(12).reshape(3, 4) % 3,
        "regress": rng.normal(size=(3, 4, 2)),
        "regress_sequence": rng.normal(size=3),
    }[task]
    return x, y


def check_one_update(task: str, lengths: list[int] | None = None, **settings: Any) -> None:
    """One update of gradient descent with learning rate 1 changes each weight by its gradient."""
    x, y = problem(task)
    defaults = {"task": task, "units": 3, "optimizer": "sgd", "learning_rate": 1.0, "updates": 1, "seed": 11}
    composed, data = prepared(x, y, **{**defaults, **settings})
    steps = np.array(lengths or [x.shape[1]] * len(x))
    if lengths:
        data = replace(data, lengths=steps.astype(np.int32))
    mask = np.arange(x.shape[1]) < steps[:, None] if data.return_sequences else slice(None)
    model, training, before = composed.model, composed.training, initial_weights(composed, data)
    measure = reference.cross_entropy if data.classes else reference.squared_error

    def loss(weights: reference.Weights) -> Any:
        outputs, _ = reference.forward(
            model, weights, x.astype(np.float32), return_sequences=data.return_sequences, lengths=steps
        )
        smoothing = [training.label_smoothing] if data.classes else []
        return measure(outputs[mask], data.targets[mask], *smoothing) + reference.l2(weights, training.l2)

    expected = reference.gradient(loss, before)
    if training.clip_norm:
        expected = reference.clipped(expected, training.clip_norm)
    trained, events = run(composed, data)
    np.testing.assert_allclose(losses(events), [loss(before).real], rtol=1e-5)
    after = as_doubles(trained.weights)
    assert after.keys() == before.keys()
    for name, gradient in expected.items():
        np.testing.assert_allclose(before[name] - after[name], gradient, atol=2e-6, err_msg=name)


COMPILED = ("rnn-tanh", "lstm-peephole-cell_clip", "gru-gate_bias", "mingru", "minlstm")


@pytest.mark.parametrize("settings", [p for p in CELLS if p.id in COMPILED])
def test_an_update_changes_each_weight_by_its_gradient(settings: dict[str, Any]) -> None:
    check_one_update("label", **settings)


@pytest.mark.usefixtures("uncompiled")
@pytest.mark.parametrize("settings", [p for p in CELLS if p.id not in COMPILED])
def test_the_options_of_a_cell_change_the_gradient_as_in_its_equations(settings: dict[str, Any]) -> None:
    check_one_update("label", **settings)


@pytest.mark.usefixtures("uncompiled")
@pytest.mark.parametrize(("cell", "layout", "task"), LAYOUTS)
def test_networks_of_several_layers_and_directions_have_the_gradient_of_the_equations(
    cell: str, layout: dict[str, Any], task: str
) -> None:
    check_one_update(task, cell=cell, **{"units": 2, **layout})


PADDED = ("rnn-tanh", "lstm-peephole-cell_clip", "gru-reset_before", "minlstm")


@pytest.mark.usefixtures("uncompiled")
@pytest.mark.parametrize("settings", [p for p in CELLS if p.id in PADDED])
def test_padding_is_neither_read_nor_part_of_the_loss(settings: dict[str, Any]) -> None:
    check_one_update("label", lengths=[4, 2, 1], **settings)


@pytest.mark.usefixtures("uncompiled")
@pytest.mark.parametrize(
    "layout",
    [
        pytest.param({"bidirectional": True}, id="bidirectional"),
        pytest.param({"bidirectional": True, "layers": 2, "pooling": "mean"}, id="bidirectional-2-mean"),
        pytest.param({"pooling": "max"}, id="max"),
    ],
)
def test_padding_does_not_change_the_prediction_of_a_sequence(layout: dict[str, Any]) -> None:
    check_one_update("classify", lengths=[2, 4, 3], cell="lstm", **layout)


def test_l2_and_clip_norm_change_the_gradient_as_in_the_equations() -> None:
    check_one_update("classify", cell="rnn", l2=0.1, clip_norm=0.05)


@pytest.mark.usefixtures("uncompiled")
def test_l2_is_part_of_the_loss() -> None:
    check_one_update("regress", cell="gru", l2=0.3)


@pytest.mark.usefixtures("uncompiled")
def test_a_large_clip_norm_changes_nothing() -> None:
    check_one_update("regress", cell="rnn", clip_norm=1e5)


@pytest.mark.usefixtures("uncompiled")
def test_label_smoothing_spreads_a_share_of_the_target_over_all_classes() -> None:
    check_one_update("classify", cell="gru", label_smoothing=0.2)


@pytest.mark.usefixtures("uncompiled")
def test_the_cosine_schedule_lowers_the_learning_rate_along_half_a_cosine() -> None:
    x, y = problem("classify")
    settings = {"task": "classify", "cell": "rnn", "units": 2, "optimizer": "sgd", "learning_rate": 0.5, "seed": 4}
    composed, data = prepared(x, y, schedule="cosine", updates=4, **settings)
    weights = initial_weights(composed, data)

    def loss(weights: reference.Weights) -> Any:
        outputs, _ = reference.forward(composed.model, weights, x.astype(np.float32), return_sequences=False)
        return reference.cross_entropy(outputs, data.targets)

    for update in range(4):
        rate = 0.5 * (1 + np.cos(np.pi * update / 4)) / 2
        weights = {name: weights[name] - rate * g for name, g in reference.gradient(loss, weights).items()}
    trained, _ = run(composed, data)
    for name, weight in weights.items():
        np.testing.assert_allclose(trained.weights[name], weight, atol=2e-6, err_msg=name)
