"""Whether this computer can show a window."""

from __future__ import annotations

import os
import sys


def has_display() -> bool:
    """Return whether Qt has a display; only on Linux there may be none."""
    if not sys.platform.startswith("linux"):
        return True
    return any(os.environ.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"))


def draw_without_display() -> None:
    """Make Qt draw in memory where there is no display; call before Qt starts."""
    if not has_display():
        os.environ["QT_QPA_PLATFORM"] = "offscreen"
