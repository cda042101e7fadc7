"""The margins of bands computed anew, value by value, without the code of the product."""

from __future__ import annotations

import math
from collections.abc import Sequence

MEMORY, RATE = 500, 0.01


def margin(errors: Sequence[float], outside: float, level: int) -> float:
    """Return the margin of one level from known errors; NaN where they are too few."""
    known = sorted(error for error in errors if not math.isnan(error))
    if len(known) * (100 - level) < level:
        return math.nan
    rank = math.ceil((len(known) + 1) * (1 - outside) - 1e-9)
    return known[min(max(rank, 1), len(known)) - 1]


def running(
    calibration: Sequence[float], errors: Sequence[float], origins: Sequence[int], step: int, level: int
) -> tuple[list[float], float]:
    """Return the margins of one level and step ahead at each origin, and after the last.

    Args:
        calibration: Errors before, in order of time.
        errors: The error of the target `step` rows after each origin; NaN where it is missing.
        origins: The last row that each forecast reads.
        step: Steps ahead, from 1.
        level: In percent.
    """
    wanted = 1 - level / 100
    outside, taken, margins = wanted, 0, []
    for origin in [*origins, math.inf]:
        before = taken
        while taken < len(margins) and origins[taken] + step <= origin:
            taken += 1
        change = sum(
            wanted - (errors[i] > margins[i])
            for i in range(before, taken)
            if not math.isnan(errors[i]) and not math.isnan(margins[i])
        )
        outside = min(max(outside + RATE * change, 0.0), 0.5)
        margins.append(margin([*calibration, *errors[:taken]][-MEMORY:], outside, level))
    return margins[:-1], margins[-1]
