"""Positions and texts of the ticks on linear and logarithmic axes."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np

from rnnstudio.gui.charts.numbers import number

LABEL_HEIGHT = 26  # pixels of a vertical axis per numbered tick

Ticks = list[tuple[float, list[float]]]  # levels of (spacing, positions); spacing 0 means ticks without numbers


def linear_ticks(low: float, high: float, max_count: Callable[[float], float], min_step: float = 0.0) -> Ticks:
    """Return ticks at multiples of 1, 2 or 5 times a power of ten, as close as their numbers allow.

    Args:
        low: Lower end of the axis.
        high: Upper end of the axis.
        max_count: Returns how many numbers fit on the axis, given the step between them.
        min_step: Smallest step allowed; 1 gives whole numbers.
    """
    span = high - low
    if not (math.isfinite(span) and span > 0):
        return []
    power = 10.0 ** (math.floor(math.log10(span)) - 2)
    steps = [power * 10.0**k * m for k in range(5) for m in (1, 2, 5)]

    def positions(step: float) -> list[float]:
        return [i * step for i in range(math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9) + 1)]

    step = next(
        (s for s in steps if s >= min_step and len(positions(s)) <= max_count(s)),
        max(steps[-1], min_step),
    )
    return [(step, positions(step))]


def linear_texts(values: list[float], step: float) -> list[str]:
    """Return numbers with as many decimals as the step between them needs."""
    largest = max((abs(value) for value in values), default=0.0)
    if largest >= 1e7 or 0 < largest < 1e-3:
        texts = [number(float(f"{value:.6g}")) for value in values]
        if largest < 1e7 or len(set(texts)) == len(set(values)):
            return texts
    decimals = max(0, math.ceil(-math.log10(step) - 1e-9))
    return [f"{value + 0.0:,.{decimals}f}".replace("-", "−") for value in np.round(values, decimals)]


def log_ticks(low: float, high: float, length: float) -> Ticks:
    """Return the ticks of a logarithmic axis: numbered ones at round values, unnumbered ones at every digit.

    Args:
        low: Lower end of the axis, as the logarithm to base 10.
        high: Upper end of the axis, as the logarithm to base 10.
        length: Length of the axis in pixels.
    """
    max_count = max(2, int(length / LABEL_HEIGHT))
    decades = np.arange(math.floor(low), math.ceil(high) + 1)
    digits = (decades[:, None] + np.log10(np.arange(1, 10))).ravel()
    inside = digits[(digits >= low) & (digits <= high)]
    powers = inside[np.isclose(inside, np.round(inside))]
    if len(powers) >= 3:
        every = -(-len(powers) // max_count)
        numbered = powers[np.round(powers).astype(int) % every == 0]
        return [(1.0, numbered.tolist()), (0.0, (inside if high - low < 12 else powers).tolist())]
    leading = np.round(10 ** (inside - np.floor(inside + 1e-9)))
    for choice in (range(1, 10), (1, 2, 5), (1, 3), (1,)):
        numbered = inside[np.isin(leading, choice)]
        distance = np.diff(numbered).min(initial=np.inf) * length / (high - low)
        min_count = 2 if choice == (1,) else 3
        if min_count <= len(numbered) <= max_count and distance >= LABEL_HEIGHT / 2:
            return [(1.0, numbered.tolist()), (0.0, inside.tolist())]
    linear = linear_ticks(10.0**low, 10.0**high, lambda step: max_count + 1)
    numbered = [math.log10(value) for _, values in linear for value in values if value > 0]
    return [(1.0, apart(numbered, LABEL_HEIGHT / 2 * (high - low) / length))]


def apart(positions: list[float], distance: float) -> list[float]:
    """Return the positions, from the first one, that are at least this distance from the one before."""
    kept: list[float] = []
    for position in positions:
        if not kept or position - kept[-1] >= distance:
            kept.append(position)
    return kept
