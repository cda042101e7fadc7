"""Softmax."""

from __future__ import annotations

import subprocess
import sys

import numpy as np
from scipy import special

from rnnstudio.core.softmax import softmax


def test_probabilities_have_the_bits_of_scipy() -> None:
    logits = np.random.default_rng(1).normal(size=(500, 10)).astype(np.float32) * 20
    assert softmax(logits).tobytes() == special.softmax(logits, axis=-1).tobytes()
    assert softmax(logits[0]).tobytes() == special.softmax(logits[0]).tobytes()


def test_the_program_does_not_load_what_the_package_leaves_out() -> None:
    """`packaging/bundle/contents.py` excludes `scipy.special`."""
    load = "import sys, rnnstudio.engine.train, rnnstudio.results.trained_network"
    code = f"{load}; sys.exit('scipy.special' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
