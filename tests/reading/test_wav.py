"""Sound files: scale, sampling rate and channels."""

from __future__ import annotations

import struct
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from scipy.io import wavfile

from rnnstudio.core.errors import DataError
from rnnstudio.reading.files import read_file
from rnnstudio.reading.formats.wav import read_wav


@pytest.mark.parametrize(
    ("samples", "expected"),
    [
        (np.array([0, 128, 255], np.uint8), [-1, 0, 127 / 128]),
        (np.array([-32768, 0, 16384], np.int16), [-1, 0, 0.5]),
        (np.array([-(2**31), 0, 2**30], np.int32), [-1, 0, 0.5]),
        (np.array([-0.25, 0, 0.5], np.float32), [-0.25, 0, 0.5]),
        (np.array([-0.25, 0, 0.5], np.float64), [-0.25, 0, 0.5]),
    ],
)
def test_samples_are_scaled_to_one(tmp_path: Path, samples: Any, expected: list[float]) -> None:
    wavfile.write(tmp_path / "a.wav", 44_100, samples)
    variables = read_wav(tmp_path / "a.wav")
    assert variables.rate == 44_100
    np.testing.assert_allclose(variables.load("sound").ravel(), expected)


def test_sound_of_24_bits_and_two_channels(tmp_path: Path) -> None:
    samples = np.array([[-(2**23), 2**22], [0, 1], [2**22, -(2**22)]])
    data = b"".join(int(value).to_bytes(3, "little", signed=True) for value in samples.ravel())
    header = struct.pack(
        "<4sI4s4sIHHIIHH4sI", b"RIFF", 36 + 18, b"WAVE", b"fmt ", 16, 1, 2, 8000, 48_000, 6, 24, b"data", 18
    )
    (tmp_path / "a.wav").write_bytes(header + data)
    table = read_file(tmp_path / "a.wav")
    assert table.columns == ["channel1", "channel2"]
    assert table.rate == 8000
    np.testing.assert_allclose(table.numbers(["channel1", "channel2"]), samples / 2**23, atol=1e-7)
    (tmp_path / "b.wav").write_bytes(header + data[:12])
    with pytest.raises(DataError, match="is truncated"):
        read_wav(tmp_path / "b.wav")
