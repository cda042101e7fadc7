"""Random bits whose echo is to be told: the smallest task that needs a memory."""

from __future__ import annotations

from dataclasses import replace
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from rnnstudio.core.catalog import dataset
from rnnstudio.core.errors import SettingError
from rnnstudio.core.sequence import SequenceData
from rnnstudio.core.settings import Whole, WindowSettings, setting
from rnnstudio.core.windows import sliding_windows


class EchoSettings(WindowSettings):
    """A series of random bits; the target is the same series some steps late. A new series every epoch."""

    dataset: Literal["echo"] = "echo"
    task: Literal["label"] = "label"
    series_length: Whole = setting(50_000, "Random bits per epoch.", unit="bits", ge=10, le=100_000_000)
    echo_step: Whole = setting(3, "How many steps late the echo comes.", unit="steps", ge=0, le=1_000_000)
    window: Whole = setting(15, "Steps through which the gradient flows back.", unit="steps", ge=1, le=1_000_000)
    stride: Whole = setting(
        0, "Steps from one window to the next; 0 moves by the window's length.", unit="steps", ge=0, le=1_000_000
    )
    scale: Literal["none"] = "none"
    fit_scaler_on: Literal["train"] = "train"
    test_fraction: Literal[0] = 0
    val_fraction: Literal[0] = 0


def make_bits(settings: EchoSettings, seed: int, epoch: int) -> tuple[NDArray[np.float32], NDArray[np.int32]]:
    """Return the bits of one epoch, `(T, 1)` float32, and their echo, `(T,)` int32, whose first steps are 0."""
    bits = np.random.default_rng([seed, epoch]).integers(0, 2, settings.series_length, dtype=np.int32)
    echo = np.roll(bits, settings.echo_step)
    echo[: settings.echo_step] = 0
    return bits.astype(np.float32)[:, None], echo


@dataset(EchoSettings, "Echo of random bits")
def load(settings: EchoSettings, seed: int) -> SequenceData:
    """Return the first epoch's bits; `refresh` gives the later ones."""
    if settings.echo_step >= settings.series_length:
        raise SettingError(
            f"echo_step must be below series_length ({settings.series_length}); received {settings.echo_step}.",
            "echo_step",
        )

    def epoch_data(epoch: int) -> SequenceData:
        bits, echo = make_bits(settings, seed, epoch)
        return first.with_arrays(bits[None], echo[None])

    bits, echo = make_bits(settings, seed, 0)
    first = sliding_windows(
        bits,
        echo,
        task="label",
        window=settings.window,
        stride=settings.stride,
        classes=("0", "1"),
        features=("bit",),
        target_names=("echo",),
    )
    return replace(first, refresh=epoch_data)
