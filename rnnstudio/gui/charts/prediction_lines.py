"""Prediction and truth as lines over steps, of a series or of separate sequences."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rnnstudio.core.predictions import SequencePredictions, SeriesPredictions

Line = tuple[NDArray[Any], NDArray[Any]]  # steps, rising, and values; a NaN interrupts the line
NO_LINE: Line = (np.empty(0, np.int64), np.empty(0, np.float32))


@dataclass(frozen=True)
class Part:
    """A named stretch of the horizontal axis."""

    name: str
    begin: float
    end: float


def series_lines(predictions: SeriesPredictions) -> dict[str, Line]:
    """Return the lines "truth", "one_step", and "naive" and "free" where there are such."""
    truth, at = predictions.truth, predictions.one_step_at
    lines = {"truth": (predictions.first + np.arange(len(truth)), truth), "one_step": _apart(at, predictions.one_step)}
    if predictions.naive is not None:
        lines["naive"] = _apart(at, predictions.naive)
    if predictions.free is not None and predictions.free_at is not None:
        lines["free"] = (predictions.free_at, predictions.free)
    return lines


def _apart(at: NDArray[Any], values: NDArray[Any]) -> Line:
    """Return a line with a NaN in each gap, so that nothing is drawn where nothing was told."""
    steps = np.diff(at)
    gaps = np.flatnonzero(steps > steps.min()) + 1 if len(steps) else np.empty(0, np.int64)
    return np.insert(at, gaps, at[gaps - 1] + 1), np.insert(values.astype(np.float32), gaps, np.nan)


def series_parts(predictions: SeriesPredictions) -> list[Part]:
    """Return the parts of a series that have any steps."""
    val, test = predictions.val_begin - 0.5, predictions.test_begin - 0.5
    begin = predictions.first
    end = begin + len(predictions.truth) - 0.5
    parts = (Part("train", begin, val), Part("validation", val, test), Part("test", test, end))
    return [part for part in parts if part.end > part.begin]


def sequence_lines(predictions: SequencePredictions, published: NDArray[np.float64]) -> dict[str, Line]:
    """Return the lines "inputs", "truth", "one_step", and "published" where its shape is that of the truth.

    The sequences stand side by side, a step apart.
    """
    shape = predictions.truth.shape
    values: dict[str, NDArray[Any]] = {
        "inputs": predictions.inputs,
        "truth": predictions.truth,
        "one_step": predictions.predicted,
    }
    if published.shape == shape:
        values["published"] = published
    at = np.arange(shape[0] * (shape[1] + 1) - 1)
    gap = np.full((shape[0], 1), np.nan)
    return {name: (at, np.hstack([rows, gap]).ravel()[:-1]) for name, rows in values.items()}


def sequence_parts(predictions: SequencePredictions) -> list[Part]:
    """Return where each sequence stands."""
    count, steps = predictions.truth.shape
    begins = np.arange(count) * (steps + 1.0) - 0.5
    return [Part(f"sequence {i + 1}", begin, begin + steps) for i, begin in enumerate(begins.tolist())]


def sequence_ticks(predictions: SequencePredictions, most: int) -> list[tuple[float, str]]:
    """Return place and text of at most about `most` step numbers."""
    count, steps = predictions.truth.shape
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
