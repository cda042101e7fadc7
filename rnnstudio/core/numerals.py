"""How numbers are written in tables and as names of classes."""

from __future__ import annotations

import re

import numpy as np

DECIMAL_COMMA = re.compile(r"[-+]?\d+,\d+(?:[eE][-+]?\d+)?")
DECIMAL_POINT = re.compile(r"[-+]?\d+\.\d+(?:[eE][-+]?\d+)?")
THOUSANDS = re.compile(r"[-+]?\d{1,3},\d{3}")
NEARLY_A_NUMBER = re.compile(  # 1.101,00 or 10% or $10.00, but no date
    r"[-+]?[^\w\s]?\s*[-+]?(?:\d{1,3}(?:[.,'\s]\d{3})+|\d+)(?:[.,]\d+)?\s*[^\w\s]?"
)


def is_number(cell: str) -> bool:
    """Return whether a cell is a finite number."""
    try:
        return bool(np.isfinite(float(cell)))
    except ValueError:
        return False
