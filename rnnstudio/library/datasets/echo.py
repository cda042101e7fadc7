"""A series of random bits and its echo: the simplest task that needs a memory."""

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
    """Random bits, a new series each epoch; the target at each step is the bit a few steps earlier."""

    dataset: Literal["echo"] = "echo"
    task: Literal["label"] = "label"
    series_length: Whole = setting(50_000, "Random bits in each epoch.", unit="bits", ge=10, le=100_000_000)
    echo_step: Whole = setting(
        3, "Steps from a bit to its echo in the targets.", label="Echo delay", unit="steps", ge=0, le=1_000_000
    )
    window: Whole = setting(
        15,
        "Steps in each window, through which the gradient is propagated back.",
        unit="steps",
        ge=1,
        le=1_000_000,
    )
    stride: Whole = setting(
        0,
        "Steps from one window to the next; 0 moves by the length of the window.",
        unit="steps",
        ge=0,
        le=1_000_000,
    )
    scale: Literal["none"] = "none"
    fit_scaler_on: Literal["train"] = "train"
    test_fraction: Literal[0] = 0
    val_fraction: Literal[0] = 0
    test_context: Literal["inside"] = "inside"


def make_bits(settings: EchoSettings, seed: int, epoch: int) -> tuple[NDArray[np.float32], NDArray[np.int32]]:
    """Return the bits of one epoch, `(T, 1)` float32, and their echo, `(T,)` int32; its first steps are 0.

    >>> bits, echo = make_bits(EchoSettings(series_length=10, echo_step=2), seed=0, epoch=0)
    >>> bool((echo[2:] == bits[:-2, 0]).all())
    True
    """
    bits = np.random.default_rng([seed, epoch]).integers(0, 2, settings.series_length, dtype=np.int32)
    echo = np.roll(bits, settings.echo_step)
    echo[: settings.echo_step] = 0
    return bits.astype(np.float32)[:, None], echo


@dataset(EchoSettings, "Echo of random bits")
def load(settings: EchoSettings, seed: int) -> SequenceData:
    """Return the bits of the first epoch; `refresh` returns those of the later ones.

    >>> data = load(EchoSettings(series_length=100), seed=0)
    >>> data.classes, len(data.train)
    (('0', '1'), 6)
    """
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
        test_context=settings.test_context,
        classes=("0", "1"),
        features=("bit",),
        target_names=("echo",),
    )
    return replace(first, refresh=epoch_data)
