"""Numbers as text: four significant digits, powers of ten, percentages."""

from __future__ import annotations

import math

_SUPERSCRIPTS = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")


def number(value: float, digits: int = 4) -> str:
    """Return a number with `digits` significant digits, such as 0.0123, 12,345 or 3.2·10⁻⁷."""
    if not math.isfinite(value):
        return {math.inf: "∞", -math.inf: "−∞"}.get(value, "NaN")
    if value == 0 or 1e-3 <= abs(value) < 1e6:
        if abs(value) >= 10 ** (digits - 1):
            return f"{value:,.0f}".replace("-", "−")
        return f"{value:,.{digits}g}".replace("-", "−")
    mantissa, exponent = f"{value:.{digits - 1}e}".split("e")
    mantissa = mantissa.rstrip("0").rstrip(".") if "." in mantissa else mantissa
    power = "10" + str(int(exponent)).translate(_SUPERSCRIPTS)
    return power if mantissa == "1" else f"{mantissa}·{power}".replace("-", "−")


def percent(share: float, digits: int = 1) -> str:
    """Return a share of 0 to 1 as a percentage; only exactly 0 and 1 become 0 % and 100 %."""
    text = f"{100 * share:.{digits}f}"
    if 0 < share < 1 and text in (f"{0:.{digits}f}", f"{100:.{digits}f}"):
        smallest = 10.0**-digits
        text = f"<{smallest:g}" if share < 0.5 else f">{100 - smallest:.{digits}f}"
    elif share in (0, 1):
        text = f"{100 * share:.0f}"
    return f"{text}\u202f%"


def label_with_unit(name: str, unit: str) -> str:
    """Return the label of an axis, such as "acceleration (g)"; the unit alone if it contains the name."""
    return unit if unit and name in unit else f"{name} ({unit})" if unit else name
