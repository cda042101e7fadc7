"""How numbers are written in tables and in the names of classes."""

from __future__ import annotations

import re

import numpy as np

NEARLY_A_NUMBER = re.compile(  # such as 1.101,00 or 10% or $10.00, but not a date
    r"[-+]?[^\w\s]?\s*[-+]?(?:\d{1,3}(?:[.,'\N{RIGHT SINGLE QUOTATION MARK}\s]\d{3})+|\d{1,2}(?:,\d{2})+,\d{3}|\d+|"
    r"(?=[.,]\d))(?:[.,]\d+)?\s*[^\w\s]?"
)


def is_number(cell: str) -> bool:
    """Return whether the text of a cell is a finite number.

    >>> is_number("1e3"), is_number("nan"), is_number("1,5"), is_number("1_000")
    (True, False, False, False)
    """
    if "_" in cell:
        return False  # Python reads 1_000 as a number
    try:
        return bool(np.isfinite(float(cell)))
    except ValueError:
        return False
