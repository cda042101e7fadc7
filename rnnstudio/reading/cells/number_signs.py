"""Signs beside numbers: of currencies, units and shares."""

from __future__ import annotations

import re

RATIO_SIGNS = ("%", "\N{PER MILLE SIGN}")  # which change the size of a number, so that all or none must have them
CURRENCIES = (  # those that contain another one first
    "US$", "R$", "A$", "C$", "HK$", "$", "€", "£", "¥", "₹", "￡", "￥", "₽", "₩", "₪", "₺", "₫", "₱", "円", "元",
    "\\",  # as which yen is stored in Japan
    "USD", "TEUR", "EUR", "Euro", "euro", "GBP", "CHF", "JPY", "CNY", "RMB", "INR", "BRL", "AUD", "CAD",
    "SEK", "NOK", "DKK", "PLN", "CZK", "HUF", "kr.", "kr", "zł", "Kč", "Ft", "Rs.", "Rs", "lei", "руб.",
)  # fmt: skip
SIGNS = (*RATIO_SIGNS, *CURRENCIES, "°C", "°F")
ANY_SIGN = re.compile(rf"(?:{'|'.join(map(re.escape, SIGNS))})(?![a-z])")
NO_CENTS = re.compile("(?<=[0-9])[.,](?:--?|[\N{EN DASH}\N{EM DASH}])(?![0-9])")  # as in 508.- and EUR 508,--
LIMITS = "<>≤≥~≈"  # in front of numbers that are not known exactly
DASHES = ("-", "--", "---", "\N{EN DASH}", "\N{EM DASH}")  # marks of missing values, which accountants write for zero


def unit_hint(cell: str, unit: str) -> str:
    """Return why a cell is no number of its column: it alone has or lacks a unit; else empty.

    >>> unit_hint("0.12", "%"), unit_hint("11%", ""), unit_hint("broken", "")
    (' The other numbers have a %.', ' The other numbers have no %.', '')
    >>> unit_hint("<1", ""), unit_hint("1.2 s", "ms")
    ('', ' The other numbers are in ms.')
    """
    own = next((sign for sign in RATIO_SIGNS if sign in cell), "")
    if not any(character.isdigit() for character in cell) or cell[0] in LIMITS:
        return ""
    if unit and unit not in RATIO_SIGNS:
        return f" The other numbers are in {unit}."
    if own == unit:
        return ""
    return f" The other numbers have a {unit}." if unit else f" The other numbers have no {own}."
