"""Prediction and truth as lines over steps, from the probes "series" and "sequences".

A "series" holds `first` (the step `truth` begins at), `truth`, `one_step_at`, `one_step`, `parts` (first steps of the
validation and the test part), and, where predictions can be fed back, `naive`, `free_at` and `free`. "Sequences" hold
`inputs`, `truth` and `predicted`, each (n, steps).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rnnstudio.core.events import Probe

Line = tuple[NDArray[Any], NDArray[Any]]  # steps, rising, and values; a NaN interrupts the line
NO_LINE: Line = (np.empty(0, np.int64), np.empty(0, np.float32))


@dataclass(frozen=True)
class Part:
    """A named stretch of the horizontal axis."""

    name: str
    begin: float
    end: float


def series_lines(probe: Probe) -> dict[str, Line]:
    """Return the lines "truth", "one_step", and "naive" and "free" where there are such."""
    arrays = probe.arrays
    truth, at = arrays["truth"], arrays["one_step_at"]
    lines = {"truth": (int(arrays["first"]) + np.arange(len(truth)), truth), "one_step": _apart(at, arrays["one_step"])}
    if "naive" in arrays:
        lines["naive"] = _apart(at, arrays["naive"])
    if "free" in arrays:
        lines["free"] = (arrays["free_at"], arrays["free"])
    return lines


def _apart(at: NDArray[Any], values: NDArray[Any]) -> Line:
    """Return a line with a NaN in each gap, so that nothing is drawn where nothing was told."""
    steps = np.diff(at)
    gaps = np.flatnonzero(steps > steps.min()) + 1 if len(steps) else np.empty(0, np.int64)
    return np.insert(at, gaps, at[gaps - 1] + 1), np.insert(values.astype(np.float32), gaps, np.nan)


def series_parts(probe: Probe) -> list[Part]:
    """Return the parts of a series that have any steps."""
    valid, test = (int(v) - 0.5 for v in probe.arrays["parts"])
    begin = int(probe.arrays["first"])
    end = begin + len(probe.arrays["truth"]) - 0.5
    parts = (Part("train", begin, valid), Part("validation", valid, test), Part("test", test, end))
    return [part for part in parts if part.end > part.begin]


def sequence_lines(probe: Probe, published: NDArray[np.float64]) -> dict[str, Line]:
    """Return the lines "inputs", "truth", "one_step", and "published" where its shape is that of the truth.

    The sequences stand side by side, a step apart.
    """
    shape = probe.arrays["truth"].shape
    found = {"inputs": "inputs", "truth": "truth", "one_step": "predicted"}
    values = {name: probe.arrays[key] for name, key in found.items()}
    if published.shape == shape:
        values["published"] = published
    at = np.arange(shape[0] * (shape[1] + 1) - 1)
    gap = np.full((shape[0], 1), np.nan)
    return {name: (at, np.hstack([rows, gap]).ravel()[:-1]) for name, rows in values.items()}


def sequence_parts(probe: Probe) -> list[Part]:
    """Return where each sequence stands."""
    count, steps = probe.arrays["truth"].shape
    begins = np.arange(count) * (steps + 1.0) - 0.5
    return [Part(f"sequence {i + 1}", begin, begin + steps) for i, begin in enumerate(begins.tolist())]


def sequence_ticks(probe: Probe, most: int) -> list[tuple[float, str]]:
    """Return place and text of at most about `most` step numbers."""
    count, steps = probe.arrays["truth"].shape
    every = next((n for n in (1, 2, 5, 10, 20, 25, 50, 100, 200, 500) if count * steps <= most * n), 1000)
    shown = [step for step in range(1, steps + 1) if step == 1 or step % every == 0]
    return [(float(i * (steps + 1) + step - 1), f"{step:,}") for i in range(count) for step in shown]


def reach(lines: Mapping[str, Line], left: float, right: float) -> tuple[float, float]:
    """Return lowest and highest value worth showing: the truth, and predictions as far as the truth stays readable."""
    inside = {name: y[(x >= left) & (x <= right) & np.isfinite(y)] for name, (x, y) in lines.items()}
    truth = inside["truth"]
    low, high = (float(truth.min()), float(truth.max())) if len(truth) else (0.0, 1.0)
    span = high - low or abs(high) or 1.0
    told = np.concatenate([y.astype(np.float64) for y in inside.values()])
    near = told[(told >= low - span) & (told <= high + span)]
    return (min(low, float(near.min())), max(high, float(near.max()))) if len(near) else (low, high)


def count_outside(lines: Mapping[str, Line], view: tuple[tuple[float, float], tuple[float, float]]) -> int:
    """Return how many values within left and right of `view` are below or above it."""
    (left, right), (low, high) = view
    count = 0
    for x, y in lines.values():
        shown = y[(x >= left) & (x <= right)]
        count += int(np.count_nonzero((shown < low) | (shown > high)))
    return count
