"""Reading sound (.wav), as recorders and vibration loggers write it."""

from __future__ import annotations

import io
import warnings
from pathlib import Path

import numpy as np

from rnnstudio.core.errors import DataError
from rnnstudio.reading.file_checks import decoding, existing_file
from rnnstudio.reading.variables import Variables

_KIND = "uncompressed sound (.wav)"


def read_wav(path: str | Path) -> Variables:
    """Return the channels of a .wav file and its rate; whole numbers become -1 to 1, the recorder's full scale.

    One channel is called `sound`, several `channel1`, `channel2` ...

    Raises:
        DataError: It is no such file, is cut short, or is compressed.
    """
    from scipy.io import wavfile

    file = existing_file(path, _KIND)
    with decoding(file, _KIND):
        raw = io.BytesIO(file.read_bytes())
        with warnings.catch_warnings(record=True) as said:
            warnings.simplefilter("always")
            rate, values = wavfile.read(raw)
        if any("EOF" in str(warning.message) for warning in said):
            raise DataError(f"{file.name} is cut short: it has fewer samples than it announces. Get the file again.")
    channels = 1 if values.ndim == 1 else values.shape[1]
    if len(values) <= channels or rate < 1:
        raise DataError(f"{file.name} holds no sound: {len(values)} samples, {rate} per second.")
    if values.dtype.kind in "iu":
        full = float(1 << (8 * values.dtype.itemsize - 1))
        values = (values.astype(np.float64) - (full if values.dtype.kind == "u" else 0.0)) / full
    columns = {"sound": tuple(f"channel{i + 1}" for i in range(channels))} if channels > 1 else {}
    return Variables(file.name, {"sound": values.shape}, lambda name: values, rate=float(rate), columns=columns)
