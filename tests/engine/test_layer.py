"""The loops over time tell what Keras' own layers tell, padded or not, and programs are used again."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from rnnstudio.core.catalog import CELLS
from rnnstudio.core.errors import SettingError
from rnnstudio.engine import layer, programs
from rnnstudio.engine.augment import turned
from rnnstudio.engine.network import Network, Shape
from rnnstudio.engine.predict import Predictor
from rnnstudio.engine.runtime import tf
from tests.engine.training import prepared, run

RNG = np.random.default_rng(8)
X = RNG.normal(size=(5, 7, 3)).astype(np.float32)
LENGTHS = np.array([7, 3, 1, 5, 7], np.int32)


class Nothing:
    """A registry in which no cell has arithmetic of its own, so that Keras' layers run."""

    def __contains__(self, name: object) -> bool:
        return False


@pytest.mark.parametrize(
    ("cell", "settings"),
    [
        ("rnn", {"activation": "relu"}),
        ("lstm", {}),
        ("lstm", {"peephole": True, "cell_clip": 0.3}),
        ("gru", {"reset_after": True, "gate_bias": 0.5}),
        ("gru", {"reset_after": False}),
    ],
)
@pytest.mark.parametrize("lengths", [None, LENGTHS], ids=["whole", "padded"])
def test_layers_tell_what_keras_tells(
    cell: str, settings: dict[str, Any], lengths: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    model = CELLS.get(cell).settings(units=4, layers=2, bidirectional=True, **settings)
    shape = Shape(3, 2, return_sequences=True)
    ours = Network(model, shape, seed=1)
    told = Predictor(ours).outputs(X, lengths)
    monkeypatch.setattr(layer, "STEPS", Nothing())
    keras = Network(model, shape, seed=1)
    expected = Predictor(keras).outputs(X, lengths)
    counts = np.arange(7) < (np.full(5, 7) if lengths is None else lengths)[:, None]
    np.testing.assert_allclose(told[counts], expected[counts], atol=2e-6)


def test_padding_changes_no_answer() -> None:
    network = Network(CELLS.get("gru").settings(units=4, pooling="mean"), Shape(3, 2, return_sequences=False), seed=2)
    told = Predictor(network).outputs(X, LENGTHS)
    for i, length in enumerate(LENGTHS):
        np.testing.assert_allclose(told[i], Predictor(network).outputs(X[i : i + 1, :length])[0], atol=1e-6)


def small(seed: int, **settings: Any) -> Any:
    plain = {"task": "classify", "cell": "gru", "units": 3, "batch_size": 5, "updates": 3, "sampling": "shuffle"}
    return prepared(X, [0, 1, 0, 1, 1], **{**plain, "seed": seed, **settings})


def test_the_next_run_of_the_same_shapes_uses_the_program_again_and_gives_its_own_bits(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    made = []
    build = programs.Chunk.__init__
    monkeypatch.setattr(programs.Chunk, "__init__", lambda self, *args: [made.append(self), build(self, *args)][1])
    first, other, again = (run(*small(seed, clip_norm=0.987))[0] for seed in (1, 2, 1))
    slower, _ = run(*small(1, clip_norm=0.987, learning_rate=1e-9))
    assert len(made) == 1
    for name, weight in first.weights.items():
        assert weight.tobytes() == again.weights[name].tobytes()
        assert not np.array_equal(weight, slower.weights[name]) or not weight.any()
    assert any(not np.array_equal(w, other.weights[name]) for name, w in first.weights.items())


def test_other_settings_have_programs_of_their_own() -> None:
    run(*small(1, clip_norm=0.876))
    first = programs._kept[-1]
    run(*small(1, clip_norm=0.765))
    assert programs._kept[-1] is not first
    assert len(programs._kept) <= 8


def test_sensors_are_turned_as_one_and_keep_the_length_of_what_they_measure() -> None:
    x = RNG.normal(size=(4, 6, 8)).astype(np.float32)
    mean, scale = np.arange(8, dtype=np.float32), np.linspace(1, 2, 8, dtype=np.float32)
    raw = x * scale + mean
    found = turned(tf.constant(x), (0, 4), 30.0, (tf.constant(1), tf.constant(2)), mean, scale).numpy() * scale + mean
    np.testing.assert_allclose(found[..., [3, 7]], raw[..., [3, 7]], rtol=1e-5)  # no sensors
    assert not np.allclose(found[..., :3], raw[..., :3], atol=0.1)
    for sensor in (slice(0, 3), slice(4, 7)):
        np.testing.assert_allclose(
            np.linalg.norm(found[..., sensor], axis=2), np.linalg.norm(raw[..., sensor], axis=2), rtol=1e-4
        )
    for sequence in range(4):  # one rotation for both sensors and all steps
        before = raw[sequence][:, [0, 1, 2, 4, 5, 6]].reshape(-1, 3)
        after = found[sequence][:, [0, 1, 2, 4, 5, 6]].reshape(-1, 3)
        turn, *_ = np.linalg.lstsq(before, after, rcond=None)
        np.testing.assert_allclose(before @ turn, after, atol=1e-3)
        np.testing.assert_allclose(turn @ turn.T, np.eye(3), atol=1e-4)
        assert np.linalg.det(turn) == pytest.approx(1, abs=1e-4)


def test_what_is_no_sensor_is_not_turned_and_values_have_no_smoothed_labels() -> None:
    with pytest.raises(SettingError, match="three-axis") as caught:
        run(*small(1, rotation_std=20.0))
    assert caught.value.field == "rotation_std"
    chosen, data = prepared(np.arange(20.0), None, task="forecast", window=3, label_smoothing=0.1)
    with pytest.raises(SettingError, match="classes") as caught:
        run(chosen, data)
    assert caught.value.field == "label_smoothing"
