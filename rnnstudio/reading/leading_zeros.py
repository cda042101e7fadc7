"""Whole numbers with leading zeros, such as 007: as names of series and classes they keep their zeros."""

from __future__ import annotations

from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from rnnstudio.reading.plain_numbers import any_of


def has_leading_zeros(cells: Any) -> bool:
    """Return whether a column of text holds only digits, some of them with a zero in front.

    >>> has_leading_zeros(pa.array(["007", "12"])), has_leading_zeros(pa.array(["0", "0.5", "12"]))
    (True, False)
    """
    if pa.types.is_floating(cells.type):
        return False
    zeros = cells.filter(pc.starts_with(cells, "0"))
    if not any_of(pc.match_substring_regex(zeros, "^0[0-9]")):
        return False
    return bool(pc.all(pc.match_substring_regex(cells, "^[0-9]+$"), min_count=0).as_py())


def names_of_numbers(cells: Any) -> tuple[dict[float, str], list[str]]:
    """Return how each number of such a column is written, and two texts of one number; there are no names then.

    >>> names_of_numbers(pa.array(["007", "12", "007"])), names_of_numbers(pa.array(["007", "7"]))
    (({7.0: '007', 12.0: '12'}, []), ({}, ['007', '7']))
    """
    names: dict[float, str] = {}
    for text in pc.unique(cells).to_pylist():
        if text is not None and names.setdefault(float(text), text) != text:
            return {}, [names[float(text)], str(text)]
    return names, []
