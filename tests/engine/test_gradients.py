"""Forward pass, loss and gradient of every cell are those of the equations, written once more in NumPy."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from tests.engine import reference
from tests.engine.training import doubles, first_weights, losses, prepared, run

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
]
LAYOUTS = [
    pytest.param("rnn", {"bidirectional": True}, "classify", id="rnn-bidirectional-last"),
    pytest.param("lstm", {"bidirectional": True, "layers": 2}, "regress", id="lstm-bidirectional-2-every"),
    pytest.param("gru", {"bidirectional": True, "layers": 2}, "classify", id="gru-bidirectional-2-last"),
    pytest.param("lstm", {"layers": 2}, "classify", id="lstm-2-last"),
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
    }[task]
    return x, y


def check_one_update(task: str, lengths: list[int] | None = None, **settings: Any) -> None:
    """One update of gradient descent with step 1 changes each weight by its gradient."""
    x, y = problem(task)
    chosen, data = prepared(
        x,
        y,
        **{"task": task, "units": 3, "optimizer": "sgd", "learning_rate": 1.0, "updates": 1, "seed": 11, **settings},
    )
    counted = np.array(lengths or [x.shape[1]] * len(x))
    if lengths:
        data = replace(data, lengths=counted.astype(np.int32))
    answers = np.arange(x.shape[1]) < counted[:, None] if data.return_sequences else slice(None)
    model, training, before = chosen.model, chosen.training, first_weights(chosen, data)
    measure = reference.squared_error if task == "regress" else reference.cross_entropy

    def loss(weights: reference.Weights) -> Any:
        outputs, _ = reference.forward(
            model, weights, x.astype(np.float32), return_sequences=data.return_sequences, lengths=counted
        )
        smoothing = [training.label_smoothing] if data.classes else []
        return measure(outputs[answers], data.targets[answers], *smoothing) + reference.l2(weights, training.l2)

    expected = reference.gradient(loss, before)
    if training.clip_norm:
        expected = reference.clipped(expected, training.clip_norm)
    trained, events = run(chosen, data)
    np.testing.assert_allclose(losses(events), [loss(before).real], rtol=1e-5)
    after = doubles(trained.weights)
    assert after.keys() == before.keys()
    for name, gradient in expected.items():
        np.testing.assert_allclose(before[name] - after[name], gradient, atol=2e-6, err_msg=name)


@pytest.mark.parametrize("settings", CELLS)
def test_an_update_moves_each_weight_by_its_gradient(settings: dict[str, Any]) -> None:
    check_one_update("label", **settings)


@pytest.mark.parametrize(("cell", "layout", "task"), LAYOUTS)
def test_layouts_have_the_same_gradient(cell: str, layout: dict[str, Any], task: str) -> None:
    check_one_update(task, cell=cell, **{"units": 2, **layout})


@pytest.mark.parametrize(
    "settings", [p for p in CELLS if p.id in ("rnn-tanh", "lstm-peephole-cell_clip", "gru-reset_before")]
)
def test_padding_is_never_seen_and_never_counted(settings: dict[str, Any]) -> None:
    check_one_update("label", lengths=[4, 2, 1], **settings)


@pytest.mark.parametrize(
    "layout",
    [
        pytest.param({"bidirectional": True}, id="bidirectional"),
        pytest.param({"bidirectional": True, "layers": 2, "pooling": "mean"}, id="bidirectional-2-mean"),
        pytest.param({"pooling": "max"}, id="max"),
    ],
)
def test_padding_does_not_reach_one_answer_per_sequence(layout: dict[str, Any]) -> None:
    check_one_update("classify", lengths=[2, 4, 3], cell="lstm", **layout)


def test_l2_and_clip_norm_are_those_of_the_equations() -> None:
    check_one_update("classify", cell="rnn", l2=0.1, clip_norm=0.05)


@pytest.mark.usefixtures("uncompiled")
def test_l2_alone_counts_in_the_loss() -> None:
    check_one_update("regress", cell="gru", l2=0.3)


@pytest.mark.usefixtures("uncompiled")
def test_a_large_clip_norm_changes_nothing() -> None:
    check_one_update("regress", cell="rnn", clip_norm=1e5)


@pytest.mark.usefixtures("uncompiled")
def test_smoothed_labels_spread_a_share_of_the_truth() -> None:
    check_one_update("classify", cell="gru", label_smoothing=0.2)


@pytest.mark.usefixtures("uncompiled")
def test_the_learning_rate_falls_along_half_a_cosine() -> None:
    x, y = problem("classify")
    settings = {"task": "classify", "cell": "rnn", "units": 2, "optimizer": "sgd", "learning_rate": 0.5, "seed": 4}
    chosen, data = prepared(x, y, schedule="cosine", updates=4, **settings)
    weights = first_weights(chosen, data)

    def loss(weights: reference.Weights) -> Any:
        outputs, _ = reference.forward(chosen.model, weights, x.astype(np.float32), return_sequences=False)
        return reference.cross_entropy(outputs, data.targets)

    for update in range(4):
        rate = 0.5 * (1 + np.cos(np.pi * update / 4)) / 2
        weights = {name: weights[name] - rate * g for name, g in reference.gradient(loss, weights).items()}
    trained, _ = run(chosen, data)
    for name, weight in weights.items():
        np.testing.assert_allclose(trained.weights[name], weight, atol=2e-6, err_msg=name)


def test_forget_bias_is_the_first_bias_of_the_forget_gate_only() -> None:
    chosen, data = prepared(*problem("classify"), task="classify", cell="lstm", units=3, forget_bias=2.5)
    bias = first_weights(chosen, data)["lstm1/bias"]
    np.testing.assert_array_equal(bias, [0, 0, 0, 2.5, 2.5, 2.5, 0, 0, 0, 0, 0, 0])


def test_glorot_joint_draws_from_the_joint_matrix_of_input_and_state() -> None:
    x = np.zeros((4, 3, 20))
    chosen, data = prepared(x, [0, 1, 0, 1], task="classify", cell="lstm", units=30, cell_initializer="glorot_joint")
    weights = first_weights(chosen, data)
    limit = np.sqrt(6 / (20 + 30 + 4 * 30))
    for name in ("lstm1/kernel", "lstm1/recurrent_kernel"):
        assert 0.95 * limit < np.abs(weights[name]).max() <= limit
        assert weights[name].std() == pytest.approx(limit / np.sqrt(3), rel=0.05)


def test_uniform_first_weights_lie_between_0_and_1() -> None:
    x = np.zeros((4, 3, 20))
    chosen, data = prepared(
        x,
        [0, 1, 0, 1],
        task="classify",
        cell="rnn",
        units=30,
        cell_initializer="uniform_0_1",
        head_initializer="uniform_0_1",
    )
    weights = first_weights(chosen, data)
    for name in ("rnn1/kernel", "rnn1/recurrent_kernel", "head/kernel"):
        assert weights[name].min() >= 0
        assert 0.9 < weights[name].max() < 1
    assert not weights["rnn1/bias"].any()


def test_normal_heads_draw_weights_and_biases_with_the_given_deviation() -> None:
    x = np.zeros((40, 3, 2))
    chosen, data = prepared(
        x, np.arange(40), task="classify", cell="rnn", units=100, head_initializer="normal", head_initializer_std=0.01
    )
    weights = first_weights(chosen, data)
    assert weights["head/kernel"].std() == pytest.approx(0.01, rel=0.05)
    assert weights["head/bias"].std() == pytest.approx(0.01, rel=0.4)
