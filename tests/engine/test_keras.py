"""The compiled loop trains like plain Keras, update for update."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from rnnstudio.engine.plan import make_plan
from rnnstudio.engine.runtime import keras
from tests.engine.training import initial_weights, losses, prepared, run

UPDATES = 30


@pytest.mark.parametrize(
    ("task", "recurrent", "ours", "optimizer"),
    [
        ("classify", "LSTM", {"optimizer": "adam", "learning_rate": 0.01}, ("Adam", {"learning_rate": 0.01})),
        ("label", "SimpleRNN", {"optimizer": "adagrad", "learning_rate": 0.3}, ("Adagrad", {"learning_rate": 0.3})),
        (
            "regress",
            "GRU",
            {"optimizer": "momentum", "learning_rate": 0.05, "momentum": 0.8},
            ("SGD", {"learning_rate": 0.05, "momentum": 0.8}),
        ),
    ],
)
def test_losses_and_weights_are_those_of_keras(
    task: str, recurrent: str, ours: dict[str, Any], optimizer: tuple[str, dict[str, Any]]
) -> None:
    rng = np.random.default_rng(3)
    x = rng.normal(size=(20, 6, 2)).astype(np.float32)
    y = {
        "classify": (x.sum((1, 2)) > 0).astype(int),
        "label": (np.cumsum(x[..., 0], axis=1) > 0).astype(int),
        "regress": np.cumsum(x[..., :1], axis=1),
    }[task]
    cell = {"LSTM": "lstm", "SimpleRNN": "rnn", "GRU": "gru"}[recurrent]
    composed, data = prepared(
        x,
        y,
        task=task,
        cell=cell,
        units=4,
        batch_size=6,
        sampling="shuffle",
        updates=UPDATES,
        epochs=50,
        seed=2,
        **ours,
    )
    model = keras.Sequential(
        [
            keras.layers.Input((6, 2)),
            getattr(keras.layers, recurrent)(4, return_sequences=data.return_sequences, use_cudnn=False)
            if recurrent != "SimpleRNN"
            else keras.layers.SimpleRNN(4, return_sequences=data.return_sequences),
            keras.layers.Dense(data.outputs),
        ]
    )
    model.set_weights(list(initial_weights(composed, data).values()))
    loss = (
        keras.losses.SparseCategoricalCrossentropy(from_logits=True)
        if data.classes
        else keras.losses.MeanSquaredError()
    )
    name, options = optimizer
    model.compile(optimizer=getattr(keras.optimizers, name)(**options), loss=loss, jit_compile=False)
    expected = []
    for block in make_plan(composed, data).blocks():
        for windows in block.windows[: block.count]:
            expected.append(float(model.train_on_batch(data.window_inputs(windows), data.window_targets(windows))))
            model.reset_metrics()
            if len(expected) == UPDATES:
                break
        if len(expected) == UPDATES:
            break
    trained, events = run(composed, data)
    np.testing.assert_allclose(losses(events), expected, rtol=1e-5)
    for weight, keras_weight in zip(trained.weights.values(), model.get_weights(), strict=True):
        np.testing.assert_allclose(weight, keras_weight, atol=1e-5)
    assert losses(events)[-5:].mean() < losses(events)[:5].mean()
