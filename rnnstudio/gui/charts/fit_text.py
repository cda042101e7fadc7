"""Names cut short so that they can still be told apart."""

from __future__ import annotations

import re

from PySide6.QtCore import Qt
from PySide6.QtGui import QFontMetricsF

_PARTS = re.compile(r"[_\s]+")


def fitted(name: str, room: float, metrics: QFontMetricsF) -> str:
    """Return a name, or what of it fits into `room` pixels: the last of its words is kept the longest."""
    if metrics.horizontalAdvance(name) <= room:
        return name
    *first, last = _PARTS.split(name.strip("_ "))
    short = " ".join([f"{word[:1]}." for word in first] + [last])
    return metrics.elidedText(short, Qt.TextElideMode.ElideRight, room)


def wrapped(name: str) -> list[str]:
    """Return a name in one line, or in two parted near its middle."""
    breaks = [i + 1 for i, letter in enumerate(name) if letter in "_ -/" and 0 < i < len(name) - 1]
    if not breaks or len(name) <= 6:
        return [name]
    at = min(breaks, key=lambda i: abs(i - len(name) / 2))
    return [name[:at].rstrip(), name[at:]]
