"""Softmax."""

from __future__ import annotations

import numpy as np
from scipy import special

from rnnstudio.core.softmax import softmax


def test_probabilities_have_the_bits_of_scipy() -> None:
    logits = np.random.default_rng(1).normal(size=(500, 10)).astype(np.float32) * 20
    assert softmax(logits).tobytes() == special.softmax(logits, axis=-1).tobytes()
    assert softmax(logits[0]).tobytes() == special.softmax(logits[0]).tobytes()
