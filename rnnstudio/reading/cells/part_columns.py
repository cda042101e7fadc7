"""Columns of parts of times: year, month, day, hour and so on."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rnnstudio.reading.cells.column import Column
from rnnstudio.reading.times.month_names import MONTH_NUMBERS
from rnnstudio.reading.times.time_parts import Stamps, centuries, stamps_of_parts

_PARTS = {  # by their letter in time_patterns
    "y": re.compile(r"years?|yr|yyyy|jahr|ann[ée]e|anno|año|ano", re.IGNORECASE),
    "q": re.compile(r"quarters?|qtr|q|quartal|trimest(?:re|er)", re.IGNORECASE),
    "n": re.compile(r"months?|mon|mo|mm|monat|mois|mese|m[eê]s|måned|månad|maand|miesiąc|měsíc", re.IGNORECASE),
    "w": re.compile(r"weeks?|wk|woche|kw|semaine|semana", re.IGNORECASE),
    "j": re.compile(r"doy|day[ _]?of[ _]?(?:the[ _]?)?year|yearday|yday|jday|julian(?:[ _]day)?", re.IGNORECASE),
    "d": re.compile(r"days?|dy|dd|tag|jour|giorno|d[ií]a|mday", re.IGNORECASE),
    "H": re.compile(r"hours?|hr|hh|stunde|std|kl|heure|ora|hora", re.IGNORECASE),
    "M": re.compile(r"minutes?|min|mi", re.IGNORECASE),
    "S": re.compile(r"seconds?|sec|ss|sekunde", re.IGNORECASE),
}
_WORDS = {
    "y": "year", "q": "quarter", "n": "month", "w": "week", "j": "day of the year", "d": "day", "H": "hour",
    "M": "minute", "S": "second",
}  # fmt: skip
_ORDERS = ("yndHMS", "yjHMS", "yq", "yw")
_LARGEST = 10**14
_PERIOD, _MONTH_CODE = re.compile("period[eo]?", re.IGNORECASE), re.compile("[MP](?:0[1-9]|1[0-2])")
_QUARTER = re.compile("Q[1-4]", re.IGNORECASE)


def is_part(name: str, part: str) -> bool:
    """Return whether a column is called a part of a time, by its letter in `time_patterns`.

    >>> is_part("Stunde", "H"), is_part("Stunden", "H")
    (True, False)
    """
    return _PARTS[part].fullmatch(name.strip()) is not None


def times_of_parts(columns: Mapping[str, Column]) -> tuple[tuple[str, ...], Stamps, str] | None:
    """Return the columns year, month, day, hour and so on of a table, their times and what they hold; None for none."""
    for order in _ORDERS:
        found: dict[str, str] = {}
        values: dict[str, Any] = {}
        for part in order:
            named = {n: w for n, c in columns.items() if is_part(n, part) and (w := whole_numbers(c, part)) is not None}
            named = named or (_month_codes(columns) if part == "n" else {})
            if not named:
                break
            found[part], values[part] = next(iter(named.items()))
        if len(found) < 2 or (order.startswith("yj") and "j" not in found):
            continue
        if (values["y"] < 100).all():
            values["y"] = centuries(values["y"])
        stamps = stamps_of_parts(values, len(values["y"]))
        if not np.isnat(stamps).any():
            return tuple(found.values()), stamps, ", ".join(_WORDS[part] for part in found)
    return None


def _month_codes(columns: Mapping[str, Column]) -> dict[str, NDArray[np.int64]]:
    """Return the months of columns of periods whose cells are M01 to M12 or P01 to P12."""
    found: dict[str, NDArray[np.int64]] = {}
    for name, column in columns.items():
        if _PERIOD.fullmatch(name.strip()) and column.account.kind == "text" and len(column.values):
            distinct, codes = np.unique(column.values.astype(str), return_inverse=True)
            if all(map(_MONTH_CODE.fullmatch, distinct)):
                found[name] = np.array([int(cell[1:]) for cell in distinct], np.int64)[codes]
    return found


def whole_numbers(column: Column, part: str) -> NDArray[np.int64] | None:
    """Return the whole numbers of a column without missing cells; those of months by name."""
    values = column.values
    if column.account.kind == "text" and part == "q" and len(values):
        quarters, codes = np.unique(values.astype(str), return_inverse=True)
        if not all(map(_QUARTER.fullmatch, quarters)):
            return None
        return np.array([int(quarter[-1]) for quarter in quarters], np.int64)[codes]
    if column.account.kind == "text" and part == "n" and len(values):
        distinct, codes = np.unique(np.array([str(cell).lower().rstrip(".") for cell in values]), return_inverse=True)
        numbers = np.array([MONTH_NUMBERS.get(str(cell), 0) for cell in distinct], np.int64)
        return numbers[codes] if numbers.all() else None
    if column.account.kind not in ("number", "index") or values.dtype.kind != "f" or column.unread:
        return None
    if not np.isfinite(values).all() or (values != np.round(values)).any() or (np.abs(values) > _LARGEST).any():
        return None
    whole: NDArray[np.int64] = values.astype(np.int64)
    return whole
