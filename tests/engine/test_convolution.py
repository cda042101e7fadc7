"""Convolutional layers before the recurrent ones: values, padding, and networks that have them."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import rnnstudio as rs
from rnnstudio.core.errors import SettingError
from rnnstudio.engine.convolution import Convolutions
from rnnstudio.engine.initial_weights import InitialWeights
from rnnstudio.library.cells.gru import GruSettings


def layers(count: int, width: int, stride: int, features: int) -> Convolutions:
    chosen = GruSettings(conv_filters=3, conv_layers=count, conv_width=width, conv_stride=stride)
    return Convolutions(chosen, InitialWeights(chosen, 0), features)


def reference(x: np.ndarray, convolutions: Convolutions, width: int, stride: int) -> np.ndarray:
    """Return the outputs for one sequence `(T, F)`, by plain loops over outputs and steps."""
    for kernel, bias in convolutions.layers:
        weights, outputs = kernel.numpy(), []
        for first in range(-((width - 1) // 2), len(x) - (width - 1) // 2, stride):
            total = bias.numpy().copy()
            for step in range(width):
                if 0 <= first + step < len(x):
                    total += x[first + step] @ weights[step]
            outputs.append(np.maximum(total, 0.0))
        x = np.array(outputs)
    return x


@given(
    steps=st.integers(1, 40),
    padding=st.integers(0, 9),
    width=st.integers(1, 9),
    stride=st.integers(1, 5),
    count=st.integers(1, 3),
)
@settings(max_examples=40, deadline=None)
def test_outputs_are_those_of_plain_loops_and_no_padding_changes_them(
    steps: int, padding: int, width: int, stride: int, count: int
) -> None:
    convolutions = layers(count, width, stride, 2)
    x = np.random.default_rng(steps).standard_normal((1, steps, 2)).astype(np.float32)
    expected = reference(x[0], convolutions, width, stride)
    outputs, lengths = convolutions(x, None)
    assert lengths is None
    np.testing.assert_allclose(outputs[0], expected, rtol=1e-4, atol=1e-5)
    padded = np.concatenate([x, np.full((1, padding, 2), 7.0, np.float32)], axis=1)
    outputs, lengths = convolutions(padded, np.array([steps], np.int32))
    assert int(lengths[0]) == len(expected)
    np.testing.assert_allclose(outputs[0, : len(expected)], expected, rtol=1e-4, atol=1e-5)


@pytest.fixture(scope="module")
def run() -> rs.Run:
    """Return a run on sequences of unequal length whose class is the place of a short pulse's sign."""
    rng = np.random.default_rng(0)
    sequences, classes = [], []
    for i in range(60):
        x = 0.1 * rng.standard_normal((int(rng.integers(70, 130)), 1))
        begin = int(rng.integers(5, 60))
        x[begin : begin + 4] += 1.0 if i % 2 else -1.0
        sequences.append(x.astype(np.float32))
        classes.append("up" if i % 2 else "down")
    return rs.train(
        sequences,
        classes,
        task="classify",
        cell="gru",
        units=8,
        conv_filters=8,
        conv_width=5,
        conv_stride=2,
        pooling="max",
        epochs=20,
        learning_rate=0.01,
        verbose=0,
        save=False,
    )


def test_a_network_with_convolutions_learns_where_the_pattern_may_be_anywhere(run: rs.Run) -> None:
    assert run.metrics["test_accuracy"] >= 0.9


def test_saved_weights_give_the_same_predictions(run: rs.Run, tmp_path: Path) -> None:
    run.save(tmp_path / "run")
    again = rs.load(tmp_path / "run")
    assert {"conv1/kernel", "conv1/bias", "conv2/kernel"} <= set(again.weights)
    x = [np.random.default_rng(n).standard_normal((n, 1)).astype(np.float32) for n in (70, 101)]
    assert np.array_equal(run.predict(x, probabilities=True), again.predict(x, probabilities=True))


def test_convolutions_are_refused_where_each_step_has_a_prediction() -> None:
    x = np.arange(80.0)
    with pytest.raises(SettingError, match="conv_filters is for one prediction from each window; with task regress"):
        rs.train(x, x, task="regress", window=8, conv_filters=4, updates=1, verbose=0, save=False)
