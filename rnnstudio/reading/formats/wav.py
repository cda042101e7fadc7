"""Sound files (.wav), as written by recorders and vibration loggers."""

from __future__ import annotations

import io
import warnings
from pathlib import Path

import numpy as np

from rnnstudio.core.byte_budget import ByteBudget
from rnnstudio.core.errors import DataError
from rnnstudio.reading.file_checks import decoding, existing_file
from rnnstudio.reading.formats.variables import Variables

_KIND = "an uncompressed sound file (.wav)"


def read_wav(path: str | Path) -> Variables:
    """Return the channels of a .wav file and its sampling rate in Hz.

    Integer samples are scaled to -1 to 1 by the largest integer of their type. A single channel is the variable
    `sound`, several channels are the columns `channel1`, `channel2` ...

    Raises:
        DataError: The file is not a .wav file, is truncated, or is compressed.
    """
    from scipy.io import wavfile

    file = existing_file(path, _KIND)
    with decoding(file, _KIND):
        raw = io.BytesIO(file.read_bytes())
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always")
            rate, samples = wavfile.read(raw)
        if any("EOF" in str(warning.message) for warning in caught):
            raise DataError(
                f"{file.name} is truncated: it has fewer samples than its header declares. Copy or download the file "
                "again."
            )
    channels = 1 if samples.ndim == 1 else samples.shape[1]
    if len(samples) <= channels or rate < 1:
        raise DataError(f"{file.name} must contain sound; received {len(samples)} samples at {rate} Hz.")
    ByteBudget.of_file(file).check_array(file.name, samples.shape)
    if samples.dtype.kind in "iu":
        full_scale = float(1 << (8 * samples.dtype.itemsize - 1))
        offset = full_scale if samples.dtype.kind == "u" else 0.0
        samples = (samples.astype(np.float64) - offset) / full_scale
    columns = {"sound": tuple(f"channel{i + 1}" for i in range(channels))} if channels > 1 else {}
    return Variables(file.name, {"sound": samples.shape}, lambda name: samples, rate=float(rate), columns=columns)
