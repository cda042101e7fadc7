"""Cutting windows from one long series, parted in time (train, validation, test), and from separate sequences."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from rnnstudio.core.errors import SettingError
from rnnstudio.core.sequence import SequenceData
from rnnstudio.core.settings import Task


def sliding_windows(
    inputs: NDArray[np.float32],
    targets: NDArray[Any],
    *,
    task: Task,
    window: int,
    stride: int,
    target_offset: int = 0,
    target_steps: int | None = None,
    frame: int = 1,
    test_fraction: float = 0.0,
    val_fraction: float = 0.0,
    leave_out: int = 0,
    **about: Any,
) -> SequenceData:
    """Return windows of one series, none of which straddles two parts.

    Args:
        inputs: `(T, F)`.
        targets: `(T,)` classes or `(T, D)` values; `inputs` itself where the series predicts itself.
        task: label, regress or forecast.
        window: Steps the network sees at once.
        stride: Steps from one window to the next; 0 moves by the window's length.
        target_offset: Steps from a window's start to its first target.
        target_steps: Targets per window; the window's length when None.
        frame: Samples that form one step, side by side; stride, offset and targets are counted in samples.
        test_fraction: Share of the steps, at the end, for testing.
        val_fraction: Share of the steps, before the test part, for validation.
        leave_out: Windows left out at each part's end (some works stop one short).
        **about: Further fields of `SequenceData`.

    Raises:
        SettingError: A part is shorter than one window; the message names the field.
    """
    steps = len(inputs)
    target_steps = window if target_steps is None else target_steps
    span = max(window * frame, target_offset + target_steps)
    test_begin = steps - _share(steps, test_fraction)
    val_begin = test_begin - _share(steps, val_fraction)
    if val_begin < 1:
        raise SettingError(
            f"test_fraction and val_fraction must leave something to train on; received {test_fraction:g} "
            f"and {val_fraction:g}.",
            "val_fraction",
        )
    move = stride or window * frame
    bounds = (("train", 0, val_begin), ("val", val_begin, test_begin), ("test", test_begin, steps))
    if span > steps:
        shortest = min(end - begin for name, begin, end in bounds if name == "train" or end > begin)
        room, ahead = shortest - leave_out * stride, span - window * frame
        largest = (room - ahead) // (frame if stride else frame * (1 + leave_out))
        advice = f"Choose a window of at most {largest}." if largest > 0 else "Choose fewer targets or a smaller frame."
        raise SettingError(
            f"window must fit into the series: a window of {window} steps with its targets spans {span}, the "
            f"series has {steps}. {advice}",
            "window",
        )
    starts, counts = [], []
    for name, begin, end in bounds:
        found = np.arange(begin, end - span + 1, move, dtype=np.int32)
        found = found[: max(0, len(found) - leave_out)]
        if not len(found) and (name == "train" or end > begin):
            field = "window" if name == "train" else f"{name}_fraction"
            raise SettingError(
                f"{field}: the {name} part has {end - begin} of the {steps} steps, and one window with its "
                "targets takes "
                f"{span + leave_out * move}. Choose a shorter window or "
                f"{'less for testing' if name == 'train' else f'a larger {field}'}.",
                field,
            )
        starts.append(found)
        counts.append(len(found))
    numbers, places = np.arange(sum(counts), dtype=np.int32), np.concatenate(starts)
    train, val, test = np.split(numbers, np.cumsum(counts)[:-1])
    if move == 1:
        # Then training windows are numbered as they start. A very long series has one array for both.
        train, val, test = places[: len(train)], val.copy(), test.copy()
    return SequenceData(
        task=task,
        inputs=inputs[None],
        targets=targets[None],
        starts=places,
        window=window,
        train=train,
        val=val,
        test=test,
        target_offset=target_offset,
        target_steps=target_steps,
        frame=frame,
        **about,
    )


def whole_sequences(inputs: NDArray[np.float32], frame: int = 1) -> dict[str, Any]:
    """Return `starts`, `window` and `frame` of sequences that are read whole, for `SequenceData`.

    Args:
        inputs: `(N, T, F)`.
        frame: Samples that form one step, side by side; samples left over at the end are not read.

    Raises:
        SettingError: A step would be longer than the sequences.
    """
    count, steps = inputs.shape[:2]
    if frame > steps:
        raise SettingError(
            f"frame must be at most the {steps} samples of a sequence; received {frame}. Choose fewer.", "frame"
        )
    return {"starts": np.arange(0, count * steps, steps, dtype=np.int32), "window": steps // frame, "frame": frame}


def _share(steps: int, fraction: float) -> int:
    """Whole steps in a share, rounded down; 1e-9 forgives 0.3 * 10 = 2.9999999999999996."""
    return int(steps * fraction + 1e-9)
