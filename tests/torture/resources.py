"""What a process uses, and how fast that grows."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray


def resident() -> int:
    """Return the bytes of memory that this process has (Linux)."""
    return int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1]) * os.sysconf("SC_PAGE_SIZE")


def own_memory() -> int:
    """Return the bytes of that memory which are no parts of files; the system takes those back when it needs them."""
    _, pages, of_files = map(int, Path("/proc/self/statm").read_text(encoding="ascii").split()[:3])
    return (pages - of_files) * os.sysconf("SC_PAGE_SIZE")


def per_unit(x: Sequence[float] | NDArray[np.float64], y: Sequence[float] | NDArray[np.float64]) -> float:
    """Return the slope of the line through points, by least squares."""
    return float(np.polyfit(x, y, 1)[0])
