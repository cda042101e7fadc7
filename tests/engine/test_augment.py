"""Random rotation of three-axis sensors."""

from __future__ import annotations

import numpy as np
import pytest

from rnnstudio.engine.augment import rotate_sensors
from rnnstudio.engine.runtime import tf


def test_all_sensors_of_a_sequence_are_rotated_as_one_in_original_units() -> None:
    x = np.random.default_rng(8).normal(size=(4, 6, 8)).astype(np.float32)
    mean, scale = np.arange(8, dtype=np.float32), np.linspace(1, 2, 8, dtype=np.float32)
    before = x * scale + mean
    seed = (tf.constant(1), tf.constant(2))
    after = rotate_sensors(tf.constant(x), (0, 4), 30.0, seed, mean, scale).numpy() * scale + mean
    np.testing.assert_allclose(after[..., [3, 7]], before[..., [3, 7]], rtol=1e-5)  # no sensors
    assert not np.allclose(after[..., :3], before[..., :3], atol=0.1)
    for sensor in (slice(0, 3), slice(4, 7)):
        lengths = np.linalg.norm(before[..., sensor], axis=2)
        np.testing.assert_allclose(np.linalg.norm(after[..., sensor], axis=2), lengths, rtol=1e-4)
    for sequence in range(4):  # one rotation for both sensors and all steps
        vectors = before[sequence][:, [0, 1, 2, 4, 5, 6]].reshape(-1, 3)
        rotated = after[sequence][:, [0, 1, 2, 4, 5, 6]].reshape(-1, 3)
        rotation, *_ = np.linalg.lstsq(vectors, rotated, rcond=None)
        np.testing.assert_allclose(vectors @ rotation, rotated, atol=1e-3)
        np.testing.assert_allclose(rotation @ rotation.T, np.eye(3), atol=1e-4)
        assert np.linalg.det(rotation) == pytest.approx(1, abs=1e-4)
