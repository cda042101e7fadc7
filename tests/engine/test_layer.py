"""Recurrent layers in float32, as a prediction runs them."""

from __future__ import annotations

import numpy as np
import pytest

from rnnstudio.core.catalog import CELLS
from rnnstudio.engine.network import Network
from rnnstudio.engine.predict import Predictor
from rnnstudio.engine.shape import Shape

X = np.random.default_rng(8).normal(size=(3, 7, 3)).astype(np.float32)
LENGTHS = np.array([7, 3, 1], np.int32)


@pytest.mark.parametrize("cell", CELLS.names())
def test_padding_changes_no_prediction(cell: str) -> None:
    check_padding(cell, "last")


@pytest.mark.usefixtures("in_python")
@pytest.mark.parametrize("cell", CELLS.names())
@pytest.mark.parametrize("pooling", ["mean", "max"])
def test_padding_changes_no_pooled_prediction(cell: str, pooling: str) -> None:
    check_padding(cell, pooling)


def check_padding(cell: str, pooling: str) -> None:
    settings = CELLS.get(cell).settings(units=4, pooling=pooling, layers=2, bidirectional=True)
    predictor = Predictor(Network(settings, Shape(3, 2, return_sequences=False), seed=2))
    padded = predictor.outputs(X, LENGTHS)
    for i, length in enumerate(LENGTHS):
        np.testing.assert_allclose(padded[i], predictor.outputs(X[i : i + 1, :length])[0], atol=1e-6)
