"""Fonts of plots, and class names shortened or split into two lines."""

from __future__ import annotations

import re

from PySide6.QtCore import Qt
from PySide6.QtGui import QFont, QFontMetricsF
from PySide6.QtWidgets import QApplication

_SEPARATORS = re.compile(r"[_\s]+")
_MAX_ONE_LINE = 6  # letters of a name that is never split
_MIN_POINTS = 7.5
_MAX_LINES = 3  # of a label


def small_font() -> QFont:
    """Return the font of axes and legends: the application's font at 90 % of its size."""
    font = QFont(QApplication.font())
    font.setPointSizeF(max(_MIN_POINTS, font.pointSizeF() * 0.9))
    return font


def bold_font() -> QFont:
    """Return `small_font` in bold."""
    font = small_font()
    font.setBold(True)
    return font


def shorten(name: str, width: float, metrics: QFontMetricsF) -> str:
    """Return a name shortened to `width` pixels.

    All words but the last are reduced to initials first, because class names often differ in their last word.
    """
    if metrics.horizontalAdvance(name) <= width:
        return name
    *first, last = _SEPARATORS.split(name.strip("_ "))
    initials = " ".join([f"{word[:1]}." for word in first] + [last])
    return metrics.elidedText(initials, Qt.TextElideMode.ElideRight, width)


def split_name(name: str) -> list[str]:
    """Return a name as one line, or as two lines split at the separator nearest to its middle."""
    breaks = [i + 1 for i, letter in enumerate(name) if letter in "_ -/" and 0 < i < len(name) - 1]
    if not breaks or len(name) <= _MAX_ONE_LINE:
        return [name]
    middle = min(breaks, key=lambda i: abs(i - len(name) / 2))
    return [name[:middle].rstrip(), name[middle:]]


def broken_into_lines(text: str, width: float, metrics: QFontMetricsF) -> list[str]:
    """Return a label as few lines of at most `width` pixels, at most three; a unit in parentheses gets its own line.

    The last line is elided where three do not hold the label, and so is a word that is longer than a line.
    """
    if metrics.horizontalAdvance(text) <= width:
        return [text]
    name, _, unit = text.rpartition(" (")
    if name and all(metrics.horizontalAdvance(part) <= width for part in (name, f"({unit}")):
        return [name, f"({unit}"]
    lines = [""]
    for word in text.split(" "):
        longer = f"{lines[-1]} {word}".strip()
        if lines[-1] and metrics.horizontalAdvance(longer) > width and len(lines) < _MAX_LINES:
            lines.append(word)
        else:
            lines[-1] = longer
    return [metrics.elidedText(line, Qt.TextElideMode.ElideRight, width) for line in lines]
