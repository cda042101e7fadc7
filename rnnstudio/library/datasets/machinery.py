"""The vibration of a rotating machine, simulated or from a file; its next samples are predicted."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Literal

import numpy as np

from rnnstudio.core.catalog import dataset
from rnnstudio.core.missing import Missing
from rnnstudio.core.seasons import period_in_training
from rnnstudio.core.sequence import SequenceData
from rnnstudio.core.settings import FilePath, Real, Whole, WindowSettings, setting
from rnnstudio.core.windows import forecast_windows
from rnnstudio.library.shared.notes import data_notes
from rnnstudio.library.shared.series_columns import place_in, series_columns
from rnnstudio.library.shared.settings import max_gap_setting, missing_setting, rule_of
from rnnstudio.library.shared.vibration import RATE, SHAFT, vibration
from rnnstudio.reading.files import ENDINGS, read_file

SAMPLES = 41_000  # the length of the publication's signal
TRAINING_SAMPLES = 16_000  # samples before the test set: the publication forecasts from here
TEST_FRACTION = 0.60976  # the other 25,000 samples, with as many digits as the form shows
MIN_TEST_FRACTION = 0.2


class MachinerySettings(WindowSettings):
    """Acceleration of a rotating machine in frames of 100 samples: a simulated bearing fault, or your own file."""

    dataset: Literal["machinery"] = "machinery"
    task: Literal["forecast"] = "forecast"
    file: FilePath = setting(
        "",
        "File of a signal (.mat, .npz, .npy, .csv, .wav, .pkl ...); a simulated signal of 41,000 samples when empty.",
        path=ENDINGS,
        when_empty="a simulated signal",
    )
    variable: str = setting(
        "",
        "Variable or column of the file; when empty the drive end's (..._DE_time), else the longest.",
        when_empty="chosen in the file",
        advanced=True,
    )
    window: Whole = setting(10, "Steps in each window.", unit="steps", ge=1, le=1_000_000, automatic=True)
    frame: Whole = setting(
        100, "Consecutive samples that form one step.", unit="samples", ge=1, le=100_000, automatic=True
    )
    stride: Whole = setting(5, "Samples from one window to the next.", unit="samples", ge=1, le=1_000_000)
    horizon: Whole = setting(100, "Samples to predict after each window.", unit="samples", ge=1, le=100_000)
    test_fraction: Real = setting(
        TEST_FRACTION,
        "Share of the samples, at the end, for the test set; the default shrinks to 0.2 for a short file, to leave "
        "16,000 samples for training.",
        ge=0.0,
        lt=1.0,
    )
    sampling_rate: Real = setting(
        0.0,
        "Samples per second; 0 uses the rate that the file states, or 12,000 if it states none.",
        unit="Hz",
        ge=0.0,
        le=1e9,
        advanced=True,
    )
    missing: Missing = missing_setting()
    max_gap: Whole = max_gap_setting()


@dataset(MachinerySettings, "Vibration of a machine")
def load(settings: MachinerySettings, seed: int) -> SequenceData:
    """Return windows of frames of the signal; the simulated one is in g.

    With the default `test_fraction` the test set begins at sample 16,000, as in the publication. A longer file keeps
    the share; of a shorter one up to four fifths are for training.

    >>> data = load(MachinerySettings(), seed=0)
    >>> data.inputs.shape, data.window, data.frame, data.target_offset, data.target_steps
    ((1, 41000, 1), 10, 100, 1000, 100)
    """
    rate, name, unit, notes = RATE, "acceleration", "g", tuple[str, ...]()
    targets, about, account = None, dict[str, Any](features=(name,)), None
    if settings.file:
        table = read_file(settings.file, settings.variable)
        if settings.variable and not table.preferred_target:  # else the reader has checked that the variable exists
            table.check_columns([settings.variable])
        name = settings.variable if settings.variable in table.columns else table.default_target()
        unit = "g" if name.endswith("_time") else ""  # names of accelerations in the bearing data center's files
        values = table.values([name], settings.missing)
        signal = series_columns(values, None, (name,), rule_of(settings), place_in(table, [name]), table.name)
        series, targets, about, account = signal.inputs, signal.targets, signal.about, table.account
        notes = (*(account.notes_beside([name]) if account else ()), *signal.notes)
        rate = settings.sampling_rate or table.rate or RATE
        period = period_in_training(series, _test_fraction(settings, len(series)), settings.val_fraction)
    else:
        series, period = vibration(SAMPLES, seed)[:, None], round(RATE / SHAFT)
    data = forecast_windows(
        np.ascontiguousarray(series),
        targets,
        window=settings.window,
        horizon=settings.horizon,
        stride=settings.stride,
        frame=settings.frame,
        test_fraction=_test_fraction(settings, len(series)),
        val_fraction=settings.val_fraction,
        test_context=settings.test_context,
        target_names=(name,),
        autoregressive=True,
        **about,
        unit=unit,
        step_name="sample",
        rate=rate,
        period=period,
    )
    return replace(data, account=account, notes=(*notes, *data_notes(data, settings.scale)))


def _test_fraction(settings: MachinerySettings, samples: int) -> float:
    """Return the chosen share for the test set; the default one is reduced where the signal is short."""
    if settings.test_fraction != TEST_FRACTION:
        return settings.test_fraction
    inside = settings.test_context == "inside"  # else the test set holds the targets of a window, not its inputs
    one_window = (settings.window * settings.frame if inside else 0) + settings.horizon + 1
    return min(TEST_FRACTION, max(MIN_TEST_FRACTION, one_window / samples, 1 - TRAINING_SAMPLES / samples))
