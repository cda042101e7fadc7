"""Signs beside numbers: of currencies, units and shares."""

from __future__ import annotations

RATIO_SIGNS = ("%", "\N{PER MILLE SIGN}")  # which change the size of a number, so that all or none must have them
SIGNS = (*RATIO_SIGNS, "$", "€", "£", "¥", "₹", "￡", "￥", "USD", "EUR", "GBP", "CHF", "JPY", "kr", "zł", "°C", "°F")
DASHES = ("-", "--", "---", "\N{EN DASH}", "\N{EM DASH}")  # marks of missing values, which accountants write for zero


def ratio_hint(cell: str, unit: str) -> str:
    """Return why a cell is no number of its column, where it alone has or lacks a percent sign; else empty.

    >>> ratio_hint("0.12", "%"), ratio_hint("11%", ""), ratio_hint("broken", "")
    (' The other numbers have a %.', ' The other numbers have no %.', '')
    """
    own = next((sign for sign in RATIO_SIGNS if sign in cell), "")
    if not any(character.isdigit() for character in cell) or own == unit:
        return ""
    if unit in RATIO_SIGNS:
        return f" The other numbers have a {unit}."
    return f" The other numbers have no {own}." if own else ""
