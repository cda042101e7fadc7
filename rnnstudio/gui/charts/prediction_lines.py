"""Truth and predictions as lines over steps, of one series or of separate sequences."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rnnstudio.core.predictions import SequencePredictions, SeriesPredictions

Line = tuple[NDArray[Any], NDArray[Any]]  # rising positions and values, (n,) each; a NaN interrupts the line
NO_LINE: Line = (np.empty(0, np.int64), np.empty(0, np.float32))
_TICK_STEPS = (1, 2, 5, 10, 20, 25, 50, 100, 200, 500, 1000)


@dataclass(frozen=True)
class Span:
    """A named range of the horizontal axis."""

    name: str
    begin: float
    end: float


def series_lines(predictions: SeriesPredictions) -> dict[str, Line]:
    """Return the lines "truth", "one_step" and, where there are such predictions, "naive" and "free"."""
    positions, truth = predictions.one_step_at, predictions.truth
    lines = {
        "truth": (predictions.first + np.arange(len(truth)), truth),
        "one_step": _with_breaks(positions, predictions.one_step),
    }
    if predictions.naive is not None:
        lines["naive"] = _with_breaks(positions, predictions.naive)
    if predictions.free is not None and predictions.free_at is not None:
        lines["free"] = (predictions.free_at, predictions.free)
    return lines


def _with_breaks(positions: NDArray[Any], values: NDArray[Any]) -> Line:
    """Return a line with a NaN wherever positions are skipped, so that it is interrupted there."""
    distances = np.diff(positions)
    breaks = np.flatnonzero(distances > distances.min()) + 1 if len(distances) else np.empty(0, np.int64)
    with_nan = np.insert(values, breaks, np.nan)
    return np.insert(positions, breaks, positions[breaks - 1] + 1), with_nan


def series_spans(predictions: SeriesPredictions) -> list[Span]:
    """Return the training, validation and test sets of a series; empty ones are left out."""
    val, test = predictions.val_begin - 0.5, predictions.test_begin - 0.5
    begin = predictions.first
    end = begin + len(predictions.truth) - 0.5
    spans = (Span("training", begin, val), Span("validation", val, test), Span("test", test, end))
    return [span for span in spans if span.end > span.begin]


def sequence_lines(predictions: SequencePredictions, published: NDArray[np.float64]) -> dict[str, Line]:
    """Return the lines "inputs", "truth", "one_step" and, if its shape is that of the truth, "published".

    The sequences stand side by side, one step apart.

    Args:
        predictions: Predictions of separate sequences.
        published: Published predictions, `(rows, steps)`.
    """
    rows, steps = predictions.truth.shape
    values: dict[str, NDArray[Any]] = {
        "inputs": predictions.inputs,
        "truth": predictions.truth,
        "one_step": predictions.predicted,
    }
    if published.shape == (rows, steps):
        values["published"] = published
    positions = np.arange(rows * (steps + 1) - 1)
    separators = np.full((rows, 1), np.nan)
    return {name: (positions, np.hstack([array, separators]).ravel()[:-1]) for name, array in values.items()}


def sequence_spans(predictions: SequencePredictions) -> list[Span]:
    """Return the range of each sequence."""
    rows, steps = predictions.truth.shape
    begins = np.arange(rows) * (steps + 1.0) - 0.5
    return [Span(f"sequence {i + 1}", begin, begin + steps) for i, begin in enumerate(begins.tolist())]


def sequence_ticks(predictions: SequencePredictions, max_count: int) -> list[tuple[float, str]]:
    """Return positions and texts of about `max_count` step numbers, which count from 1 in each sequence."""
    rows, steps = predictions.truth.shape
    every = next((n for n in _TICK_STEPS if rows * steps <= max_count * n), _TICK_STEPS[-1])
    numbered = [step for step in range(1, steps + 1) if step == 1 or step % every == 0]
    return [(float(row * (steps + 1) + step - 1), f"{step:,}") for row in range(rows) for step in numbered]


def y_range(lines: Mapping[str, Line], left: float, right: float) -> tuple[float, float]:
    """Return the range of values to show: the truth, and predictions that leave the truth readable.

    Predictions further away from the truth than its own range are ignored.

    Args:
        lines: Lines by name, one of them "truth".
        left: First position to show.
        right: Last position to show.
    """
    visible = {name: y[(x >= left) & (x <= right) & np.isfinite(y)] for name, (x, y) in lines.items()}
    truth = visible["truth"]
    low, high = (float(truth.min()), float(truth.max())) if len(truth) else (0.0, 1.0)
    span = high - low or abs(high) or 1.0
    values = np.concatenate([y.astype(np.float64) for y in visible.values()])
    near = values[(values >= low - span) & (values <= high + span)]
    return (min(low, float(near.min())), max(high, float(near.max()))) if len(near) else (low, high)


def count_outside(lines: Mapping[str, Line], view: tuple[tuple[float, float], tuple[float, float]]) -> int:
    """Return how many values between left and right of the view are below or above it.

    Args:
        lines: Lines by name.
        view: `((left, right), (low, high))`.
    """
    (left, right), (low, high) = view
    count = 0
    for x, y in lines.values():
        values = y[(x >= left) & (x <= right)]
        count += int(np.count_nonzero((values < low) | (values > high)))
    return count


def values_at(lines: Mapping[str, Line], position: int) -> dict[str, float]:
    """Return the finite value of each line at a position; lines without one are left out."""
    values = {}
    for name, (x, y) in lines.items():
        here = y[x == position]
        if len(here) and np.isfinite(here[0]):
            values[name] = float(here[0])
    return values
