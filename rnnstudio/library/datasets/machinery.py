"""The vibration of a rotating machine, whose next samples are told from those before: made up, or from a file."""

from __future__ import annotations

from dataclasses import replace
from typing import Literal

import numpy as np

from rnnstudio.core.catalog import dataset
from rnnstudio.core.missing import Missing, missing_setting
from rnnstudio.core.seasons import find_period
from rnnstudio.core.sequence import SequenceData
from rnnstudio.core.settings import FilePath, Real, Whole, WindowSettings, setting
from rnnstudio.core.windows import sliding_windows
from rnnstudio.library.datasets._vibration import RATE, SHAFT, vibration
from rnnstudio.library.datasets._whole import remarks
from rnnstudio.reading.files import ENDINGS, read_file

SAMPLES = 41_000  # as many as the work's signal has
TRAINED_ON = 16_000  # samples before the test part: the work tells on from here
TEST_FRACTION = 0.60976  # the 25,000 samples after them, in digits that a form can show
_LEAST_TEST = 0.2


class MachinerySettings(WindowSettings):
    """Acceleration of a rotating machine, in frames of 100 samples: a made-up bearing fault, or your own file."""

    dataset: Literal["machinery"] = "machinery"
    task: Literal["forecast"] = "forecast"
    file: FilePath = setting(
        "",
        "Another signal (.mat, .npz, .npy, .csv, .wav, .pkl ...); the made-up one of 41,000 samples when empty.",
        path=ENDINGS,
    )
    variable: str = setting(
        "",
        "Variable or column of the file; the drive end's (..._DE_time), else the longest, when empty.",
        advanced=True,
    )
    window: Whole = setting(10, "Steps the network sees at once.", unit="steps", ge=1, le=1_000_000)
    frame: Whole = setting(100, "Samples side by side that form one step.", unit="samples", ge=1, le=100_000)
    stride: Whole = setting(5, "Samples from one window to the next.", unit="samples", ge=1, le=1_000_000)
    horizon: Whole = setting(100, "Samples told after the window.", unit="samples", ge=1, le=100_000)
    test_fraction: Real = setting(
        TEST_FRACTION,
        "Share of the samples, at the end, to test on; for a short file the usual one is lessened, down to a fifth, to "
        "leave 16,000 samples to train on.",
        ge=0.0,
        lt=1.0,
    )
    sampling_rate: Real = setting(
        0.0,
        "Samples per second of the file; 0 takes what the file says, else 12,000.",
        unit="Hz",
        ge=0.0,
        le=1e9,
        advanced=True,
    )
    missing: Missing = missing_setting()


@dataset(MachinerySettings, "Vibration of a machine", usual={"batch_size": 32, "epochs": 5})
def load(settings: MachinerySettings, seed: int) -> SequenceData:
    """Return the signal, the made-up one in g, cut into windows of frames.

    With the usual test_fraction the test part begins at sample 16,000, where the work tells on. A longer file keeps
    the share; a shorter one gives up to four fifths of its samples to the training.
    """
    rate, name, unit, notes = RATE, "acceleration", "g", tuple[str, ...]()
    if settings.file:
        table = read_file(settings.file, settings.variable)
        if settings.variable and not table.preferred_target:  # else the reader of its variables has looked for it
            table.check_columns([settings.variable])
        name = settings.variable if settings.variable in table.columns else table.default_target()
        unit = "g" if name.endswith("_time") else ""  # as the bearing data centre names its accelerations
        found = table.series([name], settings.missing)
        series, notes = found.values, found.notes
        rate = settings.sampling_rate or table.rate or RATE
        period = find_period(series[: len(series) - int(len(series) * settings.test_fraction), 0])
    else:
        series, period = vibration(SAMPLES, seed)[:, None], round(RATE / SHAFT)
    test_fraction = settings.test_fraction
    if test_fraction == TEST_FRACTION:
        one = settings.window * settings.frame + settings.horizon + 1  # samples of one window with its targets
        test_fraction = min(TEST_FRACTION, max(_LEAST_TEST, one / len(series), 1 - TRAINED_ON / len(series)))
    data = sliding_windows(
        np.ascontiguousarray(series),
        series,
        task=settings.task,
        window=settings.window,
        frame=settings.frame,
        stride=settings.stride,
        target_offset=settings.window * settings.frame,
        target_steps=settings.horizon,
        test_fraction=test_fraction,
        val_fraction=settings.val_fraction,
        features=(name,),
        target_names=(name,),
        unit=unit,
        step_name="sample",
        rate=rate,
        period=period,
        autoregressive=True,
    )
    return replace(data, notes=(*notes, *remarks(data, settings.scale)))
