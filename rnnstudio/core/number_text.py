"""Numbers and percentages in sentences."""

from __future__ import annotations


def number_text(value: float) -> str:
    """Return a number with four significant digits, without a power of ten up to a billion.

    >>> number_text(0.123456), number_text(12345.6)
    ('0.1235', '12,346')
    """
    return f"{value:,.0f}" if 1000 <= abs(value) < 1e9 else f"{value:.4g}"


def percent_text(share: float) -> str:
    """Return a share as a percentage; only exactly 0 and 1 become 0% and 100%.

    >>> percent_text(0.8394), percent_text(1.0), percent_text(0.99999)
    ('83.9%', '100%', '>99.9%')
    """
    text = f"{share:.1%}"
    if 0 < share < 1 and text in ("0.0%", "100.0%"):
        return "<0.1%" if share < 0.5 else ">99.9%"
    return f"{share:.0%}" if share in (0, 1) else text
