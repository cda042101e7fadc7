"""The simulated machine has the frequencies it states, and the recipe has the windows of its publication."""

from __future__ import annotations

import pickle
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from rnnstudio.core.experiment import compose
from rnnstudio.core.sequence import SequenceData
from rnnstudio.library.datasets import machinery
from rnnstudio.library.shared.vibration import BPFI, RATE, SHAFT, vibration


def load(**settings: Any) -> SequenceData:
    chosen = compose("machinery", settings)
    return machinery.load(chosen.data, chosen.seed)  # type: ignore[arg-type]


def spectrum_of(signal: Any) -> tuple[Any, Any]:
    """Return frequencies in Hz and amplitudes of a signal."""
    window = np.hanning(len(signal))
    return np.fft.rfftfreq(len(signal), 1 / RATE), np.abs(np.fft.rfft(signal * window)) * 2 / window.sum()


def test_the_simulated_signal_is_about_one_g_and_the_same_for_the_same_seed() -> None:
    signal = vibration(41_000, 3)
    assert signal.dtype == np.float32
    assert 0.8 < np.abs(signal).max() < 1.4
    assert 0.1 < np.mean(signal**2) < 0.2
    np.testing.assert_array_equal(signal, vibration(41_000, 3))
    assert not np.array_equal(signal, vibration(41_000, 4))


def test_its_power_is_at_the_harmonics_of_the_shaft() -> None:
    signal = vibration(41_000, 0)
    at, power = np.fft.rfftfreq(len(signal), 1 / RATE), np.abs(np.fft.rfft(signal) / len(signal)) ** 2 * 2
    for order, amplitude in ((1, 0.40), (2, 0.26), (3, 0.16)):
        near = np.abs(at / SHAFT - order) < 0.16 * order  # the speed varies
        assert power[near].sum() == pytest.approx(amplitude**2 / 2 * (1 + 0.25**2), rel=0.3)
        assert at[near] @ power[near] / power[near].sum() == pytest.approx(order * SHAFT, rel=0.04)
    assert power[(at < 0.5 * SHAFT) | (at > 100 * SHAFT)].sum() < 0.01


def test_its_resonance_is_excited_at_the_ball_pass_frequency() -> None:
    signal = vibration(41_000, 0)
    spectrum = np.fft.rfft(signal)
    at = np.fft.rfftfreq(len(signal), 1 / RATE)
    spectrum[(at < 2000) | (at > 3800)] = 0  # the band of the resonance
    rate, height = spectrum_of(np.abs(np.fft.irfft(spectrum, len(signal))))
    band = (rate > 100) & (rate < 250)
    assert rate[band][height[band].argmax()] == pytest.approx(BPFI * SHAFT, rel=0.1)
    assert pytest.approx(5.4152, abs=1e-4) == BPFI


def test_the_recipe_has_the_windows_of_its_publication() -> None:
    data = load()
    assert data.inputs.shape == (1, 41_000, 1)
    assert (data.window, data.frame, data.target_offset, data.target_steps) == (10, 100, 1000, 100)
    assert (data.unit, data.rate) == ("g", 12_000)
    np.testing.assert_array_equal(data.starts[:3], [0, 5, 10])
    assert data.starts[data.test[0]] == 16_000
    assert data.starts[data.train[2499]] + 1100 == 13_595  # the publication's 2500 updates use samples up to 13,600
    assert len(data.train) >= 2500
    np.testing.assert_array_equal(data.window_inputs(data.train[:1])[0, 3], data.inputs[0, 300:400, 0])
    np.testing.assert_array_equal(data.window_targets(data.train[1:2])[0, :, 0], data.inputs[0, 1005:1105, 0])


@pytest.mark.parametrize(("length", "begin"), [(41_000, 16_000), (121_265, 47_323), (20_000, 16_000), (10_000, 8_000)])
def test_a_file_of_any_length_leaves_enough_samples_for_training(tmp_path: Path, length: int, begin: int) -> None:
    np.save(tmp_path / "a.npy", np.sin(np.arange(length)))
    data = load(file=str(tmp_path / "a.npy"))
    assert data.starts[data.test[0]] == pytest.approx(begin, abs=1)
    own = load(file=str(tmp_path / "a.npy"), test_fraction=0.5)
    assert own.starts[own.test[0]] == pytest.approx(length / 2, abs=1)


def test_a_bearing_file_is_read_at_its_drive_end(real_data: Path) -> None:
    data = load(file=str(real_data / "machinery" / "105_0.mat"))
    assert data.features == ("X105_DE_time",)
    assert data.inputs.shape == (1, 121_265, 1)
    assert data.rate == 12_000
    assert load(file=str(real_data / "machinery" / "105_0.mat"), variable="X105_FE_time").features == ("X105_FE_time",)


def test_the_publications_pickle_is_read(tmp_path: Path) -> None:
    signal = vibration(5000, 0).astype(np.float64)
    (tmp_path / "rnn_time_signal_downsample.pkl").write_bytes(pickle.dumps(signal, 2))
    data = load(file=str(tmp_path / "rnn_time_signal_downsample.pkl"), sampling_rate=3000)
    np.testing.assert_array_equal(data.inputs[0, :, 0], signal.astype(np.float32))
    assert data.rate == 3000


def test_missing_values_are_filled_from_the_past(tmp_path: Path) -> None:
    signal = vibration(5000, 0)
    signal[7] = np.nan
    np.save(tmp_path / "a.npy", signal)
    data = load(file=str(tmp_path / "a.npy"))
    assert "1 missing value of a.npy was filled with the last value before" in data.notes[0]
    assert data.inputs[0, 7, 0] == data.inputs[0, 6, 0]
    assert np.isnan(data.targets[0, 7, 0])
